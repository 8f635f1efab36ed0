import assert from 'node:assert/strict';
import { test } from 'node:test';
import { footerLinks } from './footer-links.ts';

const pages = [{ slug: 'about', title: 'About us' }, { slug: 'terms', title: 'Terms' }];
const rows: [string, string, string[]][] = [
  ['the page itself', '/pages/about', ['About', 'Terms']],
  ['the page with a slash at the end', '/pages/about/', ['About', 'Terms']],
  ['a place on the page', '/pages/about#team', ['About', 'Terms']],
  ['a page whose name only begins so', '/pages/about-prices', ['About', 'About us', 'Terms']],
  ['the same path elsewhere', 'https://example.com/pages/about', ['About', 'About us', 'Terms']],
];

for (const [name, url, labels] of rows) {
  test(`a page that the footer links stands there once, under the footer's label: ${name}`, () => {
    assert.deepEqual(footerLinks([{ label: 'About', url }], pages).map(({ label }) => label), labels);
  });
}
