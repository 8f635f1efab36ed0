// What the pool cannot carry: upgrades, requests with trailers, and an expectation that the upstream itself shall answer.
// Each gets a connection of its own.
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { UpstreamExchange, UpstreamListener, UpstreamRequest } from '../exchange.ts';
import { failureOf } from './failure.ts';
import { bodyIdleMs } from './upstream-pools.ts';

/** An upstream that knows no 100 (Continue) gets the body after this (RFC 9110 section 10.1.1 forbids to wait for ever). */
const continueWaitMs = 1_000;

export function sendPlain(request: UpstreamRequest, listener: UpstreamListener, onContinue: () => void): UpstreamExchange {
  const { address } = request;
  const send = address.origin.startsWith('https:') ? httpsRequest : httpRequest;
  let done = false;
  let response: IncomingMessage | undefined;
  const fail = (error: Error & { code?: unknown }): void => {
    if (done) return;
    done = true;
    outgoing.destroy();
    listener.onFailure(failureOf(error));
  };
  const fields = [...request.fields];
  if (request.upgrade) fields.push('Connection', 'Upgrade', 'Upgrade', 'websocket');
  else fields.push('Connection', 'close');
  if (request.expectsContinue) fields.push('Expect', '100-continue');
  if (request.trailers) fields.push('Transfer-Encoding', 'chunked');
  const outgoing = send(address.origin, { method: request.method, path: request.path, headers: fields, agent: false });
  const stopTimers = watchTimes(outgoing, request, fail);

  outgoing.on('error', fail);
  outgoing.on('information', (info) => { if (info.statusCode !== 100) listener.onInformation(info.statusCode, info.rawHeaders); });
  outgoing.on('upgrade', (message, socket, head) => {
    stopTimers();
    done = true;
    listener.onUpgrade(message.statusMessage ?? '', message.rawHeaders, socket, head);
  });
  outgoing.on('response', (message) => {
    stopTimers();
    response = message;
    listener.onHead(message.statusCode!, message.statusMessage ?? '', message.rawHeaders);
    message.setTimeout(bodyIdleMs, () => fail(coded('the body paused too long', 'UND_ERR_BODY_TIMEOUT')));
    message.on('data', (chunk: Uint8Array) => { if (!done && !listener.onData(chunk)) message.pause(); });
    message.on('error', fail);
    message.on('end', () => {
      if (done) return;
      done = true;
      listener.onEnd(message.rawTrailers);
    });
  });
  sendBody(outgoing, request, fail, onContinue);
  return {
    resume: () => response?.resume(),
    abort: () => {
      done = true;
      stopTimers();
      request.body?.destroy();
      outgoing.destroy();
    },
  };
}

function sendBody(outgoing: ClientRequest, request: UpstreamRequest, fail: (error: Error) => void, onContinue: () => void): void {
  const { body, trailers } = request;
  if (!body) {
    outgoing.end();
    return;
  }
  let begun = false;
  const begin = (): void => {
    if (begun || body.destroyed) return;
    begun = true;
    onContinue();
    body.pipe(outgoing, { end: false });
    body.on('end', () => {
      const fields = trailers?.() ?? [];
      if (fields.length > 0) outgoing.addTrailers(pairs(fields));
      outgoing.end();
    });
  };
  body.on('error', fail);
  if (!request.expectsContinue) {
    begin();
    return;
  }
  outgoing.flushHeaders();
  const waited = setTimeout(begin, continueWaitMs);
  outgoing.on('continue', begin);
  outgoing.on('response', () => {
    clearTimeout(waited);
    begun = true;
  });
  outgoing.on('close', () => clearTimeout(waited));
}

function watchTimes(outgoing: ClientRequest, request: UpstreamRequest, fail: (error: Error) => void): () => void {
  let timer = setTimeout(() => fail(coded('no connection', 'UND_ERR_CONNECT_TIMEOUT')), request.connectTimeoutMs);
  outgoing.on('socket', (socket) => {
    if (!socket.connecting) clearTimeout(timer);
    else socket.once('connect', () => clearTimeout(timer));
  });
  outgoing.on('finish', () => {
    clearTimeout(timer);
    timer = setTimeout(() => fail(coded('no head', 'UND_ERR_HEADERS_TIMEOUT')), request.headTimeoutMs);
  });
  outgoing.on('close', () => clearTimeout(timer));
  return () => clearTimeout(timer);
}

function coded(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}

function pairs(fields: readonly string[]): [string, string][] {
  const made: [string, string][] = [];
  for (let i = 0; i < fields.length; i += 2) made.push([fields[i]!, fields[i + 1]!]);
  return made;
}
