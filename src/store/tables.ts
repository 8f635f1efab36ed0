// Row types of every table, as migrations/ leaves them. `Ms` is ms UTC; `Flag` is 0 or 1; `Json` is JSON text; `Decimal` is exact decimal text.
import type { Generated } from 'kysely';

type Ms = number;
type Flag = 0 | 1;
type Json = string;
type Decimal = string;
type Time = string | Date;

export interface Tables {
  // Accounts: better-auth's own tables, created by our migrations; a test compares them with what it expects. It writes them
  // itself, and differently: on SQLite times are ISO text and flags 0/1, on Postgres timestamps and booleans.
  user: { id: string; name: string; email: string; emailVerified: Flag | boolean; image: string | null; createdAt: Time; updatedAt: Time };
  session: { id: string; expiresAt: Time; token: string; createdAt: Time; updatedAt: Time; ipAddress: string | null; userAgent: string | null; userId: string };
  account: { id: string; accountId: string; providerId: string; userId: string; accessToken: string | null; refreshToken: string | null; idToken: string | null; accessTokenExpiresAt: Time | null; refreshTokenExpiresAt: Time | null; scope: string | null; password: string | null; createdAt: Time; updatedAt: Time };
  verification: { id: string; identifier: string; value: string; expiresAt: Time; createdAt: Time; updatedAt: Time };
  rateLimit: { id: string; key: string; count: number; lastRequest: number };

  setting: { name: string; value: Json };
  /** Failures per account, address or form within a window that began at `since`. */
  attempt: { key: string; count: number; since: Ms };
  member: { id: string; user_id: string; role: string; created_at: Ms };
  /** Invitations of members (consumer_id null) and of developers. The token is stored as its SHA-256. */
  invitation: { id: string; token_hash: string; email: string; consumer_id: string | null; role: string | null; invited_by: string; created_at: Ms; expires_at: Ms; accepted_at: Ms | null };

  consumer: { id: string; name: string; origin: 'sign-up' | 'command' | 'import' | 'invitation'; created_at: Ms; blocked_at: Ms | null; verified_at: Ms | null; first_success_at: Ms | null; first_live_success_at: Ms | null; first_key_at: Ms | null };
  developer: { id: string; consumer_id: string; user_id: string | null; email: string; created_at: Ms; removed_at: Ms | null; /** Whether notices reach this developer by mail too. */ mail_notices: Generated<Flag> };
  activity: { id: string; consumer_id: string | null; at: Ms; actor: string; kind: string; subject: string | null; detail: Json };

  /** `removed_at`: a removed product with history keeps its row, and lives again when its slug does. */
  product: { id: string; slug: string; name: string; description: string; layer: string | null; owner: string | null; access: 'public' | 'private'; position: number; upstream: string; test_upstream: string | null; config: Json; created_at: Ms; updated_at: Ms; removed_at: Ms | null };
  /** `config` of a version holds dates and successor; `fingerprint` is the SHA-256 of its document, hex; `source_hash` is of the files it came from. */
  version: { id: string; product_id: string; name: string; status: 'draft' | 'published' | 'deprecated' | 'retired'; position: number; title: string; openapi: string; fingerprint: string; source_hash: string; source: string; /** In place of the product's. */ upstream: string | null; deprecated_at: Ms | null; sunset_at: Ms | null; successor: string | null; published_at: Ms; updated_at: Ms };
  /** One row per operation of a version, in document order. `example` is the answer of test mode: { status, contentType, body }. */
  operation: { version_id: string; position: number; operation: string; slug: string; method: string; path: string; summary: string; tag: string | null; deprecated: Flag; enum_parameters: Json; example: Json | null };
  plan: { id: string; product_id: string; slug: string; name: string; position: number; access: 'public' | 'approval' | 'private'; is_default: Flag; current_revision_id: string; archived_at: Ms | null; created_at: Ms };
  plan_revision: { id: string; plan_id: string; number: number; config: Json; created_at: Ms };
  subscription: { id: string; consumer_id: string; product_id: string; plan_id: string; plan_revision_id: string; state: 'active' | 'pending' | 'paused' | 'ended'; anchor_at: Ms; created_at: Ms; ended_at: Ms | null; /** An approval plan that it waits for beside its present one. */ requested_plan_id: Generated<string | null>;
    /** Null without a trial; the anchor is its UTC day. */ trial_ends_at: Generated<Ms | null>;
    /** What it moves to at the end of the period: a plan, at the prices that were shown when it was chosen. */ scheduled_plan_id: Generated<string | null>; scheduled_plan_revision_id: Generated<string | null>;
    /** A revision of its own plan that the producer moves it to, at the first end of a period at or after `scheduled_at` (null: the next end). */ scheduled_revision_id: Generated<string | null>; scheduled_at: Generated<Ms | null>;
    cancel_at_period_end: Generated<Flag>;
    /** The most that the consumer wants to spend in a period, in the plan's currency; null: no cap. */ spend_cap: Generated<Decimal | null>;
    /** Shares of the cap, in per cent, that the consumer is told of: a JSON list of 50, 80 and 100, or of fewer. */ spend_alerts: Generated<Json> };
  /** A stretch of a subscription on one revision of a plan; the last is open. Cut at the moment of the change. */
  subscription_phase: { id: string; subscription_id: string; plan_revision_id: string; from_at: Ms; to_at: Ms | null; reason: 'start' | 'upgrade' | 'downgrade' | 'revision' | 'moved' };
  /** Half-open, at UTC midnights of the anchor's day. `open` until the clock has passed its end, `ended` until it is billed. `invoice_id` is null where nothing was to be paid. */
  billing_period: { id: string; subscription_id: string; kind: 'trial' | 'regular'; from_at: Ms; to_at: Ms; state: 'open' | 'ended' | 'billed'; invoice_id: string | null; billed_at: Ms | null };
  /** What has been billed of a period, by priced meter, late usage included. */
  billed_usage: { period_id: string; meter: string; quantity: Decimal };

  /** Amounts have exactly the digits of the currency's minor unit. `due` is `total` less `credit`. `seller` and `buyer` are as they were when it was made: { name, address, country, taxId, email }. `number` is given by the finalising transaction. */
  invoice: {
    id: string; number: string | null; kind: 'invoice' | 'credit-note'; state: 'draft' | 'finalised' | 'paid' | 'void'; consumer_id: string; subscription_id: string | null; period_id: string | null; corrects_invoice_id: string | null; currency: string;
    subtotal: Decimal; tax_name: string | null; tax_percent: Decimal | null; tax: Decimal; total: Decimal; credit: Decimal; due: Decimal; seller: Json; buyer: Json;
    created_at: Ms; finalised_at: Ms | null; due_at: Ms | null; paid_at: Ms | null; voided_at: Ms | null; payment_state: 'none' | 'pending' | 'processing' | 'failed' | 'paid' | 'uncollectible' };
  /** `period_id` names another period than the invoice's own for late usage. `detail` says how it came about. */
  invoice_line: { invoice_id: string; position: number; kind: 'fee' | 'proration' | 'usage' | 'late-usage' | 'coupon' | 'reversal'; description: string; meter: string | null; quantity: Decimal; unit_price: Decimal; amount: Decimal; from_at: Ms; to_at: Ms; period_id: string | null; detail: Json };
  /** Whom invoices are made out to. `country` is ISO 3166-1 alpha-2, upper case. */
  billing_account: { consumer_id: string; name: string; address: string; country: string | null; email: string | null; tax_id: string | null; tax_exempt: Flag; updated_at: Ms };
  tax_rate: { country: string; name: string; percent: Decimal };
  credit_grant: { id: string; consumer_id: string; currency: string; amount: Decimal; remaining: Decimal; reason: string; granted_at: Ms; granted_by: string; expires_at: Ms | null };
  credit_use: { grant_id: string; invoice_id: string; amount: Decimal; at: Ms };
  /** Either `percent`, or `amount` in `currency`. `periods`: how many it holds for; null: for all. */
  coupon: { id: string; code: string; product_id: string | null; percent: Decimal | null; amount: Decimal | null; currency: string | null; periods: number | null; redemptions_max: number | null; redeemed: number; expires_at: Ms | null; created_at: Ms; created_by: string; archived_at: Ms | null };
  coupon_redemption: { id: string; coupon_id: string; subscription_id: string; at: Ms; periods_left: number | null };
  /** A page that a developer shows to whoever decides. The token is stored as its SHA-256. */
  upgrade_case: { id: string; token_hash: string; subscription_id: string; developer_id: string; message: string; created_at: Ms; expires_at: Ms; revoked_at: Ms | null; approved_at: Ms | null; approved_by: string | null };
  /** `method` is the provider's name of how they pay, `method_label` what people call it. */
  payment_customer: { consumer_id: string; provider: string; reference: string; method: string | null; method_label: Generated<string | null>; updated_at: Ms };
  /** Below zero it is paid back, of the payment `refunds_id` where a provider collected that. */
  payment: { id: string; invoice_id: string; refunds_id: Generated<string | null>; provider: string; reference: string | null; state: 'pending' | 'processing' | 'succeeded' | 'failed' | 'cancelled'; amount: Decimal; attempts: number; next_attempt_at: Ms | null; error: string | null; url: string | null; created_at: Ms; updated_at: Ms };
  /** What a payment provider reported, once by its id. */
  webhook_event: { provider: string; id: string; type: string; occurred_at: Ms; received_at: Ms; processed_at: Ms | null; attempts: number; next_attempt_at: Ms | null; error: string | null; payload: Json };

  key: { id: string; consumer_id: string; developer_id: string; name: string; mode: 'live' | 'test'; origin: 'own' | 'try-it' | 'sample'; hash: string; masked: string; scopes: Json | null; addresses: Json | null; created_at: Ms; expires_at: Ms | null; revoked_at: Ms | null; revoked_by: string | null; replaced_by: string | null; last_used_at: Ms | null };
  key_subscription: { key_id: string; subscription_id: string };
  /** Ordered change log of credentials: `seq` grows; the gateway applies the present state of the key it names. */
  credential_change: { seq: Generated<number>; key_id: string; at: Ms };

  /** The ledger: quantity per subscription, meter, operation, version, mode and hour. Meters: `requests`, `successes`, `bytes`, and the product's own. */
  usage: { subscription_id: string; meter: string; operation: string; version: string; mode: 'live' | 'test'; hour: Ms; quantity: Decimal };
  /** The ledger's live rows by billing month, kept in its own transactions: from the day of the subscription's anchor, whatever its plan's interval. `sums`: quantity by meter, a number where it is whole and safe, else exact decimal text. */
  usage_month: { subscription_id: string; from_at: Ms; sums: Json };
  /** What the ledger has read of the spool, committed with it. `finished` once the segment is read to its end. */
  spool_position: { segment: string; offset: number; finished: Flag; corrupt_records: number; updated_at: Ms };

  /** Files of the portal's own: logo and fonts. `content` is base64; `hash` is SHA-256 of the bytes, hex; `source` the path as written. */
  asset: { name: string; media_type: string; content: string; hash: string; source: string };
  /** A guide of a product, or a page of the portal itself (product_id null). */
  article: { id: string; product_id: string | null; slug: string; title: string; description: string; position: number; source: string; markdown: string; updated_at: Ms };
  /** A version's bundled OpenAPI document. */
  version_document: { version_id: string; json: Json };
  /** A version's document in pieces that a reference page can read one by one: each path item and each component by its JSON pointer, and the rest under ''. */
  document_part: { version_id: string; pointer: string; json: Json };
  /** What search loads: one index per version, per product's guides, and for the portal. `hash` is of what it was built from. */
  search_index: { scope: string; product_id: string | null; hash: string; json: Json };
  /** The last time that an operation's sample was sent to the test upstream, and the last time that it worked. `answer` is { status, headers, body }. */
  sample_run: { version_id: string; operation: string; at: Ms; worked: Flag; worked_at: Ms | null; status: number | null; duration_us: number | null; reason: string | null; answer: Json | null };
  page_feedback: { id: string; at: Ms; path: string; helpful: Flag; comment: string | null; product_id: string | null; developer_id: string | null };

  /** What a consumer should know. The same `occasion` is told once. */
  notice: { id: string; consumer_id: string; at: Ms; kind: string; occasion: string; detail: Json; read_at: Ms | null; /** When mails about it were posted, or that there are none to post; null while it waits. */ mailed_at: Ms | null };
  /** Who may see a private product without a subscription: accounts whose developer has this verified address. */
  product_invitation: { id: string; product_id: string; email: string; invited_by: string; created_at: Ms };
  /** Whom another issuer of tokens names, and the key that stands for it. */
  token_binding: { id: string; issuer: string; subject: string; key_id: string; created_at: Ms; created_by: string };
  /** Every change: who, what, before and after. `noun` and `subject` name the row, `name` is what people call it. */
  audit_entry: { id: string; at: Ms; actor: string; actor_kind: string; action: string; noun: string; subject: string | null; name: string; before: Json | null; after: Json | null };

  /** What the producer's own files teach; what Portico brings along is not here. `hash` is of `json`. */
  learn_term: { id: string; position: number; json: Json; hash: string; updated_at: Ms };
  learn_set: { id: string; position: number; json: Json; hash: string; updated_at: Ms };
  /** A developer's last answer to a question, or a task that is done; `fingerprint` says to which wording. `done_at` null: to be answered again. `tries` counts how often it was taken up again. The first answer stays. */
  learn_progress: { developer_id: string; set_id: string; item_id: string; fingerprint: string; tries: number; choice: number | null; done_at: Ms | null; first_choice: number | null; first_right: Flag; first_at: Ms; right: Flag };
  /** `finished_at`: when everything in the set was done for the first time. */
  learn_start: { developer_id: string; set_id: string; started_at: Ms; finished_at: Ms | null };
  /** Refusals of calls without a valid key, from the address at which this consumer had a guided exercise open. */
  learn_refusal: { request_id: string; consumer_id: string; at: Ms; product_slug: string | null; operation: string | null; status: number; code: string };

  mail: { id: string; to: string; subject: string; text: string; html: string; created_at: Ms; sent_at: Ms | null; error: string | null; attempts: Generated<number>; next_attempt_at: Ms | null };
  schema_migration: { number: number; name: string; applied_at: Ms };
}
