// Makes stored terms and sets match a configuration, inside the caller's transaction.
import type { Buffer } from 'node:buffer';
import type { Clock } from '../../clock.ts';
import type { Query } from '../../store/database.ts';
import { writeSetting } from '../configuration/setting.ts';
import type { ContentBytes } from '../content/read-content.ts';
import { learnSetting, loadLearnSetting, type LearnEntry, type LearnSetting, type LearnState } from './learn-rows.ts';

type Deps = { clock: Clock; random(bytes: number): Buffer };
const rowsAtOnce = 100;

/** What is in `bytes` is new or unchanged; what is not there is in the store already. */
export async function writeLearn(deps: Deps, query: Query, target: LearnState, bytes: ContentBytes): Promise<void> {
  const known = await loadLearnSetting(query);
  let changed = known.shipped !== target.shipped;
  for (const kind of ['term', 'set'] as const) {
    const entries = target.entries.filter((entry) => entry.kind === kind);
    if (await writeRows(deps, query, kind, entries, bytes)) changed = true;
  }
  if (changed) await touchLearn(deps, query, target.shipped);
}

/** Tells everybody who keeps terms and sets at hand that they are others now. */
export async function touchLearn({ random }: Pick<Deps, 'random'>, query: Query, shipped: boolean): Promise<void> {
  await writeSetting(query, learnSetting, { shipped, revision: random(12).toString('hex') } satisfies LearnSetting);
}

async function writeRows({ clock }: Deps, query: Query, kind: LearnEntry['kind'], entries: LearnEntry[], bytes: ContentBytes): Promise<boolean> {
  const table = kind === 'term' ? 'learn_term' : 'learn_set';
  const stored = await query.selectFrom(table).select(['id', 'hash', 'position', 'json']).execute();
  const rows = new Map(stored.map((row) => [row.id, row]));
  const same = stored.length === entries.length && entries.every(({ id, hash }, index) => rows.get(id)?.hash === hash && Number(rows.get(id)!.position) === index);
  if (same) return false;
  const wanted = entries.map(({ id, hash }, position) => ({ id, position, hash, json: bytes.get(hash)?.bytes.toString('utf8') ?? rows.get(id)!.json, updated_at: clock.now() }));
  await query.deleteFrom(table).execute();
  for (let start = 0; start < wanted.length; start += rowsAtOnce) await query.insertInto(table).values(wanted.slice(start, start + rowsAtOnce)).execute();
  return true;
}
