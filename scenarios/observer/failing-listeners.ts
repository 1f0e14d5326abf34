/**
 * Listeners of a client's program that throw now and then. That harms neither other listeners nor the client, and comes
 * out when the client has done all that it had to; there it is caught.
 */
import type { App, Client, Clock, ConnectionHandler, Network, Schema } from '../../core/index.ts'
import { ThrownOnPurpose } from '../simulated-app.ts'
import { typesOf } from './client-telling.ts'

/** Always the same, so that it is known by itself. */
const FAILURE = new ThrownOnPurpose('a listener failed, as it was told to')

/** Of each so many events that `client` tells, one makes a listener throw. It is the first to hear of them. */
export function failEvery(count: number, client: Client, app: App<Schema>): void {
  let told = 0
  const listen = (): void => {
    if (++told % count === 0) throw FAILURE
  }
  for (const name of ['status', 'session', 'session_lost', 'denied', 'latency'] as const) client.on(name, listen)
  const room = client.app(app)
  for (const type of typesOf(app)) room.on(type as never, listen)
}

/** What came out of a client: whatever is not a listener's goes on. */
export function forgive(error: unknown): void {
  if (error !== FAILURE) throw error
}

export function forgiving(run: () => void): void {
  try {
    run()
  } catch (error) {
    forgive(error)
  }
}

/** For a client with such listeners: out of its timers comes what they throw that hear of what the timers do. */
export function forgivingClock(clock: Clock): Clock {
  return {
    now: () => clock.now(),
    setTimer: (delayMs, fire) => clock.setTimer(delayMs, () => forgiving(fire)),
  }
}

/** The same of its connections. */
export function forgivingNetwork(network: Network): Network {
  return {
    listen: (address, accept, events) => network.listen(address, accept, events),
    connect: (address, handler) => network.connect(address, forgivingHandler(handler)),
  }
}

function forgivingHandler(handler: ConnectionHandler): ConnectionHandler {
  return {
    patienceMs: handler.patienceMs,
    opened: () => forgiving(() => handler.opened()),
    message: (bytes, delivery) => forgiving(() => handler.message(bytes, delivery)),
    closed: (code, reason) => forgiving(() => handler.closed(code, reason)),
    alive: () => handler.alive?.(),
    ignored: (what) => handler.ignored?.(what),
    drained: () => handler.drained?.(),
  }
}
