import type { OperationSummary } from '../../../control/services.ts';

export interface OperationGroup { tag: string; operations: OperationSummary[] }

/** Operations by their first tag, both in document order. */
export function groupByTag(operations: OperationSummary[]): OperationGroup[] {
  const groups = new Map<string, OperationGroup>();
  for (const operation of operations) {
    const tag = operation.tag ?? 'Other';
    const group = groups.get(tag) ?? { tag, operations: [] };
    group.operations.push(operation);
    groups.set(tag, group);
  }
  return [...groups.values()];
}

/** The id of a tag's section on the index page. */
export function tagAnchor(tag: string): string {
  return `tag-${tag.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;
}
