import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { commands } from '../src/cli/program.ts';
import { settings } from '../src/config.ts';
import { parseConfig } from '../src/control/configuration/parse-config.ts';
import { errorCatalogue } from '../src/errors.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

test('every setting is documented with its flag and default', () => {
  const page = read('docs/guide/settings.md');
  for (const { variable, flag, default: value } of Object.values(settings)) {
    const row = page.split('\n').find((line) => line.includes(`\`${variable}\``));
    assert.ok(row, `docs/guide/settings.md lacks ${variable}`);
    assert.ok(row.includes(`\`${flag}\``), `the row of ${variable} lacks ${flag}`);
    if (value !== '') assert.ok(row.includes(value), `the row of ${variable} lacks its default ${value}`);
  }
});

test('every command stands in its guide with each of its flags', () => {
  const page = read('docs/guide/commands.md');
  for (const [group, definitions] of Object.entries(commands)) {
    for (const { name, options = [] } of definitions) {
      const words = ['portico', group, name].filter((word) => word !== '').join(' ');
      const section = page.split(/^##+ /m).find((part) => part.startsWith(`${words}\n`));
      assert.ok(section, `docs/guide/commands.md lacks a section ${words}`);
      for (const { flags } of options) assert.ok(section.includes(`  ${flags}`), `the section ${words} lacks ${flags}`);
    }
  }
});

test('every field of portico.yaml is documented, and the example of its guide is valid', () => {
  const page = read('docs/guide/configuration.md');
  for (const field of fieldsOf(JSON.parse(read('src/control/configuration/portico.schema.json')))) assert.ok(page.includes(`\`${field}\``), `docs/guide/configuration.md lacks ${field}`);
  const [, example] = /```yaml\n([\s\S]*?)```/.exec(page)!;
  assert.equal(parseConfig('portico.yaml', example!).config.products[0]!.plans.length, 3);
});

function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties } = schema as { properties?: object };
  return [...Object.keys(properties ?? {}), ...Object.values(schema).flatMap(fieldsOf)];
}

test('every error code is documented with its status', () => {
  const page = read('docs/guide/errors.md');
  for (const [code, { status }] of Object.entries(errorCatalogue)) assert.match(page, new RegExp(`\`${code}\`[^\n]*\\b${status}\\b`), `docs/guide/errors.md lacks ${code}`);
});

test('every link between the documents leads somewhere', () => {
  const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n').filter((page) => existsSync(join(root, page)));
  for (const page of pages) {
    for (const [, target] of read(page).matchAll(/\]\((?!https?:|mailto:|#|\/)([^)#\s]+)/g)) {
      assert.ok(existsSync(join(root, page, '..', target!)), `${page} links to ${target}, which does not exist`);
    }
  }
});

test('the lockfile records no addresses', () => {
  assert.equal(read('package-lock.json').includes('"resolved"'), false);
});
