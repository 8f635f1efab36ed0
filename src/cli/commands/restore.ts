import { existsSync } from 'node:fs';
import { readConfig } from '../../config.ts';
import { AppError } from '../../errors.ts';
import { text } from '../command.ts';
import type { CommandDefinition } from '../command.ts';

export const restore: CommandDefinition = {
  name: 'restore',
  positional: { name: '<file>', meaning: 'Archive that `portico backup` wrote.' },
  summary: 'unpack a backup into the empty data folder of a stopped Portico',
  description: 'Unpacks a backup into an empty data folder. Portico must not run on it. The next start answers as the saved one did.',
  options: [
    { flags: '--data <folder>', meaning: 'Empty data folder to fill (default: .portico).', variable: 'PORTICO_DATA' },
    { flags: '--database-url <address>', meaning: 'Empty database, when the backup was taken of one.', variable: 'PORTICO_DATABASE_URL' },
  ],
  examples: [
    ['portico restore portico-2026-08-01.backup', 'Fill .portico.'],
    ['portico restore portico-2026-08-01.backup --data ./restored', 'Fill another folder.'],
  ],
  async run({ options, positional, terminal, context }) {
    const file = positional[0]!;
    if (!existsSync(file)) throw new AppError('input_invalid', `${file} does not exist.`);
    const data = text(options, 'data');
    const databaseUrl = text(options, 'databaseUrl');
    const config = readConfig(context.environment, { ...(data === undefined ? {} : { data }), ...(databaseUrl === undefined ? {} : { databaseUrl }) });
    await terminal.progress(`Restoring ${file}`, () => context.restoreInto({ file, config }));
    terminal.printJson({ file, dataFolder: config.dataFolder });
    terminal.print(`Restored ${file} into ${config.dataFolder}. Run it with \`portico start\`.`);
  },
};
