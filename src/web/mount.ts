// Enters: a request of a browser and the services of control. Leaves: the page, with its security headers.
// Runs unbundled; the pages themselves come from the build folder.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RouterContext, ServerBuild } from 'react-router';
import type { Config } from '../config.ts';
import { AppError } from '../errors.ts';
import type { Person, Services } from '../control/services.ts';
import type { DrawCard, WebContext } from './context.ts';
import { carriesKey, gatewayAddress, isProgram, leadsNowhere, misdirectedAnswer } from './misdirected-call.ts';
import { readViewing } from './viewing.server.ts';

export interface WebMount {
  /** Answers every page. `requestId` is the one that the server logs; made here when absent. */
  handle(request: Request, context: { nonce: string; clientAddress: string; requestId?: string }): Promise<Response>;
  /** Folder to serve under /assets; its file names carry hashes, so it may be cached for ever. */
  assets: string;
}

export interface MountWebOptions {
  /** Holds `server/index.js` and `client/assets`, as `react-router build` leaves them. */
  buildFolder: string;
  services: Services;
  /** Draws the pictures of links, away from the thread that answers. */
  drawCard: DrawCard;
  config: Pick<Config, 'webUrl' | 'gatewayUrl'>;
  /** Shows details of faults on the page. */
  development?: boolean;
  onFault?: (error: unknown, requestId: string) => void;
}

/** Loads the built pages and answers how to serve them. */
export async function mountWeb(options: MountWebOptions): Promise<WebMount> {
  // React reads NODE_ENV when it is loaded: so it is loaded here, and not before the caller has settled it.
  const { createRequestHandler, RouterContextProvider } = await import('react-router');
  const pages = join(options.buildFolder, 'server/index.js');
  if (!existsSync(pages)) throw new AppError('start_refused', `The pages are not built: there is no ${pages}. In a clone, \`npm run build\` builds them.`);
  const build = (await import(pathToFileURL(pages).href)) as ServerBuild;
  const { webContext, nonceContext } = build.entry.module as unknown as { webContext: RouterContext<WebContext>; nonceContext: RouterContext<string> };
  const handler = createRequestHandler(build, options.development ? 'development' : 'production');
  return {
    assets: join(options.buildFolder, 'client/assets'),
    async handle(request, { nonce, clientAddress, requestId = randomUUID() }) {
      const context = new RouterContextProvider();
      const misdirected = () => answerMisdirected(options, request, { requestId, clientAddress });
      const person = once(() => options.services.accounts.findPerson(request.headers));
      context.set(nonceContext, nonce);
      context.set(webContext, {
        services: options.services,
        requestId,
        clientAddress,
        origins: [new URL(options.config.webUrl).origin, ownOrigin(request)],
        person,
        viewed: once(() => findViewed(options.services, person, request)),
        clientFolder: join(options.buildFolder, 'client'),
        drawCard: options.drawCard,
        onFault: options.onFault ?? (() => {}),
      });
      const program = isProgram(request);
      const response = program && carriesKey(request) ? undefined : await handler(request, context);
      const meant = response === undefined || (program && leadsNowhere(request, response.status));
      return secured(meant ? await misdirected() : response, nonce, requestId, options.config);
    },
  };
}

/** Pages that wait for a first call are told of it only where it surely was one: it carries a key, or names a product. */
async function answerMisdirected({ services, config }: MountWebOptions, request: Request, { requestId, clientAddress }: { requestId: string; clientAddress: string }): Promise<Response> {
  const address = gatewayAddress(request, config.gatewayUrl);
  const slug = new URL(request.url).pathname.split('/')[1];
  const isCall = carriesKey(request) || (await services.products.list(undefined)).some((product) => product.slug === slug);
  if (isCall) services.requests.tellMisdirected({ requestId, address: clientAddress, method: request.method, expected: address });
  return misdirectedAnswer({ address, webUrl: config.webUrl, requestId });
}

/** Only of a member, while the role allows it. */
async function findViewed({ viewing }: Services, person: () => Promise<Person | undefined>, request: Request): ReturnType<WebContext['viewed']> {
  const token = readViewing(request);
  const who = token === undefined ? undefined : await person();
  if (token === undefined || !who?.member?.rights.includes('consumers.view-as')) return undefined;
  const { memberId, role } = who.member;
  return viewing.find({ kind: 'member', memberId, email: who.email, role }, token);
}

/** The origin that the browser sees when it reaches this server directly: the request's scheme and its Host field. */
function ownOrigin(request: Request): string {
  const url = new URL(request.url);
  return `${url.protocol}//${request.headers.get('host') ?? url.host}`;
}

function once<Found>(find: () => Promise<Found>): () => Promise<Found> {
  let found: Promise<Found> | undefined;
  return () => (found ??= find());
}

/** Documents beside the pages, such as openapi.json and Markdown: a reader asks again whether they changed. */
const isTwin = /^(?:text\/(?:markdown|plain)|application\/(?:json|xml|linkset\+json|vnd\.oai\.openapi\+json))/;

function secured(response: Response, nonce: string, requestId: string, { gatewayUrl, webUrl }: MountWebOptions['config']): Response {
  const headers = new Headers(response.headers);
  headers.set('x-request-id', requestId);
  headers.set('x-content-type-options', 'nosniff');
  headers.set('referrer-policy', 'strict-origin-when-cross-origin');
  headers.set('x-frame-options', 'DENY');
  headers.set('cross-origin-opener-policy', 'same-origin');
  headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()');
  // A file of the producer brings a policy of its own, which is stricter.
  if (!headers.has('content-security-policy')) headers.set('content-security-policy', [
    "default-src 'none'", `script-src 'self' 'nonce-${nonce}'`, `style-src 'self' 'nonce-${nonce}'`, "img-src 'self'", "font-src 'self'",
    `connect-src 'self' ${new URL(gatewayUrl).origin}`, "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'", "manifest-src 'self'",
  ].join('; '));
  if (!headers.has('cache-control')) headers.set('cache-control', isTwin.test(headers.get('content-type') ?? '') ? 'private, no-cache' : 'private, no-store');
  if (webUrl.startsWith('https:')) keepCookiesToTls(headers);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

function keepCookiesToTls(headers: Headers): void {
  const cookies = headers.getSetCookie();
  headers.delete('set-cookie');
  for (const cookie of cookies) headers.append('set-cookie', /;\s*secure(?:;|$)/i.test(cookie) ? cookie : `${cookie}; Secure`);
}
