// Who sees what: every route as a stranger, as a developer of another consumer and as each role; redirects, policy and cookies.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { freePort } from '../src/store/free-port.testkit.ts';
import { rightsOf, roles } from '../src/control/rights.ts';
import { startEchoUpstream } from './echo-upstream.ts';
import { startPortico, waitFor } from './portico.ts';
import { makeInvoices } from './invoices.ts';
import { makeSimulation } from './simulations.ts';
import { routePaths, routes, routesWithoutFacts } from './routes.ts';
import { joinBy, signUpBy, visit, type Answer, type Visitor } from './visitors.ts';
import { call, password } from './people.ts';

const upstream = await startEchoUpstream({ after });
const portico = await startPortico({ after }, { configuration: upstream.configuration });
const stranger = visit(portico);
const ada = visit(portico);
const bob = visit(portico);
const members = Object.fromEntries(roles.map((role) => [role, visit(portico)])) as Record<(typeof roles)[number], Visitor>;

/** Of Ada's account: what each pattern's `:id` is filled with, and what nobody else may ever read. */
let own: { consumer: string; request: string; key: string; developer: string; invitation: string; invoice: string; simulation: string; subscription: string };
let marks: string[];
let bobsKey: string;
let adasKey: string;

before(async () => {
  adasKey = await signUpBy(ada, 'ada@alpha-works.example');
  bobsKey = await signUpBy(bob, 'bob@beta.example');
  for (const key of [adasKey, bobsKey]) assert.equal((await call(portico, key))[0], 200);
  await ada.post('/dashboard/team', { intent: 'invite', email: 'friend@alpha-works.example' });
  const { consumers } = await portico.api<{ consumers: { id: string }[] }>('GET', '/consumers?search=ada@alpha-works.example');
  const consumer = consumers[0]!.id;
  const whole = await portico.api<{ keys: { id: string; masked: string }[]; subscriptions: { id: string }[] }>('GET', `/consumers/${consumer}`);
  const { developers, invitations } = await portico.api<{ developers: { id: string }[]; invitations: { id: string }[] }>('GET', `/consumers/${consumer}/developers`);
  let request = '';
  await waitFor('the call in the log', async () => {
    request = (await portico.api<{ requests: { id: string }[] }>('GET', '/requests?email=ada@alpha-works.example')).requests[0]?.id ?? '';
    return request !== '';
  });
  own = { consumer, request, key: whole.keys[0]!.id, developer: developers[0]!.id, invitation: invitations[0]!.id, invoice: (await portico.api<{ id: string }>('GET', `/invoices/${await makeInvoices(portico, consumer)}`)).id, simulation: await makeSimulation(portico), subscription: whole.subscriptions[0]!.id };
  marks = [...Object.values(own), ...whole.keys.map(({ masked }) => masked), ...whole.subscriptions.map(({ id }) => id), adasKey, 'alpha-works.example'];
  await becomeOwner();
  for (const role of roles.slice(1)) {
    const { link } = await portico.api<{ link: string }>('POST', '/members/invitations', { email: `${role}@echo.example`, role });
    await joinBy(members[role], link);
  }
});

async function becomeOwner(): Promise<void> {
  const url = new URL(portico.firstOwnerLink!);
  const answer = await members.owner.post(url.pathname + url.search, { token: url.searchParams.get('token') ?? '', email: 'owner@echo.example', password });
  assert.equal(answer.status, 302, answer.text.slice(0, 300));
}

/** The pattern with Ada's ids and the names of the echo product. */
function fill(pattern: string): string {
  const names: Record<string, string> = { product: 'echo', version: 'v1', operation: 'get-echo', code: 'key_missing', plan: 'free', guide: 'start', slug: 'terms', hash: '0', name: 'logo.svg', invoice: own.invoice, coupon: 'WELCOME-20', simulation: own.simulation, position: '1' };
  const id = pattern.includes('/requests/') ? own.request : pattern.includes('/keys/') ? own.key : own.consumer;
  return pattern.replaceAll(/:([a-z]+)/g, (_, name: string) => (name === 'id' ? id : names[name] ?? name));
}

const dataPath = (path: string): string => (path === '/' ? '/_root.data' : `${path}.data`);

/** An id that was asked for may come back: in the address to sign in for it, and where a page says that it is not there. */
function assertNothingOfAda(answer: Pick<Answer, 'text'>, what: string, asked = ''): void {
  const text = asked === '' ? answer.text : answer.text.replaceAll(asked, '');
  for (const mark of marks) assert.ok(!text.includes(mark), `${what} shows ${mark}`);
}

test('the walk knows every route', () => {
  assert.deepEqual(routesWithoutFacts(), [], 'add them to test/routes.ts');
});

test("a stranger and another consumer's developer see nothing of a consumer on any route, as page or as data", async () => {
  for (const pattern of routePaths()) {
    const { who, kind } = routes[pattern]!;
    if (kind === 'stream') continue;
    const path = fill(pattern);
    const asked = Object.values(own).find((id) => path.includes(id)) ?? '';
    const foreign = pattern.startsWith('/dashboard/') && /:id|:invoice/.test(pattern);
    for (const [name, visitor] of [['a stranger', stranger], ['another developer', bob]] as const) {
      const what = `${pattern} as ${name}`;
      const answer = await visitor.get(path);
      // Mail that was kept is shown on this machine alone; strangers elsewhere find no outbox.
      if (pattern !== '/outbox') assertNothingOfAda(answer, what, asked);
      const data = await visitor.get(dataPath(path));
      if (pattern !== '/outbox') assertNothingOfAda(data, `${what}, as data`, asked);
      assert.ok(answer.status < 500, `${what} answers ${answer.status}`);
      if (who === 'member' && pattern !== '/own-account') {
        if (name === 'a stranger') assert.match(answer.location ?? '', /^\/sign-in\?next=/, what);
        else assert.equal(answer.status, 403, what);
      }
      if (who === 'developer') {
        if (name === 'a stranger') assert.ok((answer.location ?? '').startsWith('/sign-in?next=') || answer.status === 401, `${what} answers ${answer.status}`);
        else if (foreign) assert.equal(answer.status, 404, `${what}: not even that it exists`);
        else assert.ok(answer.status === 200 || answer.status === 405, `${what} answers ${answer.status}`);
      }
    }
  }
});

test('what is changed by forms stays within the own consumer', async () => {
  const attempts: [string, Record<string, string>][] = [
    ['/dashboard/keys', { intent: 'revoke', id: own.key }],
    ['/dashboard/keys', { intent: 'roll', id: own.key, overlap: '0' }],
    ['/dashboard/keys', { intent: 'rename', id: own.key, name: 'Taken' }],
    [`/dashboard/keys/${own.key}`, { intent: 'revoke', id: own.key }],
    [`/dashboard/keys/${own.key}`, { intent: 'rename', id: own.key, name: 'Taken' }],
    ['/dashboard/team', { intent: 'remove', id: own.developer }],
    ['/dashboard/team', { intent: 'cancel', id: own.invitation }],
    ...([{ intent: 'change', plan: 'free' }, { intent: 'cancel' }, { intent: 'resume' }, { intent: 'coupon', code: 'HALF' }, { intent: 'cap', cap: '1', alerts: '50' }, { intent: 'case', message: 'x' }] as Record<string, string>[])
      .map((form): [string, Record<string, string>] => ['/dashboard/plan', { ...form, id: own.subscription, subscription: own.subscription }]),
    [`/dashboard/invoices/${own.invoice}`, { intent: 'pay', id: own.invoice }],
  ];
  for (const [path, form] of attempts) {
    for (const [name, visitor] of [['another developer', bob], ['a stranger', stranger]] as const) {
      const answer = await visitor.post(path, form);
      assertNothingOfAda({ ...answer, text: answer.text.replaceAll(form['id']!, '').replaceAll(own.key, '') }, `${path} ${form['intent']} as ${name}`);
      assert.ok(answer.status === 404 || answer.status === 405 || (name === 'a stranger' && answer.status === 302), `${path} ${form['intent']} as ${name} answers ${answer.status}`);
    }
  }
  assert.equal((await call(portico, adasKey))[0], 200, "Ada's key still works");
  const { developers, invitations } = await portico.api<{ developers: unknown[]; invitations: unknown[] }>('GET', `/consumers/${own.consumer}/developers`);
  assert.deepEqual([developers.length, invitations.length], [1, 1]);
});

test('streams tell a developer of own calls alone', async () => {
  for (const pattern of routePaths().filter((path) => routes[path]!.kind === 'stream' && routes[path]!.who === 'developer')) {
    assert.match((await stranger.get(pattern)).location ?? '', /^\/sign-in/, `${pattern} is closed to strangers`);
    const stop = new AbortController();
    const response = await fetch(portico.webUrl + pattern, { headers: { cookie: bob.cookie() }, signal: stop.signal });
    assert.equal(response.status, 200, pattern);
    let heard = '';
    const reading = (async () => { for await (const part of response.body!.pipeThrough(new TextDecoderStream())) heard += part; })().catch(() => undefined);
    await fetch(`${portico.gatewayUrl}/echo/v1/nothing-of-bob`, { headers: { authorization: `Bearer ${adasKey}` } });
    assert.equal((await call(portico, adasKey))[0], 200);
    assert.equal((await call(portico, bobsKey))[0], 200);
    await waitFor(`Bob's call on ${pattern}`, () => /^data:/m.test(heard));
    stop.abort();
    await reading;
    assertNothingOfAda({ text: heard } as Answer, pattern);
    assert.doesNotMatch(heard, /nothing-of-bob/, pattern);
  }
});

test('one account holds no more streams than anybody needs', async () => {
  for (const path of ['/start/events', '/dashboard/events']) {
    const stop = new AbortController();
    const open = () => fetch(portico.webUrl + path, { headers: { cookie: bob.cookie() }, signal: stop.signal });
    const statuses = [];
    for (let count = 0; count < 52; count++) statuses.push((await open()).status);
    stop.abort();
    assert.deepEqual([statuses.filter((status) => status === 200).length <= 50, statuses.at(-1)], [true, 204], path);
  }
});

test('streams of the workspace are open to its members alone', async () => {
  for (const pattern of routePaths().filter((path) => routes[path]!.kind === 'stream' && routes[path]!.who === 'member')) {
    assert.match((await stranger.get(pattern)).location ?? '', /^\/sign-in/, `${pattern} is closed to strangers`);
    assert.equal((await ada.get(pattern)).status, 403, `${pattern} is closed to developers`);
    const stop = new AbortController();
    const response = await fetch(portico.webUrl + pattern, { headers: { cookie: members.viewer.cookie() }, signal: stop.signal });
    assert.deepEqual([response.status, response.headers.get('content-type')?.split(';')[0]], [200, 'text/event-stream'], pattern);
    stop.abort();
  }
});

test('each role sees the workspace pages that its rights open, and no other', async () => {
  for (const pattern of routePaths().filter((path) => routes[path]!.who === 'member' && routes[path]!.kind !== 'stream' && path !== '/own-account')) {
    const { right } = routes[pattern]!;
    for (const role of roles) {
      const answer = await members[role].get(fill(pattern));
      const allowed = right === undefined || (rightsOf(role) as string[]).includes(right);
      if (allowed) assert.ok([200, 302].includes(answer.status), `${pattern} as ${role} answers ${answer.status}`);
      else assert.equal(answer.status, 403, `${pattern} as ${role}`);
      if (!allowed) assertNothingOfAda(answer, `${pattern} as ${role}`);
    }
  }
});

test('each role is refused the actions that its rights do not open', async () => {
  const actions: [string, Record<string, string>, string][] = [
    [`/workspace/consumers/${own.consumer}`, { intent: 'block' }, 'consumers.change'],
    ['/workspace/products/echo', { intent: 'private' }, 'products.change'],
    ['/workspace/products/echo', { intent: 'invite', email: 'x@example.com' }, 'products.change'],
    ['/workspace/products/new', { slug: 'taken', name: 'Taken', upstream: 'http://127.0.0.1:9' }, 'products.change'],
    ['/workspace/products/echo/edit', { name: 'Taken' }, 'products.change'],
    ['/workspace/products/echo/versions/v1', { intent: 'retire' }, 'products.change'],
    ['/workspace/products/echo/plans/free', { intent: 'archive' }, 'plans.change'],
    ['/workspace/members', { intent: 'invite', email: 'mallory@example.com', role: 'owner' }, 'members.change'],
    ['/workspace/invoices', {}, 'billing.change'],
    ...[{ intent: 'pay' }, { intent: 'void', reason: 'x' }, { intent: 'collect' }, { intent: 'credit', what: 'all', reason: 'x', refund: 'on' }].map((form): [string, Record<string, string>, string] => [`/workspace/invoices/${own.invoice}`, form as Record<string, string>, 'billing.change']),
    ['/workspace/billing', { intent: 'rate', rateCountry: 'FR', rateName: 'TVA', percent: '20' }, 'billing.change'],
    ['/workspace/billing', { intent: 'numbers', numberPrefix: 'X-', dueDays: '1', graceMinutes: '1', finalise: 'automatic' }, 'billing.change'],
    [`/workspace/consumers/${own.consumer}/subscriptions`, { intent: 'grant-credit', amount: '100', currency: 'usd', reason: 'x' }, 'billing.change'],
    [`/workspace/simulator/${own.simulation}`, { intent: 'roll-out', movers: 'none' }, 'plans.change'],
  ];
  for (const [path, form, right] of actions) {
    for (const role of roles.filter((candidate) => !(rightsOf(candidate) as string[]).includes(right))) {
      assert.equal((await members[role].post(path, form)).status, 403, `${path} ${form['intent'] ?? ''} as ${role}`);
    }
    for (const [name, visitor] of [['a developer', ada], ['a stranger', stranger]] as const) {
      const { status, location } = await visitor.post(path, form);
      assert.ok(status === 403 || (name === 'a stranger' && (location ?? '').startsWith('/sign-in')), `${path} as ${name} answers ${status}`);
    }
  }
  assert.equal((await call(portico, adasKey))[0], 200, 'nothing was changed');
  assert.equal((await stranger.get('/echo')).status, 200);
});

test('who sees the portal as a consumer does sees its name and its block, and sends no mail for it', async () => {
  const { support } = members;
  assert.equal((await support.post(`/workspace/consumers/${own.consumer}/view`, {})).location, '/dashboard');
  await portico.api('PATCH', `/consumers/${own.consumer}`, { blocked: true });
  assert.match((await support.get('/dashboard')).text, /href="\/errors\/consumer_blocked"/);
  await portico.api('PATCH', `/consumers/${own.consumer}`, { blocked: false });
  assert.doesNotMatch((await support.get('/dashboard')).text, /href="\/errors\/consumer_blocked"/);
  assert.match((await support.get('/dashboard/account')).text, /name="name" value="alpha-works\.example"/);
  assert.equal((await support.post('/dashboard/account', { intent: 'verify' })).status, 403);
  await support.post('/leave-view', { consumer: own.consumer });
});

test('the key that a session minted ends with the session, and with the removal of its developer', async () => {
  const carol = visit(portico);
  const minted = async (): Promise<string> => (JSON.parse((await carol.post('/echo/v1/openapi.key', {})).text) as { key: string }).key;
  await signUpBy(carol, 'carol@alpha-works.example');
  const first = await minted();
  assert.equal((await call(portico, first))[0], 200);
  await carol.post('/sign-out', {});
  assert.deepEqual(await call(portico, first), [401, 'key_unknown']);

  const { link } = await portico.api<{ link: string }>('POST', `/consumers/${own.consumer}/invitations`, { email: 'carol@alpha-works.example' });
  await carol.post('/sign-in', { email: 'carol@alpha-works.example', password });
  for (const { id } of (await keysOf('carol@alpha-works.example'))) await portico.api('POST', `/keys/${id}/revoke`);
  await joinBy(carol, link);
  const second = await minted();
  assert.equal((await call(portico, second))[0], 200);
  const { developers } = await portico.api<{ developers: { id: string; email: string }[] }>('GET', `/consumers/${own.consumer}/developers`);
  await portico.api('DELETE', `/consumers/${own.consumer}/developers/${developers.find(({ email }) => email.startsWith('carol'))!.id}`);
  assert.deepEqual(await call(portico, second), [401, 'key_unknown']);
});

async function keysOf(email: string): Promise<{ id: string }[]> {
  const { consumers } = await portico.api<{ consumers: { id: string }[] }>('GET', `/consumers?search=${email}`);
  return (await portico.api<{ keys: { id: string }[] }>('GET', `/consumers/${consumers[0]!.id}`)).keys;
}

test('members read private products and their versions before anybody else does', async () => {
  await members.owner.post('/workspace/products/echo', { intent: 'private' });
  for (const path of ['/echo', '/echo/v1', '/echo/v1.md', '/echo.md']) {
    assert.equal((await members.viewer.get(path)).status, 200, path);
    assert.equal((await stranger.get(path)).status, 404, path);
  }
  await members.owner.post('/workspace/products/echo', { intent: 'public' });
  assert.equal((await stranger.get('/echo')).status, 200);
});

test('a form beyond what any form holds is refused before it is read, with or without its length', async () => {
  const tooLong = 'x='.padEnd(1_100_000, 'x');
  const post = async (path: string, body: RequestInit['body'], who = stranger) => (await fetch(portico.webUrl + path, { method: 'POST', body, duplex: 'half', redirect: 'manual', headers: { cookie: who.cookie(), origin: portico.webUrl, 'content-type': 'application/x-www-form-urlencoded' } } as RequestInit)).status;
  for (const path of ['/sign-in', '/sign-up.data', '/feedback', '/workspace/products/publish', '/api/auth/sign-out']) {
    assert.equal(await post(path, tooLong), 413, path);
    assert.equal(await post(path, new Blob([tooLong]).stream()), 413, `${path}, in pieces`);
  }
  assert.equal(await post('/workspace/products/publish', tooLong, bob), 413, 'who is no member');
  for (const body of [tooLong, new Blob([tooLong]).stream()]) assert.equal(await post('/workspace/products/publish', body, members.owner), 422, 'a document is read, and found to be none');
  assert.equal(await post('/sign-in', new Blob(['email=nobody&password=x']).stream()), 400, 'a short one in pieces is read');
  const invited = await fetch(`${portico.webUrl}/api/v1/members/invitations`, { method: 'POST', body: new Blob(['{"email":"pieces@example.com","role":"viewer"}']).stream(), duplex: 'half', headers: { authorization: `Bearer ${portico.adminToken}`, 'content-type': 'application/json' } } as RequestInit);
  assert.ok(invited.ok, `the management API reads pieces too: ${invited.status}`);
});

test('an address that no page understands is not found, and no fault', async () => {
  for (const path of ['/errors/__proto__', '/errors/constructor', '/errors/toString.md', '/social/%ff.png', '/social/echo/%E0%A4%A.png']) assert.equal((await stranger.get(path)).status, 404, path);
});

test('the management API answers nobody without a right', async () => {
  const document = (await (await fetch(`${portico.webUrl}/api/openapi.json`)).json()) as { paths: Record<string, Record<string, unknown>> };
  const methods = new Set(['get', 'post', 'put', 'patch', 'delete']);
  let walked = 0;
  for (const [pattern, operations] of Object.entries(document.paths)) {
    const path = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => ({ consumer: own.consumer, key: own.key, request: own.request, product: 'echo', version: 'v1', plan: 'free' })[name] ?? own.consumer);
    for (const method of Object.keys(operations).filter((name) => methods.has(name))) {
      for (const [name, headers, statuses] of [
        ['a stranger', {}, [401]], ['a wrong token', { authorization: 'Bearer wrong' }, [401]], ['a key of the gateway', { authorization: `Bearer ${adasKey}` }, [401]], ['a developer', { cookie: bob.cookie() }, [401, 403]],
      ] as const) {
        const response = await fetch(portico.webUrl + path, { method: method.toUpperCase(), headers: { ...headers, ...(method === 'get' ? {} : { 'content-type': 'application/json', origin: portico.webUrl }) }, ...(method === 'get' ? {} : { body: '{}' }) });
        const text = await response.text();
        assert.ok((statuses as readonly number[]).includes(response.status), `${method} ${pattern} as ${name} answers ${response.status}`);
        assertNothingOfAda({ text: text.replaceAll(path, '') } as Answer, `${method} ${pattern} as ${name}`);
        walked += 1;
      }
    }
  }
  assert.ok(walked > 100, `${walked} calls`);
});

const attacks = ['https://evil.example', '//evil.example', '/\\evil.example', '/\t/evil.example', '\\\\evil.example', '/%09/evil.example/..//evil.example', 'javascript:alert(1)', '/.//evil.example', 'https:evil.example', ' //evil.example', '/\n/evil.example', 'evil.example', '//evil.example/%2e%2e', 'data:text/html,x', '/@evil.example/../..//evil.example'];

/** Where a browser on the portal goes by this Location. */
function leadsTo(location: string | null): string {
  return new URL(location ?? '/', portico.webUrl).origin;
}

test('no address that is given along leads to another site', async () => {
  for (const attack of attacks) {
    const next = encodeURIComponent(attack);
    for (const path of [`/sign-in?next=${next}`, `/sign-up?next=${next}`, `/start?product=${next}`, `/sign-up?product=${next}`]) {
      const answer = await ada.get(path);
      assert.equal(leadsTo(answer.location), portico.webUrl, `${path} leads to ${answer.location}`);
    }
    for (const path of [`/sign-in?next=${next}`, `/sign-up?next=${next}`, `/magic-link?token=x&next=${next}`, `/verify-email?token=x&next=${next}`]) {
      const hidden = /name="next" value="([^"]*)"/.exec((await stranger.get(path)).text)?.[1] ?? '/';
      assert.equal(leadsTo(hidden.replaceAll('&amp;', '&')), portico.webUrl, `${path} holds ${hidden}`);
    }
    const theme = await stranger.post('/theme', { theme: 'dark', next: attack });
    assert.equal(leadsTo(theme.location), portico.webUrl, `/theme leads to ${theme.location}`);
  }
  for (const attack of attacks.slice(0, 6)) {
    const signedIn = await visit(portico).post('/sign-in', { email: 'bob@beta.example', password, by: 'password', next: attack });
    assert.equal(signedIn.status, 302, attack);
    assert.equal(leadsTo(signedIn.location), portico.webUrl, `sign-in leads to ${signedIn.location}`);
  }
  const path = await visit(portico).post('/sign-in', { email: 'bob@beta.example', password, by: 'password', next: '/dashboard/keys?mode=test' });
  assert.equal(path.location, '/dashboard/keys?mode=test', 'an own address is kept');
});

test('every page has a strict policy with a nonce of its own, and no style of its own', async () => {
  const nonces = new Set<string>();
  let pages = 0;
  for (const pattern of routePaths()) {
    const { who, kind } = routes[pattern]!;
    if (kind !== 'page') continue;
    const answer = await (who === 'member' ? members.owner : who === 'developer' ? ada : stranger).get(fill(pattern));
    if (!(answer.headers.get('content-type') ?? '').startsWith('text/html')) continue;
    const policy = answer.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'; script-src 'self' 'nonce-/, pattern);
    assert.doesNotMatch(policy, /unsafe|data:|\*/, pattern);
    assert.doesNotMatch(answer.text, /<[^>]+ style="/, `${pattern} has a style attribute`);
    const nonce = /'nonce-([^']+)'/.exec(policy)![1]!;
    for (const [tag] of answer.text.matchAll(/<script\b[^>]*>/g)) assert.ok(tag.includes(`nonce="${nonce}"`) || /type="application\/(?:ld\+)?json"/.test(tag), `${pattern}: ${tag}`);
    for (const [tag] of answer.text.matchAll(/<[a-z][^>]* on[a-z]+=/g)) assert.fail(`${pattern}: ${tag}`);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    nonces.add(nonce);
    pages += 1;
  }
  assert.ok(pages > 30, `${pages} pages`);
  assert.equal(nonces.size, pages, 'no nonce is used twice');
});

test('cookies are kept from scripts and other sites, and behind TLS from plain connections', async (t) => {
  const origin = 'https://developers.example';
  const ports = { web: await freePort(), gateway: await freePort() };
  await startPortico(t, { configuration: upstream.configuration, ports, environment: { PORTICO_PUBLIC_WEB_URL: origin } });
  for (const [place, from, secure] of [[portico, portico.webUrl, false], [{ webUrl: `http://127.0.0.1:${ports.web}` }, origin, true]] as const) {
    const visitor = visit(place, from);
    const answers = [
      await visitor.post('/sign-up', { email: 'cookie@example.com', password }), await visitor.post('/theme', { theme: 'dark', next: '/' }), await visitor.post('/theme', { theme: '', next: '/' }),
      await visitor.post('/sign-out', {}), await visitor.post('/sign-in', { email: 'cookie@example.com', password, by: 'password' }),
    ];
    const cookies = answers.flatMap(({ headers }) => headers.getSetCookie());
    assert.ok(cookies.length >= 5, cookies.join('\n'));
    for (const cookie of cookies) {
      assert.match(cookie, /; HttpOnly/i, cookie.split('=')[0]);
      assert.match(cookie, /; SameSite=(?:Lax|Strict)/i, cookie.split('=')[0]);
      assert.equal(/; Secure/i.test(cookie), secure, `${cookie.split('=')[0]} at ${from}`);
    }
  }
});
