/**
 * `npm run generate`: makes static code (no `eval`) and types from the `.proto` files of this project. `npm run generate
 * -- --check` changes nothing and fails where what is there is stale.
 *
 * A user does the same for a schema of their own with `overworld proto`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import process from 'node:process'
import { generateStaticCode } from '../cli/proto/static-code.ts'

interface Schema {
  readonly proto: string
  /** The generated module, without `.js` and `.d.ts`. */
  readonly output: string
  /** The name under which its messages are registered: private to each schema, or two would share one namespace. */
  readonly root: string
}

const schemas: readonly Schema[] = [
  { proto: 'core/generated/overworld.proto', output: 'core/generated/overworld', root: 'overworld_protocol' },
  {
    proto: 'core/recording/recording.proto',
    output: 'core/recording/generated/recording',
    root: 'overworld_recording',
  },
  { proto: 'scenarios/apps/chat.proto', output: 'scenarios/apps/generated/chat', root: 'chat_app' },
  { proto: 'scenarios/apps/arena.proto', output: 'scenarios/apps/generated/arena', root: 'arena_app' },
  { proto: 'scenarios/apps/lab.proto', output: 'scenarios/apps/generated/lab', root: 'lab_app' },
  {
    proto: 'examples/browser-chat/page-chat.proto',
    output: 'examples/browser-chat/generated/page-chat',
    root: 'page_chat',
  },
  { proto: 'examples/coin-race/coin-race.proto', output: 'examples/coin-race/generated/coin-race', root: 'coin_race' },
]

const check = process.argv.includes('--check')
const stale: string[] = []
await Promise.all(schemas.map(writeOrCompare))
if (stale.length > 0) {
  console.error(`stale generated code, run \`npm run generate\`:\n${stale.map((file) => `  ${file}`).join('\n')}`)
  process.exitCode = 1
}

async function writeOrCompare({ proto, output, root }: Schema): Promise<void> {
  const header = `Generated from ${proto} by \`npm run generate\`: edit that file, not this one.`
  const { js, dts } = await generateStaticCode({ proto, root, header })
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
