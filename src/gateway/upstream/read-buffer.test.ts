// Nothing that was kept changes, however connections share and give away what they read into.
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Fields } from '../fields.ts';
import type { Refusal } from '../call.ts';
import type { PartOwner, UpstreamExchange } from '../exchange.ts';
import { sendRequest } from './send-request.ts';
import { openRawUpstream, routed } from './upstream.testkit.ts';

const bytes = 1_000_000;

function contentOf(name: string): Buffer {
  const block = createHash('sha512').update(name).digest();
  const content = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at += block.length) {
    block.writeUInt32BE(at, 0);
    block.copy(content, at);
  }
  return content;
}

test('large and small bodies on many connections at once arrive as they were sent, also to those who pause', async (t) => {
  const upstream = await openRawUpstream(t, (socket, _connection, heard) => {
    const name = /^GET \/(\S+)/.exec(heard.slice(heard.lastIndexOf('GET ')))![1]!;
    const content = name.startsWith('small') ? contentOf(name).subarray(0, 700) : contentOf(name);
    if (name.includes('length')) {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${content.length}\r\n\r\n`);
      socket.write(content);
      return;
    }
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    const size = name.includes('fine') ? 1_000 : 40_000;
    for (let at = 0; at < content.length; at += size) {
      const part = content.subarray(at, at + size);
      socket.write(`${part.length.toString(16)}\r\n`);
      socket.write(part);
      socket.write('\r\n');
    }
    socket.write('0\r\n\r\n');
  });
  const target = routed([upstream.origin]);
  const download = (name: string): Promise<void> => new Promise((resolve, reject) => {
    const parts: Uint8Array[] = [];
    let exchange: UpstreamExchange | undefined;
    const request = { upstream: target, method: 'GET', path: `/${name}`, fields: [], body: null, whole: null, contentLength: null, connectTimeoutMs: 5_000, headTimeoutMs: 30_000, upgrade: false, expectsContinue: false, trailers: null };
    exchange = sendRequest(upstream.pools, request, {
      onInformation: () => undefined, onHead: () => undefined, onUpgrade: () => undefined,
      onData: (part: Uint8Array, owner: PartOwner | null) => {
        parts.push(owner!.keep(part));
        if (!name.includes('paused') || parts.length % 5 > 0) return true;
        setTimeout(() => exchange!.resume(), 1);
        return false;
      },
      onEnd: (_trailers: Fields) => {
        const expected = name.startsWith('small') ? contentOf(name).subarray(0, 700) : contentOf(name);
        if (Buffer.concat(parts).equals(expected)) resolve();
        else reject(new Error(`${name} is not what was sent`));
      },
      onFailure: (refusal: Refusal) => reject(new Error(refusal.detail)),
    }, () => undefined);
  });
  const names = ['length', 'length-paused', 'coarse', 'coarse-paused', 'fine', 'fine-paused'].flatMap((name) => [`${name}-1`, `${name}-2`]);
  const small = async (): Promise<void> => { for (let i = 0; i < 60; i++) await download(`small-length-${i}`); };
  await Promise.all([...names.map(download), small(), small()]);
});
