import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import { addConsumer, admin, applyAtlas, openControl, refusalOf } from '../testkit.ts';
import { createFeedback } from './feedback.ts';

forEachEngine('feedback', (stores) => {
  async function open() {
    const control = await openControl(await stores.open());
    await applyAtlas(control);
    return { ...control, feedback: createFeedback(control.deps), ada: await addConsumer(control.deps, 'ada') };
  }
  const page = '/atlas/v2/get-city';

  test('strangers and developers answer; a developer’s newer word takes the place of the older one', async () => {
    const { feedback, ada, advance } = await open();
    await feedback.send(undefined, { path: page, helpful: true, address: '192.0.2.1' });
    await feedback.send(ada, { path: page, helpful: true, comment: 'Good', address: '192.0.2.2' });
    advance(1);
    await feedback.send(ada, { path: page, helpful: false, comment: '  <b>The unit\u0000 is missing</b>\r\nPlease add it. ', address: '192.0.2.2' });
    advance(1);
    await feedback.send(ada, { path: '/errors/key_revoked', helpful: true, address: '192.0.2.2' });
    const { entries } = await feedback.list(admin, {});
    assert.deepEqual(entries.map(({ path, helpful, comment, product, developer }) => [path, helpful, comment, product, developer?.email]), [
      ['/errors/key_revoked', true, null, null, 'ada@example.com'],
      [page, false, '<b>The unit is missing</b>\nPlease add it.', 'atlas', 'ada@example.com'],
      [page, true, null, 'atlas', undefined],
    ]);
    assert.deepEqual((await feedback.listPages(admin, {})).pages.map(({ path, product, helpful, notHelpful, comments }) => ({ path, product, helpful, notHelpful, comments })), [
      { path: page, product: 'atlas', helpful: 1, notHelpful: 1, comments: 1 },
      { path: '/errors/key_revoked', product: null, helpful: 1, notHelpful: 0, comments: 0 },
    ]);
    assert.equal((await feedback.list(admin, { comments: true })).entries.length, 1);
    assert.equal((await feedback.list(admin, { product: 'atlas', helpful: true })).entries.length, 1);
    const first = await feedback.list(admin, { limit: 2 });
    assert.equal((await feedback.list(admin, { limit: 2, cursor: first.nextCursor! })).entries.length, 1);
    const half = await feedback.listPages(admin, { limit: 1 });
    assert.deepEqual((await feedback.listPages(admin, { limit: 1, cursor: half.nextCursor! })).pages.map(({ path }) => path), ['/errors/key_revoked']);
  });

  test('only of pages that the reader can see', async () => {
    const { feedback, ada } = await open();
    const rows: [string, string, string][] = [
      ['a page elsewhere', 'https://example.com/atlas/v2', 'input_invalid'],
      ['another host', '//example.com/x', 'input_invalid'],
      ['a whole product', '/atlas', 'input_invalid'],
      ['a query', '/atlas/v2/get-city?x=1', 'input_invalid'],
      ['a very long path', `/atlas/${'x'.repeat(300)}`, 'input_invalid'],
      ['a private product', '/secret/v1/get-city', 'not_found'],
      ['no product', '/nothing/v1/get-city', 'not_found'],
      ['an error that does not exist', '/errors/nothing', 'not_found'],
    ];
    for (const [name, path, code] of rows) assert.equal((await refusalOf(feedback.send(ada, { path, helpful: true, address: '192.0.2.1' }))).code, code, name);
    await feedback.send(admin, { path: '/secret/v1/get-city', helpful: true, address: '192.0.2.1' });
  });

  test('thirty answers an hour from one address, and long comments are cut', async () => {
    const { feedback, advance } = await open();
    for (let i = 0; i < 30; i++) await feedback.send(undefined, { path: page, helpful: true, comment: 'x'.repeat(10_000), address: '192.0.2.1' });
    assert.equal((await refusalOf(feedback.send(undefined, { path: page, helpful: true, address: '192.0.2.1' }))).code, 'too_many_attempts');
    await feedback.send(undefined, { path: page, helpful: true, address: '192.0.2.9' });
    advance(3_600_001);
    await feedback.send(undefined, { path: page, helpful: true, address: '192.0.2.1' });
    assert.equal((await feedback.list(admin, { comments: true, limit: 1 })).entries[0]!.comment!.length, 2_000);
  });

  test('answers are the producer’s to read, and are forgotten after two years', async () => {
    const { feedback, ada, advance } = await open();
    await feedback.send(undefined, { path: page, helpful: true, address: '192.0.2.1' });
    for (const read of [feedback.list(ada, {}), feedback.listPages(ada, {})]) assert.equal((await refusalOf(read)).code, 'role_forbids');
    advance(731 * 86_400_000);
    await feedback.send(undefined, { path: page, helpful: false, address: '192.0.2.1' });
    assert.deepEqual((await feedback.list(admin, {})).entries.map(({ helpful }) => helpful), [false]);
  });
});
