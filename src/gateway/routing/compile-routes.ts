// A snapshot, prepared once on receipt so that a request only looks up.
import type { Snapshot, SnapshotMeter, SnapshotProduct, SnapshotVersion } from '../../snapshot/snapshot.ts';
import { compileSampleAccess, type SampleAccess } from './sample-access.ts';
import { compilePlan, type CompiledPlan } from './compile-plan.ts';
import { compilePolicies, type CompiledPolicies } from './compile-policies.ts';
import { FailedSignatures } from '../tokens/failed-signatures.ts';
import { compileTokens, type TokenRules } from '../tokens/compile-tokens.ts';
import { buildPathTree, type PathNode, type RoutedOperation } from './path-tree.ts';

export type { RoutedOperation };

export interface UpstreamAddress {
  /** Scheme, host and port. */
  origin: string;
  /** Value of the Host field. */
  host: string;
  /** Path prefix without a trailing slash. */
  prefix: string;
}

/** One API behind the gateway, which may answer at several addresses. */
export interface RoutedUpstream {
  /** The same for as long as the same addresses are asked in the same way: what is known of them outlives a snapshot. */
  name: string;
  /** Slug of its product. */
  product: string;
  addresses: UpstreamAddress[];
  /** Certificates (PEM) that alone are trusted to vouch for it; null: those of the system. */
  ca: string | null;
  /** Requests in flight to it from this thread. */
  concurrency: number;
  connectTimeoutMs: number;
  health: { path: string; everyMs: number } | null;
}

export interface RoutedVersion {
  version: SnapshotVersion;
  tree: PathNode;
  /** Where live calls go: the version's own upstream, or the product's. */
  upstream: RoutedUpstream;
  /** Deprecation, Sunset and Link, ready to send. */
  notices: string[];
}

/** Requests in flight to one upstream, where its product says nothing else. */
export const concurrencyMax = 2_000;

export interface RoutedProduct {
  product: SnapshotProduct;
  versions: Map<string, RoutedVersion>;
  plans: Map<string, CompiledPlan>;
  policies: CompiledPolicies;
  /** What opens the product beside keys; null while nothing does. */
  tokens: TokenRules | null;
  /** `examples` answers from the contract; null: no test mode. */
  testUpstream: RoutedUpstream | 'examples' | null;
  headerMeters: { name: string; header: string }[];
  pointerMeters: { name: string; tokens: string[]; bodyBytesMax: number }[];
  /** Lower case, when versioned by header. */
  versionHeader: string | null;
}

export interface Routes {
  snapshot: Snapshot;
  /** What calls of the documentation's samples are made with. */
  sample: SampleAccess | null;
  /** The portal's origin, for CORS. */
  webOrigin: string;
  bySlug: Map<string, RoutedProduct>;
  byHost: Map<string, RoutedProduct>;
}

/**
 * @param threads that share what a product may have in flight
 * @param former routes, whose plans stay until the next snapshot: keys still name them when these routes begin, and change one by one
 * @throws TypeError or RangeError for a snapshot that cannot be served
 */
export function compileRoutes(snapshot: Snapshot, threads = 1, former: Routes | null = null): Routes {
  const routes: Routes = { snapshot, sample: compileSampleAccess(snapshot.sampleKeyHash), webOrigin: new URL(snapshot.webUrl).origin, bySlug: new Map(), byHost: new Map() };
  const failures = new FailedSignatures();
  for (const product of snapshot.products) {
    const routed = compileProduct(snapshot, product, threads, failures);
    keepFormerPlans(routed, former);
    routes.bySlug.set(product.slug, routed);
    for (const host of product.hosts) routes.byHost.set(host, routed);
  }
  return routes;
}

function compileProduct(snapshot: Snapshot, product: SnapshotProduct, threads: number, failures: FailedSignatures): RoutedProduct {
  const upstream = compileUpstream(product, [product.upstream, ...(product.furtherUpstreams ?? [])], threads);
  const pointers = product.meters.filter((meter): meter is Extract<SnapshotMeter, { pointer: string }> => 'pointer' in meter);
  return {
    product,
    versions: new Map(product.versions.map((version) => [version.name, { version, tree: buildPathTree(version.operations), upstream: version.upstream ? compileUpstream(product, [version.upstream].flat(), threads) : upstream, notices: noticesOf(snapshot, product, version) }])),
    plans: new Map(product.plans.map((plan) => [plan.revisionId, compilePlan(plan)])),
    policies: compilePolicies(product.policies),
    tokens: compileTokens(snapshot, product, failures),
    testUpstream: product.testUpstream === null || product.testUpstream === 'examples' ? product.testUpstream : compileUpstream(product, [product.testUpstream], threads),
    headerMeters: product.meters.flatMap((meter) => ('header' in meter ? [{ name: meter.name, header: meter.header.toLowerCase() }] : [])),
    pointerMeters: pointers.map((meter) => ({ name: meter.name, tokens: pointerTokens(meter.pointer), bodyBytesMax: meter.bodyBytesMax })),
    versionHeader: product.versioning.by === 'header' ? product.versioning.header.toLowerCase() : null,
  };
}

function keepFormerPlans({ product, plans }: RoutedProduct, former: Routes | null): void {
  const before = former?.snapshot.products.find(({ id }) => id === product.id);
  if (!before) return;
  const compiled = former!.bySlug.get(before.slug)!.plans;
  for (const { revisionId } of before.plans) if (!plans.has(revisionId)) plans.set(revisionId, compiled.get(revisionId)!);
}

function compileUpstream(product: SnapshotProduct, written: string[], threads: number): RoutedUpstream {
  const { upstreamCa: ca = null, health = null, concurrency = concurrencyMax, connectTimeoutMs } = product;
  const addresses = written.map((address) => {
    const url = new URL(address);
    return { origin: url.origin, host: url.host, prefix: url.pathname.replace(/\/$/, '') };
  });
  const name = JSON.stringify([product.id, addresses.map(({ origin, prefix }) => origin + prefix), health, ca]);
  return { name, product: product.slug, addresses, ca, health, connectTimeoutMs, concurrency: Math.max(1, Math.floor(concurrency / threads)) };
}

/** RFC 6901 */
function pointerTokens(pointer: string): string[] {
  return pointer.split('/').slice(1).map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** RFC 9745, RFC 8594 and RFC 5829. */
function noticesOf(snapshot: Snapshot, product: SnapshotProduct, version: SnapshotVersion): string[] {
  if (version.status === 'published') return [];
  const page = `${snapshot.webUrl}/${product.slug}/${version.name}`;
  const links = [`<${page}>; rel="deprecation"`];
  const notices: string[] = [];
  if (version.deprecatedAt !== null) notices.push('Deprecation', `@${Math.floor(version.deprecatedAt / 1000)}`);
  if (version.sunsetAt !== null) {
    notices.push('Sunset', new Date(version.sunsetAt).toUTCString());
    links.push(`<${page}>; rel="sunset"`);
  }
  if (version.successor !== null) {
    const base = `${snapshot.gatewayUrl}/${product.slug}`;
    links.push(`<${product.versioning.by === 'path' ? `${base}/${version.successor}` : base}>; rel="successor-version"`);
  }
  notices.push('Link', links.join(', '));
  return notices;
}

/** All that any call of these routes may go to. */
export function upstreamsOf(routes: Routes): RoutedUpstream[] {
  const upstreams = new Map<string, RoutedUpstream>();
  for (const { versions, testUpstream } of routes.bySlug.values()) {
    for (const { upstream } of versions.values()) upstreams.set(upstream.name, upstream);
    if (testUpstream !== null && testUpstream !== 'examples') upstreams.set(testUpstream.name, testUpstream);
  }
  return [...upstreams.values()];
}
