// @ts-check
/**
 * `node tools/run.js <file.ts> [arguments]`: runs a TypeScript file of this checkout (a tool, an example, a benchmark)
 * on every supported Node version. The file sees `process.argv` as if Node had run it.
 */
import process from 'node:process'
import { importSource } from './sources.js'

const [file, ...rest] = process.argv.slice(2)
if (file === undefined) {
  console.error('usage: node tools/run.js <file.ts> [arguments]')
  process.exit(2)
}
process.argv = [process.argv[0] ?? 'node', file, ...rest]
await importSource(file)
