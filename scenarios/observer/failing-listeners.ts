/**
 * Listeners of a client's program that throw now and then. That harms neither other listeners nor the client, and comes
 * out when the client has done all that it had to; there it is caught.
 */
import type { App, Client, Schema } from '../../core/index.ts'
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
