import { NavLink, Outlet, useLoaderData } from 'react-router';
import { load } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { Bell } from '../../ui/icon.ts';
import { Notice } from '../../ui/notice.tsx';
import { formatCount } from '../../ui/number.ts';
import { SectionNav } from '../../ui/section-nav.tsx';
import { TextLink } from '../../ui/text-link.tsx';

export const loader = load(async ({ developer, web, services }) => {
  const actor = await developer();
  const [person, viewed, unread] = await Promise.all([web.person(), web.viewed(), services.notices.countUnread(actor, { consumerId: actor.consumerId })]);
  return { verified: actor.verified, blocked: viewed?.blocked ?? person?.developer?.blocked ?? false, unread };
});

const words = texts.dashboard;
const links = [
  { to: '/dashboard', text: words.pages.overview, end: true },
  { to: '/dashboard/usage', text: words.pages.usage },
  { to: '/dashboard/latency', text: words.pages.latency },
  { to: '/dashboard/requests', text: words.pages.requests },
  { to: '/dashboard/keys', text: words.pages.keys },
  { to: '/dashboard/plan', text: words.pages.plan },
  { to: '/dashboard/invoices', text: texts.invoices.title },
  { to: '/dashboard/team', text: words.pages.team },
  { to: '/dashboard/account', text: words.pages.account },
  { to: '/start', text: words.pages.start },
];

export default function DashboardLayout() {
  const { verified, blocked, unread } = useLoaderData<typeof loader>();
  return (
    <div className="space-y-8">
      <meta name="description" content={words.description} />
      <div className="flex items-end">
        <div className="min-w-0 flex-1"><SectionNav label={words.navigation} links={links} /></div>
        <Unread count={unread} />
      </div>
      {blocked && <Notice tone="bad" title={words.blocked.title}>{words.blocked.before} <TextLink to="/errors/consumer_blocked"><code>consumer_blocked</code></TextLink>{words.blocked.after}</Notice>}
      {!verified && <Notice tone="notice" title={words.unverified.title}>{words.unverified.text} <TextLink to="/dashboard/account">{words.unverified.send}</TextLink></Notice>}
      <Outlet />
    </div>
  );
}

function Unread({ count }: { count: number }) {
  return (
    <NavLink to="/dashboard/notices" className="flex shrink-0 items-center gap-1.5 border-b border-line py-2 pl-4 text-muted hover:text-ink aria-[current=page]:font-medium aria-[current=page]:text-ink">
      <Bell className="size-4" aria-hidden="true" />
      <span className="max-sm:sr-only">{words.pages.notices}</span>
      {count > 0 && <span className="rounded-full bg-accent px-1.5 text-xs leading-5 font-semibold text-on-accent tabular-nums"><span aria-hidden="true">{formatCount(count)}</span><span className="sr-only">{words.unread(formatCount(count))}</span></span>}
    </NavLink>
  );
}
