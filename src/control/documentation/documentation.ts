// Documentation that ran: what came of each operation's sample, and running them again.
import { AppError } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { rememberBrokenRequests } from '../content/broken-requests.ts';
import type { ControlDeps } from '../deps.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { findProductRow } from '../products/product-rows.ts';
import { seesAll } from '../products/visible-product.ts';
import { requireRight } from '../rights.ts';
import type { Actor, Documentation, DocumentationVersion, SampleRun } from '../services.ts';
import { getVisibleVersion } from '../versions/version-rows.ts';
import { listSamples } from './list-samples.ts';
import { createSampleRunner, type SampleGateway, type SampleProgress, type SampleRunner, type SampleRunnerOptions } from './run-samples.ts';
import { countDue, listSampledVersions, requestRuns, type RunRow, type SampledVersion } from './sample-rows.ts';

export interface OpenDocumentation extends Documentation {
  runner: SampleRunner;
  close(): Promise<void>;
}

/** Runs samples when something is published, and each once a day. */
export function createDocumentation(deps: ControlDeps, gateways: Pick<Gateways, 'onPublished' | 'list' | 'snapshotVersion'>, options: SampleRunnerOptions & { gateway?: SampleGateway } = {}): OpenDocumentation {
  const { database } = deps;
  const query = database.kysely;
  const runner = createSampleRunner(deps, options.gateway ?? gatewayOf(deps, gateways), options);
  const brokenRequests = rememberBrokenRequests(deps);
  const stop = gateways.onPublished(() => void runner.look());
  void runner.look();
  return {
    runner,
    async findRun(actor, { product, version, operation }) {
      const found = await getVisibleVersion(query, actor, product, version);
      const row = await query.selectFrom('sample_run').innerJoin('operation', (join) => join.onRef('operation.version_id', '=', 'sample_run.version_id').onRef('operation.operation', '=', 'sample_run.operation'))
        .selectAll('sample_run').where('sample_run.version_id', '=', found.id).where('operation.slug', '=', operation).executeTakeFirst();
      return row ? runOf(row, actor) : null;
    },
    async listVersions(actor, { product }) {
      requireRight(actor, 'workspace.read');
      const versions = await sampledVersions(query, product);
      return Promise.all(versions.map((version) => summarise(query, version, runner.progress(), deps.clock.now())));
    },
    async listSamples(actor, input) {
      requireRight(actor, 'workspace.read');
      return listSamples(query, await sampledVersions(query, input.product), input, (row) => runOf(row, actor));
    },
    async listBrokenRequests(actor) {
      requireRight(actor, 'workspace.read');
      return (await brokenRequests(query)).map(({ article, file, line, detail }) => ({ article, file, line, detail }));
    },
    async run(actor, { product, version }) {
      requireRight(actor, 'products.change');
      const samples = await database.transaction(async (inside) => {
        const all = await sampledVersions(inside, product);
        const chosen = all.filter(({ name }) => version === undefined || name === version);
        if (chosen.length === 0) throw new AppError('not_found', version === undefined ? `"${product}" has no test mode, or no published version, so there is nothing to run.` : `"${product}" has no published version "${version}" with a test mode.`);
        const now = deps.clock.now();
        await requestRuns(inside, chosen.map(({ id }) => id), now);
        const count = await inside.selectFrom('operation').select((eb) => eb.fn.countAll().as('count')).where('version_id', 'in', chosen.map(({ id }) => id)).executeTakeFirstOrThrow();
        const last = await inside.selectFrom('sample_run').select((eb) => eb.fn.max('at').as('at')).where('version_id', 'in', chosen.map(({ id }) => id)).executeTakeFirst();
        await recordAudit(inside, deps, actor, { action: 'run', noun: 'documentation', subject: chosen[0]!.productId, name: version === undefined ? product : `${product} ${version}`, before: { lastRunAt: last?.at ?? null }, after: { requestedAt: now, versions: chosen.map(({ name }) => name) } });
        return Number(count.count);
      });
      void runner.look();
      return { samples };
    },
    async close() {
      stop();
      await runner.close();
    },
  };
}

/** On this machine by the port that it listens on; else, and by TLS, whose certificate names it, by its public address. */
function gatewayOf({ config }: ControlDeps, gateways: Pick<Gateways, 'list' | 'snapshotVersion'>): SampleGateway {
  const host = config.host === '0.0.0.0' ? '127.0.0.1' : config.host === '::' ? '[::1]' : config.host.includes(':') ? `[${config.host}]` : config.host;
  return {
    address: config.role === 'all' && config.tls === null ? `http://${host}:${config.gatewayPort}` : config.gatewayUrl,
    isReady: () => gateways.list().some(({ connected, accepting, snapshotVersion }) => connected && accepting && snapshotVersion >= gateways.snapshotVersion()),
  };
}

/** @throws AppError `not_found` for a product that does not exist. */
async function sampledVersions(query: Query, slug: string | undefined): Promise<SampledVersion[]> {
  if (slug === undefined) return listSampledVersions(query);
  const product = await findProductRow(query, slug);
  if (!product) throw new AppError('not_found', `There is no product "${slug}" here.`);
  return listSampledVersions(query, product.id);
}

async function summarise(query: Query, version: SampledVersion, progress: SampleProgress | null, now: number): Promise<DocumentationVersion> {
  const counts = await query.selectFrom('operation')
    .leftJoin('sample_run', (join) => join.onRef('sample_run.version_id', '=', 'operation.version_id').onRef('sample_run.operation', '=', 'operation.operation'))
    .select((eb) => [eb.fn.countAll().as('samples'), eb.fn.count('sample_run.at').as('ran'), eb.fn.sum('sample_run.worked').as('worked'), eb.fn.max('sample_run.at').as('at')])
    .where('operation.version_id', '=', version.id).executeTakeFirstOrThrow();
  const [samples, ran, worked] = [Number(counts.samples), Number(counts.ran), Number(counts.worked ?? 0)];
  return {
    product: { slug: version.slug, name: version.productName }, version: version.name, samples, worked, failed: ran - worked, notRun: samples - ran, lastAt: counts.at === null ? null : Number(counts.at),
    running: progress?.versionId === version.id ? { done: progress.done, of: progress.of, waiting: progress.waiting } : null, due: await countDue(query, version, now),
  };
}

function runOf(row: RunRow, actor: Actor | undefined): SampleRun {
  const worked = row.worked === 1;
  const whole = seesAll(actor);
  return {
    at: row.at, worked, workedAt: row.worked_at, status: row.status, durationMs: row.duration_us === null ? null : row.duration_us / 1000,
    reason: whole ? row.reason : null, answer: row.answer !== null && (worked || whole) ? (JSON.parse(row.answer) as SampleRun['answer']) : null,
  };
}
