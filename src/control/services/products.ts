import type { PolicyName } from '../../domain/policies.ts';
import type { ErrorPlace } from '../../errors.ts';
import type { Actor } from './actor.ts';
import type { ArticleSummary } from './content.ts';
import type { PlanSummary } from './plans.ts';

export interface ProductSummary {
  id: string; slug: string; name: string; description: string; layer: string | null; access: 'public' | 'private';
  testMode: boolean;
  /** What is taken beside keys: tokens for which keys were exchanged, and those of other issuers; null for nothing. */
  tokens: { own: boolean; issuers: string[] } | null;
  /** Names of the policies that are on. */
  policies: PolicyName[];
  versions: VersionSummary[];
  /** The newest published version's name, or null. */
  currentVersion: string | null;
}
export interface VersionSummary {
  id: string; name: string; status: 'draft' | 'published' | 'deprecated' | 'retired'; title: string; openapi: string;
  operationCount: number; deprecatedAt: number | null; sunsetAt: number | null; successor: string | null; publishedAt: number;
}
export interface OperationSummary {
  operation: string; slug: string; method: string; path: string; summary: string; tag: string | null; deprecated: boolean;
}
/** One operation, ready to render: every $ref in reach resolved except recursion, which ends in `{ $ref }`. */
export interface OperationPage {
  operation: OperationSummary; description: string; parameters: OperationParameter[];
  requestBody: { required: boolean; description: string; content: OperationContent[] } | null;
  responses: { status: string; description: string; content: OperationContent[] }[];
  previous: OperationSummary | null; next: OperationSummary | null;
  /** A request that should succeed, from the document's examples. `path` is filled in, with its query. */
  sample: { method: string; path: string; headers: Record<string, string>; body: string | null };
}
export interface OperationParameter { name: string; in: 'path' | 'query' | 'header' | 'cookie'; required: boolean; deprecated: boolean; description: string; schema: unknown; example: unknown }
export interface OperationContent { mediaType: string; schema: unknown; example: unknown }

export interface ProductPage extends ProductSummary {
  /** What one can build with it, a line each. */
  highlights: string[];
  guides: ArticleSummary[];
  plans: PlanSummary[];
  /** Address that calls start with, per version name. */
  baseUrls: Record<string, string>;
  /** First GET of the current version that needs no input the sample lacks. Null without a published version. */
  quickstart: { version: string; operation: OperationSummary; sample: OperationPage['sample'] } | null;
}

/** Who may see a private product without subscribing to it. `accounts` are the consumers that this address opened it to; empty until somebody signs up with it and proves it. */
export interface ProductInvitation { id: string; email: string; invitedBy: string; createdAt: number; accounts: { id: string; name: string }[] }
/** What the workspace may edit of a product beside its versions and plans. */
export interface ProductEdit { name?: string; description?: string; upstream?: string; /** An address, `examples`, or null for no test mode. */ testUpstream?: string | null; access?: 'public' | 'private'; /** `updatedAt` of the facts that were edited: refused with `conflict` when somebody has saved others since. */ editedFrom?: number }
export interface ProductFacts { slug: string; name: string; description: string; upstream: string; testUpstream: string | null; access: 'public' | 'private'; owner: string | null; minimumNoticeDays: number | null; createdAt: number; updatedAt: number; /** Not ended. */ subscriptions: number; /** Those that are on, as they stand in portico.yaml. */ policies: { name: string; settings: string }[] }
/** `calls` are those of the last 30 days, live and test. */
export interface VersionCaller { consumerId: string; name: string; calls: string }
/** Whether something answers at an address now. `status` is that of its HTTP answer, null when the connection failed and `detail` says why. */
export interface UpstreamCheck { address: string; use: string; reachable: boolean; status: number | null; durationMs: number; detail: string; at: number }
/** What replacing a version's document would do, by operation. `changes` of a changed one are in words. */
export interface DocumentComparison {
  problems: ErrorPlace[];
  added: OperationSummary[]; removed: OperationSummary[]; changed: { operation: OperationSummary; changes: string[] }[]; unchanged: number;
}
export interface VersionEdit { status: 'draft' | 'published' | 'deprecated' | 'retired'; /** UTC dates such as `2026-09-01`. */ deprecated?: string | null; sunset?: string | null; successor?: string | null }

export interface Products {
  /** Those that the actor may see; undefined is a stranger, who sees public ones. */
  list(actor: Actor | undefined): Promise<ProductSummary[]>;
  get(actor: Actor | undefined, slug: string): Promise<ProductPage>;
  listOperations(actor: Actor | undefined, slug: string, version: string): Promise<readonly OperationSummary[]>;
  getOperation(actor: Actor | undefined, slug: string, version: string, operationSlug: string): Promise<OperationPage>;
  /** The bundled OpenAPI document. */
  getDocument(actor: Actor | undefined, slug: string, version: string): Promise<unknown>;
  /** Publishes from an uploaded document. A new product gets one default plan `free`. With `dryRun` it changes nothing, and answers problems (and then no product) instead of throwing. */
  publish(actor: Actor, input: { slug: string; name?: string; upstream?: string; version: string; fileName: string; text: string; /** Members see it in the portal, nobody calls it. Only for a version that is new or a draft. */ draft?: boolean; dryRun?: boolean }): Promise<{ product: ProductSummary | null; problems: ErrorPlace[] }>;
  /** Shows what a document holds without changing anything. */
  inspectDocument(actor: Actor, input: { fileName: string; text: string }): Promise<{ title: string; version: string; openapi: string; operations: OperationSummary[]; servers: string[]; problems: ErrorPlace[] }>;
  /** Of the producer's side: what the portal does not show. */
  facts(actor: Actor, slug: string): Promise<ProductFacts>;
  /** A product without any version yet; it has a default plan `free`. @throws AppError `conflict` when the slug is taken. */
  create(actor: Actor, input: { slug: string; name?: string; description?: string; upstream: string; access?: 'public' | 'private' }): Promise<ProductSummary>;
  edit(actor: Actor, input: { slug: string } & ProductEdit): Promise<ProductFacts>;
  /** @throws AppError `has_subscriptions` while there are any. */
  remove(actor: Actor, input: { slug: string }): Promise<void>;
  /** Publishes a draft, deprecates with dates, retires. The rules of portico.yaml hold. */
  editVersion(actor: Actor, input: { slug: string; version: string } & VersionEdit): Promise<VersionSummary>;
  /** Only a draft: what was published once is retired instead. @throws AppError `conflict`. */
  discardDraft(actor: Actor, input: { slug: string; version: string }): Promise<void>;
  compareDocument(actor: Actor, input: { slug: string; version: string; fileName: string; text: string }): Promise<DocumentComparison>;
  /** Most calls first, at most 50; `total` counts all. */
  listCallers(actor: Actor, input: { slug: string; version: string }): Promise<{ callers: VersionCaller[]; total: number }>;
  /** Connects to the upstream, the test upstream and those of versions, now. */
  checkUpstream(actor: Actor, input: { slug: string }): Promise<UpstreamCheck[]>;
  /** Lets who signs up with this address, and proves it, see a private product; mail goes out. Asking twice is one invitation. */
  invite(actor: Actor, input: { slug: string; email: string }): Promise<ProductInvitation>;
  /** Newest first. */
  listInvitations(actor: Actor, input: { slug: string; cursor?: string; limit?: number }): Promise<{ invitations: ProductInvitation[]; nextCursor: string | null }>;
  /** Who subscribes already goes on seeing the product. */
  withdrawInvitation(actor: Actor, input: { slug: string; id: string }): Promise<void>;
}
