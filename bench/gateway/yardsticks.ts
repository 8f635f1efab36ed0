// The upstream, and the proxies that Portico is measured against: each with one worker, kept connections to the upstream, and no log.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/store/free-port.testkit.ts';
import { processTree, startServer, throwawayFolder, type Proxy, type Scope } from './processes.ts';

export interface Upstream {
  port: number;
  /** Requests that it has answered, this question left out. */
  answered(): Promise<number>;
}

export const bodies = { '1k': 1_024, '100k': 100 * 1_024, '10m': 10 * 1_024 * 1_024 };
const json = `{"items":[${Array.from({ length: 9 }, (_, id) => JSON.stringify({ id, name: `Item number ${id}`, note: 'x'.repeat(64) })).join(',')}],"next":null}`;
export const smallBody = `${json.slice(0, -1)},"pad":"${'x'.repeat(bodies['1k'] - json.length - 9)}"}`;

export async function startUpstream(scope: Scope): Promise<Upstream> {
  const folder = throwawayFolder(scope);
  const port = await freePort();
  writeFileSync(join(folder, '100k'), Buffer.alloc(bodies['100k'], 'x'));
  writeFileSync(join(folder, '10m'), Buffer.alloc(bodies['10m'], 'x'));
  await startNginx(scope, folder, port, {
    http: 'open_file_cache max=10; sendfile on; tcp_nopush on;',
    server: `
      location / { default_type application/json; return 200 '${smallBody}'; }
      location = /100k { root ${folder}; default_type application/octet-stream; }
      location = /10m { root ${folder}; default_type application/octet-stream; }
      location = /count { stub_status; }`,
  });
  let asked = 0;
  return {
    port,
    async answered() {
      asked++;
      const text = await (await fetch(`http://127.0.0.1:${port}/count`)).text();
      return Number(/^\s*\d+ \d+ (\d+)/m.exec(text)![1]) - asked;
    },
  };
}

const forward = (port: number): string => `proxy_pass http://upstream; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host 127.0.0.1:${port};`;
const pool = (port: number): string => `upstream upstream { server 127.0.0.1:${port}; keepalive 256; keepalive_requests 1000000000; }`;

export async function startNginxProxy(scope: Scope, upstream: Upstream): Promise<Proxy> {
  const port = await freePort();
  const child = await startNginx(scope, throwawayFolder(scope), port, { http: pool(upstream.port), server: `location / { ${forward(upstream.port)} }` });
  return { name: 'nginx', url: `http://127.0.0.1:${port}`, headers: {}, pids: () => processTree(child.pid!) };
}

/** The same look-up of a key by its hash, two limits, their fields, a request id and a count of usage, in shared memory. */
export async function startNginxLua(scope: Scope, upstream: Upstream): Promise<Proxy> {
  const port = await freePort();
  const folder = throwawayFolder(scope);
  const key = 'bench_live_0123456789abcdefghijklmnopqrstuvw';
  writeFileSync(join(folder, 'gate.lua'), gate(key));
  const child = await startNginx(scope, folder, port, {
    modules: ['ndk_http_module', 'ngx_http_lua_module'],
    http: `${pool(upstream.port)}
      lua_package_path "/usr/share/lua/5.1/?.lua;${folder}/?.lua;;";
      lua_shared_dict keys 64m; lua_shared_dict limits 16m; lua_shared_dict usage 16m;
      init_worker_by_lua_block { require('gate').init() }`,
    server: `location / {
      access_by_lua_block { require('gate').access() }
      header_filter_by_lua_block { require('gate').head() }
      log_by_lua_block { require('gate').count() }
      proxy_set_header Authorization ""; ${forward(upstream.port)} }`,
  });
  return { name: 'nginx + Lua', url: `http://127.0.0.1:${port}`, headers: { Authorization: `Bearer ${key}` }, pids: () => processTree(child.pid!) };
}

function gate(key: string): string {
  return `
local ffi = require('ffi')
ffi.cdef[[unsigned char *SHA256(const unsigned char *d, size_t n, unsigned char *md);]]
local digest = ffi.new('unsigned char[32]')
local function sha256(text)
  ffi.C.SHA256(text, #text, digest)
  return ffi.string(digest, 32)
end
local keys, limits, usage = ngx.shared.keys, ngx.shared.limits, ngx.shared.usage
local burst, month = 1000000, 1000000000
local gate = {}
function gate.init() keys:set(sha256('${key}'), 'sub_1') end
function gate.access()
  local field = ngx.var.http_authorization
  local subscription = field and field:sub(1, 7) == 'Bearer ' and keys:get(sha256(field:sub(8)))
  if not subscription then return ngx.exit(401) end
  local now = ngx.now()
  local rate = subscription .. ':burst'
  local arrival = math.max(limits:get(rate) or 0, now) + 1 / burst
  if arrival - now > 1 then return ngx.exit(429) end
  limits:set(rate, arrival)
  local used = limits:incr(subscription .. ':month', 1, 0)
  if used > month then return ngx.exit(429) end
  local context = ngx.ctx
  context.subscription = subscription
  context.id = ngx.var.request_id
  context.left = math.floor((1 - (arrival - now)) * burst)
  context.monthLeft = month - used
  ngx.req.set_header('X-Request-Id', context.id)
end
function gate.head()
  local context, header = ngx.ctx, ngx.header
  header['X-Request-Id'] = context.id
  header['RateLimit-Policy'] = '"burst";q=1000000;w=1, "monthly";q=1000000000;w=2592000'
  header['RateLimit'] = '"burst";r=' .. context.left .. ';t=1, "monthly";r=' .. context.monthLeft .. ';t=1000000'
end
function gate.count()
  local subscription = ngx.ctx.subscription
  if subscription and ngx.status < 500 then usage:incr(subscription .. ':small:' .. ngx.status, 1, 0) end
end
return gate
`;
}

export async function startHaproxy(scope: Scope, upstream: Upstream): Promise<Proxy> {
  const port = await freePort();
  const file = join(throwawayFolder(scope), 'haproxy.cfg');
  writeFileSync(file, `global
  nbthread 1
  maxconn 4000
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  http-reuse always
frontend in
  bind 127.0.0.1:${port}
  default_backend out
backend out
  server upstream 127.0.0.1:${upstream.port} pool-max-conn 512
`);
  const child = await startServer(scope, { command: 'haproxy', args: ['-db', '-f', file], port });
  return { name: 'haproxy', url: `http://127.0.0.1:${port}`, headers: {}, pids: () => processTree(child.pid!) };
}

export async function startCaddy(scope: Scope, upstream: Upstream): Promise<Proxy> {
  const port = await freePort();
  const folder = throwawayFolder(scope);
  const file = join(folder, 'Caddyfile');
  writeFileSync(file, `{
  admin off
  auto_https off
}
http://127.0.0.1:${port} {
  reverse_proxy 127.0.0.1:${upstream.port} {
    transport http {
      keepalive_idle_conns_per_host 256
    }
  }
}
`);
  const child = await startServer(scope, { command: 'caddy', args: ['run', '--config', file, '--adapter', 'caddyfile'], port, env: { GOMAXPROCS: '1', HOME: folder } });
  return { name: 'Caddy', url: `http://127.0.0.1:${port}`, headers: {}, pids: () => processTree(child.pid!) };
}

export async function startFastify(scope: Scope, upstream: Upstream): Promise<Proxy> {
  const port = await freePort();
  const child = await startServer(scope, { command: process.execPath, args: [fileURLToPath(new URL('fastify-proxy.ts', import.meta.url)), String(port), String(upstream.port)], port });
  return { name: '@fastify/http-proxy', url: `http://127.0.0.1:${port}`, headers: {}, pids: () => processTree(child.pid!) };
}

async function startNginx(scope: Scope, folder: string, port: number, parts: { http: string; server: string; modules?: string[] }) {
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const modules = (parts.modules ?? []).map((name) => `load_module /usr/lib/nginx/modules/${name}.so;`).join('\n');
  writeFileSync(join(folder, 'nginx.conf'), `${modules}
daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/logs/error.log crit; worker_rlimit_nofile 20000;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 16384; }
http {
  access_log off; keepalive_requests 1000000000; keepalive_timeout 300s; client_max_body_size 0;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  ${parts.http}
  server { listen 127.0.0.1:${port} backlog=4096; ${parts.server} }
}
`);
  return startServer(scope, { command: 'nginx', args: ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'logs/error.log')], port });
}
