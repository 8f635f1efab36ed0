// What a reader who is not signed in carries from page to page: one sealed text per question, so that two tabs that answer at once lose nothing.
import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Progress } from '../../domain/learn-progress.ts';

const separator = '.';
const none = '-';

/** Letters, digits, hyphens, underscores and dots alone: nothing that a cookie would have to escape. */
export function sealProgress(secret: string, progress: Progress): string {
  const { set, item, fingerprint, tries, choice, right, doneAt, firstChoice, firstRight, firstAt } = progress;
  const text = [fingerprint, tries, choice ?? none, right ? 1 : 0, doneAt?.toString(36) ?? none, firstChoice ?? none, firstRight ? 1 : 0, firstAt.toString(36)].join(separator);
  return `${text}${separator}${sealOf(secret, set, item, text)}`;
}

/** Undefined for what was not sealed with this secret, for this question. */
export function unsealProgress(secret: string, { set, item, sealed }: { set: string; item: string; sealed: string }): Progress | undefined {
  const parts = /^([\w-]{1,32})\.(\d{1,6})\.(\d{1,2}|-)\.([01])\.([0-9a-z]{1,11}|-)\.(\d{1,2}|-)\.([01])\.([0-9a-z]{1,11})\.([\w-]{22})$/.exec(sealed);
  if (!parts) return undefined;
  const [, fingerprint, tries, choice, right, doneAt, firstChoice, firstRight, firstAt, seal] = parts as unknown as string[];
  const expected = sealOf(secret, set, item, sealed.slice(0, -seal!.length - 1));
  if (!timingSafeEqual(Buffer.from(seal!), Buffer.from(expected))) return undefined;
  const place = (text: string): number | null => (text === none ? null : Number(text));
  return {
    set, item, fingerprint: fingerprint!, tries: Number(tries), choice: place(choice!), right: right === '1', doneAt: doneAt === none ? null : Number.parseInt(doneAt!, 36),
    firstChoice: place(firstChoice!), firstRight: firstRight === '1', firstAt: Number.parseInt(firstAt!, 36),
  };
}

/** HMAC-SHA-256, its first 132 bits. */
function sealOf(secret: string, set: string, item: string, text: string): string {
  return createHmac('sha256', secret).update(`learn\n${set}\n${item}\n${text}`).digest('base64url').slice(0, 22);
}
