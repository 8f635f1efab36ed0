// Checks of requests by operation: compiled when the first call of an operation comes, kept across configurations, bounded.
import { compileRequestCheck, type RequestCheck } from '../../snapshot/request-check.ts';
import type { SnapshotRequests } from '../../snapshot/snapshot.ts';

/** Compiled operations of all products that a thread keeps, some 70 kB each. */
const compiledMax = 300;

/** By the contract's fingerprint and the operation; the oldest use first. Null: its schemas cannot be compiled, so nothing is checked. */
const compiled = new Map<string, RequestCheck | null>();

/** Null when the contract says nothing of this operation, or it is excepted. */
export function requestCheckOf(requests: SnapshotRequests, operation: string): RequestCheck | null {
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

/** Publishing has compiled each once; what fails here fails for want of memory, and the upstream still has its own checks. */
function compile(requests: SnapshotRequests, operation: string): RequestCheck | null {
  const text = requests.operations[operation];
  if (text === undefined) return null;
  try {
    return compileRequestCheck(requests, text);
  } catch {
    return null;
  }
}
