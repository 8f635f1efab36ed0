import { AppError } from '../../errors.ts';
import { loadConfigState } from '../configuration/config-state.ts';
import type { ControlDeps } from '../deps.ts';
import type { Gateways } from '../gateways/gateways.ts';
import { requireConsumer, requireRight } from '../rights.ts';
import type { Learn } from '../services.ts';
import { removeEntry, saveSet, saveTerm } from './edit-learn.ts';
import { followTasks, watchTasks } from './follow-tasks.ts';
import { createLibrary, shownSet, summaries, termPage } from './library.ts';
import { loadLearnSetting } from './learn-rows.ts';
import { namingMistakes } from './link-mistakes.ts';
import { sealProgress, unsealProgress } from './pass.ts';
import { answerQuestion, joinProgress, listProgress, retryItems } from './progress.ts';
import { readLearn } from './read-learn.ts';
import { learnStatistics } from './statistics.ts';

const checkedFilesMax = 200;

export function createLearn(deps: ControlDeps, gateways: Gateways): Learn {
  const query = deps.database.kysely;
  const library = createLibrary(query);
  return {
    listTerms: async () => (await library()).terms,
    getTerm: async (id) => termPage(await library(), id),
    listSets: async (actor) => summaries(await library(), actor),
    getSet: async (actor, id) => shownSet(await library(), actor, id),
    getRevision: async () => (await library()).revision,

    listProgress: (actor) => listProgress(query, actor.developerId),
    answer: async (actor, input) => answerQuestion(deps, await library(), actor, input),
    retry: async (actor, input) => retryItems(deps, await library(), actor, input),
    join: async (actor, progress) => joinProgress(deps, await library(), actor, progress),
    seal: (progress) => sealProgress(deps.secret, progress),
    unseal: (input) => unsealProgress(deps.secret, input),

    followTasks: async (actor, { set }) => followTasks(deps, await library(), actor, { set, keep: true }),
    findTasks: async (actor, { set }) => followTasks(deps, await library(), actor, { set, keep: false }),
    watch(actor, input, onNews) {
      requireConsumer(actor, actor.consumerId, 'workspace.read');
      watchTasks(deps, gateways, actor, input, onNews);
    },

    async getStatistics(actor) {
      requireRight(actor, 'workspace.read');
      return learnStatistics(query, await library());
    },
    saveTerm: (actor, input) => saveTerm(deps, actor, input),
    saveSet: (actor, input) => saveSet(deps, actor, input),
    removeTerm: (actor, { id }) => removeEntry(deps, actor, { kind: 'term', id }),
    removeSet: (actor, { id }) => removeEntry(deps, actor, { kind: 'set', id }),
    async findMistakes(actor, { files }) {
      requireRight(actor, 'workspace.read');
      if (files.length > checkedFilesMax) throw new AppError('input_invalid', `These are ${files.length} files; at most ${checkedFilesMax} are read.`);
      const [{ shipped }, { config, content }] = await Promise.all([loadLearnSetting(query), loadConfigState(query)]);
      const read = readLearn(files, { shipped });
      const mistakes = [...read.problems, ...(await namingMistakes(query, read, { products: config.products, articles: content.articles }))];
      return { mistakes: mistakes.slice(0, 100).map(({ file, line, column, detail }) => ({ file: file!, line: line ?? 1, column: column ?? 1, detail })), terms: read.terms.length, sets: read.sets.length };
    },
  };
}
