/**
 * Static code and types from a `.proto` file, by protobufjs' own command: no `eval` at run time, numbers instead of
 * `Long`, and only what an app needs. `npm run generate` makes this project's own schemas by the same function.
 *
 * Leaves out what the schema means: `defineApp` says what is wrong with one that is no app.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import type protobuf from 'protobufjs'
import { OverworldError } from '../../core/errors.ts'
import { schemaHashOf } from './schema-hash.ts'
import { envelopesOf, readSchema } from './schema.ts'

export interface ProtoSource {
  readonly proto: string
  /** The name under which its messages are registered: private to each schema, or two would share one namespace. */
  readonly root: string
  /** The first line of what is written, after `// `. */
  readonly header: string
}

export interface StaticCode {
  readonly js: string
  readonly dts: string
}

const FORM = ['-t', 'static-module', '-w', 'esm', '--dts', '--keep-case', '--force-number']
const LEFT_OUT = ['--no-verify', '--no-convert', '--no-delimited', '--no-typeurl', '--no-service']

/**
 * Throws `library_missing` where protobufjs-cli is not installed, and what pbjs has to say about the file.
 * The types are written from the comments that the code has no need of: hence two runs.
 */
export async function generateStaticCode({ proto, root, header }: ProtoSource): Promise<StaticCode> {
  const folder = mkdtempSync(path.join(tmpdir(), 'overworld-proto-'))
  try {
    const pbjs = findPbjs()
    const flags = [...FORM, ...LEFT_OUT, '--root', root]
    await Promise.all([
      runPbjs(pbjs, [...flags, '--no-comments', '-o', path.join(folder, 'code.js'), proto]),
      runPbjs(pbjs, [...flags, '-o', path.join(folder, 'types.js'), proto]),
    ])
    const code = readFileSync(path.join(folder, 'code.js'), 'utf8')
    const types = readFileSync(path.join(folder, 'types.d.ts'), 'utf8')
    return {
      js: `// ${header}\n${withHashes(code, readSchema(proto))}`,
      dts: `// ${header}\n${withoutLong(withoutVerify(types))}`,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The user's own protobufjs-cli, or one that is installed beside this package. */
function findPbjs(): string {
  for (const from of [path.join(process.cwd(), 'package.json'), import.meta.url]) {
    try {
      return createRequire(from).resolve('protobufjs-cli/bin/pbjs')
    } catch {
      // Then the next place, or the error below.
    }
  }
  throw new OverworldError(
    'library_missing',
    'protobufjs-cli is needed for this: npm install --save-dev protobufjs-cli',
  )
}

async function runPbjs(pbjs: string, options: readonly string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [pbjs, ...options])
}

/** What `app.schemaHash` is read from. */
function withHashes(code: string, schema: protobuf.Root): string {
  const lines = envelopesOf(schema).map(
    (envelope) => `$root${envelope.fullName}.$schemaHash = "${schemaHashOf(envelope)}";\n`,
  )
  return code.replace(/^(?=export \{\n)/m, `${lines.join('')}\n`)
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
