import { createColors } from 'picocolors';
import type { Change } from './change-lines.ts';
import { changeLines, driftLines, summaryLine } from './change-lines.ts';
import { managementApi } from './management-api.ts';
import type { ManagementApi, Target } from './management-api.ts';
import { readConfigBundle } from './read-bundle.ts';
import type { ConfigBundle } from './read-bundle.ts';

export interface Applied { changes: Change[]; drift: Change[]; applied: boolean; snapshotVersion: number; unconfirmed: string[] }

export function applyBundle(api: ManagementApi, input: { bundle: ConfigBundle; dryRun: boolean; prune: boolean }): Promise<Applied> {
  return api.post<Applied>('/api/v1/configuration', input);
}

/** Sends portico.yaml and its documents to a running Portico; answers one line for each thing that changed. @throws AppError with places */
export async function applyFile(file: string, target: Target): Promise<string[]> {
  const { changes, drift } = await applyBundle(managementApi(target), { bundle: await readConfigBundle(file), dryRun: false, prune: false });
  const plain = createColors(false);
  return [...changeLines(plain, changes), ...driftLines(plain, drift), summaryLine(changes)];
}
