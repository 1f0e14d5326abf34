/** A way to create a server that can be repeated: in production, in a simulated world, and when a recording is replayed. */
import type { AnyApp } from './app/app.ts'
import type { Clock, Network, Random } from './injected.ts'
import type { Server } from './server.ts'
import type { Shell } from './turns/shell.ts'

export interface ProgramParts {
  readonly clock: Clock
  readonly random: Random
  readonly network: Network
  /**
   * The addresses to listen at: `for (const address of addresses) server.listen(network, address)`. They are those of the
   * flags of `overworld serve`, of the simulated server, or of the recording that is replayed. Empty: whoever runs the
   * program gives none, so that the program needs addresses of its own.
   */
  readonly addresses: readonly string[]
  /**
   * For `createServer`, so that what the program does besides is seen as well, and so that `createServer` knows the
   * defaults of whoever runs the program (`Shell.defaults`). Undefined: nobody watches.
   */
  readonly shell?: Shell | undefined
  /** @deprecated Use `shell`: it is the same object. */
  readonly calls?: Shell | undefined
}

export interface ServerProgram {
  readonly apps: readonly AnyApp[]
  /**
   * Creates the server with these parts, starts its zones, and listens. It uses no other clock, randomness or network,
   * and depends on nothing that may be different next time.
   */
  boot(parts: ProgramParts): Server
  /** The commands that `recorder.command` runs, by name. */
  readonly commands?: { readonly [name: string]: ServerCommand }
}

/** Gets the arguments that it was called with, which are plain data. */
export type ServerCommand = (server: Server, ...args: never[]) => void

/** Undefined: the program has no command of this name. */
export function findCommand({ commands = {} }: ServerProgram, name: string): ServerCommand | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined
}

/** The same program with another `boot`. */
export function withBoot({ apps, commands }: ServerProgram, boot: ServerProgram['boot']): ServerProgram {
  return { apps, ...(commands !== undefined && { commands }), boot }
}
