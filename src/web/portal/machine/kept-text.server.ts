// Texts about the whole site are made once for each state of what strangers can read, and not for each who asks.
import { createHash } from 'node:crypto';
import type { Services } from '../../../control/services.ts';

interface KeptText { body: Uint8Array<ArrayBuffer>; etag: string }
interface Kept { fingerprint: string; made: Promise<KeptText | undefined> }

/** Names are few: three texts and the parts of a sitemap. */
const keptMax = 20;
const keptOf = new WeakMap<Services, Map<string, Kept>>();

/** Undefined where `make` knows no such text: that is not kept. */
export async function keptText(services: Services, name: string, make: () => Promise<string | undefined>): Promise<KeptText | undefined> {
  const fingerprint = await services.content.siteFingerprint();
  const texts = keptOf.get(services) ?? keptOf.set(services, new Map()).get(services)!;
  const known = texts.get(name);
  if (known?.fingerprint === fingerprint) return known.made;
  const made = make().then((text) => (text === undefined ? undefined : taggedText(text)));
  const kept = { fingerprint, made };
  const forget = (): void => { if (texts.get(name) === kept) texts.delete(name); };
  texts.delete(name);
  texts.set(name, kept);
  if (texts.size > keptMax) texts.delete(texts.keys().next().value!);
  made.then((text) => { if (!text) forget(); }, forget);
  return made;
}

function taggedText(text: string): KeptText {
  const body = new TextEncoder().encode(text);
  return { body, etag: `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"` };
}

/** The whole answer; who names its tag gets a 304 from the web server. */
export function textResponse({ body, etag }: KeptText, contentType: string): Response {
  return new Response(body, { headers: { 'content-type': contentType, etag, 'content-length': String(body.length) } });
}
