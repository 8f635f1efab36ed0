// The common case: one request over a kept connection of an undici pool.
import type { Buffer } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { UpstreamExchange, UpstreamListener, UpstreamRequest } from '../exchange.ts';
import { failureOf, isLostConnection } from './failure.ts';
import type { UpstreamPools } from './upstream-pools.ts';

const repeatable = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

export function sendPooled(pools: UpstreamPools, request: UpstreamRequest, listener: UpstreamListener): UpstreamExchange {
  const exchange = new PooledExchange(pools, request, listener);
  exchange.dispatch();
  return exchange;
}

class PooledExchange implements UpstreamExchange, Dispatcher.DispatchHandler {
  readonly #pools: UpstreamPools;
  readonly #request: UpstreamRequest;
  readonly #listener: UpstreamListener;
  #controller: Dispatcher.DispatchController | undefined;
  #aborted = false;
  #headSeen = false;
  #repeated = false;

  constructor(pools: UpstreamPools, request: UpstreamRequest, listener: UpstreamListener) {
    this.#pools = pools;
    this.#request = request;
    this.#listener = listener;
  }

  dispatch(): void {
    const { address, method, path, fields, body, headTimeoutMs, connectTimeoutMs } = this.#request;
    this.#pools.get(address.origin, connectTimeoutMs).dispatch({ method, path, headers: fields, body, headersTimeout: headTimeoutMs }, this);
  }

  resume(): void {
    this.#controller?.resume();
  }

  abort(): void {
    this.#aborted = true;
    this.#request.body?.destroy();
    this.#controller?.abort(new Error('the client has gone'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#aborted) controller.abort(new Error('the client has gone'));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders, reason?: string): void {
    const fields = flatFields(controller.rawHeaders ?? headers);
    if (status < 200) {
      this.#listener.onInformation(status, fields);
      return;
    }
    this.#headSeen = true;
    this.#listener.onHead(status, reason ?? '', fields);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#listener.onData(chunk)) controller.pause();
  }

  onResponseEnd(controller: Dispatcher.DispatchController, trailers: IncomingHttpHeaders): void {
    this.#listener.onEnd(flatFields(controller.rawTrailers ?? trailers));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#aborted) return;
    // RFC 9110 section 9.2.2: a proxy repeats only what is idempotent.
    if (!this.#headSeen && !this.#repeated && this.#request.body === null && repeatable.has(this.#request.method) && isLostConnection(error)) {
      this.#repeated = true;
      this.dispatch();
      return;
    }
    this.#listener.onFailure(failureOf(error));
  }
}

function flatFields(raw: Buffer[] | string[] | IncomingHttpHeaders): string[] {
  if (Array.isArray(raw)) return raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
  return Object.entries(raw).flatMap(([name, value]) => [value ?? []].flat().flatMap((one) => [name, one]));
}
