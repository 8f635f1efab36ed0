import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that Linux gives to connections and to who asks for any, which between this answer and its use may take one of theirs; none that browsers refuse. */
const [least, end] = [11_000, 32_000];

/** A port of loopback on which nobody listens. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(least, end);
    const server = createServer();
    const free = await once(server.listen(port, '127.0.0.1'), 'listening').then(() => true, () => false);
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
