import { readFile, stat } from 'node:fs/promises';
import { closestName } from '../../domain/closest-name.ts';
import type { OfferedPlan } from '../../domain/config.ts';
import { billPlan, type BillLine, type MeteredQuantity } from '../../domain/pricing/bill.ts';
import { groupDigits } from '../../domain/pricing/describe-line.ts';
import { AppError } from '../../errors.ts';
import { misuse, text, texts } from '../command.ts';
import type { CommandDefinition, OptionValues } from '../command.ts';
import { printable, table } from '../terminal.ts';
import type { Colours } from '../terminal.ts';

const fileBytesMax = 16_777_216;
const wholeDigitsMax = 30;
const placesMax = 12;

export const price: CommandDefinition = {
  name: 'price',
  positional: { name: '[file]', meaning: 'One plan or a whole portico.yaml, YAML or JSON.' },
  summary: 'the bill of a plan for a given usage',
  description: 'Prints the bill of one whole interval on a plan: its fee, and what the usage costs, line by line. A meter that is not named counts as 0. Needs no server.',
  options: [
    { flags: '--plan <slug>', meaning: 'Which plan, when the file has several.' },
    { flags: '--product <slug>', meaning: 'Of which product, when several have a plan of this name.' },
    { flags: '--usage <meter=quantity...>', meaning: 'How much of a meter is used. May be given several times; quantities of one meter are added up.' },
  ],
  examples: [
    ['portico price portico.yaml --plan growth --usage requests=250000', 'One meter.'],
    ['portico price plan.json --usage requests=250000 --usage tokens=1000000 --json', 'Two meters, as JSON.'],
  ],
  async run({ options, positional, terminal, context }) {
    const { file, pairs } = fileAndPairs(positional[0], texts(options, 'usage'));
    const usage = pairs.map(readPair);
    const offer = choosePlan(file, await context.readPlans({ file, text: await readPlanFile(file) }), options);
    for (const { meter } of usage) checkMeter(meter, offer);
    const bill = billPlan(offer.plan, usage);
    terminal.printJson(bill);
    const priced = new Set(offer.plan.prices.map(({ meter }) => meter));
    const free = new Set(usage.flatMap(({ meter }) => (priced.has(meter) ? [] : [meter])));
    if (free.size > 0) terminal.note(`note: the plan "${offer.plan.slug}" has no price for ${[...free].join(', ')}: it costs nothing.`);
    if (terminal.json) return;
    terminal.print(`${terminal.colours.bold(printable(offer.plan.name))}, in ${bill.currency.toUpperCase()}`);
    terminal.print();
    for (const line of billTable(terminal.colours, bill.lines, bill.total)) terminal.print(line);
  },
};

/** `--usage` takes all that follows it: what has no `=` there is the file. */
function fileAndPairs(positional: string | undefined, given: string[]): { file: string; pairs: string[] } {
  if (positional !== undefined) return { file: positional, pairs: given };
  const [file, second] = given.filter((entry) => !entry.includes('='));
  if (second !== undefined) misuse(`--usage is "${second}", but it must be a meter and a quantity, such as requests=250000.`);
  return { file: file ?? misuse('The file is missing: one plan or a whole portico.yaml.'), pairs: given.filter((entry) => entry.includes('=')) };
}

function readPair(pair: string): MeteredQuantity {
  const shown = pair.length > 80 ? `${pair.slice(0, 77)}...` : pair;
  const at = pair.indexOf('=');
  if (at < 1) misuse(`--usage is "${shown}", but it must be a meter and a quantity, such as requests=250000.`);
  const quantity = pair.slice(at + 1);
  if (/^-[\d.]/.test(quantity)) misuse(`--usage is "${shown}", but a quantity is never below 0.`);
  const [, whole, places = ''] = /^(\d+)(?:\.(\d+))?$/.exec(quantity) ?? misuse(`--usage is "${shown}", but a quantity has digits and at most one point, without sign, exponent or separators, such as 250000 or 10.625.`);
  if (whole!.length > wholeDigitsMax) misuse(`--usage is "${shown}": ${whole!.length} digits before the point, but a quantity has at most ${wholeDigitsMax}.`);
  if (places.length > placesMax) misuse(`--usage is "${shown}": ${places.length} decimal places, but a quantity has at most ${placesMax}.`);
  return { meter: pair.slice(0, at), quantity };
}

async function readPlanFile(file: string): Promise<string> {
  try {
    if ((await stat(file)).size > fileBytesMax) throw new AppError('config_invalid', `${file} has more than ${fileBytesMax} bytes.`);
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new AppError('config_invalid', code === 'ENOENT' ? `${file} does not exist.` : code === 'EISDIR' ? `${file} is a folder, but a file is expected.` : `${file} cannot be read: ${message}.`, { cause });
  }
}

function choosePlan(file: string, offers: OfferedPlan[], options: OptionValues): OfferedPlan {
  const product = text(options, 'product');
  const slug = text(options, 'plan');
  const named = (offer: OfferedPlan): string => (offer.product === null ? offer.plan.slug : `${offer.product}/${offer.plan.slug}`);
  if (offers.length === 0) throw new AppError('config_invalid', `${file} has no plan.`);
  const products = offers.map((offer) => offer.product ?? '');
  if (product !== undefined && !products.includes(product)) misuse(`${file} has no product "${product}" with a plan.${suggestion(product, products)}`);
  const ofProduct = offers.filter((offer) => product === undefined || offer.product === product);
  const found = ofProduct.filter(({ plan }) => slug === undefined || plan.slug === slug);
  if (slug !== undefined && found.length === 0) misuse(`${file} has no plan "${slug}".${suggestion(slug, ofProduct.map(({ plan }) => plan.slug))}`);
  if (found.length > 1) misuse(`${file} has ${found.length} plans${slug === undefined ? '' : ` "${slug}"`}: ${found.map(named).join(', ')}. Choose one with ${slug === undefined ? '--plan' : '--product'}.`);
  return found[0]!;
}

function checkMeter(meter: string, { plan, meters }: OfferedPlan): void {
  if (!meters.includes(meter)) misuse(`--usage names the meter "${meter}", which neither the plan "${plan.slug}" nor its product has.${suggestion(meter, meters)}`);
}

function suggestion(written: string, names: string[]): string {
  const close = closestName(written, names);
  return close === undefined ? ` There ${names.length === 1 ? 'is' : 'are'} ${[...new Set(names)].filter((name) => name !== '').join(', ')}.` : ` Did you mean "${close}"?`;
}

function billTable(colours: Colours, lines: BillLine[], total: string): string[] {
  const columns = [
    { title: 'DESCRIPTION', value: (line: BillLine) => line.description },
    { title: 'QUANTITY', value: (line: BillLine) => groupDigits(line.quantity), align: 'right' as const },
    { title: 'UNIT PRICE', value: (line: BillLine) => groupDigits(line.unitPrice), align: 'right' as const },
    { title: 'AMOUNT', value: (line: BillLine) => groupDigits(line.amount), align: 'right' as const },
  ];
  const rows = table(colours, columns, [...lines, { description: 'Total', quantity: '', unitPrice: '', amount: total }]);
  return [...rows.slice(0, -1), colours.bold(rows.at(-1)!)];
}
