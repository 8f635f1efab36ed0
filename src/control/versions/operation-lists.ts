import type { Query } from '../../store/database.ts';
import type { OperationSummary } from '../services.ts';
import { listOperations, type FoundVersion } from './version-rows.ts';

/** Operations of versions that readers ask for one page after another; a version that has changed is read anew. */
export interface OperationLists {
  /** In document order. */
  of(version: FoundVersion): Promise<readonly OperationSummary[]>;
}

/** Enough for some twenty documents of GitHub's size, which take about 10 MB. */
const keptMax = 25_000;

export function createOperationLists(query: Query): OperationLists {
  const kept = new Map<string, { updatedAt: number; operations: readonly OperationSummary[] }>();
  let count = 0;
  const forget = (id: string): void => {
    count -= kept.get(id)?.operations.length ?? 0;
    kept.delete(id);
  };
  return {
    async of({ id, updatedAt }) {
      const known = kept.get(id);
      if (known?.updatedAt === updatedAt) return known.operations;
      const operations = await listOperations(query, id);
      forget(id);
      kept.set(id, { updatedAt, operations });
      count += operations.length;
      while (count > keptMax && kept.size > 1) forget(kept.keys().next().value!);
      return operations;
    },
  };
}
