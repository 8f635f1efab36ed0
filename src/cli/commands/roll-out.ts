import { misuse, text, texts } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import { printable, table } from '../terminal.ts';

interface Plan { productSlug: string; planSlug: string; planName: string; change: 'new' | 'changed'; subscribers: number; moving: number }

export const rollOut: CommandDefinition = {
  name: 'roll-out',
  positional: { name: '<simulation>', meaning: 'Id of a simulation of the running Portico, as `portico simulate` says it.' },
  summary: 'make the prices of a simulation real',
  description: 'Gives each plan that the draft changes its next revision, which new sign-ups pay. Subscribers keep their prices, unless --all or --subscription moves them: each with the first end of a period at or after --at. They are told at once.',
  options: [
    { flags: '--all', meaning: 'Move all subscribers of the changed plans.' },
    { flags: '--subscription <id...>', meaning: 'Move these subscriptions.' },
    { flags: '--at <time>', meaning: 'From when they move, UTC: 2026-12-01.' },
    { flags: '--dry-run', meaning: 'Only say what would happen.' },
  ],
  running: true,
  examples: [['portico roll-out sim_01K0G6 --dry-run', 'What would happen.'], ['portico roll-out sim_01K0G6 --all --at 2026-12-01', 'For everybody, from December on.']],
  async run({ options, positional: [simulation], terminal, api }) {
    const chosen = texts(options, 'subscription');
    const [all, dryRun, at] = [options['all'] === true, options['dryRun'] === true, text(options, 'at')];
    if (all && chosen.length > 0) misuse('--all and --subscription say two things: give one of them.');
    const subscriptions = all ? 'all' : chosen.length > 0 ? chosen : 'none';
    if (subscriptions === 'none' && at !== undefined) misuse('--at says when subscribers move, but --all or --subscription must say who.');
    if (subscriptions !== 'none' && at === undefined && !dryRun) misuse('--at is missing: say from when subscribers move, such as 2026-12-01.');
    const done = await (await api()).post<{ plans: Plan[]; scheduled: number }>(`/api/v1/simulations/${encodeURIComponent(simulation!)}/roll-out`, { subscriptions, dryRun, ...(at !== undefined && { at }) });
    terminal.printJson(done);
    if (done.plans.length === 0) terminal.print('The draft has the present prices: there is nothing to roll out.');
    else for (const line of table(terminal.colours, columns, done.plans)) terminal.print(line);
    if (dryRun) terminal.print('Nothing was changed (--dry-run).');
    else terminal.print(`New sign-ups pay the drafted prices.${done.scheduled === 0 ? '' : ` ${done.scheduled} subscriptions are on the way to them.`}`);
  },
};

const columns = [
  { title: 'PRODUCT', value: (row: Plan) => row.productSlug },
  { title: 'PLAN', value: (row: Plan) => `${printable(row.planSlug)}${row.change === 'new' ? ' (new)' : ''}` },
  { title: 'SUBSCRIBERS', value: (row: Plan) => String(row.subscribers), align: 'right' as const },
  { title: 'MOVE', value: (row: Plan) => String(row.moving), align: 'right' as const },
];
