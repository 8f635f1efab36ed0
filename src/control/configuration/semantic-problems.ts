// What the JSON Schema cannot say: names that collide, names that lead nowhere, dates and tiers out of order.
import { X509Certificate } from 'node:crypto';
import { parseDuration } from '../../domain/duration.ts';
import { isRate, ratesPerPlanMax } from '../../domain/limit.ts';
import { portalPaths, productPaths } from '../../domain/portal-paths.ts';
import { isCurrency } from '../../domain/pricing/money.ts';
import type { ConfigProblem } from './schema-problems.ts';
import { policyProblems } from './policy-problems.ts';
import { findPriceProblems } from './price-problems.ts';
import { closestName } from '../../domain/closest-name.ts';
import type { WrittenConfig, WrittenPlan, WrittenProduct } from './written-config.ts';

/** Meters that every product has. */
export const builtInMeters = ['requests', 'successes', 'bytes'] as const;

const dayMs = 86_400_000;
const healthEveryMsMin = 1_000;
const healthEveryMsMax = 3_600_000;

export function findSemanticProblems(config: WrittenConfig): ConfigProblem[] {
  return [
    ...repeated(config.products.map((product) => product.slug), (index) => `/products/${index}/slug`, (slug) => `Two products have the slug "${slug}". Give each its own.`),
    ...config.products.flatMap(({ slug }, index) => (portalPaths.has(slug) ? [value(`/products/${index}/slug`, `The portal itself uses the address /${slug}, so no product can be called "${slug}". Choose another slug, such as "${slug}-api".`)] : [])),
    ...repeated((config.portal?.pages ?? []).map(({ slug }) => slug), (index) => `/portal/pages/${index}/slug`, (slug) => `Two pages have the slug "${slug}". Give each its own.`),
    ...repeated((config.portal?.footer ?? []).map(({ label }) => label), (index) => `/portal/footer/${index}/label`, (label) => `Two links of the footer are called "${label}". Give each its own label.`),
    ...repeatedHosts(config.products),
    ...config.products.flatMap((product, index) => productProblems(product, `/products/${index}`)),
  ];
}

function productProblems(product: WrittenProduct, at: string): ConfigProblem[] {
  const versions = product.versions ?? [];
  const meters = product.meters ?? [];
  const plans = product.plans ?? [];
  return [
    ...repeated(versions.map(({ name }) => name), (index) => `${at}/versions/${index}/name`, (name) => `Two versions of "${product.slug}" are named "${name}". Give each its own name.`),
    ...repeated(meters.map(({ name }) => name), (index) => `${at}/meters/${index}/name`, (name) => `Two meters of "${product.slug}" are named "${name}". Give each its own name.`),
    ...repeated(plans.map(({ slug }) => slug), (index) => `${at}/plans/${index}/slug`, (slug) => `Two plans of "${product.slug}" have the slug "${slug}". Give each its own.`),
    ...versions.flatMap(({ name }, index) => (productPaths.has(name) ? [value(`${at}/versions/${index}/name`, `The portal itself uses the address /${product.slug}/${name}, so no version can be called "${name}". Choose another name, such as "v1".`)] : [])),
    ...meters.flatMap(({ name }, index) => ((builtInMeters as readonly string[]).includes(name) ? [value(`${at}/meters/${index}/name`, `Every product has the meter "${name}" already. Choose another name.`)] : [])),
    ...meters.flatMap((meter, index) => ('operations' in meter ? repeated(meter.operations ?? [], (entry) => `${at}/meters/${index}/operations/${entry}`, (name) => `The operation "${name}" stands twice.`) : [])),
    ...upstreamProblems(product.upstream, `${at}/upstream`),
    ...addressProblems(product.testUpstream, `${at}/testUpstream`),
    ...authorityProblems(product.upstreamCa, `${at}/upstreamCa`),
    ...healthProblems(product.health?.every, `${at}/health/every`),
    ...policyProblems(product, `${at}/policies`),
    ...versions.flatMap(({ upstream }, index) => upstreamProblems(upstream, `${at}/versions/${index}/upstream`)),
    ...versions.flatMap((_, index) => versionProblems(product, index, `${at}/versions/${index}`)),
    ...defaultPlanProblems(product, at),
    ...plans.flatMap((plan, index) => planProblems(plan, [...builtInMeters, ...meters.map(({ name }) => name)], `${at}/plans/${index}`)),
  ];
}

function addressProblems(address: string | undefined, pointer: string): ConfigProblem[] {
  if (address === undefined || address === 'examples') return [];
  const url = URL.parse(address);
  if (!url) return [value(pointer, `"${address}" is not an address. Write one such as \`http://127.0.0.1:4010\`.`)];
  return url.username || url.password ? [value(pointer, 'An address here carries no user name or password.')] : [];
}

function upstreamProblems(addresses: string | string[] | undefined, at: string): ConfigProblem[] {
  if (!Array.isArray(addresses)) return addressProblems(addresses, at);
  return [
    ...addresses.flatMap((address, index) => addressProblems(address, `${at}/${index}`)),
    ...repeated(addresses, (index) => `${at}/${index}`, (address) => `The address ${address} stands here twice. Each is asked in its turn anyhow.`),
  ];
}

function authorityProblems(pem: string | undefined, pointer: string): ConfigProblem[] {
  if (pem === undefined) return [];
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  try {
    for (const certificate of certificates) new X509Certificate(certificate);
  } catch {
    return [value(pointer, 'A certificate here cannot be read. Copy it whole, from its BEGIN line to its END line.')];
  }
  return certificates.length > 0 ? [] : [value(pointer, 'No certificate stands here. Write it in PEM, behind `upstreamCa: |`, from its BEGIN line to its END line.')];
}

function healthProblems(every: string | undefined, pointer: string): ConfigProblem[] {
  const ms = every === undefined ? undefined : parseDuration(every);
  return ms === undefined || (ms >= healthEveryMsMin && ms <= healthEveryMsMax) ? [] : [value(pointer, 'Write a time from `1s` to `1h`.')];
}

function versionProblems(product: WrittenProduct, index: number, at: string): ConfigProblem[] {
  const version = product.versions![index]!;
  const problems: ConfigProblem[] = [];
  for (const field of ['deprecated', 'sunset'] as const) {
    if (version[field] !== undefined && !isDate(version[field])) problems.push(value(`${at}/${field}`, `The calendar has no ${version[field]}.`));
  }
  if (problems.length > 0) return problems;

  const { deprecated, sunset, successor } = version;
  const noticeDays = Number.parseInt(product.lifecycle?.minimumNotice ?? '0', 10);
  if (sunset !== undefined && deprecated === undefined) {
    problems.push(value(`${at}/sunset`, `A version with a \`sunset\` needs \`deprecated\`: callers are told before it ends.`));
  } else if (sunset !== undefined && deprecated !== undefined) {
    const days = (Date.parse(sunset) - Date.parse(deprecated)) / dayMs;
    if (days <= 0) problems.push(value(`${at}/sunset`, `The sunset ${sunset} is not after ${deprecated}, when the version is deprecated.`));
    else if (days < noticeDays) problems.push(value(`${at}/sunset`, `From ${deprecated} to ${sunset} are ${days} days, fewer than the minimum notice of ${noticeDays} days.`));
  }
  if (successor !== undefined) {
    const names = product.versions!.map(({ name }) => name);
    const close = closestName(successor, names.filter((name) => name !== version.name));
    if (successor === version.name) problems.push(value(`${at}/successor`, 'A version cannot be its own successor.'));
    else if (!names.includes(successor)) problems.push(value(`${at}/successor`, `"${product.slug}" has no version "${successor}".${close === undefined ? '' : ` Did you mean "${close}"?`}`));
  }
  return problems;
}

function defaultPlanProblems(product: WrittenProduct, at: string): ConfigProblem[] {
  const defaults = (product.plans ?? []).flatMap((plan, index) => (plan.default ? [{ plan, index }] : []));
  return defaults.flatMap(({ plan, index }, position) => {
    const pointer = `${at}/plans/${index}/default`;
    if (position > 0) return [value(pointer, `"${product.slug}" has a default plan already: "${defaults[0]!.plan.slug}". Sign-up can subscribe to one only.`)];
    return plan.access === undefined || plan.access === 'public' ? [] : [value(pointer, `Sign-up subscribes to the default plan, so it must be \`access: public\`.`)];
  });
}

function planProblems(plan: WrittenPlan, meters: readonly string[], at: string): ConfigProblem[] {
  const problems = [
    ...repeated((plan.limits ?? []).map(({ name }) => name), (index) => `${at}/limits/${index}/name`, (name) => `Two limits of the plan "${plan.slug}" are named "${name}". Give each its own name.`),
    ...repeated(plan.operations ?? [], (index) => `${at}/operations/${index}`, (name) => `The operation "${name}" stands twice.`),
    ...repeated((plan.prices ?? []).map(({ meter }) => meter), (index) => `${at}/prices/${index}/meter`, (meter) => `The plan "${plan.slug}" has two prices for the meter "${meter}". Keep one.`),
    ...(plan.prices ?? []).flatMap((price, index) => findPriceProblems(price, meters, `${at}/prices/${index}`)),
  ];
  const ninth = (plan.limits ?? []).flatMap((limit, index) => (isRate(limit) ? [index] : []))[ratesPerPlanMax];
  if (ninth !== undefined) problems.push(value(`${at}/limits/${ninth}`, `The plan "${plan.slug}" has more than ${ratesPerPlanMax} rates (limits per second, minute or hour). Keep at most ${ratesPerPlanMax}; limits per day and longer do not count here.`));
  if (plan.fee !== undefined && /[1-9]/.test(plan.fee) && plan.interval === undefined) problems.push(value(`${at}/fee`, 'A fee needs an `interval`: `month` or `year`.'));
  if (!isCurrency(plan.currency)) problems.push(value(`${at}/currency`, `"${plan.currency}" is no currency of ISO 4217. Write one such as \`usd\` or \`eur\`.`));
  if (plan.limits?.some(({ name }) => name === 'unverified')) {
    problems.push(value(`${at}/limits/${plan.limits.findIndex(({ name }) => name === 'unverified')}/name`, 'The name "unverified" is taken by the limit before an e-mail address is verified.'));
  }
  return problems;
}

function repeatedHosts(products: WrittenProduct[]): ConfigProblem[] {
  const hosts = products.flatMap((product, index) => (product.hosts ?? []).map((host, position) => ({ host: host.toLowerCase(), pointer: `/products/${index}/hosts/${position}` })));
  return repeated(hosts.map(({ host }) => host), (index) => hosts[index]!.pointer, (host) => `The host "${host}" is claimed twice. It can lead to one product only.`);
}

function repeated(names: string[], pointer: (index: number) => string, detail: (name: string) => string): ConfigProblem[] {
  return names.flatMap((name, index) => (names.indexOf(name) < index ? [value(pointer(index), detail(name))] : []));
}

function isDate(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

function value(pointer: string, detail: string): ConfigProblem {
  return { pointer, at: 'value', detail };
}
