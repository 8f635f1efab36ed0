import { createHash } from 'node:crypto';
import { AppError } from '../../errors.ts';
import { utc } from '../mail/messages.ts';
import type { ControlDeps } from '../deps.ts';

const minute = 60_000;
const longestWindowMs = 60 * minute;

/** What is counted, and how often it may be tried within the window. */
export const attemptLimits = {
  'sign-in-account': { most: 10, windowMs: 15 * minute, what: 'Too many sign-ins with a wrong password for this account. A sign-in link by mail still works.' },
  'sign-in-address': { most: 100, windowMs: 15 * minute, what: 'Too many sign-ins with a wrong password from your network.' },
  'sign-up-address': { most: 100, windowMs: 15 * minute, what: 'Too many sign-ups from your network.' },
  'token-address': { most: 100, windowMs: 15 * minute, what: 'Too many wrong keys from your network.' },
  'mail-account': { most: 5, windowMs: 15 * minute, what: 'Too many mails were asked for this address.' },
  'mail-address': { most: 50, windowMs: 15 * minute, what: 'Too many mails were asked for from your network.' },
  'feedback-address': { most: 30, windowMs: 60 * minute, what: 'Too many answers from your network in a short time.' },
  'coupon-subscription': { most: 20, windowMs: 60 * minute, what: 'Too many coupon codes were tried for this subscription.' },
  'invite-consumer': { most: 20, windowMs: 60 * minute, what: 'Too many invitations in a short time.' },
} as const;
export type AttemptKind = keyof typeof attemptLimits;

type Deps = Pick<ControlDeps, 'database' | 'clock'>;

/**
 * Counts one attempt before it is made, so that simultaneous ones cannot slip through. Counts live in the store: they
 * hold across restarts and processes.
 * @throws AppError `too_many_attempts` once the limit of the window is passed; the attempt must not be made then.
 */
export async function countAttempt({ database, clock }: Deps, kind: AttemptKind, who: string): Promise<void> {
  const { most, windowMs } = attemptLimits[kind];
  const now = clock.now();
  const begun = now - windowMs;
  const row = await database.kysely.insertInto('attempt').values({ key: keyOf(kind, who), count: 1, since: now })
    .onConflict((conflict) => conflict.column('key').doUpdateSet((eb) => ({
      count: eb.case().when('attempt.since', '<=', begun).then(1).else(eb('attempt.count', '+', 1)).end(),
      since: eb.case().when('attempt.since', '<=', begun).then(now).else(eb.ref('attempt.since')).end(),
    })))
    .returning(['count', 'since']).executeTakeFirstOrThrow();
  if (row.count === 1) await database.kysely.deleteFrom('attempt').where('since', '<', now - longestWindowMs).execute();
  if (row.count > most) throw tooMany(kind, row.since);
}

/**
 * Where only failures are counted, since what is tried is too long to be guessed: a right one costs no write.
 * @throws AppError `too_many_attempts` once so many have failed in the window.
 */
export async function requireAttemptsLeft({ database, clock }: Deps, kind: AttemptKind, who: string): Promise<void> {
  const { most, windowMs } = attemptLimits[kind];
  const row = await database.kysely.selectFrom('attempt').select(['count', 'since']).where('key', '=', keyOf(kind, who)).executeTakeFirst();
  if (row && row.count >= most && row.since > clock.now() - windowMs) throw tooMany(kind, row.since);
}

/** The attempt was no guess: it does not count. */
export async function forgiveAttempt({ database }: Deps, kind: AttemptKind, who: string): Promise<void> {
  await database.kysely.updateTable('attempt').set((eb) => ({ count: eb('count', '-', 1) })).where('key', '=', keyOf(kind, who)).where('count', '>', 0).execute();
}

/** Begins anew, after the right password or a reset. */
export async function forgetAttempts({ database }: Deps, kind: AttemptKind, who: string): Promise<void> {
  await database.kysely.deleteFrom('attempt').where('key', '=', keyOf(kind, who)).execute();
}

function tooMany(kind: AttemptKind, since: number): AppError {
  const { windowMs, what } = attemptLimits[kind];
  return new AppError('too_many_attempts', `${what} Try again after ${utc(since + windowMs)}.`);
}

/** Hashed: what strangers type into the form is nothing to keep. */
const keyOf = (kind: AttemptKind, who: string): string => `${kind}:${createHash('sha256').update(who).digest('base64url')}`;
