import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAppError } from '../../errors.ts';
import { forEachEngine } from '../../store/testkit.ts';
import { createConfiguration } from '../configuration/configuration.ts';
import type { ConfigBundle } from '../services.ts';
import { admin, openControl } from '../testkit.ts';

const openapi = JSON.stringify({ openapi: '3.1.0', info: { title: 'A', version: '1' }, paths: { '/things': { get: { operationId: 'listThings', responses: { 200: { description: 'Things' } } } } } });
const text = `portal:
  pages: [{ slug: terms, title: Terms, file: terms.md }]
products:
  - slug: atlas
    upstream: http://127.0.0.1:1
    guides: ./guides
    versions: [{ name: v1, openapi: a.json }]
`;
const bundleOf = (guide: string): ConfigBundle => ({ file: 'portico.yaml', text, files: [{ path: 'a.json', text: openapi }, { path: 'terms.md', text: 'Be kind.\n' }, { path: 'guides/01-first.md', text: guide }, { path: 'guides/02-paging.md', text: '# Paging\n' }] });

const refused: [string, string, number, RegExp][] = [
  ['tabs that never end', '# A\n\n:::tabs\n== one\nText\n', 3, /never end/],
  ['tabs that only the next tabs end', '# A\n\n:::tabs\n== one\n\n:::tabs\n== two\n:::\n', 3, /never end/],
  ['tabs without a tab', '# A\n\n:::tabs\nText\n:::\n', 3, /hold no tab/],
  ['a callout with a typing error', '# A\n\n> [!TPI]\n> Text\n', 3, /no callout \[!TPI\]\. Write one of \[!NOTE\], \[!TIP\]/],
  ['a callout that is none', '# A\n\n> [!XYZZYX]\n> Text\n', 3, /no callout/],
  ['a callout in small letters', '# A\n\n> [!note]\n> Text\n', 3, /no callout/],
  ['a callout whose text begins too early', '# A\n\n> [!NOTE] Text\n', 3, /on the line after/],
  ['a wrong callout in tabs', '# A\n\n:::tabs\n== one\n> [!TPI]\n> Text\n:::\n', 5, /no callout/],
  ['a guide that does not exist', '# A\n\nSee [it](/atlas/guides/pagin).\n', 3, /no such guide\. Did you mean \/atlas\/guides\/paging\?/],
  ['a guide of another product', '# A\n\nSee [it](/plan/guides/paging#top).\n', 3, /no such guide/],
  ['a page that does not exist', '# A\n\nSee [it](/pages/privacy).\n', 3, /no such page/],
  ['a link to the file of a guide', '# A\n\nSee [it](02-paging.md).\n', 3, /write the address of the guide/],
];
const taken = `# A

:::tabs
== one
Text
== two
> [!TIP]
> Text
:::

> [!NOTE]
> Text
> [!TPI] in the middle of it

> [!WARNING]

[itself](/atlas/guides/first), [paging](/atlas/guides/paging?x#y), [its twin](/atlas/guides/paging.md), [terms](/pages/terms/), [elsewhere](https://example.com/atlas/guides/none), [readme](https://example.com/README.md), [part](#part)

\`[code](/atlas/guides/none)\`

\`\`\`\`markdown
:::tabs
> [!TPI]
[x](/atlas/guides/none)
\`\`\`\`
`;

forEachEngine('marks of articles', (stores) => {
  test('what would be shown as text or lead nowhere is refused with its place, and all else is taken', async () => {
    const { deps, gateways } = await openControl(await stores.open());
    const configuration = createConfiguration(deps, gateways);
    const apply = (guide: string) => configuration.apply(admin, { bundle: bundleOf(guide), dryRun: true, prune: false });
    for (const [name, guide, line, detail] of refused) {
      await assert.rejects(apply(guide), (error: unknown) => {
        if (!isAppError(error)) throw error;
        assert.deepEqual(error.errors.map((place) => [place.file, place.line]), [['guides/01-first.md', line]], name);
        assert.match(error.errors[0]!.detail, detail, name);
        return true;
      }, name);
    }
    await apply(taken);
  });
});
