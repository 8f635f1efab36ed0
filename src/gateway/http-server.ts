// The node:http transport: turns its requests into calls, and its responses into the client's side of an exchange.
import { createServer, ServerResponse, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { RequestHead } from './call.ts';
import { listMembers } from './fields.ts';
import { newCall, serveCall, type Gateway } from './gateway.ts';
import { NodeClient } from './node-client.ts';
import { refuseMalformed } from './malformed.ts';
import { refuse } from './stages/respond.ts';

export const headBytesMax = 16 * 1024;
const headTimeoutMs = 30_000;
const keepAliveMs = 65_000;
const connectionsCheckMs = 5_000;
const idleCheckMs = 50;

export interface HttpServer {
  /** @returns the port that it listens on */
  listen(options: { host: string; port: number; reusePort: boolean }): Promise<number>;
  /** Stops accepting, and resolves when every call has ended or `withinMs` is over. */
  close(withinMs: number): Promise<void>;
}

export function createHttpServer(gateway: Gateway): HttpServer {
  const server = createServer({
    maxHeaderSize: headBytesMax,
    // Bodies may take as long as they keep arriving; RequestBody bounds a stall.
    requestTimeout: 0,
    headersTimeout: headTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: connectionsCheckMs,
    // The route stage says in words what is wrong with Host.
    requireHostHeader: false,
    shouldUpgradeCallback: isWebSocket,
    noDelay: true,
  });
  // The size of the head is the limit; past a count, node would drop fields in silence.
  server.maxHeadersCount = 0;
  const upgraded = new Set<Duplex>();
  let closing = false;

  const serve = (message: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void => {
    const head = headOf(message);
    if (closing) response.shouldKeepAlive = false;
    const client = new NodeClient(message, response, head, expectsContinue);
    const problem = framingProblem(head, message);
    if (problem) refuse(gateway, newCall(gateway, head), client, { code: 'request_malformed', detail: problem });
    else serveCall(gateway, head, client);
  };
  server.on('request', (message, response) => serve(message, response, false));
  server.on('checkContinue', (message, response) => serve(message, response, true));
  server.on('checkExpectation', (message, response) => {
    const head = headOf(message);
    refuse(gateway, newCall(gateway, head), new NodeClient(message, response, head, false), { code: 'request_malformed', detail: 'The Expect field asks for something other than 100-continue.' });
  });
  server.on('upgrade', (message, socket, first) => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    socket.on('error', () => undefined);
    const response = new ServerResponse(message);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as Socket);
    response.once('finish', () => socket.end());
    serveCall(gateway, headOf(message), new NodeClient(message, response, headOf(message), false, { socket, first }));
  });
  server.on('connect', (_message, socket) => refuseMalformed(gateway, socket, 'CONNECT is not served here.'));
  server.on('clientError', (error: Error & { code?: string }, socket) => refuseMalformed(gateway, socket, error));

  return {
    listen: (options) => listen(server, options),
    close: (withinMs) => {
      closing = true;
      return close(server, upgraded, withinMs);
    },
  };
}

function listen(server: Server, options: { host: string; port: number; reusePort: boolean }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...options, backlog: 4096 }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : options.port);
    });
  });
}

async function close(server: Server, upgraded: Set<Duplex>, withinMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection that is busy now would be kept for its next request.
  const idle = setInterval(() => server.closeIdleConnections(), idleCheckMs);
  server.closeIdleConnections();
  for (const socket of upgraded) socket.end();
  const timeout = Promise.withResolvers<void>();
  const timer = setTimeout(timeout.resolve, withinMs);
  await Promise.race([closed, timeout.promise]);
  clearTimeout(timer);
  clearInterval(idle);
  server.closeAllConnections();
  for (const socket of upgraded) socket.destroy();
}

function headOf(message: IncomingMessage): RequestHead {
  const { headers } = message;
  const length = headers['content-length'];
  const chunked = headers['transfer-encoding'] !== undefined;
  return {
    method: message.method!,
    target: message.url!,
    fields: message.rawHeaders,
    httpVersion: message.httpVersion,
    remoteAddress: message.socket.remoteAddress ?? '',
    encrypted: 'encrypted' in message.socket,
    upgrade: isWebSocket(message),
    hasBody: chunked || (length !== undefined && length !== '0'),
    contentLength: chunked || length === undefined ? null : Number(length),
  };
}

function isWebSocket(message: IncomingMessage): boolean {
  return message.method === 'GET' && listMembers(message.rawHeaders, 'upgrade').includes('websocket') && listMembers(message.rawHeaders, 'connection').includes('upgrade');
}

/** What the parser lets through, but a proxy must not pass on. */
function framingProblem(head: RequestHead, message: IncomingMessage): string | undefined {
  const coding = message.headers['transfer-encoding'];
  if (coding !== undefined && coding.trim().toLowerCase() !== 'chunked') return `The Transfer-Encoding is "${coding}", but only "chunked" is understood.`;
  if (coding !== undefined && head.httpVersion === '1.0') return 'HTTP/1.0 has no Transfer-Encoding.';
  return undefined;
}
