/** True for `localhost` and for every address of this machine alone, bracketed or not, also as IPv6 writes an IPv4 one. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\]|::ffff:127(\.\d{1,3}){3})$/i.test(host);
}
