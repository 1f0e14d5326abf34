/**
 * A server program of somebody's own as the server of a scenario: with its options, its zones and routes, its sessions
 * without a connection, and its commands.
 *
 * What its zones are to do nobody but they know, and they are not watched: such a run is judged by what its clients see,
 * by what the server says of itself, and by what is left of it in the end.
 */
import {
  OverworldError,
  type App,
  type Network,
  type Schema,
  type ServerDefaults,
  type ServerProgram,
} from '../core/index.ts'
import { withBoot } from '../core/program.ts'
import { bootPlainly, SERVER_ADDRESSES, type BootServer } from '../sim/index.ts'
import { defineSimulatedApp, type SimulatedApp } from './simulated-app.ts'

/**
 * The apps of a run whose server is `program`. Its clients do what the steps of their scenario say, such as those of a
 * recording: nobody knows what a bot would say. Throws `bad_option` where the program has no apps.
 */
export function appsOfProgram(program: ServerProgram): readonly SimulatedApp[] {
  if (program.apps.length === 0) throw new OverworldError('bad_option', 'the program has no apps')
  return program.apps.map((each) => {
    const app = each as App<Schema>
    const join = (): never => {
      throw new OverworldError('bad_option', `nobody knows what to join '${app.name}' with: a step must say it`)
    }
    const zone = app.defineZone({ init: () => undefined })
    return defineSimulatedApp({ app, program, zone, isBotless: true, bot: { join, act: () => undefined } })
  })
}

/** Undefined: the server of the run starts the zones of its apps. */
export function programOf(apps: readonly SimulatedApp[]): ServerProgram | undefined {
  return apps.find((app) => app.program !== undefined)?.program
}

/**
 * Boots `program` instead of the one that the simulator would. `boot`: what else is to happen then. `defaults`: for its server's
 * options.
 */
export function bootInstead(
  program: ServerProgram,
  boot: BootServer = bootPlainly,
  defaults: ServerDefaults = {},
): BootServer {
  const placed = withBoot(program, (parts) =>
    program.boot({ ...parts, addresses: SIMULATED_ADDRESSES, network: atSimulatedAddresses(parts.network) }),
  )
  return (_, parts, life) => {
    // What goes wrong is seen by the run itself.
    if (parts.shell !== undefined) parts.shell.defaults = { ...defaults, onReport: () => undefined }
    return boot(placed, parts, life)
  }
}

const SIMULATED_ADDRESSES: readonly string[] = Object.values(SERVER_ADDRESSES)

/** Its first listener of each transport is where the simulated clients dial, whatever address it chose. */
function atSimulatedAddresses(network: Network): Network {
  const taken = new Set<string>()
  const place = (address: string): string => {
    const simulated = /^wss?:/.test(address) ? SERVER_ADDRESSES.websocket : SERVER_ADDRESSES.enet
    if (!/^(wss?|enet):/.test(address) || taken.has(simulated)) return address
    taken.add(simulated)
    return simulated
  }
  return {
    listen: (address, accept, events) => network.listen(place(address), accept, events),
    connect: (address, handler) => network.connect(address, handler),
  }
}
