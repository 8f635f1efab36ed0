// Runs the test files that it is given, each in a process of its own, with one Postgres and one scratch folder for all. Nothing of it is left: a process that is still there at the end fails the run.
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { availableParallelism, freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { findPostgres, startPostgres } from '../src/store/postgres-server.testkit.ts';
import report from './test-reporter.js';

const gibibyte = 2 ** 30;
const shared = '/dev/shm';
/** What a file starts, by its words, and how long that takes beside the rest: the longest begin first, so that none is left alone at the end. */
const starts = [['startBrowser(', 8], ["'npm'", 8], ['startPortico(', 4], ['execFile', 2], ['forEachEngine(', 1]];
const leaveMs = 5_000;

const files = process.argv.slice(2);
const missing = files.filter((file) => !existsSync(file));
if (missing.length > 0) {
  process.stderr.write(`error: There is no file ${missing.join(', ')}.\n`);
  process.exit(1);
}

const scratch = mkdtempSync(join(hasRoom(shared) ? shared : tmpdir(), 'portico-tests-'));
// Postgres, which does not run as root, looks through.
chmodSync(scratch, 0o711);
process.env.TMPDIR = scratch;
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopping.abort());
const postgres = findPostgres() ? await startPostgres() : undefined;
if (postgres) process.env.PORTICO_TEST_POSTGRES = postgres.url;

// One more than there are processors, since every file waits now and then.
const results = run({ files: longestFirst(files), concurrency: availableParallelism() + 1, signal: stopping.signal });
results.on('test:fail', ({ todo }) => { if (todo === undefined || todo === false) process.exitCode = 1; });
for await (const text of results.compose(report)) process.stdout.write(text);

const left = await processesLeft();
for (const { pid, command } of left) {
  if (!stopping.signal.aborted) process.stdout.write(`left running: ${pid} ${command}\n`);
  process.kill(pid, 'SIGKILL');
}
if (left.length > 0 || stopping.signal.aborted) process.exitCode = 1;
await postgres?.stop();
rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });

/** Whether stores, spools and profiles of browsers may be kept in memory, where syncing costs nothing. */
function hasRoom(folder) {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > 3 * gibibyte && freemem() > 6 * gibibyte;
}

function longestFirst(names) {
  const weigh = (file) => {
    const text = readFileSync(file, 'utf8');
    return starts.reduce((sum, [words, weight]) => sum + (text.includes(words) ? weight : 0), 0) + text.length / 10_000;
  };
  return names.map((file) => ({ file, weight: weigh(file) })).sort((a, b) => b.weight - a.weight).map(({ file }) => file);
}

/** Of this run, by the scratch folder in their environment, apart from Postgres and this one; those that are about to leave have a moment. */
async function processesLeft() {
  if (!existsSync('/proc/self/environ')) return [];
  for (const deadline = Date.now() + (stopping.signal.aborted ? 0 : leaveMs); ; await wait(100)) {
    const found = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid)).flatMap((name) => {
      const read = (file) => readFileSync(`/proc/${name}/${file}`, 'utf8').split('\0');
      try {
        return read('environ').includes(`TMPDIR=${scratch}`) && !read('cmdline')[0].includes('postgres') ? [{ pid: Number(name), command: read('cmdline').join(' ').trim() }] : [];
      } catch {
        return [];
      }
    });
    if (found.length === 0 || Date.now() > deadline) return found;
  }
}
