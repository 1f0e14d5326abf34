/**
 * Legal but unkind worlds: decorators of clock and network that keep the contract of `core/injected.ts` to the letter,
 * and to nothing but the letter. Timers come late, closes are reported late. What breaks in such a world would break
 * one day in production.
 */
import type { Clock, Connection, ConnectionHandler, Network, Random, Timer } from '../core/injected.ts'
import { checkVirtualMs } from './virtual-time.ts'

export interface Unkindness {
  /** Timers fire up to so many ms after their time. 0: on time. */
  readonly timersLateMs: number
  /** A connection that closed is reported as closed up to so many ms later. 0: at once. */
  readonly closesLateMs: number
}

/** Each timer is late by a random time; their order among each other is lost. */
export function unkindClock(clock: Clock, random: Random, { timersLateMs }: Unkindness): Clock {
  checkVirtualMs('timersLateMs', timersLateMs)
  if (timersLateMs === 0) return clock
  return {
    now: () => clock.now(),
    setTimer: (delayMs: number, fire: () => void): Timer =>
      clock.setTimer(delayMs + fractionOf(timersLateMs, random), fire),
  }
}

export function unkindNetwork(network: Network, clock: Clock, random: Random, unkindness: Unkindness): Network {
  checkVirtualMs('closesLateMs', unkindness.closesLateMs)
  if (unkindness.closesLateMs === 0) return network
  const delay = (handler: ConnectionHandler): ConnectionHandler => lateCloses(handler, clock, random, unkindness)
  return {
    listen: (address, accept, events) =>
      network.listen(address, (connection: Connection) => delay(accept(connection)), events),
    connect: (address, handler) => network.connect(address, delay(handler)),
  }
}

function lateCloses(
  handler: ConnectionHandler,
  clock: Clock,
  random: Random,
  { closesLateMs }: Unkindness,
): ConnectionHandler {
  return {
    patienceMs: handler.patienceMs,
    opened: () => handler.opened(),
    message: (bytes, delivery) => handler.message(bytes, delivery),
    closed: (code, reason) => {
      clock.setTimer(fractionOf(closesLateMs, random), () => handler.closed(code, reason))
    },
    drained: () => handler.drained?.(),
    alive: () => handler.alive?.(),
    ignored: (what) => handler.ignored?.(what),
  }
}

function fractionOf(maxMs: number, random: Random): number {
  return (random.uint32() / 0x1_0000_0000) * maxMs
}
