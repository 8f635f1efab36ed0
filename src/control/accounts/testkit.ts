import { Buffer } from 'node:buffer';
import { createHash, randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { readConfig } from '../../config.ts';
import type { Config } from '../../config.ts';
import type { Database } from '../../store/database.ts';
import { openMailbox } from '../mail/mailbox.ts';
import type { Mailbox } from '../mail/mailbox.ts';
import type { Accounts, Actor, Person } from '../services.ts';
import { createAccounts } from './accounts.ts';
import type { PasswordHash } from './better-auth.ts';

export const password = 'correct horse';

export interface AccountKit {
  accounts: Accounts;
  database: Database;
  mailbox: Mailbox;
  deps: ReturnType<typeof accountDeps>;
  /** Keys whose change was announced to the gateways. */
  announced: string[];
  clock: { now(): number; monotonicNs(): bigint; set(ms: number): void };
  /** A form post with these cookies from this address. */
  post(headers?: Headers, address?: string): Request;
  signUp(email: string): Promise<{ headers: Headers; person: Person; actor: Extract<Actor, { kind: 'developer' }> }>;
  /** The token of the newest mail to this address whose link leads to this page. */
  mailedToken(email: string, page: string): Promise<string>;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** In the place of scrypt, which is slow on purpose. */
export const quickHash: PasswordHash = { hash: async (text) => digest(text), verify: async ({ hash, password: text }) => hash === digest(text) };

export function accountDeps(database: Database, config: Partial<Config> = {}, clock = movableClock()) {
  return {
    config: { ...readConfig({}), webUrl: 'http://portal.test', ...config },
    secret: 'a-secret-of-the-tests-0123456789abcdef', database, clock, random: (bytes: number): Buffer => randomBytes(bytes), log: pino({ level: 'silent' }),
  };
}

export function accountKit(database: Database, config: Partial<Config> = {}): AccountKit {
  const clock = movableClock();
  const deps = accountDeps(database, config, clock);
  const mailbox = openMailbox(deps);
  const announced: string[] = [];
  const accounts = createAccounts(deps, {
    mailbox, portalName: async () => 'Atlas Developers',
    passwordHash: quickHash,
    credentialsChanged: async () => {
      announced.push(...(await database.kysely.selectFrom('credential_change').select('key_id').orderBy('seq').execute()).map((row) => row.key_id));
    },
  });
  const post = (headers = new Headers(), address = '192.0.2.1') => formPost(deps.config.webUrl, headers, address);
  return {
    accounts, database, mailbox, deps, announced, clock, post,
    signUp: async (email) => {
      const { headers, person } = await accounts.signUp({ email, password }, post());
      return { headers, person, actor: developerActor(person) };
    },
    mailedToken: async (email, page) => {
      const mail = (await mailbox.outbox()).find((row) => row.to === email && row.text.includes(`${deps.config.webUrl}${page}?`));
      const link = mail?.text.split('\n').find((line) => line.startsWith(deps.config.webUrl));
      return new URL(link ?? 'http://no.mail').searchParams.get('token') ?? `no mail to ${email} for ${page}`;
    },
  };
}

export function developerActor(person: Person): Extract<Actor, { kind: 'developer' }> {
  return { kind: 'developer', developerId: person.developer!.developerId, consumerId: person.developer!.consumerId, email: person.email, verified: person.verified };
}

/** What the browser sends next, after these answers. */
export function withCookies(answer: Headers): Headers {
  return new Headers({ cookie: answer.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ') });
}

function formPost(webUrl: string, headers: Headers, address: string): Request {
  const request = new Request(webUrl, { method: 'POST', headers: { origin: webUrl, 'x-forwarded-for': address } });
  for (const [name, value] of headers) request.headers.set(name, value);
  return request;
}

function movableClock() {
  let offset = 0;
  return { now: () => Date.now() + offset, monotonicNs: () => process.hrtime.bigint(), set: (ms: number) => void (offset = ms - Date.now()) };
}
