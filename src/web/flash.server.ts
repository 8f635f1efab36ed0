// What an action has done, told on the page that it leads to: a cookie that lives until that page has read it.
import type { ToastMessage } from './ui/toast.tsx';

const textMax = 300;

/** Of a redirect: `redirect('/keys', { headers: { 'set-cookie': flashCookie('Key created.') } })`. */
export function flashCookie(text: string, tone: 'good' | 'bad' = 'good'): string {
  return `flash=${tone}.${encodeURIComponent(text.slice(0, textMax))}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax`;
}

export const clearFlash = 'flash=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax';

export function readFlash(request: Request): ToastMessage | undefined {
  const found = /(?:^|;\s*)flash=(good|bad)\.([^;]*)/.exec(request.headers.get('cookie') ?? '');
  if (!found) return undefined;
  try {
    return { tone: found[1] as 'good' | 'bad', text: decodeURIComponent(found[2]!).slice(0, textMax) };
  } catch {
    return undefined;
  }
}
