// A server that speaks the part of Stripe's protocol that Portico uses: form-encoded requests, ids, idempotency keys that replay and collide, cards that
// are declined, faults on request, and webhooks signed as Stripe signs them. It holds what would be money.
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Card { brand: string; last4: string; /** What happens when it is charged. */ fate: 'paid' | 'declined' | 'processing' | 'broken' }
type Fields = Record<string, unknown>;
export interface Stored extends Fields { id: string; metadata: Record<string, string> }
/** `before`: the request is lost. `after`: it is done, and the answer is lost. A number: that status, with nothing done, and the same again for the same key. */
export type Fault = 'before' | 'after' | number;
interface Answer { status: number; body: Fields }
interface Seen { body: string; path: string; answer: Answer | null }

export interface StripeServer {
  url: string;
  webhookSecret: string;
  customers: Stored[]; intents: Stored[]; refunds: Stored[]; sessions: Stored[];
  /** Each request as `POST /v1/...`. */
  requests: string[];
  /** Charges that went through, in Stripe's minor units: what every test of double charging counts. */
  charges(): { invoice: string; payment: string; amount: number }[];
  /** The next request whose `POST /v1/...` matches ends so. */
  fail(pattern: RegExp, fault: Fault): void;
  /** As if the customer had entered this card on their page; answers its id. */
  addCard(customer: string, card?: Partial<Card>): string;
  /** As if the customer had gone through the page; answers the session. */
  finishPage(sessionId: string, card?: Partial<Card>): Stored;
  /** A bank that took its time has answered. */
  finishProcessing(intentId: string, fate: 'paid' | 'declined'): void;
  /** What Stripe would send about this object: body and header. */
  sign(type: string, object: Fields, more?: { id?: string; at?: number; secret?: string }): { body: Uint8Array; signature: string };
  close(): Promise<void>;
}

const secretKey = 'sk_test_portico';
export const stripeSecret = secretKey;

export async function startStripe({ now = () => Date.now() }: { now?: () => number } = {}): Promise<StripeServer> {
  const store = { customers: [] as Stored[], intents: [] as Stored[], refunds: [] as Stored[], sessions: [] as Stored[] };
  const cards = new Map<string, Card & { id: string; customer: string }>();
  const seen = new Map<string, Seen>();
  const faults: { pattern: RegExp; fault: Fault }[] = [];
  const requests: string[] = [];
  let count = 0;
  const newId = (prefix: string): string => `${prefix}_${String(++count).padStart(6, '0')}`;
  const seconds = (): number => Math.floor(now() / 1000);
  const addCard = (customer: string, { brand = 'visa', last4 = '4242', fate = 'paid' }: Partial<Card> = {}): string => {
    const id = newId('pm');
    cards.set(id, { id, customer, brand, last4, fate });
    return id;
  };
  const routes = routesOf({ store, cards, newId, seconds, addCard });
  const server = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const url = new URL(request.url!, 'http://stripe');
    const line = `${request.method} ${url.pathname}`;
    requests.push(line);
    const at = faults.findIndex(({ pattern }) => pattern.test(line));
    const fault = at === -1 ? undefined : faults.splice(at, 1)[0]!.fault;
    if (fault === 'before') return void request.socket.destroy();
    const done = outcome(request, line, body, url, typeof fault === 'number' ? fault : undefined);
    if (fault === 'after') return void request.socket.destroy();
    response.writeHead(done.status, { 'content-type': 'application/json', 'request-id': newId('req') }).end(JSON.stringify(done.body));
  }

  function outcome(request: IncomingMessage, line: string, body: string, url: URL, status: number | undefined): Answer {
    if (request.headers.authorization !== `Bearer ${secretKey}`) return refusal(401, 'invalid_request_error', 'Invalid API Key provided: sk_test_****');
    const key = request.headers['idempotency-key'];
    const before = typeof key === 'string' ? seen.get(key) : undefined;
    if (before && (before.body !== body || before.path !== line)) return refusal(400, 'idempotency_error', 'Keys for idempotent requests can only be used with the same parameters they were first used with.');
    if (before?.answer) return before.answer;
    const made = status === undefined ? route(line, body, url) : refusal(status, 'api_error', 'Something went wrong.');
    // Stripe keeps the answer of a key, refusals of validation apart, and answers of faults as well.
    if (typeof key === 'string' && request.method === 'POST' && made.status !== 400) seen.set(key, { body, path: line, answer: made });
    return made;
  }

  function route(line: string, body: string, url: URL): Answer {
    for (const [pattern, handle] of routes) {
      const match = pattern.exec(line);
      if (match) return handle(match.slice(1), decodeForm(body), url.searchParams);
    }
    return refusal(404, 'invalid_request_error', `Unrecognized request URL (${line}).`);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const webhookSecret = 'whsec_of_tests';
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, webhookSecret, ...store, requests,
    charges: () => store.intents.filter(({ status }) => status === 'succeeded').map(({ metadata, amount_received: amount }) => ({ invoice: metadata['portico_invoice']!, payment: metadata['portico_payment']!, amount: amount as number })),
    fail: (pattern, fault) => void faults.push({ pattern, fault }),
    addCard,
    finishPage: (id, card) => finishPage({ store, cards, newId, seconds, addCard }, id, card),
    finishProcessing: (id, fate) => void charge(store.intents.find((intent) => intent.id === id)!, fate),
    sign: (type, object, { id = newId('evt'), at = seconds(), secret = webhookSecret } = {}) => {
      const body = Buffer.from(JSON.stringify({ id, object: 'event', type, created: at, data: { object } }));
      const digest = createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex');
      return { body, signature: `t=${at},v1=${digest}` };
    },
    close: () => closeServer(server),
  };
}

interface Parts { store: Record<'customers' | 'intents' | 'refunds' | 'sessions', Stored[]>; cards: Map<string, Card & { id: string; customer: string }>; newId(prefix: string): string; seconds(): number; addCard(customer: string, card?: Partial<Card>): string }
type Handle = (parts: string[], form: Fields, query: URLSearchParams) => Answer;

function routesOf(parts: Parts): [RegExp, Handle][] {
  const { store, cards, newId, seconds } = parts;
  const ok = (body: Fields): Answer => ({ status: 200, body });
  const list = (data: Fields[]): Answer => ok({ object: 'list', data, has_more: false });
  const find = (rows: Stored[], id: string, use: (row: Stored) => Answer): Answer => {
    const row = rows.find((one) => one.id === id);
    return row ? use(row) : refusal(404, 'invalid_request_error', `No such object: '${id}'`, { code: 'resource_missing' });
  };
  const add = (rows: Stored[], prefix: string, fields: Fields): Answer => {
    const row = { id: newId(prefix), created: seconds(), ...fields, metadata: (fields['metadata'] ?? {}) as Record<string, string> };
    rows.push(row);
    return ok(row);
  };
  const withIntent = (session: Stored): Answer => ok({ ...session, payment_intent: store.intents.find(({ id }) => id === session['payment_intent']) ?? null });
  const created = (query: URLSearchParams) => Number(query.get('created[gte]') ?? 0);
  return [
    [/^POST \/v1\/customers$/, (_, form) => add(store.customers, 'cus', form)],
    [/^GET \/v1\/customers\/(\w+)\/payment_methods$/, ([id]) => list([...cards.values()].filter(({ customer }) => customer === id).reverse().map((card) => ({ id: card.id, type: 'card', card: { brand: card.brand, last4: card.last4, exp_month: 12, exp_year: 2030 } })))],
    [/^POST \/v1\/checkout\/sessions$/, (_, form) => add(store.sessions, 'cs', { status: 'open', payment_intent: null, ...form, url: `https://checkout.example/${store.sessions.length + 1}` })],
    [/^GET \/v1\/checkout\/sessions\/(\w+)$/, ([id]) => find(store.sessions, id!, withIntent)],
    [/^POST \/v1\/checkout\/sessions\/(\w+)\/expire$/, ([id]) => find(store.sessions, id!, (session) => { session['status'] = 'expired'; return withIntent(session); })],
    [/^POST \/v1\/payment_intents$/, (_, form) => (Number(form['amount']) < 1 ? refusal(400, 'invalid_request_error', 'Invalid positive integer') : add(store.intents, 'pi', { ...form, amount: Number(form['amount']), amount_received: 0, status: 'requires_payment_method', last_payment_error: null }))],
    [/^GET \/v1\/payment_intents$/, (_, __, query) => list(store.intents.filter((intent) => intent['customer'] === query.get('customer') && (intent['created'] as number) >= created(query)))],
    [/^GET \/v1\/payment_intents\/(\w+)$/, ([id]) => find(store.intents, id!, ok)],
    [/^POST \/v1\/payment_intents\/(\w+)\/confirm$/, ([id], form) => find(store.intents, id!, (intent) => confirm(parts, intent, form))],
    [/^POST \/v1\/refunds$/, (_, form) => {
      const { id, amount_received: received } = store.intents.find((intent) => intent.id === form['payment_intent'])! as Stored & { amount_received: number };
      const back = store.refunds.filter((refund) => refund['payment_intent'] === id).reduce((sum, refund) => sum + (refund['amount'] as number), 0);
      if (back + Number(form['amount']) > received) return refusal(400, 'invalid_request_error', 'Refund amount is greater than unrefunded amount on charge', { code: 'charge_already_refunded' });
      return add(store.refunds, 're', { ...form, amount: Number(form['amount']), currency: store.intents.find((intent) => intent.id === id)!['currency'], status: 'succeeded' });
    }],
    [/^GET \/v1\/refunds$/, (_, __, query) => list(store.refunds.filter((refund) => refund['payment_intent'] === query.get('payment_intent')))],
    [/^GET \/v1\/refunds\/(\w+)$/, ([id]) => find(store.refunds, id!, ok)],
  ];
}

function confirm({ cards }: Parts, intent: Stored, form: Fields): Answer {
  if (intent['status'] !== 'requires_payment_method' && intent['status'] !== 'requires_confirmation') return refusal(400, 'invalid_request_error', `You cannot confirm this PaymentIntent because it has a status of ${String(intent['status'])}.`, { code: 'payment_intent_unexpected_state', payment_intent: intent });
  const card = cards.get(form['payment_method'] as string);
  if (!card || card.customer !== intent['customer']) return refusal(400, 'invalid_request_error', `No such PaymentMethod: '${String(form['payment_method'])}'`, { code: 'resource_missing', param: 'payment_method' });
  if (card.fate === 'broken') return refusal(500, 'api_error', 'Something went wrong.');
  charge(intent, card.fate);
  return intent['last_payment_error'] === null ? { status: 200, body: intent } : refusal(402, 'card_error', 'Your card was declined.', { code: 'card_declined', decline_code: 'insufficient_funds', payment_intent: intent });
}

/** The one place where money moves. */
function charge(intent: Stored, fate: Card['fate']): void {
  if (intent['status'] === 'succeeded') throw new Error(`${intent.id} would be charged twice.`);
  if (fate === 'processing') return void Object.assign(intent, { status: 'processing', last_payment_error: null });
  if (fate === 'paid') return void Object.assign(intent, { status: 'succeeded', amount_received: intent['amount'], last_payment_error: null });
  Object.assign(intent, { status: 'requires_payment_method', last_payment_error: { code: 'card_declined', message: 'Your card was declined.' } });
}

function finishPage(parts: Parts, id: string, card?: Partial<Card>): Stored {
  const session = parts.store.sessions.find((one) => one.id === id)!;
  if (session['status'] !== 'open') throw new Error(`The page ${id} is ${String(session['status'])}.`);
  const method = parts.addCard(session['customer'] as string, card);
  if (session['mode'] === 'setup') return Object.assign(session, { status: 'complete' });
  const [item] = session['line_items'] as { price_data: { currency: string; unit_amount: string } }[];
  const intent: Stored = { id: parts.newId('pi'), created: parts.seconds(), customer: session['customer'], amount: Number(item!.price_data.unit_amount), currency: item!.price_data.currency, amount_received: 0, status: 'requires_payment_method', last_payment_error: null, metadata: (session['payment_intent_data'] as Stored).metadata };
  parts.store.intents.push(intent);
  charge(intent, parts.cards.get(method)!.fate);
  return Object.assign(session, intent['last_payment_error'] === null ? { status: 'complete', payment_intent: intent.id } : {});
}

function refusal(status: number, type: string, message: string, more: Fields = {}): Answer {
  return { status, body: { error: { type, message, ...more } } };
}

/** `a[b][0]=c` is { a: { b: ['c'] } }. */
function decodeForm(body: string): Fields {
  const root: Fields = {};
  for (const [name, value] of new URLSearchParams(body)) {
    const path = name.replaceAll(']', '').split('[');
    let at = root;
    for (const part of path.slice(0, -1)) at = (at[part] ??= {}) as Fields;
    at[path.at(-1)!] = value;
  }
  return listed(root) as Fields;
}

function listed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inside]) => [name, listed(inside)] as const);
  return entries.length > 0 && entries.every(([name]) => /^\d+$/.test(name)) ? entries.map(([, inside]) => inside) : Object.fromEntries(entries);
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
