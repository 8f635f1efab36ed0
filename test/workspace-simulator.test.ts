// The price simulator as a member meets it, without scripts: a draft that begins with the present plans, what it would have cost, and its roll-out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startEchoUpstream } from './echo-upstream.ts';
import { makeInvoices } from './invoices.ts';
import { password } from './people.ts';
import { startPortico, waitFor } from './portico.ts';
import { visit } from './visitors.ts';

const day = (ahead: number): string => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
const unescaped = (text: string): string => text.replaceAll('&quot;', '"').replaceAll('&#x27;', '\'').replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&');

/** What the main part says. */
const said = (text: string): string => unescaped(text.slice(text.indexOf('<main')).replaceAll('<!-- -->', '').replaceAll(/<(script|textarea)[^]*?<\/\1>/g, ' ').replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' '));

test('drafts prices, compares bills, says mistakes with their line and keeps what was typed, previews a roll-out and moves whom it says', { timeout: 60_000 }, async (t) => {
  const portico = await startPortico(t, { configuration: (await startEchoUpstream(t)).configuration });
  const owner = visit(portico);
  const link = new URL(portico.firstOwnerLink!);
  await owner.post(link.pathname + link.search, { token: link.searchParams.get('token')!, email: 'owner@echo.example', password });
  await portico.api('POST', '/keys', { email: 'ada@echo.example', product: 'echo', mode: 'live', name: 'Backend' });
  const consumer = (await portico.api<{ consumers: { id: string }[] }>('GET', '/consumers?search=ada')).consumers[0]!.id;
  await makeInvoices(portico, consumer);

  const form = await owner.get('/workspace/simulator?product=metered');
  const draft = unescaped(/<textarea[^>]*name="draft"[^>]*>([^]*?)<\/textarea>/.exec(form.text)![1]!);
  assert.match(draft, /slug: growth[^]*fee: "?49/);
  const post = (text: string, from = day(-100), to = day(-1)) => owner.post('/workspace/simulator?product=metered', { draft: text, from, to, rise: '10' });
  const broken = await post(draft.replace('currency: usd', 'currency: eur'));
  assert.equal(broken.status, 422);
  assert.match(said(broken.text), /draft, line \d+: The plan "free" is in USD/);
  assert.match(unescaped(broken.text), /currency: eur/, 'what was typed is still there');
  const future = await post(draft, day(1), day(30));
  assert.match(said(future.text), /nothing was used in the future/);

  const begun = await post(draft.replace(/fee: "?49[.0]*"?/, 'fee: "59"'));
  assert.equal(begun.status, 302, begun.text.slice(0, 300));
  const path = begun.location!;
  let page = await owner.get(path);
  await waitFor('the simulation', async () => {
    page = await owner.get(path);
    return !page.text.includes('subscriptions replayed');
  }, 15_000);
  const text = said(page.text);
  assert.match(text, /\$108\.00[^]*\$128\.00[^]*\+\$20\.00/, '2 periods of 49 + 5, and of 59 + 5');
  assert.match(text, /if all leave whose bill rises by more than 10 %: 1/);

  const file = await owner.get(`${path}/csv`);
  assert.match(file.text, /^consumer,consumer_id,plans,periods,currency,old,new,change,change_percent,limits_hit,subscription_ids\r\n[^\n]*,growth,2,usd,108\.00,128\.00,20\.00,18\.5,,sub_[^\n]*\r\n$/);
  assert.equal((await owner.get('/workspace/simulator/sim_0/csv')).status, 404);
  const gone = await owner.get('/workspace/simulator/sim_0');
  assert.equal(gone.status, 404);
  assert.match(said(gone.text), /only until Portico ends or starts again\. Nothing was changed by it: run it again/);

  const preview = await owner.post(path, { intent: 'preview', movers: 'chosen', consumer, at: day(40) });
  assert.match(said(preview.text), /1 subscriptions move from/);
  const scheduled = async (): Promise<string> => JSON.stringify((await portico.api<{ subscriptions: unknown[] }>('GET', `/consumers/${consumer}`)).subscriptions);
  const before = await scheduled();
  assert.match(said((await owner.post(path, { intent: 'roll-out', movers: 'all', at: '' })).text), /must say from when/);
  assert.equal(await scheduled(), before, 'a preview and a refusal change nothing');
  assert.equal((await owner.post(path, { intent: 'roll-out', movers: 'chosen', consumer, at: day(40) })).status, 302);
  assert.match((await owner.get(path)).text, /1 subscription is on the way/);
  assert.match((await owner.get('/workspace/simulator?product=metered')).text, /fee: &quot;59/);

  const plan = '/workspace/products/metered/plans/growth';
  const detail = async () => (await portico.api<{ plans: { slug: string; moves: { revision: number; at: string; subscribers: number }[] }[] }>('GET', '/products/metered/plans/details')).plans.find(({ slug }) => slug === 'growth')!;
  const [move] = (await detail()).moves;
  assert.match(said((await owner.get(plan)).text), /Withdraw the move to revision 2\?/);
  assert.equal((await owner.post(plan, { intent: 'withdraw-move', revision: '2', from: String(Date.parse(move!.at)) })).status, 302);
  assert.deepEqual((await detail()).moves, []);
  assert.match(said((await owner.get(plan)).text), /Nobody is on the way to other prices 1 subscriber on earlier prices[^]*Withdrawn\. The prices of 1 subscriber stay/);
  assert.match(said((await owner.post(plan, { intent: 'withdraw-move', revision: '2', from: 'x' })).text), /Nothing was changed/);
  assert.match(said((await owner.post(plan, { intent: 'move-prices', at: day(-1) })).text), /must be a moment from now on/);
  assert.equal((await owner.post(plan, { intent: 'move-prices', at: day(40) })).status, 302);
  assert.deepEqual((await detail()).moves.map(({ subscribers }) => subscribers), [1]);
});
