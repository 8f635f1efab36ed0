import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forEachEngine } from '../../store/testkit.ts';
import type { RequestEvent } from '../../domain/request-event.ts';
import type { EventStore } from '../../events/event-store.ts';
import type { Progress } from '../../domain/learn-progress.ts';
import { addConsumer, admin, applyAtlas, atlasDocument, openControl, refusalOf } from '../testkit.ts';
import { createProducts } from '../products/products.ts';
import { createLearn } from './learn.ts';

const set = 'api-as-a-product';
const choices = (right: number): Record<string, unknown>[] => ['This', 'That', 'Those'].map((text, index) => ({ text, why: 'So it is.', ...(index === right && { right: true }) }));
const maps = { title: 'Maps', published: true, items: [{ id: 'what', question: 'What?', choices: choices(1) }, { id: 'list', task: 'List the cities.', check: { product: 'atlas', calls: [{ operation: 'listCities', status: 200 }] } }] };

forEachEngine('learning', (stores) => {
  async function open() {
    const log: RequestEvent[] = [];
    const events = { listRequests: async ({ consumerId, from }: { consumerId: string; from: number }) => log.filter((event) => event.consumerId === consumerId && event.at >= from) } as unknown as EventStore;
    const control = await openControl(await stores.open(), events);
    await applyAtlas(control);
    const learn = createLearn(control.deps, control.gateways);
    const questions = (await learn.getSet(undefined, set)).items;
    const input = (index: number, choice: number, progress: Progress[] = []) => ({ set, item: questions[index]!.id, fingerprint: questions[index]!.fingerprint, choice, progress });
    return { ...control, learn, log, questions, input, ada: await addConsumer(control.deps, 'ada') };
  }

  test('an answer is kept with the account once, and again after a retry', async () => {
    const { learn, input, ada, advance } = await open();
    assert.equal((await learn.answer(ada, input(0, 1))).right, false);
    assert.equal((await learn.answer(ada, input(0, 0))).choice, 1, 'the other tab came first');
    await learn.retry(ada, { set, item: input(0, 0).item, progress: [] });
    advance(1_000);
    const again = await learn.answer(ada, input(0, 0));
    assert.deepEqual([again.right, again.firstRight, again.tries], [true, false, 1]);
    assert.deepEqual(await learn.listProgress(ada), [again]);
  });

  test('two tabs that answer two questions at once lose nothing', async () => {
    const { learn, input, ada, questions } = await open();
    await Promise.all(questions.map((_, index) => learn.answer(ada, input(index, 0))));
    assert.equal((await learn.listProgress(ada)).length, 5);
  });

  test('what was done signed out and signed in is joined', async () => {
    const { learn, input, ada } = await open();
    await learn.answer(ada, input(0, 1));
    const brought = [await learn.answer(undefined, input(1, 0)), await learn.answer(undefined, input(0, 0))];
    await learn.join(ada, brought);
    await learn.join(ada, brought);
    assert.deepEqual((await learn.listProgress(ada)).map(({ item, choice }) => [item, choice]), [['in-practice', 1], ['product-manager', 0]]);
    await learn.join(ada, [{ ...brought[0]!, set: 'gone' }]);
    assert.equal((await learn.listProgress(ada)).length, 2);
  });

  test('an answer to what is no longer asked is refused, and progress of other questions stays', async () => {
    const { learn, ada } = await open();
    await learn.saveSet(admin, { id: 'maps', set: maps });
    const [what] = (await learn.getSet(undefined, 'maps')).items;
    const given = { set: 'maps', item: 'what', fingerprint: what!.fingerprint, choice: 1, progress: [] };
    await learn.answer(ada, given);
    await learn.saveSet(admin, { id: 'maps', set: { ...maps, items: maps.items.map((item) => ('choices' in item ? { ...item, choices: choices(1).map((choice) => ({ ...choice, why: 'Said better.' })) } : item)) } });
    assert.equal((await learn.getSet(undefined, 'maps')).items[0]!.fingerprint, what!.fingerprint, 'an explanation is no other question');
    await learn.saveSet(admin, { id: 'maps', set: { ...maps, items: [{ ...maps.items[0], choices: choices(2) }] } });
    assert.equal((await refusalOf(learn.answer(ada, given))).code, 'conflict');
    assert.equal((await refusalOf(learn.answer(ada, { ...given, item: 'gone' }))).code, 'conflict');
    assert.equal((await refusalOf(learn.answer(ada, { ...given, fingerprint: (await learn.getSet(undefined, 'maps')).items[0]!.fingerprint, choice: 9 }))).code, 'input_invalid');
  });

  test('a sealed answer opens again, and one that was changed does not', async () => {
    const { learn, input } = await open();
    const progress = await learn.answer(undefined, input(0, 1));
    const sealed = learn.seal(progress);
    const place = { set, item: progress.item };
    assert.deepEqual(learn.unseal({ ...place, sealed }), progress);
    for (const changed of [sealed.replace('.1.0.', '.0.1.'), `${sealed}x`, sealed.slice(0, -1), '', 'é'.repeat(60)]) assert.equal(learn.unseal({ ...place, sealed: changed }), undefined);
    assert.equal(learn.unseal({ set, item: 'consumer', sealed }), undefined, 'of another question');
  });

  test('a term that others name is not removed, and the refusal says by whom', async () => {
    const { learn } = await open();
    const choice = choices(1);
    await learn.saveTerm(admin, { id: 'tile', term: { name: 'Tile', definition: 'A square.' } });
    await learn.saveTerm(admin, { id: 'grid', term: { name: 'Grid', definition: 'Tiles.', related: ['tile'] } });
    await learn.saveSet(admin, { id: 'maps', set: { ...maps, items: [{ id: 'what', question: 'What?', choices: choice, read: ['tile'] }] } });
    assert.match((await refusalOf(learn.removeTerm(admin, { id: 'tile' }))).message, /named by the term "grid", the exercise "maps"\./);
    await learn.removeTerm(admin, { id: 'grid' });
    await learn.removeSet(admin, { id: 'maps' });
    await learn.removeTerm(admin, { id: 'tile' });
  });

  test('hidden exercises are there for members alone', async () => {
    const { learn, ada } = await open();
    await learn.saveSet(admin, { id: 'maps', set: { ...maps, published: false } });
    assert.equal((await refusalOf(learn.getSet(ada, 'maps'))).code, 'not_found');
    assert.deepEqual([(await learn.listSets(ada)).length, (await learn.listSets(admin)).length], [2, 3]);
  });

  test('a task is done by a call since the exercise was begun, stays done, and starts anew with a retry', async () => {
    const { deps, learn, log, ada, advance } = await open();
    await learn.saveSet(admin, { id: 'maps', set: maps });
    const productId = (await deps.database.kysely.selectFrom('product').select('id').where('slug', '=', 'atlas').executeTakeFirstOrThrow()).id;
    const call = (status: number): void => void log.unshift({ id: `req_${log.length}`, at: deps.clock.now(), consumerId: ada.consumerId, productId, version: 'v2', operation: 'listCities', status, code: null, mode: 'live', origin: 'own', fields: [] } as unknown as RequestEvent);
    const state = async () => (await learn.followTasks(ada, { set: 'maps' }))[0]!.state;
    call(200);
    advance(1_000);
    assert.deepEqual((await learn.findTasks(ada, { set: 'maps' }))[0]!.state.done, false);
    assert.equal((await state()).done, false, 'that call was before');
    call(401);
    const almost = await state();
    assert.ok(!almost.done && almost.almost?.miss === 'status');
    advance(1_000);
    await learn.answer(ada, { set: 'maps', item: 'what', fingerprint: (await learn.getSet(ada, 'maps')).items[0]!.fingerprint, choice: 1, progress: [] });
    const afterwards = await state();
    assert.ok(!afterwards.done && afterwards.almost === null, 'what was sent before another item was done was not meant for this one');
    call(200);
    assert.equal((await state()).done, true);
    log.splice(0);
    assert.equal((await state()).done, true, 'also when the log has forgotten it');
    advance(1_000);
    await learn.retry(ada, { set: 'maps', item: 'list', progress: [] });
    assert.equal((await state()).done, false);
  });

  test('statistics count first answers and where readers stop, and compare nothing below twenty', async () => {
    const { deps, learn, input, ada, questions } = await open();
    const bob = await addConsumer(deps, 'bob');
    for (let index = 0; index < questions.length; index++) await learn.answer(ada, input(index, index === 1 ? 2 : 0));
    await learn.answer(bob, input(0, 0));
    await learn.answer(bob, input(1, 2));
    const statistics = await learn.getStatistics(admin);
    const own = statistics.sets.find(({ id }) => id === set)!;
    assert.deepEqual([own.started, own.finished], [2, 1]);
    assert.deepEqual(own.items.map(({ answered, firstWrong, stopped }) => [answered, firstWrong, stopped]), [[2, 0, 0], [2, 2, 0], [1, 0, 1], [1, 0, 0], [1, 0, 0]]);
    assert.equal(own.items[1]!.mostTaken?.count, 2);
    assert.deepEqual([statistics.firstCall, statistics.accounts, statistics.least], [null, { finished: 1, others: 1 }, 20]);
    for (let index = 0; index < 20; index++) {
      const actor = await addConsumer(deps, `late${index}`);
      await learn.join(actor, await Promise.all(questions.map((_, question) => learn.answer(undefined, input(question, 0)))));
      await addConsumer(deps, `other${index}`);
    }
    await deps.database.kysely.updateTable('consumer').set({ first_success_at: deps.clock.now() + 60_000 }).where('id', 'like', 'con_late%').execute();
    assert.deepEqual((await learn.getStatistics(admin)).firstCall, { finished: { accounts: 21, succeeded: 20, medianMs: 60_000 }, others: { accounts: 21, succeeded: 0, medianMs: null } });
  });

  test('a document without the operation of a task is not published by hand, and a task whose version is retired is told', async () => {
    const { deps, gateways, letters, learn } = await open();
    const products = createProducts(deps, gateways, letters);
    const version = (await products.get(admin, 'atlas')).versions[0]!.name;
    const set = { ...maps, items: maps.items.map((item) => ('check' in item ? { ...item, check: { ...item.check, version } } : item)) };
    await learn.saveSet(admin, { id: 'maps', set });
    const problem = async (): Promise<string | null | undefined> => (await learn.getStatistics(admin)).sets.find(({ id }) => id === 'maps')!.items[1]!.problem;
    const without = { slug: 'atlas', version, fileName: 'a.yaml', text: atlasDocument.replaceAll('listCities', 'allCities') };
    const refusal = await refusalOf(products.publish(admin, without));
    assert.deepEqual([refusal.code, refusal.errors.map(({ detail }) => detail)], ['input_invalid', [`exercise "maps", task "list": atlas ${version} has no operation "listCities".`]]);
    assert.match(refusal.message, /exercise "Maps"/);
    assert.equal((await products.publish(admin, { ...without, dryRun: true })).problems.length, 1);
    assert.equal(await problem(), null);
    await learn.saveSet(admin, { id: 'maps', set: { ...set, published: false } });
    await products.publish(admin, without);
    await products.publish(admin, { ...without, text: atlasDocument });
    await learn.saveSet(admin, { id: 'maps', set });
    await products.editVersion(admin, { slug: 'atlas', version, status: 'retired' });
    assert.match((await problem())!, new RegExp(`^"atlas" has no version "${version}"`));
  });
});
