// The control process: store, services, ingest thread, and the web server on top.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createApi } from '../api/create-api.ts';
import { systemClock } from '../clock.ts';
import { createServices } from '../control/create-services.ts';
import { unaskedCertificates } from '../control/configuration/check-policies.ts';
import { AppError } from '../errors.ts';
import { mountWeb } from '../web/mount.ts';
import { answerChecks } from './answer-checker.ts';
import { bridgeToken } from './bridge-token.ts';
import { cardDrawer } from './card-drawer.ts';
import type { RunningChild } from './child.ts';
import { createLog, tellBusy } from './child.ts';
import { contractLoader } from './contract-loader.ts';
import { dataFolderAt } from './data-folder.ts';
import { startIngestThread } from './ingest-handle.ts';
import { acquireLock, predecessorMs } from './lock.ts';
import { createMetrics } from './metrics.ts';
import { openDatabase } from './open-database.ts';
import { policyCompiler } from './policy-compiler.ts';
import { priceReplayer } from './price-replayer.ts';
import { searchIndexer } from './search-indexer.ts';
import type { ChildStart } from './supervise.ts';
import type { StartThread } from './threads.ts';
import { buildFolder, version } from './version.ts';
import { warmPages } from './warm-pages.ts';
import { startWebServer } from './web-server.ts';

export async function runControl({ config, secrets, configurationPending }: ChildStart, startThread: StartThread): Promise<RunningChild> {
  const log = createLog('control', process.env['PORTICO_LOG_LEVEL']);
  const folder = dataFolderAt(config.dataFolder);
  const lock = await acquireLock(join(folder.root, 'control.db'), { waitMs: predecessorMs });
  if (!lock) throw new AppError('start_refused', `Another control process runs on ${folder.root}.`);
  const database = await openDatabase({ databaseFile: folder.database, databaseUrl: config.databaseUrl }, tellBusy);
  const ingest = await startIngestThread(startThread, { config, folder, log });
  const services = await createServices({
    config, version, secret: secrets.secret, database, events: ingest.events, clock: systemClock, random: randomBytes, log,
    loadContract: contractLoader(startThread), compilePolicy: policyCompiler(startThread), buildSearchIndex: searchIndexer(startThread), openAnswerCheck: answerChecks(startThread), replayPrices: priceReplayer(startThread, { databaseFile: folder.database, databaseUrl: config.databaseUrl }), onCalls: ingest.onCalls, watchConsumer: ingest.watchConsumer, onReadable: ingest.onReadable, ingestStatus: ingest.ingestStatus, fonts: { regular: join(buildFolder, 'fonts/Inter_400Regular.ttf'), semibold: join(buildFolder, 'fonts/Inter_600SemiBold.ttf') }, takeBackup: ingest.takeBackup,
  }, { bridgePath: folder.bridge, bridgeToken: bridgeToken(secrets.secret) });

  let pending = configurationPending;
  // What is about to be applied is looked at then.
  const [unasked] = pending ? [] : unaskedCertificates((await services.configuration.current()).products, config);
  if (unasked) throw new AppError('start_refused', unasked.detail);
  const api = createApi({ services, adminToken: secrets.adminToken, log, version, webUrl: config.webUrl, temporaryFolder: folder.root });
  process.env['NODE_ENV'] ??= 'production'; // React decides by it, when the pages load it, whether it runs its slow checks.
  const cards = cardDrawer(startThread);
  const pages = await mountWeb({ buildFolder, services, drawCard: cards.draw, config, onFault: (error, requestId) => log.error({ err: error, requestId }, 'a page failed') });
  const web = await startWebServer({ config, services, metrics: createMetrics(services), log, api, pages, notReady: () => (pending ? ['the configuration given at the start is not applied yet'] : []) });
  const stopping = new AbortController();
  const warmed = warmPages({ services, pages, webUrl: config.webUrl, signal: stopping.signal }).catch((error: unknown) => { if (!stopping.signal.aborted) log.error({ err: error }, 'pages could not be drawn ahead'); });
  return {
    firstOwnerLink: await services.accounts.firstOwnerLink(),
    message: (message) => { if ((message as { type?: string }).type === 'configuration-applied') pending = false; },
    stop: async () => {
      stopping.abort();
      await warmed;
      await web.close();
      await cards.close();
      await services.close();
      await ingest.stop();
      await database.close();
      lock.release();
    },
  };
}
