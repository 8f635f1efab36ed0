import type { CommandDefinition } from '../command.ts';
import { table } from '../terminal.ts';

interface Item { item: string; answered: number; firstWrong: number; mostTaken: { text: string; count: number } | null; stopped: number; problem: string | null }
interface Group { accounts: number; succeeded: number; medianMs: number | null }
interface Statistics { sets: { id: string; title: string; started: number; finished: number; items: Item[] }[]; firstCall: { finished: Group; others: Group } | null; accounts: { finished: number; others: number }; least: number }

export const learnStatistics: CommandDefinition = {
  name: 'statistics', running: true,
  summary: 'show how readers fare with the exercises',
  description: 'Shows for each exercise how many began and finished it, whose first answer was wrong, and where readers stop; and whether accounts that finished one made their first call sooner.',
  examples: [['portico learn statistics', 'All exercises.']],
  async run({ terminal, api }) {
    const statistics = await (await api()).get<Statistics>('/api/v1/learn/statistics');
    terminal.printJson(statistics);
    for (const { title, started, finished, items } of statistics.sets) {
      terminal.print(`${title}: ${started} began, ${finished} finished`);
      for (const { item, problem } of items) if (problem !== null) terminal.print(`  The task "${item}" cannot be carried out: ${problem}`);
      if (started > 0) for (const line of table(terminal.colours, columns, items)) terminal.print(`  ${line}`);
    }
    terminal.print(firstCallLine(statistics));
  },
};

const columns = [
  { title: 'ITEM', value: (item: Item) => item.item },
  { title: 'DONE', value: (item: Item) => String(item.answered), align: 'right' as const },
  { title: 'WRONG FIRST', value: (item: Item) => String(item.firstWrong), align: 'right' as const },
  { title: 'STOPPED HERE', value: (item: Item) => String(item.stopped), align: 'right' as const },
];

function firstCallLine({ firstCall, accounts, least }: Statistics): string {
  if (firstCall === null) return `First call after an exercise: not enough data (${accounts.finished} accounts finished one before, ${accounts.others} did not; ${least} of each are needed).`;
  const told = ({ accounts: all, succeeded, medianMs }: Group): string => `${succeeded} of ${all} made their first call${medianMs === null ? '' : `, in the middle after ${Math.round(medianMs / 1_000)} s`}`;
  return `Of accounts that finished an exercise before, ${told(firstCall.finished)}. Of the others, ${told(firstCall.others)}.`;
}
