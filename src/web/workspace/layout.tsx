import { Link, NavLink, Outlet, useLoaderData, useLocation } from 'react-router';
import { load } from '../page.server.ts';
import { texts } from '../texts.ts';
import { AccountMenu } from '../ui/account-menu.tsx';
import { ArrowUpRight, Menu as MenuIcon } from '../ui/icon.ts';
import { BrandMark } from '../ui/brand-mark.tsx';
import { Menu } from '../ui/menu.tsx';
import { SkipLink } from '../ui/skip-link.tsx';
import { ThemeSwitch } from '../ui/theme-switch.tsx';
import { CommandPalette } from './palette/command-palette.tsx';
import { workspaceSections, type WorkspaceSection } from './sections.ts';

export const loader = load(async ({ member, rights, services }) => {
  const [{ email, role }, may, portal] = await Promise.all([member(), rights(), services.configuration.portal()]);
  return { email, role, rights: may, name: portal.name };
});

const words = texts.layout;

export default function WorkspaceLayout() {
  const { role, rights, name } = useLoaderData<typeof loader>();
  const groups = workspaceSections.map((group) => group.filter(({ right }) => right === undefined || rights.includes(right))).filter((group) => group.length > 0);
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[14rem_minmax(0,1fr)]">
      <SkipLink />
      <header className="border-b lg:border-r lg:border-b-0">
        <div className="flex items-center gap-x-2 px-4 py-2 lg:sticky lg:top-0 lg:h-dvh lg:flex-col lg:items-stretch lg:gap-y-4 lg:px-3 lg:py-4">
        <Link to="/workspace" className="flex min-w-0 flex-1 items-center gap-2.5 rounded-xs px-2 lg:flex-none">
          <BrandMark narrow />
          <span className="min-w-0 leading-tight"><span className="block truncate font-semibold">{name}</span><span className="block text-xs text-muted">{words.workspace}</span></span>
        </Link>
        <CommandPalette rights={rights} />
        <nav aria-label={words.workspace} className="hidden flex-1 space-y-4 overflow-y-auto lg:block">
          {groups.map((group, index) => <ul key={index} className="space-y-0.5">{group.map((section) => <li key={section.to}><SideLink section={section} /></li>)}</ul>)}
        </nav>
        <div className="flex items-center gap-1 lg:flex-col lg:items-stretch lg:gap-2 lg:border-t lg:pt-3">
          <p className="hidden px-2 text-sm text-muted lg:block">{words.yourRole(role)}</p>
          <span className="hidden justify-between px-2 text-sm lg:flex">
            <Link to="/" className="inline-flex items-center gap-1 text-muted hover:text-ink">{words.portal}<ArrowUpRight className="size-3.5" aria-hidden="true" /></Link>
            <Link to="/design" className="text-muted hover:text-ink">{words.design}</Link>
          </span>
          <span className="hidden px-2 lg:block"><ThemeSwitch /></span>
          <AccountMenu side="start" />
          <span className="lg:hidden">
            <Menu label={words.menu} trigger={<MenuIcon className="size-5" aria-hidden="true" />} entries={[...groups.flat().map(({ to, text, icon: Icon }) => ({ kind: 'link' as const, to, text, icon: <Icon aria-hidden="true" /> })), { kind: 'line' }, { kind: 'link', to: '/', text: words.portal }]} />
          </span>
        </div>
        </div>
      </header>
      <main id="content" className="min-w-0 px-4 py-6 lg:px-8"><div className="mx-auto max-w-[100rem]"><Outlet /></div></main>
    </div>
  );
}

function SideLink({ section: { to, text, icon: Icon, end, also } }: { section: WorkspaceSection }) {
  const { pathname } = useLocation();
  const isPart = also?.some((address) => pathname === address || pathname.startsWith(`${address}/`)) ?? false;
  return (
    <NavLink to={to} end={end ?? false} {...(isPart && { 'aria-current': 'page' as const })} className="flex min-h-8 items-center gap-2.5 rounded-md px-2 text-muted hover:bg-sunken hover:text-ink aria-[current=page]:bg-sunken aria-[current=page]:font-medium aria-[current=page]:text-ink">
      <Icon className="size-4 shrink-0" aria-hidden="true" />{text}
    </NavLink>
  );
}
