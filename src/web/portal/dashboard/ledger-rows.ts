import type { UsageRow } from '../../../control/services.ts';
import type { ShownFilter } from '../../calls/call-filter.ts';

/** The ledger knows operation, version and mode of a quantity; keys and statuses are the request log's. */
export function ledgerRows(usage: UsageRow[], { operation, version, mode }: Pick<ShownFilter, 'operation' | 'version' | 'mode'>): UsageRow[] {
  return usage.filter((row) => (!operation || row.operation === operation) && (!version || row.version === version) && (!mode || row.mode === mode));
}
