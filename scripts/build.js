import { buildProgram, buildWeb, install } from './prepare.js';

await install();
await buildWeb();
if (process.argv.includes('--package')) await buildProgram();
