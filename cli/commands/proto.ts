/** `overworld proto`: a user's own schema becomes code. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { usageError } from '../exit-codes.ts'
import { generateStaticCode } from '../proto/static-code.ts'
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
      .argument('<file.proto>', 'the schema: a message with one `oneof msg`')
      .option('--out <dir>', 'where to write (default: beside the schema)')
      .addHelpText('after', '\nNeeds the package protobufjs-cli: npm install --save-dev protobufjs-cli')
      .action(async (file: string, options: ProtoOptions) => proto(file, options, terminal))
  },
}

async function proto(file: string, { out = path.dirname(file) }: ProtoOptions, terminal: Terminal): Promise<void> {
  checkSchema(file)
  const name = path.basename(file, '.proto')
  const code = await generate(file, name)
  mkdirSync(out, { recursive: true })
  const target = path.join(out, name)
  writeFileSync(`${target}.js`, code.js)
  writeFileSync(`${target}.d.ts`, code.dts)
  terminal.out(`${target}.js`)
  terminal.out(`${target}.d.ts`)
}

async function generate(file: string, name: string): ReturnType<typeof generateStaticCode> {
  try {
    return await generateStaticCode({
      proto: file,
      root: `${name.replaceAll(/\W/g, '_')}_app`,
      header: `Generated from ${path.basename(file)} by \`overworld proto\`: edit that file, not this one.`,
    })
  } catch (error) {
    const said = (error as { readonly stderr?: unknown }).stderr
    if (typeof said !== 'string') throw error
    // It throws, and Node prints where before it prints what.
    const [, what = said.trim()] = /^\w*Error: (.*)$/m.exec(said) ?? []
    throw usageError(`${file}: ${what}`)
  }
}

function checkSchema(file: string): void {
  if (!file.endsWith('.proto')) throw usageError(`${file}: a schema's name ends in .proto`)
  if (!existsSync(file)) throw usageError(`there is no file ${file}`)
  const text = readFileSync(file, 'utf8')
  const [, name] = /^\s*package\s+([\w.]+)\s*;/m.exec(text) ?? []
  // The types that come out would not compile: a namespace cannot hold a class and an interface of its own name.
  if (name !== undefined && new RegExp(`^\\s*message\\s+${name}\\b`, 'm').test(text)) {
    throw usageError(`${file}: package and message are both named ${name}; rename the package, the bytes stay the same`)
  }
}
