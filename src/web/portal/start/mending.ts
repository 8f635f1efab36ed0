// Why a call failed and how to mend it, from the most exact that is known: what was sent, the gateway's code, the upstream's status.
import { errorCatalogue } from '../../../errors.ts';
import { texts } from '../../texts.ts';
import type { SeenCall } from './call-watch.server.ts';

export interface Mending { what: string; steps: string[] }

/** `keyPrefix` is that of this portal's keys. */
export function mendingOf(call: Pick<SeenCall, 'status' | 'code' | 'hint' | 'upstream' | 'keyMasked'>, { keyPrefix, verified }: { keyPrefix: string; verified: boolean }): Mending {
  const { status, code, hint, keyMasked } = call;
  const words = texts.firstCall;
  if (hint) {
    const { mistake, sent, expected } = hint;
    const steps = [
      ...(mistake === 'key-of-others' && sent !== keyPrefix ? [words.portalPrefix(keyPrefix)] : []),
      ...(/^(?:key(?!-mode)|scheme|placeholder|not-a-key|product|tls|portal)/.test(mistake) ? [words.copyAbove] : []),
    ];
    return { what: words.mistakes[mistake](sent, expected), steps };
  }
  const entry = code !== null && code in errorCatalogue ? errorCatalogue[code as keyof typeof errorCatalogue] : undefined;
  if (!entry) return { what: words.upstreamTitle(status), steps: [status < 500 ? words.upstreamRefused : words.upstreamFailed] };
  const named = keyMasked !== null && code !== null && Object.hasOwn(words.ofKey, code) ? words.ofKey[code]!(keyMasked) : `${entry.title}.`;
  return { what: named, steps: [...(code === 'quota_exhausted' && !verified ? [words.verifyFirst] : []), ...entry.mend] };
}
