// Documents as the store keeps them for reading: in pieces, so that a page reads what its operation reaches and no more.
import { joinParts, partOf, partsReferredTo, splitDocument, type DocumentPart } from '../../contract/parts.ts';
import { escapePointer } from '../../contract/reference.ts';
import type { Database, Query } from '../../store/database.ts';

/** What one page reads at most; GitHub's heaviest operation reaches 74 pieces and 170,000 characters. */
const partsMax = 2_000;
const charactersMax = 8_000_000;
const rowsPerInsert = 200;

export async function writeParts(query: Query, versionId: string, parts: readonly DocumentPart[]): Promise<void> {
  await query.deleteFrom('document_part').where('version_id', '=', versionId).execute();
  const rows = parts.map(({ pointer, json }) => ({ version_id: versionId, pointer, json }));
  for (let start = 0; start < rows.length; start += rowsPerInsert) await query.insertInto('document_part').values(rows.slice(start, start + rowsPerInsert)).execute();
}

/** Splits the documents of a store that is older than the pieces. */
export async function splitStoredDocuments(database: Database): Promise<void> {
  const missing = await database.kysely
    .selectFrom('version')
    .select('id')
    .where(({ not, exists, selectFrom }) => not(exists(selectFrom('document_part').select('version_id').whereRef('version_id', '=', 'version.id').where('pointer', '=', ''))))
    .execute();
  for (const { id } of missing) {
    await database.transaction(async (query) => {
      const json = await readDocument(query, id);
      if (json !== undefined) await writeParts(query, id, splitDocument(JSON.parse(json) as Record<string, unknown>));
    });
  }
}

/** The bundled document, as JSON; undefined when its version is gone. */
export async function readDocument(query: Query, versionId: string): Promise<string | undefined> {
  return (await query.selectFrom('version_document').select('json').where('version_id', '=', versionId).executeTakeFirst())?.json;
}

/** The document as far as these pointers reach: the pieces that hold them, all that those refer to, and the rest. */
export function readReach(query: Query, versionId: string, pointers: readonly string[]): Promise<Record<string, unknown>> {
  return gatherReach((wanted) => readParts(query, versionId, wanted), pointers);
}

/** The same of a document that was loaded and is not stored yet. */
export function loadedReach(parts: readonly DocumentPart[], pointers: readonly string[]): Promise<Record<string, unknown>> {
  const byPointer = new Map(parts.map((part) => [part.pointer, part]));
  return gatherReach(async (wanted) => wanted.flatMap((pointer) => byPointer.get(pointer) ?? []), pointers);
}

async function gatherReach(read: (pointers: string[]) => Promise<DocumentPart[]>, pointers: readonly string[]): Promise<Record<string, unknown>> {
  const found = new Map<string, DocumentPart>();
  const asked = new Set<string>();
  let characters = 0;
  let wanted = ['', ...pointers.map((pointer) => partOf(pointer) ?? '')];
  while (wanted.length > 0) {
    const fresh = [...new Set(wanted)].filter((pointer) => !asked.has(pointer)).slice(0, partsMax - asked.size);
    if (fresh.length === 0 || characters > charactersMax) break;
    for (const pointer of fresh) asked.add(pointer);
    const parts = await read(fresh);
    for (const part of parts) {
      found.set(part.pointer, part);
      characters += part.json.length;
    }
    wanted = parts.flatMap(({ json }) => partsReferredTo(json));
  }
  return joinParts([...found.values()]);
}

export async function readParts(query: Query, versionId: string, pointers: readonly string[]): Promise<DocumentPart[]> {
  return query.selectFrom('document_part').select(['pointer', 'json']).where('version_id', '=', versionId).where('pointer', 'in', [...pointers]).execute();
}

/** The pointer of an operation's path item. */
export function pathPointer(path: string): string {
  return `/paths/${escapePointer(path)}`;
}
