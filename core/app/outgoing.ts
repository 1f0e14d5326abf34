/**
 * One message on its way to one or many receivers: encoded once for all, and read back and frozen once for all that are
 * in-process, so that these get exactly what the others get.
 *
 * It is a snapshot: what the sender does with its objects afterwards does not change what arrives. It is encoded when it is
 * asked for, and mistakes in a message are thrown at whoever made them.
 */
import type { Delivery } from '../delivery.ts'
import type { AnyApp } from './app.ts'
import { frozenCopy, type PlainMessage } from './plain.ts'

export class Outgoing {
  readonly app: AnyApp
  readonly type: string
  readonly delivery: Delivery
  readonly bytes: Uint8Array
  #object: PlainMessage | undefined

  constructor(app: AnyApp, type: string, message: object) {
    this.app = app
    this.type = type
    this.delivery = app.deliveryOf(type)
    this.bytes = app.codec.encode(type, message)
  }

  get object(): PlainMessage {
    if (this.#object === undefined) {
      const decoded = this.app.codec.decode(this.bytes)
      this.#object = frozenCopy(typeof decoded === 'string' ? {} : decoded.message)
    }
    return this.#object
  }
}
