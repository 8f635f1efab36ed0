import type { Colours } from './terminal.ts';
import { printable } from './terminal.ts';

export interface Change { action: 'add' | 'change' | 'remove' | 'keep'; noun: string; name: string; detail: string[] }

const signs = { add: '+', change: '~', remove: '-' } as const;

/** `+ plan atlas/free`, then its details; what stays is left out. */
export function changeLines(colours: Colours, changes: Change[]): string[] {
  const paint = { add: colours.green, change: colours.yellow, remove: colours.red };
  return changes.flatMap((change) => {
    if (change.action === 'keep') return [];
    return [paint[change.action](`${signs[change.action]} ${change.noun} ${printable(change.name)}`), ...change.detail.map((line) => colours.dim(`    ${printable(line)}`))];
  });
}

export function driftLines(colours: Colours, drift: Change[]): string[] {
  const lines = changeLines(colours, drift);
  return lines.length === 0 ? [] : ['', 'Edited elsewhere since the last apply (what the file says wins, what it does not name stays without --prune):', ...lines.map((line) => `  ${line}`), ''];
}

export function summaryLine(changes: Change[]): string {
  const count = (action: Change['action']): number => changes.filter((change) => change.action === action).length;
  const parts = [[count('add'), 'added'], [count('change'), 'changed'], [count('remove'), 'removed']].filter(([number]) => number !== 0).map(([number, word]) => `${number} ${word}`);
  return parts.length === 0 ? 'No changes.' : `${parts.join(', ')}.`;
}

export function isNothing(changes: Change[]): boolean {
  return changes.every(({ action }) => action === 'keep');
}
