// One HTTP server for portal, workspace and management API: which part answers which path, and what all answers share.
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { HttpBindings, ServerType } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Services } from '../control/services.ts';
import { addressRanges, clientAddress } from '../domain/client-address.ts';
import type { Metrics } from './metrics.ts';

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
  const server = createAdaptorServer({ fetch: webApp(parts).fetch as never, overrideGlobalObjects: false });
  await listen(server, parts.config);
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      if ('closeAllConnections' in server) server.closeAllConnections();
    }),
  };
}

function webApp({ config, services, metrics, log, api, pages, notReady }: WebParts): Hono<{ Bindings: HttpBindings }> {
  const trusted = addressRanges(config.trustedProxies);
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.get('/readyz', async (context) => {
    const status = await services.operations.status();
    const reasons = [...notReady(), ...status.reasons];
    return context.json({ ...status, ready: reasons.length === 0, reasons }, reasons.length === 0 ? 200 : 503);
  });
  app.get('/metrics', async (context) => context.body(await metrics.text(), 200, { 'Content-Type': metrics.contentType }));
  app.all('/api/auth/*', (context) => services.accounts.handle(withClientAddress(context.req.raw, addressOf(context.env))));
  for (const path of ['/api/*', '/schema/*']) app.all(path, (context) => api.fetch(withClientAddress(context.req.raw, addressOf(context.env))));
  app.use('/assets/*', serveStatic({ root: pages.assets, rewriteRequestPath: (path) => path.slice('/assets'.length), onFound: (_path, context) => context.header('Cache-Control', 'public, max-age=31536000, immutable') }));
  app.all('*', (context) => {
    const address = addressOf(context.env);
    return pages.handle(withClientAddress(context.req.raw, address), { nonce: randomBytes(16).toString('base64'), clientAddress: address });
  });
  app.onError((error, context) => {
    log.error({ err: error, path: context.req.path }, 'request failed');
    return context.text('Something went wrong in Portico. It was logged.', 500);
  });
  return app;

  function addressOf({ incoming }: HttpBindings): string {
    const header = incoming.headers['x-forwarded-for'];
    return clientAddress(incoming.socket.remoteAddress ?? '', Array.isArray(header) ? header.join(',') : header, trusted);
  }
}

/** Behind this line `X-Forwarded-For` is one address that can be believed, whatever the client sent. */
function withClientAddress(request: Request, address: string): Request {
  const headers = new Headers(request.headers);
  headers.set('x-forwarded-for', address);
  return new Request(request, { headers });
}

function listen(server: ServerType, { host, webPort }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(webPort, host, () => resolve());
  });
}
