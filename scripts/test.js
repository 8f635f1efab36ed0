// Every test, from a fresh clone: `npm test`. With file names, only those.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildWeb, compileCache, install, installSystemPackages, pinnedNode, root, run } from './prepare.js';

/** Debian packages whose real servers and browser the tests talk to, and how to see that they are there. */
const systemPackages = {
  postgresql: () => existsSync('/usr/lib/postgresql') && readdirSync('/usr/lib/postgresql').some((version) => existsSync(`/usr/lib/postgresql/${version}/bin/initdb`)),
  chromium: () => existsSync('/usr/bin/chromium'),
};

await install();
await installSystemPackages(systemPackages, 'The tests need');
await buildWeb();
const named = process.argv.slice(2);
const files = named.length > 0 ? named : testFiles();
const code = await run(pinnedNode(), [join(root, 'scripts', 'run-tests.js'), ...files], { env: { NODE_ENV: 'test', NODE_COMPILE_CACHE: compileCache } });
process.exit(code);

function testFiles() {
  const list = (folder) => readdirSync(join(root, folder), { recursive: true }).map(String).filter((name) => name.endsWith('.test.ts')).map((name) => `${folder}/${name}`);
  return ['src', 'test', 'demo'].flatMap(list).sort();
}
