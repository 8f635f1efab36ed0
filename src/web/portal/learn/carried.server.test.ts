import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Progress } from '../../../domain/learn-progress.ts';
import { carriedMax, carryOn, joinCarried, readCarried } from './carried.server.ts';

const learn = { seal: ({ item, firstAt }: Progress) => `${item}.${firstAt}`, unseal: ({ set, item, sealed }: { set: string; item: string; sealed: string }) => (sealed.startsWith(`${item}.`) ? entry(set, item, Number(sealed.split('.')[1])) : undefined) };
const entry = (set: string, item: string, firstAt: number): Progress => ({ set, item, fingerprint: 'f', tries: 0, choice: 0, right: true, doneAt: firstAt, firstChoice: 0, firstRight: true, firstAt });
const asking = (cookie: string): Request => new Request('http://portal.example/learn', { headers: { cookie } });

test('each answer is a cookie of its own, among those of others', () => {
  const { progress, damaged } = readCarried(asking('theme=dark; learn.a.x=x.5; learn.a.y=edited; session=1; learn.b.x=x.6'), learn);
  assert.deepEqual([progress.map(({ set, item, firstAt }) => [set, item, firstAt]), damaged], [[['a', 'x', 5], ['b', 'x', 6]], ['learn.a.y']]);
});

test('what has changed is set, what is damaged goes, and beyond the maximum the oldest', () => {
  const progress = Array.from({ length: carriedMax }, (_, index) => entry('s', `q${index}`, index + 1));
  const cookies = carryOn(learn, { progress, damaged: ['learn.a.y'] }, [entry('s', 'new', 1_000)]).getSetCookie();
  assert.deepEqual(cookies.map((cookie) => cookie.split(';')[0]), ['learn.s.new=new.1000', 'learn.a.y=', 'learn.s.q0=']);
  assert.ok(cookies.every((cookie) => cookie.endsWith('HttpOnly; SameSite=Lax')));
});

test('the account takes over what the browser carries, and the browser lets go of it', async () => {
  const joined: Progress[][] = [];
  const service = { ...learn, join: async (_: unknown, progress: Progress[]) => void joined.push(progress) } as never;
  const headers = await joinCarried(asking('learn.a.x=x.5; learn.a.y=edited'), service, {} as never);
  assert.deepEqual([joined.map((list) => list.length), headers!.getSetCookie().map((cookie) => cookie.split(';')[0])], [[1], ['learn.a.x=', 'learn.a.y=']]);
  assert.equal(await joinCarried(asking('theme=dark'), service, {} as never), undefined);
});
