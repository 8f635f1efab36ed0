// The Atlas demo with people in it: an owner, several consumers, real calls with real mistakes. For pictures and measurements.
import { fork } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../src/store/free-port.testkit.ts';
import { makeInvoices } from './invoices.ts';
import { makeSimulation } from './simulations.ts';
import { startPortico, waitFor, type Portico } from './portico.ts';
import { practise } from './practise.ts';
import { password } from './people.ts';
import { signUpBy, visit, type Visitor } from './visitors.ts';

export interface DemoScene { portico: Portico; owner: Visitor; developer: Visitor; newcomer: Visitor; ids: { consumer: string; key: string; request: string; invoice: string; simulation: string }; operation: string; /** Empty where the demo has none. */ content: { guide: string; page: string; /** Path of an open invitation. */ invitation: string; /** Path of a case for a manager. */ upgradeCase: string } }

const spacingMs = 210;
const paths = ['/countries', '/countries?limit=5', '/cities/nearest?latitude=48.86&longitude=2.35', '/cities?country=FR', '/cities/search?query=Paris', '/nothing-here', '/cities/nearest?latitude=400&longitude=2'];

/** Starts the demo on free ports; `after` ends it. */
export async function startDemoScene(t: { after(fn: () => unknown): void }): Promise<DemoScene> {
  const portico = await startDemo(t);
  const owner = visit(portico);
  const link = new URL(portico.firstOwnerLink!);
  await owner.post(link.pathname + link.search, { token: link.searchParams.get('token')!, email: 'owner@atlas.example', password, name: 'Atlas owner' });
  const consumers: [string, number][] = [['ada@northwind.example', 30], ['grace@harbour.example', 21], ['linus@kernel.example', 8], ['marie@radium.example', 4], ['alan@bletchley.example', 0]];
  const visitors: Visitor[] = [];
  for (const [email, calls] of consumers) {
    const visitor = visit(portico);
    const key = await signUpBy(visitor, email);
    visitors.push(visitor);
    await makeCalls(portico, key, calls);
    if (calls > 20) await makeCalls(portico, (await portico.api<{ key: string }>('POST', '/keys', { email, product: 'atlas', plan: 'free', mode: 'live', name: 'production' })).key, calls);
  }
  await fetch(`${portico.gatewayUrl}/atlas/v2/countries`);
  const developer = visitors[0]!;
  await developer.post('/dashboard/team', { intent: 'invite', email: 'colleague@northwind.example' });
  const [, grace, linus, marie] = visitors;
  for (const [visitor, choices] of [[developer, [0, 3, 0]], [grace!, [0, 1, 2, 0, 0]], [linus!, [0, 3, 0, 0, 0]], [marie!, [1, 3]]] as const) await practise(visitor, 'api-as-a-product', [...choices]);
  await grace!.post('/atlas', { plan: 'partner' });
  await linus!.post('/feedback', { path: '/atlas/v2/search-cities', helpful: 'no', comment: 'Does the search know names in other languages?' });
  await marie!.post('/feedback', { path: '/atlas/guides/first-steps', helpful: 'yes' });
  await verify(owner, developer, 'ada@northwind.example');
  const { consumers: found } = await portico.api<{ consumers: { id: string }[] }>('GET', '/consumers?search=northwind');
  const consumer = found[0]!.id;
  const { keys } = await portico.api<{ keys: { id: string }[] }>('GET', `/consumers/${consumer}`);
  let request = '';
  await waitFor('refused calls in the log', async () => {
    request = (await portico.api<{ requests: { id: string }[] }>('GET', '/requests?email=ada@northwind.example&status=404')).requests[0]?.id ?? '';
    return request !== '';
  }, 15_000);
  const operation = /href="\/atlas\/v2\/([a-z0-9-]+)"/.exec((await developer.get('/atlas/v2')).text)?.[1] ?? '';
  const home = (await developer.get('/')).text;
  const content = { guide: /href="\/atlas\/guides\/([a-z0-9-]+)"/.exec((await developer.get('/atlas')).text + home)?.[1] ?? '', invitation: /\/invitation\?token=[\w-]+/.exec((await owner.get('/outbox')).text)?.[0] ?? '', upgradeCase: await makeUpgradeCase(portico, developer, consumer), page: /href="\/pages\/([a-z0-9-]+)"/.exec(home)?.[1] ?? '' };
  const invoice = await makeInvoices(portico, consumer);
  return { portico, owner, developer, newcomer: visitors.at(-1)!, ids: { consumer, key: keys[0]!.id, request, invoice, simulation: await makeSimulation(portico) }, operation, content };
}

async function makeUpgradeCase(portico: Portico, developer: Visitor, consumer: string): Promise<string> {
  const { subscriptions } = await portico.api<{ subscriptions: { id: string; productSlug: string }[] }>('GET', `/consumers/${consumer}`);
  const subscription = subscriptions.find(({ productSlug }) => productSlug === 'atlas')!.id;
  const { text } = await developer.post('/dashboard/plan', { intent: 'case', subscription, message: 'Our route planner asks for cities by name. On the free plan it stops at noon.' });
  const path = /\/upgrade-case\?token=[\w-]+/.exec(text)?.[0];
  if (path === undefined) throw new Error('the page of the plan shows no link to the case');
  return path;
}

async function startDemo(t: { after(fn: () => unknown): void }): Promise<Portico> {
  const folder = mkdtempSync(join(tmpdir(), 'portico-scene-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const demo = fileURLToPath(new URL('../demo', import.meta.url));
  cpSync(demo, folder, { recursive: true, filter: (file) => !file.includes('/upstream') });
  const configuration = join(folder, 'portico.yaml');
  writeFileSync(configuration, readFileSync(configuration, 'utf8').replaceAll(':4010', `:${port}`));
  const upstream = fork(join(demo, 'upstream/server.ts'), ['--port', String(port)], { stdio: 'ignore' });
  t.after(() => upstream.kill('SIGTERM'));
  return startPortico(t, { configuration });
}

/** With the link of the mail, as the outbox shows it. */
async function verify(owner: Visitor, developer: Visitor, email: string): Promise<void> {
  const { text } = await owner.get('/outbox');
  const mail = text.split('<article').find((part) => part.includes(email) && part.includes('verify-email?token='));
  const token = /verify-email\?token=([\w.-]+)/.exec(mail ?? '')?.[1];
  if (token === undefined) throw new Error(`no mail to ${email} asks to verify`);
  await developer.post(`/verify-email?token=${token}`, { token });
}

/** Within the rate of the free plan, except for the first few. */
async function makeCalls(portico: Portico, key: string, count: number): Promise<void> {
  for (let made = 0; made < count; made += 1) {
    if (made > 6) await wait(spacingMs);
    await (await fetch(`${portico.gatewayUrl}/atlas/v2${paths[made % paths.length]}`, { headers: { authorization: `Bearer ${key}` } })).text();
  }
}
