/**
 * How a server is made, in a way that can be repeated: by whoever runs it in production, and by whoever replays what
 * was recorded there.
 */
import type { AnyApp } from '../app/app.ts'
import { OverworldError } from '../errors.ts'
import type { Clock, Network, Random } from '../injected.ts'
import type { CallWitness } from '../outside-calls.ts'
import type { Server } from '../server.ts'
import { Recorder, type RecorderOptions } from './recorder.ts'

export interface ProgramParts {
  readonly clock: Clock
  readonly random: Random
  readonly network: Network
  /** For `createServer`. */
  readonly calls: CallWitness | undefined
}

export interface ServerProgram {
  readonly apps: readonly AnyApp[]
  /**
   * Creates the server with these parts, starts its zones, and listens. It uses no other clock, randomness or network,
   * and depends on nothing that may be different next time.
   */
  boot(parts: ProgramParts): Server
  /** What `recorder.command` runs, by name. */
  readonly commands?: { readonly [name: string]: ServerCommand }
}

/** Gets what it was called with, which is plain data. */
export type ServerCommand = (server: Server, ...args: never[]) => void

export interface RecordedServer {
  readonly server: Server
  readonly recorder: Recorder
  /** Runs one of the program's commands, and writes it down. Throws `bad_option` where there is none of this name. */
  command(name: string, ...args: readonly unknown[]): void
}

/** Boots `program` with a recorder in between. */
export function recordServer(
  program: ServerProgram,
  network: Network,
  options: Omit<RecorderOptions, 'apps'>,
): RecordedServer {
  const recorder = new Recorder({ ...options, apps: program.apps })
  const { clock, random, calls } = recorder
  const server = recorder.boot(() => program.boot({ clock, random, calls, network: recorder.network(network) }))
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

/** Undefined: the program has none of this name. */
export function findCommand({ commands = {} }: ServerProgram, name: string): ServerCommand | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined
}
