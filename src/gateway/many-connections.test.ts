// Many clients at once: connections that wait, and readers that take one octet at a time. `npm run bench -- connections` measures more of them.
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'node:test';
import { call, openIdle, openMany, openSlowReader, startMeasuredGateway, type Memory } from './measured-gateway.testkit.ts';

const mebibyte = 1024 * 1024;

test('an idle connection costs less than 20 kB, and every one still answers', async (t) => {
  const gateway = await startMeasuredGateway();
  t.after(() => gateway.close());
  const first = await openMany(gateway, 200, (socket) => openIdle(gateway, socket));
  const before = await gateway.memory();
  const count = 2_000;
  const sockets = [...first, ...await openMany(gateway, count, (socket) => openIdle(gateway, socket))];
  const after = await gateway.memory();
  const bytes = ((after.resident - before.resident) * mebibyte) / count;
  assert.ok(bytes < 20_000, `${Math.round(bytes)} bytes for a connection`);
  for (const socket of [sockets[0]!, sockets.at(-1)!, sockets[1_000]!]) await call(gateway, socket);
  for (const socket of sockets) socket.destroy();
});

test('memory stays flat while a thousand clients read an endless answer an octet at a time', async (t) => {
  const gateway = await startMeasuredGateway();
  t.after(() => gateway.close());
  const readers = await openMany(gateway, 1_000, (socket) => openSlowReader(gateway, socket));
  const curve: Memory[] = [];
  for (let second = 0; second < 6; second++) {
    for (const reader of readers) reader.resume();
    await delay(1_000);
    curve.push(await gateway.memory());
  }
  for (const reader of readers) reader.destroy();
  const shown = curve.map((memory) => `${Math.round(memory.resident)} MiB (${Math.round(memory.external)} of them octets)`).join(', ');
  t.diagnostic(shown);
  assert.ok(curve.at(-1)!.resident < curve[1]!.resident + 16, shown);
  assert.ok(curve.at(-1)!.external < 256, shown);
});
