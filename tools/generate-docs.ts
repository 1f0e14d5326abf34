/**
 * `node tools/run.js tools/generate-docs.ts`: brings the parts of `docs/` that are made from the sources up to date.
 * With `--check` it changes nothing, and fails where a document is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { DOCUMENTS, withGeneratedParts } from './doc-sections.ts'

const check = process.argv.includes('--check')
for (const file of DOCUMENTS) {
  const text = readFileSync(file, 'utf8')
  const wanted = await withGeneratedParts(file, text)
  if (text === wanted) continue
  if (check) {
    console.error(`${file} is stale: run \`node tools/run.js tools/generate-docs.ts\``)
    process.exitCode = 1
  } else {
    writeFileSync(file, wanted)
    console.log(`written: ${file}`)
  }
}
