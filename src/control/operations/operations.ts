import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { auditRetentionMs, recordAudit } from '../audit/record-audit.ts';
import type { ControlDeps } from '../deps.ts';
import type { GatewayStatus, Gateways } from '../gateways/gateways.ts';
import { requireRight } from '../rights.ts';
import type { OperationsService } from '../services.ts';

export function createOperations(deps: ControlDeps, gateways: Gateways): OperationsService {
  return {
    async status() {
      const list = gateways.list();
      const snapshotVersion = gateways.snapshotVersion();
      const reasons = reasonsNotReady(list, snapshotVersion);
      const [uncounted, ingest, store, events, spool] = await Promise.all([listUncounted(deps, gateways), deps.ingestStatus(), deps.database.sizeBytes(), deps.events.sizeBytes(), folderBytes(join(deps.config.dataFolder, 'spool'))]);
      return { ready: reasons.length === 0, reasons, snapshotVersion, gateways: list, uncounted, ingest, disk: { store, events, spool } };
    },
    async settings(actor) {
      requireRight(actor, 'workspace.read');
      const { config, version, database } = deps;
      return {
        version, webUrl: config.webUrl, gatewayUrl: config.gatewayUrl, engine: database.engine, dataFolder: config.dataFolder, mailServer: config.smtpUrl === null ? null : new URL(config.smtpUrl).host,
        retention: { eventDays: config.eventRetentionDays, spoolHours: config.spoolRetentionHours, auditDays: auditRetentionMs / 86_400_000 },
      };
    },
    async backup(actor, file) {
      requireRight(actor, 'backup.make');
      const made = await deps.takeBackup(file);
      await recordAudit(deps.database.kysely, deps, actor, { action: 'made', noun: 'backup', subject: null, name: basename(file), before: null, after: { bytes: made.bytes } });
      return made;
    },
  };
}

function reasonsNotReady(gateways: GatewayStatus[], snapshotVersion: number): string[] {
  if (gateways.length === 0) return ['no gateway is connected'];
  return gateways.flatMap((gateway) => {
    if (!gateway.connected) return [`gateway ${gateway.id} lost control ${Math.round(gateway.staleMs / 1_000)} s ago and serves with version ${gateway.snapshotVersion}`];
    if (gateway.snapshotVersion !== snapshotVersion) return [`gateway ${gateway.id} serves with version ${gateway.snapshotVersion} of the configuration, not yet ${snapshotVersion}`];
    if (!gateway.accepting || gateway.threads === 0) return [`gateway ${gateway.id} does not accept calls yet`];
    return gateway.unmeterable ? [`gateway ${gateway.id} cannot write its meter`] : [];
  });
}

async function listUncounted({ database }: ControlDeps, gateways: Gateways): Promise<Awaited<ReturnType<OperationsService['status']>>['uncounted']> {
  const periods = await gateways.uncounted();
  if (periods.length === 0) return [];
  const products = await database.kysely.selectFrom('product').select(['id', 'slug']).where('id', 'in', periods.map(({ productId }) => productId)).execute();
  const slugs = new Map(products.map(({ id, slug }) => [id, slug]));
  return periods.map(({ productId, ...period }) => ({ product: slugs.get(productId) ?? productId, ...period }));
}

async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(names.map((name) => stat(join(folder, name)).then((info) => info.size, () => 0)));
  return sizes.reduce((sum, size) => sum + size, 0);
}
