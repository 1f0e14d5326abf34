/**
 * `npm run generate`: makes static code (no `eval`) and types from the `.proto` files of this project. `npm run generate
 * -- --check` changes nothing and fails where what is there is stale.
 *
 * A user does the same for a schema of their own with `overworld proto`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { readSchema } from '../cli/proto/schema.ts'
import { generateStaticCode } from '../cli/proto/static-code.ts'

interface Schema {
  readonly proto: string
  /** The generated module, without `.js` and `.d.ts`. */
  readonly output: string
}

const schemas: readonly Schema[] = [
  { proto: 'core/generated/overworld.proto', output: 'core/generated/overworld' },
  {
    proto: 'recording/recording.proto',
    output: 'recording/generated/recording',
  },
  { proto: 'scenarios/apps/chat.proto', output: 'scenarios/apps/generated/chat' },
  { proto: 'scenarios/apps/arena.proto', output: 'scenarios/apps/generated/arena' },
  { proto: 'scenarios/apps/lab.proto', output: 'scenarios/apps/generated/lab' },
  { proto: 'scenarios/apps/lab-older.proto', output: 'scenarios/apps/generated/lab-older' },
  { proto: 'scenarios/apps/lab-newer.proto', output: 'scenarios/apps/generated/lab-newer' },
  {
    proto: 'examples/browser-chat/page-chat.proto',
    output: 'examples/browser-chat/generated/page-chat',
  },
  { proto: 'examples/coin-race/coin-race.proto', output: 'examples/coin-race/generated/coin-race' },
  { proto: 'examples/lobby-and-tables/lobby.proto', output: 'examples/lobby-and-tables/generated/lobby' },
  { proto: 'examples/lobby-and-tables/table.proto', output: 'examples/lobby-and-tables/generated/table' },
]

const check = process.argv.includes('--check')
const stale: string[] = []
for (const schema of schemas) writeOrCompare(schema)
if (stale.length > 0) {
  console.error(`stale generated code, run \`npm run generate\`:\n${stale.map((file) => `  ${file}`).join('\n')}`)
  process.exitCode = 1
}

function writeOrCompare({ proto, output }: Schema): void {
  const header = `Generated from ${proto} by \`npm run generate\`: edit that file, not this one.`
  const { js, dts } = generateStaticCode(readSchema(proto).root, header)
  for (const [file, text] of [
    [`${output}.js`, js],
    [`${output}.d.ts`, dts],
  ] as const) {
    if (readOrEmpty(file) === text) continue
    if (check) stale.push(file)
    else writeFileSync(file, text)
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
