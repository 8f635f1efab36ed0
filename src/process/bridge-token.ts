import { createHmac } from 'node:crypto';

/** What a gateway shows to control: both know the secret of the data folder. */
export function bridgeToken(secret: string): string {
  return createHmac('sha256', secret).update('portico bridge').digest('base64url');
}
