import { Link, Outlet, useLoaderData } from 'react-router';
import { load } from '../page.server.ts';
import { SignOut } from '../portal/layout.tsx';
import { Mark } from '../ui/mark.tsx';
import { SectionNav } from '../ui/section-nav.tsx';
import { ThemeSwitch } from '../ui/theme-switch.tsx';

export const loader = load(async ({ member, rights, services }) => {
  const [{ email, role }, may, portal] = await Promise.all([member(), rights(), services.configuration.portal()]);
  return { email, role, rights: may, name: portal.name };
});

const links = [
  { to: '/workspace', text: 'Overview', end: true },
  { to: '/workspace/products', text: 'Products' },
  { to: '/workspace/consumers', text: 'Consumers' },
  { to: '/workspace/requests', text: 'Requests' },
  { to: '/workspace/members', text: 'Members' },
  { to: '/workspace/system', text: 'System' },
];

export default function WorkspaceLayout() {
  const { email, role, name } = useLoaderData<typeof loader>();
  return (
    <div className="mx-auto max-w-7xl px-4">
      <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:bg-raised focus:p-2">Skip to the content</a>
      <header className="flex min-h-12 flex-wrap items-center gap-x-5 gap-y-1 py-2">
        <Link to="/workspace" className="flex items-center gap-2 font-semibold"><Mark className="size-5 text-accent" />{name} <span className="font-normal text-muted">workspace</span></Link>
        <span className="flex-1" />
        <Link to="/" className="text-muted hover:text-ink">Portal</Link>
        <span className="text-muted">{email} ({role})</span>
        <ThemeSwitch />
        <SignOut />
      </header>
      <SectionNav label="Workspace" links={links} />
      <main id="content" className="py-6"><Outlet /></main>
    </div>
  );
}
