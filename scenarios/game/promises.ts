/** Notices that a client's program uses promises: then the world has to wait for them after each of its events. */
import type { Client } from '../../core/index.ts'

type Listener = (value: never) => unknown
interface Listening {
  on(name: string, listener: Listener): () => void
}

/** Calls `onPromise` whenever a listener of `client` or of one of its rooms returns a promise. */
export function listenForPromises(client: Client, onPromise: () => void): void {
  watchListeners(client as unknown as Listening, onPromise)
  const app = client.app.bind(client)
  const watched = new WeakSet<object>()
  client.app = ((wanted: never) => {
    const room = app(wanted)
    if (!watched.has(room)) {
      watched.add(room)
      watchListeners(room as unknown as Listening, onPromise)
    }
    return room
  }) as Client['app']
}

function watchListeners(target: Listening, onPromise: () => void): void {
  const on = target.on.bind(target)
  target.on = (name, listener) =>
    on(name, (value) => {
      const returned = listener(value)
      if (typeof (returned as { then?: unknown } | undefined)?.then === 'function') onPromise()
      return returned
    })
}
