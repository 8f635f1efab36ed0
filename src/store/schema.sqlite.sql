CREATE TABLE "account" ("id" text not null primary key, 
  "accountId" text not null, 
  "providerId" text not null, 
  "userId" text not null references "user" ("id") on delete cascade, 
  "accessToken" text, 
  "refreshToken" text, 
  "idToken" text, 
  "accessTokenExpiresAt" date, 
  "refreshTokenExpiresAt" date, 
  "scope" text, 
  "password" text, 
  "createdAt" date not null, 
  "updatedAt" date not null);

CREATE INDEX "account_userId_idx" on "account" ("userId");

CREATE TABLE "activity" ("id" text not null primary key, 
  "consumer_id" text references "consumer" ("id") on delete cascade, 
  "at" integer not null, 
  "actor" text not null, 
  "kind" text not null, 
  "subject" text, 
  "detail" text not null) strict;

CREATE INDEX "activity_consumer" on "activity" ("consumer_id", 
  "id");

CREATE TABLE "article" ("id" text not null primary key, 
  "product_id" text references "product" ("id") on delete cascade, 
  "slug" text not null, 
  "title" text not null, 
  "description" text not null, 
  "position" integer not null, 
  "source" text not null, 
  "markdown" text not null, 
  "updated_at" integer not null) strict;

CREATE INDEX "article_of_product" on "article" ("product_id", 
  "slug");

CREATE TABLE "asset" ("name" text not null primary key, 
  "media_type" text not null, 
  "content" text not null, 
  "hash" text not null, 
  "source" text not null) strict;

CREATE TABLE "attempt" ("key" text not null primary key, 
  "count" integer not null, 
  "since" integer not null) strict;

CREATE INDEX "attempt_since" on "attempt" ("since");

CREATE TABLE "audit_entry" ("id" text not null primary key, 
  "at" integer not null, 
  "actor" text not null, 
  "actor_kind" text not null, 
  "action" text not null, 
  "noun" text not null, 
  "subject" text, 
  "name" text not null, 
  "before" text, 
  "after" text) strict;

CREATE INDEX "audit_entry_actor" on "audit_entry" ("actor", 
  "id");

CREATE INDEX "audit_entry_noun" on "audit_entry" ("noun", 
  "id");

CREATE TABLE "billed_usage" ("period_id" text not null references "billing_period" ("id") on delete cascade, 
  "meter" text not null, 
  "quantity" text not null, constraint "billed_usage_of_period" primary key ("period_id", 
  "meter")) strict;

CREATE TABLE "billing_account" ("consumer_id" text not null primary key references "consumer" ("id") on delete cascade, 
  "name" text not null, 
  "address" text not null, 
  "country" text, 
  "email" text, 
  "tax_id" text, 
  "tax_exempt" integer not null, 
  "updated_at" integer not null) strict;

CREATE TABLE "billing_period" ("id" text not null primary key, 
  "subscription_id" text not null references "subscription" ("id") on delete restrict, 
  "kind" text not null, 
  "from_at" integer not null, 
  "to_at" integer not null, 
  "state" text not null, 
  "invoice_id" text, 
  "billed_at" integer, constraint "billing_period_once" unique ("subscription_id", 
  "from_at")) strict;

CREATE INDEX "billing_period_state" on "billing_period" ("state", 
  "to_at");

CREATE TABLE "consumer" ("id" text not null primary key, 
  "name" text not null, 
  "origin" text not null, 
  "created_at" integer not null, 
  "blocked_at" integer, 
  "verified_at" integer, 
  "first_success_at" integer, 
  "first_live_success_at" integer, 
  "first_key_at" integer) strict;

CREATE INDEX "consumer_created_at" on "consumer" ("created_at", 
  "id");

CREATE TABLE "coupon" ("id" text not null primary key, 
  "code" text not null unique, 
  "product_id" text references "product" ("id") on delete cascade, 
  "percent" text, 
  "amount" text, 
  "currency" text, 
  "periods" integer, 
  "redemptions_max" integer, 
  "redeemed" integer not null, 
  "expires_at" integer, 
  "created_at" integer not null, 
  "created_by" text not null, 
  "archived_at" integer) strict;

CREATE TABLE "coupon_redemption" ("id" text not null primary key, 
  "coupon_id" text not null references "coupon" ("id") on delete restrict, 
  "subscription_id" text not null references "subscription" ("id") on delete restrict, 
  "at" integer not null, 
  "periods_left" integer, constraint "coupon_redemption_once" unique ("coupon_id", 
  "subscription_id")) strict;

CREATE INDEX "coupon_redemption_subscription" on "coupon_redemption" ("subscription_id");

CREATE TABLE "credential_change" ("seq" integer primary key autoincrement, 
  "key_id" text not null, 
  "at" integer not null) strict;

CREATE TABLE "credit_grant" ("id" text not null primary key, 
  "consumer_id" text not null references "consumer" ("id") on delete restrict, 
  "currency" text not null, 
  "amount" text not null, 
  "remaining" text not null, 
  "reason" text not null, 
  "granted_at" integer not null, 
  "granted_by" text not null, 
  "expires_at" integer) strict;

CREATE INDEX "credit_grant_consumer" on "credit_grant" ("consumer_id", 
  "currency", 
  "expires_at");

CREATE TABLE "credit_use" ("grant_id" text not null references "credit_grant" ("id") on delete restrict, 
  "invoice_id" text not null references "invoice" ("id") on delete restrict, 
  "amount" text not null, 
  "at" integer not null, constraint "credit_use_of_invoice" primary key ("grant_id", 
  "invoice_id")) strict;

CREATE TABLE "developer" ("id" text not null primary key, 
  "consumer_id" text not null references "consumer" ("id") on delete cascade, 
  "user_id" text references "user" ("id") on delete restrict, 
  "email" text not null, 
  "created_at" integer not null, 
  "removed_at" integer, 
  "mail_notices" integer default 1 not null, constraint "developer_of_consumer" unique ("consumer_id", 
  "email")) strict;

CREATE INDEX "developer_email" on "developer" ("email");

CREATE UNIQUE INDEX "developer_user" on "developer" ("user_id") where "removed_at" is null;

CREATE TABLE "document_part" ("version_id" text not null references "version" ("id") on delete cascade, 
  "pointer" text not null, 
  "json" text not null, constraint "document_part_of_version" primary key ("version_id", 
  "pointer")) strict;

CREATE TABLE "invitation" ("id" text not null primary key, 
  "token_hash" text not null unique, 
  "email" text not null, 
  "consumer_id" text references "consumer" ("id") on delete cascade, 
  "role" text, 
  "invited_by" text not null, 
  "created_at" integer not null, 
  "expires_at" integer not null, 
  "accepted_at" integer) strict;

CREATE INDEX "invitation_consumer" on "invitation" ("consumer_id");

CREATE TRIGGER invoice_is_final before update on invoice when old.number is not null and (new.state = 'draft' or (old.id, old.number, old.kind, old.consumer_id, old.subscription_id, old.period_id, old.corrects_invoice_id, old.currency, old.subtotal, old.tax_name, old.tax_percent, old.tax, old.total, old.credit, old.due, old.seller, old.buyer, old.created_at, old.finalised_at, old.due_at) is not (new.id, new.number, new.kind, new.consumer_id, new.subscription_id, new.period_id, new.corrects_invoice_id, new.currency, new.subtotal, new.tax_name, new.tax_percent, new.tax, new.total, new.credit, new.due, new.seller, new.buyer, new.created_at, new.finalised_at, new.due_at)) begin select raise(abort, 'an invoice that has a number stays as it is'); end;

CREATE TRIGGER invoice_is_kept before delete on invoice when old.number is not null begin select raise(abort, 'an invoice that has a number stays as it is'); end;

CREATE TABLE "invoice" ("id" text not null primary key, 
  "number" text unique, 
  "kind" text not null, 
  "state" text not null, 
  "consumer_id" text not null references "consumer" ("id") on delete restrict, 
  "subscription_id" text references "subscription" ("id") on delete restrict, 
  "period_id" text references "billing_period" ("id") on delete restrict, 
  "corrects_invoice_id" text references "invoice" ("id") on delete restrict, 
  "currency" text not null, 
  "subtotal" text not null, 
  "tax_name" text, 
  "tax_percent" text, 
  "tax" text not null, 
  "total" text not null, 
  "credit" text not null, 
  "due" text not null, 
  "seller" text not null, 
  "buyer" text not null, 
  "created_at" integer not null, 
  "finalised_at" integer, 
  "due_at" integer, 
  "paid_at" integer, 
  "voided_at" integer, 
  "payment_state" text not null) strict;

CREATE INDEX "invoice_consumer" on "invoice" ("consumer_id", 
  "id");

CREATE INDEX "invoice_corrects" on "invoice" ("corrects_invoice_id");

CREATE INDEX "invoice_period" on "invoice" ("period_id");

CREATE INDEX "invoice_state" on "invoice" ("state", 
  "id");

CREATE TRIGGER invoice_line_is_final before update on invoice_line when (select number from invoice where id = old.invoice_id) is not null begin select raise(abort, 'an invoice that has a number stays as it is'); end;

CREATE TRIGGER invoice_line_is_kept before delete on invoice_line when (select number from invoice where id = old.invoice_id) is not null begin select raise(abort, 'an invoice that has a number stays as it is'); end;

CREATE TABLE "invoice_line" ("invoice_id" text not null references "invoice" ("id") on delete cascade, 
  "position" integer not null, 
  "kind" text not null, 
  "description" text not null, 
  "meter" text, 
  "quantity" text not null, 
  "unit_price" text not null, 
  "amount" text not null, 
  "from_at" integer not null, 
  "to_at" integer not null, 
  "period_id" text references "billing_period" ("id") on delete restrict, 
  "detail" text not null, constraint "invoice_line_of_invoice" primary key ("invoice_id", 
  "position")) strict;

CREATE TABLE "key" ("id" text not null primary key, 
  "consumer_id" text not null references "consumer" ("id") on delete restrict, 
  "developer_id" text not null references "developer" ("id") on delete restrict, 
  "name" text not null, 
  "mode" text not null, 
  "origin" text not null, 
  "hash" text not null unique, 
  "masked" text not null, 
  "scopes" text, 
  "addresses" text, 
  "created_at" integer not null, 
  "expires_at" integer, 
  "revoked_at" integer, 
  "revoked_by" text, 
  "replaced_by" text, 
  "last_used_at" integer) strict;

CREATE INDEX "key_consumer" on "key" ("consumer_id", 
  "id");

CREATE INDEX "key_developer" on "key" ("developer_id");

CREATE TABLE "key_subscription" ("key_id" text not null references "key" ("id") on delete cascade, 
  "subscription_id" text not null references "subscription" ("id") on delete cascade, constraint "key_subscription_pair" primary key ("key_id", 
  "subscription_id")) strict;

CREATE INDEX "key_subscription_subscription" on "key_subscription" ("subscription_id");

CREATE TABLE "learn_progress" ("developer_id" text not null references "developer" ("id") on delete cascade, 
  "set_id" text not null, 
  "item_id" text not null, 
  "fingerprint" text not null, 
  "tries" integer not null, 
  "choice" integer, 
  "done_at" integer, 
  "first_choice" integer, 
  "first_right" integer not null, 
  "first_at" integer not null, 
  "right" integer not null, constraint "learn_progress_of_item" primary key ("developer_id", 
  "set_id", 
  "item_id")) strict;

CREATE INDEX "learn_progress_set" on "learn_progress" ("set_id", 
  "item_id");

CREATE TABLE "learn_refusal" ("request_id" text not null primary key, 
  "consumer_id" text not null references "consumer" ("id") on delete cascade, 
  "at" integer not null, 
  "product_slug" text, 
  "operation" text, 
  "status" integer not null, 
  "code" text not null) strict;

CREATE INDEX "learn_refusal_consumer" on "learn_refusal" ("consumer_id", 
  "at");

CREATE TABLE "learn_set" ("id" text not null primary key, 
  "position" integer not null, 
  "json" text not null, 
  "hash" text not null, 
  "updated_at" integer not null) strict;

CREATE TABLE "learn_start" ("developer_id" text not null references "developer" ("id") on delete cascade, 
  "set_id" text not null, 
  "started_at" integer not null, 
  "finished_at" integer, constraint "learn_start_of_set" primary key ("developer_id", 
  "set_id")) strict;

CREATE TABLE "learn_term" ("id" text not null primary key, 
  "position" integer not null, 
  "json" text not null, 
  "hash" text not null, 
  "updated_at" integer not null) strict;

CREATE TABLE "mail" ("id" text not null primary key, 
  "to" text not null, 
  "subject" text not null, 
  "text" text not null, 
  "html" text not null, 
  "created_at" integer not null, 
  "sent_at" integer, 
  "error" text, 
  "attempts" integer default 0 not null, 
  "next_attempt_at" integer) strict;

CREATE INDEX "mail_next_attempt" on "mail" ("next_attempt_at");

CREATE TABLE "member" ("id" text not null primary key, 
  "user_id" text not null unique references "user" ("id") on delete restrict, 
  "role" text not null, 
  "created_at" integer not null) strict;

CREATE TABLE "notice" ("id" text not null primary key, 
  "consumer_id" text not null references "consumer" ("id") on delete cascade, 
  "at" integer not null, 
  "kind" text not null, 
  "occasion" text not null, 
  "detail" text not null, 
  "read_at" integer, 
  "mailed_at" integer, constraint "notice_once" unique ("consumer_id", 
  "occasion")) strict;

CREATE INDEX "notice_consumer" on "notice" ("consumer_id", 
  "id");

CREATE INDEX "notice_mail" on "notice" ("mailed_at", 
  "id");

CREATE TABLE "operation" ("version_id" text not null references "version" ("id") on delete cascade, 
  "position" integer not null, 
  "operation" text not null, 
  "slug" text not null, 
  "method" text not null, 
  "path" text not null, 
  "summary" text not null, 
  "tag" text, 
  "deprecated" integer not null, 
  "enum_parameters" text not null, 
  "example" text, constraint "operation_of_version" primary key ("version_id", 
  "position"), constraint "operation_id" unique ("version_id", 
  "operation"), constraint "operation_slug" unique ("version_id", 
  "slug")) strict;

CREATE TABLE "page_feedback" ("id" text not null primary key, 
  "at" integer not null, 
  "path" text not null, 
  "helpful" integer not null, 
  "comment" text, 
  "product_id" text references "product" ("id") on delete cascade, 
  "developer_id" text references "developer" ("id") on delete set null) strict;

CREATE INDEX "page_feedback_product" on "page_feedback" ("product_id", 
  "at");

CREATE TABLE "payment" ("id" text not null primary key, 
  "invoice_id" text not null references "invoice" ("id") on delete restrict, 
  "refunds_id" text, 
  "provider" text not null, 
  "reference" text, 
  "state" text not null, 
  "amount" text not null, 
  "attempts" integer not null, 
  "next_attempt_at" integer, 
  "error" text, 
  "url" text, 
  "created_at" integer not null, 
  "updated_at" integer not null) strict;

CREATE INDEX "payment_invoice" on "payment" ("invoice_id");

CREATE INDEX "payment_next_attempt" on "payment" ("next_attempt_at");

CREATE TABLE "payment_customer" ("consumer_id" text not null references "consumer" ("id") on delete restrict, 
  "provider" text not null, 
  "reference" text not null, 
  "method" text, 
  "method_label" text, 
  "updated_at" integer not null, constraint "payment_customer_of_provider" primary key ("consumer_id", 
  "provider"), constraint "payment_customer_reference" unique ("provider", 
  "reference")) strict;

CREATE TABLE "plan" ("id" text not null primary key, 
  "product_id" text not null references "product" ("id") on delete cascade, 
  "slug" text not null, 
  "name" text not null, 
  "position" integer not null, 
  "access" text not null, 
  "is_default" integer not null, 
  "current_revision_id" text not null, 
  "archived_at" integer, 
  "created_at" integer not null, constraint "plan_of_product" unique ("product_id", 
  "slug")) strict;

CREATE TABLE "plan_revision" ("id" text not null primary key, 
  "plan_id" text not null references "plan" ("id") on delete cascade, 
  "number" integer not null, 
  "config" text not null, 
  "created_at" integer not null, constraint "revision_of_plan" unique ("plan_id", 
  "number")) strict;

CREATE TABLE "product" ("id" text not null primary key, 
  "slug" text not null unique, 
  "name" text not null, 
  "description" text not null, 
  "layer" text, 
  "owner" text, 
  "access" text not null, 
  "position" integer not null, 
  "upstream" text not null, 
  "test_upstream" text, 
  "config" text not null, 
  "created_at" integer not null, 
  "updated_at" integer not null, 
  "removed_at" integer) strict;

CREATE TABLE "product_invitation" ("id" text not null primary key, 
  "product_id" text not null references "product" ("id") on delete cascade, 
  "email" text not null, 
  "invited_by" text not null, 
  "created_at" integer not null, constraint "product_invitation_once" unique ("product_id", 
  "email")) strict;

CREATE INDEX "product_invitation_email" on "product_invitation" ("email");

CREATE TABLE "rateLimit" ("id" text not null primary key, 
  "key" text not null unique, 
  "count" integer not null, 
  "lastRequest" bigint not null);

CREATE TABLE "sample_run" ("version_id" text not null references "version" ("id") on delete cascade, 
  "operation" text not null, 
  "at" integer not null, 
  "worked" integer not null, 
  "worked_at" integer, 
  "status" integer, 
  "duration_us" integer, 
  "reason" text, 
  "answer" text, constraint "sample_run_of_operation" primary key ("version_id", 
  "operation")) strict;

CREATE TABLE "schema_migration" ("number" integer not null primary key, 
  "name" text not null, 
  "applied_at" integer not null) strict;

CREATE TABLE "search_index" ("scope" text not null primary key, 
  "product_id" text references "product" ("id") on delete cascade, 
  "hash" text not null, 
  "json" text not null) strict;

CREATE TABLE "session" ("id" text not null primary key, 
  "expiresAt" date not null, 
  "token" text not null unique, 
  "createdAt" date not null, 
  "updatedAt" date not null, 
  "ipAddress" text, 
  "userAgent" text, 
  "userId" text not null references "user" ("id") on delete cascade);

CREATE INDEX "session_userId_idx" on "session" ("userId");

CREATE TABLE "setting" ("name" text not null primary key, 
  "value" text not null) strict;

CREATE TABLE "spool_position" ("segment" text not null primary key, 
  "offset" integer not null, 
  "finished" integer not null, 
  "corrupt_records" integer not null, 
  "updated_at" integer not null) strict;

CREATE TABLE "subscription" ("id" text not null primary key, 
  "consumer_id" text not null references "consumer" ("id") on delete restrict, 
  "product_id" text not null references "product" ("id") on delete restrict, 
  "plan_id" text not null references "plan" ("id") on delete restrict, 
  "plan_revision_id" text not null references "plan_revision" ("id") on delete restrict, 
  "state" text not null, 
  "anchor_at" integer not null, 
  "created_at" integer not null, 
  "ended_at" integer, 
  "requested_plan_id" text references "plan" ("id") on delete set null, 
  "trial_ends_at" integer, 
  "scheduled_plan_id" text references "plan" ("id") on delete set null, 
  "scheduled_plan_revision_id" text references "plan_revision" ("id") on delete set null, 
  "scheduled_revision_id" text references "plan_revision" ("id") on delete set null, 
  "scheduled_at" integer, 
  "cancel_at_period_end" integer default 0 not null, 
  "spend_cap" text, 
  "spend_alerts" text default '[50,80,100]' not null) strict;

CREATE INDEX "subscription_consumer" on "subscription" ("consumer_id", 
  "product_id");

CREATE INDEX "subscription_plan" on "subscription" ("plan_id");

CREATE INDEX "subscription_requested_plan" on "subscription" ("requested_plan_id");

CREATE TABLE "subscription_phase" ("id" text not null primary key, 
  "subscription_id" text not null references "subscription" ("id") on delete restrict, 
  "plan_revision_id" text not null references "plan_revision" ("id") on delete restrict, 
  "from_at" integer not null, 
  "to_at" integer, 
  "reason" text not null) strict;

CREATE INDEX "subscription_phase_subscription" on "subscription_phase" ("subscription_id", 
  "from_at");

CREATE TABLE "tax_rate" ("country" text not null primary key, 
  "name" text not null, 
  "percent" text not null) strict;

CREATE TABLE "token_binding" ("id" text not null primary key, 
  "issuer" text not null, 
  "subject" text not null, 
  "key_id" text not null references "key" ("id") on delete cascade, 
  "created_at" integer not null, 
  "created_by" text not null, constraint "token_binding_once" unique ("issuer", 
  "subject")) strict;

CREATE INDEX "token_binding_key" on "token_binding" ("key_id");

CREATE TABLE "upgrade_case" ("id" text not null primary key, 
  "token_hash" text not null unique, 
  "subscription_id" text not null references "subscription" ("id") on delete cascade, 
  "developer_id" text not null references "developer" ("id") on delete cascade, 
  "message" text not null, 
  "created_at" integer not null, 
  "expires_at" integer not null, 
  "revoked_at" integer, 
  "approved_at" integer, 
  "approved_by" text) strict;

CREATE INDEX "upgrade_case_subscription" on "upgrade_case" ("subscription_id");

CREATE TABLE "usage" ("subscription_id" text not null, 
  "meter" text not null, 
  "operation" text not null, 
  "version" text not null, 
  "mode" text not null, 
  "hour" integer not null, 
  "quantity" text not null, constraint "usage_of_hour" primary key ("subscription_id", 
  "meter", 
  "operation", 
  "version", 
  "mode", 
  "hour")) strict;

CREATE INDEX "usage_hour" on "usage" ("subscription_id", 
  "hour");

CREATE TABLE "usage_month" ("subscription_id" text not null, 
  "from_at" integer not null, 
  "sums" text not null, constraint "usage_month_of_subscription" primary key ("subscription_id", 
  "from_at")) strict, without rowid;

CREATE TABLE "user" ("id" text not null primary key, 
  "name" text not null, 
  "email" text not null unique, 
  "emailVerified" integer not null, 
  "image" text, 
  "createdAt" date not null, 
  "updatedAt" date not null);

CREATE TABLE "verification" ("id" text not null primary key, 
  "identifier" text not null, 
  "value" text not null, 
  "expiresAt" date not null, 
  "createdAt" date not null, 
  "updatedAt" date not null);

CREATE INDEX "verification_identifier_idx" on "verification" ("identifier");

CREATE TABLE "version" ("id" text not null primary key, 
  "product_id" text not null references "product" ("id") on delete cascade, 
  "name" text not null, 
  "status" text not null, 
  "position" integer not null, 
  "title" text not null, 
  "openapi" text not null, 
  "source_hash" text not null, 
  "source" text not null, 
  "upstream" text, 
  "deprecated_at" integer, 
  "sunset_at" integer, 
  "successor" text, 
  "published_at" integer not null, 
  "updated_at" integer not null, 
  "fingerprint" text default '' not null, constraint "version_of_product" unique ("product_id", 
  "name")) strict;

CREATE TABLE "version_document" ("version_id" text not null primary key references "version" ("id") on delete cascade, 
  "json" text not null) strict;

CREATE TABLE "webhook_event" ("provider" text not null, 
  "id" text not null, 
  "type" text not null, 
  "occurred_at" integer not null, 
  "received_at" integer not null, 
  "processed_at" integer, 
  "attempts" integer not null, 
  "next_attempt_at" integer, 
  "error" text, 
  "payload" text not null, constraint "webhook_event_once" primary key ("provider", 
  "id")) strict;

CREATE INDEX "webhook_event_next_attempt" on "webhook_event" ("next_attempt_at");
