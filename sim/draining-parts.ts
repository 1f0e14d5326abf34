/**
 * The clock and the network of a program that uses promises. Whatever runs in the program through them marks the drain,
 * so that the driver of the world waits until all promises that the program has waited for went on. Without promises
 * nothing here is used.
 */
import type { Clock, Connection, ConnectionHandler, Network } from '../core/injected.ts'
import type { Drain } from './drain.ts'

export function drainingClock(clock: Clock, drain: Drain): Clock {
  return {
    now: () => clock.now(),
    setTimer: (delayMs, fire) =>
      clock.setTimer(delayMs, () => {
        drain.need()
        fire()
      }),
  }
}

export function drainingNetwork(network: Network, drain: Drain): Network {
  return {
    listen(address, accept, { messageBytesMax, ...events } = {}) {
      const accepting = (connection: Connection): ConnectionHandler => {
        drain.need()
        return drainingHandler(accept(connection), drain)
      }
      const listener = network.listen(address, accepting, {
        ...(messageBytesMax !== undefined && { messageBytesMax }),
        listening(bound) {
          drain.need()
          return events.listening?.(bound)
        },
        ...(events.failed !== undefined && {
          failed(error: Error) {
            drain.need()
            return events.failed?.(error)
          },
        }),
      })
      return {
        get address() {
          return listener.address
        },
        close(done) {
          listener.close(() => {
            drain.need()
            done?.()
          })
        },
      }
    },
    connect: (address, handler) => network.connect(address, drainingHandler(handler, drain)),
  }
}

function drainingHandler(handler: ConnectionHandler, drain: Drain): ConnectionHandler {
  return {
    get patienceMs() {
      return handler.patienceMs
    },
    opened() {
      drain.need()
      handler.opened()
    },
    message(bytes, delivery) {
      drain.need()
      handler.message(bytes, delivery)
    },
    closed(code, reason) {
      drain.need()
      handler.closed(code, reason)
    },
    drained() {
      drain.need()
      handler.drained?.()
    },
    alive() {
      drain.need()
      handler.alive?.()
    },
    ignored(what) {
      drain.need()
      handler.ignored?.(what)
    },
  }
}
