/** The public entry points stand in three lists; they may not drift apart. */
import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { entryPoints } from '../../tools/entry-points.js'

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, string | { types: string; default: string }>
}

test('package.json exports the build of every entry point, with its types', () => {
  const expected: Record<string, unknown> = { './package.json': './package.json' }
  for (const [specifier, source] of Object.entries(entryPoints)) {
    const built = source.replace('./', './dist/').replace(/\.ts$/, '')
    expected[specifier.replace('overworld', '.')] = { types: `${built}.d.ts`, default: `${built}.js` }
  }
  expect(manifest.exports).toEqual(expected)
})

test('tsconfig.json maps every entry point to its source', () => {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile) as {
    config: { compilerOptions: { paths: Record<string, string[]> } }
  }
  const expected = Object.entries(entryPoints).map(([specifier, source]) => [specifier, [source]])
  expect(config.compilerOptions.paths).toEqual(Object.fromEntries(expected))
})
