/**
 * `npm run generate`: makes static code (no `eval`) and types from the `.proto` files. `npm run generate -- --check`
 * changes nothing and fails where what is there is stale.
 *
 * A user does the same for a schema of their own with one `pbjs` command (docs/your-first-app.md); what is added here
 * only makes the published files smaller.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'

interface Schema {
  readonly proto: string
  /** The generated module, without `.js` and `.d.ts`. */
  readonly output: string
  /** The name under which its messages are registered: private to each schema, or two would share one namespace. */
  readonly root: string
}

const schemas: readonly Schema[] = [
  { proto: 'core/generated/overworld.proto', output: 'core/generated/overworld', root: 'overworld_protocol' },
  { proto: 'scenarios/apps/chat.proto', output: 'scenarios/apps/generated/chat', root: 'chat_app' },
  { proto: 'scenarios/apps/arena.proto', output: 'scenarios/apps/generated/arena', root: 'arena_app' },
]

const sharedFlags = ['-t', 'static-module', '-w', 'esm', '--dts', '--keep-case', '--force-number']
const smallFlags = ['--no-verify', '--no-convert', '--no-delimited', '--no-typeurl', '--no-service']

const check = process.argv.includes('--check')
const stale: string[] = []
await Promise.all(schemas.map(writeOrCompare))
if (stale.length > 0) {
  console.error(`stale generated code, run \`npm run generate\`:\n${stale.map((file) => `  ${file}`).join('\n')}`)
  process.exitCode = 1
}

async function writeOrCompare(schema: Schema): Promise<void> {
  for (const [extension, text] of Object.entries(await generate(schema))) {
    const file = `${schema.output}${extension}`
    if (readOrEmpty(file) === text) continue
    if (check) stale.push(file)
    else writeFileSync(file, text)
  }
}

/** The types are written from the comments that the code has no need of: hence two runs. */
async function generate({ proto, root }: Schema): Promise<Record<'.js' | '.d.ts', string>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'overworld-generate-'))
  try {
    const flags = [...sharedFlags, ...smallFlags, '--root', root]
    await Promise.all([
      pbjs([...flags, '--no-comments', '-o', path.join(folder, 'code.js'), proto]),
      pbjs([...flags, '-o', path.join(folder, 'types.js'), proto]),
    ])
    const code = readFileSync(path.join(folder, 'code.js'), 'utf8')
    const types = readFileSync(path.join(folder, 'types.d.ts'), 'utf8')
    return { '.js': header(proto) + code, '.d.ts': header(proto) + withoutLong(withoutVerify(types)) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function pbjs(options: readonly string[]): Promise<void> {
  const command = createRequire(import.meta.url).resolve('protobufjs-cli/bin/pbjs')
  await promisify(execFile)(process.execPath, [command, ...options])
}

function header(proto: string): string {
  return `// Generated from ${proto} by \`npm run generate\`: edit that file, not this one.\n`
}

/** `--force-number` leaves an import of `long` that nothing uses; a user's project need not have its types. */
function withoutLong(types: string): string {
  const text = types.replace('import Long = require("long");\n', '')
  if (/\bLong\b/.test(text)) throw new Error('the generated types name Long, which --force-number should prevent')
  return text
}

/** `--no-verify` leaves links to the functions that it leaves out. */
function withoutVerify(types: string): string {
  return types.replaceAll(/ Does not implicitly \{@link [^}]*verify\} messages\./g, '')
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
