import { readFileSync } from 'node:fs';
import { reactRouter } from '@react-router/dev/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig, type Plugin } from 'vite';

/** Words stand in one file, so that a translation is one file; a browser gets only the parts of it that its page says: `texts.search` becomes an import of that part alone. */
function wordsOfEachPage(): Plugin {
  const part = /\btexts\.(\w+)/g;
  return {
    name: 'words-of-each-page',
    enforce: 'pre',
    applyToEnvironment: ({ name }) => name === 'client',
    transform(code) {
      const [line, file] = /^import \{ texts \} from '(.*\/texts\.ts)';$/m.exec(code) ?? [];
      if (line === undefined) return undefined;
      const rest = code.replace(line, '');
      const parts = new Set([...rest.matchAll(part)].map(([, name]) => name));
      const imports = [...parts].map((name) => `import { ${name} as texts_${name} } from '${file}?part=${name}';`);
      return { code: `${imports.join('\n')}\n${rest.replaceAll(part, 'texts_$1')}`, map: null };
    },
    load(id) {
      const [, file, name] = /^(.*\/texts\.ts)\?part=(\w+)$/.exec(id) ?? [];
      return file === undefined ? undefined : readFileSync(file, 'utf8').replace(/^export const texts = \{.*\};$/ms, `export { ${name} };`);
    },
  };
}

export default defineConfig({
  plugins: [wordsOfEachPage(), tailwindcss(), reactRouter()],
  // Inlined assets would be data: addresses, which the content security policy forbids.
  // What only pages need is bundled, so that the package does not depend on it.
  ssr: { noExternal: ['lucide-react', 'marked', 'isbot', 'd3-array', 'internmap', 'highlight.js', 'radix-ui', /^@radix-ui\//, /^@floating-ui\//, /^react-remove-scroll/, 'react-style-singleton', 'use-callback-ref', 'use-sidecar', 'aria-hidden', 'get-nonce', 'tslib'] },
  // Older targets would resolve light-dark() at the root, and no part of a page could have the other theme.
  build: { assetsInlineLimit: 0, sourcemap: false, cssTarget: ['chrome123', 'firefox121', 'safari17.5'] },
});
