import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { newKey } from '../../domain/key.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { auditJson } from './audit-json.ts';
import { auditRetentionMs, recordAudit } from './record-audit.ts';

const change = { action: 'renamed', noun: 'consumer', subject: 'con_1', name: 'Acme', before: { name: 'Acme' }, after: { name: 'Acme & Co' } };

forEachEngine('audit trail', ({ open }) => {
  test('an entry says who, what, before and after', async () => {
    const { kysely } = await open();
    await recordAudit(kysely, { clock: { now: () => 5, monotonicNs: () => 0n }, random: randomBytes }, { kind: 'member', email: 'ada@example.com' }, change);
    const [row] = await kysely.selectFrom('audit_entry').selectAll().execute();
    const { id, ...rest } = row!;
    assert.match(id, /^aud_/);
    assert.deepEqual({ ...rest, at: Number(rest.at) }, { at: 5, actor: 'ada@example.com', actor_kind: 'member', action: 'renamed', noun: 'consumer', subject: 'con_1', name: 'Acme', before: '{"name":"Acme"}', after: '{"name":"Acme & Co"}' });
  });

  test('an entry goes when its retention is over, and not a moment sooner', async () => {
    const { kysely } = await open();
    const recordAt = (ms: number) => recordAudit(kysely, { clock: { now: () => ms, monotonicNs: () => 0n }, random: randomBytes }, { kind: 'system' }, change);
    for (const ms of [1_000, 2_000, 2_000 + auditRetentionMs]) await recordAt(ms);
    assert.deepEqual((await kysely.selectFrom('audit_entry').select('at').orderBy('id').execute()).map((row) => Number(row.at)), [2_000, 2_000 + auditRetentionMs]);
  });
});

const wholeKey = newKey('atlas', 'live', randomBytes);
const hidden: [string, Record<string, unknown>, string][] = [
  ['a whole key', { note: `use ${wholeKey} now` }, '{"note":"use atlas_live_... now"}'],
  ['a password', { password: 'correct horse', name: 'Ada' }, '{"password":"(hidden)","name":"Ada"}'],
  ['the hash of a key, however deep', { keys: [{ hash: 'abc', masked: 'atlas_live_...9f3c' }] }, '{"keys":[{"hash":"(hidden)","masked":"atlas_live_...9f3c"}]}'],
  ['who signs in at the upstream', { upstream: 'https://ada:secret@api.example/v1' }, '{"upstream":"https://...@api.example/v1"}'],
  ['a document', { text: 'x'.repeat(3_000) }, '{"text":"3000 characters, sha256 e1630f843370f402870799e14abbf2b06af2d23b0153658e1211dffabc61ad8f"}'],
];
for (const [what, fields, json] of hidden) test(`an entry does not hold ${what}`, () => assert.equal(auditJson(fields), json));
