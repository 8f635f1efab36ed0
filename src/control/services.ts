// What control offers to its callers: the management API, the portal and the workspace. One interface per noun; each folder
// beside this file implements its own. Every method checks the actor's rights itself and throws AppError.
import type { CallHint } from '../domain/call-hint.ts';
import type { FooterLink, PlanConfig, PorticoConfig, ProductConfig } from '../domain/config.ts';
import type { Limit } from '../domain/limit.ts';
import type { Mode } from '../domain/key.ts';
import type { CallOrigin, RequestEvent } from '../domain/request-event.ts';
import type { OperationReference } from '../contract/operation-reference.ts';
import type { SchemaNode } from '../contract/schema-tree.ts';
import type { ErrorPlace } from '../errors.ts';
import type { Right } from './rights.ts';

export type { Right };

export type Role = 'owner' | 'product-manager' | 'engineer' | 'support' | 'viewer';

/** Who acts. A person may be member and developer at once; each call names in which capacity. */
export type Actor =
  | { kind: 'admin-token' }
  | { kind: 'system' }
  | { kind: 'member'; memberId: string; email: string; role: Role }
  | { kind: 'developer'; developerId: string; consumerId: string; email: string; verified: boolean; /** The member who looks at the portal as this developer: reads, changes nothing. */ viewedBy?: string };

export interface Services {
  accounts: Accounts;
  products: Products;
  reference: Reference;
  plans: Plans;
  consumers: Consumers;
  keys: Keys;
  usage: Usage;
  requests: Requests;
  notices: Notices;
  adoption: Adoption;
  configuration: Configuration;
  content: Content;
  audit: Audit;
  viewing: Viewing;
  operations: OperationsService;
  mail: Mail;
  search: Search;
  documentation: Documentation;
  feedback: Feedback;
}

// ---------------------------------------------------------------- accounts

/** The person behind a session, with each capacity that they have. */
export interface Person {
  userId: string;
  email: string;
  name: string;
  verified: boolean;
  /** `rights` names what the role may change; pages show a button only to who may press it. */
  member: { memberId: string; role: Role; rights: Right[] } | null;
  developer: { developerId: string; consumerId: string; consumerName: string; blocked: boolean } | null;
}

export interface Accounts {
  /** better-auth's own HTTP endpoints, mounted at /api/auth/*. */
  handle(request: Request): Promise<Response>;
  /** Undefined without a valid session cookie. */
  findPerson(headers: Headers): Promise<Person | undefined>;
  /** Each returns the response headers (Set-Cookie) that the page must pass on. They work from plain form posts. */
  signUp(input: { email: string; password: string; name?: string; next?: string }, request: Request): Promise<{ headers: Headers; person: Person }>;
  signIn(input: { email: string; password: string }, request: Request): Promise<{ headers: Headers }>;
  signOut(request: Request): Promise<{ headers: Headers }>;
  sendMagicLink(input: { email: string; next: string }, request: Request): Promise<void>;
  sendVerification(input: { email: string }, request: Request): Promise<void>;
  verifyEmail(input: { token: string }, request: Request): Promise<{ headers: Headers }>;
  consumeMagicLink(input: { token: string }, request: Request): Promise<{ headers: Headers }>;
  requestPasswordReset(input: { email: string }, request: Request): Promise<void>;
  resetPassword(input: { token: string; password: string }, request: Request): Promise<void>;
  /** For somebody who is signed in and belongs to no consumer: makes one of their own, subscribed as sign-up does. */
  startConsumer(userId: string): Promise<Person>;
  /** The one-time link that makes the first owner: valid until used. Undefined once an owner exists. */
  firstOwnerLink(): Promise<string | undefined>;
  acceptFirstOwner(input: { token: string; email: string; password: string; name?: string }, request: Request): Promise<{ headers: Headers }>;
  findInvitation(token: string): Promise<{ email: string; kind: 'member' | 'developer'; name: string; invitedBy: string } | undefined>;
  acceptInvitation(input: { token: string; password: string; name?: string }, request: Request): Promise<{ headers: Headers }>;
  listMembers(actor: Actor): Promise<{ id: string; email: string; name: string; role: Role; createdAt: number }[]>;
  inviteMember(actor: Actor, input: { email: string; role: Role }): Promise<{ link: string; expiresAt: number }>;
  setMemberRole(actor: Actor, input: { memberId: string; role: Role }): Promise<void>;
  removeMember(actor: Actor, input: { memberId: string }): Promise<void>;
  /** Invitations of members that are open, newest first; at most 200. */
  listInvitations(actor: Actor): Promise<{ id: string; email: string; role: Role; invitedBy: string; createdAt: number; expiresAt: number }[]>;
  /** A new link and a new letter; the earlier link stops working. */
  resendInvitation(actor: Actor, input: { invitationId: string }): Promise<{ email: string; link: string; expiresAt: number }>;
  /** What each role may change. */
  listRoles(actor: Actor): Promise<{ role: Role; rights: Right[] }[]>;
  /** Of whoever is signed in. */
  changeName(input: { name: string }, request: Request): Promise<void>;
  /** Of whoever is signed in; every other session of theirs ends. Answers the new session's cookies. */
  changePassword(input: { current: string; password: string }, request: Request): Promise<{ headers: Headers }>;
}

// ---------------------------------------------------------------- products, versions, operations

export interface ProductSummary {
  id: string; slug: string; name: string; description: string; layer: string | null; access: 'public' | 'private';
  testMode: boolean;
  versions: VersionSummary[];
  /** The newest published version's name, or null. */
  currentVersion: string | null;
}
export interface VersionSummary {
  id: string; name: string; status: 'draft' | 'published' | 'deprecated' | 'retired'; title: string; openapi: string;
  operationCount: number; deprecatedAt: number | null; sunsetAt: number | null; successor: string | null; publishedAt: number;
}
export interface OperationSummary {
  operation: string; slug: string; method: string; path: string; summary: string; tag: string | null; deprecated: boolean;
}
/** One operation, ready to render: every $ref in reach resolved except recursion, which ends in `{ $ref }`. */
export interface OperationPage {
  operation: OperationSummary; description: string; parameters: OperationParameter[];
  requestBody: { required: boolean; description: string; content: OperationContent[] } | null;
  responses: { status: string; description: string; content: OperationContent[] }[];
  previous: OperationSummary | null; next: OperationSummary | null;
  /** A request that should succeed, from the document's examples. `path` is filled in, with its query. */
  sample: { method: string; path: string; headers: Record<string, string>; body: string | null };
}
export interface OperationParameter { name: string; in: 'path' | 'query' | 'header' | 'cookie'; required: boolean; deprecated: boolean; description: string; schema: unknown; example: unknown }
export interface OperationContent { mediaType: string; schema: unknown; example: unknown }

export interface ProductPage extends ProductSummary {
  /** What one can build with it, a line each. */
  highlights: string[];
  guides: ArticleSummary[];
  plans: PlanSummary[];
  /** Address that calls start with, per version name. */
  baseUrls: Record<string, string>;
  /** First GET of the current version that needs no input the sample lacks. Null without a published version. */
  quickstart: { version: string; operation: OperationSummary; sample: OperationPage['sample'] } | null;
}

/** Who may see a private product without subscribing to it. `accounts` are the consumers that this address opened it to; empty until somebody signs up with it and proves it. */
export interface ProductInvitation { id: string; email: string; invitedBy: string; createdAt: number; accounts: { id: string; name: string }[] }
/** What the workspace may edit of a product beside its versions and plans. */
export interface ProductEdit { name?: string; description?: string; upstream?: string; /** An address, `examples`, or null for no test mode. */ testUpstream?: string | null; access?: 'public' | 'private' }
export interface ProductFacts { slug: string; name: string; description: string; upstream: string; testUpstream: string | null; access: 'public' | 'private'; owner: string | null; minimumNoticeDays: number | null; createdAt: number; updatedAt: number; /** Not ended. */ subscriptions: number }
/** `calls` are those of the last 30 days, live and test. */
export interface VersionCaller { consumerId: string; name: string; calls: string }
/** Whether something answers at an address now. `status` is that of its HTTP answer, null when the connection failed and `detail` says why. */
export interface UpstreamCheck { address: string; use: string; reachable: boolean; status: number | null; durationMs: number; detail: string; at: number }
/** What replacing a version's document would do, by operation. `changes` of a changed one are in words. */
export interface DocumentComparison {
  problems: ErrorPlace[];
  added: OperationSummary[]; removed: OperationSummary[]; changed: { operation: OperationSummary; changes: string[] }[]; unchanged: number;
}
export interface VersionEdit { status: 'draft' | 'published' | 'deprecated' | 'retired'; /** UTC dates such as `2026-09-01`. */ deprecated?: string | null; sunset?: string | null; successor?: string | null }

export interface Products {
  /** Those that the actor may see; undefined is a stranger, who sees public ones. */
  list(actor: Actor | undefined): Promise<ProductSummary[]>;
  get(actor: Actor | undefined, slug: string): Promise<ProductPage>;
  listOperations(actor: Actor | undefined, slug: string, version: string): Promise<OperationSummary[]>;
  getOperation(actor: Actor | undefined, slug: string, version: string, operationSlug: string): Promise<OperationPage>;
  /** The bundled OpenAPI document. */
  getDocument(actor: Actor | undefined, slug: string, version: string): Promise<unknown>;
  /** Publishes from an uploaded document. A new product gets one default plan `free`. With `dryRun` it changes nothing, and answers problems (and then no product) instead of throwing. */
  publish(actor: Actor, input: { slug: string; name?: string; upstream?: string; version: string; fileName: string; text: string; /** Members see it in the portal, nobody calls it. Only for a version that is new or a draft. */ draft?: boolean; dryRun?: boolean }): Promise<{ product: ProductSummary | null; problems: ErrorPlace[] }>;
  /** Shows what a document holds without changing anything. */
  inspectDocument(actor: Actor, input: { fileName: string; text: string }): Promise<{ title: string; version: string; openapi: string; operations: OperationSummary[]; servers: string[]; problems: ErrorPlace[] }>;
  /** Of the producer's side: what the portal does not show. */
  facts(actor: Actor, slug: string): Promise<ProductFacts>;
  /** A product without any version yet; it has a default plan `free`. @throws AppError `conflict` when the slug is taken. */
  create(actor: Actor, input: { slug: string; name?: string; description?: string; upstream: string; access?: 'public' | 'private' }): Promise<ProductSummary>;
  edit(actor: Actor, input: { slug: string } & ProductEdit): Promise<ProductFacts>;
  /** @throws AppError `has_subscriptions` while there are any. */
  remove(actor: Actor, input: { slug: string }): Promise<void>;
  /** Publishes a draft, deprecates with dates, retires. The rules of portico.yaml hold. */
  editVersion(actor: Actor, input: { slug: string; version: string } & VersionEdit): Promise<VersionSummary>;
  /** Only a draft: what was published once is retired instead. @throws AppError `conflict`. */
  discardDraft(actor: Actor, input: { slug: string; version: string }): Promise<void>;
  compareDocument(actor: Actor, input: { slug: string; version: string; fileName: string; text: string }): Promise<DocumentComparison>;
  /** Most calls first, at most 50; `total` counts all. */
  listCallers(actor: Actor, input: { slug: string; version: string }): Promise<{ callers: VersionCaller[]; total: number }>;
  /** Connects to the upstream, the test upstream and those of versions, now. */
  checkUpstream(actor: Actor, input: { slug: string }): Promise<UpstreamCheck[]>;
  /** Lets who signs up with this address, and proves it, see a private product; mail goes out. Asking twice is one invitation. */
  invite(actor: Actor, input: { slug: string; email: string }): Promise<ProductInvitation>;
  /** Newest first. */
  listInvitations(actor: Actor, input: { slug: string; cursor?: string; limit?: number }): Promise<{ invitations: ProductInvitation[]; nextCursor: string | null }>;
  /** Who subscribes already goes on seeing the product. */
  withdrawInvitation(actor: Actor, input: { slug: string; id: string }): Promise<void>;
}

// ---------------------------------------------------------------- reference

export type { OperationReference, SchemaNode };
export type { ContentReference, ParameterReference, ResponseReference } from '../contract/operation-reference.ts';
/** What all reference pages of a version share. */
export interface ReferenceVersion { product: ProductSummary; version: VersionSummary; /** Address that calls start with. */ baseUrl: string; operations: OperationSummary[]; plans: PlanSummary[] }
export interface OperationReferencePage extends OperationReference {
  operation: OperationSummary; previous: OperationSummary | null; next: OperationSummary | null;
  /** A request that should succeed, from the document's examples. `path` is filled in, with its query. */
  sample: OperationPage['sample'];
}
export interface Reference {
  getVersion(actor: Actor | undefined, slug: string, version: string): Promise<ReferenceVersion>;
  /** One operation within a budget of bytes: deep branches of schemas say where they go on. */
  getOperation(actor: Actor | undefined, slug: string, version: string, operationSlug: string): Promise<OperationReferencePage>;
  /** Slug of the same operation in other versions, by version name; empty for an operation that is unknown. */
  getElsewhere(actor: Actor | undefined, slug: string, version: string, operationSlug: string): Promise<Record<string, string>>;
  /** Where a tree goes on: the schema at a pointer into the document, from its row `from` on. `within` names the components around it. */
  getSchema(actor: Actor | undefined, slug: string, version: string, input: { at: string; from: number; within: string[] }): Promise<SchemaNode>;
  /** A whole example, of a response or (status null) of the request. */
  getExample(actor: Actor | undefined, slug: string, version: string, input: { operationSlug: string; status: string | null; mediaType: string | null }): Promise<{ contentType: string; body: string }>;
  /** The OpenAPI document as consumers get it, with the gateway's address, keys, limits and refusals, as JSON text in chunks. */
  getServedDocument(actor: Actor | undefined, slug: string, version: string): Promise<AsyncIterable<string>>;
}

// ---------------------------------------------------------------- plans, subscriptions

/** `subscribers` is 0 for who is not of the producer: it is not theirs to know. */
export interface PlanSummary extends PlanConfig { id: string; revisionId: string; productSlug: string; subscribers: number }
export interface SubscriptionSummary {
  id: string; consumerId: string; productId: string; productSlug: string; productName: string; planSlug: string; planName: string; planRevisionId: string;
  state: 'active' | 'pending' | 'paused' | 'ended'; limits: Limit[]; anchorAt: number; createdAt: number;
  /** The revision of the plan that it is on, as quotas and bills read it: later revisions are for others until it is moved. */
  terms: PlanConfig;
  /** An approval plan that the producer has not decided on; the present plan serves until then. */
  requestedPlan: { slug: string; name: string } | null;
}
/** A plan that waits for the producer's decision. `presentPlan` is null for a subscription that is itself pending. */
export interface PlanRequest { 
  subscriptionId: string; consumerId: string; consumerName: string; productSlug: string; productName: string; planSlug: string; planName: string; presentPlan: string | null;
  /** Since when it waits. */
  requestedAt: number;
  /** Of whoever asked, as the account's log names them; null when it is not known. */
  requestedBy: string | null;
  /** Live calls of the last 30 days and since ever, with this subscription. */
  calls30d: string; callsEver: string;
}
/** A plan as its editor writes it: portico.yaml's own form, with `null` for what is absent. */
export type PlanEdit = PlanConfig;
/** A plan with what its editor must know. Revisions with subscribers and the present one, newest first. */
export interface PlanDetail extends PlanSummary { position: number; archivedAt: number | null; revisions: { id: string; number: number; createdAt: number; subscribers: number; current: boolean }[] }
export interface Plans {
  list(actor: Actor | undefined, productSlug: string): Promise<PlanSummary[]>;
  /** Subscribes the developer's consumer. Without a plan, the product's default. An approval plan is `pending`, or for who has a plan already `requestedPlan`. */
  subscribe(actor: Actor, input: { consumerId?: string; productSlug: string; planSlug?: string }): Promise<SubscriptionSummary>;
  listSubscriptions(actor: Actor, input: { consumerId: string }): Promise<SubscriptionSummary[]>;
  /** Approves or declines a subscription that is `pending` or that requested a plan. */
  decide(actor: Actor, input: { subscriptionId: string; approve: boolean; /** Goes to the account's developers. */ message?: string }): Promise<SubscriptionSummary>;
  /** What waits for a decision, oldest first; at most 200. */
  listRequests(actor: Actor): Promise<PlanRequest[]>;
  /** For the producer: archived plans too, at the end. */
  listDetails(actor: Actor, productSlug: string): Promise<PlanDetail[]>;
  /** What would be wrong with this plan, by the rules of portico.yaml; pointers are into the plan. Changes nothing. */
  check(actor: Actor, input: { productSlug: string; planSlug: string | null; plan: PlanEdit }): Promise<ErrorPlace[]>;
  /** Adds a plan (`planSlug` null) or makes its next revision. Who subscribes keeps theirs unless `moveSubscribers`. A new default takes the place of the former. */
  save(actor: Actor, input: { productSlug: string; planSlug: string | null; plan: PlanEdit; moveSubscribers: boolean }): Promise<PlanDetail>;
  /** An archived plan takes no new subscribers; those that it has stay. The default plan cannot be archived. */
  archive(actor: Actor, input: { productSlug: string; planSlug: string; archived: boolean }): Promise<PlanDetail>;
  /** All plans that are not archived, in the order that the portal shows them. */
  order(actor: Actor, input: { productSlug: string; planSlugs: string[] }): Promise<void>;
}

// ---------------------------------------------------------------- consumers and developers

export interface ConsumerSummary {
  id: string; name: string; origin: string; createdAt: number; blockedAt: number | null; verified: boolean; developers: number;
  firstKeyAt: number | null; firstSuccessAt: number | null; firstLiveSuccessAt: number | null;
  /** ms from sign-up to the first success, or null. */
  ttfcMs: number | null;
  lastActiveAt: number | null; plans: string[];
}
export type ConsumerState = 'stalled' | 'active' | 'blocked' | 'unverified';
/** With `-`, the greatest first; what is not known yet comes last in either order. */
export type ConsumerSort = `${'' | '-'}${'created' | 'active' | 'ttfc' | 'calls'}`;
export interface DeveloperSummary { id: string; email: string; name: string | null; createdAt: number; verified: boolean; you: boolean }
export interface ActivityRow { id: string; at: number; actor: string; kind: string; subject: string | null; detail: Record<string, unknown> }

export interface Consumers {
  /** Newest first unless sorted otherwise. `search` is part of a name or address, an id, or a key's last four characters; `calls` are of the last 30 days. */
  list(actor: Actor, input: { search?: string | undefined; productSlug?: string | undefined; planSlug?: string | undefined; state?: ConsumerState | undefined; origin?: string | undefined; since?: number | undefined; sort?: ConsumerSort | undefined; cursor?: string | undefined; limit?: number | undefined }): Promise<{ consumers: (ConsumerSummary & { calls: number })[]; nextCursor: string | null }>;
  /** Makes a consumer and invites its first developer by mail. */
  create(actor: Actor, input: { email: string; name?: string }): Promise<{ id: string; link: string; expiresAt: number }>;
  get(actor: Actor, id: string): Promise<ConsumerSummary & { /** Of the last 30 days. */ calls: number; subscriptions: SubscriptionSummary[]; keys: KeySummary[]; developerList: DeveloperSummary[] }>;
  timeline(actor: Actor, input: { consumerId: string; before?: string; limit?: number }): Promise<ActivityRow[]>;
  block(actor: Actor, input: { consumerId: string; blocked: boolean }): Promise<void>;
  rename(actor: Actor, input: { consumerId: string; name: string }): Promise<void>;
  listDevelopers(actor: Actor, input: { consumerId: string }): Promise<{ developers: DeveloperSummary[]; invitations: { id: string; email: string; expiresAt: number }[] }>;
  inviteDeveloper(actor: Actor, input: { consumerId: string; email: string }): Promise<{ link: string; expiresAt: number }>;
  removeDeveloper(actor: Actor, input: { consumerId: string; developerId: string }): Promise<void>;
  cancelInvitation(actor: Actor, input: { invitationId: string }): Promise<void>;
}

// ---------------------------------------------------------------- keys

export interface KeySummary {
  id: string; name: string; mode: Mode; origin: CallOrigin; masked: string; developerId: string; developerEmail: string; consumerId: string;
  createdAt: number; expiresAt: number | null; revokedAt: number | null; replacedBy: string | null; lastUsedAt: number | null;
  state: 'active' | 'revoked' | 'expired'; products: string[];
  /** Operation ids and addresses or CIDR ranges that it is limited to; null allows all. */
  scopes: string[] | null; addresses: string[] | null;
  /** The key that it took the place of. */
  replaces: { id: string; masked: string; lastUsedAt: number | null; expiresAt: number | null; revokedAt: number | null; state: KeySummary['state'] } | null;
}
export interface CreatedKey { key: string; id: string; subscription: string; consumer: string; summary: KeySummary; /** Gateways that do not know it yet: cut off, or slow. */ unconfirmed: string[] }
export interface Keys {
  /** The key opens the named product's subscription (made on the default plan when missing), or all subscriptions of the consumer. Answers once every connected gateway thread knows it. */
  create(actor: Actor, input: { consumerId?: string; name?: string; mode: Mode; productSlug?: string; planSlug?: string; expiresAt?: number; scopes?: string[]; addresses?: string[] }): Promise<CreatedKey>;
  /** For the command line: makes consumer, developer and subscription when they do not exist. */
  createFor(actor: Actor, input: { email: string; productSlug: string; planSlug?: string; mode: Mode; name?: string }): Promise<CreatedKey>;
  /** A short-lived test key for the portal's samples and try-it form. */
  mintTryIt(actor: Actor, input: { productSlug: string }): Promise<{ key: string; expiresAt: number }>;
  /** `active` are those that are neither revoked nor expired; `search` is in the name or in what is shown of the key. */
  list(actor: Actor, input: { consumerId?: string; active?: boolean; mode?: Mode; search?: string; limit?: number; cursor?: string }): Promise<{ keys: KeySummary[]; nextCursor: string | null }>;
  get(actor: Actor, id: string): Promise<KeySummary>;
  /** Changes what is given; null lifts a restriction. Answers once every connected gateway thread knows it. */
  update(actor: Actor, input: { id: string; name?: string; expiresAt?: number | null; scopes?: string[] | null; addresses?: string[] | null }): Promise<KeySummary & { unconfirmed: string[] }>;
  /** The old key works for `overlapMs` more. */
  roll(actor: Actor, input: { id: string; overlapMs: number }): Promise<CreatedKey & { previousExpiresAt: number }>;
  revoke(actor: Actor, input: { id: string }): Promise<KeySummary & { unconfirmed: string[] }>;
}

// ---------------------------------------------------------------- usage and requests

export interface UsageRow { meter: string; operation: string; version: string; mode: Mode; quantity: string }
export interface LimitState { subscriptionId: string; productSlug: string; productName: string; planName: string; mode: Mode; limit: Limit; used: number | null; remaining: number | null; /** ms UTC; null for rates */ resetsAt: number | null }
export interface Usage {
  /** Decimal text throughout; `total` is by meter. */
  get(actor: Actor, input: { consumerId?: string; email?: string; productSlug?: string; from: number; to: number }): Promise<{ usage: UsageRow[]; total: Record<string, string> }>;
  byDay(actor: Actor, input: { consumerId?: string; productSlug?: string; from: number; to: number }): Promise<{ day: number; mode: Mode; requests: string; successes: string }[]>;
  /** Each limit of each active subscription; rates have no `used`. */
  limits(actor: Actor, input: { consumerId: string }): Promise<LimitState[]>;
}

export interface RequestRow extends RequestEvent { productSlug: string; keyMasked: string | null; consumerName: string | null }
/** Which calls are meant. A developer's own consumer is always part of it. `status` is such as `404` or `4xx`. */
export interface CallFilter { consumerId?: string; email?: string; productSlug?: string; keyId?: string; operation?: string; version?: string; mode?: Mode; status?: string; code?: string }
export interface CallRange { from: number; to: number }
export type CallDimension = 'operation' | 'key' | 'status' | 'version' | 'mode' | 'product' | 'consumer' | 'code';
/** `value` is what CallFilter takes for it, null where the call has none or for the `rest`; `name` is what people call it. `p95` is of calls that the upstream answered, ms. */
export interface CallBreakdownRow { bucket: number; value: string | null; name: string | null; rest: boolean; count: number; failed: number; p95: number | null }
export interface Quantiles { p50: number | null; p95: number | null; p99: number | null }
export interface LatencyBucket { bucket: number; answered: number; whole: Quantiles; upstream: Quantiles; gateway: Quantiles }
/** Usage, limits and last use of keys are read from the ledger; calls, their breakdowns and latency from the request log. Each takes calls at its own pace. */
export type CallSource = 'ledger' | 'request-log';
export interface Requests {
  /** Older calls are forgotten; the ledger that bills keeps its quantities. */
  retentionDays: number;
  list(actor: Actor, input: CallFilter & Partial<CallRange> & { cursor?: string; limit?: number }): Promise<{ requests: RequestRow[]; nextCursor: string | null }>;
  get(actor: Actor, id: string): Promise<RequestRow>;
  callVolume(actor: Actor, input: CallFilter & CallRange & { bucketMs: number }): Promise<{ bucket: number; statusClass: string; count: number }[]>;
  /** Calls per bucket and value; the values beyond the `valuesMax` (at most 100) most called are one row, the rest. */
  breakdown(actor: Actor, input: CallFilter & CallRange & { by: CallDimension; bucketMs: number; valuesMax?: number }): Promise<CallBreakdownRow[]>;
  latency(actor: Actor, input: CallFilter & CallRange): Promise<Quantiles>;
  /** Of the whole call and of its two parts, per bucket that has answered calls; ms. */
  latencyByBucket(actor: Actor, input: CallFilter & CallRange & { bucketMs: number }): Promise<LatencyBucket[]>;
  /** Tells, at most once a second, that there are new calls of the consumer (without one: of anybody) in what a page reads, until `signal` aborts. Within 2 s of the call. */
  watch(actor: Actor, input: { consumerId?: string; reads: CallSource[]; signal: AbortSignal }, onCalls: () => void): void;
  /** While the first-call page waits. Calls `onCall` for each call of the consumer and for each refusal of a stranger from this address, until `signal` aborts. Within 2 s of the call. */
  watchCalls(actor: Actor, input: { consumerId: string; address: string | null; signal: AbortSignal }, onCall: (call: WatchedCall) => void): void;
  /** A call that went to the portal's address instead of the gateway's: told to the first-call pages that wait at the caller's address. */
  tellMisdirected(call: { requestId: string; address: string; method: string; expected: string }): void;
}
export type WatchedCall =
  | { kind: 'call'; request: RequestRow; /** What it got wrong, when it came from the address that watches. */ hint: CallHint | null; success: boolean; firstSuccess: boolean; ttfcMs: number | null }
  | { kind: 'stranger'; at: number; method: string; operation: string | null; productSlug: string | null; status: number; code: string; requestId: string; hint: CallHint | null };

// ---------------------------------------------------------------- notices

export type NoticeKind =
  | 'limit.near' | 'limit.reached' | 'key.expiring' | 'key.expired' | 'key.rolled' | 'key.revoked' | 'plan.approved' | 'plan.declined'
  | 'version.deprecated' | 'version.sunset' | 'developer.joined' | 'consumer.blocked' | 'consumer.unblocked';
/** `detail` holds the names that the words need: `src/control/notices/notice-words.ts` writes them. `path` is the page that it is about. */
export interface NoticeRow { id: string; at: number; kind: NoticeKind; detail: Record<string, unknown>; title: string; text: string; path: string; readAt: number | null }
export interface Notices {
  /** Newest first. */
  list(actor: Actor, input: { consumerId: string; unread?: boolean; cursor?: string; limit?: number }): Promise<{ notices: NoticeRow[]; nextCursor: string | null }>;
  countUnread(actor: Actor, input: { consumerId: string }): Promise<number>;
  /** Without ids, all of the account. */
  setRead(actor: Actor, input: { consumerId: string; ids?: string[]; read: boolean }): Promise<void>;
  /** Whether the important kinds reach the developer by mail too. */
  mailWanted(actor: Actor): Promise<boolean>;
  setMailWanted(actor: Actor, wanted: boolean): Promise<void>;
}

// ---------------------------------------------------------------- adoption

export type FunnelStep = 'signed-up' | 'key-made' | 'first-call' | 'first-success' | 'week-two';
/** A live quota of an account that is used to 80 % or more. */
export interface NearLimit { consumerId: string; name: string; planName: string; productName: string; limit: Limit; used: number; resetsAt: number }
/** Whom and what a product manager should look at. */
export interface Attention {
  /** Who came to this step and no further, newest first; `total` counts all. */
  stuck: { step: FunnelStep; total: number; consumers: { id: string; name: string; createdAt: number }[] }[];
  /** What newcomers' own keys were refused with before their first success. */
  stalls: { code: string; count: number; consumers: number }[];
  nearLimits: { total: number; rows: NearLimit[] };
  /** What was changed here since the last `apply`, and that the file does not say. Empty when nothing was ever applied. */
  drift: ConfigChange[];
}
export interface AdoptionReport {
  from: number; to: number; product: string | null;
  /** `possible` is to how many the step could have happened by now: fewer than all for `week-two`, days 8 to 14 after sign-up. */
  funnel: { step: FunnelStep; consumers: number; possible: number }[];
  ttfc: { medianMs: number | null; p90Ms: number | null; reached: number; without: number; share: number | null };
  /** With at least one live success in the period. */
  active: { consumers: number; developers: number };
  /** Operations that consumers use in earnest, in the 30 days before `to`. */
  depth: { median: number | null; tagShare: number | null; distribution: { from: number; to: number | null; consumers: number }[] };
  volume: { bucketMs: number; rows: { bucket: number; statusClass: string; count: number }[] };
  errors: { total: number; failed: number; share: number | null };
  refusals: { code: string; count: number; stranger: number }[];
}
export interface Adoption {
  report(actor: Actor, input: { productSlug?: string; from: number; to: number; bucketMs?: number }): Promise<AdoptionReport>;
  attention(actor: Actor, input: { productSlug?: string; from: number; to: number }): Promise<Attention>;
}

// ---------------------------------------------------------------- search

export type SearchKind = 'operation' | 'schema' | 'guide' | 'page' | 'error' | 'product';
/** Text cut so that what was met can be marked. */
export type MarkedText = { text: string; hit: boolean }[];
export interface SearchResult {
  kind: SearchKind;
  /** Path of the page in the portal. */
  href: string;
  title: MarkedText;
  /** operationId, schema name or error code where the title is something else; else empty. */
  name: MarkedText;
  /** Of an operation; method is empty for anything else. */
  method: string;
  path: MarkedText;
  summary: MarkedText;
  /** Parameters, fields and properties that were met. */
  fields: string[];
  deprecated: boolean;
  product: { slug: string; name: string } | null;
  version: string | null;
}
export interface SearchAnswer {
  /** What was looked for: trimmed, and shortened when it was very long. */
  text: string;
  /** `some`: nothing has every word, these have at least one. `near`: nothing has any, these come nearest. */
  match: 'all' | 'some' | 'near' | 'none';
  results: SearchResult[];
  /** Results by kind before `kind` narrows them: of what this actor may see. */
  counts: Partial<Record<SearchKind, number>>;
  total: number;
  nextCursor: string | null;
  /** Products and versions that can be searched, for filters. */
  scopes: { product: string; name: string; versions: string[]; current: string | null }[];
}
export interface Search {
  /** Looks in the current version of each product, or in the one that is named. Never throws for odd text. */
  query(actor: Actor | undefined, input: { text: string; kind?: SearchKind; product?: string; version?: string; cursor?: string; limit?: number }): Promise<SearchAnswer>;
}

// ---------------------------------------------------------------- documentation that ran

/** The beginning of a real answer: at most 16 kB of text. `whole` is false when more of it was not kept. */
export interface SampleAnswer { status: number; contentType: string; body: string; whole: boolean }
/** The last time that an operation's sample was sent through the gateway to the test upstream. */
export interface SampleRun {
  /** ms UTC */
  at: number;
  worked: boolean;
  /** When it last worked; null when it never did. */
  workedAt: number | null;
  status: number | null;
  durationMs: number | null;
  /** Why it failed, in plain words; null for who is not of the producer, and when it worked. */
  reason: string | null;
  /** What came back. Null when nothing did, and for who is not of the producer unless it worked. */
  answer: SampleAnswer | null;
}
export type SampleState = 'worked' | 'failed' | 'not-run';
export interface DocumentationVersion {
  product: { slug: string; name: string };
  version: string;
  samples: number; worked: number; failed: number; notRun: number;
  /** Of the newest run, ms UTC. */
  lastAt: number | null;
  /** While its samples are run; `waiting` when no gateway serves the present configuration yet. */
  running: { done: number; of: number; waiting: boolean } | null;
  /** How many are due: beside those that run, those that wait for their turn. */
  due: number;
}
export interface SampleRow {
  product: { slug: string; name: string }; version: string; operation: OperationSummary; state: SampleState; run: SampleRun | null;
}
export interface Documentation {
  /** Of one operation by its slug; null when its sample never ran. @throws `not_found` for what the actor may not see. */
  findRun(actor: Actor | undefined, input: { product: string; version: string; operation: string }): Promise<SampleRun | null>;
  /** Each served version of each product with a test mode. */
  listVersions(actor: Actor, input: { product?: string }): Promise<DocumentationVersion[]>;
  /** Failures first by default order of the document; filter with `state`. */
  listSamples(actor: Actor, input: { product?: string; version?: string; state?: SampleState; cursor?: string; limit?: number }): Promise<{ samples: SampleRow[]; nextCursor: string | null }>;
  /** Runs all samples of a product, or of one version, again. Answers how many; they run in the background. */
  run(actor: Actor, input: { product: string; version?: string }): Promise<{ samples: number }>;
}

// ---------------------------------------------------------------- feedback

export interface FeedbackRow { id: string; at: number; path: string; helpful: boolean; comment: string | null; product: string | null; developer: { email: string; consumerId: string } | null }
/** What readers said of one page. */
export interface FeedbackPage { path: string; product: string | null; helpful: number; notHelpful: number; comments: number; lastAt: number }
export interface Feedback {
  /** What a reader says of a page. A developer's newer word takes the place of the older one. `address` is the client's. @throws `input_invalid`, `too_many_attempts` */
  send(actor: Actor | undefined, input: { path: string; helpful: boolean; comment?: string; address: string }): Promise<void>;
  /** Newest first. */
  list(actor: Actor, input: { product?: string; path?: string; helpful?: boolean; comments?: boolean; cursor?: string; limit?: number }): Promise<{ entries: FeedbackRow[]; nextCursor: string | null }>;
  /** Those that helped least first; at most `limit`. */
  listPages(actor: Actor, input: { product?: string; cursor?: string; limit?: number }): Promise<{ pages: FeedbackPage[]; nextCursor: string | null }>;
}

// ---------------------------------------------------------------- configuration and operations

export interface ConfigChange { action: 'add' | 'change' | 'remove' | 'keep'; noun: string; name: string; detail: string[] }
/** portico.yaml and each file that it names, read by the caller: the server reads no files of the client's machine. */
export interface ConfigBundle { file: string; text: string; files: BundledFile[] }
/** `text` is base64 of what is not text. */
export interface BundledFile { path: string; text: string; encoding?: 'base64' | undefined }
export interface PortalEdit { name?: string | undefined }
export interface Configuration {
  apply(actor: Actor, input: { bundle: ConfigBundle; dryRun: boolean; prune: boolean }): Promise<{ changes: ConfigChange[]; drift: ConfigChange[]; applied: boolean; snapshotVersion: number; /** Gateways that did not confirm in time, or that are cut off. */ unconfirmed: string[] }>;
  /** Changes plain texts of `portal`; portico.yaml shows them as drift when it is applied next, and its words win then. */
  editPortal(actor: Actor, input: PortalEdit): Promise<void>;
  /** The running configuration and its documents; `export` then `apply` changes nothing. */
  export(actor: Actor): Promise<ConfigBundle>;
  current(): Promise<PorticoConfig>;
  /** `mailKept`: without SMTP, mail stays in the outbox. `development`: besides, nobody but this machine reaches the pages. */
  portal(): Promise<{ name: string; keyPrefix: string; headline: string | null; footer: FooterLink[]; webUrl: string; gatewayUrl: string; development: boolean; mailKept: boolean }>;
}

// ---------------------------------------------------------------- audit trail

/** One change: who, what, before and after. `actor` is an address, `admin-token` or `system`. */
export interface AuditEntry {
  id: string; at: number; actor: string; actorKind: string; action: string; noun: string; subject: string | null; name: string;
  before: Record<string, unknown> | null; after: Record<string, unknown> | null;
}
export interface AuditFilter { noun?: string | undefined; action?: string | undefined; actor?: string | undefined; subject?: string | undefined; /** `[from, to)`, ms UTC. */ from?: number | undefined; to?: number | undefined }
export interface Audit {
  /** Newest first; at most 1,000 at once. */
  list(actor: Actor, input: AuditFilter & { cursor?: string | undefined; limit?: number | undefined }): Promise<{ entries: AuditEntry[]; nextCursor: string | null }>;
  /** What the newest entries hold, for filters: each list sorted. */
  filters(actor: Actor): Promise<{ nouns: string[]; actions: string[]; actors: string[] }>;
}

// ---------------------------------------------------------------- seeing the portal as a consumer does

export interface Viewing {
  /** A token of 15 minutes that lets this member, and nobody else, look at the portal as the consumer sees it. */
  begin(actor: Actor, input: { consumerId: string }): Promise<{ token: string; expiresAt: number }>;
  /** The actor to read with. Undefined when the token is over, of somebody else, or none. @throws AppError `role_forbids` when the member lost the right. */
  find(actor: Actor, token: string): Promise<{ actor: Extract<Actor, { kind: 'developer' }>; consumerName: string; expiresAt: number } | undefined>;
}

// ---------------------------------------------------------------- brand, guides, own pages

/** What the producer's brand changes on every page; addresses are paths of this site. */
export interface Brand {
  /** `/brand/<hash>.css`; null when the brand changes no style. */
  stylesheet: string | null;
  logo: string | null; logoDark: string | null;
  /** Of light and dark pages; null for the standard one. */
  accent: { light: string; dark: string } | null;
  pages: { slug: string; title: string }[];
}
export interface ArticleSummary { slug: string; title: string; description: string; updatedAt: number }
export interface Article extends ArticleSummary {
  /** Without its front matter. */
  markdown: string;
  /** Addresses of the images that it shows, by the path as written. */
  images: Record<string, string>;
  previous: ArticleSummary | null; next: ArticleSummary | null;
}
export interface Content {
  brand(): Promise<Brand>;
  /** Undefined without a brand; `hash` is that of its text. */
  stylesheet(): Promise<{ hash: string; text: string } | undefined>;
  /** By the SHA-256 of its bytes, hex. Undefined too for an image of products that this actor may not see; `open`: everybody may see it. */
  findAsset(actor: Actor | undefined, hash: string): Promise<{ mediaType: string; bytes: Uint8Array<ArrayBuffer>; open: boolean } | undefined>;
  listPages(): Promise<ArticleSummary[]>;
  getPage(slug: string): Promise<Article>;
  /** @throws AppError `not_found` for a product that this actor may not see, as for one that does not exist. */
  listGuides(actor: Actor | undefined, product: string): Promise<ArticleSummary[]>;
  getGuide(actor: Actor | undefined, product: string, slug: string): Promise<Article>;
}

export interface OperationsService {
  /** For /readyz and the workspace: what runs, how stale, how much disk. */
  status(): Promise<{ ready: boolean; reasons: string[]; snapshotVersion: number; gateways: { id: string; pid: number; threads: number; connected: boolean; snapshotVersion: number; credentialSeq: number; staleMs: number; unmeterable: boolean }[]; ingest: { lagBytes: number; lagMs: number; corruptRecords: number }; disk: { store: number; events: number; spool: number } }>;
  /** What was set at the start, and what follows from it; no secret among it. */
  settings(actor: Actor): Promise<{ version: string; webUrl: string; gatewayUrl: string; engine: 'sqlite' | 'postgres'; dataFolder: string; mailServer: string | null; retention: { eventDays: number; spoolHours: number; auditDays: number } }>;
  /** Streams one archive: both stores, positions and unread spool as one cut. */
  backup(actor: Actor, file: string): Promise<{ bytes: number }>;
}

export interface Mail {
  /** One letter to the member who asks: sent at once, or kept in the outbox where no server is set. */
  sendTest(actor: Actor): Promise<{ to: string; outcome: 'sent' | 'kept' | 'refused'; /** What the mail server said. */ reason: string | null }>;
  /** Newest first; only in development without SMTP. */
  outbox(): Promise<{ id: string; to: string; subject: string; text: string; html: string; createdAt: number; sentAt: number | null }[]>;
}
export type { ProductConfig };
