import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Bill } from '../../domain/pricing/bill.ts';
import { run } from '../testkit.ts';

const vectorsFile = fileURLToPath(new URL('../../../../shared/vectors/pricing.json', import.meta.url));
const binary = fileURLToPath(new URL('../../../bin/portico.js', import.meta.url));
interface Vector { name: string; currency: string; price: object; cases: { quantity: string; amount: string }[] }

let folder: string;
before(async () => { folder = await mkdtemp(join(tmpdir(), 'portico-price-')); });
after(async () => { await rm(folder, { recursive: true, force: true }); });

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const planOf = ({ currency, price }: Vector): string => JSON.stringify({ slug: 'vector', currency, prices: [{ meter: 'units', ...price }] });

describe('every case of the shared vectors', { skip: existsSync(vectorsFile) ? false : `${vectorsFile} is not here: it lies beside a checkout, and is no part of it` }, () => {
  test('through the command', async () => {
    const vectors = JSON.parse(await readFile(vectorsFile, 'utf8')) as Vector[];
    let cases = 0;
    for (const vector of vectors) {
      const path = await file('vector.json', planOf(vector));
      for (const { quantity, amount } of vector.cases) {
        const { code, stdout, stderr } = await run(['price', path, '--usage', `units=${quantity}`, '--json']);
        assert.deepEqual([code, stderr], [0, '']);
        const bill = JSON.parse(stdout) as Bill;
        assert.deepEqual([bill.currency, bill.total], [vector.currency, amount], `${vector.name}: ${quantity}`);
        cases++;
      }
    }
    assert.ok(cases >= 14, 'the cases are found');
  });
});

const offers = `
products:
  - slug: atlas
    upstream: http://127.0.0.1:4010
    meters: [ { name: tokens, header: X-Tokens } ]
    plans:
      - { slug: free, currency: usd }
      - slug: growth
        name: Growth
        currency: usd
        interval: month
        fee: "49.00"
        prices:
          - meter: requests
            model: graduated
            tiers: [ { upTo: 100000, unitPrice: "0" }, { upTo: 1000000, unitPrice: "0.0005" }, { unitPrice: "0.0003" } ]
            maximum: "500"
  - { slug: tides, upstream: "http://127.0.0.1:4011", plans: [ { slug: free, currency: jpy } ] }
`;
const lone = (prices: string, currency = 'currency: usd'): string => `slug: growth\n${currency}\nprices:\n  - ${prices}\n`;

describe('what it prints', () => {
  test('a bill for people', async () => {
    const path = await file('portico.yaml', offers);
    const { code, stdout, stderr } = await run(['price', path, '--plan', 'growth', '--usage', 'requests=2500000']);
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(stdout, `Growth, in USD

DESCRIPTION                                  QUANTITY  UNIT PRICE   AMOUNT
Growth, fee per month                               1       49.00    49.00
requests, up to 100,000                       100,000        0.00     0.00
requests, above 100,000 up to 1,000,000       900,000      0.0005   450.00
requests, above 1,000,000                   1,500,000      0.0003   450.00
requests, lowered to the maximum of 500.00          1     -400.00  -400.00
Total                                                               549.00
`);
  });

  test('a bill for programs, from the installed command', async () => {
    const path = await file('plan.json', JSON.stringify({ slug: 'growth', currency: 'JPY', prices: [{ meter: 'rows', model: 'unit', unitPrice: 4.4556 }] }));
    const { status, stdout, stderr } = spawnSync(process.execPath, [binary, 'price', path, '--usage', 'rows=10.625', '--json'], { encoding: 'utf8' });
    assert.deepEqual([status, stderr], [0, '']);
    assert.deepEqual(JSON.parse(stdout), { currency: 'jpy', total: '47', lines: [{ description: 'rows', quantity: '10.625', unitPrice: '4.4556', amount: '47' }] });
  });

  const total = async (args: string[]): Promise<unknown> => (JSON.parse((await run(['price', ...args, '--json'])).stdout) as Bill).total;
  test('usage may stand before the file, several times, and in several pieces', async () => {
    const path = await file('plan.yaml', `${lone('{ meter: requests, model: unit, unitPrice: 1 }')}  - { meter: tokens, model: unit, unitPrice: 0.01 }\n`);
    for (const args of [['--usage', 'requests=5', 'tokens=300', path], [path, '--usage', 'requests=2', '--usage', 'tokens=300', '--usage', 'requests=3'], [path, '--usage', 'tokens=300.000', 'requests=05']]) assert.equal(await total(args), '8.00');
  });

  test('without usage, what is due at zero', async () => {
    assert.equal(await total([await file('plan.yaml', lone('{ meter: requests, model: unit, unitPrice: 1, minimum: 3 }'))]), '3.00');
  });

  test('a meter without a price costs nothing, and it says so', async () => {
    const { code, stdout, stderr } = await run(['price', await file('portico.yaml', offers), '--plan', 'growth', '--usage', 'tokens=7', '--json']);
    assert.equal(code, 0);
    assert.equal((JSON.parse(stdout) as Bill).total, '49.00');
    assert.match(stderr, /^note: the plan "growth" has no price for tokens/);
  });

  test('plans of one name are told apart by their product', async () => {
    const { stdout } = await run(['price', await file('portico.yaml', offers), '--plan', 'free', '--product', 'tides', '--json']);
    assert.deepEqual(JSON.parse(stdout), { currency: 'jpy', total: '0', lines: [] });
  });
});

test('the examples of the guide come out as it says', async () => {
  const guide = await readFile(new URL('../../../docs/guide/pricing.md', import.meta.url), 'utf8');
  const examples = guide.split(/^```yaml\n/m).slice(1).map((part) => part.split('\n```\n') as [string, string]);
  const bills: [quantity: string, total: string][][] = [
    [['1234567', '2.47']],
    [['100', '0.00'], ['101', '5.00'], ['201', '10.00']],
    [['20', '127.50']],
    [['0', '100.00'], ['5', '100.00'], ['6', '150.00'], ['12', '160.00']],
    [['5', '35.00'], ['6', '39.00'], ['20', '120.00'], ['10', '65.00']],
    [['0', '3.00'], ['1000', '10.00'], ['60000', '500.00']],
  ];
  assert.equal(examples.length, bills.length);
  for (const [index, [yaml, reckoned]] of examples.entries()) {
    const path = await file('example.yaml', `currency: usd\nprices:\n${yaml}\n`);
    const meter = /meter: (\w+)/.exec(yaml)![1]!;
    for (const [quantity, total] of bills[index]!) {
      const { stdout } = await run(['price', path, '--usage', `${meter}=${quantity}`, '--json']);
      assert.equal((JSON.parse(stdout) as Bill).total, total);
      assert.ok(reckoned.includes(total), `the guide says ${total}`);
    }
  }
});

describe('what is wrong is said once, with its place', () => {
  const good = lone('{ meter: requests, model: unit, unitPrice: 1 }');
  const misused: { name: string; text?: string; args: string[]; says: RegExp }[] = [
    { name: 'a negative quantity', args: ['--usage', 'requests=-5'], says: /--usage is "requests=-5", but a quantity is never below 0/ },
    { name: 'a 31-digit quantity', args: ['--usage', `requests=${'9'.repeat(31)}`], says: /31 digits before the point.*at most 30/ },
    { name: 'a quantity with 13 places', args: ['--usage', 'requests=0.0000000000001'], says: /13 decimal places.*at most 12/ },
    { name: 'an exponent', args: ['--usage', 'requests=1e3'], says: /without sign, exponent or separators/ },
    { name: 'no quantity', args: ['--usage', 'requests='], says: /"requests="/ },
    { name: 'no meter', args: ['--usage', '=5'], says: /must be a meter and a quantity/ },
    { name: 'an unknown meter', args: ['--usage', 'request=5'], says: /meter "request".*Did you mean "requests"\?/ },
    { name: 'an unknown plan', args: ['--plan', 'growht'], says: /no plan "growht"\. Did you mean "growth"\?/ },
    { name: 'several plans', text: offers, args: [], says: /3 plans: atlas\/free, atlas\/growth, tides\/free\. Choose one with --plan\./ },
    { name: 'several plans of one name', text: offers, args: ['--plan', 'free'], says: /2 plans "free": atlas\/free, tides\/free\. Choose one with --product\./ },
    { name: 'an unknown product', text: offers, args: ['--product', 'atlass'], says: /no product "atlass".*Did you mean "atlas"\?/ },
  ];
  for (const { name, text = good, args, says } of misused) {
    test(name, async () => {
      const { code, stdout, stderr } = await run(['price', await file('plan.yaml', text), ...args]);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, says);
      assert.equal(stderr.split('\n').length, 3, 'one line, and where the help is');
    });
  }

  test('no file at all', async () => {
    const { code, stderr } = await run(['price', '--usage', 'requests=5']);
    assert.equal(code, 2);
    assert.match(stderr, /The file is missing/);
  });

  const tiers = (list: string): string => lone(`{ meter: requests, model: graduated, tiers: [ ${list} ] }`);
  const invalid: { name: string; text: string; says: RegExp }[] = [
    { name: 'a plan without a currency', text: lone('{ meter: requests, model: unit, unitPrice: 1 }', 'fee: "0"'), says: /plan\.yaml:1:1: A plan needs `currency`/ },
    { name: 'a currency of no country', text: good.replace('usd', 'xau'), says: /plan\.yaml:2:11: "xau" is no currency/ },
    { name: 'a price with 13 places', text: good.replace('unitPrice: 1', 'unitPrice: "0.0000000000001"'), says: /plan\.yaml:4:\d+: .*12 decimal places/ },
    { name: 'a negative price', text: good.replace('unitPrice: 1', 'unitPrice: -1'), says: /plan\.yaml:4:\d+: .*without sign/ },
    { name: 'tiers out of order', text: tiers('{ upTo: 10, unitPrice: 1 }, { upTo: 5, unitPrice: 1 }, { unitPrice: 1 }'), says: /plan\.yaml:4:\d+: Tiers rise: 5 is not above 10/ },
    { name: 'a gap after the last tier', text: tiers('{ upTo: 10, unitPrice: 1 }'), says: /plan\.yaml:4:\d+: The last tier has no `upTo`/ },
    { name: 'a tier without an end in between', text: tiers('{ unitPrice: 1 }, { unitPrice: 1 }'), says: /plan\.yaml:4:\d+: Only the last tier goes without `upTo`/ },
    { name: 'a misspelt field', text: good.replace('unitPrice', 'unitprice'), says: /plan\.yaml:4:\d+: .*Did you mean `unitPrice`\?/ },
    { name: 'a file that is not YAML', text: 'a: [1, 2\nb: "', says: /plan\.yaml is not valid YAML/ },
    { name: 'a file of plain words', text: 'forty-nine dollars', says: /plan\.yaml:1:1: "forty-nine dollars" stands here, but a map/ },
    { name: 'an empty file', text: '', says: /The file is empty/ },
    { name: 'a configuration without plans', text: 'products: []', says: /has no plan\./ },
  ];
  for (const { name, text, says } of invalid) {
    test(name, async () => {
      const path = await file('plan.yaml', text);
      const { code, stdout, stderr } = await run(['price', path, '--usage', 'requests=1']);
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, says);
    });
  }

  test('a file that is not there, and a folder', async () => {
    assert.match((await run(['price', join(folder, 'none.yaml')])).stderr, /none\.yaml does not exist/);
    assert.match((await run(['price', folder])).stderr, /is a folder/);
  });
});
