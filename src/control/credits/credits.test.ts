import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import type { Actor, Credits } from '../services.ts';
import { addConsumer, admin, openControl, refusalOf } from '../testkit.ts';
import { createCredits } from './credits.ts';

const dayMs = 86_400_000;
const support: Actor = { kind: 'member', memberId: 'mem_1', email: 'support@example.com', role: 'support' };

forEachEngine('credits', (stores) => {
  async function open() {
    const control = await openControl(await stores.open());
    return { ...control, credits: createCredits(control.deps), ada: await addConsumer(control.deps, 'ada') };
  }

  test('are granted, left until they expire, and withdrawn', async () => {
    const { credits, ada, deps, advance } = await open();
    const grant = (input: Partial<Parameters<Credits['grant']>[1]> = {}) => credits.grant(admin, { consumerId: 'con_ada', currency: 'usd', amount: '10', reason: 'A good start', ...input });
    const { id } = await grant();
    await grant({ amount: '2.5', expiresAt: deps.clock.now() + dayMs });
    await grant({ amount: '500', currency: 'JPY' });
    const listed = await credits.list(ada, { consumerId: 'con_ada' });
    assert.deepEqual([listed.grants[0]!.amount, listed.grants.length], ['2.50', 3], 'what expires first is drawn first');
    assert.deepEqual(listed.left.toSorted((a, b) => (a.currency < b.currency ? -1 : 1)), [{ currency: 'jpy', amount: '500' }, { currency: 'usd', amount: '12.50' }]);
    advance(dayMs);
    await credits.withdraw(admin, { grantId: id });
    const later = await credits.list(support, { consumerId: 'con_ada' });
    assert.deepEqual(later.left, [{ currency: 'jpy', amount: '500' }]);
    assert.deepEqual(later.grants.map(({ expired }) => expired), [false, true, true]);
    assert.equal((await refusalOf(credits.withdraw(admin, { grantId: id }))).code, 'conflict');
  });

  test('that cannot be are refused, and so is who may not', async () => {
    const { credits, ada, deps } = await open();
    const bob = await addConsumer(deps, 'bob');
    const input = { consumerId: 'con_ada', currency: 'usd', amount: '10', reason: 'Because' };
    const cases: [name: string, input: Parameters<Credits['grant']>[1], pointer: string][] = [
      ['no currency', { ...input, currency: 'xau' }, '/currency'], ['nothing', { ...input, amount: '0.00' }, '/amount'], ['below 0', { ...input, amount: '-1' }, '/amount'], ['thirty digits', { ...input, amount: '1'.repeat(30) }, '/amount'], ['tenths of a cent', { ...input, amount: '0.001' }, '/amount'],
      ['no reason', { ...input, reason: ' ' }, '/reason'], ['a long reason', { ...input, reason: 'a'.repeat(201) }, '/reason'], ['expired', { ...input, expiresAt: deps.clock.now() }, '/expiresAt'],
    ];
    for (const [name, wrong, pointer] of cases) assert.equal((await refusalOf(credits.grant(admin, wrong))).errors[0]!.pointer, pointer, name);
    assert.equal((await refusalOf(credits.grant(admin, { ...input, consumerId: 'con_none' }))).code, 'not_found');
    assert.equal((await refusalOf(credits.grant(support, input))).code, 'role_forbids');
    assert.equal((await refusalOf(credits.grant(ada, input))).code, 'role_forbids');
    assert.equal((await refusalOf(credits.withdraw(admin, { grantId: 'crg_none' }))).code, 'not_found');
    assert.equal((await refusalOf(credits.list(bob, { consumerId: 'con_ada' }))).code, 'not_found');
    assert.deepEqual((await credits.list(ada, { consumerId: 'con_ada' })).grants, []);
  });
});
