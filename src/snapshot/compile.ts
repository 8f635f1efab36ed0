// Enters: what the store holds of every product. Leaves: the snapshot that gateways serve from. Pure.
import type { PlanConfig, ProductConfig } from '../domain/config.ts';
import type { PoliciesConfig } from '../domain/policies.ts';
import type { PublicJwk } from '../domain/token.ts';
import type { Snapshot, SnapshotOperation, SnapshotPlan, SnapshotProduct, SnapshotRequests, SnapshotVersion, SnapshotMeter } from './snapshot.ts';

export interface CompileInput {
  version: number;
  /** ms UTC */
  publishedAt: number;
  webUrl: string;
  gatewayUrl: string;
  sampleKeyHash: string;
  tokenKeys: PublicJwk[];
  issuerKeys: Record<string, PublicJwk[]>;
  products: CompileProduct[];
}

export interface CompileProduct {
  id: string;
  config: Omit<ProductConfig, 'versions' | 'plans'>;
  /** Oldest first. */
  versions: CompileVersion[];
  /** Present revisions, and each older one that a subscription still stands on. */
  plans: { revisionId: string; config: PlanConfig }[];
}

export interface CompileVersion {
  name: string;
  status: 'draft' | 'published' | 'deprecated' | 'retired';
  /** ms UTC */
  deprecatedAt: number | null;
  sunsetAt: number | null;
  successor: string | null;
  /** In place of the product's, or null. */
  upstream?: string | string[] | null;
  operations: SnapshotOperation[];
  /** Of a product that has requests checked. */
  requests?: SnapshotRequests | undefined;
}

/** Drafts stay out; a product without a served version keeps its place, so that its keys are told so. */
export function compileSnapshot(input: CompileInput): Snapshot {
  const webUrl = withoutSlash(input.webUrl);
  return {
    version: input.version,
    publishedAt: input.publishedAt,
    webUrl,
    gatewayUrl: withoutSlash(input.gatewayUrl),
    sampleKeyHash: input.sampleKeyHash,
    tokenKeys: input.tokenKeys,
    ...(Object.keys(input.issuerKeys).length > 0 && { issuerKeys: input.issuerKeys }),
    products: input.products.map((product) => compileProduct(product, webUrl)),
  };
}

function compileProduct({ id, config, versions, plans }: CompileProduct, webUrl: string): SnapshotProduct {
  const served = versions.filter(isServed);
  return {
    id,
    slug: config.slug,
    name: config.name,
    private: config.access === 'private',
    hosts: config.hosts.map((host) => host.toLowerCase()),
    versioning: config.versioning,
    defaultVersion: config.versioning.by === 'header' ? (newest(served)?.name ?? null) : null,
    upstream: config.upstream,
    ...(config.furtherUpstreams.length > 0 && { furtherUpstreams: config.furtherUpstreams }),
    ...(config.upstreamCa !== null && { upstreamCa: config.upstreamCa }),
    ...(config.health !== null && { health: config.health }),
    concurrency: config.concurrency,
    testUpstream: config.testUpstream,
    meters: config.meters.filter((meter): meter is SnapshotMeter => !('operations' in meter)),
    bodyBytesMax: config.bodyBytesMax,
    connectTimeoutMs: config.connectTimeoutMs,
    headTimeoutMs: config.headTimeoutMs,
    ...(hasPolicy(config) ? { policies: withoutSource(config.policies) } : {}),
    versions: served.map((version) => compileVersion(version, config.testUpstream === 'examples')),
    plans: plans.map((plan) => compilePlan(plan, `${webUrl}/${config.slug}`)),
  };
}

function hasPolicy({ policies }: CompileProduct['config']): boolean {
  return Object.values(policies).some((policy) => policy !== null);
}

/** Gateways run the code only. */
function withoutSource(policies: PoliciesConfig): PoliciesConfig {
  return policies.own === null ? policies : { ...policies, own: { ...policies.own, source: '' } };
}

/** The last published version, else the last deprecated one: a product in its last days still answers by header. */
function newest(versions: ServedVersion[]): ServedVersion | undefined {
  return versions.findLast((version) => version.status === 'published') ?? versions.findLast((version) => version.status === 'deprecated');
}

type ServedVersion = CompileVersion & { status: SnapshotVersion['status'] };

function isServed(version: CompileVersion): version is ServedVersion {
  return version.status !== 'draft';
}

function compileVersion(version: ServedVersion, withExamples: boolean): SnapshotVersion {
  return {
    name: version.name,
    status: version.status,
    deprecatedAt: version.deprecatedAt,
    sunsetAt: version.sunsetAt,
    successor: version.successor,
    ...(version.upstream ? { upstream: version.upstream } : {}),
    ...(version.requests ? { requests: version.requests } : {}),
    operations: withExamples ? version.operations : version.operations.map((operation) => ({ ...operation, example: null })),
  };
}

function compilePlan({ revisionId, config }: CompileProduct['plans'][number], productUrl: string): SnapshotPlan {
  return {
    revisionId,
    slug: config.slug,
    name: config.name,
    limits: config.limits,
    operations: config.operations,
    upgradeUrl: `${productUrl}#plans`,
  };
}

function withoutSlash(address: string): string {
  return address.replace(/\/+$/, '');
}
