// One sample as the page prints it, sent to the gateway byte for byte; its answer, kept as far as a page shows it.
import { Buffer } from 'node:buffer';
import { request as httpRequest, type Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface SampleCall { method: string; path: string; headers: Record<string, string>; body: string | null }
export interface SentSample {
  status: number;
  contentType: string;
  requestId: string | null;
  /** Null when it was longer than is read. */
  body: Buffer | null;
  durationMs: number;
}

/** The gateway itself did not answer: nothing is known about the sample. */
export class GatewayAway extends Error {}
/** Nothing came back within this time. */
export class SampleTimeout extends Error {}

const bodyBytesMax = 1_048_576;

/** `base` is where the gateway listens and the path that the product's calls begin with. */
export function sendSample({ base, key, agent, timeoutMs, signal }: { base: string; key: string; agent?: HttpAgent; timeoutMs: number; signal: AbortSignal }, { method, path, headers, body }: SampleCall): Promise<SentSample> {
  const url = new URL(base);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = send({
      protocol: url.protocol, hostname: url.hostname.replace(/^\[|\]$/g, ''), port: url.port, method, path: `${url.pathname.replace(/\/$/, '')}${path}`, agent, signal,
      headers: { 'User-Agent': 'portico-documentation', Accept: '*/*', ...headers, Authorization: `Bearer ${key}`, ...(body === null ? {} : { 'Content-Length': Buffer.byteLength(body) }) },
    });
    const patience = setTimeout(() => outgoing.destroy(new SampleTimeout()), timeoutMs);
    const fail = (error: Error): void => {
      clearTimeout(patience);
      reject(error instanceof SampleTimeout || signal.aborted ? error : new GatewayAway(error.message, { cause: error }));
    };
    outgoing.on('error', fail);
    outgoing.on('response', (response) => {
      readBody(response).then((read) => {
        clearTimeout(patience);
        resolve({
          status: response.statusCode ?? 0, contentType: response.headers['content-type'] ?? '', requestId: String(response.headers['x-request-id'] ?? '') || null,
          body: read, durationMs: performance.now() - begun,
        });
      }, fail);
    });
    outgoing.end(body ?? undefined);
  });
}

/** A stream of events has no end to wait for: its head is the answer. */
async function readBody(response: IncomingMessage): Promise<Buffer | null> {
  if (/^text\/event-stream/i.test(response.headers['content-type'] ?? '')) {
    response.destroy();
    return null;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) {
      response.destroy();
      return null;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
