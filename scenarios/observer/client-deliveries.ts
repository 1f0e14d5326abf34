/** Whether a client sends each message as its app defines it, and those of the session protocol reliably on channel 0. */
import { protocol, RELIABLE, type AnyApp, type Delivery } from '../../core/index.ts'
import type { Checks } from '../invariants.ts'

export class ClientDeliveries {
  readonly #name: string
  readonly #checks: Checks
  readonly #app: AnyApp

  /** `app`: the one that it plays; of others nothing is known here. */
  constructor(name: string, checks: Checks, app: AnyApp) {
    this.#name = name
    this.#checks = checks
    this.#app = app
  }

  /** It sends the message `type` of `app`. */
  said({ mode, channel }: Delivery, app: AnyApp, type: string): void {
    const right = this.#rightFor(app, type)
    if (right === undefined) return
    if (mode !== right.mode || channel !== right.channel) {
      const what = `${this.#name} sends a message as ${mode} on channel ${channel}`
      this.#checks.fail('client-sends-as-defined', `${what}; right was ${right.mode} on channel ${right.channel}`)
    }
    this.#checks.pass('client-sends-as-defined')
  }

  #rightFor({ prefix }: AnyApp, type: string): Delivery | undefined {
    if (prefix === protocol.prefix) return RELIABLE
    return prefix === this.#app.prefix ? this.#app.deliveryOf(type) : undefined
  }
}
