import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RequestEvent } from '../domain/request-event.ts';
import { lineColumns } from '../events/event-store.ts';
import { readRequestLine, requestLine } from './request-line.ts';
import { requestRecord } from './sample-records.testkit.ts';

const { kind: _, ...sample } = requestRecord();
const readBack = (line: string): RequestEvent => readRequestLine(Buffer.from(line).toString('latin1'));

test('the columns of a line are those that are named, in their order', () => {
  const parts = requestLine({ ...sample, open: true, code: 'x' })!.split('\t');
  assert.equal(parts.length, lineColumns.length);
  for (const [place, column] of lineColumns.entries()) {
    const value = column === 'frame' ? 'r' : column === 'open' ? '1' : column === 'code' ? 'x' : column === 'fields' ? 'limit\x1fname' : column === 'units' ? '' : String(sample[column]);
    assert.equal(parts[place], value, column);
  }
});

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.string({ maxLength: 20 }), fc.constantFrom('', 'é', '€', '🦊', 'a\tb', 'a\nb', '\0', '"', '\\', '\\N', '\x1f', '\ud800'));
const count = fc.integer({ min: 0, max: 2 ** 40 });
/** Names of meters as the configuration allows them: JSON.parse of Node 24 can confuse a key that is one escaped character with the key `\\`. */
const meterName = fc.stringMatching(/^[a-z][a-z0-9_-]{0,20}$/);
const quantity = fc.constantFrom('1', '0.25', '123456789012345678901234567890');

test('what becomes a line reads back the same, whatever its texts', () => {
  fc.assert(fc.property(fc.record({
    operation: fc.option(text), version: fc.option(text), userAgent: fc.option(text), fields: fc.array(text, { maxLength: 5 }), units: fc.dictionary(meterName, quantity, { maxKeys: 3 }),
    upstreamStatus: fc.option(fc.integer({ min: 100, max: 599 })), code: fc.option(fc.constant('rate_limited')), subscriptionId: fc.option(fc.constant('sub_1')), planRevisionId: fc.option(fc.constant('rev_1')),
    requestBytes: count, responseBytes: count, durationMs: fc.double({ min: 0, max: 1e9, noNaN: true }), upstreamMs: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true })), open: fc.boolean(),
  }), (given) => {
    const event = { ...sample, ...given } as RequestEvent;
    const line = requestLine(event);
    if (line === null) return;
    assert.doesNotMatch(line, /[\n\r]/);
    assert.deepEqual(readBack(line), { ...event, units: { ...event.units }, durationMs: event.durationMs + 0, upstreamMs: event.upstreamMs === null ? null : event.upstreamMs + 0 });
  }), { numRuns: 2_000 });
});

test('what a line cannot hold exactly is left to JSON', () => {
  for (const given of [{ userAgent: 'a\tb' }, { userAgent: '' }, { operation: 'a\nb' }, { operation: '' }, { fields: ['a', ''] }, { fields: ['a\x1fb'] }, { userAgent: '\ud800' }, { at: 1.5 }]) {
    assert.equal(requestLine({ ...sample, ...given }), null, JSON.stringify(given));
  }
  assert.notEqual(requestLine({ ...sample, userAgent: 'Zürich "\\', fields: ['né=€'] }), null);
});
