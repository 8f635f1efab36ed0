// Atlas: countries, cities, currencies and languages of the world over HTTP, in two versions of the same API.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { Refusal } from './route.ts';
import type { Answer, Route, Version, World } from './route.ts';
import { v1 } from './v1/routes.ts';
import { v2 } from './v2/routes.ts';
import { Cities } from './world/cities.ts';
import { loadCountries } from './world/countries.ts';

const versions: Version[] = [v1, v2];
const bodyBytesMax = 65_536;

/** Port 0 takes a free one. Answers once the server listens; `close` ends open connections too. */
export async function startAtlas({ port, host = '127.0.0.1' }: { port: number; host?: string }): Promise<{ port: number; close(): Promise<void> }> {
  const world: World = { countries: loadCountries(), cities: new Cities() };
  const server = createServer((request, response) => {
    respond(world, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

async function respond(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = URL.parse(request.url ?? '/', 'http://atlas');
  if (url === null) return sendJson(request, response, 400, 'application/json', { error: 'invalid_path', message: 'The path is not a valid URL.' }, {});
  const version = versions.find(({ prefix }) => url.pathname === prefix || url.pathname.startsWith(`${prefix}/`));
  if (version === undefined) return sendJson(request, response, url.pathname === '/' ? 200 : 404, 'application/json', { name: 'Atlas', versions: versions.map(({ prefix }) => prefix) }, {});
  try {
    const { route, path } = findRoute(version, request, url, response);
    if (route === undefined) return;
    const body = request.method === 'POST' ? await readJson(request) : undefined;
    await send(request, response, route.answer({ world, path, query: url.searchParams, body }));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { contentType, body } = version.refusal(error);
    sendJson(request, response, error.status, contentType, body, { 'Cache-Control': 'no-store' });
  }
}

function findRoute(version: Version, request: IncomingMessage, url: URL, response: ServerResponse): { route?: Route; path: Record<string, string> } {
  const segments = url.pathname.slice(version.prefix.length + 1).split('/').map(decode);
  const matches = version.routes.flatMap((route) => {
    const path = matchPath(route.path, segments);
    return path === undefined ? [] : [{ route, path }];
  });
  if (matches.length === 0) throw new Refusal(404, 'not_found', `Nothing is at ${url.pathname}.`);
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const match = matches.find(({ route }) => route.method === method);
  if (match !== undefined) return match;
  const allowed = [...new Set(matches.flatMap(({ route }) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method])).concat('OPTIONS'))].join(', ');
  response.setHeader('Allow', allowed);
  if (method !== 'OPTIONS') throw new Refusal(405, 'method_not_allowed', `${request.method} is not possible here. Allowed: ${allowed}.`);
  response.writeHead(204).end();
  return { path: {} };
}

function matchPath(template: string, segments: string[]): Record<string, string> | undefined {
  const parts = template.slice(1).split('/');
  if (parts.length !== segments.length) return undefined;
  const path: Record<string, string> = {};
  for (const [n, part] of parts.entries()) {
    if (part.startsWith('{')) path[part.slice(1, -1)] = segments[n]!;
    else if (part !== segments[n]) return undefined;
  }
  return path;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Refusal(400, 'invalid_path', 'The path is not valid percent-encoding.');
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) throw new Refusal(415, 'unsupported_media_type', 'Send the body as application/json.');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new Refusal(413, 'body_too_large', `The body is larger than ${bodyBytesMax} bytes.`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Refusal(400, 'invalid_body', 'The body is not valid JSON.');
  }
}

async function send(request: IncomingMessage, response: ServerResponse, { body, lines, headers = {} }: Answer): Promise<void> {
  // The world changes with each release of the data packages, not in between.
  const cached = request.method === 'POST' ? { 'Cache-Control': 'no-store' } : { 'Cache-Control': 'public, max-age=3600' };
  if (lines === undefined) return sendJson(request, response, 200, 'application/json', body, { ...cached, ...headers });
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson', ...cached, ...headers });
  if (request.method === 'HEAD') return void response.end();
  await pipeline(Readable.from(toText(lines)), response);
}

function* toText(lines: Iterable<unknown>): Generator<string> {
  for (const line of lines) yield `${JSON.stringify(line)}\n`;
}

function sendJson(request: IncomingMessage, response: ServerResponse, status: number, contentType: string, body: unknown, headers: Record<string, string>): void {
  const text = JSON.stringify(body);
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
  const cacheable = status === 200 && request.method !== 'POST';
  if (cacheable && matchesEtag(request.headers['if-none-match'], etag)) {
    response.writeHead(304, { ...headers, ETag: etag }).end();
    return;
  }
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(text), ...(cacheable ? { ETag: etag } : {}), ...headers });
  response.end(request.method === 'HEAD' ? undefined : text);
}

/** Weak comparison, as RFC 9110 section 13.1.2 asks for. */
function matchesEtag(condition: string | undefined, etag: string): boolean {
  return condition !== undefined && (condition.trim() === '*' || condition.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag));
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '4010' }, host: { type: 'string', default: '127.0.0.1' } } });
  const atlas = await startAtlas({ port: Number(values.port), host: values.host });
  console.log(`Atlas listens on http://${values.host}:${atlas.port}`);
  // Started by another process, it ends with that process, however that one ended.
  for (const event of ['SIGINT', 'SIGTERM', 'disconnect']) process.once(event, () => void atlas.close().then(() => process.exit()));
}

if (import.meta.main) {
  main().catch((error: Error) => {
    console.error(`Atlas did not start: ${error.message}`);
    process.exitCode = 1;
  });
}
