// Loads every part of the program once, so that its compiled form is in the cache (NODE_COMPILE_CACHE) before the first start.
import { readdirSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './prepare.js';

const parts = readdirSync(join(root, 'src/process')).filter((name) => name.endsWith('.ts') && !name.includes('.test')).map((name) => `src/process/${name}`);
const loadedLate = ['src/main.ts', 'src/gateway/gateway-thread.ts', 'src/store/sqlite.ts', 'build/server/index.js'];
for (const part of [...parts, ...loadedLate]) await import(pathToFileURL(join(root, part)).href);
flushCompileCache();
process.exit();
