import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { CreatedKey } from '../control/services.ts';
import { startStripe, stripeSecret, type StripeServer } from '../control/payments/stripe/stripe-server.testkit.ts';
import { archive, atlas, serveApi } from './testkit.ts';
import type { ServedApi } from './testkit.ts';

interface Operation { operationId: string; responses: Record<string, { content?: Record<string, { schema: object }> }>; requestBody?: { content: Record<string, { example: unknown }> } }
interface Document { paths: Record<string, Record<string, Operation>>; components: object }

let served: ServedApi;
let stripe: StripeServer;
let document: Document;
let ajv: Ajv2020;
const called = new Set<string>();

before(async () => {
  stripe = await startStripe();
  served = await serveApi({ stripe: { secret: stripeSecret, webhookSecret: stripe.webhookSecret, apiUrl: stripe.url } });
  document = (await served.send('GET', '/api/openapi.json')).body as Document;
  ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema(document, 'api');
});
after(async () => {
  await served.close();
  await stripe.close();
});

/** Of an open invoice: its page is left again. */
async function callPayments(consumer: string, number: string): Promise<void> {
  const body = { returnPath: '/dashboard/payment' };
  assert.deepEqual((await call<{ method: null }>('GET', `/consumers/${consumer}/payment-method`)).body.method, null);
  assert.match((await call<{ url: string }>('POST', `/consumers/${consumer}/payment-method`, body)).body.url, /^https:/);
  assert.equal((await call('POST', `/consumers/${consumer}/payment-method`, { returnPath: '//elsewhere.example' })).status, 400);
  assert.equal((await call('POST', `/invoices/${number}/collect`)).status, 409);
  const page = (await call<{ url: string }>('POST', `/invoices/${number}/payment-page`, body)).body.url;
  assert.equal((await call<{ url: string }>('POST', `/invoices/${number}/payment-page`, body)).body.url, page);
  assert.equal((await call('POST', `/invoices/${number}/pay`, {})).status, 409, 'while the page is open');
  const session = stripe.sessions.find(({ url }) => url === page)!;
  session['status'] = 'expired';
  const forged = await fetch(`${served.url}/api/webhooks/stripe`, { method: 'POST', body: '{}', headers: { 'stripe-signature': 't=1,v1=00' } });
  assert.equal(forged.status, 400);
  const report = async (type: string, object: Record<string, unknown>): Promise<void> => {
    const { body, signature } = stripe.sign(type, object);
    assert.equal((await fetch(`${served.url}/api/webhooks/stripe`, { method: 'POST', body: body as Uint8Array<ArrayBuffer>, headers: { 'stripe-signature': signature } })).status, 200);
  };
  await report('checkout.session.expired', session);
  const [event] = (await call<{ events: { id: string }[] }>('GET', '/payments/events')).body.events;
  assert.deepEqual((await call<{ events: unknown[] }>('GET', '/payments/events?failed=true')).body.events, []);
  while ((await call<{ events: { processedAt: string | null }[] }>('GET', '/payments/events')).body.events[0]!.processedAt === null) await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await call('POST', `/payments/events/${event!.id}/retry`)).status, 409);
  assert.equal((await call('POST', '/payments/events/evt_none/retry')).status, 404);
  await report('checkout.session.completed', stripe.finishPage(stripe.sessions[0]!.id, { fate: 'declined' }));
  while ((await call<{ paymentState: string }>('GET', `/invoices/${number}`)).body.paymentState !== 'failed') await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await call<{ paymentState: string }>('POST', `/invoices/${number}/collect`)).body.paymentState, 'failed', 'declined again');
  await report('payment_intent.succeeded', { id: 'pi_none', metadata: { portico_payment: 'pay_none' } });
  const failed = async () => (await call<{ events: { id: string }[] }>('GET', '/payments/events?failed=true')).body.events;
  while ((await failed()).length === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await call('POST', `/payments/events/${(await failed())[0]!.id}/retry`)).status, 204);
}

/** Calls it, and holds the answer to what the document says of its operation and status. */
async function call<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
  const answer = await served.send(method, `/api/v1${path}`, body);
  const bare = `/api/v1${path.split('?')[0]}`;
  const found = Object.entries(document.paths).filter(([template, methods]) => methods[method.toLowerCase()] && new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(bare)).toSorted(([a], [b]) => a.split('{').length - b.split('{').length)[0];
  assert.ok(found, `the document has ${method} ${path}`);
  const operation = found[1][method.toLowerCase()]!;
  const described = operation.responses[String(answer.status)];
  assert.ok(described, `${operation.operationId} describes its ${answer.status}: ${JSON.stringify(answer.body)}`);
  const [mediaType] = Object.keys(described.content ?? {});
  if (mediaType === undefined) assert.equal(answer.body, '');
  else if (mediaType.includes('json')) {
    const pointer = ['paths', found[0], method.toLowerCase(), 'responses', String(answer.status), 'content', mediaType, 'schema'].map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    const validate = ajv.getSchema(`api#/${pointer}`)!;
    assert.ok(validate(answer.body), `${operation.operationId} answers as its schema says: ${JSON.stringify(validate.errors)} in ${JSON.stringify(answer.body)}`);
  }
  if (answer.status < 400) called.add(operation.operationId);
  return answer as { status: number; body: T };
}

/** A subscription to the plan `paid` that began then. */
async function billedSince(consumerId: string, startedAt: number): Promise<void> {
  await served.services.plans.subscribe({ kind: 'admin-token' }, { consumerId, productSlug: 'billed', planSlug: 'paid', startedAt });
}

const invited = (link: string): string => new URL(link).searchParams.get('token')!;
const form = (): Request => new Request('http://portal.example/', { method: 'POST', headers: { origin: 'http://portal.example', 'x-forwarded-for': '192.0.2.1' } });

describe('every route does its work and answers as the document says', () => {
  let key: CreatedKey;

  test('configuration', async () => {
    const planned = (await call<{ changes: { action: string }[]; applied: boolean }>('POST', '/configuration', { bundle: atlas, dryRun: true })).body;
    assert.equal(planned.applied, false);
    assert.ok(planned.changes.some(({ action }) => action === 'add'));
    assert.equal((await call<{ applied: boolean }>('POST', '/configuration', { bundle: atlas })).body.applied, true);
    const { body: exported } = await call<typeof atlas>('GET', '/configuration');
    const again = (await call<{ changes: { action: string }[] }>('POST', '/configuration', { bundle: exported, dryRun: true })).body;
    assert.deepEqual(again.changes.filter(({ action }) => action !== 'keep'), []);
    assert.equal((await call<{ keyPrefix: string }>('GET', '/portal')).body.keyPrefix, 'atlas');
    assert.equal((await call<{ code: string }>('POST', '/configuration', { bundle: { ...atlas, text: atlas.text.replace('slug: free', 'slugg: free') } })).body.code, 'config_invalid');
  });

  test('products', async () => {
    assert.deepEqual((await call<{ products: { slug: string }[] }>('GET', '/products')).body.products.map(({ slug }) => slug), ['atlas']);
    const product = (await call<{ baseUrls: Record<string, string>; versions: { publishedAt: string }[] }>('GET', '/products/atlas')).body;
    assert.equal(product.baseUrls['v1'], 'http://gateway.example/atlas/v1');
    assert.match(product.versions[0]!.publishedAt, /^\d{4}-\d\d-\d\dT.*Z$/);
    await call('GET', '/products/atlas/versions');
    const { operations } = (await call<{ operations: { slug: string }[] }>('GET', '/products/atlas/versions/v1/operations')).body;
    assert.equal(operations.length, 2);
    for (const { slug } of operations) await call('GET', `/products/atlas/versions/v1/operations/${slug}`);
    assert.equal((await call<{ openapi: string }>('GET', '/products/atlas/versions/v1/document')).body.openapi, '3.1.0');
    assert.equal((await call<{ plans: { slug: string }[] }>('GET', '/products/atlas/plans')).body.plans[0]!.slug, 'free');
    assert.equal((await call('GET', '/products/nowhere')).status, 404);
  });

  test('products by hand', async () => {
    const text = atlas.files[0]!.text;
    assert.deepEqual((await call<{ versions: unknown[] }>('POST', '/products', { slug: 'made', upstream: 'http://127.0.0.1:1' })).body.versions, []);
    assert.equal((await call<{ code: string }>('POST', '/products', { slug: 'made', upstream: 'http://127.0.0.1:1' })).body.code, 'conflict');
    await call('PUT', '/products/made/versions/v1', { fileName: 'a.yaml', text, draft: true });
    assert.equal((await call<{ status: string }>('PATCH', '/products/made/versions/v1', { status: 'published' })).body.status, 'published');
    const told = (await call<{ added: unknown[]; removed: { path: string }[]; unchanged: number }>('POST', '/products/made/versions/v1/compare', { fileName: 'a.yaml', text: text.replace('/cities/{id}', '/towns/{id}') })).body;
    assert.deepEqual([told.added.length, told.removed.map(({ path }) => path), told.unchanged], [1, ['/cities/{id}'], 1]);
    assert.deepEqual((await call<{ total: number }>('GET', '/products/made/versions/v1/callers')).body, { callers: [], total: 0 });
    await call('PUT', '/products/made/versions/v2', { fileName: 'a.yaml', text, draft: true });
    assert.equal((await call('DELETE', '/products/made/versions/v2')).status, 204);
    assert.equal((await call<{ access: string }>('PATCH', '/products/made/settings', { access: 'private' })).body.access, 'private');
    assert.equal((await call<{ access: string }>('GET', '/products/made/settings')).body.access, 'private');
    assert.deepEqual((await call<{ checks: { reachable: boolean }[] }>('POST', '/products/made/upstream-check')).body.checks.map(({ reachable }) => reachable), [false]);
    const { id } = (await call<{ id: string }>('POST', '/products/made/invitations', { email: 'guest@example.com' })).body;
    assert.deepEqual((await call<{ invitations: { email: string }[] }>('GET', '/products/made/invitations')).body.invitations.map(({ email }) => email), ['guest@example.com']);
    assert.equal((await call('DELETE', `/products/made/invitations/${id}`)).status, 204);
    assert.equal((await call('DELETE', '/products/made')).status, 204);
  });

  test('documentation runs', async () => {
    const { versions, failed } = (await call<{ versions: { version: string; notRun: number }[]; failed: unknown[] }>('GET', '/products/atlas/documentation-runs')).body;
    assert.deepEqual([versions.map(({ version }) => version), failed], [['v1'], []]);
    assert.equal((await call<{ samples: number }>('POST', '/products/atlas/documentation-runs', {})).body.samples, 2);
    assert.equal((await call<{ code: string }>('POST', '/products/atlas/documentation-runs', { version: 'v9' })).body.code, 'not_found');
  });

  test('terms and exercises are written, read, checked and removed', async () => {
    const set = { title: 'Paging', published: true, terms: ['cursor'], items: [{ id: 'end', question: 'Which?', choices: [{ text: 'This', right: true, why: 'Yes.' }, { text: 'That', why: 'No.' }] }] };
    assert.equal((await call<{ name: string }>('PUT', '/learn/terms/cursor', { name: 'Cursor', definition: 'A mark.' })).body.name, 'Cursor');
    assert.equal((await call<{ items: object[] }>('PUT', '/learn/sets/paging', set)).body.items.length, 1);
    const wrong = await call<{ code: string; errors: { pointer: string }[] }>('PUT', '/learn/sets/paging', { ...set, items: [{ ...set.items[0], choices: set.items[0]!.choices.map(({ text, why }) => ({ text, why })) }] });
    assert.deepEqual([wrong.body.code, wrong.body.errors[0]!.pointer], ['input_invalid', '/items/0/choices']);
    assert.ok((await call<{ terms: { id: string; own: boolean }[] }>('GET', '/learn/terms')).body.terms.some(({ id, own }) => id === 'cursor' && own));
    assert.deepEqual((await call<{ sets: { id: string; terms: string[] }[] }>('GET', '/learn/sets')).body.sets[0]!.terms, ['cursor']);
    assert.equal((await call<{ code: string }>('DELETE', '/learn/terms/cursor')).body.code, 'input_invalid', 'the exercise names it');
    const checked = await call<{ mistakes: { file: string; line: number }[] }>('POST', '/learn/check', { files: [{ path: 'a.yaml', text: 'terms:\n  - { id: a, name: A, definition: D, related: [b] }\n' }] });
    assert.deepEqual(checked.body.mistakes.map(({ file, line }) => [file, line]), [['a.yaml', 2]]);
    assert.equal((await call<{ least: number }>('GET', '/learn/statistics')).body.least, 20);
    assert.equal((await call('DELETE', '/learn/sets/paging')).status, 204);
    assert.equal((await call('DELETE', '/learn/terms/cursor')).status, 204);
  });

  test('plans by hand', async () => {
    const plan = { name: 'Scale', description: '', default: false, access: 'public', currency: 'usd', interval: 'month', fee: '0.10', trialDays: 0, limits: [], operations: null, prices: [] };
    assert.equal((await call<{ fee: string }>('PUT', '/products/atlas/plans/scale', plan)).body.fee, '0.10');
    assert.deepEqual((await call<{ revisions: { number: number }[] }>('PUT', '/products/atlas/plans/scale', { ...plan, fee: '0.20', moveSubscribers: true })).body.revisions.map(({ number }) => number), [2]);
    assert.deepEqual((await call<{ errors: { pointer: string }[] }>('PUT', '/products/atlas/plans/scale', { ...plan, interval: null })).body.errors.map(({ pointer }) => pointer), ['/fee']);
    const order = (await call<{ plans: { slug: string }[] }>('PUT', '/products/atlas/plan-order', { plans: ['scale', 'free', 'partner'] })).body.plans.map(({ slug }) => slug);
    assert.deepEqual(order, ['scale', 'free', 'partner']);
    await call('PUT', '/products/atlas/plan-order', { plans: ['free', 'partner', 'scale'] });
    assert.notEqual((await call<{ archivedAt: string | null }>('POST', '/products/atlas/plans/scale/archive', { archived: true })).body.archivedAt, null);
    assert.equal((await call<{ plans: unknown[] }>('GET', '/products/atlas/plans/details')).body.plans.length, 3);
    assert.equal((await call('GET', '/attention')).status, 200);
    assert.equal((await call('GET', '/products/atlas/versions/v9/operations')).status, 404);
  });

  test('publishing', async () => {
    const upload = { fileName: 'v2.yaml', text: atlas.files[0]!.text };
    assert.equal((await call<{ operations: object[] }>('POST', '/documents/inspect', upload)).body.operations.length, 2);
    assert.equal((await call('PUT', '/products/atlas/versions/v2', { ...upload, dryRun: true })).status, 200);
    assert.equal((await call<{ product: { currentVersion: string } }>('PUT', '/products/atlas/versions/v2', upload)).body.product.currentVersion, 'v2');
    const refused = (await call<{ code: string; errors: { line: number }[] }>('PUT', '/products/atlas/versions/v3', { fileName: 'v3.yaml', text: 'openapi: 3.1.0\ninfo: { title: A }\npaths: {}\n' })).body;
    assert.equal(refused.code, 'contract_invalid');
    assert.ok(refused.errors[0]!.line >= 1);
  });

  test('keys', async () => {
    key = (await call<CreatedKey>('POST', '/keys', { email: 'dev@example.com', product: 'atlas', plan: 'free', name: 'first' })).body;
    assert.match(key.key, /^atlas_live_/);
    const second = (await call<CreatedKey>('POST', `/consumers/${key.consumer}/keys`, { product: 'atlas', mode: 'test', expiresAt: '2099-01-01T00:00:00Z' })).body;
    assert.match(second.key, /^atlas_test_/);
    const page = (await call<{ keys: { id: string; masked: string }[]; nextCursor: string }>('GET', '/keys?limit=1')).body;
    assert.equal(page.keys.length, 1);
    const rest = (await call<{ keys: { id: string }[] }>('GET', `/keys?limit=1&cursor=${encodeURIComponent(page.nextCursor)}&consumer=${key.consumer}`)).body;
    assert.deepEqual(new Set([page.keys[0]!.id, rest.keys[0]!.id]), new Set([key.id, second.id]));
    assert.equal((await call<{ name: string }>('PATCH', `/keys/${key.id}`, { name: 'renamed' })).body.name, 'renamed');
    const rolled = (await call<CreatedKey & { previousExpiresAt: string }>('POST', `/keys/${second.id}/roll`, { overlapMs: 60_000 })).body;
    assert.ok(Date.parse(rolled.previousExpiresAt) > Date.now());
    assert.equal((await call<{ state: string }>('POST', `/keys/${rolled.id}/revoke`)).body.state, 'revoked');
    for (const [method, path, body] of [['POST', '/keys/key_none/revoke', undefined], ['PATCH', '/keys/key_none', { name: 'x' }], ['POST', '/keys', { email: 'dev@example.com', product: 'nowhere' }]] as const) assert.equal((await call(method, path, body)).status, 404, path);
  });

  test('tokens of other issuers', async () => {
    const jwk = '{ kty: OKP, crv: Ed25519, x: 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo }';
    const text = atlas.text.replace('    testUpstream', `    policies: { tokens: { issuers: [ { issuer: https://id.example, audience: atlas, jwks: { keys: [ ${jwk} ] } } ] } }\n    testUpstream`);
    await call('POST', '/configuration', { bundle: { ...atlas, text } });
    assert.deepEqual((await call<{ tokens: object }>('GET', '/products/atlas')).body.tokens, { own: false, issuers: ['https://id.example'] });
    const binding = { issuer: 'https://id.example', subject: 'billing', key: key.id };
    const { id } = (await call<{ id: string }>('POST', '/token-bindings', binding)).body;
    assert.deepEqual((await call<{ bindings: { id: string; masked: string }[] }>('GET', `/token-bindings?key=${key.id}`)).body.bindings.map((row) => [row.id, row.masked]), [[id, key.summary.masked]]);
    assert.equal((await call('POST', '/token-bindings', binding)).status, 409);
    assert.equal((await call('POST', '/token-bindings', { ...binding, issuer: 'https://else.example' })).status, 400);
    assert.equal((await call('POST', `/token-bindings/${id}/unbind`)).status, 200);
    assert.equal((await call('POST', `/token-bindings/${id}/unbind`)).status, 404);
    await call('POST', '/configuration', { bundle: atlas });
  });

  test('usage, limits and requests', async () => {
    const good = await served.call(key);
    await served.call(key, { operation: 'getCity', status: 429, code: 'rate_limited', upstreamStatus: null, durationMs: 0.2 });
    const usage = (await call<{ usage: object[]; total: Record<string, string> }>('GET', '/usage?email=dev%40example.com&product=atlas&since=1h')).body;
    assert.equal(usage.total['requests'], '1');
    assert.ok(usage.usage.some((row) => JSON.stringify(row) === JSON.stringify({ meter: 'requests', operation: 'listCities', version: 'v1', mode: 'live', quantity: '1' })));
    await call('GET', `/usage/days?consumer=${key.consumer}`);
    assert.ok((await call<{ limits: { limit: { name: string } }[] }>('GET', `/consumers/${key.consumer}/limits`)).body.limits.some(({ limit }) => limit.name === 'monthly'));
    const { requests } = (await call<{ requests: { id: string; at: string; status: number }[] }>('GET', '/requests?status=2xx')).body;
    assert.deepEqual(requests.map(({ id, at }) => ({ id, at })), [{ id: good.id, at: new Date(good.at).toISOString() }]);
    assert.deepEqual((await call<{ requests: { code: string }[] }>('GET', '/requests?status=429&operation=getCity&since=1h&mode=live')).body.requests.map(({ code }) => code), ['rate_limited']);
    assert.equal((await call('GET', `/requests/${good.id}`)).status, 200);
    assert.equal((await call('GET', '/requests/req_none')).status, 404);
    assert.equal((await call<{ volume: object[] }>('GET', '/call-volume?since=1h&product=atlas')).body.volume.length, 2);
    assert.equal(typeof (await call<{ p50: number }>('GET', '/latency')).body.p50, 'number');
    const adoption = (await call<{ errors: { total: number }; funnel: { step: string; consumers: number }[] }>('GET', '/adoption?product=atlas')).body;
    assert.equal(adoption.errors.total, 2);
  });

  test('consumers and developers', async () => {
    assert.ok((await call<{ consumers: { id: string }[] }>('GET', '/consumers?search=dev&limit=10')).body.consumers.some(({ id }) => id === key.consumer));
    assert.equal((await call<{ keys: object[] }>('GET', `/consumers/${key.consumer}`)).body.keys.length, 3);
    const blocked = (await call<{ name: string; blockedAt: string }>('PATCH', `/consumers/${key.consumer}`, { name: 'Northwind', blocked: true })).body;
    assert.equal(blocked.name, 'Northwind');
    assert.match(blocked.blockedAt, /Z$/);
    assert.equal((await call<{ blockedAt: null }>('PATCH', `/consumers/${key.consumer}`, { blocked: false })).body.blockedAt, null);
    const { activities } = (await call<{ activities: { id: string }[] }>('GET', `/consumers/${key.consumer}/timeline?limit=2`)).body;
    assert.equal(activities.length, 2);
    await call('GET', `/consumers/${key.consumer}/timeline?before=${activities[1]!.id}`);
    const { link } = (await call<{ link: string }>('POST', `/consumers/${key.consumer}/invitations`, { email: 'second@example.com' })).body;
    await served.services.accounts.acceptInvitation({ token: invited(link), password: 'correct horse battery' }, form());
    await call('POST', `/consumers/${key.consumer}/invitations`, { email: 'third@example.com' });
    const { developers, invitations } = (await call<{ developers: { id: string; email: string }[]; invitations: { id: string }[] }>('GET', `/consumers/${key.consumer}/developers`)).body;
    assert.equal((await call('DELETE', `/invitations/${invitations[0]!.id}`)).status, 204);
    assert.equal((await call('DELETE', `/consumers/${key.consumer}/developers/${developers.find(({ email }) => email === 'second@example.com')!.id}`)).status, 204);
    assert.equal((await call('GET', '/consumers/con_none')).status, 404);
  });

  test('subscriptions', async () => {
    assert.deepEqual((await call<{ subscriptions: { id: string }[] }>('GET', `/consumers/${key.consumer}/subscriptions`)).body.subscriptions.map(({ id }) => id), [key.subscription]);
    const other = { fileName: 'o.yaml', text: atlas.files[0]!.text, name: 'Other', upstream: 'http://127.0.0.1:4011' };
    await call('PUT', '/products/other/versions/v1', other);
    assert.equal((await call<{ planSlug: string }>('POST', `/consumers/${key.consumer}/subscriptions`, { product: 'other' })).body.planSlug, 'free');
  });

  test('subscriptions from their beginning to their end, with coupons, credit and a cap', async () => {
    const { body: { id: consumer } } = await call<{ id: string }>('POST', '/consumers', { email: 'billed@example.com' });
    type Subscription = { id: string; planSlug: string; scheduledPlan: { slug: string } | null; cancelsAt: string | null; spendCap: string | null };
    const startedAt = new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 10);
    const made = await call<Subscription>('POST', `/consumers/${consumer}/subscriptions`, { product: 'atlas', plan: 'free', startedAt });
    const { id } = made.body;
    assert.equal((await call('POST', `/consumers/${consumer}/subscriptions`, { product: 'atlas', startedAt: '2999-01-01' })).status, 400);
    assert.deepEqual((await call<{ periods: { state: string }[] }>('GET', `/subscriptions/${id}/history`)).body.periods.map(({ state }) => state), ['open', 'ended']);
    assert.equal((await call<{ soFar: { subtotal: string } }>('GET', `/subscriptions/${id}/bill`)).body.soFar.subtotal, '0.00');
    assert.equal((await call<{ when: string }>('GET', `/subscriptions/${id}/preview?plan=partner&when=period-end`)).body.when, 'period-end');
    assert.equal((await call('GET', `/subscriptions/${id}/preview?plan=none`)).status, 404);
    assert.equal((await call<Subscription>('POST', `/subscriptions/${id}/plan`, { plan: 'partner', when: 'period-end' })).body.scheduledPlan?.slug, 'partner');
    assert.equal((await call<Subscription>('POST', `/subscriptions/${id}/resume`)).body.scheduledPlan, null);
    assert.match((await call<Subscription>('POST', `/subscriptions/${id}/cancel`)).body.cancelsAt ?? '', /Z$/);
    assert.equal((await call<Subscription>('PUT', `/subscriptions/${id}/spend-cap`, { cap: '20', alerts: [80] })).body.spendCap, '20.00');
    assert.equal((await call('PUT', `/subscriptions/${id}/spend-cap`, { cap: 'lots' })).status, 400);
    assert.equal((await call<{ code: string }>('POST', '/coupons', { code: 'api-20', percent: '20' })).body.code, 'API-20');
    assert.equal((await call<{ code: string }>('POST', `/subscriptions/${id}/coupons`, { code: 'api-20' })).body.code, 'API-20');
    assert.equal((await call<{ coupons: object[] }>('GET', `/subscriptions/${id}/coupons`)).body.coupons.length, 1);
    assert.deepEqual((await call<{ holders: { subscriptionId: string; tookOff: object[] }[] }>('GET', '/coupons/api-20')).body.holders.map(({ subscriptionId, tookOff }) => [subscriptionId, tookOff]), [[id, []]]);
    assert.equal((await call<{ archivedAt: string | null }>('POST', '/coupons/API-20/archive')).body.archivedAt === null, false);
    assert.equal((await call<{ coupons: object[] }>('GET', '/coupons')).body.coupons.length, 1);
    const credit = (await call<{ id: string; amount: string }>('POST', `/consumers/${consumer}/credits`, { currency: 'usd', amount: '5', reason: 'Welcome' })).body;
    assert.equal(credit.amount, '5.00');
    assert.deepEqual((await call<{ left: object[] }>('GET', `/consumers/${consumer}/credits`)).body.left, [{ currency: 'usd', amount: '5.00' }]);
    assert.equal((await call<{ expired: boolean }>('POST', `/credits/${credit.id}/withdraw`)).body.expired, true);
    assert.deepEqual((await call('POST', '/products/atlas/plans/free/move-subscribers', { subscriptions: 'all', at: '2099-01-01T00:00:00Z' })).status, 400);
    assert.deepEqual((await call<{ scheduled: number }>('POST', '/products/atlas/plans/free/move-subscribers', { subscriptions: 'all', at: new Date(Date.now() + 86_400_000).toISOString() })).body, { scheduled: 0 });
  });

  test('plan requests', async () => {
    const { developers } = (await call<{ developers: { id: string; email: string }[] }>('GET', `/consumers/${key.consumer}/developers`)).body;
    const developer = { kind: 'developer', developerId: developers[0]!.id, consumerId: key.consumer, email: developers[0]!.email, verified: true } as const;
    await served.services.plans.subscribe(developer, { productSlug: 'atlas', planSlug: 'partner' });
    const { requests } = (await call<{ requests: { subscriptionId: string; planSlug: string }[] }>('GET', '/plan-requests')).body;
    assert.deepEqual(requests.map(({ subscriptionId, planSlug }) => [subscriptionId, planSlug]), [[key.subscription, 'partner']]);
    assert.equal((await call<{ planSlug: string }>('POST', `/plan-requests/${key.subscription}/decision`, { approve: true })).body.planSlug, 'partner');
    assert.equal((await call('POST', `/plan-requests/${key.subscription}/decision`, { approve: true })).status, 409);
  });

  test('members', async () => {
    const first = await served.services.accounts.firstOwnerLink();
    await served.services.accounts.acceptFirstOwner({ token: invited(first!), email: 'owner@example.com', password: 'correct horse battery' }, form());
    const { link } = (await call<{ link: string }>('POST', '/members/invitations', { email: 'pm@example.com', role: 'viewer' })).body;
    await served.services.accounts.acceptInvitation({ token: invited(link), password: 'correct horse battery' }, form());
    const members = async () => (await call<{ members: { id: string; email: string; role: string }[] }>('GET', '/members')).body.members;
    const pm = (await members()).find(({ email }) => email === 'pm@example.com')!;
    assert.equal((await call('PATCH', `/members/${pm.id}`, { role: 'engineer' })).status, 204);
    assert.equal((await members()).find(({ id }) => id === pm.id)!.role, 'engineer');
    assert.equal((await call('DELETE', `/members/${pm.id}`)).status, 204);
    const owner = (await members())[0]!;
    assert.ok((await call('DELETE', `/members/${owner.id}`)).status >= 400, 'the last owner stays');
  });

  test('a member acts by the session, within the role', async () => {
    const { link } = (await call<{ link: string }>('POST', '/members/invitations', { email: 'viewer@example.com', role: 'viewer' })).body;
    const { headers } = await served.services.accounts.acceptInvitation({ token: invited(link), password: 'correct horse battery' }, form());
    const cookie = headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
    const as = (method: string, path: string, more: Record<string, string> = {}, body?: string) => fetch(`${served.url}/api/v1${path}`, { method, headers: { cookie, ...more }, ...(body === undefined ? {} : { body }) });
    assert.equal((await as('GET', '/products')).status, 200);
    const refused = await as('POST', `/keys/${key.id}/revoke`, { origin: 'http://portal.example' });
    assert.equal(((await refused.json()) as { code: string }).code, 'role_forbids');
    assert.equal(((await (await as('POST', `/keys/${key.id}/revoke`, { origin: 'http://evil.example' })).json()) as { code: string }).code, 'csrf_refused');
    assert.equal((await as('GET', '/outbox')).status, 403);
  });

  test('audit trail and invited consumers', async () => {
    const { id } = (await call<{ id: string; link: string }>('POST', '/consumers', { email: 'ada@invited.example', name: 'Invited' })).body;
    const { entries } = (await call<{ entries: { noun: string; action: string; subject: string; at: string; before: unknown; after: unknown }[] }>('GET', `/audit?subject=${id}&since=1h`)).body;
    assert.deepEqual(entries.map(({ noun, action, before }) => [noun, action, before]), [['consumer', 'created', null]]);
    assert.deepEqual((await call<{ entries: unknown[] }>('GET', '/audit?noun=nothing')).body.entries, []);
    assert.deepEqual((await call<{ consumers: { id: string; calls: number }[] }>('GET', '/consumers?search=invited&sort=-calls')).body.consumers.map((row) => [row.id, row.calls]), [[id, 0]]);
    assert.equal((await call<{ code: string }>('POST', '/consumers', { email: 'nobody' })).status, 400);
  });

  test('invoices, from the run to the credit note, and how they are made', async () => {
    const { consumers, plans, configuration } = served.services;
    const { id: consumer } = await consumers.create({ kind: 'admin-token' }, { email: 'payer@example.com', name: 'Payer' });
    const partner = (await configuration.current()).products[0]!.plans.find(({ slug }) => slug === 'partner')!;
    await served.services.products.create({ kind: 'admin-token' }, { slug: 'billed', upstream: 'http://127.0.0.1:4010', access: 'private' });
    await plans.save({ kind: 'admin-token' }, { productSlug: 'billed', planSlug: null, moveSubscribers: false, plan: { ...partner, slug: 'paid', name: 'Paid', access: 'private', default: false, operations: null, interval: 'month', fee: '10' } });
    const other = (await consumers.create({ kind: 'admin-token' }, { email: 'second@example.com', name: 'Second' })).id;
    assert.equal((await call<{ taxExempt: boolean }>('PUT', `/consumers/${consumer}/billing-account`, { name: 'Payer GmbH', address: 'Weg 1', country: 'DE', taxId: null, email: null })).body.taxExempt, false);
    assert.equal((await call<{ written: boolean }>('GET', `/consumers/${other}/billing-account`)).body.written, false);
    assert.equal((await call('PUT', '/billing/tax-rates/DE', { name: 'VAT', percent: '19' })).status, 204);
    assert.equal((await call('PUT', '/billing/tax-rates/FR', { name: 'TVA', percent: '20' })).status, 204);
    assert.equal((await call('DELETE', '/billing/tax-rates/FR')).status, 204);
    assert.equal((await call<{ code: string }>('PUT', '/billing/tax-rates/XX', { name: 'x', percent: '1' })).status, 400);
    assert.deepEqual((await call<{ taxRates: { country: string }[] }>('GET', '/billing/tax-rates')).body.taxRates.map(({ country }) => country), ['DE']);
    assert.equal((await call<{ finalise: string }>('GET', '/billing/settings')).body.finalise, 'automatic');
    assert.equal((await call<{ finalise: string }>('PATCH', '/billing/settings', { finalise: 'by-hand', dueDays: 30 })).body.finalise, 'by-hand');
    await billedSince(consumer, Date.now() - 70 * 86_400_000);
    assert.equal((await call<{ run: null }>('GET', '/invoices/run')).body.run, null);
    const run = (await call<{ billed: number; drafts: number; failures: unknown[] }>('POST', '/invoices/run')).body;
    assert.deepEqual([run.drafts, run.failures], [2, []]);
    assert.equal((await call<{ run: { drafts: number } }>('GET', '/invoices/run')).body.run.drafts, 2);
    const { invoices: [first, second] } = (await call<{ invoices: { id: string }[] }>('GET', `/invoices?consumer=${consumer}&state=draft&sort=created&since=1h`)).body;
    const number = (await call<{ number: string; total: string }>('POST', `/invoices/${first!.id}/finalise`)).body.number;
    assert.equal((await call<{ total: string }>('GET', `/invoices/${number}`)).body.total, '11.90');
    assert.equal((await call('POST', `/invoices/${number}/finalise`)).status, 409);
    assert.equal((await call<{ line: { position: number } }>('GET', `/invoices/${number}/lines/0`)).body.line.position, 0);
    assert.equal((await call('GET', `/invoices/${number}/lines/99`)).status, 404);
    const pdf = await fetch(`${served.url}/api/v1/invoices/${number}/pdf`, { headers: { authorization: `Bearer ${served.token}` } });
    assert.deepEqual([pdf.headers.get('content-type'), (await pdf.text()).slice(0, 5)], ['application/pdf', '%PDF-']);
    called.add('getInvoiceDocument');
    await callPayments(consumer, number);
    assert.equal((await call<{ state: string }>('POST', `/invoices/${number}/pay`, { note: 'Transfer' })).body.state, 'paid');
    assert.equal((await call<{ kind: string }>('POST', `/invoices/${number}/credit-notes`, { lines: [{ position: 0, amount: '4' }], reason: 'An outage' })).body.kind, 'credit-note');
    assert.equal((await call<{ state: string }>('POST', `/invoices/${second!.id}/void`, { reason: 'A test' })).body.state, 'void');
    const revenue = (await call<{ currencies: { months: { paying: number }[] }[] }>('GET', '/revenue?basis=invoiced&months=6')).body;
    assert.deepEqual(revenue.currencies.map(({ months }) => months.length), [6]);
    assert.equal((await call('GET', '/revenue?months=99')).status, 400);
    assert.equal((await call<{ differing: number }>('GET', `/invoices/reconciliation?consumer=${consumer}&since=90d`)).body.differing, 0);
  });

  test('simulations, from the draft to the roll-out', async () => {
    const { text } = (await call<{ text: string }>('GET', '/products/billed/price-draft')).body;
    const { id } = (await call<{ id: string }>('POST', '/simulations', { draft: text.replace(/fee: "?10"?/, 'fee: "12"'), product: 'billed', from: '2026-01-01', to: new Date(Date.now() - 1_000).toISOString() })).body;
    let run: { state: string; result: { totals: { old: string; new: string }[] } | null };
    do run = (await call<typeof run>('GET', `/simulations/${id}`)).body; while (run.state === 'running');
    assert.deepEqual(run.result!.totals.map((each) => [each.old, each.new]), [['20.00', '24.00']]);
    assert.deepEqual((await call<{ consumers: { old: string; new: string }[]; nextCursor: null }>('GET', `/simulations/${id}/consumers?limit=1`)).body, { consumers: [(run as unknown as { result: { consumers: unknown[] } }).result.consumers[0]], nextCursor: null });
    assert.equal((await call('GET', `/simulations/${id}/consumers?cursor=-1`)).status, 400);
    assert.equal((await call<{ plans: { planSlug: string; moving: number }[] }>('POST', `/simulations/${id}/roll-out`, { subscriptions: 'all', dryRun: true })).body.plans[0]!.moving, 1);
    assert.equal((await call<{ scheduled: number }>('POST', `/simulations/${id}/roll-out`, { subscriptions: 'all', at: new Date(Date.now() + 86_400_000).toISOString() })).body.scheduled, 1);
    const { plans: detailed } = (await call<{ plans: { slug: string; moves: { revision: number; at: string; subscribers: number }[] }[] }>('GET', '/products/billed/plans/details')).body;
    const { subscribers, ...move } = detailed.find(({ slug }) => slug === 'paid')!.moves[0]!;
    assert.deepEqual((await call<{ withdrawn: number }>('POST', '/products/billed/plans/paid/withdraw-move', move)).body, { withdrawn: subscribers });
    assert.equal((await call('POST', '/products/billed/plans/paid/withdraw-move', move)).status, 404, 'there is nothing left to withdraw');
    assert.equal((await call('POST', '/simulations', { draft: 'plans: 3', product: 'billed', from: '2026-01-01', to: '2026-02-01' })).status, 422);
    assert.equal((await call('GET', '/simulations/sim_0')).status, 404);
    for (const path of ['/invoices/INV%00', '/consumers?search=%00', '/products/%00/price-draft']) assert.equal((await call<{ code: string }>('GET', path)).body.code, 'input_invalid', path);
  });

  test('status, backup and outbox', async () => {
    const status = (await call<{ ready: boolean; reasons: string[] }>('GET', '/status')).body;
    assert.deepEqual([status.ready, status.reasons], [false, ['no gateway is connected']]);
    const response = await fetch(`${served.url}/api/v1/backup`, { headers: { authorization: `Bearer ${served.token}` } });
    assert.equal(response.headers.get('content-length'), String(archive.length));
    assert.match(response.headers.get('content-disposition')!, /filename="portico-\d{4}-\d\d-\d\d\.backup"/);
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), archive);
    called.add('getBackup');
    assert.ok((await call<{ mails: { to: string }[] }>('GET', '/outbox')).body.mails.some(({ to }) => to === 'pm@example.com'));
  });

  test('and no route was left out', () => {
    const all = Object.values(document.paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
    assert.deepEqual(all.filter((operation) => !called.has(operation)), []);
  });
});
