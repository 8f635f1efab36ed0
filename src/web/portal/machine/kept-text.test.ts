import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Services } from '../../../control/services.ts';
import { keptText } from './kept-text.server.ts';

test('a text is made once for each state of the site, for all who ask at once', async () => {
  let state = 'a';
  const services = { content: { siteFingerprint: async () => state } } as unknown as Services;
  let made = 0;
  const ask = (name = 'llms', text: string | undefined = 'text') => keptText(services, name, async () => { made++; return text && `${text} ${state}`; });
  const [first, second] = await Promise.all([ask(), ask()]);
  assert.equal(first, second);
  assert.equal(await ask(), first);
  assert.equal(made, 1);
  state = 'b';
  const later = await ask();
  assert.equal(made, 2);
  assert.notEqual(later!.etag, first!.etag);
  assert.equal(new TextDecoder().decode(later!.body), 'text b');
});

test('neither a failure nor a text that is not there is kept', async () => {
  const services = { content: { siteFingerprint: async () => 'a' } } as unknown as Services;
  await assert.rejects(keptText(services, 'llms', async () => { throw new Error('the store is away'); }));
  assert.equal(await keptText(services, 'llms', async () => undefined), undefined);
  assert.ok(await keptText(services, 'llms', async () => 'text'));
});
