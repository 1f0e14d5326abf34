/**
 * What the core is given: time, randomness and a network. Production hands in the real ones
 * (`overworld/transports`), the simulator its own (`overworld/sim`); the core cannot tell them apart.
 * A fault is a decorator of one of these three. A recorder, a log and a metric decorate nothing: they are taps (`turns/tap.ts`).
 *
 * What every implementation guarantees (one conformance suite checks it):
 *
 * - `send`, `close`, `connect`, `listen` and `setTimer` never call back before they return.
 * - `closed` comes exactly once and last, also after one's own `close`; no `message` follows one's own `close`.
 * - `close` delivers earlier reliable messages first, for at most 1 s, then cuts.
 * - A cancelled timer never fires; a timer never fires while `now()` is before its deadline.
 * - Bytes handed to `send` or received are never changed afterwards by either side.
 *
 * Left out on purpose: promises, events, and everything that only one transport has.
 */
import type { CloseCode } from './close-codes.ts'
import type { Delivery } from './delivery.ts'
import type { Synchronous } from './synchronous.ts'

/** A timer that was set. Cancelling one that has fired or was cancelled before does nothing. */
export interface Timer {
  cancel(): void
}

export interface Clock {
  /** Milliseconds since an arbitrary start; may have a fraction; never runs backwards. */
  now(): number
  /**
   * Calls `fire` once, `delayMs` from now or later, never before this call has returned.
   * Delays beyond 2^31−1 ms work. A negative or NaN delay throws `OverworldError` `bad_delay`.
   */
  setTimer(delayMs: number, fire: () => void): Timer
}

export interface Random {
  /** Overwrites all of `bytes`. */
  fill(bytes: Uint8Array): void
  /** An integer from 0 to 2^32−1. */
  uint32(): number
}

export interface Network {
  /**
   * Accepts connections at `address` (such as `ws://127.0.0.1:4433/ws` or `enet://0.0.0.0:4483`; port 0 lets the
   * system choose). `accept` runs once for each connection; `opened` follows before any `message`.
   */
  listen(address: string, accept: Accept, events?: ListenerEvents): Listener
  /** Dials `address`. The handler hears `opened`, or `closed` where that fails (1006 if nothing better is known). */
  connect(address: string, handler: ConnectionHandler): Connection
}

export type Accept = (connection: Connection) => ConnectionHandler

export interface ListenerEvents {
  /** Bound: `address` has the real port. */
  listening?(address: string): Synchronous
  /**
   * Binding failed, or the listener broke later, after `listening`; it is closed, and its address is free for another one.
   * Without this callback a network throws the error where nobody catches it (in Node the process ends).
   */
  failed?(error: Error): Synchronous
  /** The longest message, in bytes, that is wanted here; a network with a lower limit by default takes this one. 1 or more, or Infinity. */
  readonly messageBytesMax?: number
}

export interface Listener {
  /** The bound address; the requested one until `listening`. */
  readonly address: string
  /** Refuses connections from now on. Open ones stay open. `done` is called once the port is free. */
  close(done?: () => void): void
}

/** Only `enet` honours delivery and channels; the others are one ordered stream. */
export type TransportName = 'websocket' | 'enet' | 'in-process'

export interface Connection {
  /** Unique within its network. */
  readonly id: number
  readonly transport: TransportName
  /** The peer's host address without its port. */
  readonly remoteAddress: string
  /** Bytes handed to `send` that have not left yet. */
  readonly bufferedBytes: number
  /** Default delivery: reliable on channel 0. After `close` or `closed` it does nothing. */
  send(message: Uint8Array, delivery?: Delivery): void
  /** `code`: 1000 or 4000–4999. A second call does nothing. */
  close(code: CloseCode | number, reason?: string): void
}

export interface ConnectionHandler {
  /**
   * How long the owner of the connection waits for a silent peer before it closes the connection itself, in ms; Infinity:
   * for ever. A transport with timeouts of its own does not give the peer up sooner. Undefined: those of the transport.
   */
  readonly patienceMs?: number | undefined
  /** The connection is ready for messages. Comes once, before any `message`. */
  opened(): void
  message(bytes: Uint8Array, delivery: Delivery): void
  /** Once and last. `code` is 1006 where the connection broke without a word. */
  closed(code: number, reason: string): void
  /** What was buffered has left (`bufferedBytes` fell to 0 after it had been above it). */
  drained?(): void
  /**
   * The peer lives: something was received that is no message, such as an acknowledgement, a ping, or a message that has
   * to wait for an earlier one. Comes at most every 500 ms, and only where no message came in that time.
   */
  alive?(): void
  /** Something that is no message was heard (a WebSocket text frame): a sign of life, nothing more. */
  ignored?(what: 'text_frame'): void
}
