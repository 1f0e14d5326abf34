/** What a file in `commands/` exports: one subcommand. Adding one is a new file there and a line in `main.ts`. */
import type { Command } from 'commander'
import type { ExitCode } from './exit-codes.ts'
import type { Terminal } from './terminal.ts'

export interface Subcommand {
  /** The name and the arguments, as in the usage line. */
  readonly usage: string
  readonly summary: string
  /** Shown at the end of its help: command lines and what each is for. */
  readonly examples: readonly (readonly [commandLine: string, purpose: string])[]
  /** Adds arguments, options and the action, which calls `exitWith` where it is not `ExitCode.ok`. */
  define(command: Command, terminal: Terminal, exitWith: (code: ExitCode) => void): void
}
