// What every adapter of the event store must do, as tests. An adapter's own test opens it and passes this suite.
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { describe, it } from 'node:test';
import type { Completion, RequestEvent } from '../domain/request-event.ts';
import { lineColumns, type BreakdownFilter, type Dimension, type EventBatch, type EventStore, type RequestLines } from './event-store.ts';

const at = Date.UTC(2026, 2, 4, 5, 6, 7);
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const allTime = { from: 0, to: at + 365 * dayMs };

function request(id: number, given: Partial<RequestEvent> = {}): RequestEvent {
  return {
    id: `req_${String(id).padStart(26, '0')}`, at: at + id, productId: 'prd_1', version: 'v1', operation: 'listCities', method: 'GET', status: 200, code: null, upstreamStatus: 200,
    keyId: 'key_1', consumerId: 'con_1', developerId: 'dev_1', subscriptionId: 'sub_1', planRevisionId: 'rev_1', mode: 'live', origin: 'own', requestBytes: 120, responseBytes: 3_400,
    durationMs: 12.5, upstreamMs: 10.25, userAgent: 'curl/8.5.0', fields: ['limit', 'sort=name'], units: { tokens: '1.25' }, open: false, ...given,
  };
}

function batch(given: Partial<EventBatch>): EventBatch {
  return { requests: [], completions: [], refusals: [], positions: [], ...given };
}

/** In two stretches, as ingest finds them. */
function linesOf(events: RequestEvent[]): RequestLines {
  const column = (event: RequestEvent, name: (typeof lineColumns)[number]): string => {
    if (name === 'frame') return '0123abcd r';
    if (name === 'fields') return event.fields.join('\x1f');
    if (name === 'units') return Object.keys(event.units).length === 0 ? '' : JSON.stringify(event.units);
    return name === 'open' ? String(Number(event.open)) : String(event[name] ?? '');
  };
  const lines = events.map((event) => Buffer.from(`${lineColumns.map((name) => column(event, name)).join('\t')}\n`));
  const moments = events.map((event) => event.at);
  return { runs: [lines[0]!, Buffer.concat(lines.slice(1))], count: lines.length, from: Math.min(...moments), to: Math.max(...moments) };
}

/** @param open makes a fresh store, or opens the one at the place that an earlier call or a backup made. */
export function eventStoreContract(name: string, { open, newPlace }: { open(place: string): Promise<EventStore>; newPlace(): Promise<string> }): void {
  const withStore = (title: string, test: (store: EventStore, place: string) => Promise<void>): void => void it(title, async () => {
    const place = await newPlace();
    const store = await open(place);
    try {
      await test(store, place);
    } finally {
      await store.close();
    }
  });
  const ids = async (store: EventStore, filter: Partial<Parameters<EventStore['listRequests']>[0]> = {}): Promise<number[]> =>
    (await store.listRequests({ limit: 100, ...filter })).map((event) => Number(event.id.slice(4)));

  describe(`event store: ${name}`, () => {
    describe('loading', () => {
      withStore('gives back every field as it was loaded', async (store) => {
        const full = request(1);
        const bare = request(2, {
          version: null, operation: null, status: 403, code: 'plan_forbids', upstreamStatus: null, subscriptionId: null, planRevisionId: null, upstreamMs: null, userAgent: null,
          fields: [], units: {}, mode: 'test', origin: 'try-it', requestBytes: 0, responseBytes: 7_000_000_000, open: true,
        });
        await store.load(batch({ requests: [full, bare] }));
        assert.deepEqual(await store.listRequests({ limit: 10 }), [bare, full]);
        assert.deepEqual(await store.findRequest(bare.id), bare);
        assert.equal(await store.findRequest('req_none'), undefined);
      });
      withStore('keeps text that looks like SQL, quotes and other scripts as it is', async (store) => {
        const event = request(1, { userAgent: `'; drop table request; -- "x" \u{1F30D} \u0000 end`, operation: "a'b", fields: ['a"b', "c'd"] });
        await store.load(batch({ requests: [event] }));
        assert.deepEqual(await store.findRequest(event.id), event);
        assert.deepEqual(await ids(store, { operation: "a'b" }), [1]);
        assert.deepEqual(await ids(store, { operation: "' or 1=1 --" }), []);
      });
      withStore('does not add a request again, neither from the same batch nor from a later one', async (store) => {
        await store.load(batch({ requests: [request(1), request(2), request(1)] }));
        await store.load(batch({ requests: [request(2), request(3)] }));
        assert.deepEqual(await ids(store), [3, 2, 1]);
      });
      withStore('reads lines of columns as it takes requests one by one, beside others, and none again', async (store) => {
        const full = request(1, { userAgent: `"x'\\ \u{1F30D}, end`, operation: "a'b", code: 'upstream_invalid' });
        const bare = request(2, {
          productId: '', version: null, operation: null, code: null, upstreamStatus: null, subscriptionId: null, planRevisionId: null, upstreamMs: null, userAgent: null, fields: [], units: {}, mode: 'test', open: true,
          durationMs: 0.125, responseBytes: 7_000_000_000,
        });
        await store.load(batch({ lines: linesOf([full, bare]), requests: [request(3)], completions: [], positions: [{ segment: 'a', offset: 10 }] }));
        assert.deepEqual(await store.listRequests({ limit: 10 }), [request(3), bare, full]);
        await store.load(batch({ lines: linesOf([bare, request(3), request(4)]) }));
        assert.deepEqual(await ids(store), [4, 3, 2, 1]);
        await assert.rejects(store.load(batch({ lines: linesOf([request(5), request(6, { status: 'not a number' as never })]), positions: [{ segment: 'a', offset: 20 }] })));
        assert.deepEqual(await ids(store), [4, 3, 2, 1]);
        assert.deepEqual(await store.positions(), [{ segment: 'a', offset: 10 }]);
      });
      withStore('commits positions with their batch and forgets them when told', async (store) => {
        await store.load(batch({ requests: [request(1)], positions: [{ segment: 'a', offset: 10 }, { segment: 'b', offset: 5_000_000_000 }] }));
        await store.load(batch({ positions: [{ segment: 'a', offset: 20 }] }));
        assert.deepEqual(sorted(await store.positions()), [{ segment: 'a', offset: 20 }, { segment: 'b', offset: 5_000_000_000 }]);
        await store.forgetPositions(['a', 'unknown']);
        assert.deepEqual(await store.positions(), [{ segment: 'b', offset: 5_000_000_000 }]);
      });
      withStore('changes nothing when a batch cannot be loaded', async (store) => {
        await store.load(batch({ requests: [request(1)], positions: [{ segment: 'a', offset: 1 }] }));
        await assert.rejects(store.load(batch({ requests: [request(2), request(3, { status: 'not a number' as never })], positions: [{ segment: 'a', offset: 2 }] })));
        assert.deepEqual(await ids(store), [1]);
        assert.deepEqual(await store.positions(), [{ segment: 'a', offset: 1 }]);
        await store.load(batch({ requests: [request(2)], positions: [{ segment: 'a', offset: 2 }] }));
        assert.deepEqual(await ids(store), [2, 1]);
      });
      withStore('completes an open request, in the same batch or later, and once or twice alike', async (store) => {
        const head = { requestBytes: 0, responseBytes: 0, units: {}, open: true };
        const { id, at: admitted, productId, version, operation, consumerId, subscriptionId, mode } = request(1);
        const completion: Completion = { id, at: admitted, productId, version, operation, consumerId, subscriptionId, mode, metered: true, requestBytes: 5, responseBytes: 77_000, durationMs: 61_000.5, units: { tokens: '9' } };
        const second = { ...completion, id: request(2).id, at: at + 2 };
        await store.load(batch({ requests: [request(1, head), request(2, head)], completions: [completion] }));
        await store.load(batch({ completions: [second, second, { ...completion, id: 'req_unknown' }] }));
        const done = { requestBytes: 5, responseBytes: 77_000, durationMs: 61_000.5, units: { tokens: '9' }, open: false };
        assert.deepEqual(await store.listRequests({ limit: 10 }), [request(2, done), request(1, done)]);
      });
    });

    describe('the request log', () => {
      const events = [
        request(1, { consumerId: 'con_2', keyId: 'key_2', mode: 'test', origin: 'sample' }),
        request(2, { status: 404, upstreamStatus: 404, operation: 'getCity' }),
        request(3, { status: 429, upstreamStatus: null, code: 'rate_limited', productId: 'prd_2' }),
        request(4, { status: 503, upstreamStatus: 503 }),
        request(5, { at: at + 4, version: 'v2' }),
      ];
      const cases: [string, Partial<Parameters<EventStore['listRequests']>[0]>, number[]][] = [
        ['newest first, the id deciding between equal times', {}, [5, 4, 3, 2, 1]],
        ['by consumer', { consumerId: 'con_2' }, [1]],
        ['by product', { productId: 'prd_2' }, [3]],
        ['by key', { keyId: 'key_1' }, [5, 4, 3, 2]],
        ['by operation', { operation: 'getCity' }, [2]],
        ['by mode', { mode: 'test' }, [1]],
        ['by origin', { origin: 'own' }, [5, 4, 3, 2]],
        ['by status', { status: '404' }, [2]],
        ['by class of status', { status: '4xx' }, [3, 2]],
        ['by a status that is none', { status: 'x' }, []],
        ['by code', { code: 'rate_limited' }, [3]],
        ['by version', { version: 'v2' }, [5]],
        ['from a time, which is included', { from: at + 3 }, [5, 4, 3]],
        ['to a time, which is not', { to: at + 3 }, [2, 1]],
        ['at most so many', { limit: 2 }, [5, 4]],
        ['older than a request, of equal time by id', { before: { at: at + 4, id: request(5).id } }, [4, 3, 2, 1]],
        ['several at once', { productId: 'prd_1', status: '2xx', mode: 'live' }, [5]],
      ];
      withStore('filters and pages', async (store) => {
        await store.load(batch({ requests: events }));
        for (const [title, filter, expected] of cases) assert.deepEqual(await ids(store, filter), expected, title);
      });
    });

    describe('counting', () => {
      withStore('counts calls per bucket from the start of the range and per class of status', async (store) => {
        await store.load(batch({ requests: [
          request(1, { at }), request(2, { at: at + hourMs - 1 }), request(3, { at: at + hourMs, status: 404 }), request(4, { at: at + hourMs, status: 499, consumerId: 'con_2' }), request(5, { at: at + 3 * hourMs }),
        ] }));
        const range = { from: at, to: at + 3 * hourMs, bucketMs: hourMs };
        assert.deepEqual(await store.callVolume(range), [{ bucket: at, statusClass: '2xx', count: 2 }, { bucket: at + hourMs, statusClass: '4xx', count: 2 }]);
        assert.deepEqual(await store.callVolume({ ...range, consumerId: 'con_2' }), [{ bucket: at + hourMs, statusClass: '4xx', count: 1 }]);
        assert.deepEqual(await store.callVolume({ ...range, mode: 'test' }), []);
      });
      withStore('tells quantiles of what the upstream answered to its end', async (store) => {
        const durations = Array.from({ length: 101 }, (_, index) => request(index, { durationMs: index }));
        await store.load(batch({ requests: [...durations, request(200, { durationMs: 9_000, upstreamStatus: null, code: 'rate_limited', status: 429 }), request(201, { durationMs: 9_000, open: true })] }));
        assert.deepEqual(await store.latency({ ...allTime, bucketMs: 1 }), { p50: 50, p95: 95, p99: 99 });
        assert.deepEqual(await store.latency({ ...allTime, bucketMs: 1, productId: 'prd_none' }), { p50: null, p95: null, p99: null });
      });
      withStore('breaks calls down by each dimension, most first, and sums up what is beyond the most', async (store) => {
        await store.load(batch({ requests: [
          request(1), request(2), request(3, { operation: 'getCity', status: 404, upstreamStatus: 404, durationMs: 40 }), request(4, { operation: 'getCity', keyId: 'key_2', version: 'v2', durationMs: 60 }),
          request(5, { operation: null, version: null, status: 404, code: 'operation_unknown', upstreamStatus: null }), request(6, { operation: 'addCity', mode: 'test', origin: 'try-it', productId: 'prd_2' }),
          request(7, { at: at + hourMs, operation: 'addCity', durationMs: 9_000, open: true }), request(8, { consumerId: 'con_2' }), request(9),
        ] }));
        const range = { from: at, to: at + 2 * hourMs, bucketMs: 2 * hourMs, consumerId: 'con_1', valuesMax: 10 };
        const counts = async (by: Dimension, more: Partial<BreakdownFilter> = {}) => (await store.breakdown({ ...range, by, ...more })).map(({ value, rest, count, failed }) => [rest ? 'rest' : value, count, failed]);
        assert.deepEqual(await counts('operation'), [['listCities', 3, 0], ['addCity', 2, 0], ['getCity', 2, 1], [null, 1, 1]]);
        assert.deepEqual(await counts('operation', { valuesMax: 1 }), [['listCities', 3, 0], ['rest', 5, 2]]);
        assert.deepEqual(await counts('keyId'), [['key_1', 7, 2], ['key_2', 1, 0]]);
        assert.deepEqual(await counts('status'), [['200', 6, 0], ['404', 2, 2]]);
        assert.deepEqual(await counts('version'), [['v1', 6, 1], ['v2', 1, 0], [null, 1, 1]]);
        assert.deepEqual(await counts('mode'), [['live', 7, 2], ['test', 1, 0]]);
        assert.deepEqual(await counts('productId'), [['prd_1', 7, 2], ['prd_2', 1, 0]]);
        assert.deepEqual(await counts('consumerId'), [['con_1', 8, 2]]);
        assert.deepEqual(await counts('origin'), [['own', 7, 2], ['try-it', 1, 0]]);
        assert.deepEqual(await counts('code', { status: '4xx' }), [['operation_unknown', 1, 1], [null, 1, 1]]);
        assert.deepEqual((await store.breakdown({ ...range, by: 'operation', bucketMs: hourMs, operation: 'addCity' })).map(({ bucket, count, p95 }) => [bucket, count, p95]), [[at, 1, 12.5], [at + hourMs, 1, null]]);
        assert.deepEqual((await store.breakdown({ ...range, by: 'operation', operation: 'getCity' })).map(({ p95 }) => p95), [59]);
        assert.deepEqual(await store.breakdown({ ...range, by: 'operation', consumerId: 'con_none' }), []);
      });
      withStore('tells quantiles per bucket, of the whole call and of its two parts', async (store) => {
        await store.load(batch({ requests: [
          request(1, { durationMs: 10, upstreamMs: 8 }), request(2, { durationMs: 20, upstreamMs: 16 }), request(3, { at: at + hourMs, durationMs: 7, upstreamMs: 6.5 }),
          request(4, { upstreamStatus: null, upstreamMs: null, code: 'rate_limited', status: 429, durationMs: 500 }), request(5, { open: true, durationMs: 500 }),
        ] }));
        const one = (value: number) => ({ p50: value, p95: value, p99: value });
        const rows = await store.latencyByBucket({ from: at, to: at + dayMs, bucketMs: hourMs });
        assert.deepEqual(rows.map(({ bucket, answered }) => [bucket, answered]), [[at, 2], [at + hourMs, 1]]);
        assert.deepEqual([rows[0]!.whole.p50, rows[0]!.upstream.p50, rows[0]!.gateway.p50], [15, 12, 3]);
        assert.deepEqual(rows[1], { bucket: at + hourMs, answered: 1, whole: one(7), upstream: one(6.5), gateway: one(0.5) });
        assert.deepEqual(await store.latencyByBucket({ from: at, to: at + dayMs, bucketMs: hourMs, keyId: 'key_none' }), []);
      });
      withStore('counts refusals by code, of known keys and of strangers together', async (store) => {
        await store.load(batch({
          requests: [request(1, { code: 'rate_limited', status: 429 }), request(2, { code: 'key_revoked', status: 401 }), request(3)],
          refusals: [
            { minute: at, productId: 'prd_1', operation: null, code: 'key_missing', count: 5 }, { minute: at + 60_000, productId: null, operation: null, code: 'key_missing', count: 2 },
            { minute: at, productId: 'prd_1', operation: 'listCities', code: 'key_revoked', count: 1 },
          ],
        }));
        assert.deepEqual(await store.refusalCounts({ ...allTime, limit: 10 }), [
          { code: 'key_missing', count: 7, stranger: 7 }, { code: 'key_revoked', count: 2, stranger: 1 }, { code: 'rate_limited', count: 1, stranger: 0 },
        ]);
        assert.deepEqual(await store.refusalCounts({ ...allTime, limit: 1, productId: 'prd_1' }), [{ code: 'key_missing', count: 5, stranger: 5 }]);
      });
      withStore('counts consumers with a live success of their own, each once per bucket', async (store) => {
        await store.load(batch({ requests: [
          request(1), request(2), request(3, { consumerId: 'con_2', upstreamStatus: 304, status: 304 }), request(4, { consumerId: 'con_3', upstreamStatus: 404, status: 404 }),
          request(5, { consumerId: 'con_4', mode: 'test' }), request(6, { consumerId: 'con_5', origin: 'try-it' }), request(7, { at: at + dayMs }),
        ] }));
        assert.deepEqual(await store.activeConsumers({ from: at, to: at + 2 * dayMs, bucketMs: dayMs }), [{ bucket: at, consumers: 2, developers: 1 }, { bucket: at + dayMs, consumers: 1, developers: 1 }]);
      });
      withStore('counts what newcomers were refused with before their first success, and nothing after it', async (store) => {
        await store.load(batch({ requests: [
          request(1, { code: 'key_revoked', status: 401 }), request(2, { code: 'rate_limited', status: 429, at: at + 10 }), request(3, { code: 'rate_limited', status: 429, consumerId: 'con_2' }),
          request(4, { code: 'rate_limited', status: 429, consumerId: 'con_3' }), request(5, { code: 'rate_limited', status: 429, consumerId: 'con_2', origin: 'try-it' }), request(6),
        ] }));
        const newcomers = [{ consumerId: 'con_1', until: at + 5 }, { consumerId: 'con_2', until: null }];
        assert.deepEqual(await store.firstRefusals({ from: at, to: at + dayMs, limit: 5, newcomers }), [{ code: 'key_revoked', count: 1, consumers: 1 }, { code: 'rate_limited', count: 1, consumers: 1 }]);
        assert.deepEqual(await store.firstRefusals({ from: at, to: at + dayMs, limit: 5, newcomers: [] }), []);
        assert.deepEqual(await store.firstRefusals({ from: at, to: at + dayMs, limit: 5, productId: 'prd_none', newcomers }), []);
      });
    });

    describe('totals by meter', () => {
      withStore('are of live calls that count, exact, by subscription and operation, streams with what their end added', async (store) => {
        const stream = request(6, { units: {}, requestBytes: 0, responseBytes: 0, open: true, subscriptionId: 'sub_2', operation: null });
        await store.load(batch({ requests: [
          request(1), request(2, { upstreamStatus: 404, status: 404, units: { tokens: '0.000000000001', 'a "b"': '12345678901234567890.5' } }), request(3, { upstreamStatus: 500, status: 500 }), request(4, { upstreamStatus: null, code: 'rate_limited' }),
          request(5, { mode: 'test' }), stream, request(7, { subscriptionId: 'sub_3' }), request(8, { at: at + dayMs }), request(9, { units: { tokens: 'much' } }),
        ] }));
        await store.load(batch({ completions: [{ id: stream.id, at: stream.at, productId: 'prd_1', version: 'v1', operation: null, consumerId: 'con_1', subscriptionId: 'sub_2', mode: 'live', metered: true, requestBytes: 5, responseBytes: 7, durationMs: 9, units: { tokens: '2' } }] }));
        const told = (await store.meterTotals({ subscriptionIds: ['sub_1', 'sub_2'], from: at, to: at + dayMs })).map(({ subscriptionId, operation, meter, quantity }) => `${subscriptionId} ${operation} ${meter} ${quantity}`).sort();
        assert.deepEqual(told, [
          'sub_1 listCities a "b" 12345678901234567890.5', 'sub_1 listCities bytes 10560', 'sub_1 listCities requests 3', 'sub_1 listCities successes 2', 'sub_1 listCities tokens 1.250000000001',
          'sub_2  bytes 12', 'sub_2  requests 1', 'sub_2  successes 1', 'sub_2  tokens 2',
        ]);
        assert.deepEqual(await store.meterTotals({ subscriptionIds: [], from: at, to: at + dayMs }), []);
      });
    });

    describe('keeping', () => {
      withStore('deletes what is older than the cutoff and says how much', async (store) => {
        await store.load(batch({ requests: [request(1), request(2), request(3)], refusals: [{ minute: at, productId: null, operation: null, code: 'no_route', count: 3 }] }));
        assert.equal(await store.deleteBefore(at + 2), 2);
        assert.deepEqual(await ids(store), [3, 2]);
        assert.equal(await store.deleteBefore(at + 2), 0);
      });
      withStore('holds everything after it is closed and opened again', async (store, place) => {
        await store.load(batch({ requests: [request(1)], positions: [{ segment: 'a', offset: 1 }] }));
        await store.close();
        const again = await open(place);
        try {
          assert.deepEqual(await again.listRequests({ limit: 10 }), [request(1)]);
          assert.deepEqual(await again.positions(), [{ segment: 'a', offset: 1 }]);
        } finally {
          await again.close();
        }
      });
      withStore('backs up a cut from which a store opens with the same answers, while it goes on', async (store) => {
        await store.load(batch({ requests: [request(1)], positions: [{ segment: 'a', offset: 1 }] }));
        const place = await newPlace();
        await store.backup(place);
        await store.load(batch({ requests: [request(2)], positions: [{ segment: 'a', offset: 2 }] }));
        const copy = await open(place);
        try {
          assert.deepEqual(await ids(copy), [1]);
          assert.deepEqual(await copy.positions(), [{ segment: 'a', offset: 1 }]);
          await copy.load(batch({ requests: [request(1), request(9)] }));
          assert.deepEqual(await ids(copy), [9, 1]);
        } finally {
          await copy.close();
        }
        assert.deepEqual(await ids(store), [2, 1]);
        await assert.rejects(store.backup(place), 'an existing file is not overwritten');
      });
      withStore('reports its size', async (store) => {
        await store.load(batch({ requests: Array.from({ length: 500 }, (_, index) => request(index)) }));
        assert.ok((await store.sizeBytes()) > 10_000);
      });
    });
  });
}

function sorted<T extends { segment: string }>(positions: T[]): T[] {
  return positions.toSorted((a, b) => a.segment.localeCompare(b.segment));
}
