/** A network whose other end is the test: every dial is kept, and the test plays the server on it. */
import type { Clock, Connection, ConnectionHandler, Listener, Network } from '../../../core/injected.ts'
import {
  encodeBeacon,
  encodeDenied,
  encodePong,
  encodeSessionNew,
  protocol,
  type DenialReason,
} from '../../../core/protocol.ts'
import type { AnyApp } from '../../../core/app/app.ts'
import type { DecodedMessage } from '../../../core/app/codec.ts'
import { FakeConnection } from './fake-connection.ts'

export class FakeNetwork implements Network {
  readonly dials: Dial[] = []
  /** What the next `connect` throws. */
  failure: Error | undefined
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The newest dial. */
  get last(): Dial {
    const dial = this.dials.at(-1)
    if (dial === undefined) throw new Error('nobody has dialled')
    return dial
  }

  listen(): Listener {
    throw new Error('this network has clients only')
  }

  connect(address: string, handler: ConnectionHandler): Connection {
    if (this.failure !== undefined) throw this.failure
    const dial = new Dial(this.#clock, this.dials.length + 1, address)
    dial.handler = handler
    this.dials.push(dial)
    return dial
  }
}

/** One connection that a client dialled, and the server's side of it. */
export class Dial extends FakeConnection {
  readonly address: string

  constructor(clock: Clock, id: number, address: string) {
    super(clock, id, 'server')
    this.address = address
  }

  /** What the client has said since the last time. */
  heard(app: AnyApp = protocol): readonly DecodedMessage[] {
    return this.take().map(({ bytes }) => {
      const decoded = app.codec.decode(bytes)
      if (typeof decoded === 'string') throw new Error(`the client sent nonsense: ${decoded}`)
      return decoded
    })
  }

  say(app: AnyApp, type: string, message: object): void {
    this.receive(app.codec.encode(type, message))
  }

  /** With the `session_state` that follows it: the session is in no zone, or where `state` says. */
  sessionNew(id: number, token: Uint8Array, state: object = {}): void {
    try {
      this.sessionNewAlone(id, token)
    } finally {
      this.say(protocol, 'session_state', state)
    }
  }

  /** As a server of an earlier version sends it. */
  sessionNewAlone(id: number, token: Uint8Array): void {
    this.receive(encodeSessionNew(id, token).bytes)
  }

  beacon(id: number): void {
    this.receive(encodeBeacon(id).bytes)
  }

  pong(latency: number): void {
    this.receive(encodePong(latency).bytes)
  }

  deny(reason: DenialReason): void {
    this.receive(encodeDenied(reason).bytes)
  }

  /** Opens, and answers the request with a session. */
  establish(id: number, token: Uint8Array): void {
    this.open()
    this.sessionNew(id, token)
  }

  /** The bytes of `Uint8Array.of(n, n, …)`: a token that a test can tell from others. */
  static token(n: number): Uint8Array {
    return new Uint8Array(24).fill(n)
  }
}
