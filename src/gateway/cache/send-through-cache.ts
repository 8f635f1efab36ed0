// In: a request for the upstream of a product that keeps answers. Out: an answer from the cache, or the upstream's, kept where it may be.
import { Buffer } from 'node:buffer';
import type { Duplex } from 'node:stream';
import type { Call, Refusal } from '../call.ts';
import type { AnswerListener, PartOwner, UpstreamExchange, UpstreamListener, UpstreamRequest } from '../exchange.ts';
import { findField, type Fields } from '../fields.ts';
import { fieldListOf, type FieldList } from '../http1/field-section.ts';
import type { CacheRules } from '../routing/compile-policies.ts';
import type { AddressGenerations } from '../shared/address-generations.ts';
import { cacheDirectives, secondsOf } from './cache-control.ts';
import { clientHas } from './client-condition.ts';
import { ageMs, refreshed, storableHead, type AnswerHead, type StoredAnswer } from './stored-answer.ts';

interface CacheDeps {
  clock: { now(): number };
  generations: AddressGenerations;
}

interface CachedCall {
  call: Call;
  rules: CacheRules;
  request: UpstreamRequest;
  relay: AnswerListener;
  /** Sends to the upstream. */
  send(request: UpstreamRequest, listener: UpstreamListener): UpstreamExchange;
}

const safe = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
/** Requests for a part, or under a condition that only the upstream can judge. */
const passedOn = ['range', 'if-match', 'if-unmodified-since', 'if-range'];
/** What a 304 repeats of the answer it stands for (RFC 9110 section 15.4.5). */
const repeated = new Set(['cache-control', 'content-location', 'date', 'etag', 'expires', 'vary']);

/** RFC 9111 section 5.2.1.7. */
const notCached: Refusal = { code: 'not_cached', detail: 'The request says "Cache-Control: only-if-cached", and no answer to it that may be used now is stored here. The upstream was not asked.' };

export function sendThroughCache(deps: CacheDeps, { call, rules, request, relay, send }: CachedCall): void {
  const { proto, host } = call.client;
  const path = `${call.version!.version.name} ${request.path}`;
  // What the caller named as host reaches the upstream, whose links may repeat it: nobody else may be answered so (section 2).
  const key = `${path} ${proto}://${host.toLowerCase()}`;
  const address = `${call.product!.product.id} ${path}`;
  if (!safe.has(request.method)) {
    relay.exchange = send(request, new InvalidatingListener(relay, () => deps.generations.next(address)));
    return;
  }
  if (request.upgrade || request.body !== null || request.whole !== null || (request.method !== 'GET' && request.method !== 'HEAD')) {
    relay.exchange = send(request, relay);
    return;
  }
  let list: FieldList | undefined;
  const fields = (): FieldList => (list ??= fieldListOf(request.fields));
  const generation = deps.generations.of(address);
  const askedAt = deps.clock.now();
  const wishes = cacheDirectives(call.head);
  const ask = (status: string, { keeps = true, asked = request, stale = null as StoredAnswer | null } = {}): void => {
    if (wishes.has('only-if-cached')) relay.onFailure(notCached);
    else relay.exchange = send(asked, new CachingListener({ deps, call, rules, relay, key, generation, askedAt, fields, status, keeps: keeps && request.method === 'GET', stale }));
  };
  if (passedOn.some((name) => findField(call.head, name) !== undefined)) {
    ask('fwd=bypass', { keeps: false });
    return;
  }
  if (wishes.has('no-store')) {
    ask('fwd=request', { keeps: false });
    return;
  }
  const found = rules.store.find(key, fields, generation);
  if (found === undefined || found === 'vary') {
    ask(found === 'vary' ? 'fwd=vary-miss' : 'fwd=uri-miss');
    return;
  }
  const isFresh = ageMs(found, askedAt) < found.freshMs;
  if (isFresh && isWanted(found, wishes, call.head, askedAt)) {
    relay.nobodyAsked = true;
    answerFrom(found, call, relay, askedAt, 'hit');
    return;
  }
  const status = isFresh ? 'fwd=request' : 'fwd=stale';
  const conditional = request.method === 'GET' ? conditionalFields(request.fields, found) : null;
  ask(status, conditional === null ? {} : { asked: { ...request, fields: conditional }, stale: found });
}

/** What the client asks of a stored answer (RFC 9111 section 5.2.1); Pragma counts where Cache-Control says nothing. */
function isWanted(answer: StoredAnswer, wishes: ReturnType<typeof cacheDirectives>, head: FieldList, now: number): boolean {
  if (wishes.has('no-cache') || (wishes.size === 0 && /\bno-cache\b/i.test(findField(head, 'pragma') ?? ''))) return false;
  const age = ageMs(answer, now);
  return age <= (secondsOf(wishes, 'max-age') ?? Infinity) && answer.freshMs - age >= (secondsOf(wishes, 'min-fresh') ?? 0);
}

/** The request, asking whether the stored answer is still good (section 4.3.1); null when that has no validator. */
function conditionalFields(fields: readonly string[], answer: StoredAnswer): string[] | null {
  const stored = fieldListOf(answer.fields);
  const etag = findField(stored, 'etag');
  const modified = findField(stored, 'last-modified');
  if (etag === undefined && modified === undefined) return null;
  const kept = fields.filter((_, place) => !/^if-(?:none-match|modified-since)$/i.test(fields[place - (place % 2)]!));
  return [...kept, ...(etag === undefined ? [] : ['If-None-Match', etag]), ...(modified === undefined ? [] : ['If-Modified-Since', modified])];
}

/** A 304 where the client has it already. */
function answerFrom(answer: StoredAnswer, call: Call, relay: AnswerListener, now: number, status: string): void {
  const age = Math.floor(ageMs(answer, now) / 1_000);
  const own = ['Age', String(age), 'Cache-Status', `portico; ${status}; ttl=${Math.floor(answer.freshMs / 1_000) - age}`];
  const stored = fieldListOf(answer.fields);
  if (answer.status === 200 && clientHas(call.head, stored)) {
    relay.onHead(304, 'Not Modified', fieldListOf([...answer.fields.filter((_, place) => repeated.has(stored.names[place >> 1]!)), ...own]));
    relay.onEnd([]);
    return;
  }
  const length = answer.status === 204 ? [] : ['Content-Length', String(answer.body.length)];
  relay.onHead(answer.status, answer.reason, fieldListOf([...answer.fields, ...length, ...own]));
  if (answer.body.length > 0 && call.head.method !== 'HEAD') relay.onData(answer.body, null);
  relay.onEnd([]);
}

interface Caching {
  deps: CacheDeps;
  call: Call;
  rules: CacheRules;
  relay: AnswerListener;
  key: string;
  generation: number;
  askedAt: number;
  fields(): FieldList;
  /** Of RFC 9211. */
  status: string;
  keeps: boolean;
  /** What a 304 would speak of. */
  stale: StoredAnswer | null;
}

/** Passes an answer on to the relay, and keeps a copy of one that may be kept once it is whole. */
class CachingListener implements UpstreamListener {
  readonly #caching: Caching;
  #head: AnswerHead | null = null;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #renewed: ReturnType<typeof refreshed> | null = null;

  constructor(caching: Caching) {
    this.#caching = caching;
  }

  onInformation(status: number, fields: FieldList): void {
    this.#caching.relay.onInformation(status, fields);
  }

  onHead(status: number, reason: string, fields: FieldList): void {
    const { deps, rules, relay, stale, keeps, askedAt } = this.#caching;
    const answeredAt = deps.clock.now();
    if (status === 304 && stale !== null) {
      this.#renewed = refreshed(stale, { fields, askedAt, answeredAt });
      return;
    }
    const length = Number(findField(fields, 'content-length') ?? 0);
    if (keeps && length <= rules.entryBytesMax) this.#head = storableHead({ status, reason, fields, askedAt, answeredAt }, this.#caching.fields());
    const said = `portico; ${this.#caching.status}; fwd-status=${status}${this.#head === null ? '' : '; stored'}`;
    relay.onHead(status, reason, fieldListOf([...fields.fields, 'Cache-Status', said]));
  }

  onData(part: Uint8Array, owner: PartOwner | null): boolean {
    if (this.#renewed !== null) return true;
    this.#bytes += part.length;
    if (this.#bytes > this.#caching.rules.entryBytesMax) this.#forget();
    // The octets of a connection are read into one place again and again.
    if (this.#head !== null) this.#chunks.push(Buffer.from(part));
    return this.#caching.relay.onData(part, owner);
  }

  onEnd(trailers: Fields): void {
    const { deps, call, rules, relay, key, generation, status } = this.#caching;
    if (this.#renewed !== null) {
      const { answer, keeps } = this.#renewed;
      if (keeps) rules.store.put(key, { ...answer, generation });
      else rules.store.forget(key);
      answerFrom(answer, call, relay, deps.clock.now(), `${status}; fwd-status=304`);
      return;
    }
    if (this.#head !== null && trailers.length === 0) rules.store.put(key, { ...this.#head, body: joined(this.#chunks), generation });
    relay.onEnd(trailers);
  }

  onFailure(refusal: Refusal): void {
    this.#forget();
    this.#caching.relay.onFailure(refusal);
  }

  onUpgrade(reason: string, fields: FieldList, socket: Duplex, head: Uint8Array): void {
    this.#caching.relay.onUpgrade(reason, fields, socket, head);
  }

  #forget(): void {
    this.#head = null;
    this.#chunks = [];
  }
}

/** In memory of its own: a part of a pool would hold the whole of it, which nobody counts. */
function joined(chunks: readonly Buffer[]): Buffer {
  const body = Buffer.allocUnsafeSlow(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) at += chunk.copy(body, at);
  return body;
}

/** A change that worked makes what is kept of its address invalid (section 4.4), before its client hears of it. */
class InvalidatingListener implements UpstreamListener {
  readonly #relay: AnswerListener;
  readonly #invalidate: () => void;

  constructor(relay: AnswerListener, invalidate: () => void) {
    this.#relay = relay;
    this.#invalidate = invalidate;
  }

  onInformation(status: number, fields: FieldList): void {
    this.#relay.onInformation(status, fields);
  }

  onHead(status: number, reason: string, fields: FieldList): void {
    if (status < 400) this.#invalidate();
    this.#relay.onHead(status, reason, fields);
  }

  onData(part: Uint8Array, owner: PartOwner | null): boolean {
    return this.#relay.onData(part, owner);
  }

  onEnd(trailers: Fields): void {
    this.#relay.onEnd(trailers);
  }

  onFailure(refusal: Refusal): void {
    this.#relay.onFailure(refusal);
  }

  onUpgrade(reason: string, fields: FieldList, socket: Duplex, head: Uint8Array): void {
    this.#relay.onUpgrade(reason, fields, socket, head);
  }
}
