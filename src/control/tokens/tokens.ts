import type { ControlDeps } from '../deps.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { listProductRows, productConfigOf } from '../products/product-rows.ts';
import type { Tokens } from '../services.ts';
import { issueToken } from './issue-token.ts';
import { publicKeys, signingPeriod } from './signing-key.ts';

export function createTokens(deps: ControlDeps, gateways: Gateways): Tokens {
  const { clock, database, secret } = deps;
  let published = signingPeriod(clock.now());
  return {
    issue: async (input) => {
      const issued = await issueToken(deps, input);
      // Gateways know the key of a period when it begins. This tells them of the one after it.
      if ('token' in issued && signingPeriod(clock.now()) !== published) {
        published = signingPeriod(clock.now());
        await gateways.publishSnapshot();
      }
      return issued;
    },
    findKeys: async () => {
      const taken = (await listProductRows(database.kysely)).some((row) => productConfigOf(row).policies.tokens?.own);
      return taken ? publicKeys(secret, clock.now()) : undefined;
    },
  };
}
