// Checks of requests by operation: compiled when the first call of an operation comes, kept across configurations, bounded.
import type { compileRequestCheck, RequestCheck } from '../../snapshot/request-check.ts';
import type { Snapshot, SnapshotRequests } from '../../snapshot/snapshot.ts';

/** Compiled operations of all products that a thread keeps, some 70 kB each. */
const compiledMax = 300;

/** By the contract's fingerprint and the operation; the oldest use first. */
const compiled = new Map<string, RequestCheck | Error | null>();

let compiler: typeof compileRequestCheck | null = null;

/** Before a snapshot is served: what compiles schemas is loaded when one needs it. A gateway without this policy spends none of its 17 MB and 50 ms. */
export async function prepareChecks({ products }: Snapshot): Promise<void> {
  if (compiler !== null || !products.some(({ versions }) => versions.some(({ requests }) => requests !== undefined))) return;
  compiler = (await import('../../snapshot/request-check.ts')).compileRequestCheck;
}

/** Null when the contract says nothing of this operation; an error when its schemas cannot be compiled here. */
export function requestCheckOf(requests: SnapshotRequests, operation: string): RequestCheck | Error | null {
  const key = `${requests.fingerprint} ${operation}`;
  const known = compiled.get(key);
  if (known !== undefined) {
    if (compiled.size < compiledMax) return known;
    compiled.delete(key);
    compiled.set(key, known);
    return known;
  }
  const made = compile(requests, operation);
  if (compiled.size >= compiledMax) compiled.delete(compiled.keys().next().value!);
  compiled.set(key, made);
  return made;
}

/** Publishing has compiled each once; what fails here fails for want of memory, or of a feature that another version of Node had. */
function compile(requests: SnapshotRequests, operation: string): RequestCheck | Error | null {
  const text = requests.operations[operation];
  if (text === undefined) return null;
  try {
    return compiler!(requests, text);
  } catch (error) {
    return error as Error;
  }
}
