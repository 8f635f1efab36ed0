// The whole product on embedded stores with the Atlas demo: `npm run demo`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildWeb, install, pinnedNode, root } from './prepare.js';

await install();
await buildWeb();
const child = spawn(pinnedNode(), [join(root, 'demo', 'demo.ts'), ...process.argv.slice(2)], { stdio: 'inherit' });
// Ctrl-C reaches the whole group, and npm may repeat it: the demo itself acts on it, once.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(signal ? 1 : code));
