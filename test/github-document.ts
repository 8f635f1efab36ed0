// GitHub's own OpenAPI document, fetched once from npm, and Prism answering from it on a process of its own.
import { execFile, fork } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const packed = '@octokit/openapi@23.0.2';
const member = 'package/generated/api.github.com.json';
const cache = fileURLToPath(new URL('../node_modules/.cache/portico', import.meta.url));

/** The path of the document: 13 MB, about 1,200 operations. The package is some 390 MB unpacked, so only this file of it is kept. */
export async function githubDocument(): Promise<string> {
  const file = join(cache, 'api.github.com-23.0.2.json');
  if (existsSync(file)) return file;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'pack-'));
  try {
    const { stdout } = await run('npm', ['pack', packed, '--silent', '--pack-destination', folder], { cwd: folder });
    const { stdout: text } = await run('tar', ['-xzOf', join(folder, stdout.trim().split('\n').at(-1)!), member], { maxBuffer: 64 * 1024 * 1024 });
    writeFileSync(join(folder, 'document.json'), text);
    // Renamed at the end, so that another test never finds half of it.
    renameSync(join(folder, 'document.json'), file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return file;
}

/** Prism as an upstream that answers GitHub's examples. `t.after` ends it. */
export async function startPrism(t: { after(fn: () => unknown): void }, document: string): Promise<{ url: string }> {
  const child = fork(fileURLToPath(import.meta.url), [document], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  t.after(async () => {
    child.kill();
    await ended;
  });
  return new Promise((resolve, reject) => {
    child.once('message', (url) => resolve({ url: String(url) }));
    child.once('exit', (code) => reject(new Error(`Prism ended with ${code}`)));
  });
}

async function serve(document: string): Promise<void> {
  const { createServer } = await import('@stoplight/prism-http-server');
  const { getHttpOperationsFromSpec } = await import('@stoplight/prism-http');
  const { createLogger } = await import('@stoplight/prism-core');
  const operations = await getHttpOperationsFromSpec(JSON.parse(readFileSync(document, 'utf8')) as object);
  const server = createServer(operations, {
    cors: false,
    config: { isProxy: false, mock: { dynamic: false }, validateRequest: true, validateResponse: false, checkSecurity: false, errors: false, upstreamProxy: undefined },
    components: { logger: createLogger('prism', { level: 'silent' }) },
  });
  process.once('disconnect', () => process.exit());
  process.send!(await server.listen(0, '127.0.0.1'));
}

if (import.meta.main) await serve(process.argv[2]!);
