// Every test, from a fresh clone: `npm test`. With file names, only those.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { buildWeb, fail, install, pinnedNode, root, run, step } from './prepare.js';

/** Debian packages whose real servers and browser the tests talk to, and how to see that they are there. */
const systemPackages = {
  postgresql: () => existsSync('/usr/lib/postgresql') && readdirSync('/usr/lib/postgresql').some((version) => existsSync(`/usr/lib/postgresql/${version}/bin/initdb`)),
  chromium: () => existsSync('/usr/bin/chromium'),
};

await install();
await installSystemPackages();
await buildWeb();
const named = process.argv.slice(2);
const files = named.length > 0 ? named : testFiles();
const code = await run(pinnedNode(), ['--test', '--test-concurrency=2', `--test-reporter=${join(root, 'scripts', 'test-reporter.js')}`, ...files], { env: { NODE_ENV: 'test' } });
process.exit(code);

async function installSystemPackages() {
  const missing = Object.entries(systemPackages).filter(([, present]) => !present()).map(([name]) => name);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) {
    fail(`The tests need ${missing.join(' and ')}. Install with: sudo apt-get install ${missing.join(' ')}`);
  }
  await step('Updating the package lists', 'apt-get', ['update', '-qq']);
  await step(`Installing ${missing.join(', ')}`, 'apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env: { DEBIAN_FRONTEND: 'noninteractive' } });
}

function testFiles() {
  const list = (folder) => readdirSync(join(root, folder), { recursive: true }).map(String).filter((name) => name.endsWith('.test.ts')).map((name) => `${folder}/${name}`);
  return ['src', 'test', 'demo'].flatMap(list).sort();
}
