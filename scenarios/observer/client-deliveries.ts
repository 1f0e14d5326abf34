/** Whether a client sends each message as its app defines it, and those of the session protocol reliably on channel 0. */
import { protocol, type AnyApp, type Delivery } from '../../core/index.ts'
import type { Checks } from '../invariants.ts'
import { prefixOf } from './wire.ts'

export class ClientDeliveries {
  readonly #name: string
  readonly #checks: Checks
  readonly #app: AnyApp
  /** By the first tag, which names the type: our client sends one field a message. */
  readonly #byTag = new Map<number, Delivery>()

  /** `app`: the one that it plays; of others nothing is known here. */
  constructor(name: string, checks: Checks, app: AnyApp) {
    this.#name = name
    this.#checks = checks
    this.#app = app
  }

  said(bytes: Uint8Array, { mode, channel }: Delivery): void {
    const right = this.#rightFor(bytes)
    if (right === undefined) return
    if (mode !== right.mode || channel !== right.channel) {
      const what = `${this.#name} sends a message as ${mode} on channel ${channel}`
      this.#checks.fail('client-sends-as-defined', `${what}; right was ${right.mode} on channel ${right.channel}`)
    }
    this.#checks.pass('client-sends-as-defined')
  }

  #rightFor(bytes: Uint8Array): Delivery | undefined {
    const prefix = prefixOf(bytes)
    if (prefix === protocol.prefix) return RELIABLE
    if (prefix !== this.#app.prefix) return undefined
    const [, , first = 0, second = 0] = bytes
    // Tags of fields from 16 on have two bytes.
    const tag = first < 0x80 ? first : (second << 8) | first
    const known = this.#byTag.get(tag)
    if (known !== undefined) return known
    const decoded = this.#app.codec.decode(bytes)
    if (typeof decoded !== 'object') return undefined
    const delivery = this.#app.deliveryOf(decoded.type)
    this.#byTag.set(tag, delivery)
    return delivery
  }
}

/** What a message is sent as where nobody says otherwise. */
export const RELIABLE: Delivery = Object.freeze({ mode: 'reliable', channel: 0 })
