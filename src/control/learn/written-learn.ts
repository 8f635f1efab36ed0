// A file of the folder that `learn` names, as written: what a value is once it agrees with learn.schema.json.
import { parseDuration } from '../../domain/duration.ts';
import type { LearnItem, LearnSet, LearnTerm, LiveThing, Reading } from '../../domain/learn.ts';
import { filled, unless, without } from '../configuration/write-fields.ts';

export interface WrittenLearn { terms?: WrittenTerm[]; sets?: WrittenSet[] }
export interface WrittenTerm { id: string; name: string; also?: string[]; definition: string; example?: string; related?: string[]; live?: LiveThing }
export interface WrittenSet { id: string; title: string; lead?: string; published?: boolean; terms?: string[]; items: WrittenItem[] }
export interface WrittenItem { id: string; question?: string; choices?: WrittenChoice[]; task?: string; check?: WrittenCheck; hint?: string; read?: Reading[] }
export interface WrittenChoice { text: string; right?: boolean; why: string }
export interface WrittenCheck { product: string; version?: string; mode?: 'live' | 'test'; within?: string; calls: { operation?: string; status: number | string; code?: string; query?: string[] }[] }

export function termOf({ id, name, also = [], definition, example, related = [], live }: WrittenTerm): LearnTerm {
  return { id, name, also, definition, example: example ?? null, related, live: live ?? null };
}

/** Of what has no problems. */
export function setOf({ id, title, lead = '', published = false, terms = [], items }: WrittenSet): LearnSet {
  return { id, title, lead, published, terms, items: items.map(itemOf) };
}

function itemOf({ id, question, choices = [], task, check, hint, read = [] }: WrittenItem): LearnItem {
  if (question !== undefined) return { kind: 'question', id, question, choices: choices.map(({ text, right = false, why }) => ({ text, right, why })), read };
  const { product, version, mode, within, calls } = check!;
  return {
    kind: 'task', id, task: task!, hint: hint ?? null, read,
    check: {
      product, version: version ?? null, mode: mode ?? null, withinMs: within === undefined ? null : parseDuration(within)!,
      calls: calls.map(({ operation, status, code, query = [] }) => ({ operation: operation ?? null, status: String(status), code: code ?? null, query })),
    },
  };
}

/** Only what differs from the defaults is written. */
export function writtenTerm({ id, name, also, definition, example, related, live }: LearnTerm): Record<string, unknown> {
  return without({ id, name, also: filled(also), definition, example: example ?? undefined, related: filled(related), live: live ?? undefined });
}

export function writtenSet({ id, title, lead, published, terms, items }: LearnSet): Record<string, unknown> {
  return without({ id, title, lead: lead || undefined, published: unless(published, false), terms: filled(terms), items: items.map(writtenItem) });
}

function writtenItem(item: LearnItem): Record<string, unknown> {
  if (item.kind === 'question') return without({ id: item.id, question: item.question, choices: item.choices.map(({ text, right, why }) => without({ text, right: unless(right, false), why })), read: filled(item.read) });
  const { product, version, mode, withinMs, calls } = item.check;
  const check = without({
    product, version: version ?? undefined, mode: mode ?? undefined, within: withinMs === null ? undefined : durationOf(withinMs),
    calls: calls.map(({ operation, status, code, query }) => without({ operation: operation ?? undefined, status: /^\d+$/.test(status) ? Number(status) : status, code: code ?? undefined, query: filled(query) })),
  });
  return without({ id: item.id, task: item.task, check, hint: item.hint ?? undefined, read: filled(item.read) });
}

function durationOf(ms: number): string {
  return ms % 3_600_000 === 0 ? `${ms / 3_600_000}h` : ms % 60_000 === 0 ? `${ms / 60_000}m` : `${ms / 1_000}s`;
}
