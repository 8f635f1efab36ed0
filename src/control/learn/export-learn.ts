// What is taught as portico.yaml names it, and the files beside it.
import type { Query } from '../../store/database.ts';
import { writeYaml } from '../configuration/yaml.ts';
import type { BundledFile } from '../services.ts';
import { loadOwnLearn, type LearnState } from './learn-rows.ts';
import { writtenSet, writtenTerm } from './written-learn.ts';

const folder = './learn';

export function writtenLearn({ shipped, entries }: LearnState): { learn?: string | false | { folder: string; shipped: false } } {
  if (entries.length === 0) return shipped ? {} : { learn: false };
  return { learn: shipped ? folder : { folder, shipped } };
}

export async function exportLearn(query: Query): Promise<BundledFile[]> {
  const { terms, sets } = await loadOwnLearn(query);
  return [
    ...(terms.length === 0 ? [] : [{ path: 'learn/terms.yaml', text: writeYaml({ terms: terms.map(({ term }) => writtenTerm(term)) }) }]),
    ...(sets.length === 0 ? [] : [{ path: 'learn/sets.yaml', text: writeYaml({ sets: sets.map(({ set }) => writtenSet(set)) }) }]),
  ];
}
