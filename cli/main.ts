/**
 * The `overworld` command: finds the subcommand, and turns whatever comes of it into an exit code. What the
 * subcommands do is in `commands/`, a file each.
 */
import { Command, CommanderError } from 'commander'
import { OverworldError, type ErrorCode } from '../core/index.ts'
import { libraryVersion } from '../transports/index.ts'
import { chatCommand } from './commands/chat.ts'
import { exportCommand } from './commands/export.ts'
import { fuzzCommand } from './commands/fuzz.ts'
import { mutantsCommand } from './commands/mutants.ts'
import { importCommand } from './commands/import.ts'
import { inspectCommand } from './commands/inspect.ts'
import { protoCommand } from './commands/proto.ts'
import { replayCommand } from './commands/replay.ts'
import { runCommand } from './commands/run.ts'
import { scenariosCommand } from './commands/scenarios.ts'
import { serveCommand } from './commands/serve.ts'
import { shrinkCommandDefinition } from './commands/shrink.ts'
import { CommandError, ExitCode } from './exit-codes.ts'
import type { Subcommand } from './subcommand.ts'
import { explainSystemError, isSystemError } from './system-errors.ts'
import { guardTerminal, linesOf, systemTerminal, type Terminal } from './terminal.ts'

const subcommands: readonly Subcommand[] = [
  fuzzCommand,
  runCommand,
  shrinkCommandDefinition,
  scenariosCommand,
  serveCommand,
  chatCommand,
  replayCommand,
  inspectCommand,
  importCommand,
  exportCommand,
  protoCommand,
  mutantsCommand,
]

/** Runs the command; resolves with its exit code once it is done. `argv`: without Node and the script. */
export async function main(argv: readonly string[], unguarded: Terminal = systemTerminal()): Promise<number> {
  const terminal = guardTerminal(unguarded)
  let exitCode: ExitCode = ExitCode.ok
  const program = createProgram(terminal)
  for (const subcommand of subcommands) {
    add(subcommand, program, terminal, (code) => {
      exitCode = code
    })
  }
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return exitCode
  } catch (error) {
    return explain(error, terminal)
  }
}

function createProgram(terminal: Terminal): Command {
  return new Command('overworld')
    .description('A session server for multiplayer games, and the simulator that proves it survives bad networks.')
    .version(libraryVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', '\nEach command has examples in its own help: overworld fuzz --help')
    .showHelpAfterError('(--help shows how it is used)')
    .configureOutput({
      writeOut: (text) => terminal.write(text, 'stdout'),
      writeErr: (text) => terminal.write(text, 'stderr'),
    })
    .exitOverride()
}

function add(subcommand: Subcommand, program: Command, terminal: Terminal, exitWith: (code: ExitCode) => void): void {
  const command = program.command(subcommand.usage).summary(subcommand.summary).description(`${subcommand.summary}.`)
  subcommand.define(command, terminal, exitWith)
  command.addHelpText('after', `\nExamples:\n${formatExamples(subcommand.examples)}`)
}

function formatExamples(examples: Subcommand['examples']): string {
  return examples.map(([commandLine, purpose]) => `  $ ${commandLine}\n      ${purpose}`).join('\n')
}

/** Codes of errors that say that what was typed is wrong; any other has happened on the way. */
const MISUSE: ReadonlySet<ErrorCode> = new Set([
  'bad_address',
  'bad_app',
  'bad_option',
  'bad_program',
  'library_missing',
])

function explain(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage
  if (error instanceof CommandError) {
    for (const [at, line] of error.lines.entries()) terminal.err(at === 0 ? `error: ${line}` : line)
    return error.exitCode
  }
  if (error instanceof OverworldError && error.code !== 'internal') {
    terminal.err(`error: ${error.message} [${error.code}]`)
    return MISUSE.has(error.code) ? ExitCode.usage : ExitCode.failed
  }
  if (isSystemError(error)) return explain(explainSystemError(error), terminal)
  const text = error instanceof Error ? (error.stack ?? error.message) : `error: ${String(error)}`
  for (const line of linesOf(text)) terminal.err(line)
  return ExitCode.failed
}
