import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlanConfig } from '../domain/config.ts';
import type { SnapshotProduct } from './snapshot.ts';
import { noPolicies } from '../domain/policies.ts';
import { compileSnapshot, type CompileInput, type CompileProduct, type CompileVersion } from './compile.ts';

const plan: PlanConfig = { slug: 'free', name: 'Free', description: '', default: true, access: 'public', currency: 'usd', interval: null, fee: '0', trialDays: 0, limits: [{ name: 'burst', requests: 5, per: 'second' }], operations: ['listCities'], prices: [] };

test('a published version carries its operations, and drafts stay out', () => {
  const snapshot = compileSnapshot(input({ versions: [version('v1'), version('v2', { status: 'draft' })] }));
  assert.deepEqual(snapshot.products[0]!.versions.map(({ name }) => name), ['v1']);
  assert.equal(snapshot.products[0]!.versions[0]!.operations[0]!.path, '/cities');
});

test('examples are compiled only where test mode answers with them', () => {
  const example = (testUpstream: string | null) => compileSnapshot(input({ testUpstream })).products[0]!.versions[0]!.operations[0]!.example;
  assert.deepEqual(example('examples'), { status: 200, contentType: 'application/json', body: '[]' });
  assert.equal(example('http://127.0.0.1:1'), null);
  assert.equal(example(null), null);
});

test('the default version of a product versioned by header is its newest published one', () => {
  const byHeader = { by: 'header', header: 'Atlas-Version' } as const;
  const defaultOf = (...versions: CompileVersion[]) => compileSnapshot(input({ versions }, { versioning: byHeader })).products[0]!.defaultVersion;
  assert.equal(defaultOf(version('v1'), version('v2'), version('v3', { status: 'draft' })), 'v2');
  assert.equal(defaultOf(version('v1', { status: 'retired' }), version('v2', { status: 'deprecated' })), 'v2');
  assert.equal(defaultOf(version('v1', { status: 'retired' })), null);
  assert.equal(compileSnapshot(input({})).products[0]!.defaultVersion, null);
});

test('a plan carries what the gateway enforces and where to upgrade', () => {
  assert.deepEqual(compileSnapshot(input({})).products[0]!.plans, [
    { revisionId: 'rev_1', slug: 'free', name: 'Free', limits: plan.limits, operations: ['listCities'], upgradeUrl: 'http://portal.example/atlas#plans' },
  ]);
});

test('a version with an upstream of its own carries it', () => {
  const [product] = compileSnapshot(input({ versions: [version('v1', { upstream: 'http://127.0.0.1:4010/v1' }), version('v2', { upstream: null })] })).products;
  assert.deepEqual(product!.versions.map(({ name, upstream }) => [name, upstream]), [['v1', 'http://127.0.0.1:4010/v1'], ['v2', undefined]]);
});

test('what a product says of its upstreams reaches the gateway; what it does not say stays out', () => {
  const said = { furtherUpstreams: ['http://127.0.0.1:4011'], upstreamCa: 'PEM', concurrency: 50, health: { path: '/healthz', everyMs: 10_000 } };
  const pick = ({ furtherUpstreams, upstreamCa, concurrency, health }: SnapshotProduct) => ({ furtherUpstreams, upstreamCa, concurrency, health });
  assert.deepEqual(pick(compileSnapshot(input({}, said)).products[0]!), said);
  assert.deepEqual(pick(compileSnapshot(input({})).products[0]!), { furtherUpstreams: undefined, upstreamCa: undefined, concurrency: 2_000, health: undefined });
});

function version(name: string, more: Partial<CompileVersion> = {}): CompileVersion {
  const operation = { id: 'listCities', method: 'GET', path: '/cities', enumParameters: ['order'], example: { status: 200, contentType: 'application/json', body: '[]' } };
  return { name, status: 'published', deprecatedAt: null, sunsetAt: null, successor: null, operations: [operation], ...more };
}

function input(more: { versions?: CompileVersion[]; testUpstream?: string | null }, config: Partial<CompileProduct['config']> = {}): CompileInput {
  return {
    version: 1, publishedAt: 0, webUrl: 'http://portal.example/', gatewayUrl: 'http://gateway.example', tokenKeys: [], issuerKeys: {}, sampleKeyHash: '00',
    products: [{
      id: 'prd_1',
      config: {
        slug: 'atlas', name: 'Atlas', description: '', layer: null, owner: null, access: 'public', hosts: [], upstream: 'http://127.0.0.1:4010',
        testUpstream: more.testUpstream ?? null, versioning: { by: 'path' }, bodyBytesMax: 1, connectTimeoutMs: 1, headTimeoutMs: 1, meters: [], minimumNoticeDays: null, highlights: [], policies: noPolicies,
        furtherUpstreams: [], upstreamCa: null, concurrency: 2_000, health: null, ...config,
      },
      versions: more.versions ?? [version('v1')],
      plans: [{ revisionId: 'rev_1', config: plan }],
    }],
  };
}
