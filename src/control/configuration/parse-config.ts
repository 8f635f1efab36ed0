// Enters: the text of portico.yaml. Leaves: a PorticoConfig with every default filled in, or each mistake with its place.
import type { MeterConfig, PlanConfig, PorticoConfig, PriceConfig, ProductConfig, VersionConfig } from '../../domain/config.ts';
import { parseDuration } from '../../domain/duration.ts';
import { withSources } from '../../domain/pricing/meter-quantities.ts';
import { AppError, type ErrorPlace } from '../../errors.ts';
import { normalAccent } from '../../domain/accent.ts';
import { listContentFiles, type ContentFile } from '../content/content-files.ts';
import { initialPortal } from './config-state.ts';
import { policiesOf } from './policies.ts';
import { findSchemaProblems, type ConfigProblem } from './schema-problems.ts';
import { findSemanticProblems } from './semantic-problems.ts';
import type { WrittenConfig, WrittenMeter, WrittenPlan, WrittenPrice, WrittenProduct, WrittenVersion } from './written-config.ts';
import { readYaml } from './yaml.ts';

export const configCharactersMax = 4_194_304;
const placesMax = 50;

export interface ParsedConfig {
  config: PorticoConfig;
  /** Logo, fonts, pages and guides: which files hold them. */
  contentFiles: ContentFile[];
  /** Whether what Portico brings along is taught too. */
  learnShipped: boolean;
  /** The place of a pointer, for mistakes that are found later. */
  place(problem: ConfigProblem): ErrorPlace;
}

/** Where the content of a file stands in a whole configuration: at this pointer of `value`. */
export interface Framed { value: unknown; at: string }

/**
 * Files of the bundle are not read here. `frame` puts a file that holds only a part of a configuration into a whole one.
 * @throws AppError `config_invalid` with file, line, column and pointer of every mistake.
 */
export function parseConfig(file: string, text: string, frame: (content: unknown) => Framed = (value) => ({ value, at: '' })): ParsedConfig {
  if (text.length > configCharactersMax) throw new AppError('config_invalid', `${file} has more than ${configCharactersMax} characters.`, { errors: [{ file, line: 1, column: 1, detail: `The file has more than ${configCharactersMax} characters.` }] });
  const yaml = readYaml(file, text.replace(/^\uFEFF/, ''));
  const { value, at: framedAt } = frame(yaml.value);
  const inFile = (pointer: string): string => pointer.slice(framedAt.length);
  const place = ({ pointer, at, detail }: ConfigProblem): ErrorPlace => ({ file, ...yaml.locate(inFile(pointer), at), pointer: inFile(pointer), detail });
  if (yaml.value === null) refuse([{ file, line: 1, column: 1, pointer: '', detail: 'The file is empty. Begin with `products:`.' }]);
  const shape = findSchemaProblems(value, (pointer) => yaml.commentAt(inFile(pointer)));
  const problems = shape.length > 0 ? shape : findSemanticProblems(value as WrittenConfig);
  refuse(problems.map(place));
  return { config: withDefaults(value as WrittenConfig), contentFiles: listContentFiles(value as WrittenConfig), learnShipped: teachesShipped(value as WrittenConfig), place };
}

/** @throws AppError `config_invalid` when there is any. */
export function refuse(places: ErrorPlace[]): void {
  if (places.length === 0) return;
  const sorted = places.toSorted((a, b) => (a.file === b.file ? a.line! - b.line! || a.column! - b.column! : 0));
  const [first] = sorted;
  const more = places.length === 1 ? '' : ` (and ${places.length - 1} more)`;
  throw new AppError('config_invalid', `${first!.file}, line ${first!.line}: ${first!.detail}${more}`, { errors: sorted.slice(0, placesMax) });
}

function withDefaults(written: WrittenConfig): PorticoConfig {
  const products = written.products.map(product);
  const prefix = products[0]?.slug.replaceAll('-', '').slice(0, 32);
  const { name = initialPortal.name, keyPrefix = prefix ?? initialPortal.keyPrefix, headline = null, accent, footer = [] } = written.portal ?? {};
  return { portal: { name, keyPrefix, headline, accent: accent === undefined ? null : normalAccent(accent), footer: footer.map(({ label, url }) => ({ label, url })) }, products };
}

function teachesShipped({ learn }: WrittenConfig): boolean {
  return typeof learn === 'object' ? learn.shipped !== false : learn !== false;
}

function product(written: WrittenProduct): ProductConfig {
  const meters = (written.meters ?? []).map(meter);
  const upstreams = typeof written.upstream === 'string' ? [written.upstream] : written.upstream;
  return {
    slug: written.slug,
    name: written.name ?? written.slug,
    description: written.description ?? '',
    layer: written.layer ?? null,
    owner: written.owner ?? null,
    access: written.access ?? 'public',
    hosts: (written.hosts ?? []).map((host) => host.toLowerCase()),
    upstream: upstreams[0]!,
    furtherUpstreams: upstreams.slice(1),
    upstreamCa: written.upstreamCa ?? null,
    concurrency: written.concurrency ?? productDefaults.concurrency,
    health: written.health === undefined ? null : { path: written.health.path, everyMs: written.health.every === undefined ? productDefaults.healthEveryMs : parseDuration(written.health.every)! },
    testUpstream: written.testUpstream ?? null,
    versioning: written.versioning ?? { by: 'path' },
    bodyBytesMax: written.bodyBytesMax ?? productDefaults.bodyBytesMax,
    connectTimeoutMs: written.connectTimeout === undefined ? productDefaults.connectTimeoutMs : parseDuration(written.connectTimeout)!,
    headTimeoutMs: written.headTimeout === undefined ? productDefaults.headTimeoutMs : parseDuration(written.headTimeout)!,
    versions: (written.versions ?? []).map(version),
    meters,
    plans: (written.plans ?? []).map((entry) => withSources(plan(entry), meters)),
    minimumNoticeDays: written.lifecycle?.minimumNotice === undefined ? null : Number.parseInt(written.lifecycle.minimumNotice, 10),
    highlights: written.highlights ?? [],
    policies: policiesOf(written.policies),
  };
}

export const productDefaults = { bodyBytesMax: 104_857_600, connectTimeoutMs: 5_000, headTimeoutMs: 60_000, meterBodyBytesMax: 1_048_576, concurrency: 2_000, healthEveryMs: 10_000 } as const;

function version(written: WrittenVersion): VersionConfig {
  return {
    name: written.name,
    openapi: written.openapi,
    upstream: Array.isArray(written.upstream) && written.upstream.length === 1 ? written.upstream[0]! : (written.upstream ?? null),
    status: written.status ?? (written.deprecated === undefined ? 'published' : 'deprecated'),
    deprecated: written.deprecated ?? null,
    sunset: written.sunset ?? null,
    successor: written.successor ?? null,
  };
}

function meter(written: WrittenMeter): MeterConfig {
  if (written.header !== undefined) return { name: written.name, header: written.header };
  return written.pointer === undefined
    ? { name: written.name, operations: written.operations ?? null, only: written.only ?? null }
    : { name: written.name, pointer: written.pointer, bodyBytesMax: written.bodyBytesMax ?? productDefaults.meterBodyBytesMax };
}

function plan(written: WrittenPlan): PlanConfig {
  return {
    slug: written.slug,
    name: written.name ?? written.slug,
    description: written.description ?? '',
    default: written.default ?? false,
    access: written.access ?? 'public',
    currency: written.currency.toLowerCase(),
    interval: written.interval ?? null,
    fee: written.fee ?? '0',
    trialDays: written.trialDays ?? 0,
    limits: (written.limits ?? []).map(({ name, requests, per }) => ({ name, requests, per })),
    operations: written.operations ?? null,
    prices: (written.prices ?? []).map(price),
  };
}

function price(written: WrittenPrice): PriceConfig {
  return {
    meter: written.meter,
    model: written.model,
    included: written.included ?? '0',
    unitPrice: written.unitPrice ?? null,
    packageSize: written.packageSize ?? null,
    packagePrice: written.packagePrice ?? null,
    tiers: (written.tiers ?? []).map((tier) => ({ upTo: tier.upTo ?? null, unitPrice: tier.unitPrice, flatFee: tier.flatFee ?? '0' })),
    minimum: written.minimum ?? null,
    maximum: written.maximum ?? null,
  };
}
