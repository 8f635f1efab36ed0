import type { OperationSummary } from '../../../control/services.ts';
import { texts } from '../../texts.ts';

/** `[slug, method, title, deprecated]`: what a list shows, small enough for a thousand. */
export type OperationLink = [string, string, string, 0 | 1];
export interface OperationGroup { tag: string; count: number; operations: OperationLink[]; /** How many of the group stand before the first that is listed. */ from: number }

/** A side list shows all of a small version; of a large one, what is around the page's own operation. */
const shownMax = 80;
const aroundMax = 20;

/** Operations by their first tag, both in document order. */
export function groupByTag(operations: readonly OperationSummary[]): { tag: string; operations: OperationSummary[] }[] {
  return [...Map.groupBy(operations, ({ tag }) => tag ?? texts.reference.otherTag)].map(([tag, members]) => ({ tag, operations: members }));
}

export function navigation(operations: readonly OperationSummary[], current: string | undefined): OperationGroup[] {
  const all = operations.length <= shownMax;
  return groupByTag(operations).map(({ tag, operations: members }) => {
    const at = members.findIndex(({ slug }) => slug === current);
    const from = all || at === -1 || members.length <= aroundMax ? 0 : Math.max(0, Math.min(at - aroundMax / 2, members.length - aroundMax));
    const shown = all ? members : at === -1 ? [] : members.slice(from, from + aroundMax);
    return { tag, count: members.length, from, operations: shown.map(linkOf) };
  });
}

export function linkOf({ slug, method, summary, path, deprecated }: OperationSummary): OperationLink {
  return [slug, method, summary || path, deprecated ? 1 : 0];
}
