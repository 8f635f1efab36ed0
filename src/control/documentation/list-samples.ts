import type { Query } from '../../store/database.ts';
import type { Documentation, SampleRow, SampleRun } from '../services.ts';
import type { RunRow, SampledVersion } from './sample-rows.ts';

type Input = Parameters<Documentation['listSamples']>[1];

const pageMax = 200;

/** In the order of products, versions and documents. The cursor is the version's place and the operation's position. */
export async function listSamples(query: Query, versions: SampledVersion[], input: Input, runOf: (row: RunRow) => SampleRun): ReturnType<Documentation['listSamples']> {
  const limit = Math.min(Math.max(Math.trunc(input.limit ?? 50) || 50, 1), pageMax);
  const chosen = versions.filter(({ name }) => input.version === undefined || name === input.version);
  const [startVersion = 0, startPosition = -1] = (input.cursor ?? '').split('-').map(Number).filter(Number.isSafeInteger);
  const found: { row: SampleRow; cursor: string }[] = [];
  for (let place = startVersion; place < chosen.length && found.length <= limit; place++) {
    const rows = await samplesOf(query, chosen[place]!, { state: input.state, after: place === startVersion && input.cursor ? startPosition : -1, limit: limit + 1 - found.length }, runOf);
    found.push(...rows.map(({ position, row }) => ({ row, cursor: `${place}-${position}` })));
  }
  return { samples: found.slice(0, limit).map(({ row }) => row), nextCursor: found.length > limit ? found[limit - 1]!.cursor : null };
}

async function samplesOf(query: Query, version: SampledVersion, { state, after, limit }: { state: Input['state']; after: number; limit: number }, runOf: (row: RunRow) => SampleRun): Promise<{ position: number; row: SampleRow }[]> {
  let select = query.selectFrom('operation')
    .leftJoin('sample_run', (join) => join.onRef('sample_run.version_id', '=', 'operation.version_id').onRef('sample_run.operation', '=', 'operation.operation'))
    .select(['operation.position', 'operation.operation', 'operation.slug', 'operation.method', 'operation.path', 'operation.summary', 'operation.tag', 'operation.deprecated'])
    .select(['sample_run.at', 'sample_run.worked', 'sample_run.worked_at', 'sample_run.status', 'sample_run.duration_us', 'sample_run.reason', 'sample_run.answer'])
    .where('operation.version_id', '=', version.id)
    .where('operation.position', '>', after);
  if (state === 'not-run') select = select.where('sample_run.at', 'is', null);
  else if (state !== undefined) select = select.where('sample_run.worked', '=', state === 'worked' ? 1 : 0);
  const rows = await select.orderBy('operation.position').limit(limit).execute();
  return rows.map(({ position, operation, slug, method, path, summary, tag, deprecated, at, worked, ...run }) => ({
    position,
    row: {
      product: { slug: version.slug, name: version.productName }, version: version.name, operation: { operation, slug, method, path, summary, tag, deprecated: deprecated === 1 },
      state: at === null ? 'not-run' : worked === 1 ? 'worked' : 'failed', run: at === null ? null : runOf({ ...run, at, worked: worked! }),
    },
  }));
}
