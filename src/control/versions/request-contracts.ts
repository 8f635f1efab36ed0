// What the documents of versions say of requests, for products that have them checked.
import { setImmediate } from 'node:timers/promises';
import { requestContracts, type RequestContracts } from '../../contract/request-contract.ts';
import { compileRequestCheck } from '../../snapshot/request-check.ts';
import type { SnapshotRequests } from '../../snapshot/snapshot.ts';
import type { Query } from '../../store/database.ts';
import { readDocument } from './document-parts.ts';

/** Versions whose contracts are kept between snapshots, so that a document is parsed once. */
const keptMax = 50;
const kept = new Map<string, SnapshotRequests>();

/** Undefined for a document with more schemas than are read: publishing refuses that. */
export async function loadRequests(query: Query, version: { id: string; fingerprint: string }): Promise<SnapshotRequests | undefined> {
  const known = kept.get(version.id);
  if (known?.fingerprint === version.fingerprint) return known;
  const contracts = requestContracts(JSON.parse((await readDocument(query, version.id)) ?? '{}') as Record<string, unknown>);
  if (!contracts) return undefined;
  const requests = { ...contracts, fingerprint: version.fingerprint };
  kept.delete(version.id);
  if (kept.size >= keptMax) kept.delete(kept.keys().next().value!);
  kept.set(version.id, requests);
  return requests;
}

export interface UncheckableOperation { operation: string; reason: string }

/** Operations whose schemas a gateway could not compile. Each is compiled here once, one per turn of the event loop. */
export async function findUncheckable(document: Record<string, unknown>, except: readonly string[]): Promise<UncheckableOperation[]> {
  const contracts = requestContracts(document);
  if (!contracts) return [{ operation: 'all', reason: 'the document has too many schemas' }];
  const found: UncheckableOperation[] = [];
  for (const [operation, text] of Object.entries(contracts.operations)) {
    if (except.includes(operation)) continue;
    const reason = reasonOf(contracts, text);
    if (reason !== undefined) found.push({ operation, reason });
    await setImmediate();
  }
  return found;
}

function reasonOf(contracts: RequestContracts, text: string): string | undefined {
  try {
    compileRequestCheck(contracts, text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

export function uncheckableWords({ operation, reason }: UncheckableOperation, version: string): string {
  return `Requests of "${operation}" (${version}) cannot be checked: ${reason}. Correct its schemas, or name the operation under \`policies.validate.except\`.`;
}
