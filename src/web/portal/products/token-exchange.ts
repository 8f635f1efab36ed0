/** How a key becomes a token, as a line that works in any shell once id and key are in it. */
export function tokenExchange(webUrl: string): string {
  return `curl -u "$KEY_ID:$KEY" -d grant_type=client_credentials ${webUrl.replace(/\/+$/, '')}/oauth/token`;
}
