// Producers' own policies: their code is run once in each thread, before a snapshot with it is served.
import { createHash } from 'node:crypto';
import type { Policy } from '../../domain/own-policy.ts';
import type { OwnPolicy } from '../../domain/policies.ts';
import { importOwnPolicy } from '../../snapshot/import-own-policy.ts';
import type { Snapshot } from '../../snapshot/snapshot.ts';

export interface OwnRules {
  readonly file: string;
  readonly policy: Policy;
  readonly timeLimitMs: number;
  /** A number of this code, never 0. */
  readonly mark: number;
}

/** By mark. What could not be run refuses every call. */
const loaded = new Map<number, Policy>();

/** Nothing of it is read where no product has a policy of its own. */
export async function prepareOwnPolicies({ products }: Snapshot): Promise<void> {
  const wanted = new Map(products.flatMap(({ policies }) => (policies?.own ? [[markOf(policies.own), policies.own]] : [])));
  for (const mark of loaded.keys()) if (!wanted.has(mark)) loaded.delete(mark);
  for (const [mark, own] of wanted) if (!loaded.has(mark)) loaded.set(mark, await importOwnPolicy(own).catch(failing));
}

export function compileOwn(own: OwnPolicy): OwnRules {
  const mark = markOf(own);
  return { file: own.file, timeLimitMs: own.timeLimitMs, mark, policy: loaded.get(mark) ?? failing(new Error('the policy was not loaded')) };
}

export function markOf({ file, code }: OwnPolicy): number {
  return 1 + (createHash('sha256').update(`${file}\n${code}`).digest().readUInt32BE() >>> 2);
}

function failing(error: unknown): Policy {
  return { onRequest: () => { throw error; } };
}
