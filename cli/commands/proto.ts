/** `overworld proto`: a user's own schema becomes code. */
import path from 'node:path'
import { usageError } from '../exit-codes.ts'
import { statNamed, writeWhole } from '../kept-file.ts'
import { mistakesOfApp, warningsOf } from '../proto/check-schema.ts'
import type { ReadSchema } from '../proto/schema-types.ts'
import { readSchema, SchemaError } from '../proto/schema.ts'
import { generateStaticCode, type StaticCode } from '../proto/static-code.ts'
import type { Subcommand } from '../subcommand.ts'
import type { Terminal } from '../terminal.ts'

interface ProtoOptions {
  readonly out?: string
}

export const protoCommand: Subcommand = {
  usage: 'proto',
  summary: "Turn an app's .proto file into static code (.js) and types (.d.ts)",
  examples: [
    ['overworld proto lobby.proto', 'writes lobby.js and lobby.d.ts beside it'],
    ['overworld proto schemas/lobby.proto --out src/generated', 'writes them there'],
  ],
  define(command, terminal) {
    command
      .argument('<file.proto>', 'the schema: a message with a `oneof msg`, which has `join` and `part`')
      .option('--out <dir>', 'where to write (default: beside the schema)')
      .action((file: string, options: ProtoOptions) => proto(file, options, terminal))
  },
}

function proto(file: string, { out = path.dirname(file) }: ProtoOptions, terminal: Terminal): void {
  if (!file.endsWith('.proto')) throw usageError(`${file}: a schema's name ends in .proto`)
  statNamed(file)
  const name = path.basename(file, '.proto')
  const code = generate(file, terminal)
  const target = path.join(out, name)
  writeWhole(`${target}.js`, code.js)
  writeWhole(`${target}.d.ts`, code.dts)
  terminal.out(`${target}.js`)
  terminal.out(`${target}.d.ts`)
}

function generate(file: string, terminal: Terminal): StaticCode {
  const schema = read(file)
  const [mistake] = mistakesOfApp(schema)
  if (mistake !== undefined) throw usageError(mistake)
  for (const warning of warningsOf(schema)) terminal.err(warning)
  const header = `Generated from ${path.basename(file)} by \`overworld proto\`: edit that file, not this one.`
  return generateStaticCode(schema.root, header)
}

function read(file: string): ReadSchema {
  try {
    return readSchema(file)
  } catch (error) {
    if (error instanceof SchemaError) throw usageError(error.message)
    throw error
  }
}
