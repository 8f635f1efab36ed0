// Which calls a page is about, as the address bar names them.
import type { CallDimension, CallFilter } from '../../control/services.ts';

export const filterNames = ['product', 'key', 'mode', 'operation', 'version', 'status', 'code'] as const;
export type FilterName = (typeof filterNames)[number];
export type ShownFilter = Record<FilterName, string>;
/** A request log's; `consumer` and `email` choose an account in the workspace, and are empty elsewhere. */
export type LogFilter = Record<FilterName | 'consumer' | 'email', string>;

export const dimensions: readonly CallDimension[] = ['status', 'operation', 'key', 'version', 'mode', 'product', 'code'];

export function readFilter(search: URLSearchParams): ShownFilter {
  return Object.fromEntries(filterNames.map((name) => [name, search.get(name)?.trim() ?? ''])) as ShownFilter;
}

/** The same, as services take it. */
export function chosenBy({ product, key, mode, operation, version, status, code }: ShownFilter): CallFilter {
  return {
    ...(product && { productSlug: product }), ...(key && { keyId: key }), ...((mode === 'live' || mode === 'test') && { mode }),
    ...(operation && { operation }), ...(version && { version }), ...(status && { status }), ...(code && { code }),
  };
}

export function readDimension(search: URLSearchParams): CallDimension {
  return dimensions.find((name) => name === search.get('by')) ?? 'status';
}

/** The address with these parameters changed; '' removes one. Paging starts anew. */
export function addressWith(search: string, changes: Record<string, string>): string {
  const next = new URLSearchParams(search);
  next.delete('cursor');
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  return `?${next}`;
}
