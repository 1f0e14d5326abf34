/** What a client tells its program: its status, its session, and what it could not decode. */
import type { AnyApp } from '../app/app.ts'
import type { SessionState } from '../protocol.ts'
import type { ClientEvents, ClientStatus, SessionEstablished, SessionZone } from './client-events.ts'
import type { ClientShell } from './client-shell.ts'
import { Emitter, type ListenerErrors } from './emitter.ts'
import type { ServerLink } from './server-link.ts'
import { UndecodableCounts, type UndecodableWhy } from './undecodable.ts'

export class ClientTelling {
  readonly #events: Emitter<ClientEvents>
  readonly #shell: ClientShell
  readonly #appOf: (prefix: number) => AnyApp | undefined
  readonly #undecodable = new UndecodableCounts()
  #status: ClientStatus = { kind: 'idle' }
  #session: SessionEstablished | undefined

  constructor(errors: ListenerErrors, shell: ClientShell, appOf: (prefix: number) => AnyApp | undefined) {
    this.#events = new Emitter(errors)
    this.#shell = shell
    this.#appOf = appOf
  }

  get status(): ClientStatus {
    return this.#status
  }

  /** The session as the program was told of it last. */
  get session(): SessionEstablished | undefined {
    return this.#session
  }

  get undecodableTotal(): number {
    return this.#undecodable.total
  }

  /** Returns how to stop listening. */
  on<Name extends keyof ClientEvents>(name: Name, listener: (value: ClientEvents[Name]) => void): () => void {
    return this.#events.on(name, listener)
  }

  tell<Name extends keyof ClientEvents>(name: Name, value: ClientEvents[Name]): void {
    const { taps } = this.#shell
    if (taps.isOn) taps.emit.emitted(name, value)
    this.#events.emit(name, value)
  }

  tellStatus(status: ClientStatus): void {
    this.#status = status
    this.tell('status', status)
  }

  /** The session of `link`. `state`: where it is; undefined where the server does not say. */
  takeSession(link: ServerLink, id: number, state: SessionState | undefined): void {
    this.#session = {
      id,
      resumed: link.requested?.sessionId === id,
      zone: this.#zoneOf(state),
      isZoneKnown: state !== undefined,
      skewed: (state?.skewed ?? []).flatMap((prefix) => this.#appOf(prefix) ?? []),
    }
  }

  tellSession(): void {
    if (this.#session !== undefined) this.tell('session', this.#session)
  }

  tellUndecodable(prefix: number | undefined, why: UndecodableWhy, bytes: Uint8Array): void {
    const app = prefix === undefined ? undefined : this.#appOf(prefix)
    const isSkewed = app !== undefined && this.#session?.skewed.includes(app) === true
    const count = this.#undecodable.count(prefix, why)
    this.tell('undecodable', { app, prefix, why, isSkewed, bytes, count })
  }

  #zoneOf(state: SessionState | undefined): SessionZone | undefined {
    if (state?.zone === undefined || state.zone_app === undefined) return undefined
    return { app: this.#appOf(state.zone_app), prefix: state.zone_app, name: state.zone }
  }
}
