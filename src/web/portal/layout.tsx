import type { ReactNode } from 'react';
import { Form, Link, NavLink, Outlet, useRouteLoaderData } from 'react-router';
import type { loader as rootLoader } from '../root.tsx';
import { SearchBox } from './search/search-box.tsx';
import { Mark } from '../ui/mark.tsx';
import { ThemeSwitch } from '../ui/theme-switch.tsx';

export default function PortalLayout() {
  const root = useRouteLoaderData<typeof rootLoader>('root');
  return (
    <div className="flex min-h-dvh flex-col">
      <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:bg-raised focus:p-2">Skip to the content</a>
      <header className="border-b">
        <div className="mx-auto flex min-h-14 max-w-6xl flex-wrap items-center gap-x-6 gap-y-1 px-4 py-2">
          <Link to="/" className="flex items-center gap-2 font-semibold"><Mark className="size-6 text-accent" />{root?.portal.name}</Link>
          <nav aria-label="Main" className="flex w-full flex-wrap items-center gap-x-5 gap-y-1 sm:w-auto sm:flex-1">
            <HeaderLink to="/" end>APIs</HeaderLink>
            <HeaderLink to="/errors">Errors</HeaderLink>
            <span className="flex-1" />
            <SearchBox />
            {root?.person?.member && <HeaderLink to="/workspace">Workspace</HeaderLink>}
            {root?.person?.developer && <HeaderLink to="/dashboard">Dashboard</HeaderLink>}
            {root?.person ? <SignOut /> : <><HeaderLink to="/sign-in">Sign in</HeaderLink><HeaderLink to="/sign-up">Get a key</HeaderLink></>}
          </nav>
        </div>
      </header>
      <main id="content" className="mx-auto w-full max-w-6xl flex-1 px-4 py-8"><Outlet /></main>
      <footer className="border-t">
        <div className="mx-auto flex max-w-6xl flex-wrap items-baseline gap-x-6 gap-y-2 px-4 py-6 text-sm text-muted">
          <a href="/llms.txt" className="hover:text-ink">llms.txt</a>
          <Link to="/errors" className="hover:text-ink">Error codes</Link>
          {root?.portal.development && <Link to="/outbox" className="hover:text-ink">Mail outbox</Link>}
          <span className="flex-1" />
          <span>Times are UTC</span>
          <ThemeSwitch />
        </div>
      </footer>
    </div>
  );
}

function HeaderLink({ to, end, children }: { to: string; end?: boolean; children: ReactNode }) {
  return <NavLink to={to} end={end} className="py-1 text-muted hover:text-ink aria-[current=page]:text-ink aria-[current=page]:font-medium">{children}</NavLink>;
}

export function SignOut() {
  return <Form method="post" action="/sign-out"><button type="submit" className="cursor-pointer py-1 text-muted hover:text-ink">Sign out</button></Form>;
}
