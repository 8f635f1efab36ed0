import { NavLink, Link, Outlet, useRouteLoaderData } from 'react-router';
import type { loader as rootLoader } from '../root.tsx';
import { texts } from '../texts.ts';
import { AccountMenu } from '../ui/account-menu.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { Menu as MenuIcon } from '../ui/icon.ts';
import { BrandMark } from '../ui/brand-mark.tsx';
import { Menu } from '../ui/menu.tsx';
import { pageWidth } from '../ui/page-width.ts';
import { SkipLink } from '../ui/skip-link.tsx';
import { ThemeSwitch } from '../ui/theme-switch.tsx';
import { useZone } from '../ui/zone.ts';
import { SearchBox } from './search/search-box.tsx';
import { ViewingBanner } from './viewing-banner.tsx';
import { footerLinks } from './footer-links.ts';

const words = texts.layout;
const sections: { to: string; text: string; end?: boolean }[] = [{ to: '/', text: words.apis, end: true }, { to: '/learn', text: words.learn }, { to: '/errors', text: words.errorCodes }];

export default function PortalLayout() {
  const viewed = useRouteLoaderData<typeof rootLoader>('root')?.viewed;
  return (
    <div className="flex min-h-dvh flex-col">
      <SkipLink />
      <PortalHeader />
      <main id="content" className={`${pageWidth} flex-1 py-8 sm:py-10`}><Outlet /></main>
      <PortalFooter />
      {viewed && <ViewingBanner viewed={viewed} />}
    </div>
  );
}

function PortalHeader() {
  const root = useRouteLoaderData<typeof rootLoader>('root');
  const person = root?.person;
  return (
    <header className="z-30 border-b bg-paper sm:sticky sm:top-0">
      <div className={`${pageWidth} flex min-h-14 flex-wrap items-center gap-x-6 gap-y-1 py-2`}>
        <Link to="/" className="flex min-w-0 items-center gap-2.5 rounded-xs text-lg font-semibold tracking-tight max-sm:max-w-[calc(100%-9.5rem)]"><BrandMark /><span className="truncate">{root?.portal.name}</span></Link>
        <nav aria-label={words.main} className="hidden items-center gap-x-5 md:flex">
          {sections.map((section) => <HeaderLink key={section.to} {...section} />)}
          {person?.developer && <HeaderLink to="/dashboard" text={words.dashboard} />}
        </nav>
        <div className="order-last ml-auto w-full sm:order-none sm:w-auto"><SearchBox /></div>
        <span className="flex items-center gap-1 max-sm:ml-auto">
          {person ? <AccountMenu /> : (
            <>
              <span className="px-2 max-sm:hidden"><HeaderLink to="/sign-in" text={words.signIn} /></span>
              <ButtonLink to="/sign-up">{words.getKey}</ButtonLink>
            </>
          )}
          <span className="md:hidden"><Menu label={words.menu} trigger={<MenuIcon className="size-5" aria-hidden="true" />} entries={[...sections, ...(person ? [] : [{ to: '/sign-in', text: words.signIn }])].map(({ to, text }) => ({ kind: 'link', to, text }))} /></span>
        </span>
      </div>
    </header>
  );
}

function PortalFooter() {
  const root = useRouteLoaderData<typeof rootLoader>('root');
  const development = root?.portal.development;
  const zone = useZone();
  return (
    <footer className="mt-8 border-t text-sm text-muted">
      <div className={`${pageWidth} flex flex-wrap items-center justify-between gap-x-8 gap-y-4 py-6`}>
        <nav aria-label={words.more} className="flex flex-wrap gap-x-5 gap-y-2">
          {footerLinks(root?.portal.footer ?? [], root?.brand.pages ?? []).map(({ label, to, own }) => (own ? <Link key={to} to={to} className="hover:text-ink">{label}</Link> : <a key={label} href={to} className="hover:text-ink">{label}</a>))}
          <Link to="/errors" className="hover:text-ink">{words.errorCodes}</Link>
          <a href="/llms.txt" className="hover:text-ink">{words.forAgents}</a>
          {development && <Link to="/outbox" className="hover:text-ink">{words.outbox}</Link>}
        </nav>
        <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
          <span>{words.timesIn(zone)}</span>
          <ThemeSwitch />
        </div>
      </div>
    </footer>
  );
}

function HeaderLink({ to, end = false, text }: { to: string; end?: boolean; text: string }) {
  return <NavLink to={to} end={end} className="rounded-xs py-1 text-muted hover:text-ink aria-[current=page]:font-medium aria-[current=page]:text-ink">{text}</NavLink>;
}
