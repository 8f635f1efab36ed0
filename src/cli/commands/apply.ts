import { applyBundle } from '../apply-file.ts';
import { changeLines, driftLines, isNothing, summaryLine } from '../change-lines.ts';
import { text } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import { readConfigBundle } from '../read-bundle.ts';
import { warnUnconfirmed } from '../terminal.ts';

export const apply: CommandDefinition = {
  name: 'apply',
  summary: 'make a running Portico match portico.yaml',
  description: 'Makes a running Portico match the file and the OpenAPI documents that it names. Prints what changes first, and what was edited elsewhere since the last apply. Answers once every connected gateway serves it. What was made elsewhere stays, and what has subscriptions is not removed, without --prune.',
  options: [
    { flags: '-f, --file <path>', meaning: 'The configuration.', default: 'portico.yaml' },
    { flags: '--dry-run', meaning: 'Only show the difference.' },
    { flags: '--prune', meaning: 'Also remove what the file does not name: what was made elsewhere, and what consumers use.' },
  ],
  running: true,
  examples: [
    ['portico apply -f portico.yaml --dry-run', 'Show what would change.'],
    ['portico apply -f portico.yaml', 'Change it.'],
    ['portico apply -f portico.yaml --prune', 'Also remove all that it does not name.'],
  ],
  async run({ options, terminal, api }) {
    const file = text(options, 'file')!;
    const dryRun = options['dryRun'] === true;
    const prune = options['prune'] === true;
    const management = await api();
    const bundle = await terminal.progress(`Reading ${file} and its documents`, () => readConfigBundle(file));
    const send = (input: { dryRun: boolean }) => applyBundle(management, { bundle, prune, ...input });
    if (terminal.json) {
      const answer = await terminal.progress(dryRun ? 'Comparing' : 'Applying', () => send({ dryRun }));
      terminal.printJson(answer);
      warnUnconfirmed(terminal, answer.unconfirmed);
      return;
    }
    const planned = await terminal.progress('Comparing with the running configuration', () => send({ dryRun: true }));
    for (const line of [...changeLines(terminal.colours, planned.changes), ...driftLines(terminal.colours, planned.drift)]) terminal.print(line);
    if (dryRun) {
      terminal.print(`${summaryLine(planned.changes)}${isNothing(planned.changes) ? '' : ' Nothing was changed (--dry-run).'}`);
      return;
    }
    const done = await terminal.progress('Applying, until every gateway serves it', () => send({ dryRun: false }));
    terminal.print(`${summaryLine(done.changes)} ${done.unconfirmed.length === 0 ? 'Every connected gateway serves' : 'This is'} configuration ${done.snapshotVersion}.`);
    warnUnconfirmed(terminal, done.unconfirmed);
  },
};
