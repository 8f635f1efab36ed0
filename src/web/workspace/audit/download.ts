// The trail as a file: all that the filters choose, to a bound, sent as it is read.
import type { AuditEntry } from '../../../control/services.ts';
import { csvLine, csvResponse, fileResponse } from '../../csv.server.ts';
import { load, type MemberActor, type Page } from '../../page.server.ts';
import { readAuditFilter } from './audit-filter.server.ts';

const entriesMax = 50_000;
const atOnce = 1_000;

export const loader = load(async ({ services, member, url }): Promise<Response> => {
  const actor = await member();
  const { filter } = readAuditFilter(url);
  // A refusal must be an answer of its own, before the file begins.
  await services.audit.list(actor, { ...filter, limit: 1 });
  const entries = allEntries(services, actor, filter);
  const fileName = `audit-${new Date().toISOString().slice(0, 10)}`;
  if (url.pathname.endsWith('.csv')) return csvResponse(`${fileName}.csv`, csvLines(entries));
  return fileResponse(`${fileName}.json`, 'application/json', jsonLines(entries));
});

async function* allEntries(services: Page['services'], actor: MemberActor, filter: ReturnType<typeof readAuditFilter>['filter']): AsyncGenerator<AuditEntry> {
  let cursor: string | undefined;
  for (let sent = 0; sent < entriesMax; sent += atOnce) {
    const page = await services.audit.list(actor, { ...filter, cursor, limit: atOnce });
    yield* page.entries;
    if (page.nextCursor === null) return;
    cursor = page.nextCursor;
  }
}

async function* csvLines(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  yield csvLine(['id', 'at', 'actor', 'actor_kind', 'action', 'noun', 'subject', 'name', 'before', 'after']);
  for await (const entry of entries) {
    yield csvLine([entry.id, new Date(entry.at).toISOString(), entry.actor, entry.actorKind, entry.action, entry.noun, entry.subject, entry.name, entry.before && JSON.stringify(entry.before), entry.after && JSON.stringify(entry.after)]);
  }
}

async function* jsonLines(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  let separator = '[\n';
  for await (const entry of entries) {
    yield `${separator}${JSON.stringify({ ...entry, at: new Date(entry.at).toISOString() })}`;
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}
