// Arithmetic of JSON Pointers (RFC 6901) and of $ref, without files or network.
import { posix } from 'node:path';

export function escapePointer(segment: string): string {
  return segment.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** `#/paths/~1a` or `/paths/~1a` to `['paths', '/a']`. Percent-encoding of the URI fragment is undone. */
export function pointerSegments(pointer: string): string[] {
  const fragment = pointer.startsWith('#') ? pointer.slice(1) : pointer;
  if (fragment === '' || fragment === '/') return [];
  return fragment.slice(1).split('/').map((segment) => decodeFragment(segment).replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value that a pointer names, or undefined. */
export function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const segment of pointerSegments(pointer)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Record<string, unknown>)[segment];
  }
  return value;
}

export function isUrl(file: string): boolean {
  return /^https?:\/\//i.test(file);
}

/** The file that a $ref in `base` points to, spelled as it stands in ContractSource.files; its fragment is dropped. */
export function resolveFile(base: string, reference: string): string {
  const target = reference.split('#', 1)[0]!;
  if (target === '') return normalFile(base);
  if (isUrl(target)) return normalFile(target);
  if (isUrl(base)) return new URL(target, base).href;
  if (target.startsWith('/')) return normalFile(target);
  return normalFile(posix.join(posix.dirname(base.replaceAll('\\', '/')), target));
}

/** One spelling per file: `./a/../b.yaml` is `b.yaml`. */
export function normalFile(file: string): string {
  return isUrl(file) ? new URL(file).href.split('#', 1)[0]! : posix.normalize(file.replaceAll('\\', '/'));
}

/** Every $ref in a parsed document that is text, with the pointer of the place. Ends at `valuesMax` values, answering undefined. */
export function findReferences(root: unknown, valuesMax: number): { pointer: string; reference: string }[] | undefined {
  const found: { pointer: string; reference: string }[] = [];
  const stack: { value: object; pointer: string }[] = typeof root === 'object' && root !== null ? [{ value: root, pointer: '' }] : [];
  let seen = 0;
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    for (const key of Object.keys(place.value)) {
      if (++seen > valuesMax) return undefined;
      const child: unknown = (place.value as Record<string, unknown>)[key];
      if (key === '$ref' && typeof child === 'string') found.push({ pointer: `${place.pointer}/$ref`, reference: child });
      else if (typeof child === 'object' && child !== null) stack.push({ value: child, pointer: `${place.pointer}/${escapePointer(key)}` });
    }
  }
  return found;
}

/** Follows local $refs until something else stands there. Undefined when a pointer leads nowhere or in a circle. */
export function follow(document: unknown, value: unknown): unknown {
  let current = value;
  for (let hops = 0; hops < 32; hops++) {
    const reference = referenceOf(current);
    if (reference === undefined) return current;
    if (!reference.startsWith('#')) return undefined;
    current = valueAt(document, reference);
  }
  return undefined;
}

export function referenceOf(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  return typeof value['$ref'] === 'string' ? value['$ref'] : undefined;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function decodeFragment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
