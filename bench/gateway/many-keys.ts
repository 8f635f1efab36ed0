// A Portico with 100,000 keys of 1,000 consumers, and a list of calls that draws from them and from all operations.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import { writeKey } from '../../src/control/keys/write-key.ts';
import { dataFolderAt } from '../../src/process/data-folder.ts';
import { openDatabase } from '../../src/process/open-database.ts';
import { startPortico } from '../../test/portico.ts';
import { operationCount, writeConfiguration } from './portico-proxy.ts';
import { throwawayFolder, type Scope } from './processes.ts';
import type { Upstream } from './yardsticks.ts';

export const keyCount = 100_000;
const consumerCount = 1_000;
const drawnCount = 100_000;

interface Made { key: string; consumer: string; subscription: string }

/** @returns the data folder, and a file with one `path<TAB>key` a line */
export async function makeManyKeys(scope: Scope, upstream: Upstream, progress: (text: string) => void): Promise<{ dataFolder: string; drawn: string }> {
  const dataFolder = throwawayFolder(scope);
  const cleanups: (() => unknown)[] = [];
  const portico = await startPortico({ after: (end) => cleanups.unshift(end) }, { configuration: writeConfiguration(throwawayFolder(scope), upstream), dataFolder });
  const made: Made[] = [];
  for (let consumer = 0; consumer < consumerCount; consumer++) {
    if (consumer % 50 === 0) progress(`${consumer} of ${consumerCount} consumers`);
    made.push(await portico.api<Made>('POST', '/keys', { email: `developer${consumer}@example.com`, product: 'bench', plan: 'standard' }));
  }
  await portico.stop();
  for (const cleanup of cleanups) await cleanup();
  const keys = [...made.map(({ key }) => key), ...await addKeys(dataFolderAt(dataFolder).database, made, progress)];
  const drawn = join(dataFolder, 'drawn.tsv');
  const pick = (most: number): number => Math.floor(Math.random() * most);
  const line = (): string => { const thing = pick(operationCount); return `/bench/v1/group${thing % 10}/things${thing}/${pick(1e9)}\t${keys[pick(keys.length)]!}`; };
  writeFileSync(drawn, `${Array.from({ length: drawnCount }, line).join('\n')}\n`);
  return { dataFolder, drawn };
}

/** Written as the service writes them, without its most of keys a consumer. */
async function addKeys(databaseFile: string, made: Made[], progress: (text: string) => void): Promise<string[]> {
  const database = await openDatabase({ databaseFile, databaseUrl: null });
  const keys: string[] = [];
  const each = keyCount / consumerCount - 1;
  for (const [place, { consumer, subscription }] of made.entries()) {
    if (place % 50 === 0) progress(`${keys.length} of ${keyCount} keys`);
    await database.transaction(async (query) => {
      const { id: developerId } = await query.selectFrom('developer').select('id').where('consumer_id', '=', consumer).executeTakeFirstOrThrow();
      for (let i = 0; i < each; i++) {
        const { key } = await writeKey({ clock: systemClock, random: randomBytes }, query, { consumerId: consumer, developerId, name: 'Live key', mode: 'live', origin: 'own', expiresAt: null, scopes: null, addresses: null, subscriptionIds: [subscription] });
        keys.push(key);
      }
    });
  }
  await database.close();
  return keys;
}
