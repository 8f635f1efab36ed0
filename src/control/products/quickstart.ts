import { findOperation, parametersOf } from '../../contract/operations.ts';
import { follow, isObject } from '../../contract/reference.ts';
import { sampleRequest } from '../../contract/sample.ts';
import type { Query } from '../../store/database.ts';
import type { OperationSummary, ProductPage } from '../services.ts';
import { pathPointer, readReach } from '../versions/document-parts.ts';
import { listOperations, type FoundVersion } from '../versions/version-rows.ts';

/** How many operations are looked at, and how many are read at a time. */
const candidatesMax = 64;
const batch = 8;
const rememberedMax = 200;

/** By version and its last change: the choice reads up to 64 operations. */
export type Quickstarts = Map<string, ProductPage['quickstart']>;

/** The first GET that a newcomer can send as it stands: what it requires has an example, a default or an enum. Else the first GET, else the first operation. */
export async function chooseQuickstart(query: Query, remembered: Quickstarts, version: Pick<FoundVersion, 'id' | 'name' | 'updatedAt'>): Promise<ProductPage['quickstart']> {
  const key = `${version.id} ${version.updatedAt}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const operations = await listOperations(query, version.id);
  const gets = operations.filter(({ method, deprecated }) => method === 'GET' && !deprecated);
  const operation = (await firstKnown(query, version.id, gets.slice(0, candidatesMax))) ?? gets[0] ?? operations[0];
  const chosen = operation ? { version: version.name, operation, sample: sampleRequest(await readReach(query, version.id, [pathPointer(operation.path)]), operation) } : null;
  remembered.set(key, chosen);
  if (remembered.size > rememberedMax) remembered.delete(remembered.keys().next().value!);
  return chosen;
}

async function firstKnown(query: Query, versionId: string, candidates: OperationSummary[]): Promise<OperationSummary | undefined> {
  for (let start = 0; start < candidates.length; start += batch) {
    const some = candidates.slice(start, start + batch);
    const document = await readReach(query, versionId, some.map(({ path }) => pathPointer(path)));
    const found = some.find((candidate) => requiredIsKnown(document, candidate));
    if (found) return found;
  }
  return undefined;
}

function requiredIsKnown(document: Record<string, unknown>, operation: OperationSummary): boolean {
  const placed = findOperation(document, operation);
  if (!placed) return false;
  return parametersOf(document, placed).filter((parameter) => parameter['required'] === true).every((parameter) => {
    const schema = follow(document, parameter['schema']);
    return 'example' in parameter || 'examples' in parameter || (isObject(schema) && ['example', 'examples', 'default', 'enum', 'const'].some((keyword) => keyword in schema));
  });
}
