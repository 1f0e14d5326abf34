/** Boots a program with a recorder. */
import { OverworldError } from '../core/errors.ts'
import type { Network } from '../core/injected.ts'
import { findCommand, type ServerProgram } from '../core/program.ts'
import type { Server } from '../core/server.ts'
import { Recorder, type RecorderOptions } from './recorder.ts'

export interface RecordedServer {
  readonly server: Server
  readonly recorder: Recorder
  /** Runs one of the program's commands, and writes it down. Throws `bad_option` where there is none of this name. */
  command(name: string, ...args: readonly unknown[]): void
}

/** Boots `program`, whose server is given the recorder's shell; it is given `addresses` of the options to listen at. */
export function recordServer(
  program: ServerProgram,
  network: Network,
  options: Omit<RecorderOptions, 'apps'>,
): RecordedServer {
  const recorder = new Recorder({ ...options, apps: program.apps })
  const { clock, random, shell } = recorder
  const { addresses = [] } = options
  const server = recorder.boot(() => program.boot({ clock, random, network, addresses, shell, calls: shell }))
  return {
    server,
    recorder,
    command(name, ...args) {
      const command = findCommand(program, name)
      if (command === undefined) {
        const known = Object.keys(program.commands ?? {}).join(', ')
        throw new OverworldError('bad_option', `the program has no command '${name}'; it has ${known || 'none'}`)
      }
      recorder.command(name, args, () => command(server, ...(args as never[])))
    },
  }
}
