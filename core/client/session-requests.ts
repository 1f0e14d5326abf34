/** What a client says on a connection to get its session, to keep it, and to learn whether the server is there. */
import type { AnyApp } from '../app/app.ts'
import { RELIABLE } from '../delivery.ts'
import { protocol } from '../protocol.ts'
import { encodeSchemas } from '../schema-announcement.ts'
import type { ServerLink } from './server-link.ts'
import type { SessionKeeper } from './session-keeper.ts'

export class SessionRequests {
  readonly #store: SessionKeeper
  readonly #apps: () => readonly AnyApp[]

  /** `apps`: those whose schemas are announced. */
  constructor(store: SessionKeeper, apps: () => readonly AnyApp[]) {
    this.#store = store
    this.#apps = apps
  }

  /** Asks for the session in the store, or for a new one. */
  request(link: ServerLink): void {
    const { session, attempt } = this.#store.beginAttempt()
    link.requested = session
    link.attempt = attempt
    const schemas = encodeSchemas(this.#apps(), protocol)
    const message = session === undefined ? { attempt, schemas } : { reconnect_token: session.token, attempt, schemas }
    say(link, 'session_request', message)
  }

  /** A request without a token on a connection that has a session is answered with what the client knows. */
  askForSign(link: ServerLink): void {
    say(link, 'session_request', {})
  }

  answerBeacon(link: ServerLink, id: number): void {
    say(link, 'session_ping', { id })
  }
}

function say(link: ServerLink, type: 'session_request' | 'session_ping', message: object): void {
  link.send(protocol.codec.encode(type, message), RELIABLE, protocol, type, message)
}
