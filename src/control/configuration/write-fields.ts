// How a value that is written to portico.yaml leaves out what is the default anyway.

export function unless<T>(value: T, standard: T): T | undefined {
  return value === standard ? undefined : value;
}

export function filled<T>(list: T[]): T[] | undefined {
  return list.length === 0 ? undefined : list;
}

export function durationText(ms: number, standard: number): string | undefined {
  if (ms === standard) return undefined;
  return ms % 1_000 === 0 && ms / 1_000 < 1e9 ? `${ms / 1_000}s` : `${ms}ms`;
}

export function without(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
