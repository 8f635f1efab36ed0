import { useRouteLoaderData } from 'react-router';
import type { loader as rootLoader } from '../root.tsx';
import { texts } from '../texts.ts';
import { Building2, ChevronDown, Gauge, KeyRound, LogOut, UserRound } from './icon.ts';
import { Menu, type MenuEntry } from './menu.tsx';

/** Who is signed in, where they may go, and the way out. */
export function AccountMenu({ side = 'end' }: { side?: 'start' | 'end' }) {
  const person = useRouteLoaderData<typeof rootLoader>('root')?.person;
  if (!person) return null;
  const entries: MenuEntry[] = [
    { kind: 'note', text: <span className="block truncate">{person.email}{person.developer && <span className="block font-medium text-ink">{person.developer}</span>}</span> },
    { kind: 'line' },
    ...(person.developer ? [{ kind: 'link', to: '/dashboard', text: texts.layout.dashboard, icon: <Gauge aria-hidden="true" /> }, { kind: 'link', to: '/dashboard/keys', text: texts.layout.keys, icon: <KeyRound aria-hidden="true" /> }] satisfies MenuEntry[] : []),
    ...(person.member ? [{ kind: 'link', to: '/workspace', text: texts.layout.workspace, icon: <Building2 aria-hidden="true" /> }] satisfies MenuEntry[] : []),
    { kind: 'line' },
    { kind: 'post', action: '/sign-out', text: texts.layout.signOut, icon: <LogOut aria-hidden="true" /> },
  ];
  return <Menu label={texts.layout.account(person.email)} align={side} trigger={<><UserRound className="size-4" aria-hidden="true" /><span className="max-w-32 truncate max-lg:sr-only">{person.email}</span><ChevronDown className="size-3.5" aria-hidden="true" /></>} entries={entries} />;
}
