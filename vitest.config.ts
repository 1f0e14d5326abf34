/** Tests run the sources: `overworld` and its subpaths are the entry points in this folder, never a build. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { entryPoints } from './tools/entry-points.js'

export default defineConfig({
  resolve: {
    alias: Object.entries(entryPoints).map(([specifier, file]) => ({
      find: new RegExp(`^${specifier}$`),
      replacement: fileURLToPath(new URL(file, import.meta.url)),
    })),
  },
  test: {
    include: ['test/**/*.test.ts'],
    // Extracted from the documents, and run by doc-snippets.test.ts.
    exclude: ['**/.snippets/**'],
    // Enough for a machine that is busy with other things as well.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // The package and CLI tests start processes of their own; two workers keep a small machine responsive.
    maxWorkers: 2,
  },
})
