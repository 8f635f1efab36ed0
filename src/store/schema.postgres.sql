table account
  id text not null
  "accountId" text not null
  "providerId" text not null
  "userId" text not null
  "accessToken" text
  "refreshToken" text
  "idToken" text
  "accessTokenExpiresAt" timestamp with time zone
  "refreshTokenExpiresAt" timestamp with time zone
  scope text
  password text
  "createdAt" timestamp with time zone not null default CURRENT_TIMESTAMP
  "updatedAt" timestamp with time zone not null
  constraint account_pkey PRIMARY KEY (id)
  constraint account_userId_fkey FOREIGN KEY ("userId") REFERENCES "user"(id) ON DELETE CASCADE
CREATE UNIQUE INDEX account_pkey ON account USING btree (id)
CREATE INDEX "account_userId_idx" ON account USING btree ("userId")
table activity
  id text collate "C" not null
  consumer_id text collate "C"
  at bigint not null
  actor text collate "C" not null
  kind text collate "C" not null
  subject text collate "C"
  detail text collate "C" not null
  constraint activity_consumer_id_fkey FOREIGN KEY (consumer_id) REFERENCES consumer(id) ON DELETE CASCADE
  constraint activity_pkey PRIMARY KEY (id)
CREATE INDEX activity_consumer ON activity USING btree (consumer_id, id)
CREATE UNIQUE INDEX activity_pkey ON activity USING btree (id)
table article
  id text collate "C" not null
  product_id text collate "C"
  slug text collate "C" not null
  title text collate "C" not null
  description text collate "C" not null
  "position" bigint not null
  source text collate "C" not null
  markdown text collate "C" not null
  updated_at bigint not null
  constraint article_pkey PRIMARY KEY (id)
  constraint article_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id) ON DELETE CASCADE
CREATE INDEX article_of_product ON article USING btree (product_id, slug)
CREATE UNIQUE INDEX article_pkey ON article USING btree (id)
table asset
  name text collate "C" not null
  media_type text collate "C" not null
  content text collate "C" not null
  hash text collate "C" not null
  source text collate "C" not null
  constraint asset_pkey PRIMARY KEY (name)
CREATE UNIQUE INDEX asset_pkey ON asset USING btree (name)
table attempt
  key text collate "C" not null
  count bigint not null
  since bigint not null
  constraint attempt_pkey PRIMARY KEY (key)
CREATE UNIQUE INDEX attempt_pkey ON attempt USING btree (key)
CREATE INDEX attempt_since ON attempt USING btree (since)
table audit_entry
  id text collate "C" not null
  at bigint not null
  actor text collate "C" not null
  actor_kind text collate "C" not null
  action text collate "C" not null
  noun text collate "C" not null
  subject text collate "C"
  name text collate "C" not null
  before text collate "C"
  after text collate "C"
  constraint audit_entry_pkey PRIMARY KEY (id)
CREATE INDEX audit_entry_actor ON audit_entry USING btree (actor, id)
CREATE INDEX audit_entry_noun ON audit_entry USING btree (noun, id)
CREATE UNIQUE INDEX audit_entry_pkey ON audit_entry USING btree (id)
table billed_usage
  period_id text collate "C" not null
  meter text collate "C" not null
  quantity text collate "C" not null
  constraint billed_usage_of_period PRIMARY KEY (period_id, meter)
  constraint billed_usage_period_id_fkey FOREIGN KEY (period_id) REFERENCES billing_period(id) ON DELETE CASCADE
CREATE UNIQUE INDEX billed_usage_of_period ON billed_usage USING btree (period_id, meter)
table billing_account
  consumer_id text collate "C" not null
  name text collate "C" not null
  address text collate "C" not null
  country text collate "C"
  email text collate "C"
  tax_id text collate "C"
  tax_exempt smallint not null
  updated_at bigint not null
  constraint billing_account_consumer_id_fkey FOREIGN KEY (consumer_id) REFERENCES consumer(id) ON DELETE CASCADE
  constraint billing_account_pkey PRIMARY KEY (consumer_id)
CREATE UNIQUE INDEX billing_account_pkey ON billing_account USING btree (consumer_id)
table billing_period
  id text collate "C" not null
  subscription_id text collate "C" not null
  kind text collate "C" not null
  from_at bigint not null
  to_at bigint not null
  state text collate "C" not null
  invoice_id text collate "C"
  billed_at bigint
  constraint billing_period_once UNIQUE (subscription_id, from_at)
  constraint billing_period_pkey PRIMARY KEY (id)
  constraint billing_period_subscription_id_fkey FOREIGN KEY (subscription_id) REFERENCES subscription(id) ON DELETE RESTRICT
CREATE UNIQUE INDEX billing_period_once ON billing_period USING btree (subscription_id, from_at)
CREATE UNIQUE INDEX billing_period_pkey ON billing_period USING btree (id)
CREATE INDEX billing_period_state ON billing_period USING btree (state, to_at)
table consumer
  id text collate "C" not null
  name text collate "C" not null
  origin text collate "C" not null
  created_at bigint not null
  blocked_at bigint
  verified_at bigint
  first_success_at bigint
  first_live_success_at bigint
  first_key_at bigint
  constraint consumer_pkey PRIMARY KEY (id)
CREATE INDEX consumer_created_at ON consumer USING btree (created_at, id)
CREATE UNIQUE INDEX consumer_pkey ON consumer USING btree (id)
table coupon
  id text collate "C" not null
  code text collate "C" not null
  product_id text collate "C"
  percent text collate "C"
  amount text collate "C"
  currency text collate "C"
  periods bigint
  redemptions_max bigint
  redeemed bigint not null
  expires_at bigint
  created_at bigint not null
  created_by text collate "C" not null
  archived_at bigint
  constraint coupon_code_key UNIQUE (code)
  constraint coupon_pkey PRIMARY KEY (id)
  constraint coupon_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id) ON DELETE CASCADE
CREATE UNIQUE INDEX coupon_code_key ON coupon USING btree (code)
CREATE UNIQUE INDEX coupon_pkey ON coupon USING btree (id)
table coupon_redemption
  id text collate "C" not null
  coupon_id text collate "C" not null
  subscription_id text collate "C" not null
  at bigint not null
  periods_left bigint
  constraint coupon_redemption_coupon_id_fkey FOREIGN KEY (coupon_id) REFERENCES coupon(id) ON DELETE RESTRICT
  constraint coupon_redemption_once UNIQUE (coupon_id, subscription_id)
  constraint coupon_redemption_pkey PRIMARY KEY (id)
  constraint coupon_redemption_subscription_id_fkey FOREIGN KEY (subscription_id) REFERENCES subscription(id) ON DELETE RESTRICT
CREATE UNIQUE INDEX coupon_redemption_once ON coupon_redemption USING btree (coupon_id, subscription_id)
CREATE UNIQUE INDEX coupon_redemption_pkey ON coupon_redemption USING btree (id)
CREATE INDEX coupon_redemption_subscription ON coupon_redemption USING btree (subscription_id)
table credential_change
  seq bigint not null generated by default as identity
  key_id text collate "C" not null
  at bigint not null
  constraint credential_change_pkey PRIMARY KEY (seq)
CREATE UNIQUE INDEX credential_change_pkey ON credential_change USING btree (seq)
CREATE TRIGGER credential_change_in_turn BEFORE INSERT ON credential_change FOR EACH STATEMENT EXECUTE FUNCTION credential_change_in_turn()
table credit_grant
  id text collate "C" not null
  consumer_id text collate "C" not null
  currency text collate "C" not null
  amount text collate "C" not null
  remaining text collate "C" not null
  reason text collate "C" not null
  granted_at bigint not null
  granted_by text collate "C" not null
  expires_at bigint
  constraint credit_grant_consumer_id_fkey FOREIGN KEY (consumer_id) REFERENCES consumer(id) ON DELETE RESTRICT
  constraint credit_grant_pkey PRIMARY KEY (id)
CREATE INDEX credit_grant_consumer ON credit_grant USING btree (consumer_id, currency, expires_at)
CREATE UNIQUE INDEX credit_grant_pkey ON credit_grant USING btree (id)
table credit_use
  grant_id text collate "C" not null
  invoice_id text collate "C" not null
  amount text collate "C" not null
  at bigint not null
  constraint credit_use_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES credit_grant(id) ON DELETE RESTRICT
  constraint credit_use_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES invoice(id) ON DELETE RESTRICT
  constraint credit_use_of_invoice PRIMARY KEY (grant_id, invoice_id)
CREATE UNIQUE INDEX credit_use_of_invoice ON credit_use USING btree (grant_id, invoice_id)
table developer
  id text collate "C" not null
  consumer_id text collate "C" not null
  user_id text
  email text collate "C" not null
  created_at bigint not null
  removed_at bigint
  mail_notices smallint not null default 1
  constraint developer_consumer_id_fkey FOREIGN KEY (consumer_id) REFERENCES consumer(id) ON DELETE CASCADE
  constraint developer_of_consumer UNIQUE (consumer_id, email)
  constraint developer_pkey PRIMARY KEY (id)
  constraint developer_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE RESTRICT
CREATE INDEX developer_email ON developer USING btree (email)
CREATE UNIQUE INDEX developer_of_consumer ON developer USING btree (consumer_id, email)
CREATE UNIQUE INDEX developer_pkey ON developer USING btree (id)
CREATE UNIQUE INDEX developer_user ON developer USING btree (user_id) WHERE (removed_at IS NULL)
table document_part
  version_id text collate "C" not null
  pointer text collate "C" not null
  json text collate "C" not null
  constraint document_part_of_version PRIMARY KEY (version_id, pointer)
  constraint document_part_version_id_fkey FOREIGN KEY (version_id) REFERENCES version(id) ON DELETE CASCADE
CREATE UNIQUE INDEX document_part_of_version ON document_part USING btree (version_id, pointer)
table invitation
  id text collate "C" not null
  token_hash text collate "C" not null
  email text collate "C" not null
  consumer_id text collate "C"
  role text collate "C"
  invited_by text collate "C" not null
  created_at bigint not null
  expires_at bigint not null
  accepted_at bigint
  constraint invitation_consumer_id_fkey FOREIGN KEY (consumer_id) REFERENCES consumer(id) ON DELETE CASCADE
  constraint invitation_pkey PRIMARY KEY (id)
  constraint invitation_token_hash_key UNIQUE (token_hash)
CREATE INDEX invitation_consumer ON invitation USING btree (consumer_id)
CREATE UNIQUE INDEX invitation_pkey ON invitation USING btree (id)
CREATE UNIQUE INDEX invitation_token_hash_key ON invitation USING btree (token_hash)
table invoice
  id text collate "C" not null
  number text collate "C"
  kind text collate "C" not null
  state text collate "C" not null
  consumer_id text collate "C" not null
  subscription_id text collate "C"
  period_id text collate "C"
  corrects_invoice_id text collate "C"
  currency text collate "C" not null
  subtotal text collate "C" not null
  tax_name text collate "C"
  tax_percent text collate "C"
  tax text collate "C" not null
  total text collate "C" not null
  credit text collate "C" not null
  due text collate "C" not null
  seller text collate "C" not null
  buyer text collate "C" not null
  created_at bigint not null
  finalised_at bigint
  due_at bigint
  paid_at bigint
  voided_at bigint
  payment_state text collate "C" not null
  constraint invoice_consumer_id_fkey FOREIGN KEY (consumer_id) REFERENCES consumer(id) ON DELETE RESTRICT
  constraint invoice_corrects_invoice_id_fkey FOREIGN KEY (corrects_invoice_id) REFERENCES invoice(id) ON DELETE RESTRICT
  constraint invoice_number_key UNIQUE (number)
  constraint invoice_period_id_fkey FOREIGN KEY (period_id) REFERENCES billing_period(id) ON DELETE RESTRICT
  constraint invoice_pkey PRIMARY KEY (id)
  constraint invoice_subscription_id_fkey FOREIGN KEY (subscription_id) REFERENCES subscription(id) ON DELETE RESTRICT
CREATE INDEX invoice_consumer ON invoice USING btree (consumer_id, id)
CREATE INDEX invoice_corrects ON invoice USING btree (corrects_invoice_id)
CREATE UNIQUE INDEX invoice_number_key ON invoice USING btree (number)
CREATE INDEX invoice_period ON invoice USING btree (period_id)
CREATE UNIQUE INDEX invoice_pkey ON invoice USING btree (id)
CREATE INDEX invoice_state ON invoice USING btree (state, id)
CREATE TRIGGER invoice_is_final BEFORE UPDATE ON invoice FOR EACH ROW WHEN (((old.number IS NOT NULL) AND ((new.state = 'draft'::text) OR ((((((((((((((((((((old.id IS DISTINCT FROM new.id) OR (old.number IS DISTINCT FROM new.number)) OR (old.kind IS DISTINCT FROM new.kind)) OR (old.consumer_id IS DISTINCT FROM new.consumer_id)) OR (old.subscription_id IS DISTINCT FROM new.subscription_id)) OR (old.period_id IS DISTINCT FROM new.period_id)) OR (old.corrects_invoice_id IS DISTINCT FROM new.corrects_invoice_id)) OR (old.currency IS DISTINCT FROM new.currency)) OR (old.subtotal IS DISTINCT FROM new.subtotal)) OR (old.tax_name IS DISTINCT FROM new.tax_name)) OR (old.tax_percent IS DISTINCT FROM new.tax_percent)) OR (old.tax IS DISTINCT FROM new.tax)) OR (old.total IS DISTINCT FROM new.total)) OR (old.credit IS DISTINCT FROM new.credit)) OR (old.due IS DISTINCT FROM new.due)) OR (old.seller IS DISTINCT FROM new.seller)) OR (old.buyer IS DISTINCT FROM new.buyer)) OR (old.created_at IS DISTINCT FROM new.created_at)) OR (old.finalised_at IS DISTINCT FROM new.finalised_at)) OR (old.due_at IS DISTINCT FROM new.due_at))))) EXECUTE FUNCTION refuse_final_invoice()
CREATE TRIGGER invoice_is_kept BEFORE DELETE ON invoice FOR EACH ROW WHEN ((old.number IS NOT NULL)) EXECUTE FUNCTION refuse_final_invoice()
table invoice_line
  invoice_id text collate "C" not null
  "position" bigint not null
  kind text collate "C" not null
  description text collate "C" not null
  meter text collate "C"
  quantity text collate "C" not null
  unit_price text collate "C" not null
  amount text collate "C" not null
  from_at bigint not null
  to_at bigint not null
  period_id text collate "C"
  detail text collate "C" not null
  constraint invoice_line_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES invoice(id) ON DELETE CASCADE
  constraint invoice_line_of_invoice PRIMARY KEY (invoice_id, "position")
  constraint invoice_line_period_id_fkey FOREIGN KEY (period_id) REFERENCES billing_period(id) ON DELETE RESTRICT
CREATE UNIQUE INDEX invoice_line_of_invoice ON invoice_line USING btree (invoice_id, "position")
CREATE TRIGGER invoice_line_is_final BEFORE DELETE OR UPDATE ON invoice_line FOR EACH ROW EXECUTE FUNCTION refuse_final_invoice_line()
table key
  id text collate "C" not null
  consumer_id text collate "C" not null
  developer_id text collate "C" not null
  name text collate "C" not null
  mode text collate "C" not null
  origin text collate "C" not null
  hash text collate "C" not null
  masked text collate "C" not null
  scopes text collate "C"
  addresses text collate "C"
  created_at bigint not null
  expires_at bigint
  revoked_at bigint
  revoked_by text collate "C"
  replaced_by text collate "C"
  last_used_at bigint
  constraint key_consumer_id_fkey FOREIGN KEY (consumer_id) REFERENCES consumer(id) ON DELETE RESTRICT
  constraint key_developer_id_fkey FOREIGN KEY (developer_id) REFERENCES developer(id) ON DELETE RESTRICT
  constraint key_hash_key UNIQUE (hash)
  constraint key_pkey PRIMARY KEY (id)
CREATE INDEX key_consumer ON key USING btree (consumer_id, id)
CREATE INDEX key_developer ON key USING btree (developer_id)
CREATE UNIQUE INDEX key_hash_key ON key USING btree (hash)
CREATE UNIQUE INDEX key_pkey ON key USING btree (id)
table key_subscription
  key_id text collate "C" not null
  subscription_id text collate "C" not null
  constraint key_subscription_key_id_fkey FOREIGN KEY (key_id) REFERENCES key(id) ON DELETE CASCADE
  constraint key_subscription_pair PRIMARY KEY (key_id, subscription_id)
  constraint key_subscription_subscription_id_fkey FOREIGN KEY (subscription_id) REFERENCES subscription(id) ON DELETE CASCADE
CREATE UNIQUE INDEX key_subscription_pair ON key_subscription USING btree (key_id, subscription_id)
CREATE INDEX key_subscription_subscription ON key_subscription USING btree (subscription_id)
table learn_progress
  developer_id text collate "C" not null
  set_id text collate "C" not null
  item_id text collate "C" not null
  fingerprint text collate "C" not null
  tries bigint not null
  choice bigint
  done_at bigint
  first_choice bigint
  first_right smallint not null
  first_at bigint not null
  "right" smallint not null
  constraint learn_progress_developer_id_fkey FOREIGN KEY (developer_id) REFERENCES developer(id) ON DELETE CASCADE
  constraint learn_progress_of_item PRIMARY KEY (developer_id, set_id, item_id)
CREATE UNIQUE INDEX learn_progress_of_item ON learn_progress USING btree (developer_id, set_id, item_id)
CREATE INDEX learn_progress_set ON learn_progress USING btree (set_id, item_id)
table learn_refusal
  request_id text collate "C" not null
  consumer_id text collate "C" not null
  at bigint not null
  product_slug text collate "C"
  operation text collate "C"
  status bigint not null
  code text collate "C" not null
  constraint learn_refusal_consumer_id_fkey FOREIGN KEY (consumer_id) REFERENCES consumer(id) ON DELETE CASCADE
  constraint learn_refusal_pkey PRIMARY KEY (request_id)
CREATE INDEX learn_refusal_consumer ON learn_refusal USING btree (consumer_id, at)
CREATE UNIQUE INDEX learn_refusal_pkey ON learn_refusal USING btree (request_id)
table learn_set
  id text collate "C" not null
  "position" bigint not null
  json text collate "C" not null
  hash text collate "C" not null
  updated_at bigint not null
  constraint learn_set_pkey PRIMARY KEY (id)
CREATE UNIQUE INDEX learn_set_pkey ON learn_set USING btree (id)
table learn_start
  developer_id text collate "C" not null
  set_id text collate "C" not null
  started_at bigint not null
  finished_at bigint
  constraint learn_start_developer_id_fkey FOREIGN KEY (developer_id) REFERENCES developer(id) ON DELETE CASCADE
  constraint learn_start_of_set PRIMARY KEY (developer_id, set_id)
CREATE UNIQUE INDEX learn_start_of_set ON learn_start USING btree (developer_id, set_id)
table learn_term
  id text collate "C" not null
  "position" bigint not null
  json text collate "C" not null
  hash text collate "C" not null
  updated_at bigint not null
  constraint learn_term_pkey PRIMARY KEY (id)
CREATE UNIQUE INDEX learn_term_pkey ON learn_term USING btree (id)
table mail
  id text collate "C" not null
  "to" text collate "C" not null
  subject text collate "C" not null
  text text collate "C" not null
  html text collate "C" not null
  created_at bigint not null
  sent_at bigint
  error text collate "C"
  attempts bigint not null default 0
  next_attempt_at bigint
  constraint mail_pkey PRIMARY KEY (id)
CREATE INDEX mail_next_attempt ON mail USING btree (next_attempt_at)
CREATE UNIQUE INDEX mail_pkey ON mail USING btree (id)
table member
  id text collate "C" not null
  user_id text not null
  role text collate "C" not null
  created_at bigint not null
  constraint member_pkey PRIMARY KEY (id)
  constraint member_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE RESTRICT
  constraint member_user_id_key UNIQUE (user_id)
CREATE UNIQUE INDEX member_pkey ON member USING btree (id)
CREATE UNIQUE INDEX member_user_id_key ON member USING btree (user_id)
table notice
  id text collate "C" not null
  consumer_id text collate "C" not null
  at bigint not null
  kind text collate "C" not null
  occasion text collate "C" not null
  detail text collate "C" not null
  read_at bigint
  mailed_at bigint
  constraint notice_consumer_id_fkey FOREIGN KEY (consumer_id) REFERENCES consumer(id) ON DELETE CASCADE
  constraint notice_once UNIQUE (consumer_id, occasion)
  constraint notice_pkey PRIMARY KEY (id)
CREATE INDEX notice_consumer ON notice USING btree (consumer_id, id)
CREATE INDEX notice_mail ON notice USING btree (mailed_at, id)
CREATE UNIQUE INDEX notice_once ON notice USING btree (consumer_id, occasion)
CREATE UNIQUE INDEX notice_pkey ON notice USING btree (id)
table operation
  version_id text collate "C" not null
  "position" bigint not null
  operation text collate "C" not null
  slug text collate "C" not null
  method text collate "C" not null
  path text collate "C" not null
  summary text collate "C" not null
  tag text collate "C"
  deprecated smallint not null
  enum_parameters text collate "C" not null
  example text collate "C"
  constraint operation_id UNIQUE (version_id, operation)
  constraint operation_of_version PRIMARY KEY (version_id, "position")
  constraint operation_slug UNIQUE (version_id, slug)
  constraint operation_version_id_fkey FOREIGN KEY (version_id) REFERENCES version(id) ON DELETE CASCADE
CREATE UNIQUE INDEX operation_id ON operation USING btree (version_id, operation)
CREATE UNIQUE INDEX operation_of_version ON operation USING btree (version_id, "position")
CREATE UNIQUE INDEX operation_slug ON operation USING btree (version_id, slug)
table page_feedback
  id text collate "C" not null
  at bigint not null
  path text collate "C" not null
  helpful smallint not null
  comment text collate "C"
  product_id text collate "C"
  developer_id text collate "C"
  constraint page_feedback_developer_id_fkey FOREIGN KEY (developer_id) REFERENCES developer(id) ON DELETE SET NULL
  constraint page_feedback_pkey PRIMARY KEY (id)
  constraint page_feedback_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id) ON DELETE CASCADE
CREATE UNIQUE INDEX page_feedback_pkey ON page_feedback USING btree (id)
CREATE INDEX page_feedback_product ON page_feedback USING btree (product_id, at)
table payment
  id text collate "C" not null
  invoice_id text collate "C" not null
  refunds_id text collate "C"
  provider text collate "C" not null
  reference text collate "C"
  state text collate "C" not null
  amount text collate "C" not null
  attempts bigint not null
  next_attempt_at bigint
  error text collate "C"
  url text collate "C"
  created_at bigint not null
  updated_at bigint not null
  constraint payment_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES invoice(id) ON DELETE RESTRICT
  constraint payment_pkey PRIMARY KEY (id)
CREATE INDEX payment_invoice ON payment USING btree (invoice_id)
CREATE INDEX payment_next_attempt ON payment USING btree (next_attempt_at)
CREATE UNIQUE INDEX payment_pkey ON payment USING btree (id)
table payment_customer
  consumer_id text collate "C" not null
  provider text collate "C" not null
  reference text collate "C" not null
  method text collate "C"
  method_label text collate "C"
  updated_at bigint not null
  constraint payment_customer_consumer_id_fkey FOREIGN KEY (consumer_id) REFERENCES consumer(id) ON DELETE RESTRICT
  constraint payment_customer_of_provider PRIMARY KEY (consumer_id, provider)
  constraint payment_customer_reference UNIQUE (provider, reference)
CREATE UNIQUE INDEX payment_customer_of_provider ON payment_customer USING btree (consumer_id, provider)
CREATE UNIQUE INDEX payment_customer_reference ON payment_customer USING btree (provider, reference)
table plan
  id text collate "C" not null
  product_id text collate "C" not null
  slug text collate "C" not null
  name text collate "C" not null
  "position" bigint not null
  access text collate "C" not null
  is_default smallint not null
  current_revision_id text collate "C" not null
  archived_at bigint
  created_at bigint not null
  constraint plan_of_product UNIQUE (product_id, slug)
  constraint plan_pkey PRIMARY KEY (id)
  constraint plan_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id) ON DELETE CASCADE
CREATE UNIQUE INDEX plan_of_product ON plan USING btree (product_id, slug)
CREATE UNIQUE INDEX plan_pkey ON plan USING btree (id)
table plan_revision
  id text collate "C" not null
  plan_id text collate "C" not null
  number bigint not null
  config text collate "C" not null
  created_at bigint not null
  constraint plan_revision_pkey PRIMARY KEY (id)
  constraint plan_revision_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plan(id) ON DELETE CASCADE
  constraint revision_of_plan UNIQUE (plan_id, number)
CREATE UNIQUE INDEX plan_revision_pkey ON plan_revision USING btree (id)
CREATE UNIQUE INDEX revision_of_plan ON plan_revision USING btree (plan_id, number)
table product
  id text collate "C" not null
  slug text collate "C" not null
  name text collate "C" not null
  description text collate "C" not null
  layer text collate "C"
  owner text collate "C"
  access text collate "C" not null
  "position" bigint not null
  upstream text collate "C" not null
  test_upstream text collate "C"
  config text collate "C" not null
  created_at bigint not null
  updated_at bigint not null
  removed_at bigint
  constraint product_pkey PRIMARY KEY (id)
  constraint product_slug_key UNIQUE (slug)
CREATE UNIQUE INDEX product_pkey ON product USING btree (id)
CREATE UNIQUE INDEX product_slug_key ON product USING btree (slug)
table product_invitation
  id text collate "C" not null
  product_id text collate "C" not null
  email text collate "C" not null
  invited_by text collate "C" not null
  created_at bigint not null
  constraint product_invitation_once UNIQUE (product_id, email)
  constraint product_invitation_pkey PRIMARY KEY (id)
  constraint product_invitation_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id) ON DELETE CASCADE
CREATE INDEX product_invitation_email ON product_invitation USING btree (email)
CREATE UNIQUE INDEX product_invitation_once ON product_invitation USING btree (product_id, email)
CREATE UNIQUE INDEX product_invitation_pkey ON product_invitation USING btree (id)
table "rateLimit"
  id text not null
  key text not null
  count integer not null
  "lastRequest" bigint not null
  constraint rateLimit_key_key UNIQUE (key)
  constraint rateLimit_pkey PRIMARY KEY (id)
CREATE UNIQUE INDEX "rateLimit_key_key" ON "rateLimit" USING btree (key)
CREATE UNIQUE INDEX "rateLimit_pkey" ON "rateLimit" USING btree (id)
table sample_run
  version_id text collate "C" not null
  operation text collate "C" not null
  at bigint not null
  worked smallint not null
  worked_at bigint
  status bigint
  duration_us bigint
  reason text collate "C"
  answer text collate "C"
  constraint sample_run_of_operation PRIMARY KEY (version_id, operation)
  constraint sample_run_version_id_fkey FOREIGN KEY (version_id) REFERENCES version(id) ON DELETE CASCADE
CREATE UNIQUE INDEX sample_run_of_operation ON sample_run USING btree (version_id, operation)
table schema_migration
  number bigint not null
  name text collate "C" not null
  applied_at bigint not null
  constraint schema_migration_pkey PRIMARY KEY (number)
CREATE UNIQUE INDEX schema_migration_pkey ON schema_migration USING btree (number)
table search_index
  scope text collate "C" not null
  product_id text collate "C"
  hash text collate "C" not null
  json text collate "C" not null
  constraint search_index_pkey PRIMARY KEY (scope)
  constraint search_index_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id) ON DELETE CASCADE
CREATE UNIQUE INDEX search_index_pkey ON search_index USING btree (scope)
table session
  id text not null
  "expiresAt" timestamp with time zone not null
  token text not null
  "createdAt" timestamp with time zone not null default CURRENT_TIMESTAMP
  "updatedAt" timestamp with time zone not null
  "ipAddress" text
  "userAgent" text
  "userId" text not null
  constraint session_pkey PRIMARY KEY (id)
  constraint session_token_key UNIQUE (token)
  constraint session_userId_fkey FOREIGN KEY ("userId") REFERENCES "user"(id) ON DELETE CASCADE
CREATE UNIQUE INDEX session_pkey ON session USING btree (id)
CREATE UNIQUE INDEX session_token_key ON session USING btree (token)
CREATE INDEX "session_userId_idx" ON session USING btree ("userId")
table setting
  name text collate "C" not null
  value text collate "C" not null
  constraint setting_pkey PRIMARY KEY (name)
CREATE UNIQUE INDEX setting_pkey ON setting USING btree (name)
table spool_position
  segment text collate "C" not null
  "offset" bigint not null
  finished smallint not null
  corrupt_records bigint not null
  updated_at bigint not null
  constraint spool_position_pkey PRIMARY KEY (segment)
CREATE UNIQUE INDEX spool_position_pkey ON spool_position USING btree (segment)
table subscription
  id text collate "C" not null
  consumer_id text collate "C" not null
  product_id text collate "C" not null
  plan_id text collate "C" not null
  plan_revision_id text collate "C" not null
  state text collate "C" not null
  anchor_at bigint not null
  created_at bigint not null
  ended_at bigint
  requested_plan_id text collate "C"
  trial_ends_at bigint
  scheduled_plan_id text collate "C"
  scheduled_plan_revision_id text collate "C"
  scheduled_revision_id text collate "C"
  scheduled_at bigint
  cancel_at_period_end smallint not null default 0
  spend_cap text collate "C"
  spend_alerts text collate "C" not null default '[50,80,100]'::text
  constraint subscription_consumer_id_fkey FOREIGN KEY (consumer_id) REFERENCES consumer(id) ON DELETE RESTRICT
  constraint subscription_pkey PRIMARY KEY (id)
  constraint subscription_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plan(id) ON DELETE RESTRICT
  constraint subscription_plan_revision_id_fkey FOREIGN KEY (plan_revision_id) REFERENCES plan_revision(id) ON DELETE RESTRICT
  constraint subscription_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id) ON DELETE RESTRICT
  constraint subscription_requested_plan_id_fkey FOREIGN KEY (requested_plan_id) REFERENCES plan(id) ON DELETE SET NULL
  constraint subscription_scheduled_plan_id_fkey FOREIGN KEY (scheduled_plan_id) REFERENCES plan(id) ON DELETE SET NULL
  constraint subscription_scheduled_plan_revision_id_fkey FOREIGN KEY (scheduled_plan_revision_id) REFERENCES plan_revision(id) ON DELETE SET NULL
  constraint subscription_scheduled_revision_id_fkey FOREIGN KEY (scheduled_revision_id) REFERENCES plan_revision(id) ON DELETE SET NULL
CREATE INDEX subscription_consumer ON subscription USING btree (consumer_id, product_id)
CREATE UNIQUE INDEX subscription_pkey ON subscription USING btree (id)
CREATE INDEX subscription_plan ON subscription USING btree (plan_id)
CREATE INDEX subscription_requested_plan ON subscription USING btree (requested_plan_id)
table subscription_phase
  id text collate "C" not null
  subscription_id text collate "C" not null
  plan_revision_id text collate "C" not null
  from_at bigint not null
  to_at bigint
  reason text collate "C" not null
  constraint subscription_phase_pkey PRIMARY KEY (id)
  constraint subscription_phase_plan_revision_id_fkey FOREIGN KEY (plan_revision_id) REFERENCES plan_revision(id) ON DELETE RESTRICT
  constraint subscription_phase_subscription_id_fkey FOREIGN KEY (subscription_id) REFERENCES subscription(id) ON DELETE RESTRICT
CREATE UNIQUE INDEX subscription_phase_pkey ON subscription_phase USING btree (id)
CREATE INDEX subscription_phase_subscription ON subscription_phase USING btree (subscription_id, from_at)
table tax_rate
  country text collate "C" not null
  name text collate "C" not null
  percent text collate "C" not null
  constraint tax_rate_pkey PRIMARY KEY (country)
CREATE UNIQUE INDEX tax_rate_pkey ON tax_rate USING btree (country)
table token_binding
  id text collate "C" not null
  issuer text collate "C" not null
  subject text collate "C" not null
  key_id text collate "C" not null
  created_at bigint not null
  created_by text collate "C" not null
  constraint token_binding_key_id_fkey FOREIGN KEY (key_id) REFERENCES key(id) ON DELETE CASCADE
  constraint token_binding_once UNIQUE (issuer, subject)
  constraint token_binding_pkey PRIMARY KEY (id)
CREATE INDEX token_binding_key ON token_binding USING btree (key_id)
CREATE UNIQUE INDEX token_binding_once ON token_binding USING btree (issuer, subject)
CREATE UNIQUE INDEX token_binding_pkey ON token_binding USING btree (id)
table upgrade_case
  id text collate "C" not null
  token_hash text collate "C" not null
  subscription_id text collate "C" not null
  developer_id text collate "C" not null
  message text collate "C" not null
  created_at bigint not null
  expires_at bigint not null
  revoked_at bigint
  approved_at bigint
  approved_by text collate "C"
  constraint upgrade_case_developer_id_fkey FOREIGN KEY (developer_id) REFERENCES developer(id) ON DELETE CASCADE
  constraint upgrade_case_pkey PRIMARY KEY (id)
  constraint upgrade_case_subscription_id_fkey FOREIGN KEY (subscription_id) REFERENCES subscription(id) ON DELETE CASCADE
  constraint upgrade_case_token_hash_key UNIQUE (token_hash)
CREATE UNIQUE INDEX upgrade_case_pkey ON upgrade_case USING btree (id)
CREATE INDEX upgrade_case_subscription ON upgrade_case USING btree (subscription_id)
CREATE UNIQUE INDEX upgrade_case_token_hash_key ON upgrade_case USING btree (token_hash)
table usage
  subscription_id text collate "C" not null
  meter text collate "C" not null
  operation text collate "C" not null
  version text collate "C" not null
  mode text collate "C" not null
  hour bigint not null
  quantity text collate "C" not null
  constraint usage_of_hour PRIMARY KEY (subscription_id, meter, operation, version, mode, hour)
CREATE INDEX usage_hour ON usage USING btree (subscription_id, hour)
CREATE UNIQUE INDEX usage_of_hour ON usage USING btree (subscription_id, meter, operation, version, mode, hour)
table usage_month
  subscription_id text collate "C" not null
  from_at bigint not null
  sums text collate "C" not null
  constraint usage_month_of_subscription PRIMARY KEY (subscription_id, from_at)
CREATE UNIQUE INDEX usage_month_of_subscription ON usage_month USING btree (subscription_id, from_at)
table "user"
  id text not null
  name text not null
  email text not null
  "emailVerified" boolean not null
  image text
  "createdAt" timestamp with time zone not null default CURRENT_TIMESTAMP
  "updatedAt" timestamp with time zone not null default CURRENT_TIMESTAMP
  constraint user_email_key UNIQUE (email)
  constraint user_pkey PRIMARY KEY (id)
CREATE UNIQUE INDEX user_email_key ON "user" USING btree (email)
CREATE UNIQUE INDEX user_pkey ON "user" USING btree (id)
table verification
  id text not null
  identifier text not null
  value text not null
  "expiresAt" timestamp with time zone not null
  "createdAt" timestamp with time zone not null default CURRENT_TIMESTAMP
  "updatedAt" timestamp with time zone not null default CURRENT_TIMESTAMP
  constraint verification_pkey PRIMARY KEY (id)
CREATE INDEX verification_identifier_idx ON verification USING btree (identifier)
CREATE UNIQUE INDEX verification_pkey ON verification USING btree (id)
table version
  id text collate "C" not null
  product_id text collate "C" not null
  name text collate "C" not null
  status text collate "C" not null
  "position" bigint not null
  title text collate "C" not null
  openapi text collate "C" not null
  source_hash text collate "C" not null
  source text collate "C" not null
  upstream text collate "C"
  deprecated_at bigint
  sunset_at bigint
  successor text collate "C"
  published_at bigint not null
  updated_at bigint not null
  fingerprint text collate "C" not null default ''::text
  constraint version_of_product UNIQUE (product_id, name)
  constraint version_pkey PRIMARY KEY (id)
  constraint version_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id) ON DELETE CASCADE
CREATE UNIQUE INDEX version_of_product ON version USING btree (product_id, name)
CREATE UNIQUE INDEX version_pkey ON version USING btree (id)
table version_document
  version_id text collate "C" not null
  json text collate "C" not null
  constraint version_document_pkey PRIMARY KEY (version_id)
  constraint version_document_version_id_fkey FOREIGN KEY (version_id) REFERENCES version(id) ON DELETE CASCADE
CREATE UNIQUE INDEX version_document_pkey ON version_document USING btree (version_id)
table webhook_event
  provider text collate "C" not null
  id text collate "C" not null
  type text collate "C" not null
  occurred_at bigint not null
  received_at bigint not null
  processed_at bigint
  attempts bigint not null
  next_attempt_at bigint
  error text collate "C"
  payload text collate "C" not null
  constraint webhook_event_once PRIMARY KEY (provider, id)
CREATE INDEX webhook_event_next_attempt ON webhook_event USING btree (next_attempt_at)
CREATE UNIQUE INDEX webhook_event_once ON webhook_event USING btree (provider, id)
