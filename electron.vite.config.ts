// Three builds into out/: the Node entries (ES modules), the sandboxed preload (one CommonJS file), the window.
import { chmodSync, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

const entries = ['main', 'daemon', 'cli', 'mcp', 'backend', 'watchdog'];
const input = Object.fromEntries(
  entries
    .map((name) => [name, `electron/${name}.ts`])
    .filter(([, file]) => existsSync(resolve(String(file)))),
);

/** Electron 33 cannot `require` an ES module, which e2b's CommonJS build does; its package names no other by itself. */
function importEsmBuild(dependency: string, file: string): Plugin {
  return {
    name: 'import-esm-build',
    enforce: 'pre',
    resolveId: (id) => (id === dependency ? { id: `${dependency}/${file}`, external: true } : null),
  };
}

/** The command line is started by its own path, so it needs a shebang and the executable bit. */
function executable(entry: string): Plugin {
  const shebang = '#!/usr/bin/env node\n';
  return {
    name: 'executable-entry',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type === 'chunk' && chunk.isEntry && chunk.name === entry && !chunk.code.startsWith('#!')) {
          chunk.code = shebang + chunk.code;
        }
      }
    },
    writeBundle(options, bundle) {
      const file = `${entry}.js`;
      if (file in bundle && options.dir !== undefined) chmodSync(resolve(options.dir, file), 0o755);
    },
  };
}

export default defineConfig({
  main: {
    plugins: [importEsmBuild('e2b', 'dist/index.mjs'), executable('cli')],
    build: {
      outDir: 'out',
      // The same files run under Electron 33, current Electron and Node 20.
      target: 'node20.18',
      emptyOutDir: true,
      sourcemap: true,
      // What every start reads comes in few files: resolving hundreds of small ones holds up the first numbers.
      externalizeDeps: {
        exclude: ['zod', 'p-queue', 'pino', 'vscode-jsonrpc', 'commander', 'picocolors', 'cli-table3'],
      },
      rolldownOptions: {
        input,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out',
      target: 'node20.18',
      emptyOutDir: false,
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: 'electron/preload.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [react(), tailwindcss()],
    build: {
      outDir: 'out/renderer',
      target: 'chrome130',
      minify: true,
      // The page is read from disk.
      chunkSizeWarningLimit: 1_000,
      rolldownOptions: { input: resolve('renderer/index.html') },
    },
  },
});
