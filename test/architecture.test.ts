import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

const source = fileURLToPath(new URL('../src', import.meta.url));
const everywhere = ['clock.ts', 'errors.ts', 'config.ts'];

/** The import table of docs/architecture.md: what each folder of src/ may import besides itself and `everywhere`. */
const mayImport: Record<string, string[]> = {
  domain: [],
  contract: ['domain'],
  snapshot: ['domain', 'contract'],
  gateway: ['domain', 'snapshot', 'metering'],
  metering: ['domain', 'events', 'store'],
  events: ['domain'],
  analytics: ['domain', 'events', 'store'],
  store: ['domain'],
  control: ['domain', 'contract', 'snapshot', 'store', 'analytics', 'events'],
  api: ['domain', 'control', 'analytics'],
  web: ['control', 'domain'],
  cli: ['domain', 'contract'],
  process: ['domain', 'contract', 'snapshot', 'gateway', 'metering', 'events', 'analytics', 'store', 'control', 'api', 'web', 'cli'],
  'main.ts': ['process'],
  'clock.ts': [],
  'errors.ts': [],
  'config.ts': [],
};

/** Of another folder, only these files may be imported. */
const portsOnly: { from: string[]; to: string; files: string[] }[] = [
  { from: ['metering', 'analytics', 'control'], to: 'events', files: ['event-store.ts', 'event-store-over-port.ts'] },
  { from: ['metering', 'analytics', 'control'], to: 'store', files: ['database.ts', 'tables.ts'] },
];

interface Import { file: string; folder: string; target: string; targetFolder: string; typeOnly: boolean }

function sourceFiles(): string[] {
  return readdirSync(source, { recursive: true }).map(String).filter((name) => /\.tsx?$/.test(name) && !name.includes('/.') && !name.startsWith('.'));
}

function isTestFile(name: string): boolean {
  return /\.(test|contract|testkit)\.tsx?$|(^|\/)testkit\.ts$/.test(name);
}

function importsOf(name: string): Import[] {
  const text = readFileSync(join(source, name), 'utf8');
  const pattern = /(?:^|\n)\s*(import|export)\s+(type\s+)?([^'";]*?\sfrom\s+)?['"](\.[^'"]+)['"]|import\(\s*['"](\.[^'"]+)['"]\s*\)/g;
  return [...text.matchAll(pattern)].map((match) => {
    const specifier = match[4] ?? match[5]!;
    const target = relative(source, resolve(source, dirname(name), specifier));
    return { file: name, folder: name.split('/')[0]!, target, targetFolder: target.split('/')[0]!, typeOnly: match[2] !== undefined };
  });
}

const files = sourceFiles();
const imports = files.filter((name) => !isTestFile(name)).flatMap(importsOf);

test('every folder has its line in the import table', () => {
  const folders = [...new Set(files.filter((name) => !isTestFile(name)).map((name) => name.split('/')[0]!))];
  assert.deepEqual(folders.filter((folder) => !(folder in mayImport)), []);
});

test('imports keep to the import table', () => {
  assert.ok(imports.length > 100, 'the pattern finds imports');
  const broken = imports.filter(({ folder, target, targetFolder }) => folder !== targetFolder && !target.startsWith('..') && !everywhere.includes(target) && !mayImport[folder]!.includes(targetFolder));
  assert.deepEqual(broken.map(({ file, target }) => `${file} imports ${target}`), []);
});

test('ports are imported, not their adapters', () => {
  const broken = imports.filter((entry) => portsOnly.some(({ from, to, files: allowed }) => from.includes(entry.folder) && entry.targetFolder === to && !allowed.includes(entry.target.slice(to.length + 1))));
  assert.deepEqual(broken.map(({ file, target }) => `${file} imports ${target}`), []);
});

test('pages import only types of control', () => {
  const broken = imports.filter(({ folder, targetFolder, typeOnly }) => folder === 'web' && targetFolder === 'control' && !typeOnly);
  assert.deepEqual(broken.map(({ file, target }) => `${file} imports ${target}`), []);
});

test('only process/ reads process.env, and nothing is imported that does not exist', () => {
  const missing = imports.filter(({ target }) => !target.startsWith('..') && !target.startsWith('web/+types') && !['', '.ts', '.tsx'].some((ending) => existsSync(join(source, target + ending))) && !target.includes('+types'));
  assert.deepEqual(missing.map(({ file, target }) => `${file} imports ${target}`), []);
  const readers = files.filter((name) => !isTestFile(name) && !name.startsWith('process/') && /process\.env\b/.test(readFileSync(join(source, name), 'utf8')));
  assert.deepEqual(readers, []);
});

/** Each dependency is wrapped: the files that import it, by the folders they lie in, are this few. */
const wrapped: Record<string, number> = {
  'better-auth': 2, '@duckdb/node-api': 2, '@redocly/openapi-core': 1, 'openapi-sampler': 1, nodemailer: 1, commander: 1, yaml: 4, 'prom-client': 1, pg: 1, undici: 1, 'node:sqlite': 3,
};

test('dependencies are wrapped in few files', () => {
  for (const [name, most] of Object.entries(wrapped)) {
    const users = files.filter((file) => !isTestFile(file) && new RegExp(`^import (?!type)[^;]*from ['"]${name}(/[^'"]*)?['"]|import\\(['"]${name}['"]\\)`, 'm').test(readFileSync(join(source, file), 'utf8')));
    assert.ok(users.length <= most, `${name} is imported by ${users.join(', ')}; at most ${most} may`);
  }
});
