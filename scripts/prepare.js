// What every script needs before it can start, in plain JavaScript that any Node from 20 up reads:
// the dependencies of the lockfile, the built pages, and the pinned Node to go on with.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs `npm ci` when node_modules does not match the lockfile. */
export async function install() {
  const stamp = join(root, 'node_modules', '.portico-installed');
  const wanted = hash([join(root, 'package-lock.json')]);
  if (read(stamp) === wanted) return;
  // A folder that npm itself brought up to the lockfile, as `npm ci` or `npm install` by hand do, is taken as it is.
  if (existsSync(join(root, 'node_modules', '.package-lock.json')) && sameVersions()) {
    writeFileSync(stamp, wanted);
    return;
  }
  await step('Installing dependencies', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, wanted);
}

/** Installs Debian packages that are missing. @param {Record<string, () => boolean>} packages how to see that each is there */
export async function installSystemPackages(packages, purpose) {
  const missing = Object.entries(packages).filter(([, present]) => !present()).map(([name]) => name);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) fail(`${purpose} ${missing.join(' and ')}. Install with: sudo apt-get install ${missing.join(' ')}`);
  await step('Updating the package lists', 'apt-get', ['update', '-qq']);
  await step(`Installing ${missing.join(', ')}`, 'apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env: { DEBIAN_FRONTEND: 'noninteractive' } });
}

/** Builds the pages when their sources changed since the last build. */
export async function buildWeb() {
  const stamp = join(root, 'build', '.built-from');
  const sources = ['src/web', 'src/errors.ts', 'src/domain', 'src/control/services.ts', 'package-lock.json', 'vite.config.ts', 'react-router.config.ts'];
  const wanted = hash(sources.flatMap((source) => filesIn(join(root, source))).filter((file) => !file.endsWith('.test.ts')));
  if (read(stamp) === wanted) return;
  await step('Building the pages', pinnedNode(), [join(root, 'node_modules/@react-router/dev/bin.cjs'), 'build'], { env: { NODE_ENV: 'production' } });
  mkdirSync(join(root, 'build/fonts'), { recursive: true });
  for (const font of ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf']) copyFileSync(join(root, 'node_modules/@expo-google-fonts/inter', font), join(root, 'build/fonts', basename(font)));
  writeFileSync(stamp, wanted);
}

/** Where Node keeps compiled modules between starts (NODE_COMPILE_CACHE). */
export const compileCache = join(root, 'node_modules', '.cache', 'portico-compiled');

/** Fills the compile cache when the program changed, so that its first start is as quick and small as every later one. */
export async function compileAhead() {
  const stamp = join(compileCache, '.compiled-from');
  const wanted = hash(['src', 'build/server', 'package-lock.json'].flatMap((source) => filesIn(join(root, source))).filter((file) => !/\.tsx$|\.test\.ts$/.test(file)));
  if (read(stamp) === wanted) return;
  await step('Compiling the program', pinnedNode(), [join(root, 'scripts/compile-ahead.js')], { env: { NODE_ENV: 'production', NODE_COMPILE_CACHE: compileCache } });
  writeFileSync(stamp, wanted);
}

/** Compiles the program to JavaScript for the package: Node does not strip types below node_modules. */
export async function buildProgram() {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  await step('Compiling the program', pinnedNode(), [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')]);
}

/** The Node of the lockfile, else this one where it is new enough. */
export function pinnedNode() {
  const pinned = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(pinned)) return pinned;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 18)) return process.execPath;
  fail(`This machine (${process.platform} ${process.arch}) needs Node 24.18 or newer, and this is ${process.versions.node}. Install Node 24 and run the command again.`);
}

/** Runs a program with the pinned Node first in PATH; resolves to its exit code. */
export function run(command, args, { env = {}, stdio = 'inherit' } = {}) {
  return new Promise((resolve, reject) => {
    const path = `${dirname(pinnedNodeOrThis())}:${join(root, 'node_modules', '.bin')}:${process.env.PATH}`;
    const child = spawn(command, args, { cwd: root, stdio, env: { ...process.env, PATH: path, ...env } });
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(signal ? 1 : code));
  });
}

export function fail(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exit(1);
}

/** One piece of long work: says that it began, how long it has been going on, and how it ended. Its own output shows only when it fails. */
export async function step(title, command, args, { env = {} } = {}) {
  const begun = Date.now();
  const seconds = () => `${((Date.now() - begun) / 1000).toFixed(1)} s`;
  const live = process.stdout.isTTY;
  process.stdout.write(live ? `${title} ...` : `${title} ...\n`);
  const timer = live ? setInterval(() => process.stdout.write(`\r${title} ... ${seconds()} `), 200) : undefined;
  let output = '';
  const code = await new Promise((resolve) => {
    const path = `${dirname(pinnedNodeOrThis())}:${process.env.PATH}`;
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PATH: path, ...env } });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { output += chunk; });
    child.on('error', (error) => { output += error.message; resolve(1); });
    child.on('exit', (exit, signal) => resolve(signal ? 1 : exit));
  });
  clearInterval(timer);
  process.stdout.write(`${live ? '\r' : ''}${title} ${code === 0 ? 'took' : 'failed after'} ${seconds()}\n`);
  if (code === 0) return;
  process.stderr.write(output);
  fail(`${title} failed: ${command} ended with ${code}.`);
}

function pinnedNodeOrThis() {
  const pinned = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  return existsSync(pinned) ? pinned : process.execPath;
}

function sameVersions() {
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages;
  return Object.entries(locked).every(([path, entry]) => path === '' || entry.optional || installed[path]?.version === entry.version);
}

function filesIn(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => filesIn(join(path, entry.name))).sort();
}

function hash(files) {
  const digest = createHash('sha256');
  for (const file of files) digest.update(file.slice(root.length)).update(readFileSync(file));
  return digest.digest('hex');
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
