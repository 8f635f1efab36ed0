/** The language of code samples that the reader chose last; '' when they never did. */
export function readLanguage(request: Request): string {
  return /(?:^|;\s*)language=([a-z]{1,20})(?:;|$)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? '';
}
