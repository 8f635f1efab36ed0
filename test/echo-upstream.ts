// An ordinary HTTP server that counts what it answered, and a small contract for it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface EchoUpstream {
  url: string;
  /** portico.yaml of product `echo`, version v1, with plans `free` (5 per second, 1000 per month) and `unlimited`. */
  configuration: string;
  answered(): number;
}

/** Answers every request with 200 and what it saw; `/status/{code}` with that status; `/slow/{ms}` after that time. */
export async function startEchoUpstream(t: { after(fn: () => unknown): void }): Promise<EchoUpstream> {
  let answered = 0;
  const server = createServer((request, response) => {
    const [, first, second] = new URL(request.url!, 'http://upstream').pathname.split('/');
    request.resume();
    const answer = (): void => {
      answered += 1;
      const body = JSON.stringify({ method: request.method, url: request.url, headers: request.headers });
      response.writeHead(first === 'status' ? Number(second) : 200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
      response.end(body);
    };
    if (first === 'slow') setTimeout(answer, Number(second));
    else request.once('end', answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = mkdtempSync(join(tmpdir(), 'portico-echo-'));
  t.after(async () => {
    await closeServer(server);
    rmSync(folder, { recursive: true });
  });
  writeFileSync(join(folder, 'echo.json'), JSON.stringify(document));
  writeFileSync(join(folder, 'portico.yaml'), configuration(url));
  return { url, configuration: join(folder, 'portico.yaml'), answered: () => answered };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

const ok = { 200: { description: 'What the server saw.', content: { 'application/json': { schema: { type: 'object' }, example: { method: 'GET', url: '/echo', headers: {} } } } } };
const parameter = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'integer' }, example: 200 });

const document = {
  openapi: '3.1.0',
  info: { title: 'Echo', version: '1.0.0', description: 'Answers with what it saw.' },
  paths: {
    '/echo': { get: { operationId: 'getEcho', summary: 'Echo', responses: ok }, post: { operationId: 'postEcho', summary: 'Echo a body', requestBody: { content: { 'application/json': { schema: { type: 'object' } } } }, responses: ok } },
    '/status/{code}': { get: { operationId: 'getStatus', summary: 'Answer with a status', parameters: [parameter('code')], responses: ok } },
    '/slow/{ms}': { get: { operationId: 'getSlow', summary: 'Answer late', parameters: [parameter('ms')], responses: ok } },
  },
};

const configuration = (url: string): string => `
portal: { name: Echo Developers, keyPrefix: echo }
products:
  - slug: echo
    name: Echo API
    upstream: ${url}
    testUpstream: examples
    versions: [ { name: v1, openapi: ./echo.json } ]
    plans:
      - slug: free
        name: Free
        default: true
        currency: usd
        limits: [ { name: burst, requests: 5, per: second }, { name: monthly, requests: 1000, per: month } ]
      - { slug: unlimited, name: Unlimited, currency: usd }
`;
