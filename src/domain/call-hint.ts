export const mistakes = [
  'key-absent', 'key-empty', 'scheme-alone', 'scheme-absent', 'scheme-wrong', 'key-in-query', 'key-in-header', 'key-in-path',
  'placeholder', 'key-quoted', 'key-spaced', 'scheme-twice', 'not-a-key', 'key-shortened', 'key-lengthened', 'key-characters', 'key-mode-changed', 'key-changed', 'key-of-others',
  'product-absent', 'product-unknown', 'version-absent', 'version-unknown', 'version-header-unknown',
  'path-elsewhere', 'path-slash', 'path-unknown', 'method-other', 'tls', 'portal-address',
] as const;
export type Mistake = (typeof mistakes)[number];

/**
 * What a refused call got wrong, so that the page that waits for a first call can say how to mend it. Never holds a credential:
 * `sent` and `expected` are names, scheme words, paths and counts, at most 80 characters each.
 */
export interface CallHint { mistake: Mistake; sent: string | null; expected: string | null }

const textMax = 80;
/** Long runs of what keys and tokens are made of: a path or a header name may hold a secret by mistake. */
const mayBeSecret = /_(?:live|test)_|[0-9A-Za-z+_-]{24,}/;

export function mayHoldSecret(text: string): boolean {
  return mayBeSecret.test(text);
}

export function callHint(mistake: Mistake, sent: string | null = null, expected: string | null = null): CallHint {
  return { mistake, sent: sent === null || mayHoldSecret(sent) ? null : clip(sent), expected: expected === null ? null : clip(expected) };
}

function clip(text: string): string {
  return text.length > textMax ? `${text.slice(0, textMax - 3)}...` : text;
}
