import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { pino } from 'pino';
import { SMTPServer } from 'smtp-server';
import { readConfig } from '../../config.ts';
import type { Database } from '../../store/database.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { openMailbox } from './mailbox.ts';
import { messages } from './messages.ts';

interface Received { from: string; to: string[]; raw: string }

/** A real SMTP server; `refuse` answers this error to the message. */
async function startSmtp(t: TestContext, behaviour: { refuse?: Error } = {}): Promise<{ url: string; received: Received[]; behaviour: { refuse?: Error } }> {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'], logger: false,
    onAuth: (auth, _session, done) => (auth.username === 'portico' && auth.password === 'secret' ? done(null, { user: 'portico' }) : done(new Error('wrong credentials'))),
    onData: (stream, session, done) => {
      let raw = '';
      stream.on('data', (chunk: Buffer) => (raw += chunk.toString()));
      stream.on('end', () => {
        if (behaviour.refuse) return done(behaviour.refuse);
        received.push({ from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '', to: session.envelope.rcptTo.map((address) => address.address), raw });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { url: `smtp://portico:secret@127.0.0.1:${(server.server.address() as AddressInfo).port}`, received, behaviour };
}

function openKit(t: TestContext, database: Database, smtpUrl: string | null) {
  let now = Date.UTC(2026, 8, 1);
  const deps = { config: { ...readConfig({}), webUrl: 'http://portal.test', smtpUrl }, database, clock: { now: () => now, monotonicNs: () => 0n }, random: randomBytes, log: pino({ level: 'silent' }) };
  const mailbox = openMailbox(deps);
  t.after(() => mailbox.close());
  return { mailbox, advance: (ms: number) => void (now += ms), row: () => database.kysely.selectFrom('mail').selectAll().executeTakeFirstOrThrow() };
}

const message = messages.signIn({ to: 'ada@example.com', portal: 'Atlas Developers', link: 'http://portal.test/magic-link?token=t&next=%2F' });

forEachEngine('mail', ({ open }) => {
  test('without SMTP it stays in the outbox, newest first', async (t) => {
    const database = await open();
    const { mailbox, advance } = openKit(t, database, null);
    await mailbox.post(database.kysely, message);
    advance(1);
    await mailbox.post(database.kysely, { ...message, to: 'bob@example.com' });
    await mailbox.deliver();
    const outbox = await mailbox.outbox();
    assert.deepEqual(outbox.map((mail) => mail.to), ['bob@example.com', 'ada@example.com']);
    assert.deepEqual([outbox[1]!.subject, outbox[1]!.text, outbox[1]!.sentAt], [message.subject, message.text, null]);
  });

  test('mail of a transaction that rolls back is not sent', async (t) => {
    const smtp = await startSmtp(t);
    const database = await open();
    const { mailbox } = openKit(t, database, smtp.url);
    await assert.rejects(database.transaction(async (query) => {
      await mailbox.post(query, message);
      throw new Error('no');
    }));
    await mailbox.deliver();
    assert.deepEqual(smtp.received, []);
  });

  test('with SMTP it is sent once, by whoever is first, and its links are not kept', async (t) => {
    const smtp = await startSmtp(t);
    const database = await open();
    const one = openKit(t, database, smtp.url);
    const other = openKit(t, database, `${smtp.url}/?from=${encodeURIComponent('Atlas <hello@atlas.example>')}`);
    await one.mailbox.post(database.kysely, message);
    await Promise.all([one.mailbox.deliver(), other.mailbox.deliver(), one.mailbox.deliver()]);
    assert.equal(smtp.received.length, 1);
    assert.deepEqual(smtp.received[0]!.to, ['ada@example.com']);
    assert.match(smtp.received[0]!.raw, /^Subject: Your sign-in link for Atlas Developers\r$/m);
    assert.match(smtp.received[0]!.raw, /multipart\/alternative/);
    const row = await one.row();
    assert.deepEqual([row.text, row.html, row.error, row.attempts, row.next_attempt_at], ['', '', null, 1, null]);
    assert.ok(row.sent_at);
    assert.deepEqual(await one.mailbox.outbox(), []);
  });

  test('the sender is no-reply at the portal, or what the address of the server names', async (t) => {
    const smtp = await startSmtp(t);
    const database = await open();
    for (const url of [smtp.url, `${smtp.url}/?from=${encodeURIComponent('hello@atlas.example')}`]) {
      const { mailbox } = openKit(t, database, url);
      await mailbox.post(database.kysely, message);
      await mailbox.deliver();
    }
    assert.deepEqual(smtp.received.map((mail) => mail.from), ['no-reply@portal.test', 'hello@atlas.example']);
  });

  test('what is refused is tried again later and later, keeps its error, and is sent when the server takes it', async (t) => {
    const smtp = await startSmtp(t, { refuse: Object.assign(new Error('mailbox full'), { responseCode: 452 }) });
    const database = await open();
    const { mailbox, advance, row } = openKit(t, database, smtp.url);
    await mailbox.post(database.kysely, message);
    await mailbox.deliver();
    assert.match((await row()).error!, /452.*mailbox full/);
    await mailbox.deliver();
    assert.equal((await row()).attempts, 1, 'not due yet');
    advance(15_000);
    await mailbox.deliver();
    assert.equal((await row()).attempts, 2);
    advance(15_000);
    await mailbox.deliver();
    assert.equal((await row()).attempts, 2, 'the second wait is longer');
    delete smtp.behaviour.refuse;
    advance(15_000);
    await mailbox.deliver();
    assert.deepEqual([smtp.received.length, (await row()).error], [1, null]);
  });

  test('it gives up after twelve attempts and says so', async (t) => {
    const smtp = await startSmtp(t, { refuse: Object.assign(new Error('no such user'), { responseCode: 550 }) });
    const database = await open();
    const { mailbox, advance, row } = openKit(t, database, smtp.url);
    await mailbox.post(database.kysely, message);
    for (let i = 0; i < 15; i++) {
      await mailbox.deliver();
      advance(7 * 3_600_000);
    }
    const { attempts, next_attempt_at: next, error } = await row();
    assert.deepEqual([attempts, next], [12, null]);
    assert.match(error!, /no such user/);
  });

  test('a server that is not there, or refuses the password, is an error to try again, not a fault', async (t) => {
    const smtp = await startSmtp(t);
    const database = await open();
    for (const url of ['smtp://127.0.0.1:1', smtp.url.replace('secret', 'wrong')]) {
      const { mailbox } = openKit(t, database, url);
      await mailbox.post(database.kysely, message);
      await mailbox.deliver();
    }
    const rows = await database.kysely.selectFrom('mail').select(['error', 'sent_at', 'attempts']).orderBy('id').execute();
    assert.deepEqual(rows.map((mail) => [mail.sent_at, mail.attempts > 0, mail.error !== null]), [[null, true, true], [null, true, true]]);
  });
});

test('names of strangers cannot break a mail: no header, no markup', () => {
  const mail = messages.inviteDeveloper({ to: 'a@example.com', portal: 'P', link: 'http://x/?a="><script>', invitedBy: 'eve@example.com', consumer: 'Evil\r\nBcc: all@example.com <b>&"\'', expiresAt: Date.UTC(2026, 10, 22, 14, 3) });
  assert.equal(mail.subject, 'eve@example.com invited you to Evil Bcc: all@example.com <b>&"\' at P');
  assert.doesNotMatch(mail.html, /<script>|<b>/);
  assert.match(mail.text, /22 Nov 2026, 14:03 UTC/);
});
