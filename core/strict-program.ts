/**
 * The contract between a server program and whoever runs it, checked: the program listens at the addresses of its parts and
 * at no others, and returns the server that it has created with their shell. `overworld serve PROGRAM` runs programs so.
 * Programs that have addresses of their own are run without this check.
 */
import { OverworldError } from './errors.ts'
import type { Network } from './injected.ts'
import { withBoot, type ProgramParts, type ServerProgram } from './program.ts'
import type { Server } from './server.ts'
import { isThenable } from './synchronous.ts'

/** The same program, whose `boot` throws `bad_program` where it breaks the contract. A `listen` later throws the same. */
export function strictProgram(program: ServerProgram): ServerProgram {
  return withBoot(program, (parts) => bootStrictly(program, parts))
}

function bootStrictly(program: ServerProgram, parts: ProgramParts): Server {
  const { addresses, network, shell } = parts
  let listeners = 0
  const restricted: Network = {
    listen(address, accept, events) {
      if (!addresses.includes(address)) throw elsewhere(address, addresses)
      listeners++
      return network.listen(address, accept, events)
    },
    connect: (address, handler) => network.connect(address, handler),
  }
  const server = checkServer(program.boot({ ...parts, network: restricted }))
  if (shell?.isBound === false) {
    throw badProgram(
      'createServer was not given the `shell` of the parts: createServer({ clock, random, shell, apps })',
    )
  }
  if (listeners === 0) throw badProgram(`the program listens nowhere; ${HOW_TO_LISTEN}`)
  return server
}

/** What is no server comes from JavaScript. */
function checkServer(booted: unknown): Server {
  if (isThenable(booted)) throw badProgram('boot must not be async: do what takes time before the program is exported')
  if (typeof (booted as Partial<Server> | undefined)?.stats === 'function') return booted as Server
  throw badProgram('boot must return the server that it has created')
}

const HOW_TO_LISTEN = '`for (const address of addresses) server.listen(network, address)` listens where it should'

function elsewhere(address: string, addresses: readonly string[]): OverworldError {
  const allowed = addresses.join(' and ') || 'no address'
  return badProgram(`the program listens at ${address}, and its parts say ${allowed}; ${HOW_TO_LISTEN}`)
}

function badProgram(message: string): OverworldError {
  return new OverworldError('bad_program', message)
}
