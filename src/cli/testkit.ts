import { PassThrough } from 'node:stream';
import { readPlans } from '../control/configuration/read-plans.ts';
import type { CliContext, StartInput } from './context.ts';
import { createProgram } from './program.ts';

export interface Ran { code: number; stdout: string; stderr: string }

/** Runs the command line in this process, without a terminal. */
export async function run(args: string[], more: { environment?: Record<string, string>; terminal?: boolean; answers?: string } & Partial<Pick<CliContext, 'start' | 'restoreInto'>> = {}): Promise<Ran & { started: StartInput[] }> {
  const written = { stdout: '', stderr: '' };
  const started: StartInput[] = [];
  const output = (name: 'stdout' | 'stderr') => Object.assign(new PassThrough(), { isTTY: more.terminal ?? false, columns: 100, write: (text: string | Uint8Array) => { written[name] += String(text); return true; } });
  const stdin = Object.assign(new PassThrough(), { isTTY: more.terminal ?? false });
  if (more.answers !== undefined) stdin.write(more.answers);
  const program = createProgram({
    version: '1.2.3', environment: more.environment ?? {}, stdin, stdout: output('stdout'), stderr: output('stderr'),
    start: more.start ?? (async (input) => { started.push(input); return 0; }),
    restoreInto: more.restoreInto ?? (async () => undefined),
    readPlans: async ({ file, text }) => readPlans(file, text),
  });
  return { code: await program.run(args), ...written, started };
}
