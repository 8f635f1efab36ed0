import type { PolicyHeaders, PolicyRequest } from '../../domain/own-policy.ts';
import type { Call } from '../call.ts';
import { ChangedHeaders } from './changed-headers.ts';

/** What goes to the upstream, as far as a policy may change it. */
export interface Outgoing { path: string; query: string; fields: string[] }

// RFC 3986 section 3.3 and 3.4, and what else is sent without harm: nothing that could end the target.
const pathCharacters = /^(?:\/[!-"$->@-~]*)?$/;
const queryCharacters = /^(?:\?[!-"$-~]*)?$/;
const targetMax = 8_192;

/** An admitted call, as a policy sees it: the same object before and after the upstream. */
export class PolicyCallView implements PolicyRequest {
  readonly #call: Call;
  readonly #outgoing: Outgoing;
  readonly headers: PolicyHeaders;

  constructor(call: Call, outgoing: Outgoing) {
    this.#call = call;
    this.#outgoing = outgoing;
    this.headers = new ChangedHeaders(outgoing.fields, 'request');
  }

  get id(): string { return this.#call.id; }
  get method(): string { return this.#call.head.method; }
  get clientAddress(): string { return this.#call.client.address; }
  get mode(): 'live' | 'test' { return this.#call.credential!.mode; }
  get product(): string { return this.#call.product!.product.slug; }
  get version(): string { return this.#call.version!.version.name; }
  get plan(): string | null { return this.#call.plan?.plan.slug ?? null; }
  get operation(): string { return this.#call.operation!.operation.id; }
  get consumer(): string { return this.#call.credential!.consumerId; }
  get developer(): string { return this.#call.credential!.developerId; }
  get key(): string { return this.#call.credential!.keyId; }
  get subscription(): string | null { return this.#call.subscription?.subscriptionId ?? null; }

  get certificate(): PolicyRequest['certificate'] {
    const { certificate } = this.#call.head;
    if (certificate === null || certificate.problem !== null) return null;
    const { subject, issuer, serial, fingerprint } = certificate;
    return { subject, issuer, serial, fingerprint };
  }

  get path(): string { return this.#outgoing.path; }

  set path(path: string) {
    if (!isPart(path, pathCharacters)) throw new TypeError('a path begins with a slash, is percent-encoded and has at most 8192 characters');
    this.#outgoing.path = path;
  }

  get query(): string { return this.#outgoing.query; }

  set query(query: string) {
    if (!isPart(query, queryCharacters)) throw new TypeError('a query is empty or begins with `?`, is percent-encoded and has at most 8192 characters');
    this.#outgoing.query = query;
  }
}

function isPart(text: unknown, characters: RegExp): boolean {
  return typeof text === 'string' && text.length <= targetMax && characters.test(text);
}
