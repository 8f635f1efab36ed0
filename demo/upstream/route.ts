import type { Cities } from './world/cities.ts';
import type { Countries } from './world/countries.ts';

export interface World { countries: Countries; cities: Cities }

export interface Call {
  world: World;
  /** Decoded path parameters by name. */
  path: Record<string, string>;
  query: URLSearchParams;
  /** Parsed JSON; undefined when the request has no body. */
  body: unknown;
}

export interface Answer {
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as they come, one line each, as newline-delimited JSON. */
  lines?: Iterable<unknown>;
  headers?: Record<string, string>;
}

export interface Route {
  method: 'GET' | 'POST';
  /** Template such as `/countries/{code}`; of two that match, the one listed first answers. */
  path: string;
  answer(call: Call): Answer;
}

/** An answer other than 200, in words; each version of the API has its own form for it. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  /** The parameter or body field that is to blame. */
  readonly field: string | undefined;

  constructor(status: number, code: string, detail: string, field?: string) {
    super(detail);
    this.status = status;
    this.code = code;
    this.field = field;
  }
}

export interface Version {
  prefix: string;
  routes: Route[];
  refusal(refusal: Refusal): { contentType: string; body: unknown };
}
