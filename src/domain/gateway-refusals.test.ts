import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusalsOf, type RefusalFacts } from './gateway-refusals.ts';

const facts: RefusalFacts = { operation: 'getCity', hasBody: false, policies: [], status: 'published', plans: [{ limits: [], operations: null }] };
const burst = { name: 'burst', requests: 5, per: 'second' as const };

const rows: [string, Partial<RefusalFacts>, string, boolean][] = [
  ['a plan that opens everything forbids nothing', {}, 'plan_forbids', false],
  ['a plan with other operations forbids this one', { plans: [{ limits: [], operations: ['listCities'] }] }, 'plan_forbids', true],
  ['a plan that names it does not', { plans: [{ limits: [], operations: ['getCity'] }] }, 'plan_forbids', false],
  ['without a rate nobody is too fast', {}, 'rate_limited', false],
  ['with one, some are', { plans: [{ limits: [burst], operations: null }] }, 'rate_limited', true],
  ['an account with an unproven address has a quota on every plan', {}, 'quota_exhausted', true],
  ['without a body none is too large', {}, 'body_too_large', false],
  ['with one it may be', { hasBody: true }, 'body_too_large', true],
  ['where only keys are taken no token is wrong', {}, 'token_invalid', false],
  ['where tokens are, one may be', { policies: ['tokens'] }, 'token_invalid', true],
  ['what is not checked differs from no contract', {}, 'request_invalid', false],
  ['what is checked may', { policies: ['validate'] }, 'request_invalid', true],
  ['a producer\'s own policy may refuse', { policies: ['own'] }, 'policy_refused', true],
  ['a certificate may be missing where one is wanted', { policies: ['clientCertificate'] }, 'certificate_forbids', true],
  ['a retired version refuses before it looks at the key', { status: 'retired' }, 'key_missing', false],
  ['and says so', { status: 'retired' }, 'version_retired', true],
];
for (const [name, changed, code, expected] of rows) test(name, () => assert.equal((refusalsOf({ ...facts, ...changed }) as string[]).includes(code), expected));
