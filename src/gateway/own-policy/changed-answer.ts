// In: what the upstream answers. Out: the same, once the producer's policy has changed its header fields.
import type { Duplex } from 'node:stream';
import type { PolicyCall } from '../../domain/own-policy.ts';
import type { Call, Refusal } from '../call.ts';
import type { AnswerListener, PartOwner, UpstreamExchange } from '../exchange.ts';
import type { Fields } from '../fields.ts';
import { fieldListOf, type FieldList } from '../http1/field-section.ts';
import type { OwnRules } from '../routing/own-policies.ts';
import { ChangedHeaders } from './changed-headers.ts';
import { runHook, type PolicyDeps } from './run-hook.ts';

export class ChangedAnswer implements AnswerListener {
  readonly #deps: PolicyDeps;
  readonly #own: OwnRules;
  readonly #call: Call;
  readonly #view: PolicyCall;
  readonly #relay: AnswerListener;
  /** What comes while the policy's promise is open. */
  #waiting: Uint8Array[] | null = null;
  #trailers: Fields | null = null;
  #failed = false;

  constructor(deps: PolicyDeps, { own, call, view, relay }: { own: OwnRules; call: Call; view: PolicyCall; relay: AnswerListener }) {
    this.#deps = deps;
    this.#own = own;
    this.#call = call;
    this.#view = view;
    this.#relay = relay;
  }

  get exchange(): UpstreamExchange | undefined {
    return this.#relay.exchange;
  }

  set exchange(exchange: UpstreamExchange | undefined) {
    this.#relay.exchange = exchange;
  }

  get nobodyAsked(): boolean {
    return this.#relay.nobodyAsked;
  }

  set nobodyAsked(value: boolean) {
    this.#relay.nobodyAsked = value;
  }

  onInformation(status: number, fields: FieldList): void {
    this.#relay.onInformation(status, fields);
  }

  onHead(status: number, reason: string, { fields }: FieldList): void {
    const changed = [...fields];
    const answer = { status, headers: new ChangedHeaders(changed, 'response') };
    this.#waiting = [];
    runHook(this.#deps, { call: this.#call, own: this.#own, name: 'onResponse', run: () => this.#own.policy.onResponse!(answer, this.#view) }, (failed) => {
      const waiting = this.#waiting;
      this.#waiting = null;
      if (this.#failed) return;
      if (failed !== null) this.#fail(failed);
      else this.#passOn(status, reason, changed, waiting ?? []);
    });
  }

  onData(part: Uint8Array, owner: PartOwner | null): boolean {
    if (this.#waiting === null) return this.#failed || this.#relay.onData(part, owner);
    this.#waiting.push(owner === null ? part : owner.keep(part));
    return false;
  }

  onEnd(trailers: Fields): void {
    if (this.#waiting !== null) this.#trailers = trailers;
    else if (!this.#failed) this.#relay.onEnd(trailers);
  }

  onFailure(refusal: Refusal): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#relay.onFailure(refusal);
  }

  onUpgrade(reason: string, fields: FieldList, socket: Duplex, head: Uint8Array): void {
    this.#relay.onUpgrade(reason, fields, socket, head);
  }

  #passOn(status: number, reason: string, fields: string[], waiting: Uint8Array[]): void {
    this.#relay.onHead(status, reason, fieldListOf(fields));
    let room = true;
    for (const part of waiting) room = this.#relay.onData(part, null);
    if (this.#trailers !== null) this.#relay.onEnd(this.#trailers);
    else if (room) this.#relay.exchange?.resume();
  }

  #fail(refusal: Refusal): void {
    this.onFailure(refusal);
    this.#relay.exchange?.abort();
  }
}
