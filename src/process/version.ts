import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of package.json: one above `src/` and `dist/` alike. */
const root = new URL('../../', import.meta.url);

export const version = (JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string }).version;
export const buildFolder = fileURLToPath(new URL('build', root));
