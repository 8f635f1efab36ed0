// What a browser loads before a page is live: the entry, the list of routes, and each part of the page with what it imports.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';

interface Part { module: string; imports?: string[]; parentId?: string }

const limit = 150_000;
const assets = fileURLToPath(new URL('../build/client/assets/', import.meta.url));

test('every page loads less than 150 kB of compressed script', () => {
  const list = readdirSync(assets).find((name) => /^manifest-.*\.js$/.test(name));
  assert.ok(list, 'the pages are built');
  const { entry, routes } = JSON.parse(readFileSync(assets + list, 'utf8').replace(/^window\.\w+=/, '').replace(/;\s*$/, '')) as { entry: Part; routes: Record<string, Part> };
  const weights = new Map<string, number>();
  const weigh = (name: string): number => {
    const known = weights.get(name) ?? brotliCompressSync(readFileSync(assets + name)).length;
    weights.set(name, known);
    return known;
  };
  const pages = Object.entries(routes).map(([id, route]) => {
    const scripts = new Set([list, basename(entry.module), ...(entry.imports ?? []).map((file) => basename(file))]);
    for (let part: Part | undefined = route; part; part = part.parentId === undefined ? undefined : routes[part.parentId]) for (const file of [part.module, ...(part.imports ?? [])]) scripts.add(basename(file));
    return { id, octets: [...scripts].reduce((sum, name) => sum + weigh(name), 0) };
  });
  assert.ok(pages.length > 60 && Math.min(...pages.map(({ octets }) => octets)) > 50_000, 'the parts are found');
  assert.deepEqual(pages.filter(({ octets }) => octets >= limit), []);
});
