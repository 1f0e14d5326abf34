/** What a client announces does not leave its machine: its server answers as it answers clients of earlier versions. */
import { protocol, type Connection, type Delivery } from '../../core/index.ts'
import { prefixOf } from '../observer/wire.ts'

export class UnannouncedConnection implements Connection {
  readonly id: number
  readonly transport: Connection['transport']
  readonly remoteAddress: string
  readonly #inner: Connection

  constructor(inner: Connection) {
    this.id = inner.id
    this.transport = inner.transport
    this.remoteAddress = inner.remoteAddress
    this.#inner = inner
  }

  get bufferedBytes(): number {
    return this.#inner.bufferedBytes
  }

  send(bytes: Uint8Array, delivery?: Delivery): void {
    this.#inner.send(prefixOf(bytes) === protocol.prefix ? withoutSchemas(bytes) : bytes, delivery)
  }

  close(code: number, reason?: string): void {
    this.#inner.close(code, reason)
  }
}

function withoutSchemas(bytes: Uint8Array): Uint8Array {
  const decoded = protocol.codec.decode(bytes)
  if (typeof decoded === 'string' || decoded.type !== 'session_request') return bytes
  const { schemas: _schemas, ...rest } = decoded.message
  return protocol.codec.encode('session_request', rest)
}
