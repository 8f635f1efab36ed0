// A gateway in a process of its own, so that its memory can be looked at, and an upstream with an endless body in another.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { operation, openTestGateway, openUpstream, product, snapshot, testKey, version } from './gateway.testkit.ts';

/** MiB, after a garbage collection. */
export interface Memory { resident: number; heap: number; external: number }

export interface MeasuredGateway {
  port: number;
  key: string;
  memory(): Promise<Memory>;
  close(): Promise<void>;
}

const mebibyte = 1024 * 1024;
const bodyBytes = 1024 * mebibyte;

export async function startMeasuredGateway(): Promise<MeasuredGateway> {
  const upstream = start('upstream', '');
  const [{ url }] = await once(upstream, 'message') as [{ url: string }];
  const gateway = start('gateway', url);
  const [{ port, key }] = await once(gateway, 'message') as [{ port: number; key: string }];
  return {
    port, key,
    memory: async () => {
      const answer = once(gateway, 'message') as Promise<[Memory]>;
      gateway.send('memory');
      return (await answer)[0];
    },
    close: async () => {
      for (const child of [gateway, upstream]) {
        child.disconnect();
        if (child.exitCode === null) await once(child, 'exit');
      }
    },
  };
}

/** Opens connections, `atOnce` at a time, each with one request on it. */
export async function openMany(gateway: MeasuredGateway, count: number, open: (socket: (options: object) => Socket) => Promise<Socket>, atOnce = 100): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let opened = 0; opened < count; opened += atOnce) {
    sockets.push(...await Promise.all(Array.from({ length: Math.min(atOnce, count - opened) }, () => open((options) => connect({ host: '127.0.0.1', port: gateway.port, ...options })))));
  }
  return sockets;
}

export function requestText(gateway: MeasuredGateway, path: string): string {
  return `GET /atlas/v1${path} HTTP/1.1\r\nHost: a\r\nX-API-Key: ${gateway.key}\r\n\r\n`;
}

/** A client that takes one octet each time it is resumed. */
export function openSlowReader(gateway: MeasuredGateway, socket: (options: object) => Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const reader = socket({ onread: { buffer: Buffer.alloc(1), callback: () => {
      resolve(reader);
      return false;
    } } });
    reader.once('error', reject);
    reader.write(requestText(gateway, '/items/endless'));
  });
}

/** A client that makes one call and keeps its connection. */
export async function openIdle(gateway: MeasuredGateway, socket: (options: object) => Socket): Promise<Socket> {
  const idle = socket({});
  await call(gateway, idle);
  return idle;
}

export async function call(gateway: MeasuredGateway, socket: Socket): Promise<void> {
  socket.write(requestText(gateway, '/items/short'));
  let heard = '';
  while (!heard.endsWith('short')) {
    const [chunk] = await once(socket, 'data') as [Buffer];
    heard += chunk.toString('latin1');
  }
}

function start(role: string, url: string): ChildProcess {
  return fork(fileURLToPath(import.meta.url), [role, url], { execArgv: ['--expose-gc'] });
}

async function runUpstream(): Promise<void> {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  const upstream = await openUpstream((incoming, response) => {
    if (incoming.url === '/items/short') {
      response.setHeader('Content-Length', 5);
      response.end('short');
      return;
    }
    response.writeHead(200, { 'Content-Length': bodyBytes });
    const more = (): void => {
      while (response.write(chunk)) continue;
    };
    response.on('drain', more).on('error', () => undefined);
    more();
  });
  process.send!({ url: upstream.url });
}

async function runGateway(url: string): Promise<void> {
  const key = testKey();
  const gateway = await openTestGateway({ snapshot: snapshot([product(url, { versions: [version('v1', [operation('GET', '/items/{id}')])] })]), keys: [key], inFlightMax: 16 * 1024 });
  process.on('message', () => {
    gateway.spool.records.length = 0;
    globalThis.gc!();
    const { rss, heapUsed, external } = process.memoryUsage();
    process.send!({ resident: rss / mebibyte, heap: heapUsed / mebibyte, external: external / mebibyte } satisfies Memory);
  });
  process.send!({ port: gateway.port, key: key.key });
}

if (process.send && process.argv[1] === fileURLToPath(import.meta.url)) {
  process.once('disconnect', () => process.exit(0));
  if (process.argv[2] === 'upstream') await runUpstream();
  else await runGateway(process.argv[3]!);
}
