import type { AuditFilter } from '../../../control/services.ts';

const dayMs = 86_400_000;

/** What the address bar asks for. Days are UTC days, the last one included. */
export function readAuditFilter({ searchParams }: URL): { shown: Record<'noun' | 'action' | 'actor' | 'subject' | 'from' | 'to', string>; filter: AuditFilter } {
  const value = (name: string): string => searchParams.get(name)?.trim() ?? '';
  const shown = { noun: value('noun'), action: value('action'), actor: value('actor'), subject: value('subject'), from: value('from'), to: value('to') };
  const from = dayOf(shown.from);
  const to = dayOf(shown.to);
  return { shown, filter: { noun: shown.noun || undefined, action: shown.action || undefined, actor: shown.actor || undefined, subject: shown.subject || undefined, from, to: to === undefined ? undefined : to + dayMs } };
}

function dayOf(text: string): number | undefined {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
