/**
 * What comes in over one connection, from the network to the reader of messages: each input is a turn. Inputs of a connection that
 * the server has closed, or taken from its session, affect nothing: they are ignored until it has closed.
 */
import { RateLimit } from '../connection/rate-limit.ts'
import type { Delivery } from '../delivery.ts'
import type { ConnectionHandler } from '../injected.ts'
import type { ServerOptions } from '../options.ts'
import type { Counters } from '../stats.ts'
import type { Shell } from '../turns/shell.ts'
import type { Turns } from '../turns/turns.ts'
import type { ClientLink, LinkOwner } from './client-link.ts'
import type { Connections } from './connections.ts'
import { closeEvent } from './guards.ts'

export interface InputParts {
  readonly shell: Shell
  readonly turns: Turns
  readonly counters: Counters
  readonly options: ServerOptions
  readonly connections: Connections
  /** The session of a connection whose client has requested none. */
  startProvisional(link: ClientLink): LinkOwner
  /** Reads a message of the size and the number that are allowed. */
  readMessage(link: ClientLink, session: LinkOwner, bytes: Uint8Array): void
}

export class ClientInput implements ConnectionHandler {
  readonly link: ClientLink
  readonly #parts: InputParts
  readonly #rate: RateLimit

  constructor(parts: InputParts, link: ClientLink) {
    this.#parts = parts
    this.link = link
    this.#rate = new RateLimit(parts.options.limits)
  }

  /** A liveness timeout of 0 is off: the peer is waited for for ever. */
  get patienceMs(): number {
    return this.#parts.options.livenessTimeout || Infinity
  }

  opened(): void {
    this.#parts.turns.run(() => {
      const { taps } = this.#parts.shell
      if (taps.isOn) taps.begin.opened(this.link.connection.number)
      this.#open()
    })
  }

  message(bytes: Uint8Array, delivery: Delivery): void {
    this.#parts.turns.run(() => {
      const { taps } = this.#parts.shell
      if (taps.isOn) taps.begin.message(this.link.connection.number, bytes, delivery)
      this.#read(bytes)
    })
  }

  /** Nothing to do: what is sent is either buffered by the connection or dropped. */
  drained(): void {
    const { taps } = this.#parts.shell
    if (taps.isOn) this.#parts.turns.run(() => taps.begin.drained(this.link.connection.number))
  }

  alive(): void {
    this.#parts.turns.run(() => {
      const { taps } = this.#parts.shell
      if (taps.isOn) taps.begin.ignored(this.link.connection.number, 'sign_of_life')
      this.#current()?.heard()
    })
  }

  ignored(): void {
    this.#parts.turns.run(() => {
      const { taps } = this.#parts.shell
      if (taps.isOn) taps.begin.ignored(this.link.connection.number, 'text_frame')
      this.#parts.counters.textFrameTotal++
      const session = this.#current()
      if (session === undefined) return
      session.heard()
      this.#limitRate(0)
    })
  }

  closed(code: number, reason: string): void {
    this.#parts.turns.run(() => {
      const { taps } = this.#parts.shell
      if (taps.isOn) taps.begin.closed(this.link.connection.number, code, reason)
      this.link.closed()
      this.#parts.connections.remove(this.link)
      this.link.session?.apply(closeEvent(code), { code })
    })
  }

  /** The session that is affected by what comes in. */
  #current(): LinkOwner | undefined {
    return this.link.isClosing ? undefined : this.link.session
  }

  #open(): void {
    const refusal = this.#parts.connections.add(this.link)
    if (refusal !== undefined) this.link.close(refusal.code, refusal.reason)
    else this.link.serve(this.#parts.startProvisional(this.link))
  }

  #read(bytes: Uint8Array): void {
    const session = this.#current()
    if (session === undefined) return
    const { counters, options } = this.#parts
    counters.messagesInTotal++
    counters.bytesInTotal += bytes.length
    session.heard()
    if (!this.#limitRate(bytes.length)) return
    if (bytes.length > options.limits.messageBytes) {
      counters.oversizedTotal++
      this.link.fail('bad_input', `a message above ${options.limits.messageBytes} bytes`)
    } else {
      this.#parts.readMessage(this.link, session, bytes)
    }
  }

  /** False: it was too much, and the connection is closed. */
  #limitRate(bytes: number): boolean {
    const tooMuch = this.#rate.count(bytes, this.#parts.turns.now)
    if (tooMuch === undefined) return true
    this.#parts.counters.rateLimitedTotal++
    this.link.fail('too_many_messages', tooMuch)
    return false
  }
}
