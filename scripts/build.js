import { buildProgram, buildWeb, compileAhead, install } from './prepare.js';

await install();
await buildWeb();
if (process.argv.includes('--package')) await buildProgram();
else await compileAhead();
