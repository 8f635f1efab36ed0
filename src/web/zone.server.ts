/** The IANA zone of the reader, from the cookie that their script set; UTC when there is none or it names no zone. */
export function readZone(request: Request): string {
  const named = /(?:^|;\s*)zone=([\w%/+-]{1,80})/.exec(request.headers.get('cookie') ?? '')?.[1];
  if (named === undefined) return 'UTC';
  try {
    return new Intl.DateTimeFormat('en', { timeZone: decodeURIComponent(named) }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}
