/** For a while, a client's answers to beacons do not leave its machine; everything else does. */
import { protocol, type Connection, type Delivery } from '../../core/index.ts'
import type { Outage } from '../../sim/index.ts'
import { prefixOf, readSessionFrame } from '../observer/wire.ts'

export class Mute {
  /** How many faults keep them back at this moment. */
  #count = 0

  get isOn(): boolean {
    return this.#count > 0
  }

  /** Until this is healed. */
  begin(): Outage {
    this.#count++
    let isHealed = false
    return {
      heal: () => {
        if (!isHealed) this.#count--
        isHealed = true
      },
    }
  }
}

export class MutedConnection implements Connection {
  readonly id: number
  readonly transport: Connection['transport']
  readonly remoteAddress: string
  readonly #inner: Connection
  readonly #mute: Mute

  constructor(inner: Connection, mute: Mute) {
    this.id = inner.id
    this.transport = inner.transport
    this.remoteAddress = inner.remoteAddress
    this.#inner = inner
    this.#mute = mute
  }

  get bufferedBytes(): number {
    return this.#inner.bufferedBytes
  }

  send(bytes: Uint8Array, delivery?: Delivery): void {
    if (!this.#mute.isOn || !isPing(bytes)) this.#inner.send(bytes, delivery)
  }

  close(code: number, reason?: string): void {
    this.#inner.close(code, reason)
  }
}

function isPing(bytes: Uint8Array): boolean {
  return prefixOf(bytes) === protocol.prefix && readSessionFrame(bytes).type === 'ping'
}
