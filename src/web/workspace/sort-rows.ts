/** By the column that the address names: `key`, or `-key` for largest first. An unknown one leaves the order as it is. */
export function sortRows<Row extends object>(rows: Row[], sort: string | null): Row[] {
  if (sort === null || sort === '') return rows;
  const key = sort.replace(/^-/, '') as keyof Row;
  const direction = sort.startsWith('-') ? -1 : 1;
  if (rows.length === 0 || !Object.hasOwn(rows[0]!, key)) return rows;
  return rows.toSorted((a, b) => direction * compare(a[key], b[key]));
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a ?? '').localeCompare(String(b ?? ''), 'en', { numeric: true });
}
