// Takes docs/pictures anew from the demo with real calls: `npm run pictures [name ...]`.
import { join } from 'node:path';
import { buildWeb, compileAhead, install, pinnedNode, root, run } from './prepare.js';

await install();
await buildWeb();
await compileAhead();
process.exit(await run(pinnedNode(), [join(root, 'test', 'pictures.ts'), ...process.argv.slice(2)]));
