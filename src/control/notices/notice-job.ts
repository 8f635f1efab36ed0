// Looks for what developers should know that nobody did: limits that fill, keys and versions that end. Each pass may run again.
import { isRate } from '../../domain/limit.ts';
import type { ControlDeps } from '../deps.ts';
import type { LimitState } from '../services.ts';
import { listLimits } from '../usage/usage.ts';
import { writeNotices, type NewNotice } from './write-notice.ts';

const dayMs = 86_400_000;
const keyWarningMs = 7 * dayMs;
const usedWithinMs = 30 * dayMs;
const rowsMax = 1_000;
/** Days before a version's end at which who calls it is told; 0 is the end itself. */
const sunsetDays = [0, 1, 7, 30] as const;

type Deps = Pick<ControlDeps, 'database' | 'clock' | 'random'>;

/** Quotas of these consumers that are used to 80 % or to their end. */
export async function noticeLimits(deps: Deps, consumerIds: Iterable<string>): Promise<void> {
  for (const consumerId of consumerIds) {
    const states = await listLimits(deps.database.kysely, consumerId, deps.clock.now());
    await writeNotices(deps.database.kysely, deps, states.flatMap((state) => limitNotice(consumerId, state) ?? []));
  }
}

function limitNotice(consumerId: string, { limit, used, resetsAt, mode, subscriptionId, productName, productSlug, planName }: LimitState): NewNotice | undefined {
  if (isRate(limit) || used === null || used < limit.requests * 0.8) return undefined;
  const reached = used >= limit.requests;
  const whose = limit.name === 'unverified' ? consumerId : subscriptionId;
  return {
    consumerId, kind: reached ? 'limit.reached' : 'limit.near', occasion: `limit:${whose}:${mode}:${limit.name}:${limit.requests}:${resetsAt}:${reached ? 100 : 80}`,
    detail: { limit: limit.name, requests: limit.requests, used, resetsAt, mode, productName, productSlug, planName },
  };
}

/** Keys whose end is near or past, unless another took their place. */
export async function noticeKeys(deps: Deps): Promise<void> {
  const now = deps.clock.now();
  const keys = await deps.database.kysely
    .selectFrom('key')
    .select(['id', 'consumer_id', 'name', 'masked', 'expires_at', 'mode'])
    .where('origin', '=', 'own').where('revoked_at', 'is', null).where('replaced_by', 'is', null)
    .where('expires_at', '>', now - dayMs).where('expires_at', '<=', now + keyWarningMs)
    // A key made to live for a few days needs no warning at its birth.
    .where((eb) => eb.or([eb('expires_at', '<=', now), eb('created_at', '<', now - dayMs)]))
    .orderBy('expires_at').limit(rowsMax)
    .execute();
  await writeNotices(deps.database.kysely, deps, keys.map((key) => {
    const expired = key.expires_at! <= now;
    return { consumerId: key.consumer_id, kind: expired ? 'key.expired' : 'key.expiring', occasion: `key:${key.id}:${key.expires_at}:${expired ? 'past' : 'near'}`, detail: { keyId: key.id, name: key.name, masked: key.masked, expiresAt: key.expires_at, mode: key.mode } };
  }));
}

/** Versions that are deprecated, or whose end is near or just past: told to who called them in the last 30 days. */
export async function noticeVersions(deps: Deps): Promise<void> {
  const now = deps.clock.now();
  const { kysely } = deps.database;
  const versions = await kysely
    .selectFrom('version')
    .innerJoin('product', 'product.id', 'version.product_id')
    .select(['version.id', 'version.name', 'version.product_id', 'version.deprecated_at', 'version.sunset_at', 'version.successor', 'product.slug', 'product.name as product_name'])
    .where('product.removed_at', 'is', null)
    .where((eb) => eb.or([eb('version.deprecated_at', '<=', now), eb('version.sunset_at', '<=', now + 30 * dayMs)]))
    .limit(rowsMax)
    .execute();
  for (const version of versions) {
    const left = version.sunset_at === null ? null : version.sunset_at - now;
    const days = left === null || left < -7 * dayMs ? undefined : sunsetDays.find((days) => left <= days * dayMs);
    if (left !== null && left < -7 * dayMs) continue;
    const told = { productSlug: version.slug, productName: version.product_name, version: version.name, successor: version.successor, sunsetAt: version.sunset_at };
    const callers = await kysely
      .selectFrom('usage')
      .innerJoin('subscription', 'subscription.id', 'usage.subscription_id')
      .select('subscription.consumer_id').distinct()
      .where('subscription.product_id', '=', version.product_id).where('usage.version', '=', version.name).where('usage.hour', '>=', now - usedWithinMs)
      .execute();
    const notices = callers.map(({ consumer_id: consumerId }): NewNotice => days !== undefined
      ? { consumerId, kind: 'version.sunset', occasion: `sunset:${version.id}:${version.sunset_at}:${days}`, detail: { ...told, days } }
      : { consumerId, kind: 'version.deprecated', occasion: `deprecated:${version.id}:${version.deprecated_at}`, detail: told });
    await writeNotices(kysely, deps, notices);
  }
}
