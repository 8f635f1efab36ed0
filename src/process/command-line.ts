// What the command line needs of the machine: its streams, and the three things that are beyond the command line's own folder.
import { createProgram } from '../cli/program.ts';
import type { CliContext, StartInput } from '../cli/context.ts';
import { errorLines } from '../cli/report-error.ts';
import { isAppError } from '../errors.ts';
import { version } from './version.ts';

/** Resolves to the exit code. */
export async function runCommandLine(entry: URL, args: string[]): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', passOverClosedPipe);
  const context: CliContext = {
    version,
    environment: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    start: (input) => startAndWait(entry, input),
    restoreInto: async (input) => {
      const { restoreInto } = await import('./restore.ts');
      await restoreInto(input);
    },
    readPlans: async ({ file, text }) => {
      const { readPlans } = await import('../control/configuration/read-plans.ts');
      return readPlans(file, text);
    },
  };
  return createProgram(context).run(args);
}

/** Whoever reads the output may stop reading, as `head` does: what the command has begun it still ends. */
function passOverClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

async function startAndWait(entry: URL, input: StartInput): Promise<number> {
  const { start } = await import('./start.ts');
  const { applyFile } = await import('../cli/apply-file.ts');
  const out = (line: string): void => { process.stdout.write(`${line}\n`); };
  const told = Promise.withResolvers<void>();
  // Asked to stop while starting: what has started ends first, then this process.
  let asked = false;
  const ask = (): void => { if (!asked) { asked = true; if (!input.json) out('\nStopping'); told.resolve(); } };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
  const running = await start({
    entry, environment: process.env, flags: input.flags, configurationFile: input.configurationFile, watch: input.watch, version,
    print: input.json ? () => undefined : out,
    apply: applyFile,
    onApplyFailed: (error) => { for (const line of isAppError(error) ? errorLines(error) : [`error: ${error.message}`]) process.stderr.write(`${line}\n`); },
  });
  const { config, secrets, firstOwnerLink, readyMs } = running;
  if (input.json) {
    out(JSON.stringify({ web: config.webUrl, workspace: `${config.webUrl}/workspace`, gateway: config.gatewayUrl, data: config.dataFolder, ...(firstOwnerLink ? { firstOwnerLink } : {}), ...(secrets.adminTokenIsNew ? { adminToken: secrets.adminToken } : {}), readyMs: Math.round(readyMs) }));
  } else {
    out(['', `  Portal       ${config.webUrl}`, `  Workspace    ${config.webUrl}/workspace`, `  Gateway      ${config.gatewayUrl}`,
      ...(firstOwnerLink ? ['', '  Become the first owner of the workspace (works once):', `  ${firstOwnerLink}`] : []),
      ...(secrets.adminTokenIsNew ? ['', '  Admin token of the management API (shown once, kept in the data folder):', `  ${secrets.adminToken}`] : []),
      '', `  Ready in ${(readyMs / 1000).toFixed(1)} s. Ctrl-C stops everything.`, ''].join('\n'));
  }
  await told.promise;
  await running.stop();
  return 0;
}
