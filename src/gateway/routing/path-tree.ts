// Path templates of one version as a tree of segments. Literals come before partial templates such as `{a}.{b}`, and these
// before whole parameters (OpenAPI: concrete definitions are matched before their templated counterparts).
import type { SnapshotOperation } from '../../snapshot/snapshot.ts';

export interface RoutedOperation {
  operation: SnapshotOperation;
  enumParameters: Set<string>;
}

export interface PathNode {
  literals: Map<string, PathNode>;
  partials: { pattern: RegExp; literalLength: number; source: string; node: PathNode }[];
  parameter: PathNode | null;
  /** By method, upper case. */
  operations: Map<string, RoutedOperation>;
}

/** @param segments decoded */
export interface PathMatch {
  operation: RoutedOperation | null;
  /** Methods of every template that matches, when none has the method asked for. */
  allowed: string[];
}

export function buildPathTree(operations: readonly SnapshotOperation[]): PathNode {
  const root = emptyNode();
  for (const operation of operations) {
    let node = root;
    for (const segment of operation.path.replace(/^\//, '').split('/')) node = childFor(node, segment);
    const method = operation.method.toUpperCase();
    if (!node.operations.has(method)) node.operations.set(method, { operation, enumParameters: new Set(operation.enumParameters) });
  }
  return root;
}

/** HEAD is answered by GET where a path has no HEAD of its own. @param from how many segments stand before the template */
export function matchPath(root: PathNode, segments: readonly string[], method: string, from = 0): PathMatch {
  const operation = walk(root, segments, from, method);
  if (operation) return { operation, allowed: none };
  const allowed = new Set<string>();
  collect(root, segments, from, allowed);
  if (allowed.has('GET')) allowed.add('HEAD');
  return { operation: null, allowed: [...allowed].sort() };
}

const none: string[] = [];

function walk(node: PathNode, segments: readonly string[], at: number, method: string): RoutedOperation | null {
  if (at === segments.length) return node.operations.get(method) ?? (method === 'HEAD' ? node.operations.get('GET') : undefined) ?? null;
  const segment = segments[at]!;
  const literal = node.literals.get(segment);
  const viaLiteral = literal ? walk(literal, segments, at + 1, method) : null;
  if (viaLiteral) return viaLiteral;
  for (const partial of node.partials) {
    const viaPartial = partial.pattern.test(segment) ? walk(partial.node, segments, at + 1, method) : null;
    if (viaPartial) return viaPartial;
  }
  return node.parameter && segment !== '' ? walk(node.parameter, segments, at + 1, method) : null;
}

/** The methods of every template that matches. */
function collect(node: PathNode, segments: readonly string[], at: number, allowed: Set<string>): void {
  if (at === segments.length) {
    for (const method of node.operations.keys()) allowed.add(method);
    return;
  }
  const segment = segments[at]!;
  const literal = node.literals.get(segment);
  if (literal) collect(literal, segments, at + 1, allowed);
  for (const partial of node.partials) if (partial.pattern.test(segment)) collect(partial.node, segments, at + 1, allowed);
  if (node.parameter && segment !== '') collect(node.parameter, segments, at + 1, allowed);
}

function childFor(node: PathNode, segment: string): PathNode {
  if (/^\{[^{}]+\}$/.test(segment)) return (node.parameter ??= emptyNode());
  if (/\{[^{}]+\}/.test(segment)) return partialFor(node, segment);
  const literal = decodeSegment(segment);
  const known = node.literals.get(literal);
  if (known) return known;
  const made = emptyNode();
  node.literals.set(literal, made);
  return made;
}

function partialFor(node: PathNode, segment: string): PathNode {
  const parts = segment.split(/\{[^{}]+\}/).map(decodeSegment);
  const source = `^${parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('([^]+?)')}$`;
  const known = node.partials.find((partial) => partial.source === source);
  if (known) return known.node;
  const made = { pattern: new RegExp(source), literalLength: parts.join('').length, source, node: emptyNode() };
  node.partials.push(made);
  node.partials.sort((a, b) => b.literalLength - a.literalLength);
  return made.node;
}

function emptyNode(): PathNode {
  return { literals: new Map(), partials: [], parameter: null, operations: new Map() };
}

/** Percent-decoded; octets that are no UTF-8 stay as they are. */
export function decodeSegment(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
