import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { createLimitCounters, LimitCounters, ringLength, type Rate } from './limit-counters.ts';
import { createReservations, giveBackAll, Reservations } from './reservations.ts';

const passRate = (counters: LimitCounters, rate: Rate, atNs: number) => counters.passRate(0, rate, atNs, () => atNs);
const rateOf = (requests: number, windowNs: number): Rate => ({ index: 0, tag: 7, requests, intervalNs: Math.ceil(windowNs / requests) });

test('GCRA passes at most q + q*T/w in every interval T, and never less than a burst of q after a rest', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 50 }), fc.constantFrom(1e9, 60e9, 3600e9), fc.array(fc.double({ min: 0, max: 0.5, noNaN: true }), { minLength: 1, maxLength: 300 }), (requests, windowNs, gaps) => {
    const counters = new LimitCounters(createLimitCounters(1));
    const rate = rateOf(requests, windowNs);
    const passed: number[] = [];
    let now = windowNs;
    for (const gap of gaps) {
      now += Math.floor(gap * windowNs * 0.2);
      const state = passRate(counters, rate, now);
      if (state.passed) passed.push(now);
      assert.ok(state.remaining >= 0 && state.remaining <= requests);
      assert.equal(state.passed || state.retryNs > 0, true);
    }
    for (let from = 0; from < passed.length; from++) {
      for (let to = from; to < passed.length; to++) assert.ok(to - from + 1 <= requests + (requests * (passed[to]! - passed[from]!)) / windowNs);
    }
    now += windowNs + requests;
    for (let i = 0; i < requests; i++) assert.equal(passRate(counters, rate, now).passed, true);
    assert.equal(passRate(counters, rate, now).passed, false);
  }), { numRuns: 60 });
});

test('the waiting time that a refusal names is exact', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 10_000_000 }), (requests, start) => {
    const counters = new LimitCounters(createLimitCounters(1));
    const rate = rateOf(requests, 1e9);
    for (let i = 0; i < requests; i++) passRate(counters, rate, start);
    const { passed, retryNs } = passRate(counters, rate, start);
    assert.equal(passed, false);
    assert.equal(passRate(counters, rate, start + retryNs - 1).passed, false);
    assert.equal(passRate(counters, rate, start + retryNs).passed, true);
  }));
});

test('a call whose clock was read before another thread let one pass finds all the room that there is', () => {
  const counters = new LimitCounters(createLimitCounters(1));
  const rate = rateOf(3, 1e9);
  const remaining = [2_000_000, 1_999_000, 1_998_000].map((atNs) => counters.passRate(0, rate, atNs, () => 2_000_000)).map((state) => [state.passed, state.remaining]);
  assert.deepEqual(remaining, [[true, 2], [true, 1], [true, 0]]);
});

test('what a rate gave is taken back whole, and another limit in its place starts afresh', () => {
  const counters = new LimitCounters(createLimitCounters(1));
  const rate = rateOf(2, 1e9);
  passRate(counters, rate, 100);
  passRate(counters, rate, 100);
  counters.giveBackRate(0, rate);
  assert.equal(passRate(counters, rate, 100).passed, true);
  assert.equal(passRate(counters, rate, 100).passed, false);
  assert.equal(passRate(counters, { ...rate, tag: 8 }, 100).remaining, 1);
});

test('a quota behaves like a plain count per window, whatever is taken, given back and whenever the clock jumps within the ring', () => {
  const action = fc.record({ window: fc.integer({ min: 0, max: ringLength - 1 }), give: fc.boolean() });
  fc.assert(fc.property(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 100_000 }), fc.array(action, { maxLength: 100 }), (most, first, actions) => {
    const counters = new LimitCounters(createLimitCounters(2));
    const model = new Map<number, number>();
    for (const { window, give } of actions) {
      const ordinal = first + window;
      const count = model.get(ordinal) ?? 0;
      if (give) {
        counters.giveBack(1, 2, ordinal);
        model.set(ordinal, Math.max(0, count - 1));
      } else {
        const expected = count < most ? count + 1 : -1;
        assert.equal(counters.take(1, 2, ordinal, most), expected);
        if (expected > 0) model.set(ordinal, expected);
      }
      assert.equal(counters.count(1, 2, ordinal), model.get(ordinal) ?? 0);
    }
    assert.equal(counters.count(0, 2, first), 0);
    assert.equal(counters.count(1, 1, first), 0);
  }));
});

test('a window that the ring has passed is not touched by a late return', () => {
  const counters = new LimitCounters(createLimitCounters(1));
  counters.take(0, 0, 5, 10);
  counters.take(0, 0, 5 + ringLength, 10);
  counters.giveBack(0, 0, 5);
  assert.equal(counters.count(0, 0, 5 + ringLength), 1);
});

test('a window that a thread died in the middle of beginning is begun by the next', () => {
  const buffer = createLimitCounters(1);
  const counters = new LimitCounters(buffer);
  new Uint32Array(buffer, (6 % ringLength) * 8, 2).set([77, 0xffff_ffff]);
  assert.equal(counters.take(0, 0, 6, 10), 1);
  assert.equal(counters.count(0, 0, 6), 1);
});

test('restored counts add up, and an older window never displaces a newer one', () => {
  const counters = new LimitCounters(createLimitCounters(1));
  counters.restore(0, 2, 9, 40);
  counters.restore(0, 2, 9, 2);
  counters.restore(0, 2, 9 - ringLength, 1_000);
  assert.equal(counters.count(0, 2, 9), 42);
});

test('a view sees slots that were added after it was made', () => {
  const buffer = createLimitCounters(1);
  const [main, thread] = [new LimitCounters(buffer), new LimitCounters(buffer)];
  main.reserveSlots(5_000);
  main.take(4_999, 0, 1, 10);
  assert.equal(thread.count(4_999, 0, 1), 1);
});

test('what a dead thread held is given back once', () => {
  const counters = new LimitCounters(createLimitCounters(3));
  const buffer = createReservations(4);
  const reservations = new Reservations(buffer);
  const ordinals = [1, 2, 3, 4, 5];
  const windows = ordinals.map((ordinal) => ({ ordinal, from: 0, to: 1 }));
  for (let i = 0; i < 3; i++) {
    ordinals.forEach((ordinal, period) => counters.take(1, period, ordinal, Infinity));
    counters.take(2, 0, 1, Infinity);
    reservations.hold(1, 2, windows);
  }
  reservations.keep(reservations.hold(1, null, windows));
  assert.equal(giveBackAll(buffer, counters), 3);
  assert.equal(giveBackAll(buffer, counters), 0);
  ordinals.forEach((ordinal, period) => assert.equal(counters.count(1, period, ordinal), 0));
  assert.equal(counters.count(2, 0, 1), 0);
});

test('two threads that take and give back as fast as they can never pass the limit and lose no count', async () => {
  const buffer = createLimitCounters(1);
  const source = `
    const { workerData, parentPort } = require('node:worker_threads');
    import(workerData.module).then(({ LimitCounters }) => {
      const counters = new LimitCounters(workerData.buffer);
      const rate = { index: 0, tag: 7, requests: 1000, intervalNs: 1e6 };
      const gate = new Int32Array(workerData.gate);
      Atomics.add(gate, 0, 1);
      Atomics.notify(gate, 0);
      while (Atomics.load(gate, 0) < 2) Atomics.wait(gate, 0, 1, 100);
      let quota = 0, passes = 0, above = 0;
      for (let i = 0; i < 50000; i++) {
        if (i % 3 === 0) counters.giveBack(0, 1, 9); else { const count = counters.take(0, 1, 9, 5); if (count > 5) above++; }
        if (counters.take(0, 0, 9, 30000) > 0) quota++;
        if (counters.passRate(0, rate, 1e9, () => 1e9).passed) passes++;
      }
      parentPort.postMessage({ quota, passes, above });
    });`;
  const gate = new SharedArrayBuffer(4);
  const results = await Promise.all([1, 2].map(() => new Promise<{ quota: number; passes: number; above: number }>((resolve, reject) => {
    const worker = new Worker(source, { eval: true, workerData: { buffer, gate, module: new URL('./limit-counters.ts', import.meta.url).href } });
    worker.once('message', resolve).once('error', reject);
  })));
  assert.equal(results[0]!.quota + results[1]!.quota, 30_000);
  assert.equal(results[0]!.passes + results[1]!.passes, 1_000);
  assert.equal(results[0]!.above + results[1]!.above, 0);
  assert.equal(new LimitCounters(buffer).count(0, 0, 9), 30_000);
});
