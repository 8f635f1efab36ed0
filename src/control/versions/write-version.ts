import type { LoadedContract } from '../../contract/contract.ts';
import type { VersionConfig } from '../../domain/config.ts';
import { newId } from '../../domain/id.ts';
import type { Query } from '../../store/database.ts';
import { documentFingerprint, msOfDate } from '../configuration/config-state.ts';
import type { ControlDeps } from '../deps.ts';
import { writeParts } from './document-parts.ts';
import { upstreamColumn } from './upstream-column.ts';

export interface WriteVersion {
  productId: string;
  config: VersionConfig;
  position: number;
  /** Null keeps the stored document. */
  loaded: { contract: LoadedContract; json: string } | null;
}

/** Adds a version or changes it; its operations are written anew only when its document changed. */
export async function writeVersion({ clock, random }: Pick<ControlDeps, 'clock' | 'random'>, query: Query, { productId, config, position, loaded }: WriteVersion): Promise<void> {
  const now = clock.now();
  const settings = { status: config.status, upstream: upstreamColumn(config.upstream), deprecated_at: msOfDate(config.deprecated), sunset_at: msOfDate(config.sunset), successor: config.successor, position };
  const existing = await query
    .selectFrom('version')
    .select(['id', 'status', 'upstream', 'deprecated_at', 'sunset_at', 'successor', 'position', 'fingerprint'])
    .where('product_id', '=', productId)
    .where('name', '=', config.name)
    .executeTakeFirst();
  if (!existing) {
    const id = newId('version', now, random);
    await query.insertInto('version').values({ id, product_id: productId, name: config.name, ...settings, ...documentColumns(config, loaded!), published_at: now, updated_at: now }).execute();
    await writeDocument(query, id, loaded!);
    return;
  }
  const documentChanged = loaded !== null && existing.fingerprint !== documentFingerprint(loaded.json);
  const settingsChanged = Object.entries(settings).some(([column, value]) => existing[column as keyof typeof settings] !== value);
  if (!documentChanged && !settingsChanged) return;
  const published = existing.status === 'draft' && config.status !== 'draft' ? { published_at: now } : {};
  await query.updateTable('version').set({ ...settings, ...published, ...(documentChanged ? documentColumns(config, loaded) : {}), updated_at: now }).where('id', '=', existing.id).execute();
  if (!documentChanged) return;
  await query.deleteFrom('operation').where('version_id', '=', existing.id).execute();
  await writeDocument(query, existing.id, loaded);
}

async function writeDocument(query: Query, versionId: string, { contract, json }: NonNullable<WriteVersion['loaded']>): Promise<void> {
  await query.insertInto('version_document').values({ version_id: versionId, json }).onConflict((conflict) => conflict.column('version_id').doUpdateSet((eb) => ({ json: eb.ref('excluded.json') }))).execute();
  await writeOperations(query, versionId, contract);
  await writeParts(query, versionId, contract.parts);
}

function documentColumns(config: VersionConfig, { contract, json }: NonNullable<WriteVersion['loaded']>) {
  return { title: contract.title, openapi: contract.openapi, fingerprint: documentFingerprint(json), source_hash: contract.sourceHash, source: config.openapi };
}

async function writeOperations(query: Query, versionId: string, { operations }: LoadedContract): Promise<void> {
  const rows = operations.map((operation, position) => ({
    version_id: versionId, position, operation: operation.operation, slug: operation.slug, method: operation.method, path: operation.path, summary: operation.summary, tag: operation.tag,
    deprecated: operation.deprecated ? (1 as const) : (0 as const), enum_parameters: JSON.stringify(operation.enumParameters), example: operation.example === null ? null : JSON.stringify(operation.example),
  }));
  for (let start = 0; start < rows.length; start += 200) await query.insertInto('operation').values(rows.slice(start, start + 200)).execute();
}
