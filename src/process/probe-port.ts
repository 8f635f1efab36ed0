import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../errors.ts';
import { settings } from '../config.ts';

/**
 * The port, or a free one for 0, found by listening on it exclusively for a moment: the gateway's threads share theirs
 * (`reusePort`), so they themselves would not notice a stranger on it.
 * @throws AppError `start_refused` when it stays taken for `waitMs`: children of a killed supervisor need a moment to leave.
 */
export async function probePort(host: string, port: number, name: 'webPort' | 'gatewayPort' | 'upstream', waitMs = 3_000): Promise<number> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const result = await tryListen(host, port);
    if (typeof result === 'number') return result;
    if (result.code !== 'EADDRINUSE' || performance.now() >= deadline) throw refusal(host, port, name, result);
    await wait(50);
  }
}

function tryListen(host: string, port: number): Promise<number | NodeJS.ErrnoException> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ host, port, exclusive: true }, () => {
      const { port: actual } = server.address() as { port: number };
      server.close(() => resolve(actual));
    });
  });
}

function refusal(host: string, port: number, name: 'webPort' | 'gatewayPort' | 'upstream', cause: NodeJS.ErrnoException): AppError {
  const what = cause.code === 'EADDRINUSE' ? `Port ${port} on ${host} is taken by another program` : `Portico cannot listen on port ${port} of ${host} (${cause.code ?? cause.message})`;
  const next = name === 'upstream' ? 'The demo needs it for the Atlas upstream: stop that program' : `Stop that program, or choose another port with ${settings[name].flag} or ${settings[name].variable}`;
  return new AppError('start_refused', `${what}. ${next}.`, { cause });
}
