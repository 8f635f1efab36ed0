// The gateway process: its lock, its epoch of the spool, and what it needs of the store before it accepts.
import { join } from 'node:path';
import { systemClock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { runGatewayProcess } from '../gateway/gateway-process.ts';
import { rebuildCounters } from '../metering/rebuild-counters.ts';
import { bridgeToken } from './bridge-token.ts';
import { createLog, tellBusy } from './child.ts';
import type { RunningChild } from './child.ts';

import { dataFolderAt, highestSpoolEpoch } from './data-folder.ts';
import { acquireLock, predecessorMs } from './lock.ts';
import { openDatabase } from './open-database.ts';
import type { ChildStart } from './supervise.ts';
import type { StartThread } from './threads.ts';

export async function runGateway({ config, secrets }: ChildStart, startThread: StartThread): Promise<RunningChild> {
  const folder = dataFolderAt(config.dataFolder);
  const lock = await acquireLock(join(folder.root, 'gateway.db'), { waitMs: predecessorMs, leastTurn: highestSpoolEpoch(folder.spool) + 1 });
  if (!lock) throw new AppError('start_refused', `Another gateway runs on ${folder.root}.`);
  const gateway = await runGatewayProcess({
    config,
    clock: systemClock,
    log: createLog('gateway', process.env['PORTICO_LOG_LEVEL']),
    dataFolder: folder.root,
    epoch: lock.turn,
    startThread: (name, data) => startThread(name, data),
    bridgePath: folder.bridge,
    bridgeToken: bridgeToken(secrets.secret),
    rebuildCounters: async (input) => {
      const database = await openDatabase({ databaseFile: folder.database, databaseUrl: config.databaseUrl }, tellBusy);
      try {
        return await rebuildCounters({ database, spoolFolder: folder.spool, clock: systemClock }, input);
      } finally {
        await database.close();
      }
    },
  });
  return { stop: () => gateway.stop() };
}
