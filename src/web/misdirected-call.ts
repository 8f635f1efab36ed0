// A call of the API that went to the portal's address: answered as the gateway answers, with the address that was meant.
import { mayHoldSecret } from '../domain/call-hint.ts';
import { errorCatalogue } from '../errors.ts';

/** Programs that want no page: browsers name text/html when they open an address, and say where a script's request comes from. */
export function isProgram(request: Request): boolean {
  const { headers } = request;
  return !(headers.get('accept') ?? '').includes('text/html') && !headers.has('sec-fetch-site') && !headers.has('origin') && !new URL(request.url).pathname.endsWith('.data');
}

/** A key in a header that only the gateway reads. */
export function carriesKey(request: Request): boolean {
  return request.headers.has('x-api-key') || /(?:^|\s)[a-z0-9]{1,32}_(?:live|test)_/.test(request.headers.get('authorization') ?? '');
}

/** Pages answer 404, and forms that come from no page 403 or 405. */
export function leadsNowhere(request: Request, status: number): boolean {
  return status === 404 || (request.method !== 'GET' && request.method !== 'HEAD' && (status === 403 || status === 405));
}

/** What the call would have reached at the gateway. */
export function gatewayAddress(request: Request, gatewayUrl: string): string {
  const { pathname } = new URL(request.url);
  return mayHoldSecret(pathname) ? gatewayUrl : gatewayUrl + pathname;
}

export function misdirectedAnswer({ address, webUrl, requestId }: { address: string; webUrl: string; requestId: string }): Response {
  const { status, title } = errorCatalogue.no_route;
  const detail = `This address is the portal's, which only shows pages. The API answers at the gateway: ${address}`;
  return Response.json({ type: `${webUrl}/errors/no_route`, title, status, detail, code: 'no_route', requestId }, { status, headers: { 'content-type': 'application/problem+json' } });
}
