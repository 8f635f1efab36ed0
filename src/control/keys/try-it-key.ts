// The one key that is shown more than once: a test key of an hour for the portal's samples and its try-it form.
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import { recordCredentialChanges } from '../gateways/credential-log.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { subscribeConsumer } from '../subscriptions/subscribe-consumer.ts';
import { getVisibleProduct } from '../products/visible-product.ts';
import type { Keys } from '../services.ts';
import { writeKey } from './write-key.ts';

const lifetimeMs = 3_600_000;
/** A page gets a key that lasts at least this long. */
const leastMs = 600_000;
const perDeveloperMax = 10;
const rememberedMax = 10_000;

interface Minted { id: string; key: string; expiresAt: number }

/** Keys are remembered in memory only, so that a developer's pages share one while it lasts. */
export function createTryItKeys(deps: ControlDeps, gateways: Gateways): Keys['mintTryIt'] {
  const minted = new Map<string, Minted>();

  return async (actor, { productSlug }) => {
    if (actor.kind !== 'developer') throw new AppError('role_forbids', 'Only a signed-in developer can try calls from these pages.');
    const product = await getVisibleProduct(deps.database.kysely, actor, productSlug);
    if (product.test_upstream === null) throw new AppError('mode_forbidden', `"${product.slug}" has no test mode, so its pages offer no key.`);
    const name = `${actor.developerId} ${product.id}`;
    const known = minted.get(name);
    if (known && known.expiresAt - deps.clock.now() >= leastMs && (await works(deps.database.kysely, known.id))) return { key: known.key, expiresAt: known.expiresAt };

    const fresh = await deps.database.transaction(async (query): Promise<Minted> => {
      await forgetOldTryItKeys(deps, query, actor.developerId);
      await refuseAfterEnd(query, actor.consumerId, product);
      const subscription = await subscribeConsumer(deps, query, { consumerId: actor.consumerId, product, planSlug: undefined, actor, byProducer: false });
      const expiresAt = deps.clock.now() + lifetimeMs;
      const key = await writeKey(deps, query, { consumerId: actor.consumerId, developerId: actor.developerId, name: 'Try it', mode: 'test', origin: 'try-it', expiresAt, scopes: null, addresses: null, subscriptionIds: [subscription.id] });
      return { ...key, expiresAt };
    });
    await gateways.credentialsChanged();
    minted.delete(name);
    minted.set(name, fresh);
    if (minted.size > rememberedMax) minted.delete(minted.keys().next().value!);
    return { key: fresh.key, expiresAt: fresh.expiresAt };
  };
}

/** A page may begin a consumer's first subscription to the default plan, but never one after another has ended. */
async function refuseAfterEnd(query: Query, consumerId: string, product: { id: string; slug: string; name: string }): Promise<void> {
  const states = await query.selectFrom('subscription').select('state').where('consumer_id', '=', consumerId).where('product_id', '=', product.id).execute();
  if (states.length === 0 || states.some(({ state }) => state !== 'ended')) return;
  throw new AppError('subscription_inactive', `Your subscription to ${product.name} has ended. Choose a plan on its page to try calls here.`);
}

async function works(query: Query, keyId: string): Promise<boolean> {
  return (await query.selectFrom('key').select('id').where('id', '=', keyId).where('revoked_at', 'is', null).executeTakeFirst()) !== undefined;
}

/** Of a developer who signs out or leaves, inside the caller's transaction. Answers true when the gateways must hear of it. */
export async function endTryItKeys(query: Query, { developerId, now }: { developerId: string; now: number }): Promise<boolean> {
  const keys = await query.deleteFrom('key').where('developer_id', '=', developerId).where('origin', '=', 'try-it').returning('id').execute();
  await recordCredentialChanges(query, keys.map(({ id }) => id), now);
  return keys.length > 0;
}

/** Expired ones go, and the oldest beyond what one developer needs. */
async function forgetOldTryItKeys({ clock }: Pick<ControlDeps, 'clock'>, query: Query, developerId: string): Promise<void> {
  const now = clock.now();
  const keys = await query.selectFrom('key').select(['id', 'expires_at']).where('developer_id', '=', developerId).where('origin', '=', 'try-it').orderBy('id', 'desc').execute();
  const old = keys.filter((key, index) => (key.expires_at ?? 0) <= now || index >= perDeveloperMax - 1).map(({ id }) => id);
  if (old.length === 0) return;
  await query.deleteFrom('key').where('id', 'in', old).execute();
  await recordCredentialChanges(query, old, now);
}
