/**
 * The vocabulary of a client, beside that of a server (`core/turns/tap.ts`): everything that goes into it, that it reads and
 * that comes out of it, and what happens in between. The rules for taps are the same: arguments are the client's own
 * objects, to be read and not to be changed; a tap must not call the client (`called_from_tap`); a tap that throws is
 * removed, and its error comes out once, when the client has done all that it had to.
 *
 * Order within a turn: `turnBegins`, the turn's one input, everything that follows from it, `turnEnds`. Links and timers are
 * told apart by numbers that the client assigns: 1, 2, 3, … of each kind.
 */
import { Vocabulary } from '../turns/taps.ts'
import type { AnyApp } from '../app/app.ts'
import type { Delivery } from '../delivery.ts'
import type { Moment } from '../turns/moment.ts'
import type { ClientEvents } from './client-events.ts'
import type { ClientEvent, ClientState, ClientTimerName } from './client-words.ts'
import type { Stored } from './token-store.ts'

export interface ClientTimerOwner {
  readonly name: ClientTimerName
}

/** A method of the client or of one of its rooms. */
export type ClientCall =
  | { readonly method: 'connect'; readonly address: string | undefined }
  | { readonly method: 'disconnect' | 'end' | 'wake' }
  | { readonly method: 'send'; readonly app: AnyApp; readonly type: string; readonly message: object }

export interface ClientTap {
  /** Comes once, when the tap is added. `moment` stays the same object, and has other values at each event. */
  attached?(moment: Moment): void

  turnBegins?(turn: number, nowMs: number): void
  turnEnds?(turn: number): void

  // Inputs: each begins a turn.

  opened?(link: number): void
  message?(link: number, bytes: Uint8Array, delivery: Delivery): void
  /** Something that is no message: a WebSocket text frame, or any sign of life. */
  ignored?(link: number, what: 'text_frame' | 'sign_of_life'): void
  closed?(link: number, code: number, reason: string): void
  /** All that was buffered has left. */
  drained?(link: number): void
  fired?(timer: number, owner: ClientTimerOwner): void
  /** Another program has saved something in the store. */
  storeChanged?(): void
  /** From outside. */
  called?(call: ClientCall): void

  // Reads.

  /** A number was drawn, for how long to wait. */
  randomNumber?(uint32: number): void
  loaded?(stored: Stored | undefined): void

  // Outputs.

  dialled?(link: number, address: string): void
  /** `bytes`: the `message` of `app`, which is `protocol` for the messages of the session protocol. */
  send?(link: number, bytes: Uint8Array, delivery: Delivery, app: AnyApp, type: string, message: object): void
  close?(link: number, code: number, reason: string): void
  setTimer?(timer: number, owner: ClientTimerOwner, delayMs: number): void
  cancelTimer?(timer: number, owner: ClientTimerOwner): void
  stored?(stored: Stored): void

  // Internal events.

  /** The network has thrown where it was to dial: there is no connection. */
  dialThrew?(link: number, error: unknown): void
  /** A message was decoded. `app` is `protocol` for the messages of the session protocol. Held ones are decoded later. */
  decoded?(link: number, app: AnyApp, type: string, message: object): void
  /** What the client's table has decided. `to`: undefined where the event is ignored. */
  decided?(event: ClientEvent, state: ClientState, to: ClientState | undefined): void
  /** The next dial is at `atMs`, `delayMs` from now. */
  retryAt?(atMs: number, delayMs: number): void
  /** The program is told of an event; its listeners hear of it after those of the event that is told now. */
  emitted?<Name extends keyof ClientEvents>(name: Name, value: ClientEvents[Name]): void
  /** The same as `called` from within a turn: by a listener. */
  apiCalled?(call: ClientCall): void
  /** What was `called` or `apiCalled` last throws to its caller. */
  callThrew?(call: ClientCall, error: unknown): void
}

/** Every event, with the number of its arguments. */
export const CLIENT_TAP_EVENTS = new Vocabulary<ClientTap>({
  turnBegins: 2,
  turnEnds: 1,
  opened: 1,
  message: 3,
  ignored: 2,
  closed: 3,
  drained: 1,
  fired: 2,
  storeChanged: 0,
  called: 1,
  randomNumber: 1,
  loaded: 1,
  dialled: 2,
  send: 6,
  close: 3,
  setTimer: 3,
  cancelTimer: 2,
  stored: 1,
  dialThrew: 2,
  decoded: 4,
  decided: 3,
  retryAt: 2,
  emitted: 2,
  apiCalled: 1,
  callThrew: 2,
})
