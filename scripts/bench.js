// Measurements: `npm run bench -- NAME`. Each file of bench/ is one; results go to bench/results/NAME.json.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildWeb, compileAhead, fail, install, installSystemPackages, pinnedNode, root, run } from './prepare.js';

/** Debian packages: the proxies that the gateway is measured against, and what sends the load. */
const gatewayPackages = {
  'nginx': () => existsSync('/usr/sbin/nginx'),
  'libnginx-mod-http-lua': () => existsSync('/usr/lib/nginx/modules/ngx_http_lua_module.so'),
  'lua-resty-core': () => existsSync('/usr/share/lua/5.1/resty/core.lua'),
  'haproxy': () => existsSync('/usr/sbin/haproxy'),
  'caddy': () => existsSync('/usr/bin/caddy'),
  'wrk': () => existsSync('/usr/bin/wrk'),
};

await install();
await buildWeb();
await compileAhead();
const names = readdirSync(join(root, 'bench')).filter((file) => file.endsWith('.bench.ts')).map((file) => file.slice(0, -'.bench.ts'.length));
const [name, ...rest] = process.argv.slice(2);
if (!name || !existsSync(join(root, 'bench', `${name}.bench.ts`))) fail(`Name one of: ${names.join(', ')}. For example: npm run bench -- ${names[0]}`);
if (name === 'gateway') await installSystemPackages(gatewayPackages, 'This bench needs');
process.exit(await run(pinnedNode(), [join(root, 'bench', `${name}.bench.ts`), ...rest]));
