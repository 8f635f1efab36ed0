import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../errors.ts';
import type { CommandDefinition } from '../command.ts';

interface Checked { mistakes: { file: string; line: number; column: number; detail: string }[]; terms: number; sets: number }

const filesMax = 200;

export const learnCheck: CommandDefinition = {
  name: 'check',
  positional: { name: '<dir>', meaning: 'The folder that `learn` names in portico.yaml, or one file of it.' },
  summary: 'find mistakes in the files of /learn',
  description: 'Asks a running Portico what apply would find wrong with the YAML files of a folder: mistakes in their form, questions without a right choice, unknown terms, and tasks that name an operation which does not exist. Nothing is changed. Exits with 1 when there is a mistake.',
  running: true,
  examples: [['portico learn check ./learn', 'Before the next apply.']],
  async run({ positional: [folder], terminal, api }) {
    const files = await readFiles(folder!);
    const { mistakes, terms, sets } = await (await api()).post<Checked>('/api/v1/learn/check', { files });
    if (mistakes.length > 0) throw new AppError('config_invalid', `${mistakes[0]!.file}, line ${mistakes[0]!.line}: ${mistakes[0]!.detail}${mistakes.length === 1 ? '' : ` (and ${mistakes.length - 1} more)`}`, { errors: mistakes });
    terminal.printJson({ mistakes, terms, sets });
    terminal.print(`${counted(terms, 'term')} and ${counted(sets, 'exercise')} in ${counted(files.length, 'file')}, without a mistake.`);
  },
};

async function readFiles(folder: string): Promise<{ path: string; text: string }[]> {
  const found = await stat(folder).catch(() => undefined);
  if (!found) throw new AppError('config_invalid', `There is no file or folder ${folder}.`);
  const paths = found?.isDirectory() ? (await readdir(folder)).filter((name) => /\.ya?ml$/i.test(name)).toSorted().map((name) => join(folder, name)) : [folder];
  if (paths.length === 0 || paths.length > filesMax) throw new AppError('config_invalid', paths.length === 0 ? `There are no YAML files in ${folder}.` : `${folder} holds ${paths.length} YAML files; at most ${filesMax} are read.`);
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(path, 'utf8') })));
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
