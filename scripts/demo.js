// The whole product on embedded stores with the Atlas demo: `npm run demo`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildWeb, compileAhead, compileCache, install, pinnedNode, root } from './prepare.js';

await install();
await buildWeb();
await compileAhead();
const child = spawn(pinnedNode(), [join(root, 'demo', 'demo.ts'), ...process.argv.slice(2)], { stdio: 'inherit', env: { ...process.env, NODE_COMPILE_CACHE: compileCache } });
// Ctrl-C reaches the whole group, and npm may repeat it: the demo itself acts on it, once.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
// npm that was killed outright could tell nobody.
if (process.env.npm_lifecycle_event === 'demo') {
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 1_000).unref();
}
child.on('exit', (code, signal) => process.exit(signal ? 1 : code));
