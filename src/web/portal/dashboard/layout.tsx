import { Outlet, useLoaderData } from 'react-router';
import { load } from '../../page.server.ts';
import { Notice } from '../../ui/notice.tsx';
import { SectionNav } from '../../ui/section-nav.tsx';
import { TextLink } from '../../ui/text-link.tsx';

export const loader = load(async ({ developer, web }) => {
  const { verified } = await developer();
  return { verified, blocked: (await web.person())?.developer?.blocked ?? false };
});

const links = [
  { to: '/dashboard', text: 'Overview', end: true },
  { to: '/dashboard/keys', text: 'Keys' },
  { to: '/dashboard/requests', text: 'Requests' },
  { to: '/dashboard/team', text: 'Team' },
  { to: '/dashboard/account', text: 'Account' },
  { to: '/start', text: 'First call' },
];

export default function DashboardLayout() {
  const { verified, blocked } = useLoaderData<typeof loader>();
  return (
    <div className="space-y-6">
      <SectionNav label="Dashboard" links={links} />
      {blocked && <Notice tone="bad" title="Your account is blocked">The producer has blocked it, so every call with its keys is refused with 403 <TextLink to="/errors/consumer_blocked"><code>consumer_blocked</code></TextLink>. Keys and usage stay. Ask the producer why.</Notice>}
      {!verified && <Notice tone="notice" title="Your e-mail address is not verified">Until it is, your keys pass 100 calls a day. <TextLink to="/dashboard/account">Send the mail again</TextLink></Notice>}
      <Outlet />
    </div>
  );
}
