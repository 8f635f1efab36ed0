import type { Actor } from './actor.ts';
import type { OperationSummary } from './products.ts';

/** The beginning of a real answer: at most 16 kB of text. `whole` is false when more of it was not kept. */
export interface SampleAnswer { status: number; contentType: string; body: string; whole: boolean }
/** The last time that an operation's sample was sent through the gateway to the test upstream. */
export interface SampleRun {
  /** ms UTC */
  at: number;
  worked: boolean;
  /** When it last worked; null when it never did. */
  workedAt: number | null;
  status: number | null;
  durationMs: number | null;
  /** Why it failed, in plain words; null for who is not of the producer, and when it worked. */
  reason: string | null;
  /** What came back. Null when nothing did, and for who is not of the producer unless it worked. */
  answer: SampleAnswer | null;
}
export type SampleState = 'worked' | 'failed' | 'not-run';
export interface DocumentationVersion {
  product: { slug: string; name: string };
  version: string;
  samples: number; worked: number; failed: number; notRun: number;
  /** Of the newest run, ms UTC. */
  lastAt: number | null;
  /** While its samples are run; `waiting` when no gateway serves the present configuration yet. */
  running: { done: number; of: number; waiting: boolean } | null;
  /** How many are due: beside those that run, those that wait for their turn. */
  due: number;
}
export interface SampleRow {
  product: { slug: string; name: string }; version: string; operation: OperationSummary; state: SampleState; run: SampleRun | null;
}
/** A request in a guide, or in a page of the portal (`product` null), that its contract does not take. */
export interface BrokenGuideRequest { article: { product: string | null; slug: string; title: string }; /** As an export names it. */ file: string; line: number; detail: string }
export interface Documentation {
  /** Of one operation by its slug; null when its sample never ran. @throws `not_found` for what the actor may not see. */
  findRun(actor: Actor | undefined, input: { product: string; version: string; operation: string }): Promise<SampleRun | null>;
  /** Each served version of each product with a test mode. */
  listVersions(actor: Actor, input: { product?: string }): Promise<DocumentationVersion[]>;
  /** Failures first by default order of the document; filter with `state`. */
  listSamples(actor: Actor, input: { product?: string; version?: string; state?: SampleState; cursor?: string; limit?: number }): Promise<{ samples: SampleRow[]; nextCursor: string | null }>;
  /** In the order of the guides; at most a hundred. */
  listBrokenRequests(actor: Actor): Promise<BrokenGuideRequest[]>;
  /** Runs all samples of a product, or of one version, again. Answers how many; they run in the background. */
  run(actor: Actor, input: { product: string; version?: string }): Promise<{ samples: number }>;
}
