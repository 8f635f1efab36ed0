// Enters: the running configuration. Leaves: portico.yaml and its documents, such that applying them changes nothing.
import { extname } from 'node:path';
import type { PlanConfig, PortalConfig, PriceConfig, ProductConfig, VersionConfig } from '../../domain/config.ts';
import type { OwnPolicy } from '../../domain/policies.ts';
import type { Query } from '../../store/database.ts';
import { noContent, type ContentState } from '../content/content-rows.ts';
import { exportContent, writtenBrand, writtenGuides, writtenPages } from '../content/export-content.ts';
import { writtenLearn } from '../learn/export-learn.ts';
import type { ConfigBundle } from '../services.ts';
import { loadConfigState } from './config-state.ts';
import { productDefaults } from './parse-config.ts';
import { writtenPolicies } from './policies.ts';
import { durationText, filled, unless, without } from './write-fields.ts';
import { writeYaml } from './yaml.ts';

export async function exportConfig(query: Query): Promise<ConfigBundle> {
  const { config, content } = await loadConfigState(query);
  const documents = await query
    .selectFrom('version')
    .innerJoin('product', 'product.id', 'version.product_id')
    .innerJoin('version_document', 'version_document.version_id', 'version.id')
    .select(['product.slug', 'version.name', 'version_document.json'])
    .where('product.removed_at', 'is', null)
    .orderBy('product.position')
    .orderBy('version.position')
    .execute();
  return {
    file: 'portico.yaml',
    text: writeYaml({ portal: portal(config.portal, content), ...writtenLearn(content.learn), products: config.products.map((product) => writtenProduct(atExportedPath(product), content)) }),
    files: [...documents.map(({ slug, name, json }) => ({ path: documentPath(slug, name), text: `${json}\n` })), ...(await exportContent(query)), ...config.products.flatMap(({ slug, policies: { own } }) => (own ? [{ path: policyPath(slug, own), text: own.source }] : []))],
  };
}

function documentPath(slug: string, version: string): string {
  return `openapi/${slug}-${version}.json`;
}

function policyPath(slug: string, { file }: OwnPolicy): string {
  return `policies/${slug}${extname(file)}`;
}

function atExportedPath(product: ProductConfig): ProductConfig {
  const { own } = product.policies;
  return own === null ? product : { ...product, policies: { ...product.policies, own: { ...own, file: `./${policyPath(product.slug, own)}` } } };
}

function portal({ name, keyPrefix, headline, accent, footer }: PortalConfig, content: ContentState) {
  return without({ name, keyPrefix, headline: headline ?? undefined, ...writtenBrand(content), accent: accent ?? undefined, footer: filled(footer), pages: filled(writtenPages(content)) });
}

/** As it stands in portico.yaml: only what differs from the defaults is written. */
export function writtenProduct(config: ProductConfig, content: ContentState = noContent) {
  return without({
    slug: config.slug,
    name: config.name,
    description: config.description || undefined,
    layer: config.layer ?? undefined,
    owner: config.owner ?? undefined,
    access: unless(config.access, 'public'),
    hosts: filled(config.hosts),
    upstream: config.furtherUpstreams.length === 0 ? config.upstream : [config.upstream, ...config.furtherUpstreams],
    upstreamCa: config.upstreamCa ?? undefined,
    concurrency: unless(config.concurrency, productDefaults.concurrency),
    health: config.health === null ? undefined : without({ path: config.health.path, every: durationText(config.health.everyMs, productDefaults.healthEveryMs) }),
    testUpstream: config.testUpstream ?? undefined,
    versioning: config.versioning.by === 'path' ? undefined : config.versioning,
    bodyBytesMax: unless(config.bodyBytesMax, productDefaults.bodyBytesMax),
    connectTimeout: durationText(config.connectTimeoutMs, productDefaults.connectTimeoutMs),
    headTimeout: durationText(config.headTimeoutMs, productDefaults.headTimeoutMs),
    versions: filled(config.versions.map((entry) => version(config.slug, entry))),
    highlights: filled(config.highlights),
    guides: filled(writtenGuides(content, config.slug)),
    lifecycle: config.minimumNoticeDays === null ? undefined : { minimumNotice: `${config.minimumNoticeDays}d` },
    policies: writtenPolicies(config.policies),
    meters: filled(config.meters.map((meter) => ('operations' in meter ? without({ name: meter.name, operations: meter.operations ?? undefined, only: meter.only ?? undefined }) : meter))),
    plans: filled(config.plans.map(writtenPlan)),
  });
}

function version(slug: string, config: VersionConfig) {
  return without({
    name: config.name,
    openapi: `./${documentPath(slug, config.name)}`,
    upstream: config.upstream ?? undefined,
    status: unless(config.status, config.deprecated === null ? 'published' : 'deprecated'),
    deprecated: config.deprecated ?? undefined,
    sunset: config.sunset ?? undefined,
    successor: config.successor ?? undefined,
  });
}

/** Decimals and absent fields as they stand in portico.yaml. */
export function writtenPlan(config: PlanConfig) {
  return without({
    slug: config.slug,
    name: config.name,
    description: config.description || undefined,
    default: unless(config.default, false),
    access: unless(config.access, 'public'),
    currency: config.currency,
    interval: config.interval ?? undefined,
    fee: unless(config.fee, '0'),
    trialDays: unless(config.trialDays, 0),
    limits: filled(config.limits),
    operations: config.operations ?? undefined,
    prices: filled(config.prices.map(price)),
  });
}

function price(config: PriceConfig) {
  return without({
    meter: config.meter,
    model: config.model,
    included: unless(config.included, '0'),
    unitPrice: config.unitPrice ?? undefined,
    packageSize: config.packageSize ?? undefined,
    packagePrice: config.packagePrice ?? undefined,
    tiers: filled(config.tiers.map(({ upTo, unitPrice, flatFee }) => without({ upTo: upTo ?? undefined, unitPrice, flatFee: unless(flatFee, '0') }))),
    minimum: config.minimum ?? undefined,
    maximum: config.maximum ?? undefined,
  });
}
