// The entry of every process and thread: the command line, the two children of the supervisor, and their threads.
import { isMainThread, workerData } from 'node:worker_threads';

const entry = new URL(import.meta.url);

/** The command line. Exits with its code. */
export async function main(): Promise<void> {
  const { runCommandLine } = await import('./process/command-line.ts');
  process.exitCode = await runCommandLine(entry, process.argv.slice(2));
}

if (!isMainThread) {
  const { runThread } = await import('./process/threads.ts');
  await runThread(workerData as Parameters<typeof runThread>[0]);
} else if (process.argv[2] === '--child' && process.send) {
  const { runChild } = await import('./process/child.ts');
  const { threadStarter } = await import('./process/threads.ts');
  if (process.argv[3] === 'gateway') {
    const { runGateway } = await import('./process/gateway.ts');
    await runChild((start) => runGateway(start, threadStarter(entry)));
  } else {
    const { runControl } = await import('./process/control.ts');
    await runChild((start) => runControl(start, threadStarter(entry)));
  }
}
