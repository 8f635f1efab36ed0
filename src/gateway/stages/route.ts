// In: the request target and Host. Out: product, version and operation, and the path and query for the upstream.
import { callHint, mayHoldSecret, type CallHint } from '../../domain/call-hint.ts';
import { findField } from '../fields.ts';
import type { Call, Refusal } from '../call.ts';
import type { RoutedProduct, RoutedVersion, Routes } from '../routing/compile-routes.ts';
import { nearest } from '../routing/nearest.ts';
import { matchPath } from '../routing/path-tree.ts';
import { clip, splitTarget, type SplitTarget } from '../routing/split-target.ts';
import { fieldIds, hasField } from '../http1/field-section.ts';

const templatesMax = 500;

/** Fills the call as far as the address resolves, also when it refuses: a refusal is recorded under the product it was meant for. */
export function route(routes: Routes, call: Call): Refusal | undefined {
  const { head } = call;
  const split = splitTarget(head.target, head);
  if ('problem' in split) return { code: 'request_malformed', detail: split.problem };
  if (head.httpVersion === '1.1' && !hasField(head, fieldIds.host)) {
    return { code: 'request_malformed', detail: 'The request has no Host field. HTTP/1.1 requires exactly one.' };
  }
  call.query = split.query;

  const ofHost = routes.byHost.get(split.host);
  let at = ofHost ? 0 : 1;
  const product = ofHost ?? routes.bySlug.get(split.decoded[0]!);
  if (!product) return noProduct(routes, split);
  call.product = product;

  const found = product.versionHeader === null ? versionInPath(product, split, at++) : versionInHeader(product, findField(head, product.versionHeader));
  if ('code' in found) return found;
  call.version = found;
  call.restPath = pathFrom(split.raw, at);

  const { operation, allowed } = matchPath(found.tree, split.decoded, head.method, at);
  call.operation = operation;
  if (found.version.status === 'retired') return retired(call, found);
  if (operation) return undefined;
  return allowed.length > 0 ? otherMethods(call, allowed) : unknownOperation(product, found, call, split.decoded.slice(at));
}

function pathFrom(segments: string[], at: number): string {
  let path = '';
  for (let place = at; place < segments.length; place++) path += `/${segments[place]}`;
  return path;
}

/** A private product is to a stranger as if it were not there, in the answer and in the record. `hint` tells what was wrong with the key, if anything. */
export function hideProduct(routes: Routes, call: Call, hint: CallHint | null | undefined): Refusal {
  const split = splitTarget(call.head.target, call.head);
  Object.assign(call, { product: null, version: null, operation: null, restPath: '' } satisfies Partial<Call>);
  if ('problem' in split) return { code: 'request_malformed', detail: split.problem };
  const plain = noProduct(routes, split);
  return hint ? { ...plain, hint } : plain;
}

function versionInPath(product: RoutedProduct, split: SplitTarget, at: number): RoutedVersion | Refusal {
  const name = split.decoded[at] ?? '';
  const version = product.versions.get(name);
  if (version) return version;
  const names = [...product.versions.keys()];
  const candidates = bestFirst(product);
  const lasting = candidates.filter((candidate) => candidate.version.status === 'published');
  const first = (lasting.find((candidate) => hasPath(candidate, split.decoded.slice(at + 1))) ?? candidates[0])?.version.name;
  const sent = name === '' ? 'The path names no version' : `"${clip(name)}" is not a version of ${product.product.name}`;
  const next = first === undefined ? 'It has no published version yet.' : `Its versions are ${names.join(', ')}. Write the version after the product: /${product.product.slug}/${first}/...`;
  return { code: 'no_route', detail: `${sent}. ${next}`, hint: callHint(name === '' ? 'version-absent' : 'version-unknown', name, first ?? null) };
}

/** The newest first, those that are on their way out after the others. */
function bestFirst({ versions }: RoutedProduct): RoutedVersion[] {
  const rank = { published: 0, deprecated: 1, retired: 2 };
  return [...versions.values()].reverse().sort((a, b) => rank[a.version.status] - rank[b.version.status]);
}

/** Whatever the method. */
function hasPath({ tree }: RoutedVersion, segments: string[]): boolean {
  return matchPath(tree, segments, '').allowed.length > 0;
}

function versionInHeader(product: RoutedProduct, sent: string | undefined): RoutedVersion | Refusal {
  const name = sent?.trim() ?? product.product.defaultVersion;
  const version = name === null ? undefined : product.versions.get(name);
  if (version) return version;
  const names = [...product.versions.keys()].join(', ');
  const header = product.product.versioning.by === 'header' ? product.product.versioning.header : '';
  if (name === null) return { code: 'no_route', detail: `${product.product.name} has no published version yet.` };
  return { code: 'no_route', detail: `The header ${header} says "${clip(name)}", but the versions of ${product.product.name} are ${names}.`, hint: callHint('version-header-unknown', name, names) };
}

function noProduct(routes: Routes, split: SplitTarget): Refusal {
  const slug = split.decoded[0]!;
  const open = [...routes.bySlug.values()].filter(({ product }) => !product.private);
  const meant = forgottenProduct(open, split) ?? nearest(slug, open.map(({ product }) => product.slug));
  const sent = slug === '' ? 'The path names no product.' : `No product is called "${clip(slug)}".`;
  const next = meant === undefined ? `Addresses have the form ${routes.snapshot.gatewayUrl}/<product>/<version>/<path>; ${routes.snapshot.webUrl} lists the products.` : `Did you mean /${meant}?`;
  return { code: 'no_route', detail: `${sent} ${next}`, hint: callHint(slug === '' ? 'product-absent' : 'product-unknown', slug, meant ?? null) };
}

/** The whole address, when the path begins with the version and only one product fits: by version and path, else by version. */
function forgottenProduct(open: RoutedProduct[], split: SplitTarget): string | undefined {
  const [name = '', ...rest] = split.decoded;
  const versioned = open.filter(({ versionHeader, versions }) => versionHeader === null && versions.has(name));
  const fitting = versioned.filter(({ versions }) => hasPath(versions.get(name)!, rest));
  const whole = split.raw.join('/');
  if (fitting.length === 1) return `${fitting[0]!.product.slug}/${mayHoldSecret(whole) ? name : clip(whole)}`;
  return versioned.length === 1 ? `${versioned[0]!.product.slug}/${name}` : undefined;
}

function retired(call: Call, { version, notices }: RoutedVersion): Refusal {
  const since = version.sunsetAt === null ? '' : ` since ${new Date(version.sunsetAt).toUTCString()}`;
  const next = version.successor === null ? 'See the product page for the versions that answer.' : `Move to ${version.successor}.`;
  return { code: 'version_retired', detail: `${call.product!.product.name} ${version.name} is retired${since}. ${next}`, fields: notices };
}

function otherMethods(call: Call, allowed: string[]): Refusal {
  return { code: 'method_not_allowed', detail: `${clip(call.restPath)} has no ${clip(call.head.method)}. It has ${allowed.join(', ')}.`, fields: ['Allow', allowed.join(', ')], hint: callHint('method-other', call.head.method, allowed.join(', ')) };
}

function unknownOperation(product: RoutedProduct, version: RoutedVersion, call: Call, segments: string[]): Refusal {
  const path = call.restPath === '' ? '/' : call.restPath;
  const sent = `${product.product.name} ${version.version.name} has no path ${clip(path)}.`;
  const other = bestFirst(product).find((candidate) => candidate !== version && candidate.version.status !== 'retired' && hasPath(candidate, segments));
  if (other) return { code: 'operation_unknown', detail: `${sent} Version ${other.version.name} has it.`, hint: callHint('path-elsewhere', null, other.version.name) };
  const trimmed = segments.filter((segment) => segment !== '');
  if (trimmed.length < segments.length && hasPath(version, trimmed)) return { code: 'operation_unknown', detail: `${sent} Without the empty segment or the slash at its end it exists: /${clip(trimmed.join('/'))}`, hint: callHint('path-slash', null, mayHoldSecret(trimmed.join('/')) ? null : `/${trimmed.join('/')}`) };
  const near = nearest(path, version.version.operations.map((operation) => operation.path)) ?? nearestTemplate(segments, version.version.operations);
  return { code: 'operation_unknown', detail: `${sent} ${near === undefined ? 'Find the operation in the reference and copy its path.' : `Did you mean ${near}?`}`, hint: callHint('path-unknown', path, near === undefined ? null : `${methodOf(version, near, call.head.method)} ${near}`) };
}

/** Compares what stands outside of the template's parameters, so that `/citys/4` is one letter from `/cities/{id}`. */
function nearestTemplate(segments: string[], operations: RoutedVersion['version']['operations']): string | undefined {
  const sent = segments.filter((segment) => segment !== '');
  return operations.slice(0, templatesMax).find(({ path }) => {
    const parts = path.split('/').slice(1);
    const isFixed = (_: string, place: number): boolean => !parts[place]!.startsWith('{');
    return parts.length === sent.length && parts.some(isFixed) && nearest(sent.filter(isFixed).join('/'), [parts.filter(isFixed).join('/')]) !== undefined;
  })?.path;
}

function methodOf(version: RoutedVersion, path: string, method: string): string {
  const methods = version.version.operations.filter((operation) => operation.path === path).map((operation) => operation.method);
  return methods.includes(method) ? method : (methods[0] ?? method);
}
