import type { Query } from '../../store/database.ts';
import type { ControlDeps } from '../deps.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { listProductRows, productConfigOf } from '../products/product-rows.ts';
import type { Tokens } from '../services.ts';
import { followIssuerKeys } from './issuer-keys.ts';
import { issueToken } from './issue-token.ts';
import { publicKeys, signingPeriod } from './signing-key.ts';
import { bindToken, listTokenBindings, unbindToken } from './token-bindings.ts';

export interface OpenTokens extends Tokens {
  close(): Promise<void>;
}

export function createTokens(deps: ControlDeps, gateways: Gateways): OpenTokens {
  const { clock, database, secret } = deps;
  let published = signingPeriod(clock.now());
  const issuerKeys = followIssuerKeys(deps, gateways);
  /** Answers once the gateways know. */
  async function confirmed<T extends object>(work: (query: Query) => Promise<T>): Promise<T & { unconfirmed: string[] }> {
    const answer = await database.transaction(work);
    return { ...answer, ...(await gateways.credentialsChanged()) };
  }
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
    bind: (actor, input) => confirmed((query) => bindToken(deps, query, actor, input)),
    unbind: (actor, id) => confirmed((query) => unbindToken(deps, query, actor, id)),
    listBindings: (actor, input) => listTokenBindings(database.kysely, actor, input),
    close: () => issuerKeys.close(),
  };
}
