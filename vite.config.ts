import { reactRouter } from '@react-router/dev/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [tailwindcss(), reactRouter()],
  // Inlined assets would be data: addresses, which the content security policy forbids.
  // What only pages need is bundled, so that the package does not depend on it.
  ssr: { noExternal: ['lucide-react', 'marked', 'isbot', 'd3-array', 'internmap', 'highlight.js', 'radix-ui', /^@radix-ui\//, /^@floating-ui\//, /^react-remove-scroll/, 'react-style-singleton', 'use-callback-ref', 'use-sidecar', 'aria-hidden', 'get-nonce', 'tslib'] },
  // Older targets would resolve light-dark() at the root, and no part of a page could have the other theme.
  build: { assetsInlineLimit: 0, sourcemap: false, cssTarget: ['chrome123', 'firefox121', 'safari17.5'] },
});
