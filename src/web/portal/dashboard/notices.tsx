import { Form, Link, redirect, useLoaderData, useLocation } from 'react-router';
import type { NoticeRow } from '../../../control/services.ts';
import { act, load, text } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Badge } from '../../ui/badge.tsx';
import { Submit } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Paging } from '../../ui/paging.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { useLive } from '../../ui/use-live.ts';

export const loader = load(async ({ services, developer, url }) => {
  const actor = await developer();
  const { consumerId } = actor;
  const unread = url.searchParams.get('show') === 'unread';
  const cursor = url.searchParams.get('cursor');
  const [page, count, mail] = await Promise.all([
    services.notices.list(actor, { consumerId, unread, limit: 30, ...(cursor && { cursor }) }), services.notices.countUnread(actor, { consumerId }), services.notices.mailWanted(actor),
  ]);
  return { ...page, count, mail, unread, verified: actor.verified };
});

export const action = act(async ({ form, services, developer, url }) => {
  const actor = await developer();
  const { consumerId } = actor;
  switch (form.get('intent')) {
    case 'mail': await services.notices.setMailWanted(actor, form.get('wanted') === 'yes'); break;
    case 'all': await services.notices.setRead(actor, { consumerId, read: true }); break;
    default: await services.notices.setRead(actor, { consumerId, ids: [text(form, 'id')], read: form.get('intent') === 'read' });
  }
  throw redirect(`/dashboard/notices${url.search}`);
});

const words = texts.dashboard.notices;

export default function Notices() {
  const { notices, nextCursor, count, mail, unread, verified } = useLoaderData<typeof loader>();
  useLive('/dashboard/events?of=ledger');
  return (
    <div className="max-w-3xl space-y-8">
      <title>{words.title}</title>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-2xl">{words.title}</h1>
        {count > 0 && <Form method="post"><Submit kind="plain" doing={words.marking} name="intent" value="all">{words.markAll}</Submit></Form>}
      </div>
      <Which unread={unread} />
      {notices.length > 0 ? <ul className="border-b">{notices.map((notice) => <Row key={notice.id} notice={notice} />)}</ul>
        : <EmptyState title={unread ? words.noneUnread : words.none}>{unread ? words.noneUnreadText : words.noneText}</EmptyState>}
      <Paging nextCursor={nextCursor} />
      <p className="text-sm text-muted">{words.shared}</p>
      <section aria-labelledby="mail" className="space-y-3 border-t pt-6">
        <h2 id="mail" className="text-xl">{words.mail}</h2>
        <p>{mail ? words.mailOn : words.mailOff} {mail && !verified && words.unproven}</p>
        <Form method="post"><input type="hidden" name="wanted" value={mail ? 'no' : 'yes'} /><Submit kind="plain" doing={words.saving} name="intent" value="mail">{mail ? words.switchOff : words.switchOn}</Submit></Form>
      </section>
    </div>
  );
}

function Which({ unread }: { unread: boolean }) {
  const { pathname } = useLocation();
  const link = 'inline-flex min-h-8 items-center rounded-md px-2.5 text-muted hover:bg-sunken hover:text-ink aria-[current=true]:bg-sunken aria-[current=true]:font-medium aria-[current=true]:text-ink';
  return (
    <nav aria-label={words.show} className="flex gap-1">
      <Link to={pathname} aria-current={unread ? undefined : 'true'} className={link}>{words.all}</Link>
      <Link to="?show=unread" aria-current={unread ? 'true' : undefined} className={link}>{words.unread}</Link>
    </nav>
  );
}

function Row({ notice }: { notice: NoticeRow }) {
  const read = notice.readAt !== null;
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 border-t py-4">
      <div className="min-w-0 flex-1 basis-80 space-y-1">
        <p className="flex flex-wrap items-center gap-2"><span className={read ? '' : 'font-semibold'}>{notice.title}</span>{!read && <Badge tone="accent">{words.new}</Badge>}</p>
        <p className="max-w-[65ch]">{notice.text}</p>
        <p className="flex flex-wrap gap-x-4 text-sm text-muted"><Time ms={notice.at} /><TextLink to={notice.path}>{words.about}</TextLink></p>
      </div>
      <Form method="post"><input type="hidden" name="id" value={notice.id} /><Submit kind="quiet" doing={words.marking} name="intent" value={read ? 'unread' : 'read'}>{read ? words.markUnread : words.markRead}</Submit></Form>
    </li>
  );
}
