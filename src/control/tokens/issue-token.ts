// Enters: a key in the role of a client's id and secret. Leaves: a token for an hour (RFC 9068), or why there is none.
import { Buffer } from 'node:buffer';
import { sign } from 'node:crypto';
import { hashKey, parseKey } from '../../domain/key.ts';
import { accessTokenType, keyHashClaim, tokenLifeMs } from '../../domain/token.ts';
import type { Query } from '../../store/database.ts';
import { countAttempt, requireAttemptsLeft } from '../accounts/attempts.ts';
import type { ControlDeps } from '../deps.ts';
import { keyState } from '../keys/key-rows.ts';
import { listProductRows, productConfigOf } from '../products/product-rows.ts';
import type { Tokens } from '../services.ts';
import { signingKey, signingPeriod } from './signing-key.ts';

type Deps = Pick<ControlDeps, 'config' | 'secret' | 'database' | 'clock' | 'random'>;
type Issued = Awaited<ReturnType<Tokens['issue']>>;

export async function issueToken(deps: Deps, { clientId, clientSecret, resource, address }: Parameters<Tokens['issue']>[0]): Promise<Issued> {
  const { clock, config, database } = deps;
  await requireAttemptsLeft(deps, 'token-address', address);
  const key = await findKey(database.kysely, clientId, clientSecret);
  const now = clock.now();
  if (!key || keyState(key, now) !== 'active' || key.blocked_at !== null) {
    const why = !key ? 'This is no key of this id: `client_id` is the id of a key, and `client_secret` the key itself.' : key.blocked_at !== null ? 'The account of this key is blocked.' : `This key is ${keyState(key, now)}.`;
    await countAttempt(deps, 'token-address', address);
    return { refused: 'invalid_client', detail: why };
  }
  const slugs = await listTokenProducts(database.kysely, key.id);
  if (slugs.length === 0) return { refused: 'unauthorized_client', detail: 'No product that this key opens takes tokens. Send the key itself.' };
  const gateway = config.gatewayUrl.replace(/\/+$/, '');
  const audience = resource === null ? gateway : resource.replace(/\/+$/, '');
  const places = [gateway, ...slugs.map((slug) => `${gateway}/${slug}`)];
  if (!places.includes(audience)) return { refused: 'invalid_target', detail: `With this key, \`resource\` may be ${places.join(', ')}; or leave it out.` };
  const expiresAt = Math.floor(Math.min(now + tokenLifeMs, key.expires_at ?? Infinity) / 1000);
  const issuedAt = Math.floor(now / 1000);
  const token = signed(deps, {
    iss: config.webUrl.replace(/\/+$/, ''), sub: key.id, client_id: key.id, aud: audience, iat: issuedAt, exp: expiresAt, jti: deps.random(16).toString('base64url'), [keyHashClaim]: Buffer.from(key.hash, 'hex').toString('base64url'),
  });
  return { token, lifeMs: (expiresAt - issuedAt) * 1000 };
}

async function findKey(query: Query, id: string, key: string) {
  if (!parseKey(key)) return undefined;
  return query
    .selectFrom('key')
    .innerJoin('consumer', 'consumer.id', 'key.consumer_id')
    .select(['key.id', 'key.hash', 'key.revoked_at', 'key.expires_at', 'consumer.blocked_at'])
    .where('key.hash', '=', hashKey(key))
    .where('key.id', '=', id)
    .where('key.origin', '=', 'own')
    .executeTakeFirst();
}

/** Slugs of the products that the key opens and that take tokens. */
async function listTokenProducts(query: Query, keyId: string): Promise<string[]> {
  const links = await query
    .selectFrom('key_subscription')
    .innerJoin('subscription', 'subscription.id', 'key_subscription.subscription_id')
    .select('subscription.product_id')
    .where('key_subscription.key_id', '=', keyId)
    .where('subscription.state', '!=', 'ended')
    .execute();
  const opened = new Set(links.map(({ product_id: id }) => id));
  return (await listProductRows(query)).filter((row) => opened.has(row.id) && productConfigOf(row).policies.tokens?.own).map(({ slug }) => slug);
}

/** RFC 7515 section 7.1. */
function signed({ secret, clock }: Deps, claims: Record<string, unknown>): string {
  const { kid, privateKey } = signingKey(secret, signingPeriod(clock.now()));
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${encode({ alg: 'EdDSA', typ: accessTokenType, kid })}.${encode(claims)}`;
  return `${text}.${sign(null, Buffer.from(text), privateKey).toString('base64url')}`;
}
