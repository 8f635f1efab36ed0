// The public keys of issuers that give an address for them: asked now and then, the last good ones kept in the store and in each snapshot.
import { Buffer } from 'node:buffer';
import { publicKeysOf, type PublicJwk } from '../../domain/token.ts';
import type { Query } from '../../store/database.ts';
import { readSetting, writeSetting } from '../configuration/setting.ts';
import type { ControlDeps } from '../deps.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { listProductRows, productConfigOf } from '../products/product-rows.ts';

const setting = 'token-issuer-keys';
/** How often an address is asked that answers, and one that does not. */
const refreshMs = 300_000;
const retryMs = 60_000;
const timeoutMs = 10_000;
const bytesMax = 262_144;
const addressesMax = 100;

export type KnownIssuerKeys = Record<string, PublicJwk[]>;

export async function readIssuerKeys(query: Query): Promise<KnownIssuerKeys> {
  return (await readSetting<KnownIssuerKeys>(query, setting)) ?? {};
}

export interface IssuerKeyFollower {
  /** Asks what is due; answers once that is done. */
  look(): Promise<void>;
  close(): Promise<void>;
}

/** Publishes a snapshot when keys have changed. */
export function followIssuerKeys(deps: Pick<ControlDeps, 'database' | 'clock' | 'log'>, gateways: Pick<Gateways, 'publishSnapshot' | 'onPublished'>): IssuerKeyFollower {
  const { database, clock, log } = deps;
  const dueAt = new Map<string, number>();
  const stopping = new AbortController();
  let looking: Promise<void> = Promise.resolve();

  async function lookOnce(): Promise<void> {
    if (stopping.signal.aborted) return;
    const addresses = await listAddresses(database.kysely);
    const known = await readIssuerKeys(database.kysely);
    const fresh: KnownIssuerKeys = Object.fromEntries(Object.entries(known).filter(([address]) => addresses.includes(address)));
    for (const address of addresses) {
      if ((dueAt.get(address) ?? 0) > clock.now()) continue;
      try {
        fresh[address] = await fetchKeys(address, stopping.signal);
        dueAt.set(address, clock.now() + refreshMs);
      } catch (error) {
        if (stopping.signal.aborted) return;
        dueAt.set(address, clock.now() + retryMs);
        log.warn({ address, reason: reasonOf(error), kept: fresh[address]?.length ?? 0 }, 'the public keys of an issuer of tokens could not be read: those known before are kept');
      }
    }
    if (JSON.stringify(fresh) === JSON.stringify(known)) return;
    await writeSetting(database.kysely, setting, fresh);
    if (addresses.some((address) => JSON.stringify(fresh[address]) !== JSON.stringify(known[address]))) await gateways.publishSnapshot();
  }

  const look = (): Promise<void> => {
    looking = looking.then(lookOnce).catch((error: unknown) => log.error({ err: error }, 'the issuers of tokens could not be looked after'));
    return looking;
  };
  const forget = gateways.onPublished(() => void look());
  const timer = setInterval(() => void look(), retryMs).unref();
  void look();
  return {
    look,
    close: async () => {
      forget();
      clearInterval(timer);
      stopping.abort();
      await looking;
    },
  };
}

async function listAddresses(query: Query): Promise<string[]> {
  const issuers = (await listProductRows(query)).flatMap((row) => productConfigOf(row).policies.tokens?.issuers ?? []);
  return [...new Set(issuers.flatMap(({ jwks }) => ('url' in jwks ? [jwks.url] : [])))].slice(0, addressesMax);
}

async function fetchKeys(address: string, stopping: AbortSignal): Promise<PublicJwk[]> {
  const answer = await fetch(address, { redirect: 'error', headers: { accept: 'application/jwk-set+json, application/json' }, signal: AbortSignal.any([stopping, AbortSignal.timeout(timeoutMs)]) });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new Error(`it answers more than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  if (!answer.ok) throw new Error(`it answers ${answer.status}`);
  const keys = publicKeysOf(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  if (keys.length === 0) throw new Error('it has no public key that verifies tokens');
  return keys;
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
