// The demo with the pages rebuilt and everything restarted whenever a source changes: `npm run dev`.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { buildWeb, install, pinnedNode, root } from './prepare.js';

await install();
let child;
let restarting = Promise.resolve();

function startDemo() {
  child = spawn(pinnedNode(), [join(root, 'demo', 'demo.ts')], { stdio: 'inherit' });
}

async function restart() {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
  await buildWeb();
  startDemo();
}

await buildWeb();
startDemo();
let timer;
watch(join(root, 'src'), { recursive: true }, () => {
  clearTimeout(timer);
  timer = setTimeout(() => { restarting = restarting.then(restart); }, 300);
});
process.on('SIGINT', () => child.once('exit', () => process.exit(0)));
