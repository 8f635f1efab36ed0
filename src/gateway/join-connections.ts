import type { Duplex } from 'node:stream';

const lingerMs = 2_000;

/** One side of an upgraded connection, and what it sent before it was handed over. */
export interface ConnectionSide {
  socket: Duplex;
  head: Uint8Array;
}

/** Passes octets both ways with back-pressure until either side ends. Calls back once with how many went each way. */
export function joinConnections(client: ConnectionSide, upstream: ConnectionSide, done: (bytes: { fromClient: number; fromUpstream: number }) => void): void {
  let fromClient = client.head.length;
  let fromUpstream = upstream.head.length;
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    for (const { socket } of [client, upstream]) endSoon(socket);
    done({ fromClient, fromUpstream });
  };
  client.socket.on('data', (chunk: Uint8Array) => { fromClient += chunk.length; });
  upstream.socket.on('data', (chunk: Uint8Array) => { fromUpstream += chunk.length; });
  for (const { socket } of [client, upstream]) {
    socket.on('error', end);
    socket.on('close', end);
  }
  if (client.head.length > 0) upstream.socket.write(client.head);
  if (upstream.head.length > 0) client.socket.write(upstream.head);
  client.socket.pipe(upstream.socket);
  upstream.socket.pipe(client.socket);
}

/** What was already passed on still arrives; a side that does not take it is cut off. */
function endSoon(socket: Duplex): void {
  const cut = setTimeout(() => socket.destroy(), lingerMs).unref();
  socket.end(() => {
    clearTimeout(cut);
    socket.destroy();
  });
}
