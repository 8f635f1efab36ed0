/** A path on this site, or `otherwise`: never an address that a browser could read as another host's. */
export function localPath(value: string | null, otherwise: string): string {
  // Browsers drop tabs and line breaks and read `\` as `/`, so that `/<tab>/host` is `//host` to them.
  if (value === null || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(value)) return otherwise;
  const url = URL.parse(value, 'http://own.invalid');
  return url?.origin === 'http://own.invalid' && !url.pathname.startsWith('//') ? url.pathname + url.search + url.hash : otherwise;
}
