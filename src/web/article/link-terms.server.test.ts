import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderMarkdown } from '../markdown.server.ts';
import { termLinker } from './link-terms.server.ts';

const terms = [
  { id: 'rate-limit', name: 'Rate limit', also: ['rate limits'], short: 'So <much> in a "second".' },
  { id: 'quota', name: 'Quota', also: [], short: 'So much in a month.' },
  { id: 'ttfc', name: 'Time to first call', also: ['TTFC'], short: 'How long.' },
  { id: 'api-led', name: 'API-led connectivity', also: [], short: 'Layers.' },
];
const met = (...markdown: string[]): string[] => {
  const link = termLinker(terms);
  return markdown.flatMap((text) => [...link(renderMarkdown(text)).matchAll(/popovertarget="term-([a-z-]+)"[^>]*>([^<]*)<\/button>/g)].map(([, id, text_]) => `${id}: ${text_}`));
};

const rows: [string, string[], string[]][] = [
  ['the first use of each, in any case', ['A RATE LIMIT, and a quota.'], ['rate-limit: RATE LIMIT', 'quota: quota']],
  ['only the first use on a page, over all of its texts', ['Rate limits.', 'A rate limit.'], ['rate-limit: Rate limits']],
  ['not inside code', ['`quota` and\n\n```\nquota\n```\n\nquota'], ['quota: quota']],
  ['not inside links and headings', ['# Quota\n\n[quota](/x) **quota**'], ['quota: quota']],
  ['not a part of another word', ['quotas, sub-quota, rate limited'], []],
  ['over a line break', ['a rate\nlimit'], ['rate-limit: rate\nlimit']],
  ['not over punctuation or a tag', ['rate, limit; rate **limit**'], []],
  ['an abbreviation in capitals alone', ['ttfc and TTFC'], ['ttfc: TTFC']],
  ['a name with a hyphen', ['API-led connectivity'], ['api-led: API-led connectivity']],
  ['text that looks like markup', ['<b>quota</b> & "quota"'], ['quota: quota']],
];
for (const [name, texts, expected] of rows) test(`a term is linked: ${name}`, () => assert.deepEqual(met(...texts), expected));

test('what the definition holds stays text', () => {
  const html = termLinker(terms)('<p>rate limit</p>');
  assert.ok(html.includes('title="So &lt;much&gt; in a &quot;second&quot;."') && html.includes('href="/learn/glossary/rate-limit"') && !html.includes('<much>'));
});

test('a thousand terms and a long text take no time that anybody would notice', () => {
  const many = Array.from({ length: 1_000 }, (_, index) => ({ id: `t${index}`, name: `Term number ${index}`, also: [], short: 'S.' }));
  const text = `<p>${'term number is a term of number '.repeat(5_000)}</p>`;
  const before = performance.now();
  assert.equal(termLinker(many)(text), text);
  assert.ok(performance.now() - before < 2_000);
});
