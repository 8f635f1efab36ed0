import type { CommandDefinition } from '../command.ts';
import { exitCodes } from '../command.ts';
import { bytesText, durationText, table } from '../terminal.ts';

interface Status {
  ready: boolean; reasons: string[]; snapshotVersion: number;
  gateways: { id: string; pid: number; threads: number; connected: boolean; snapshotVersion: number; staleMs: number; unmeterable: boolean }[];
  uncounted: { product: string; calls: number; bytes: number; from: number; to: number }[];
  ingest: { lagBytes: number; lagMs: number; corruptRecords: number };
  disk: { store: number; events: number; spool: number };
}

export const status: CommandDefinition = {
  name: 'status',
  summary: 'what runs, how far behind, how much disk',
  description: 'Shows whether Portico is ready, its gateways, how far the ledger is behind and how much disk is used. Exits with 1 when it is not ready.',
  running: true,
  examples: [['portico status', 'Is it ready, and why not?']],
  async run({ terminal, api }) {
    const { colours, print, printJson } = terminal;
    const management = await api();
    const state = await terminal.progress('Asking', () => management.get<Status>('/api/v1/status'));
    printJson(state);
    print(state.ready ? `${colours.green('ready')}, configuration ${state.snapshotVersion}` : `${colours.red('not ready')}: ${state.reasons.join('; ')}`);
    print();
    for (const line of table(colours, [
      { title: 'GATEWAY', value: (row) => row.id },
      { title: 'PROCESS', value: (row) => String(row.pid), align: 'right' },
      { title: 'THREADS', value: (row) => String(row.threads), align: 'right' },
      { title: 'CONFIGURATION', value: (row) => String(row.snapshotVersion), align: 'right' },
      { title: 'STATE', value: (row) => [row.connected ? 'connected' : `cut off for ${durationText(row.staleMs)}`, ...(row.unmeterable ? ['cannot meter'] : [])].join(', ') },
    ], state.gateways)) print(line);
    print();
    print(`Ledger  ${durationText(state.ingest.lagMs)} and ${bytesText(state.ingest.lagBytes)} behind, ${state.ingest.corruptRecords} corrupt records`);
    for (const { product, calls, from, to } of state.uncounted) print(colours.red(`${calls} calls of ${product} were served and not counted between ${new Date(from).toISOString()} and ${new Date(to).toISOString()}: their records could not be written.`));
    print(`Disk    store ${bytesText(state.disk.store)}, events ${bytesText(state.disk.events)}, spool ${bytesText(state.disk.spool)}`);
    return state.ready ? exitCodes.done : exitCodes.failed;
  },
};
