// Enters: messages, in the transaction of what they tell about. Leaves: SMTP where it is set, else the outbox page.
import { newId } from '../../domain/id.ts';
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { countAttempt } from '../accounts/attempts.ts';
import { loadPortal } from '../configuration/config-state.ts';
import type { ControlDeps } from '../deps.ts';
import { requireRight } from '../rights.ts';
import type { Mail } from '../services.ts';
import { messages } from './messages.ts';
import { connectSmtp } from './smtp.ts';
import type { Message, Smtp } from './smtp.ts';

const attemptsMax = 12;
const firstWaitMs = 15_000;
const longestWaitMs = 6 * 3_600_000;
const sendingMs = 120_000;
const lookEveryMs = 15_000;
const atOnce = 20;
const shownMax = 100;

export interface Mailbox extends Mail {
  /** Keeps the message in the caller's transaction. After its commit, call `deliver`. */
  post(query: Query, message: Message): Promise<void>;
  /** Sends what is due; resolves when nothing is due any more. Failures are kept and tried again later. Without SMTP it does nothing. */
  deliver(): Promise<void>;
  close(): Promise<void>;
}

type Deps = Pick<ControlDeps, 'config' | 'database' | 'clock' | 'random' | 'log'>;

/** Opens the mailbox; with SMTP it looks for due mail until it is closed. */
export function openMailbox(deps: Deps, parts: { smtp?: Smtp } = {}): Mailbox {
  const { config, database, clock, random, log } = deps;
  const smtp = parts.smtp ?? (config.smtpUrl === null ? undefined : connectSmtp({ url: config.smtpUrl, webUrl: config.webUrl }));
  let delivering: Promise<void> | undefined;
  let again = false;
  const deliver = (): Promise<void> => {
    if (!smtp) return Promise.resolve();
    again = true;
    return (delivering ??= (async () => {
      while (again) {
        again = false;
        await deliverDue(deps, smtp);
      }
    })().catch((error: unknown) => log.error({ err: error }, 'mail could not be delivered')).finally(() => {
      delivering = undefined;
    }));
  };
  const post = async (query: Query, message: Message): Promise<void> => {
    const now = clock.now();
    await query.insertInto('mail').values({ id: newId('mail', now, random), ...message, created_at: now, sent_at: null, error: null, next_attempt_at: smtp ? now : null }).execute();
  };
  const timer = smtp && setInterval(() => void deliver(), lookEveryMs).unref();
  return {
    post,
    deliver,
    sendTest: async (actor) => {
      requireRight(actor, 'configuration.change');
      if (actor.kind !== 'member') throw new AppError('role_forbids', 'A test goes to the member who asks for it. Sign in to the workspace.');
      const message = messages.test({ to: actor.email, portal: (await loadPortal(database.kysely)).name, link: `${config.webUrl}/workspace/settings` });
      await countAttempt({ database, clock }, 'mail-account', actor.email);
      if (!smtp) {
        await post(database.kysely, message);
        return { to: actor.email, outcome: 'kept', reason: null };
      }
      return smtp.send(message).then(() => ({ to: actor.email, outcome: 'sent' as const, reason: null }), (error: Error) => ({ to: actor.email, outcome: 'refused' as const, reason: error.message }));
    },
    outbox: async () => {
      if (smtp) return [];
      const rows = await database.kysely.selectFrom('mail').select(['id', 'to', 'subject', 'text', 'html', 'created_at as createdAt', 'sent_at as sentAt']).orderBy('id', 'desc').limit(shownMax).execute();
      return rows;
    },
    close: async () => {
      clearInterval(timer);
      await delivering;
      smtp?.close();
    },
  };
}

async function deliverDue(deps: Deps, smtp: Smtp): Promise<void> {
  for (;;) {
    const due = await deps.database.kysely.selectFrom('mail').select(['id', 'to', 'subject', 'text', 'html', 'attempts'])
      .where('next_attempt_at', '<=', deps.clock.now()).orderBy('next_attempt_at').limit(atOnce).execute();
    if (due.length === 0) return;
    for (const row of due) await deliverOne(deps, smtp, row);
  }
}

async function deliverOne({ database, clock, log }: Deps, smtp: Smtp, { id, attempts, ...message }: Message & { id: string; attempts: number }): Promise<void> {
  const mine = database.kysely.updateTable('mail').where('id', '=', id);
  // Claimed before it is sent: who dies while sending leaves it due again, and nobody else sends it meanwhile.
  const claimed = await mine.set({ attempts: attempts + 1, next_attempt_at: clock.now() + sendingMs }).where('attempts', '=', attempts).executeTakeFirst();
  if (claimed.numUpdatedRows === 0n) return;
  try {
    await smtp.send(message);
  } catch (error) {
    const givenUp = attempts + 1 >= attemptsMax;
    const waitMs = Math.min(firstWaitMs * 2 ** attempts, longestWaitMs);
    log.warn({ err: error, mail: id, attempt: attempts + 1, givenUp }, 'a mail was not accepted');
    await mine.set({ error: (error as Error).message, next_attempt_at: givenUp ? null : clock.now() + waitMs }).execute();
    return;
  }
  // The text holds links that sign people in: once it is delivered, nobody needs it here.
  await mine.set({ sent_at: clock.now(), next_attempt_at: null, error: null, text: '', html: '' }).execute();
}
