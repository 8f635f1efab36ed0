// Leaves: the ledger's quantities of a range as a file: what quotas and bills read.
import { csvLine, csvResponse } from '../../csv.server.ts';
import { load } from '../../page.server.ts';
import { readFilter } from '../../calls/call-filter.ts';
import { readRange } from '../../calls/call-range.ts';
import { ledgerRows } from './ledger-rows.ts';

const dayMs = 86_400_000;

export const loader = load(async ({ url, services, developer }) => {
  const actor = await developer();
  const filter = readFilter(url.searchParams);
  const { from, to, bucketMs } = readRange(url.searchParams, Date.now());
  const stepMs = Math.max(bucketMs, dayMs);
  const of = { consumerId: actor.consumerId, ...(filter.product && { productSlug: filter.product }) };
  let day = await services.usage.get(actor, { ...of, from, to: Math.min(from + stepMs, to) });
  async function* lines() {
    yield csvLine(['from_utc', 'to_utc', 'meter', 'operation', 'version', 'mode', 'quantity']);
    for (let start = from; start < to; start += stepMs) {
      const end = Math.min(start + stepMs, to);
      if (start > from) day = await services.usage.get(actor, { ...of, from: start, to: end });
      for (const row of ledgerRows(day.usage, filter)) yield csvLine([new Date(start).toISOString(), new Date(end).toISOString(), row.meter, row.operation, row.version, row.mode, row.quantity]);
    }
  }
  return csvResponse('usage.csv', lines());
});
