/**
 * One message on its way to one or many receivers: encoded once for all that are networked, copied and frozen once for
 * all that are in-process.
 *
 * It is a snapshot: what the sender does with its objects afterwards does not change what arrives. So the forms that
 * will be needed are made when it is asked for, and mistakes in a message are thrown at whoever made them. Should the
 * receiver be another by then, the form that is missing is made from the other.
 */
import type { Delivery } from '../delivery.ts'
import type { AnyApp } from './app.ts'
import { frozenCopy, type PlainMessage } from './codec.ts'

/** Which kinds of receiver a message is prepared for. */
export interface Receivers {
  readonly networked: boolean
  readonly inProcess: boolean
}

export const NETWORKED: Receivers = Object.freeze({ networked: true, inProcess: false })
export const IN_PROCESS: Receivers = Object.freeze({ networked: false, inProcess: true })

export class Outgoing {
  readonly app: AnyApp
  readonly type: string
  readonly delivery: Delivery
  #bytes: Uint8Array | undefined
  #object: PlainMessage | undefined

  constructor(app: AnyApp, type: string, message: object, receivers: Receivers) {
    this.app = app
    this.type = type
    this.delivery = app.deliveryOf(type)
    if (receivers.inProcess || !receivers.networked) this.#object = frozenCopy(message)
    if (receivers.networked) this.#bytes = app.codec.encode(type, message)
  }

  get bytes(): Uint8Array {
    this.#bytes ??= this.app.codec.encode(this.type, this.object)
    return this.#bytes
  }

  get object(): PlainMessage {
    if (this.#object === undefined && this.#bytes !== undefined) {
      const decoded = this.app.codec.decode(this.#bytes)
      if (typeof decoded === 'object') this.#object = frozenCopy(decoded.message)
    }
    return this.#object ?? {}
  }
}
