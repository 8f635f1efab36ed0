#!/usr/bin/env node
// Plain JavaScript that any Node from 20 up can read: finds the pinned Node where the present one is too old, then the program itself.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const least = [24, 18];
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const compiled = join(root, 'dist', 'main.js');
const source = join(root, 'src', 'main.ts');
const [major, minor] = process.versions.node.split('.').map(Number);

if (major > least[0] || (major === least[0] && minor >= least[1])) {
  // Kept between starts: children and threads then load what is compiled, and none of them holds the stripper of types (13 MB each).
  process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'portico-compiled');
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  const { main } = await import(pathToFileURL(existsSync(source) ? source : compiled).href);
  await main();
} else {
  const node = findPinnedNode();
  if (!node) {
    const mend = existsSync(join(root, 'node_modules')) ? 'Install Node 24, or install Portico with its optional dependencies.' : 'In a clone, `npm ci && npm run build` brings the Node that Portico needs, and the pages.';
    process.stderr.write(`error: Portico needs Node ${least.join('.')} or newer, and this is ${process.versions.node}. ${mend}\n`);
    process.exit(1);
  }
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // The terminal sends Ctrl-C to the whole group; the child alone acts on it. Other signals are passed on.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

function findPinnedNode() {
  try {
    const file = module.createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/package.json`);
    const node = join(dirname(file), 'bin', 'node');
    return existsSync(node) ? node : undefined;
  } catch {
    return undefined;
  }
}
