/**
 * The vocabulary of a server: everything that goes into it, everything that it reads, everything that comes out of it, and
 * what happens in between. A *tap* is an object with any of these methods; a recorder, a trace, a metric, the rules of the
 * fuzzer are taps.
 *
 * Order within a turn: `turnBegins`, the turn's one input, everything that follows from it, `turnEnds`. Arguments are the
 * server's own objects, to be read and not to be changed. A tap must not call the server (`called_from_tap`), and a tap
 * that throws is removed and reported once.
 *
 * Connections ("links"), listeners, timers and receivers are told apart by numbers that the core assigns: 1, 2, 3, … of
 * each kind. Times are those of the server's clock (ms).
 */
import type { Action, Outcome, PartReason, Session, ZoneView } from '../session/views.ts'
import type { AnyApp } from '../app/app.ts'
import type { PlainMessage } from '../app/plain.ts'
import type { Delivery } from '../delivery.ts'
import type { TransportName } from '../injected.ts'
import type { Report } from '../report.ts'
import type { SessionEvent, SessionStatus } from '../session/session-events.ts'
import type { OutsideCall } from './outside-calls.ts'
import type { TimerOwner } from './timer-owner.ts'
import type { Moment } from './moment.ts'
import { Vocabulary } from './taps.ts'
import type { Thrown } from './user-code.ts'

/** Who is at the other end of a link. */
export interface Peer {
  /** The number that its network has given the connection. */
  readonly id: number
  readonly transport: TransportName
  /** Its host address without the port. */
  readonly remoteAddress: string
  /** Bytes handed to the link that have not left yet; live. */
  readonly bufferedBytes: number
}

/** A zone as taps see it: live, to be read only. */
export interface LiveZone extends ZoneView {
  /** What it was started from. */
  readonly definition: { readonly app: AnyApp }
  /** What its `init` returned. */
  readonly state: unknown
  /** Whether a member that loses its connection stays (`soft`) or is removed (`hard`). */
  readonly disconnect: 'soft' | 'hard'
}

/** A message on its way out. */
export interface SentMessage {
  /** `protocol` for the messages of the session protocol. */
  readonly app: AnyApp
  readonly type: string
  /** As its receivers decode it; frozen. */
  readonly object: PlainMessage
}

export interface Tap {
  /** Comes once, when the tap is added. `moment` stays the same object, and has other values at each event. */
  attached?(moment: Moment): void

  turnBegins?(turn: number, nowMs: number): void
  turnEnds?(turn: number): void

  // Inputs: each begins a turn.

  /** The server's program creates the server, starts its zones and listens. The clock stands still meanwhile. */
  boot?(): void
  listening?(listener: number, address: string): void
  listenFailed?(listener: number, error: Error): void
  /** The listener that was closed has given its port back. */
  listenerClosed?(listener: number): void
  /** `listener`: 0 where the connection was handed to `server.accept`. */
  accepted?(link: number, listener: number, peer: Peer): void
  opened?(link: number): void
  message?(link: number, bytes: Uint8Array, delivery: Delivery): void
  /** Something that is no message: a WebSocket text frame, or any sign of life. */
  ignored?(link: number, what: 'text_frame' | 'sign_of_life'): void
  closed?(link: number, code: number, reason: string): void
  /** All that was buffered has left. */
  drained?(link: number): void
  fired?(timer: number, owner: TimerOwner): void
  /** A method or a property of the server, a session or a zone was called from outside; or a command of the program. */
  called?(call: OutsideCall): void

  // Reads.

  random?(bytes: Uint8Array): void
  randomNumber?(uint32: number): void
  /** So many bytes were handed to the link and have not left. Told where it is another number than was told last; 0 at first. */
  buffered?(link: number, bytes: number): void

  // Outputs.

  listen?(listener: number, address: string): void
  closeListener?(listener: number): void
  /** `message`: what the bytes are, decoded at its first use; undefined: bytes that the game has handed to the connection itself. */
  send?(link: number, bytes: Uint8Array, delivery: Delivery, message: SentMessage | undefined): void
  close?(link: number, code: number, reason: string): void
  setTimer?(timer: number, owner: TimerOwner, delayMs: number): void
  cancelTimer?(timer: number, owner: TimerOwner): void
  /** To a receiver within the process. */
  deliver?(receiver: number, session: Session, app: AnyApp, type: string, message: PlainMessage | Uint8Array): void
  /** A receiver within the process is let go. */
  release?(receiver: number, code: number): void

  // Internal events.

  /** `link` carries the messages of `session`; undefined: of none any more. */
  serves?(link: number, session: Session | undefined): void
  /** A message of a client was decoded. `app` is `protocol` for the messages of the session protocol. */
  decoded?(link: number, session: Session, app: AnyApp, type: string, message: object): void
  /** `from`: undefined where the session began. `event`: what the table decided by; undefined where it began. */
  status?(session: Session, from: SessionStatus | undefined, to: SessionStatus, event: SessionEvent | undefined): void
  /** `event` changes nothing in the session's present status: why not, is in the table. */
  eventIgnored?(session: Session, event: SessionEvent): void
  /** The client has answered a beacon. `latencyMs`: the round trip in whole ms. */
  latency?(session: Session, latencyMs: number): void
  /**
   * `name`: `handleJoin`, `rpc.…`, `setTimer` and so on. `message`: what the client said, or what the zone was told. `reason`:
   * of `handlePart`. `timer`: of `setTimer`, its owner.
   */
  handlerBegins?(
    zone: LiveZone,
    name: string,
    session: Session | undefined,
    message: unknown,
    reason: PartReason | undefined,
    timer: TimerOwner | undefined,
  ): void
  /**
   * `outcome`: what it returned, whether it may or not. Where it threw, or returned what it must not (a report says so), all that
   * it has asked for since it began is forgotten.
   */
  handlerEnds?(
    zone: LiveZone,
    name: string,
    session: Session | undefined,
    outcome: Outcome,
    thrown: Thrown | undefined,
  ): void
  /**
   * This message is to be sent, as a handler has returned or called (then after `apiCalled`); it is carried out later in the
   * turn. `session`: for whom the handler ran. `zone`: undefined for `session.send`, which is a reply to the session.
   */
  asked?(action: Action, session: Session | undefined, zone: LiveZone | undefined): void
  /** The same as `called` from within a turn: by a handler, a callback, or the program. */
  apiCalled?(call: OutsideCall): void
  /** What was `called` or `apiCalled` last throws to its caller, and nothing comes of it. */
  callThrew?(call: OutsideCall, error: unknown): void
  /** A zone wants a timer. It is set (`setTimer`) where this is carried out; cancelling it takes effect at once. */
  zoneTimerAsked?(zone: LiveZone, owner: TimerOwner, delayMs: number): void
  zoneTimerCancelled?(zone: LiveZone, owner: TimerOwner): void
  /** An app's route was asked for the zone of a join. `returned`: a zone, or undefined where it found none; anything, where it failed. */
  routed?(app: AnyApp, session: Session, returned: unknown, thrown: Thrown | undefined): void
  /** A callback of the owner of a session is called: its `disconnectCallback`. */
  callback?(session: Session, name: string, code: number): void
  callbackEnds?(session: Session, name: string, returned: unknown, thrown: Thrown | undefined): void
  zoneStarted?(zone: LiveZone): void
  zoneStopped?(zone: LiveZone): void
  report?(report: Report): void
}

/** Every event, with the number of its arguments. */
export const TAP_EVENTS = new Vocabulary<Tap>({
  turnBegins: 2,
  turnEnds: 1,
  boot: 0,
  listening: 2,
  listenFailed: 2,
  listenerClosed: 1,
  accepted: 3,
  opened: 1,
  message: 3,
  ignored: 2,
  closed: 3,
  drained: 1,
  fired: 2,
  called: 1,
  random: 1,
  randomNumber: 1,
  buffered: 2,
  listen: 2,
  closeListener: 1,
  send: 4,
  close: 3,
  setTimer: 3,
  cancelTimer: 2,
  deliver: 5,
  release: 2,
  serves: 2,
  decoded: 5,
  status: 4,
  eventIgnored: 2,
  latency: 2,
  handlerBegins: 6,
  handlerEnds: 5,
  asked: 3,
  apiCalled: 1,
  callThrew: 2,
  zoneTimerAsked: 3,
  zoneTimerCancelled: 2,
  routed: 4,
  callback: 3,
  callbackEnds: 4,
  zoneStarted: 1,
  zoneStopped: 1,
  report: 1,
})
