/** Over which transports clients reach a server program of somebody's own. */
import type { ServerProgram } from '../../core/index.ts'
import { bootPlainly, simulate } from '../../sim/index.ts'
import { bootInstead } from '../own-program.ts'
import type { TransportChoice } from '../scenario.ts'

const known = new WeakMap<ServerProgram, ReadonlySet<TransportChoice>>()

/** Those of the addresses that it listens at when it boots. Throws what its boot throws. */
export function listenedTransports(program: ServerProgram): ReadonlySet<TransportChoice> {
  let transports = known.get(program)
  if (transports === undefined) known.set(program, (transports = findTransports(program)))
  return transports
}

function findTransports(program: ServerProgram): ReadonlySet<TransportChoice> {
  const transports = new Set<TransportChoice>()
  simulate({
    apps: program.apps,
    boot: bootInstead(program, (placed, parts) => {
      parts.shell?.taps.add({
        listen(_listener, address) {
          if (/^wss?:/.test(address)) transports.add('websocket')
          if (address.startsWith('enet:')) transports.add('enet')
        },
      })
      return bootPlainly(placed, parts)
    }),
  })
  return transports
}
