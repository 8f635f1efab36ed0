// Measurements: `npm run bench -- NAME`. Each file of bench/ is one; results go to bench/results/NAME.json.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildWeb, compileAhead, fail, install, pinnedNode, root, run } from './prepare.js';

await install();
await buildWeb();
await compileAhead();
const names = readdirSync(join(root, 'bench')).filter((file) => file.endsWith('.bench.ts')).map((file) => file.slice(0, -'.bench.ts'.length));
const [name, ...rest] = process.argv.slice(2);
if (!name || !existsSync(join(root, 'bench', `${name}.bench.ts`))) fail(`Name one of: ${names.join(', ')}. For example: npm run bench -- ${names[0]}`);
process.exit(await run(pinnedNode(), [join(root, 'bench', `${name}.bench.ts`), ...rest]));
