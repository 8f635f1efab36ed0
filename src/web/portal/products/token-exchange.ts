/** How a key becomes a token, for a shell in which id and key are set. */
export function tokenExchange(webUrl: string): string {
  return ['curl -u "$KEY_ID:$KEY"', '-d grant_type=client_credentials', `${webUrl.replace(/\/+$/, '')}/oauth/token`].join(' \\\n  ');
}
