import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { parseDuration } from '../../domain/duration.ts';
import { AppError } from '../../errors.ts';
import { duration, misuse, text } from '../command.ts';
import type { CommandDefinition, OptionValues } from '../command.ts';
import { printable, table, type Column, type Terminal } from '../terminal.ts';

interface Totals { currency: string; consumers: number; periods: number; old: string; new: string; change: string; changePercent: string | null; losers: number; winners: number; same: number; retention: { rise: number; leaving: number; revenue: string; percent: string | null }[] }
interface Consumer { consumerName: string; currency: string; plans: string[]; old: string; new: string; change: string; changePercent: string | null; hits: { limit: string; windows: number }[] }
interface Result { totals: Totals[]; consumers: Consumer[]; consumersTotal: number; limits: { plan: string; limit: string; subscriptions: number }[]; leftOut: { trial: number; otherCurrency: number; keptPlan: number; limitUnchecked: number } }
interface Simulation { id: string; state: 'running' | 'done' | 'failed'; done: number; total: number; error: string | null; result: Result | null }

const pollMs = 250;
const printedMax = 50;

export const simulate: CommandDefinition = {
  name: 'simulate',
  summary: 'what the past would have cost on drafted prices',
  description: 'Replays the ledger of a past window on drafted prices and compares bills by consumer: periods that begin in the window and have ended, by list price, before coupons and tax. Nothing is changed.',
  options: [
    { flags: '--plan-file <file>', meaning: 'The draft, YAML or JSON: a whole portico.yaml, a list `plans`, or one plan.', required: true },
    { flags: '--since <duration>', meaning: 'The window, from so long ago until now (default: 90d).' },
    { flags: '--from <time>', meaning: 'Begin of the window instead, UTC, included: 2026-01-01.' },
    { flags: '--to <time>', meaning: 'Its end, UTC, excluded.' },
    { flags: '--product <slug>', meaning: 'Only this product; for a draft that names none, whose plans they are.' },
    { flags: '--rise <percent>', meaning: 'Take consumers to leave whose bill rises by more (default: 20).' },
  ],
  running: true,
  examples: [['portico simulate --plan-file draft.yaml --product atlas --since 180d', 'Half a year on other prices.'], ['portico simulate --plan-file draft.yaml --from 2026-01-01 --to 2026-07-01', 'Between two days.']],
  async run({ options, terminal, api }) {
    const file = text(options, 'planFile')!;
    const rise = text(options, 'rise');
    if (rise !== undefined && !/^\d{1,5}(\.\d)?$/.test(rise)) misuse(`--rise is "${rise}", but it must be a percentage such as 20.`);
    const window = windowOf(options);
    const draft = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      throw new AppError('config_invalid', cause.code === 'ENOENT' ? `${file} does not exist.` : `${file} cannot be read: ${cause.message}.`, { cause });
    });
    const server = await api();
    const product = text(options, 'product');
    let run = await server.post<Simulation>('/api/v1/simulations', { draft, file, ...window, ...(product !== undefined && { product }), ...(rise !== undefined && { rise: Number(rise) }) });
    for (let told = -1; run.state === 'running';) {
      const percent = run.total === 0 ? 0 : Math.floor((run.done / run.total) * 10) * 10;
      if (percent > told && percent > 0) terminal.note(`${percent} % of ${run.total} subscriptions`);
      told = Math.max(told, percent);
      await delay(pollMs);
      run = await server.get<Simulation>(`/api/v1/simulations/${run.id}`);
    }
    if (run.result === null) throw new AppError('internal', run.error ?? 'The simulation failed.');
    terminal.printJson(run);
    if (!terminal.json) printResult(terminal, run.id, run.result);
  },
};

const sinceUsual = '90d';

function windowOf(options: OptionValues): { from: string; to: string } {
  const [from, to] = [text(options, 'from'), text(options, 'to')];
  if ((from === undefined) !== (to === undefined)) misuse('--from and --to are given together.');
  if (from !== undefined && text(options, 'since') !== undefined) misuse('--since is one way to say the window, --from and --to are the other.');
  if (from !== undefined) return { from, to: to! };
  const now = Date.now();
  return { from: new Date(now - (duration(options, 'since') ?? parseDuration(sinceUsual)!)).toISOString(), to: new Date(now).toISOString() };
}

function printResult(terminal: Terminal, id: string, { totals, consumers, consumersTotal, limits, leftOut }: Result): void {
  if (totals.length === 0) terminal.print('No period of a subscription began in this window and has ended.');
  for (const each of totals) {
    const currency = each.currency.toUpperCase();
    terminal.print(`${each.old} ${currency} becomes ${each.new} ${currency}: ${each.change}${shareText(each.changePercent)}, over ${each.periods} periods of ${each.consumers} consumers`);
    terminal.print(`${each.losers} pay more, ${each.winners} less, ${each.same} the same`);
    const [{ rise, leaving, percent }] = each.retention as [Totals['retention'][number]];
    terminal.print(`If the ${leaving} leave whose bill rises by more than ${rise} %, net revenue retention is ${percent === null ? 'unknown: nothing was paid before' : `${percent} %`}`);
  }
  for (const { plan, limit, subscriptions } of limits) terminal.print(`Limit "${limit}" of the plan "${plan}" would be hit by ${subscriptions} subscriptions`);
  for (const [count, meaning] of [[leftOut.trial, 'periods of trials cost nothing'], [leftOut.otherCurrency, 'periods in another currency are left out'], [leftOut.keptPlan, 'subscriptions keep a plan that the draft leaves out'], [leftOut.limitUnchecked, 'subscriptions were not checked for limits of days and hours']] as const) if (count > 0) terminal.print(`${count} ${meaning}`);
  terminal.note(`Simulation ${id}. To make its prices real: portico roll-out ${id} --dry-run`);
  if (consumers.length === 0) return;
  const columns: Column<Consumer>[] = [
    { title: 'CONSUMER', value: (row) => printable(row.consumerName) }, { title: 'PLANS', value: (row) => row.plans.join(', ') }, { title: 'OLD', value: (row) => row.old, align: 'right' }, { title: 'NEW', value: (row) => row.new, align: 'right' },
    { title: 'CHANGE', value: (row) => `${row.change}${shareText(row.changePercent)}`, align: 'right' }, { title: '', value: (row) => row.currency.toUpperCase() }, { title: 'LIMITS HIT', value: (row) => row.hits.map(({ limit, windows }) => `${limit} (${windows})`).join(', ') },
  ];
  terminal.print();
  const shown = consumers.length <= printedMax ? consumers : [...consumers.slice(0, printedMax / 2), ...consumers.slice(-printedMax / 2)];
  for (const line of table(terminal.colours, columns, shown)) terminal.print(line);
  if (consumersTotal > shown.length) terminal.note(`${shown.length} of ${consumersTotal} consumers: the greatest rises and falls. --json has up to 1,000, and the workspace a file of all.`);
}

function shareText(percent: string | null): string {
  return percent === null ? '' : ` (${percent} %)`;
}
