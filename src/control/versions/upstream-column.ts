// A version's own upstream as its column holds it: an address, or a JSON array of addresses that answer the same.

export function upstreamColumn(upstream: string | string[] | null | undefined): string | null {
  return Array.isArray(upstream) ? JSON.stringify(upstream) : (upstream ?? null);
}

export function upstreamOf(column: string | null): string | string[] | null {
  return column?.startsWith('[') ? (JSON.parse(column) as string[]) : column;
}
