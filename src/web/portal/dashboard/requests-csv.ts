// Leaves: the request log as a file, with the filters of the page; at most so many rows, newest first.
import { csvLine, csvResponse } from '../../csv.server.ts';
import { load } from '../../page.server.ts';
import { chosenBy, readFilter } from '../../calls/call-filter.ts';
import { readRange } from '../../calls/call-range.ts';

const rowsMax = 10_000;
const atOnce = 200;
const columns = ['id', 'time_utc', 'product', 'version', 'operation', 'method', 'status', 'code', 'upstream_status', 'mode', 'origin', 'key', 'duration_ms', 'upstream_ms', 'request_bytes', 'response_bytes', 'fields', 'user_agent'];

export const loader = load(async ({ url, services, developer }) => {
  const actor = await developer();
  const { from, to } = readRange(url.searchParams, Date.now());
  const input = { ...chosenBy(readFilter(url.searchParams)), consumerId: actor.consumerId, from, to, limit: atOnce };
  // Refusals of the filter are answered before the file begins.
  let page = await services.requests.list(actor, input);
  async function* lines() {
    yield csvLine(columns);
    for (let rows = 0; ;) {
      for (const row of page.requests) {
        yield csvLine([row.id, new Date(row.at).toISOString(), row.productSlug, row.version, row.operation, row.method, row.status, row.code, row.upstreamStatus, row.mode, row.origin, row.keyMasked, row.durationMs, row.upstreamMs, row.requestBytes, row.responseBytes, row.fields.join(' '), row.userAgent]);
      }
      rows += page.requests.length;
      if (page.nextCursor === null || rows >= rowsMax) return;
      page = await services.requests.list(actor, { ...input, cursor: page.nextCursor });
    }
  }
  return csvResponse('requests.csv', lines());
});
