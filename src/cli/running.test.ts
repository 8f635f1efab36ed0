// The command as a person runs it, in a process of its own, against a served management API on real stores.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { archive, atlas, serveApi } from '../api/testkit.ts';
import type { ServedApi } from '../api/testkit.ts';
import type { CreatedKey } from '../control/services.ts';
import { run, type Ran } from './testkit.ts';

const command = fileURLToPath(new URL('../../bin/portico.js', import.meta.url));
let served: ServedApi;
let folder: string;

before(async () => {
  served = await serveApi();
  folder = await mkdtemp(join(tmpdir(), 'portico-cli-'));
  await mkdir(join(folder, '.portico'));
  await writeFile(join(folder, '.portico/admin-token'), `${served.token}\n`);
  await mkdir(join(folder, 'openapi'));
  await writeFile(join(folder, 'portico.yaml'), atlas.text);
  await writeFile(join(folder, 'openapi/v1.yaml'), atlas.files[0]!.text);
  process.chdir(folder);
});
after(async () => {
  await served.close();
  await rm(folder, { recursive: true, force: true });
});

/** With the token where a start in this folder keeps it. */
function portico(args: string[], environment: Record<string, string> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], { cwd: folder, env: { PATH: process.env['PATH'], PORTICO_URL: served.url, ...environment } }, (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }));
  });
}

/** In this process, as the tests of one command after the other do: that a process of its own does the same, the others show. */
const here = (args: string[]) => run(args, { environment: { PORTICO_URL: served.url } });

const json = async <T>(...args: string[]): Promise<T> => documentOf<T>(await portico([...args, '--json']));
const jsonHere = async <T>(...args: string[]): Promise<T> => documentOf<T>(await here([...args, '--json']));

function documentOf<T>({ code, stdout, stderr }: Ran): T {
  assert.equal(code, 0, stderr + stdout);
  return JSON.parse(stdout) as T;
}

async function edit(change: (text: string) => string): Promise<void> {
  await writeFile(join(folder, 'portico.yaml'), change(await readFile(join(folder, 'portico.yaml'), 'utf8')));
}

describe('apply and export', () => {
  test('a dry run shows the difference and changes nothing', async () => {
    const { code, stdout } = await portico(['apply', '--dry-run']);
    assert.equal(code, 0);
    assert.match(stdout, /^\+ product atlas$/m);
    assert.match(stdout, /4 added, 1 changed\. Nothing was changed \(--dry-run\)\.\n$/);
    assert.deepEqual((await served.send('GET', '/api/v1/products')).body, { products: [] });
  });

  test('apply prints what changes, and then does it', async () => {
    const first = await portico(['apply', '-f', 'portico.yaml']);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /^\+ product atlas$/m);
    assert.match(first.stdout, /Every connected gateway serves configuration \d+\.\n$/);
    assert.match((await portico(['apply'])).stdout, /^No changes\./);
  });

  test('one change is one line with its detail', async () => {
    await edit((text) => text.replace('requests: 10000', 'requests: 20000'));
    const { changes, applied } = await json<{ changes: { action: string; noun: string; name: string; detail: string[] }[]; applied: boolean }>('apply', '--dry-run');
    assert.equal(applied, false);
    const changed = changes.filter(({ action }) => action !== 'keep');
    assert.equal(changed.length, 1, JSON.stringify(changed));
    const { stdout } = await portico(['apply']);
    assert.ok(stdout.startsWith(`~ ${changed[0]!.noun} ${changed[0]!.name}\n    ${changed[0]!.detail[0]}\n`), stdout);
  });

  test('what init writes is applied as it is', async () => {
    await json('init', '--openapi', 'openapi/v1.yaml', '--upstream', 'http://127.0.0.1:4010', '--slug', 'other', '--out', 'other.yaml');
    const { changes } = await json<{ changes: { action: string; noun: string; name: string }[] }>('apply', '-f', 'other.yaml', '--dry-run');
    assert.deepEqual(changes.filter(({ action }) => action === 'add').map(({ noun, name }) => `${noun} ${name}`), ['product other', 'version other v1', 'plan other free']);
  });

  test('what was edited elsewhere is shown as drift, and stays unless --prune', async () => {
    assert.equal((await served.send('PUT', '/api/v1/products/atlas/versions/v2', { fileName: 'v2.yaml', text: atlas.files[0]!.text })).status, 200);
    const { stdout } = await portico(['apply', '--dry-run']);
    assert.match(stdout, /Edited elsewhere since the last apply[^]*\+ version atlas v2[^]*\nNo changes\.\n$/);
    assert.equal((await portico(['apply', '--prune'])).code, 0);
  });

  test('export and apply change nothing', async () => {
    assert.equal((await portico(['export'])).stdout, (await json<{ text: string }>('export')).text);
    const { files } = await json<{ files: string[] }>('export', '--out', 'running');
    assert.deepEqual(files, ['running/portico.yaml', 'running/openapi/atlas-v1.json']);
    const { changes, drift } = await json<{ changes: { action: string }[]; drift: object[] }>('apply', '-f', 'running/portico.yaml', '--dry-run');
    assert.deepEqual([changes.filter(({ action }) => action !== 'keep'), drift], [[], []]);
    const again = await portico(['export', '--out', 'running']);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /running\/portico\.yaml exists.*--force/);
    assert.equal((await portico(['export', '--out', 'running', '--force'])).code, 0);
  });

  test('a server cannot make export write outside its folder', async () => {
    const evil = createServer((_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ file: 'portico.yaml', text: 'x', files: [{ path: 'a/../../outside.yaml', text: 'gotcha' }] }))).listen(0, '127.0.0.1');
    await new Promise((resolve) => evil.once('listening', resolve));
    const { code, stderr } = await portico(['export', '--out', 'inner'], { PORTICO_URL: `http://127.0.0.1:${(evil.address() as AddressInfo).port}` });
    evil.closeAllConnections();
    evil.close();
    assert.equal(code, 1);
    assert.match(stderr, /lies outside its folder/);
    await assert.rejects(stat(join(folder, 'outside.yaml')));
  });

  const mistakes: { name: string; change(text: string): string; says: RegExp }[] = [
    { name: 'broken YAML', change: (text) => `${text}  - [\n`, says: /^error: .*\n  portico\.yaml:\d+:\d+: /m },
    { name: 'an unknown key', change: (text) => text.replace('upstream:', 'upstrem:'), says: /portico\.yaml:5:5: .*upstrem.*upstream/ },
    { name: 'two products with one slug', change: (text) => text + text.slice(text.indexOf('  - slug')), says: /portico\.yaml:\d+:\d+: .*atlas/ },
    { name: 'a document that is missing', change: (text) => text.replace('v1.yaml', 'v7.yaml'), says: /portico\.yaml:7:38: openapi\/v7\.yaml cannot be read/ },
  ];
  for (const { name, change, says } of mistakes) {
    test(`${name} is refused at its place, and nothing changes`, async () => {
      const before = await readFile(join(folder, 'portico.yaml'), 'utf8');
      await edit(change);
      const { code, stderr, stdout } = await portico(['apply', '--json']);
      await writeFile(join(folder, 'portico.yaml'), before);
      assert.equal(code, 1);
      assert.match(stderr, says);
      const { error } = JSON.parse(stdout) as { error: { code: string; errors: { file: string; line: number; column: number }[] } };
      assert.equal(error.code, 'config_invalid');
      assert.equal(error.errors[0]!.file, 'portico.yaml');
      assert.match((await portico(['apply', '--dry-run'])).stdout, /^No changes\./);
    });
  }

  test('a mistake in a document is named with its line', async () => {
    await writeFile(join(folder, 'openapi/v1.yaml'), atlas.files[0]!.text.replace('in: query', 'in: querry'));
    const { code, stderr } = await portico(['apply']);
    await writeFile(join(folder, 'openapi/v1.yaml'), atlas.files[0]!.text);
    assert.equal(code, 1);
    assert.match(stderr, /openapi\/v1\.yaml:8:/);
  });
});

describe('keys, usage and requests', () => {
  let key: CreatedKey;

  test('create prints exactly what scripts rely on', async () => {
    const created = await json<CreatedKey>('keys', 'create', '--product', 'atlas', '--plan', 'free', '--email', 'dev@example.com');
    assert.deepEqual(Object.keys(created), ['key', 'id', 'subscription', 'consumer']);
    assert.match(created.key, /^atlas_live_/);
    const test = await portico(['keys', 'create', '--product', 'atlas', '--email', 'dev@example.com', '--mode', 'test', '--name', 'try']);
    assert.match(test.stdout, /^atlas_test_\w{33}\nkey_\w+ opens atlas for dev@example\.com/);
    const { keys } = await json<{ keys: { id: string; consumerId: string; developerId: string; mode: 'live' }[] }>('keys', 'list');
    assert.equal(keys.length, 2);
    const row = keys.find(({ id }) => id === created.id)!;
    assert.equal(row.consumerId, created.consumer);
    key = { ...created, summary: row as unknown as CreatedKey['summary'] };
  });

  test('list shows keys masked, newest first', async () => {
    const { stdout } = await here(['keys', 'list']);
    assert.match(stdout, /^ID +KEY +NAME +STATE +PRODUCTS +DEVELOPER +MADE +LAST USED\nkey_\w+ +atlas_test_\.\.\.\w{4} +try +active +atlas +dev@example\.com/);
    assert.equal((await jsonHere<{ keys: object[] }>('keys', 'list', '--limit', '1')).keys.length, 1);
  });

  test('usage adds up what was metered', async () => {
    assert.deepEqual(await jsonHere('usage'), { usage: [], total: {} });
    assert.equal((await here(['usage'])).stdout, 'No usage in the last 24h.\n');
    for (let i = 0; i < 3; i++) await served.call(key);
    await served.call(key, { status: 404, upstreamStatus: 404, operation: 'getCity' });
    await served.call(key, { status: 429, upstreamStatus: null, code: 'rate_limited' });
    const { usage, total } = await jsonHere<{ usage: object[]; total: Record<string, string> }>('usage', '--email', 'dev@example.com', '--product', 'atlas', '--since', '24h');
    assert.equal(total['requests'], '4');
    assert.deepEqual(usage.filter((row) => (row as { meter: string }).meter === 'requests'), [
      { meter: 'requests', operation: 'getCity', version: 'v1', mode: 'live', quantity: '1' }, { meter: 'requests', operation: 'listCities', version: 'v1', mode: 'live', quantity: '3' },
    ]);
    assert.match((await here(['usage'])).stdout, /^METER +OPERATION +VERSION +MODE +QUANTITY\n[^]*requests +listCities +v1 +live +3\n[^]*TOTAL +QUANTITY\n[^]*requests +4\n/);
  });

  test('requests come newest first, and pages are followed', async () => {
    const { requests } = await jsonHere<{ requests: { at: string; status: number; code: string | null; operation: string }[] }>('requests', '--status', '4xx', '--limit', '50');
    assert.deepEqual(requests.map(({ status, code }) => [status, code]), [[429, 'rate_limited'], [404, null]]);
    assert.deepEqual(Object.keys(await jsonHere<object>('requests', '--email', 'dev@example.com', '--limit', '2')), ['requests']);
    assert.equal((await jsonHere<{ requests: object[] }>('requests', '--limit', '4')).requests.length, 4);
    assert.match((await here(['requests', '--status', '429'])).stdout, /^TIME +STATUS +METHOD[^\n]*\n\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ +429 +GET +listCities +atlas\/v1 +live +5\.3 +rate_limited/);
    assert.equal((await here(['requests', '--status', '5xx'])).stdout, 'No requests match.\n');
  });

  test('adoption shows the funnel', async () => {
    const report = await jsonHere<{ errors: { total: number }; ttfc: { reached: number } }>('adoption', '--product', 'atlas', '--since', '30d');
    assert.equal(report.errors.total, 5);
    assert.match((await here(['adoption'])).stdout, /^All products, [^]*signed-up +\d+\n[^]*Time to first call +median/);
  });

  test('plan requests are listed, declined and approved', async () => {
    const { developers } = (await served.send('GET', `/api/v1/consumers/${key.consumer}/developers`)).body as { developers: { id: string; email: string }[] };
    const developer = { kind: 'developer', developerId: developers[0]!.id, consumerId: key.consumer, email: developers[0]!.email, verified: true } as const;
    const ask = () => served.services.plans.subscribe(developer, { productSlug: 'atlas', planSlug: 'partner' });
    assert.equal((await here(['plan-requests', 'list'])).stdout, 'Nothing waits for a decision.\n');
    await ask();
    assert.match((await here(['plan-requests', 'list'])).stdout, new RegExp(`^SUBSCRIPTION [^\\n]*\\n${key.subscription} [^\\n]*atlas/partner +Free`));
    const { requests } = await jsonHere<{ requests: { subscriptionId: string }[] }>('plan-requests', 'list', '--product', 'atlas', '--sort=-calls');
    assert.deepEqual(requests.map(({ subscriptionId }) => subscriptionId), [key.subscription]);
    assert.equal((await here(['plan-requests', 'decline', key.subscription, '--message', 'Free fits.'])).stdout, `${key.subscription} is declined and stays on atlas/free.\n`);
    assert.equal((await here(['plan-requests', 'approve', key.subscription])).code, 1, 'nothing waits any more');
    await ask();
    assert.equal((await jsonHere<{ planSlug: string }>('plan-requests', 'approve', key.subscription)).planSlug, 'partner');
    await served.services.plans.subscribe(developer, { productSlug: 'atlas', planSlug: 'free' });
  });

  test('invoices are made, shown, paid, credited and reconciled', async () => {
    const { products, plans, consumers, configuration } = served.services;
    const admin = { kind: 'admin-token' } as const;
    const partner = (await configuration.current()).products[0]!.plans.find(({ slug }) => slug === 'partner')!;
    await products.create(admin, { slug: 'billed', upstream: 'http://127.0.0.1:4010', access: 'private' });
    await plans.save(admin, { productSlug: 'billed', planSlug: null, moveSubscribers: false, plan: { ...partner, slug: 'paid', name: 'Paid', access: 'private', interval: 'month', fee: '10' } });
    const { id: consumerId } = await consumers.create(admin, { email: 'payer@example.com', name: 'Payer' });
    assert.equal((await here(['invoices', 'list'])).stdout, 'No such invoices.\n');
    await plans.subscribe(admin, { consumerId, productSlug: 'billed', planSlug: 'paid', startedAt: Date.now() - 70 * 86_400_000 });
    assert.match((await here(['invoices', 'run'])).stdout, /^2 periods billed, 0 of them with nothing to pay\.\n2 invoices finalised: INV-000001 to INV-000002\.\n$/);
    assert.deepEqual((await jsonHere<{ billed: number; waiting: null }>('invoices', 'run')).waiting, null);
    assert.match((await here(['invoices', 'list', '--sort', 'number'])).stdout, /INV-000001 +invoice +finalised +Payer [^\n]* 10\.00 USD +10\.00\n/);
    const file = join(served.folder, 'invoice.pdf');
    assert.match((await here(['invoices', 'show', 'INV-000001', '--pdf', file])).stdout, /Paid, fee per month[^]*Total USD +10\.00/);
    assert.equal((await readFile(file, 'latin1')).slice(0, 5), '%PDF-');
    assert.equal((await here(['invoices', 'pay', 'INV-000001', '--at', 'yesterday'])).code, 2);
    assert.equal((await here(['invoices', 'pay', 'INV-000001', '--note', 'Transfer'])).stdout, 'INV-000001 is paid.\n');
    assert.equal((await here(['invoices', 'pay', 'INV-000001'])).code, 1, 'nothing is open any more');
    assert.equal((await here(['invoices', 'credit', 'INV-000001', '--line', 'all', '--reason', 'x'])).code, 2);
    assert.equal((await jsonHere<{ number: string; total: string }>('invoices', 'credit', 'INV-000001', '--line', '0=4.00', '--reason', 'An outage')).total, '-4.00');
    assert.equal((await here(['invoices', 'void', 'INV-000002', '--reason', 'A test'])).stdout, 'INV-000002 is void.\n');
    assert.equal((await here(['invoices', 'finalise', 'INV-000002'])).code, 1);
    const found = await jsonHere<{ differing: number; money: { invoiced: string; difference: string }[] }>('invoices', 'reconcile', '--since', '90d');
    assert.deepEqual([found.differing, found.money.map(({ invoiced, difference }) => [invoiced, difference])], [0, [['6.00', '0.00']]]);
    assert.match((await here(['invoices', 'reconcile', '--differing'])).stdout, /^Nothing differs\./);
    assert.match((await here(['revenue', '--months', '3'])).stdout, /^USD\nMONTH +MRR [^]*\n\d{4}-\d\d\* +10\.00 [^\n]* 1 +10\.00/);
    assert.equal((await jsonHere<{ currencies: { months: unknown[] }[] }>('revenue', '--basis', 'invoiced', '--product', 'billed')).currencies[0]!.months.length, 12);
  });

  test('subscriptions, credit and coupons of a consumer that an address names', async () => {
    const whose = ['--email', 'Dev@example.com'];
    const { consumers } = await jsonHere<{ consumers: { id: string; name: string }[] }>('consumers', 'list', ...whose);
    assert.deepEqual(consumers.map((consumer) => consumer.id), [key.consumer]);
    assert.match((await here(['consumers', 'list', '--plan', 'paid'])).stdout, /^ID +NAME +PLANS [^\n]*\ncon_\w+ +Payer +[^\n]*Paid[^\n]*\n$/);
    assert.match((await here(['subscriptions', 'create', ...whose, '--product', 'billed', '--plan', 'paid'])).stdout, /^sub_\w+ is on billed\/paid\.\n$/);
    for (const wrong of [[], [...whose, '--consumer', key.consumer]]) assert.equal((await here(['subscriptions', 'list', ...wrong])).code, 2);
    const { subscriptions } = await jsonHere<{ subscriptions: { id: string; productSlug: string; planSlug: string }[] }>('subscriptions', 'list', ...whose);
    assert.deepEqual((await jsonHere<{ subscriptions: unknown[] }>('subscriptions', 'list', '--consumer', key.consumer)).subscriptions, subscriptions);
    const { id } = subscriptions.find(({ productSlug }) => productSlug === 'billed')!;
    assert.match((await here(['subscriptions', 'bill', id])).stdout, /Paid, fee per month[^]*Forecast for [^\n]* 10\.00 USD\n/);
    assert.match((await here(['subscriptions', 'cap', id, '--amount', '25'])).stdout, /spends at most 25(\.00)? per period/);
    assert.equal((await jsonHere<{ spendCap: null }>('subscriptions', 'cap', id, '--none')).spendCap, null);
    assert.match((await here(['subscriptions', 'cancel', id])).stdout, /sub_/);
    assert.match((await here(['subscriptions', 'resume', id])).stdout, /sub_/);
    assert.equal((await here(['credits', 'list', ...whose])).stdout, 'No credit. `portico credits grant` gives some.\n');
    assert.match((await here(['credits', 'grant', ...whose, '--amount', '100', '--currency', 'usd', '--reason', 'Prepaid'])).stdout, /: 100\.00 USD\.\n$/);
    assert.deepEqual((await jsonHere<{ left: unknown[] }>('credits', 'list', ...whose)).left, [{ currency: 'usd', amount: '100.00' }]);
    assert.equal((await here(['coupons', 'create', 'start-20', '--percent', '20', '--periods', '3'])).stdout.split(' ')[0], 'START-20');
    assert.equal((await jsonHere<{ coupons: unknown[] }>('coupons', 'list')).coupons.length, 1);
    assert.match((await here(['coupons', 'archive', 'START-20'])).stdout, /is archived/);
  });

  test('prices are simulated on what was billed, and rolled out', async () => {
    await writeFile(join(folder, 'draft.yaml'), 'plans:\n  - { slug: paid, name: Paid, access: private, currency: usd, interval: month, fee: "12" }\n');
    const simulate = ['simulate', '--plan-file', 'draft.yaml', '--product', 'billed', '--since', '90d'];
    const { code, stdout, stderr } = await portico(simulate);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^20\.00 USD becomes 24\.00 USD: 4\.00 \(20\.0 %\), over 2 periods of 1 consumers\n1 pay more, 0 less, 0 the same\nIf the 0 leave[^\n]*20 %, net revenue retention is 120\.0 %\n\nCONSUMER [^\n]*\nPayer +paid +20\.00 +24\.00 +4\.00 \(20\.0 %\) +USD *\n$/);
    assert.match(stderr, /^Simulation sim_\w+\. To make its prices real: portico roll-out sim_/m);
    const past = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
    const run = await json<{ id: string; state: string; result: { totals: { new: string }[] } }>(...simulate.slice(0, -2), '--from', past(90), '--to', past(1), '--rise', '7.5');
    assert.deepEqual([run.state, run.result.totals.map((each) => each.new)], ['done', ['24.00']]);
    await Promise.all(([[['--since', '90d', '--from', past(9), '--to', past(1)], /--since is one way/], [['--from', past(9)], /--from and --to are given together/], [['--since', 'long'], /--since is "long"/], [['--rise', '-3'], /--rise is "-3"/]] as const).map(async ([wrong, words]) => {
      const refusal = await portico([...simulate.slice(0, -2), ...wrong]);
      assert.deepEqual([refusal.code, words.test(refusal.stderr)], [2, true], refusal.stderr);
    }));
    await writeFile(join(folder, 'wrong.yaml'), 'plans:\n  - slug: paid\n    currency: usd\n    fee: "-1"\n');
    const broken = await portico(['simulate', '--plan-file', 'wrong.yaml', '--product', 'billed']);
    assert.deepEqual([broken.code, /wrong\.yaml, line 4/.test(broken.stderr)], [1, true], broken.stderr);
    assert.equal((await portico(['simulate', '--plan-file', 'none.yaml'])).code, 1);

    assert.match((await portico(['roll-out', run.id, '--all', '--dry-run'])).stdout, /^PRODUCT +PLAN +SUBSCRIBERS +MOVE\nbilled +paid +2 +2\nNothing was changed \(--dry-run\)\.\n$/);
    await Promise.all([['--all'], ['--at', '2099-01-01'], ['--all', '--subscription', 'sub_1', '--at', '2099-01-01']].map(async (wrong) => assert.equal((await portico(['roll-out', run.id, ...wrong])).code, 2)));
    const far = await portico(['roll-out', run.id, '--all', '--at', '2099-01-01']);
    assert.deepEqual([far.code, /at most two years ahead/.test(far.stderr)], [1, true]);
    assert.match((await portico(['roll-out', run.id, '--all', '--at', past(-40)])).stdout, /New sign-ups pay the drafted prices\. 2 subscriptions are on the way to them\.\n$/);
    assert.match((await portico(['simulate', ...simulate.slice(1)])).stdout, /^20\.00 USD becomes 24\.00/, 'subscribers have the earlier prices still');
    assert.match((await portico(['roll-out', 'sim_0'])).stderr, /only until Portico ends or starts again/);
  });

  test('roll and revoke', async () => {
    const rolled = await json<CreatedKey & { previousExpiresAt: string }>('keys', 'roll', key.id, '--overlap', '1h');
    assert.deepEqual(Object.keys(rolled), ['key', 'id', 'subscription', 'consumer', 'previousExpiresAt']);
    assert.ok(Math.abs(Date.parse(rolled.previousExpiresAt) - Date.now() - 3_600_000) < 60_000);
    assert.match((await portico(['keys', 'revoke', rolled.id])).stdout, /is revoked\. Every connected gateway refuses it\.\n$/);
    assert.equal((await json<{ state: string }>('keys', 'revoke', rolled.id)).state, 'revoked');
  });

  const refused: { args: string[]; code: string }[] = [
    { args: ['keys', 'revoke', 'key_none'], code: 'not_found' },
    { args: ['credits', 'list', '--email', 'nobody@example.com'], code: 'not_found' },
    { args: ['keys', 'roll', '../products'], code: 'not_found' },
    { args: ['keys', 'create', '--product', 'nowhere', '--email', 'a@example.com'], code: 'not_found' },
    { args: ['keys', 'create', '--product', 'atlas', '--plan', 'gold', '--email', 'a@example.com'], code: 'not_found' },
    { args: ['keys', 'create', '--product', 'atlas', '--email', 'nobody'], code: 'input_invalid' },
  ];
  for (const { args, code } of refused) {
    test(`portico ${args.join(' ')}: ${code}`, async () => {
      const ran = await here([...args, '--json']);
      assert.equal(ran.code, 1);
      assert.match(ran.stderr, /^error: /m, "after what a slow command says of its progress");
      assert.equal((JSON.parse(ran.stdout) as { error: { code: string } }).error.code, code);
    });
  }

  test('a wrong token is refused', async () => {
    const { code, stderr } = await portico(['keys', 'list'], { PORTICO_ADMIN_TOKEN: 'padm_wrong' });
    assert.equal(code, 1);
    assert.match(stderr, /not the admin token of this Portico/);
  });
});

describe('status and backup', () => {
  test('status tells why it is not ready, and ends with 1', async () => {
    const { code, stdout } = await portico(['status']);
    assert.equal(code, 1);
    assert.match(stdout, /^not ready: no gateway is connected\n/);
  });

  test('the archive appears whole, and is not overwritten', async () => {
    assert.deepEqual(await json('backup', 'first.backup'), { file: 'first.backup', bytes: archive.length });
    assert.deepEqual(await readFile(join(folder, 'first.backup')), archive);
    assert.equal((await stat(join(folder, 'first.backup'))).mode & 0o777, 0o600);
    const again = await portico(['backup', 'first.backup']);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /first\.backup exists.*--force/);
    assert.equal((await portico(['backup', 'first.backup', '--force'])).code, 0);
    // It goes once the last octet has left, which the command does not wait for.
    const copies = async (): Promise<string[]> => (await readdir(served.folder)).filter((name) => name.startsWith('portico-backup-'));
    for (let looks = 0; looks < 500 && (await copies()).length > 0; looks++) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.deepEqual(await copies(), [], 'the server keeps no copy');
  });

  test('a backup that breaks off leaves nothing', async () => {
    const broken = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': '100000' });
      response.write('only the beginning', () => response.destroy());
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => broken.once('listening', resolve));
    const { code, stderr } = await portico(['backup', 'broken.backup'], { PORTICO_URL: `http://127.0.0.1:${(broken.address() as AddressInfo).port}` });
    broken.close();
    assert.equal(code, 1);
    assert.match(stderr, /The backup broke off after \d+ B: /);
    assert.deepEqual((await readdir(folder)).filter((name) => name.startsWith('broken')), []);
  });

  test('files of exercises are checked against what runs, with the place of each mistake', async () => {
    const lessons = join(folder, 'lessons');
    await mkdir(lessons);
    const term = (name: string): Promise<void> => writeFile(join(lessons, 'terms.yaml'), `terms:\n  - { id: tile, name: Tile, definition: A square., related: [${name}] }\n`);
    await term('quotum');
    const wrong = await portico(['learn', 'check', 'lessons']);
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /lessons\/terms\.yaml.*2.*There is no term "quotum"/s);
    await term('quota');
    assert.deepEqual(await json('learn', 'check', 'lessons'), { mistakes: [], terms: 1, sets: 0 });
    const nowhere = await portico(['learn', 'check', 'nowhere']);
    assert.deepEqual([nowhere.code, /no file or folder nowhere/.test(nowhere.stderr)], [1, true]);
    assert.match((await portico(['learn', 'statistics'])).stdout, /not enough data/);
  });

  test('slow work shows that it goes on', async () => {
    const slow = createServer((_, response) => void setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end('{"usage":[],"total":{}}'), 1_300)).listen(0, '127.0.0.1');
    await new Promise((resolve) => slow.once('listening', resolve));
    const { code, stderr, stdout } = await portico(['usage', '--json'], { PORTICO_URL: `http://127.0.0.1:${(slow.address() as AddressInfo).port}` });
    slow.closeAllConnections();
    slow.close();
    assert.equal(code, 0);
    assert.match(stderr, /^Adding up usage \(\d s\)\n$/);
    assert.deepEqual(JSON.parse(stdout), { usage: [], total: {} });
  });
});
