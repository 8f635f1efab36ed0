// One HTTP server for portal, workspace and management API: which part answers which path, and what all answers share.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo, BlockList } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Services } from '../control/services.ts';
import { addressRanges, clientAddress } from '../domain/client-address.ts';
import { finishResponse } from './finish-response.ts';
import type { Metrics } from './metrics.ts';
import { serveAssets } from './web-assets.ts';

/** Of a form; its fields are short. */
const formBytesMax = 1_048_576;
/** Of a member's form, which may hold an OpenAPI document or fonts. */
const memberFormBytesMax = 33_554_432;

export interface WebParts {
  config: Config;
  services: Services;
  metrics: Metrics;
  log: Logger;
  /** /api/v1, /api/openapi.json, /schema/portico.json, and /oauth/token with what describes it. */
  api: { fetch(request: Request): Response | Promise<Response> };
  pages: { handle(request: Request, context: { nonce: string; clientAddress: string }): Promise<Response>; assets: string };
  /** Why the tree is not ready although its services are; empty when it is. */
  notReady(): string[];
}

export interface WebServer {
  port: number;
  close(): Promise<void>;
}

export async function startWebServer(parts: WebParts): Promise<WebServer> {
  const trusted = addressRanges(parts.config.trustedProxies);
  const app = webApp(parts);
  const https = parts.config.webUrl.startsWith('https:');
  const answer = async (request: Request, bindings: HttpBindings): Promise<Response> => finishResponse(request, await app.fetch(genuine(request), bindings), https);
  const listener = getRequestListener(answer as never, { overrideGlobalObjects: false });
  const server = createServer((request, response) => {
    settleClientAddress(request, trusted);
    void listener(request, response);
  });
  await listen(server, parts.config);
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

/** A body without a length is copied while it is measured, which only a Request of the platform allows, not what the listener makes. */
function genuine(request: Request): Request {
  if (!request.headers.has('transfer-encoding')) return request;
  const { url, method, headers, body, signal } = request;
  return new Request(url, { method, headers, body, signal, duplex: 'half' } as RequestInit);
}

/** Behind this line `X-Forwarded-For` is one address that can be believed, whatever the client sent. */
function settleClientAddress(request: IncomingMessage, trusted: BlockList): void {
  const header = request.headers['x-forwarded-for'];
  const address = clientAddress(request.socket.remoteAddress ?? '', Array.isArray(header) ? header.join(',') : header, trusted);
  request.headers['x-forwarded-for'] = address;
  const raw = request.rawHeaders;
  for (let i = raw.length - 2; i >= 0; i -= 2) if (raw[i]!.toLowerCase() === 'x-forwarded-for') raw.splice(i, 2);
  raw.push('X-Forwarded-For', address);
}

function webApp({ services, metrics, log, api, pages, notReady }: WebParts): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();
  const assets = serveAssets(pages.assets);
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.get('/readyz', async (context) => {
    const status = await services.operations.status();
    const reasons = [...notReady(), ...status.reasons];
    return context.json({ ...status, ready: reasons.length === 0, reasons }, reasons.length === 0 ? 200 : 503);
  });
  app.get('/metrics', async (context) => context.body(await metrics.text(), 200, { 'Content-Type': metrics.contentType }));
  app.use('*', limitForms(services));
  app.all('/api/auth/*', (context) => services.accounts.handle(context.req.raw));
  for (const path of ['/api/*', '/schema/*', '/oauth/*', '/.well-known/oauth-authorization-server', '/.well-known/jwks.json']) app.all(path, (context) => api.fetch(context.req.raw));
  app.get('/assets/:name', async (context, next) => (await assets(context.req.param('name'), context.req.raw)) ?? next());
  app.all('*', (context) => pages.handle(context.req.raw, { nonce: randomBytes(16).toString('base64'), clientAddress: context.req.header('x-forwarded-for')! }));
  app.onError((error, context) => {
    log.error({ err: error, path: context.req.path }, 'request failed');
    return context.text('Something went wrong in Portico. It was logged.', 500);
  });
  return app;
}

/** Pages hold a form in memory while they read it: nobody may fill that. The management API has limits of its own. */
function limitForms({ accounts }: Pick<Services, 'accounts'>): MiddlewareHandler {
  const onError = (): Response => Response.json({ code: 'body_too_large', status: 413, title: 'The form is too large', detail: `A form holds at most ${formBytesMax} bytes, a member's in the workspace ${memberFormBytesMax}.` }, { status: 413, headers: { 'content-type': 'application/problem+json', connection: 'close' } });
  const [short, long] = [formBytesMax, memberFormBytesMax].map((maxSize) => bodyLimit({ maxSize, onError })) as [MiddlewareHandler, MiddlewareHandler];
  return async (context, next) => {
    const { method, path, raw } = context.req;
    if (method === 'GET' || method === 'HEAD' || path.startsWith('/api/v1/')) return next();
    const isMember = path.startsWith('/workspace/') && Boolean((await accounts.findPerson(raw.headers))?.member);
    return (isMember ? long : short)(context, next);
  };
}

function listen(server: Server, { host, webPort }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(webPort, host, () => resolve());
  });
}
