import type { ControlDeps } from '../deps.ts';
import type { Mailbox } from '../mail/mailbox.ts';
import { messages } from '../mail/messages.ts';
import type { NoticeKind } from '../services.ts';
import { noticeWords } from './notice-words.ts';

const atOnce = 200;
/** What waited longer than this, because nothing ran, is no news any more. */
const newsMs = 2 * 86_400_000;

/** Posts a mail for each notice that waits for one, to each developer with a proven address who wants them and did not do it themselves. Answers how many notices were looked at. */
export async function mailNotices(deps: Pick<ControlDeps, 'database' | 'clock' | 'config'>, parts: { mailbox: Mailbox; portalName(): Promise<string> }): Promise<number> {
  const now = deps.clock.now();
  const waiting = await deps.database.kysely.selectFrom('notice').select(['id', 'consumer_id', 'kind', 'detail', 'at']).where('mailed_at', 'is', null).orderBy('id').limit(atOnce).execute();
  if (waiting.length === 0) return 0;
  const portal = await parts.portalName();
  for (const notice of waiting) {
    const detail = JSON.parse(notice.detail) as Record<string, unknown>;
    const { title, text, path } = noticeWords(notice.kind as NoticeKind, detail);
    await deps.database.transaction(async (query) => {
      const { numUpdatedRows } = await query.updateTable('notice').set({ mailed_at: now }).where('id', '=', notice.id).where('mailed_at', 'is', null).executeTakeFirst();
      if (numUpdatedRows === 0n || notice.at < now - newsMs) return;
      const developers = await query
        .selectFrom('developer').innerJoin('user', 'user.id', 'developer.user_id')
        .select(['developer.email', 'user.emailVerified'])
        .where('developer.consumer_id', '=', notice.consumer_id).where('developer.removed_at', 'is', null).where('developer.mail_notices', '=', 1)
        .limit(100).execute();
      for (const { email, emailVerified } of developers) {
        if (!emailVerified || email === detail['by']) continue;
        await parts.mailbox.post(query, messages.notice({ to: email, portal, title, text, link: deps.config.webUrl + path, settings: `${deps.config.webUrl}/dashboard/notices` }));
      }
    });
  }
  void parts.mailbox.deliver();
  return waiting.length;
}
