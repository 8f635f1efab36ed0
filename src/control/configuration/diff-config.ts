// Enters: two configurations. Leaves: what changes from one to the other, in words. Pure.
import { isDeepStrictEqual } from 'node:util';
import type { PlanConfig, ProductConfig, VersionConfig } from '../../domain/config.ts';
import type { ConfigChange } from '../services.ts';
import { contentChanges } from '../content/content-changes.ts';
import { documentFingerprint, documentKey, type ConfigState } from './config-state.ts';

/** One entry per noun in the order of `after`, removed ones last. The path that a document was read from is no difference; its content is. */
export function diffConfig(before: ConfigState, after: ConfigState): ConfigChange[] {
  const changes: ConfigChange[] = [changeOf('portal', after.config.portal.name, fieldChanges(before.config.portal, after.config.portal))];
  const orderOfProducts = orderChange('products', before.config.products.map(slugOf), after.config.products.map(slugOf));
  changes[0]!.detail.push(...orderOfProducts);
  if (orderOfProducts.length > 0) changes[0]!.action = 'change';

  for (const product of after.config.products) {
    const previous = before.config.products.find(({ slug }) => slug === product.slug);
    changes.push(previous ? productChange(previous, product) : { action: 'add', noun: 'product', name: product.slug, detail: [`upstream ${product.upstream}`, ...policyWords(product)] });
    changes.push(...versionChanges(product.slug, previous?.versions ?? [], product.versions, before.documents, after.documents));
    changes.push(...planChanges(product.slug, previous?.plans ?? [], product.plans));
  }
  changes.push(...contentChanges(before.content, after.content));
  for (const product of before.config.products) {
    if (after.config.products.some(({ slug }) => slug === product.slug)) continue;
    changes.push({ action: 'remove', noun: 'product', name: product.slug, detail: [counted(product.versions.length, 'version'), counted(product.plans.length, 'plan')] });
  }
  return changes;
}

export function isUnchanged(changes: ConfigChange[]): boolean {
  return changes.every(({ action }) => action === 'keep');
}

/** What was applied before there were policies has none. */
function productChange(before: ProductConfig, after: ProductConfig): ConfigChange {
  const own = ({ versions: _versions, plans: _plans, policies: _policies, upstream, furtherUpstreams, upstreamCa, ...settings }: ProductConfig) => ({
    ...settings,
    upstream: furtherUpstreams.length === 0 ? upstream : [upstream, ...furtherUpstreams],
    upstreamCa: upstreamCa && `SHA-256 ${documentFingerprint(upstreamCa)}`,
  });
  return changeOf('product', after.slug, [
    ...fieldChanges(own(before), own(after)),
    ...fieldChanges(shownPolicies(before), shownPolicies(after)).map((change) => `policy ${change}`),
    ...orderChange('versions', before.versions.map(({ name }) => name), after.versions.map(({ name }) => name)),
    ...orderChange('plans', before.plans.map(slugOf), after.plans.map(slugOf)),
  ]);
}

/** An own policy is its text: the path that it was read from is no difference. */
function shownPolicies({ policies }: ProductConfig): object {
  return policies?.own ? { ...policies, own: { sha256: documentFingerprint(policies.own.source), timeLimitMs: policies.own.timeLimitMs } } : (policies ?? {});
}

function policyWords({ policies }: ProductConfig): string[] {
  const on = Object.entries(policies ?? {}).filter(([, policy]) => policy !== null).map(([name]) => name);
  return on.length === 0 ? [] : [`policies ${on.join(', ')}`];
}

function versionChanges(slug: string, before: VersionConfig[], after: VersionConfig[], documentsBefore: Record<string, string>, documentsAfter: Record<string, string>): ConfigChange[] {
  const changed = after.map((version): ConfigChange => {
    const name = `${slug} ${version.name}`;
    const previous = before.find((other) => other.name === version.name);
    if (!previous) return { action: 'add', noun: 'version', name, detail: [version.status] };
    const key = documentKey(slug, version.name);
    const document = documentsBefore[key] === documentsAfter[key] ? [] : ['document: changed'];
    return changeOf('version', name, [...document, ...fieldChanges({ ...previous, openapi: '' }, { ...version, openapi: '' })]);
  });
  const removed = before.filter((version) => !after.some(({ name }) => name === version.name));
  return [...changed, ...removed.map((version): ConfigChange => ({ action: 'remove', noun: 'version', name: `${slug} ${version.name}`, detail: [version.status] }))];
}

function planChanges(slug: string, before: PlanConfig[], after: PlanConfig[]): ConfigChange[] {
  const changed = after.map((plan): ConfigChange => {
    const previous = before.find((other) => other.slug === plan.slug);
    return previous ? changeOf('plan', `${slug} ${plan.slug}`, fieldChanges(previous, plan)) : { action: 'add', noun: 'plan', name: `${slug} ${plan.slug}`, detail: planWords(plan) };
  });
  const removed = before.filter((plan) => !after.some((other) => other.slug === plan.slug));
  return [...changed, ...removed.map((plan): ConfigChange => ({ action: 'remove', noun: 'plan', name: `${slug} ${plan.slug}`, detail: planWords(plan) }))];
}

function planWords(plan: PlanConfig): string[] {
  const fee = plan.interval === null ? [] : [`${plan.fee} ${plan.currency} a ${plan.interval}`];
  return [...fee, ...plan.limits.map(({ name, requests, per }) => `${name}: ${requests} requests per ${per}`)];
}

function changeOf(noun: string, name: string, detail: string[]): ConfigChange {
  return { action: detail.length > 0 ? 'change' : 'keep', noun, name, detail };
}

function fieldChanges(before: object, after: object): string[] {
  const was = before as Record<string, unknown>;
  const is = after as Record<string, unknown>;
  const changed = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((field) => !isDeepStrictEqual(was[field] ?? null, is[field] ?? null));
  return changed.flatMap((field) => {
    const keyOf = listed[field];
    return keyOf ? entryChanges(field, keyOf, (was[field] ?? []) as Entry[], (is[field] ?? []) as Entry[]) : [`${field}: ${shown(was[field])} -> ${shown(is[field])}`];
  });
}

type Entry = Record<string, unknown>;
/** Lists whose entries have a name, by the field that holds it. */
const listed: Record<string, string> = { limits: 'name', meters: 'name', prices: 'meter', footer: 'label' };

function entryChanges(field: string, keyOf: string, before: Entry[], after: Entry[]): string[] {
  const noun = field.replace(/s$/, '');
  const names = (list: Entry[]): string[] => list.map((entry) => String(entry[keyOf]));
  const words = (entry: Entry | undefined): string => (entry === undefined ? 'none' : field === 'limits' ? `${entry['requests']} requests per ${entry['per']}` : shown({ ...entry, [keyOf]: undefined }));
  const find = (list: Entry[], name: string) => list.find((entry) => entry[keyOf] === name);
  const changed = [...new Set([...names(before), ...names(after)])].filter((name) => !isDeepStrictEqual(find(before, name), find(after, name)));
  return [...changed.map((name) => `${noun} ${name}: ${words(find(before, name))} -> ${words(find(after, name))}`), ...orderChange(field, names(before), names(after))];
}

function shown(value: unknown): string {
  const text = value === null || value === undefined || value === '' ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 197)}...` : text;
}

/** Only what both have can change places. */
function orderChange(noun: string, before: string[], after: string[]): string[] {
  const wasOrder = before.filter((name) => after.includes(name));
  const isOrder = after.filter((name) => before.includes(name));
  return isDeepStrictEqual(wasOrder, isOrder) ? [] : [`order of ${noun}: ${isOrder.join(', ')}`];
}

function slugOf({ slug }: { slug: string }): string {
  return slug;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
