import { duration, misuse, text, whole } from '../command.ts';
import type { CommandDefinition } from '../command.ts';
import { listPages } from '../list-pages.ts';
import { table, timeText } from '../terminal.ts';
import type { Colours, Column } from '../terminal.ts';

interface Row { id: string; at: string; method: string; operation: string | null; productSlug: string; version: string | null; status: number; code: string | null; mode: string; durationMs: number; consumerName: string | null }

export const requests: CommandDefinition = {
  name: 'requests',
  summary: 'what the gateway answered, newest first',
  description: 'Lists what the gateway answered, newest first, with the reason of every refusal. A call is here within two seconds.',
  options: [
    { flags: '--email <address>', meaning: 'Only the consumer of this developer.' },
    { flags: '--product <slug>', meaning: 'Only this product.' },
    { flags: '--operation <id>', meaning: 'Only this operation.' },
    { flags: '--mode <mode>', meaning: 'Only this mode.', choices: ['live', 'test'] },
    { flags: '--status <status>', meaning: 'Only this status, such as 404, or class, such as 4xx.' },
    { flags: '--since <duration>', meaning: 'Only from so long ago until now (default: all that is kept).' },
    { flags: '--limit <number>', meaning: 'At most so many.', default: '50' },
  ],
  running: true,
  examples: [
    ['portico requests', 'The newest fifty.'],
    ['portico requests --status 4xx --limit 50', 'What was refused or wrong.'],
    ['portico requests --email dev@example.com --since 1h --json', 'One consumer, the last hour, as JSON.'],
  ],
  async run({ options, terminal, api }) {
    const limit = whole(options, 'limit', 1, 100_000)!;
    const status = text(options, 'status');
    if (status !== undefined && !/^([1-5]xx|[1-5]\d\d)$/.test(status)) misuse(`--status is "${status}", but it must be a status such as 404 or a class such as 4xx.`);
    duration(options, 'since');
    const query = { status, email: text(options, 'email'), product: text(options, 'product'), operation: text(options, 'operation'), mode: text(options, 'mode'), since: text(options, 'since') };
    const management = await api();
    const rows = await terminal.progress('Listing requests', () => listPages<'requests', Row>(management, '/api/v1/requests', 'requests', query, limit));
    terminal.printJson({ requests: rows });
    if (rows.length === 0) terminal.print('No requests match.');
    else for (const line of table(terminal.colours, columns(terminal.colours), rows)) terminal.print(line);
  },
};

function columns({ green, yellow, red, dim }: Colours): Column<Row>[] {
  return [
    { title: 'TIME', value: (row) => timeText(row.at) },
    { title: 'STATUS', value: (row) => String(row.status), colour: (row) => (row.status < 400 ? green : row.status < 500 ? yellow : red) },
    { title: 'METHOD', value: (row) => row.method },
    { title: 'OPERATION', value: (row) => row.operation ?? '-' },
    { title: 'PRODUCT', value: (row) => (row.version === null ? row.productSlug : `${row.productSlug}/${row.version}`) },
    { title: 'MODE', value: (row) => row.mode },
    { title: 'MS', value: (row) => row.durationMs.toFixed(1), align: 'right' },
    { title: 'REFUSED WITH', value: (row) => row.code ?? '-' },
    { title: 'CONSUMER', value: (row) => row.consumerName ?? '-' },
    { title: 'REQUEST ID', value: (row) => row.id, colour: () => dim },
  ];
}
