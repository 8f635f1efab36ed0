// One HTTP server for portal, workspace and management API: which part answers which path, and what all answers share.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo, BlockList } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Services } from '../control/services.ts';
import { addressRanges, clientAddress } from '../domain/client-address.ts';
import { finishResponse } from './finish-response.ts';
import type { Metrics } from './metrics.ts';
import { serveAssets } from './web-assets.ts';

export interface WebParts {
  config: Config;
  services: Services;
  metrics: Metrics;
  log: Logger;
  /** /api/v1, /api/openapi.json and /schema/portico.json. */
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
  const answer = async (request: Request, bindings: HttpBindings): Promise<Response> => finishResponse(request, await app.fetch(request, bindings), https);
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
  app.all('/api/auth/*', (context) => services.accounts.handle(context.req.raw));
  for (const path of ['/api/*', '/schema/*']) app.all(path, (context) => api.fetch(context.req.raw));
  app.get('/assets/:name', async (context, next) => (await assets(context.req.param('name'), context.req.raw)) ?? next());
  app.all('*', (context) => pages.handle(context.req.raw, { nonce: randomBytes(16).toString('base64'), clientAddress: context.req.header('x-forwarded-for')! }));
  app.onError((error, context) => {
    log.error({ err: error, path: context.req.path }, 'request failed');
    return context.text('Something went wrong in Portico. It was logged.', 500);
  });
  return app;
}

function listen(server: Server, { host, webPort }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(webPort, host, () => resolve());
  });
}
