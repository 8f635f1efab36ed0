import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { getMigrations } from 'better-auth/db/migration';
import { forEachEngine } from '../../store/testkit.ts';
import { authOptions } from './better-auth.ts';
import { accountDeps, accountKit, password, withCookies } from './testkit.ts';

const minute = 60_000;

forEachEngine('accounts', ({ open }) => {
  test('better-auth finds nothing left to create in our schema', async () => {
    const database = await open();
    const warnings: string[] = [];
    const wanted = await getMigrations({ ...authOptions(accountDeps(database), { letters: { magicLink: async () => {}, resetPassword: async () => {} } }), logger: { level: 'warn', log: (_level, message) => warnings.push(message) } });
    assert.deepEqual([wanted.toBeCreated, wanted.toBeAdded, wanted.toBeAddedIndexes, wanted.schemaProblems, warnings], [[], [], [], [], []]);
  });

  test('a sign-up makes user, consumer and developer, signs in at once, and mails a verification', async () => {
    const kit = accountKit(await open());
    const { headers, person } = await kit.accounts.signUp({ email: ' Ada@Example.COM ', password, name: 'Ada L', next: '/start' }, kit.post());
    const [cookie] = headers.getSetCookie();
    assert.match(cookie!, /^portico\.session_token=[^;]+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/);
    assert.deepEqual(await kit.accounts.findPerson(withCookies(headers)), person);
    assert.equal(person.developer?.consumerName, 'example.com');
    assert.deepEqual([person.email, person.name, person.verified, person.member], ['ada@example.com', 'Ada L', false, null]);
    const consumer = await kit.database.kysely.selectFrom('consumer').selectAll().executeTakeFirstOrThrow();
    assert.deepEqual([consumer.id, consumer.origin, consumer.verified_at], [person.developer?.consumerId, 'sign-up', null]);
    assert.deepEqual((await kit.database.kysely.selectFrom('activity').select(['kind', 'actor', 'subject']).execute()), [{ kind: 'consumer.signed-up', actor: 'ada@example.com', subject: person.developer?.developerId }]);
    assert.match((await kit.mailbox.outbox())[0]!.text, /^http:\/\/portal\.test\/verify-email\?token=\S+&next=%2Fstart$/m);
  });

  test('who signs up from the mail domain of another consumer gets a name of their own', async () => {
    const kit = accountKit(await open());
    await kit.signUp('ada@example.com');
    await kit.signUp('bo@example.com');
    const rows = await kit.database.kysely.selectFrom('consumer').select('name').orderBy('name').execute();
    assert.deepEqual(rows.map(({ name }) => name), ['bo@example.com', 'example.com']);
  });

  test('over https the session cookie is secure', async () => {
    const kit = accountKit(await open(), { webUrl: 'https://portal.test' });
    assert.match((await kit.signUp('ada@example.com')).headers.getSetCookie()[0]!, /^__Secure-portico\.session_token=.*; HttpOnly; Secure; SameSite=Lax$/);
  });

  test('an address with an account is refused with what to do, and nothing is made or sent', async () => {
    const kit = accountKit(await open());
    await kit.signUp('ada@example.com');
    await assert.rejects(kit.accounts.signUp({ email: 'ADA@example.com', password: 'another password' }, kit.post()), { code: 'conflict', message: /Sign in, have a sign-in link/ });
    const both = await Promise.allSettled([1, 2, 3].map(() => kit.signUp('bob@example.com')));
    assert.deepEqual(both.map((one) => one.status).sort(), ['fulfilled', 'rejected', 'rejected']);
    for (const one of both) if (one.status === 'rejected') assert.equal(one.reason.code, 'conflict');
    for (const table of ['user', 'consumer', 'developer', 'mail'] as const) assert.equal((await kit.database.kysely.selectFrom(table).selectAll().execute()).length, 2, table);
  });

  test('bad input is refused by field and makes nothing', async () => {
    const kit = accountKit(await open());
    const refused: [string, { email: string; password: string; name?: string }][] = [
      ...['', 'ada', 'ada@', '@example.com', 'a b@example.com', 'ada@example', 'ada@exa_mple.com', 'ada@-example.com', 'a..b@example.com', `${'a'.repeat(250)}@example.com`, 'ada@example.com\nbcc: x@example.com'].map((email): [string, { email: string; password: string }] => ['/email', { email, password }]),
      ['/password', { email: 'ada@example.com', password: '123456789' }], ['/password', { email: 'ada@example.com', password: 'x'.repeat(129) }],
      ['/name', { email: 'ada@example.com', password, name: 'x'.repeat(101) }],
    ];
    for (const [pointer, input] of refused) await assert.rejects(kit.accounts.signUp(input, kit.post()), (error: { code: string; errors: { pointer: string }[] }) => error.code === 'input_invalid' && error.errors[0]!.pointer === pointer, input.email);
    assert.deepEqual(await kit.database.kysely.selectFrom('user').selectAll().execute(), []);
  });

  test('signing in needs the right password, and signing out ends the session', async () => {
    const kit = accountKit(await open());
    await kit.signUp('ada@example.com');
    for (const wrong of [{ email: 'ada@example.com', password: 'wrong password' }, { email: 'nobody@example.com', password }, { email: 'ada@example.com', password: '' }]) {
      await assert.rejects(kit.accounts.signIn(wrong, kit.post()), { code: 'not_signed_in', message: /address or the password/ });
    }
    const { headers } = await kit.accounts.signIn({ email: 'Ada@example.com', password }, kit.post());
    const session = withCookies(headers);
    assert.equal((await kit.accounts.findPerson(session))?.email, 'ada@example.com');
    const out = await kit.accounts.signOut(kit.post(session));
    assert.match(out.headers.getSetCookie()[0]!, /Max-Age=0/);
    assert.equal(await kit.accounts.findPerson(session), undefined);
  });

  test('no session, a made-up one and a changed one are nobody', async () => {
    const kit = accountKit(await open());
    const { headers } = await kit.signUp('ada@example.com');
    const cookie = withCookies(headers).get('cookie')!;
    for (const bad of ['', 'portico.session_token=abc.def', `${cookie.slice(0, -6)}AAAA%3D`]) assert.equal(await kit.accounts.findPerson(new Headers({ cookie: bad })), undefined, bad);
  });

  test('a password guessed a thousand times: ten guesses are looked at, then even the right one waits, also after a restart', async () => {
    const database = await open();
    const kit = accountKit(database);
    await kit.signUp('ada@example.com');
    const codes: string[] = [];
    for (let round = 0; round < 20; round++) {
      const guesses = Array.from({ length: 50 }, (_, i) => kit.accounts.signIn({ email: 'ada@example.com', password: `guess number ${round * 50 + i}` }, kit.post(undefined, `198.51.100.${round}`)).then(() => 'in', (error: { code: string }) => error.code));
      codes.push(...await Promise.all(guesses));
    }
    assert.deepEqual(Object.fromEntries(Object.entries(Object.groupBy(codes, (code) => code)).map(([code, list]) => [code, list!.length])), { not_signed_in: 10, too_many_attempts: 990 });
    const restarted = accountKit(database);
    await assert.rejects(restarted.accounts.signIn({ email: 'ada@example.com', password }, kit.post()), { code: 'too_many_attempts', message: /Try again after \d+ \w+ \d+, \d\d:\d\d UTC/ });
    await kit.signUp('bob@example.com');
    kit.clock.set(Date.now() + 15 * minute + 1000);
    await kit.accounts.signIn({ email: 'ada@example.com', password }, kit.post());
  });

  test('guesses over many accounts from one address are stopped too, and right sign-ins do not count', async () => {
    const kit = accountKit(await open());
    await kit.signUp('ada@example.com');
    for (let i = 0; i < 120; i++) await kit.accounts.signIn({ email: 'ada@example.com', password }, kit.post());
    for (let i = 0; i < 100; i++) await assert.rejects(kit.accounts.signIn({ email: `user${i}@example.com`, password }, kit.post()), { code: 'not_signed_in' });
    await assert.rejects(kit.accounts.signIn({ email: 'ada@example.com', password }, kit.post()), { code: 'too_many_attempts' });
    await kit.accounts.signIn({ email: 'ada@example.com', password }, kit.post(undefined, '192.0.2.2'));
  });

  test('verifying lifts the cap of every key of the consumer and says so to the gateways', async () => {
    const kit = accountKit(await open());
    const { headers, person } = await kit.signUp('ada@example.com');
    await kit.database.kysely.insertInto('key').values({ id: 'key_1', consumer_id: person.developer!.consumerId, developer_id: person.developer!.developerId, name: 'k', mode: 'test', origin: 'own', hash: 'h', masked: 'm', scopes: null, addresses: null, created_at: 1, expires_at: null, revoked_at: null, revoked_by: null, replaced_by: null, last_used_at: null }).execute();
    const token = await kit.mailedToken('ada@example.com', '/verify-email');
    await kit.accounts.verifyEmail({ token }, kit.post());
    assert.equal((await kit.accounts.findPerson(withCookies(headers)))?.verified, true);
    assert.notEqual((await kit.database.kysely.selectFrom('consumer').select('verified_at').executeTakeFirstOrThrow()).verified_at, null);
    assert.deepEqual(kit.announced, ['key_1']);
    await kit.accounts.verifyEmail({ token }, kit.post());
    assert.deepEqual(kit.announced, ['key_1'], 'the second time changes nothing');
    for (const bad of ['', 'x.y.z', `${token.slice(0, -4)}AAAA`]) await assert.rejects(kit.accounts.verifyEmail({ token: bad }, kit.post()), { code: 'input_invalid' });
  });

  test('a verification ends after a day', async () => {
    const kit = accountKit(await open());
    await kit.signUp('ada@example.com');
    const token = await kit.mailedToken('ada@example.com', '/verify-email');
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 25 * 60 * minute });
    try {
      await assert.rejects(kit.accounts.verifyEmail({ token }, kit.post()), { code: 'input_invalid' });
    } finally {
      mock.timers.reset();
    }
  });

  test('a magic link signs in once, for a quarter of an hour, and goes on to own paths only', async () => {
    const kit = accountKit(await open());
    await kit.signUp('ada@example.com');
    for (const [next, kept] of [['/dashboard/keys?x=1', '/dashboard/keys?x=1'], ['https://evil.example', '/dashboard'], ['//evil.example', '/dashboard'], ['/\\evil.example', '/dashboard']] as const) {
      await kit.accounts.sendMagicLink({ email: 'ada@example.com', next }, kit.post());
      assert.match((await kit.mailbox.outbox())[0]!.text, new RegExp(`&next=${encodeURIComponent(kept).replaceAll(/[?.]/g, '\\$&')}$`, 'm'), next);
    }
    const token = await kit.mailedToken('ada@example.com', '/magic-link');
    const { headers } = await kit.accounts.consumeMagicLink({ token }, kit.post());
    assert.equal((await kit.accounts.findPerson(withCookies(headers)))?.verified, true, 'who opens the mail owns the address');
    await assert.rejects(kit.accounts.consumeMagicLink({ token }, kit.post()), { code: 'input_invalid' });
    await assert.rejects(kit.accounts.consumeMagicLink({ token: 'made-up' }, kit.post()), { code: 'input_invalid' });
    await kit.accounts.sendMagicLink({ email: 'ada@example.com', next: '/' }, kit.post());
    const late = await kit.mailedToken('ada@example.com', '/magic-link');
    mock.timers.enable({ apis: ['Date'], now: Date.now() + 16 * minute });
    try {
      await assert.rejects(kit.accounts.consumeMagicLink({ token: late }, kit.post()), { code: 'input_invalid' });
    } finally {
      mock.timers.reset();
    }
  });

  test('what the producer made for an address opens only to who can read its mail', async () => {
    const kit = accountKit(await open());
    await kit.database.kysely.insertInto('consumer').values({ id: 'con_c', name: 'Made', origin: 'command', created_at: 1, blocked_at: null, verified_at: null, first_success_at: null, first_live_success_at: null, first_key_at: null }).execute();
    await kit.database.kysely.insertInto('developer').values({ id: 'dev_c', consumer_id: 'con_c', user_id: null, email: 'eve@example.com', created_at: 1, removed_at: null }).execute();
    await assert.rejects(kit.signUp('eve@example.com'), { code: 'conflict' });
    await kit.accounts.sendMagicLink({ email: 'eve@example.com', next: '/' }, kit.post());
    const { headers } = await kit.accounts.consumeMagicLink({ token: await kit.mailedToken('eve@example.com', '/magic-link') }, kit.post());
    assert.deepEqual((await kit.accounts.findPerson(withCookies(headers)))?.developer, { developerId: 'dev_c', consumerId: 'con_c', consumerName: 'Made', blocked: false });
  });

  test('a reset sets a new password once, ends all sessions and the wait after guesses', async () => {
    const kit = accountKit(await open());
    const { headers } = await kit.signUp('ada@example.com');
    for (let i = 0; i < 11; i++) await assert.rejects(kit.accounts.signIn({ email: 'ada@example.com', password: 'wrong password' }, kit.post()));
    await kit.accounts.requestPasswordReset({ email: 'ada@example.com' }, kit.post());
    const token = await kit.mailedToken('ada@example.com', '/reset-password');
    await assert.rejects(kit.accounts.resetPassword({ token, password: 'short' }, kit.post()), { code: 'input_invalid' });
    await kit.accounts.resetPassword({ token, password: 'the new password' }, kit.post());
    assert.equal(await kit.accounts.findPerson(withCookies(headers)), undefined);
    await assert.rejects(kit.accounts.signIn({ email: 'ada@example.com', password }, kit.post()), { code: 'not_signed_in' });
    await kit.accounts.signIn({ email: 'ada@example.com', password: 'the new password' }, kit.post());
    await assert.rejects(kit.accounts.resetPassword({ token, password: 'a third password' }, kit.post()), { code: 'input_invalid' });
  });

  test('strangers learn nothing from mail forms, and cannot flood a mailbox', async () => {
    const kit = accountKit(await open());
    for (const ask of ['sendMagicLink', 'sendVerification', 'requestPasswordReset'] as const) await kit.accounts[ask]({ email: 'nobody@example.com', next: '/' }, kit.post());
    assert.deepEqual(await kit.mailbox.outbox(), []);
    await kit.signUp('ada@example.com');
    for (let i = 0; i < 5; i++) await kit.accounts.requestPasswordReset({ email: 'ada@example.com' }, kit.post(undefined, `192.0.2.${i}`));
    await assert.rejects(kit.accounts.sendMagicLink({ email: 'ada@example.com', next: '/' }, kit.post()), { code: 'too_many_attempts' });
  });

  test('tokens of mailed links are kept as hashes', async () => {
    const kit = accountKit(await open());
    await kit.signUp('ada@example.com');
    await kit.accounts.requestPasswordReset({ email: 'ada@example.com' }, kit.post());
    await kit.accounts.sendMagicLink({ email: 'ada@example.com', next: '/' }, kit.post());
    const stored = JSON.stringify(await kit.database.kysely.selectFrom('verification').selectAll().execute());
    for (const page of ['/reset-password', '/magic-link']) assert.equal(stored.includes(await kit.mailedToken('ada@example.com', page)), false, page);
  });

  test('of better-auth’s own endpoints only three answer, and not to forms of other sites', async () => {
    const kit = accountKit(await open());
    const { headers } = await kit.signUp('ada@example.com');
    const cookie = withCookies(headers).get('cookie')!;
    const ask = (method: string, path: string, extra: Record<string, string> = {}, body?: string) => kit.accounts.handle(new Request(`http://portal.test/api/auth${path}`, { method, headers: { cookie, ...extra }, ...(body ? { body } : {}) }));
    assert.equal(((await (await ask('GET', '/get-session')).json()) as { user: { email: string } }).user.email, 'ada@example.com');
    for (const path of ['/sign-in/email', '/sign-up/email', '/update-user', '/change-password', '/delete-user']) assert.equal((await ask('POST', path, { 'content-type': 'application/json', origin: 'http://portal.test' }, '{}')).status, 404, path);
    assert.equal((await ask('POST', '/sign-out', { origin: 'https://evil.example' })).status, 403);
    assert.ok(await kit.accounts.findPerson(new Headers({ cookie })));
    assert.equal((await ask('POST', '/sign-out', { origin: 'http://portal.test' })).status, 200);
    assert.equal(await kit.accounts.findPerson(new Headers({ cookie })), undefined);
  });
});
