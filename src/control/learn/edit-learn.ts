// What the management API changes of terms and sets. The rules of the files hold: what would be refused there is refused here.
import type { LearnSet, LearnTerm } from '../../domain/learn.ts';
import { AppError, type ErrorPlace } from '../../errors.ts';
import type { Query } from '../../store/database.ts';
import { recordAudit } from '../audit/record-audit.ts';
import { loadConfigState } from '../configuration/config-state.ts';
import { writeYaml } from '../configuration/yaml.ts';
import { contentHash } from '../content/content-rows.ts';
import type { ControlDeps } from '../deps.ts';
import { requireRight } from '../rights.ts';
import type { Actor } from '../services.ts';
import { loadLearnSetting, loadOwnLearn } from './learn-rows.ts';
import { namingMistakes } from './link-mistakes.ts';
import { readLearn, type ReadLearn } from './read-learn.ts';
import { touchLearn } from './write-learn.ts';
import { writtenSet, writtenTerm } from './written-learn.ts';

type Kind = 'term' | 'set';
type Deps = Pick<ControlDeps, 'database' | 'clock' | 'random'>;
const inputFile = 'input';

export async function saveTerm(deps: Deps, actor: Actor, { id, term }: { id: string; term: Record<string, unknown> }): Promise<LearnTerm> {
  return saveEntry(deps, actor, { kind: 'term', id, text: writeYaml({ terms: [{ ...term, id }] }) }, ({ terms }) => terms.find((read) => read.source === inputFile)!.term);
}

export async function saveSet(deps: Deps, actor: Actor, { id, set }: { id: string; set: Record<string, unknown> }): Promise<LearnSet> {
  return saveEntry(deps, actor, { kind: 'set', id, text: writeYaml({ sets: [{ ...set, id }] }) }, ({ sets }) => sets.find((read) => read.source === inputFile)!.set);
}

async function saveEntry<Entry extends object>(deps: Deps, actor: Actor, { kind, id, text }: { kind: Kind; id: string; text: string }, entryOf: (read: ReadLearn) => Entry): Promise<Entry> {
  requireRight(actor, 'configuration.change');
  const table = kind === 'term' ? 'learn_term' : 'learn_set';
  return deps.database.transaction(async (query) => {
    const read = await readOwn(query, { kind, id }, text);
    const { config, content } = await loadConfigState(query);
    refuseMistakes([...read.problems, ...(await namingMistakes(query, read, { products: config.products, articles: content.articles }))]);
    const entry = entryOf(read);
    const json = JSON.stringify(entry);
    const before = await query.selectFrom(table).select(['json', 'position']).where('id', '=', id).executeTakeFirst();
    const last = await query.selectFrom(table).select((eb) => eb.fn.max('position').as('position')).executeTakeFirst();
    const row = { json, hash: contentHash(json), updated_at: deps.clock.now() };
    const position = before ? Number(before.position) : Number(last?.position ?? -1) + 1;
    await query.insertInto(table).values({ id, position, ...row }).onConflict((conflict) => conflict.column('id').doUpdateSet(row)).execute();
    await touchLearn(deps, query, (await loadLearnSetting(query)).shipped);
    await recordAudit(query, deps, actor, { action: before ? 'changed' : 'created', noun: nounOf(kind), subject: id, name: id, before: before ? (JSON.parse(before.json) as Record<string, unknown>) : null, after: entry as Record<string, unknown> });
    return entry;
  });
}

/** @throws AppError `not_found`, `input_invalid` when others name the term. */
export async function removeEntry(deps: Deps, actor: Actor, { kind, id }: { kind: Kind; id: string }): Promise<void> {
  requireRight(actor, 'configuration.change');
  const table = kind === 'term' ? 'learn_term' : 'learn_set';
  await deps.database.transaction(async (query) => {
    const before = await query.selectFrom(table).select('json').where('id', '=', id).executeTakeFirst();
    if (!before) throw new AppError('not_found', `There is no ${nounOf(kind)} "${id}" of your own.`);
    const [first] = (await readOwn(query, { kind, id })).problems;
    if (first) throw new AppError('input_invalid', `The ${nounOf(kind)} "${id}" is still named by ${(await namersOf(query, id)).join(', ')}. Take it out there first.`);
    await query.deleteFrom(table).where('id', '=', id).execute();
    await touchLearn(deps, query, (await loadLearnSetting(query)).shipped);
    await recordAudit(query, deps, actor, { action: 'removed', noun: nounOf(kind), subject: id, name: id, before: JSON.parse(before.json) as Record<string, unknown>, after: null });
  });
}

/** What of the producer's own names a term, in words. */
async function namersOf(query: Query, id: string): Promise<string[]> {
  const { terms, sets } = await loadOwnLearn(query);
  return [
    ...terms.filter(({ term }) => term.related.includes(id)).map(({ term }) => `the term "${term.id}"`),
    ...sets.filter(({ set }) => set.terms.includes(id) || set.items.some(({ read }) => read.includes(id))).map(({ set }) => `the exercise "${set.id}"`),
  ];
}

/** All that is the producer's own without one entry, and the text that shall stand in its place. */
async function readOwn(query: Query, without: { kind: Kind; id: string }, text?: string): Promise<ReadLearn> {
  const [{ shipped }, { terms, sets }] = await Promise.all([loadLearnSetting(query), loadOwnLearn(query)]);
  const stays = (kind: Kind) => ({ id }: { id: string }): boolean => kind !== without.kind || id !== without.id;
  const kept = { terms: terms.map(({ term }) => term).filter(stays('term')).map(writtenTerm), sets: sets.map(({ set }) => set).filter(stays('set')).map(writtenSet) };
  return readLearn([{ path: 'stored', text: writeYaml(kept) }, ...(text === undefined ? [] : [{ path: inputFile, text }])], { shipped });
}

function refuseMistakes(problems: ErrorPlace[]): void {
  const [first] = problems;
  if (first) throw new AppError('input_invalid', first.detail, { errors: problems.slice(0, 50).map(({ pointer, detail }) => ({ pointer: (pointer ?? '').replace(/^\/(?:terms|sets)\/0/, ''), detail })) });
}

function nounOf(kind: Kind): string {
  return kind === 'term' ? 'term' : 'exercise';
}
