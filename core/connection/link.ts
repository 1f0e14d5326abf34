/**
 * One connection of the server, with the number that the core has given it. All that leaves over it and all that is read of
 * it passes here, so that taps see it.
 */
import type { Outgoing } from '../app/outgoing.ts'
import { RELIABLE, type Delivery } from '../delivery.ts'
import type { Connection, TransportName } from '../injected.ts'
import type { Shell } from '../turns/shell.ts'

export class Link implements Connection {
  /** 1 for the server's first connection, and so on. */
  readonly number: number
  readonly #shell: Shell
  readonly #connection: Connection
  /** As taps were told last. */
  #buffered = 0

  /** `listener`: the number of the one that accepted it; 0: it was handed to `server.accept`. */
  constructor(shell: Shell, connection: Connection, listener: number) {
    this.number = shell.nextLink()
    this.#shell = shell
    this.#connection = connection
    shell.accepted(this, listener)
  }

  get id(): number {
    return this.#connection.id
  }

  get transport(): TransportName {
    return this.#connection.transport
  }

  get remoteAddress(): string {
    return this.#connection.remoteAddress
  }

  get bufferedBytes(): number {
    const { taps } = this.#shell
    const bytes = this.#connection.bufferedBytes
    // It is read for each message that is sent, and has hardly ever changed.
    if (taps.isOn && bytes !== this.#buffered && this.#shell.isInTurn) {
      // What a tap reads is not told, and may be told later.
      if (taps.emit.buffered(this.number, bytes) > 0) this.#buffered = bytes
    }
    return bytes
  }

  send(bytes: Uint8Array, delivery: Delivery = RELIABLE): void {
    this.#send(bytes, delivery, undefined)
  }

  sendMessage(outgoing: Outgoing, delivery: Delivery): void {
    this.#send(outgoing.bytes, delivery, outgoing)
  }

  close(code: number, reason = ''): void {
    const { taps } = this.#shell
    if (taps.isOn) taps.emit.close(this.number, code, reason)
    this.#connection.close(code, reason)
  }

  #send(bytes: Uint8Array, delivery: Delivery, outgoing: Outgoing | undefined): void {
    const { taps } = this.#shell
    if (!taps.isOn) {
      this.#connection.send(bytes, delivery)
      return
    }
    const { causes } = taps
    const number = taps.emit.send(this.number, bytes, delivery, outgoing)
    if (causes.isKept) causes.sending = number
    this.#connection.send(bytes, delivery)
    causes.sending = 0
  }
}
