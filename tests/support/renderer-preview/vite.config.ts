// Shows the window in an ordinary browser over a fake host: `npx vite --config tests/support/renderer-preview/vite.config.ts`.
import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

export default defineConfig({
  root: repository,
  appType: 'mpa',
  plugins: [react(), tailwindcss()],
  server: { host: '127.0.0.1', port: 5_179, strictPort: true, watch: null },
  cacheDir: `${repository}/node_modules/.vite-preview`,
});
