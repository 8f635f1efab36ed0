// Roll and revoke, from the list of keys and from the page of one.
import type { Services } from '../../../control/services.ts';
import { runOnce } from '../../once.server.ts';
import { text, type DeveloperActor } from '../../page.server.ts';
import { texts } from '../../texts.ts';
import { formatTime } from '../../ui/format-time.ts';
import { formatCount } from '../../ui/number.ts';

const words = texts.dashboard.keys;

export interface KeyDone { made?: { key: string; name: string; note?: string }; done?: string; problem?: undefined }

export async function rollKey(services: Services, actor: DeveloperActor, form: FormData, id: string): Promise<KeyDone> {
  const { key, summary, previousExpiresAt } = await runOnce(actor.developerId, text(form, 'once'), () => services.keys.roll(actor, { id, overlapMs: Number(text(form, 'overlap')) || 0 }));
  return { made: { key, name: summary.name, note: words.previousUntil(formatTime(previousExpiresAt, { seconds: true })) } };
}

export async function revokeKey(services: Services, actor: DeveloperActor, id: string): Promise<KeyDone> {
  const { masked, unconfirmed } = await services.keys.revoke(actor, { id });
  return { done: unconfirmed.length === 0 ? words.wasRevoked(masked) : words.wasRevokedPartly(masked, formatCount(unconfirmed.length)) };
}

export async function createKey(services: Services, actor: DeveloperActor, form: FormData, more: { expiresAt?: number; scopes?: string[]; addresses?: string[] } = {}): Promise<KeyDone> {
  const productSlug = text(form, 'product');
  const input = { consumerId: actor.consumerId, name: text(form, 'name') || words.unnamed, mode: form.get('mode') === 'live' ? 'live' as const : 'test' as const, ...(productSlug && { productSlug }), ...more };
  const { key, summary, unconfirmed } = await runOnce(actor.developerId, text(form, 'once'), () => services.keys.create(actor, input));
  return { made: { key, name: summary.name, ...(unconfirmed.length > 0 && { note: words.unconfirmed }) } };
}
