import { reactRouter } from '@react-router/dev/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [tailwindcss(), reactRouter()],
  // Inlined assets would be data: addresses, which the content security policy forbids.
  // What only pages need is bundled, so that the package does not depend on it.
  ssr: { noExternal: ['lucide-react', 'marked', 'isbot'] },
  build: { assetsInlineLimit: 0, sourcemap: false },
});
