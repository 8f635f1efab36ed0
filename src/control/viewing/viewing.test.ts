import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import type { Actor, Role } from '../services.ts';
import { addConsumer, admin, openControl } from '../testkit.ts';
import { createViewing, viewingMs } from './viewing.ts';

const member = (role: Role, memberId = 'mem_1'): Actor => ({ kind: 'member', memberId, email: `${role}@example.com`, role });

forEachEngine('seeing the portal as a consumer', ({ open }) => {
  test('is for 15 minutes, for the member who began it, while the role allows it', async () => {
    const { deps, advance } = await openControl(await open());
    const { consumerId } = await addConsumer(deps, 'ada');
    const viewing = createViewing(deps);
    const { token } = await viewing.begin(member('support'), { consumerId });
    assert.deepEqual((await viewing.find(member('support'), token))!.actor, { kind: 'developer', developerId: 'dev_ada', consumerId: 'con_ada', email: 'ada@example.com', verified: true, viewedBy: 'support@example.com' });
    assert.equal(await viewing.find(member('support', 'mem_2'), token), undefined, 'somebody else');
    const [body, signature] = token.split('.');
    const forged = `${Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(body!, 'base64url').toString()) as object, consumerId: 'con_eve' })).toString('base64url')}.${signature}`;
    for (const bad of [forged, body!, `${body}.`, 'nonsense', '']) assert.equal(await viewing.find(member('support'), bad), undefined, bad);
    await assert.rejects(viewing.find(member('viewer'), token), { code: 'role_forbids' }, 'the role changed');
    advance(viewingMs - 1);
    assert.ok(await viewing.find(member('support'), token));
    advance(1);
    assert.equal(await viewing.find(member('support'), token), undefined);
  });

  test('each role may do what it may', async () => {
    const { deps } = await openControl(await open());
    const ada = await addConsumer(deps, 'ada');
    const viewing = createViewing(deps);
    for (const role of ['owner', 'product-manager', 'support'] as const) await viewing.begin(member(role), ada);
    for (const actor of [member('engineer'), member('viewer'), admin, ada]) await assert.rejects(viewing.begin(actor, ada), { code: 'role_forbids' });
    await assert.rejects(viewing.begin(member('owner'), { consumerId: 'con_none' }), { code: 'not_found' });
  });
});
