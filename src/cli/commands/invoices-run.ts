import type { CommandDefinition } from '../command.ts';
import { bytesText, printable, timeText } from '../terminal.ts';

interface Run {
  billed: number; withoutInvoice: number; late: number; finalised: number; numbers: { first: string; last: string } | null; drafts: number; inGrace: number; failures: { subscriptionId: string; message: string }[];
  waiting: { periods: number; until: string; readUpTo: string | null; failing: string | null; segments: { segment: string; gateway: string; bytes: number; writtenAt: string }[] } | null;
}

export const invoicesRun: CommandDefinition = {
  name: 'run',
  summary: 'bill what is over, now',
  description: 'Ends periods, bills those that are over and that the ledger has read whole, and finalises drafts. It may be repeated at any time; Portico does so every few minutes. What waits is named, with whose spool is unread.',
  running: true,
  examples: [['portico invoices run', 'Bill now.'], ['portico invoices run --json', 'The same, as JSON.']],
  async run({ terminal, api }) {
    const management = await api();
    const run = await terminal.progress('Billing', () => management.post<Run>('/api/v1/invoices/run'));
    terminal.printJson(run);
    const { print } = terminal;
    print(`${run.billed} periods billed, ${run.withoutInvoice} of them with nothing to pay${run.late > 0 ? `; ${run.late} documents for usage that came late` : ''}.`);
    print(run.numbers === null ? 'No invoice was finalised.' : `${run.finalised} invoices finalised: ${run.numbers.first === run.numbers.last ? run.numbers.first : `${run.numbers.first} to ${run.numbers.last}`}.`);
    if (run.drafts > 0) print(`${run.drafts} drafts wait to be finalised.`);
    if (run.inGrace > 0) print(`${run.inGrace} periods are over and within their grace.`);
    if (run.waiting) {
      const { periods, until, readUpTo, failing, segments } = run.waiting;
      print(`${periods} periods wait for the ledger: it must have read what was written before ${timeText(until)}, and has read ${readUpTo === null ? 'nothing since its start' : `to ${timeText(readUpTo)}`}${failing === null ? '' : `. It takes nothing at present: ${printable(failing)}`}.`);
      for (const { segment, gateway, bytes, writtenAt } of segments) print(`  gateway ${gateway}: ${bytesText(bytes)} unread of ${segment}, written ${timeText(writtenAt)}`);
    }
    for (const { subscriptionId, message } of run.failures) terminal.note(`could not bill ${subscriptionId}: ${printable(message)}`);
    return run.failures.length === 0 ? 0 : 1;
  },
};
