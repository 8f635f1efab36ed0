// What the command palette offers without asking the server: pages, and what this role may begin.
import type { Right } from '../../../control/services.ts';
import { texts } from '../../texts.ts';
import { workspaceSections } from '../sections.ts';
import type { Found, FoundKind } from './find.server.ts';

const words = texts.palette;

export interface Entry {
  id: string;
  group: string;
  title: string;
  note: string;
  /** Where it leads; an entry without it switches the theme. */
  to?: string;
  theme?: 'light' | 'dark' | '';
}

interface Action { title: string; to: string; right?: Right }

const actions: Action[] = [
  { title: words.publishVersion, to: '/workspace/products/publish', right: 'products.change' },
  { title: words.inviteConsumer, to: '/workspace/consumers/new', right: 'consumers.change' },
  { title: words.inviteMember, to: '/workspace/members#invite', right: 'members.change' },
  { title: words.sendTestMail, to: '/workspace/settings', right: 'configuration.change' },
  { title: words.ownAccount, to: '/workspace/account' },
  { title: words.openPortal, to: '/' },
  { title: words.errorCodes, to: '/errors' },
];

/** Those whose title holds every word that was typed. */
export function matchingEntries(query: string, rights: Right[], found: Found[]): Entry[] {
  const may = (right?: Right): boolean => right === undefined || rights.includes(right);
  const pages = workspaceSections.flat().filter(({ right }) => may(right)).map(({ to, text }): Entry => ({ id: `page ${to}`, group: words.pages, title: text, note: '', to }));
  const doable = actions.filter(({ right }) => may(right)).map(({ title, to }): Entry => ({ id: `action ${title}`, group: words.actions, title, note: '', to }));
  const themes = ([['light', words.lightTheme], ['dark', words.darkTheme], ['', words.systemTheme]] as const).map(([theme, title]): Entry => ({ id: `theme ${theme}`, group: words.actions, title, note: '', theme }));
  const typed = query.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const own = [...pages, ...doable, ...themes].filter(({ title, group }) => typed.every((word) => `${title} ${group}`.toLowerCase().includes(word)));
  return [...own, ...found.map((row): Entry => ({ id: `${row.kind} ${row.to} ${row.title}`, group: words.kinds[row.kind satisfies FoundKind], title: row.title, note: row.note, to: row.to }))];
}
