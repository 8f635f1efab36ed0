// The key of the documentation's samples: in the snapshot, and in no table of keys.
import { hashText, type Credential } from '../shared/credential-table.ts';

export interface SampleAccess {
  /** SHA-256 of the key: 32 characters, one for each octet. */
  hash: string;
  credential: Credential;
}

/** Opens the test mode of every product. It has no subscription, so nothing of it can be metered or limited. */
export function compileSampleAccess(hashHex: string | undefined): SampleAccess | null {
  if (hashHex === undefined || !/^[0-9a-f]{64}$/.test(hashHex)) return null;
  return {
    hash: hashText(hashHex),
    credential: {
      keyId: 'key_sample', masked: 'sample_test_...', mode: 'test', origin: 'sample', state: 'active', revokedAt: null, expiresAt: null, consumerId: '', developerId: '', unverified: false,
      scopes: null, addresses: null, subscriptions: [], slots: [], consumerSlot: 0, allowed: null, scopeSet: null, spendCaps: null,
    },
  };
}
