// What many clients cost one gateway thread: 10,000 connections that wait, and 1,000 clients that read one octet a second.
import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { call, openIdle, openMany, openSlowReader, startMeasuredGateway } from '../src/gateway/measured-gateway.testkit.ts';

const idleCount = 10_000;
const readerCount = 1_000;
const seconds = Number(process.argv[2] ?? 60);
const mebibyte = 1024 * 1024;

const idle = await measureIdle();
const readers = await measureReaders();
const results = { node: process.version, idle, readers };
mkdirSync(new URL('results/', import.meta.url), { recursive: true });
writeFileSync(new URL('results/connections.json', import.meta.url), `${JSON.stringify(results, null, 2)}\n`);
process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);

async function measureIdle() {
  const gateway = await startMeasuredGateway();
  const first = await openMany(gateway, 200, (socket) => openIdle(gateway, socket));
  const before = await gateway.memory();
  const sockets = [...first, ...await openMany(gateway, idleCount - first.length, (socket) => openIdle(gateway, socket))];
  const after = await gateway.memory();
  for (let i = 0; i < sockets.length; i += 100) await Promise.all(sockets.slice(i, i + 100).map((socket) => call(gateway, socket)));
  for (const socket of sockets) socket.destroy();
  await gateway.close();
  return {
    connections: sockets.length, answeredAgain: sockets.length,
    residentMebibytes: Math.round(after.resident),
    bytesPerConnection: Math.round(((after.resident - before.resident) * mebibyte) / (sockets.length - first.length)),
  };
}

async function measureReaders() {
  const gateway = await startMeasuredGateway();
  const sockets = await openMany(gateway, readerCount, (socket) => openSlowReader(gateway, socket));
  const residentMebibytes: number[] = [];
  for (let second = 0; second < seconds; second++) {
    for (const socket of sockets) socket.resume();
    await delay(1_000);
    residentMebibytes.push(Math.round((await gateway.memory()).resident));
  }
  const last = await gateway.memory();
  for (const socket of sockets) socket.destroy();
  await gateway.close();
  return { clients: sockets.length, octetsPerSecond: 1, residentMebibytesEachSecond: residentMebibytes, ofThemBuffersMebibytes: Math.round(last.external) };
}
