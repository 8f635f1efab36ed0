import type { ControlDeps } from '../deps.ts';
import { readSetting, writeSetting } from '../configuration/setting.ts';
import { compileSnapshot } from '../../snapshot/compile.ts';
import type { Snapshot } from '../../snapshot/snapshot.ts';
import { hashKey } from '../../domain/key.ts';
import { sampleKey } from '../documentation/sample-key.ts';
import { readIssuerKeys } from '../tokens/issuer-keys.ts';
import { publicKeys } from '../tokens/signing-key.ts';
import { loadCompileProducts } from './compile-input.ts';

/** Reads the store as one cut, compiles it and keeps the next version number, which is above `above` and every earlier one. */
export async function buildSnapshot({ database, clock, config, secret }: Pick<ControlDeps, 'database' | 'clock' | 'config' | 'secret'>, above = 0): Promise<Snapshot> {
  const { version, products, issuerKeys } = await database.transaction(async (query) => {
    const version = Math.max((await readSetting<number>(query, 'snapshot-version')) ?? 0, above) + 1;
    await writeSetting(query, 'snapshot-version', version);
    return { version, products: await loadCompileProducts(query), issuerKeys: await readIssuerKeys(query) };
  });
  const now = clock.now();
  return compileSnapshot({ version, publishedAt: now, webUrl: config.webUrl, gatewayUrl: config.gatewayUrl, sampleKeyHash: hashKey(sampleKey(secret)), tokenKeys: publicKeys(secret, now), issuerKeys, products });
}
