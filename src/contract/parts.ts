// A bundled document in pieces that can be read one by one, and a document put together from some of them.
import { escapePointer, isObject, pointerSegments } from './reference.ts';

/** `pointer` names where the piece stands; '' is what remains when every other piece is taken out. */
export interface DocumentPart { pointer: string; json: string }

/** Maps whose entries are pieces of their own. Whatever else is larger than this many characters is a piece as a whole. */
const maps = ['paths', 'webhooks', 'x-webhooks'];
const largeCharacters = 16_384;

/** Each path item, webhook and component by its JSON pointer, and the rest under ''. */
export function splitDocument(document: Record<string, unknown>): DocumentPart[] {
  const parts: DocumentPart[] = [];
  const rest: Record<string, unknown> = {};
  const takeEntries = (pointer: string, entries: Record<string, unknown>): void => {
    for (const [name, value] of Object.entries(entries)) parts.push({ pointer: `${pointer}/${escapePointer(name)}`, json: JSON.stringify(value) });
  };
  for (const [key, value] of Object.entries(document)) {
    if (!isObject(value)) rest[key] = value;
    else if (maps.includes(key)) {
      rest[key] = {};
      takeEntries(`/${key}`, value);
    } else if (key === 'components') {
      rest[key] = Object.fromEntries(Object.entries(value).map(([kind, entries]) => {
        if (!isObject(entries)) return [kind, entries];
        takeEntries(`/components/${escapePointer(kind)}`, entries);
        return [kind, {}];
      }));
    } else {
      const json = JSON.stringify(value);
      if (json.length > largeCharacters) parts.push({ pointer: `/${escapePointer(key)}`, json });
      else rest[key] = value;
    }
  }
  return [{ pointer: '', json: JSON.stringify(rest) }, ...parts];
}

/** The document as far as the given pieces hold it. Entries come in the order of the pieces. */
export function joinParts(parts: readonly DocumentPart[]): Record<string, unknown> {
  const root = JSON.parse(parts.find(({ pointer }) => pointer === '')?.json ?? '{}') as Record<string, unknown>;
  for (const { pointer, json } of parts) {
    if (pointer === '') continue;
    const segments = pointerSegments(pointer);
    let holder = root;
    for (const segment of segments.slice(0, -1)) {
      const next = own(holder, segment);
      holder = isObject(next) ? next : define(holder, segment, {}) as Record<string, unknown>;
    }
    define(holder, segments.at(-1)!, JSON.parse(json));
  }
  return root;
}

/** The piece that a pointer into the document leads to or into; undefined for the rest. */
export function partOf(pointer: string): string | undefined {
  const segments = pointerSegments(pointer);
  const length = segments[0] === 'components' ? 3 : maps.includes(segments[0] ?? '') ? 2 : 1;
  return segments.length < length ? undefined : segments.slice(0, length).map((segment) => `/${escapePointer(segment)}`).join('');
}

/** The pieces that a piece refers to. */
export function partsReferredTo(json: string): string[] {
  const found = new Set<string>();
  for (const [, text] of json.matchAll(/"\$ref":("#(?:[^"\\]|\\.)*")/g)) {
    const part = partOf(JSON.parse(text!) as string);
    if (part !== undefined) found.add(part);
  }
  return [...found];
}

function own(holder: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(holder, name) ? holder[name] : undefined;
}

/** Also for the name `__proto__`. */
function define(holder: Record<string, unknown>, name: string, value: unknown): unknown {
  Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
  return value;
}
