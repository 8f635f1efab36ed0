// What an account's developers should know: read and marked here, made by notice-job.ts and by what people do (notice-of-activity.ts).
import { AppError } from '../../errors.ts';
import type { ControlDeps } from '../deps.ts';
import type { Mailbox } from '../mail/mailbox.ts';
import { requireConsumer } from '../rights.ts';
import type { Actor, NoticeKind, NoticeRow, Notices } from '../services.ts';
import { mailNotices } from './mail-notices.ts';
import { noticeKeys, noticeLimits, noticeVersions } from './notice-job.ts';
import { noticeSpending } from './notice-spending.ts';
import { noticeWords } from './notice-words.ts';

const lookEveryMs = 5_000;
const keysEveryMs = 300_000;
const versionsEveryMs = 3_600_000;
const pageMax = 100;
/** Consumers with new calls that wait to have their limits looked at; more wait for their next call. */
const touchedMax = 20_000;
const idsMax = 200;
const keptMs = 180 * 86_400_000;

export interface OpenNotices extends Notices {
  /** One pass over everything that is due by the clock. */
  look(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the service and its job, which looks every few seconds until it is closed. */
export function openNotices(deps: ControlDeps, parts: { mailbox: Mailbox; portalName(): Promise<string> }): OpenNotices {
  const touched = new Set<string>();
  const stopCalls = deps.onCalls(({ consumerIds }) => {
    for (const consumerId of consumerIds) if (touched.size < touchedMax) touched.add(consumerId);
  });
  let keysAt = -Infinity;
  let versionsAt = -Infinity;
  let looking: Promise<void> | undefined;
  const pass = async (): Promise<void> => {
    const now = deps.clock.now();
    const consumers = [...touched];
    touched.clear();
    await noticeLimits(deps, consumers);
    await noticeSpending(deps, consumers);
    if (now - keysAt >= keysEveryMs) {
      await noticeKeys(deps);
      keysAt = now;
    }
    if (now - versionsAt >= versionsEveryMs) {
      await noticeVersions(deps);
      await deps.database.kysely.deleteFrom('notice').where('at', '<', now - keptMs).execute();
      versionsAt = now;
    }
    while ((await mailNotices(deps, parts)) > 0);
  };
  const look = (): Promise<void> => (looking ??= pass().finally(() => (looking = undefined)));
  const timer = setInterval(() => void look().catch((error: unknown) => deps.log.error({ err: error }, 'notices could not be made')), lookEveryMs).unref();
  return {
    ...createNotices(deps),
    look,
    close: async () => {
      clearInterval(timer);
      stopCalls();
      await looking?.catch(() => undefined);
    },
  };
}

function createNotices({ database, clock }: ControlDeps): Notices {
  const { kysely } = database;
  return {
    async list(actor, { consumerId, unread = false, cursor, limit = 30 }) {
      requireConsumer(actor, consumerId, 'workspace.read');
      const size = Math.min(Math.max(Math.trunc(limit), 1), pageMax);
      let select = kysely.selectFrom('notice').select(['id', 'at', 'kind', 'detail', 'read_at']).where('consumer_id', '=', consumerId);
      if (unread) select = select.where('read_at', 'is', null);
      if (cursor !== undefined) select = select.where('id', '<', cursor);
      const rows = await select.orderBy('id', 'desc').limit(size + 1).execute();
      const page = rows.slice(0, size);
      return { notices: page.map(shown), nextCursor: rows.length > size ? page.at(-1)!.id : null };
    },
    async countUnread(actor, { consumerId }) {
      requireConsumer(actor, consumerId, 'workspace.read');
      const { count } = await kysely.selectFrom('notice').select((eb) => eb.fn.countAll().as('count')).where('consumer_id', '=', consumerId).where('read_at', 'is', null).executeTakeFirstOrThrow();
      return Number(count);
    },
    async setRead(actor, { consumerId, ids, read }) {
      requireConsumer(actor, consumerId, 'consumers.change');
      if (ids && ids.length > idsMax) throw new AppError('input_invalid', `Mark at most ${idsMax} notices at once.`, { errors: [{ pointer: '/ids', detail: 'holds too many' }] });
      let update = kysely.updateTable('notice').set({ read_at: read ? clock.now() : null }).where('consumer_id', '=', consumerId).where('read_at', read ? 'is' : 'is not', null);
      if (ids) update = update.where('id', 'in', ids.length > 0 ? ids : ['']);
      await update.execute();
    },
    async mailWanted(actor) {
      const row = await kysely.selectFrom('developer').select('mail_notices').where('id', '=', developerOf(actor)).executeTakeFirst();
      return row?.mail_notices === 1;
    },
    async setMailWanted(actor, wanted) {
      await kysely.updateTable('developer').set({ mail_notices: wanted ? 1 : 0 }).where('id', '=', developerOf(actor)).execute();
    },
  };
}

function shown(row: { id: string; at: number; kind: string; detail: string; read_at: number | null }): NoticeRow {
  const kind = row.kind as NoticeKind;
  const detail = JSON.parse(row.detail) as Record<string, unknown>;
  return { id: row.id, at: row.at, kind, detail, ...noticeWords(kind, detail), readAt: row.read_at };
}

function developerOf(actor: Actor): string {
  if (actor.kind !== 'developer') throw new AppError('role_forbids', 'Only a signed-in developer has this switch.');
  return actor.developerId;
}
