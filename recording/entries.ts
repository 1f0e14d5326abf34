/**
 * What a recording says, as plain data: the inputs of a server in order, and after each what the server read and did
 * because of it. `docs/recording.md` explains each kind.
 */
import type { Delivery } from '../core/delivery.ts'
import type { TransportName } from '../core/injected.ts'
import type { ServerDefaults } from '../core/options.ts'
import type { TimerOwner } from '../core/turns/timer-owner.ts'
import type { overworld_recording } from './generated/recording.js'

export type CallData = overworld_recording.call.$Properties
export type ValueData = overworld_recording.value.$Properties

/** Bytes of a message; where redaction has taken them away, only how many there were. */
export interface Payload {
  readonly bytes: Uint8Array
  readonly delivery: Delivery
  /** Of the message; more than `bytes` has only where it was redacted. */
  readonly length: number
}

/** A timer of the server or of its program. */
export interface TimerData {
  /** 1 for the first that was set, and so on. */
  readonly timer: number
  /**
   * What it is for. Undefined: unknown, as in recordings of format 1 (overworld before 0.2), or where the file in which it was set
   * is missing. In a redacted recording the names of an app and a zone are empty.
   */
  readonly owner?: TimerOwner | undefined
}

/** What an entry of the kind `ignored` has of a peer that was alive, in place of the name of what was ignored. */
export const SIGN_OF_LIFE: string = 'sign_of_life'

/** What the program was given besides its clock, randomness and network. Neither is in a redacted recording. */
export interface BootData {
  /** Where it was to listen. Undefined: the program had addresses of its own. */
  readonly addresses?: readonly string[]
  /** The options of `Shell.defaults`. Undefined: there were none. */
  readonly options?: Omit<ServerDefaults, 'onReport'>
}

export type Input = { readonly atMs: number } & (
  | ({ readonly kind: 'boot' } & BootData)
  | {
      readonly kind: 'accepted'
      readonly connection: number
      /** 0: it was handed to `server.accept`. */
      readonly listener: number
      readonly id: number
      readonly transport: TransportName
      readonly address: string
    }
  | { readonly kind: 'opened'; readonly connection: number }
  | ({ readonly kind: 'message'; readonly connection: number } & Payload)
  | { readonly kind: 'closed'; readonly connection: number; readonly code: number; readonly reason: string }
  | { readonly kind: 'drained'; readonly connection: number }
  /** `what`: `text_frame`, or `SIGN_OF_LIFE`. */
  | { readonly kind: 'ignored'; readonly connection: number; readonly what: string }
  | ({ readonly kind: 'fired' } & TimerData)
  /** `address`: the bound one; empty in a redacted recording. */
  | { readonly kind: 'listening'; readonly listener: number; readonly address: string }
  | { readonly kind: 'listen_failed'; readonly listener: number; readonly message: string }
  | { readonly kind: 'listener_closed'; readonly listener: number }
  | { readonly kind: 'called'; readonly call: CallData }
  /** Only in imports: nothing is known to have come in; what follows went out at this time. */
  | { readonly kind: 'elapsed' }
  /** Only in imports: something came in or went out of which no more is known. */
  | { readonly kind: 'missing'; readonly connection: number; readonly what: string }
)

export type Read =
  | { readonly kind: 'random_bytes'; readonly bytes: Uint8Array; readonly length: number }
  | { readonly kind: 'random_number'; readonly number: number }
  | { readonly kind: 'buffered'; readonly connection: number; readonly size: number }

export type Output =
  | ({ readonly kind: 'sent'; readonly connection: number } & Payload)
  | { readonly kind: 'close'; readonly connection: number; readonly code: number; readonly reason: string }
  /** `timer`: 0 in recordings of format 1, which count them by their order. */
  | ({ readonly kind: 'set_timer'; readonly delayMs: number } & TimerData)
  | ({ readonly kind: 'cancelled' } & TimerData)
  | { readonly kind: 'listened'; readonly address: string }
  | { readonly kind: 'close_listener'; readonly listener: number }

export type Note =
  /** Something that cannot be written down: what follows cannot be replayed. */
  | { readonly kind: 'unrecordable'; readonly why: string }
  /** The recording was ended; without this one it was cut off. */
  | { readonly kind: 'ended'; readonly why: string }

export type Entry = Input | Read | Output | Note

export interface RecordedApp {
  readonly name: string
  readonly prefix: number
  /** `app.schemaHash`; empty where it is unknown, as in recordings of earlier versions. */
  readonly schemaHash: string
}

export interface RecordingHeader {
  /** The same in all files of a recording, and in no other recording. */
  readonly recording: string
  /** The number of the file, from 0. */
  readonly part: number
  /** Of this library. */
  readonly version: string
  readonly commit: string
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** JSON; Infinity is written `"never"`. */
  readonly configuration: string
  readonly apps: readonly RecordedApp[]
  readonly isRedacted: boolean
  /** What the recorded server's own clock read at `startedAt`. */
  readonly clockMs: number
  /**
   * Of what else than a server it was made, such as the name of a packet capture; empty: a recorder made it. An import
   * has what was seen on the wire and nothing of what the server read: it can be looked into, not replayed.
   */
  readonly importedFrom: string
}

export function isInput(entry: Entry): entry is Input {
  return 'atMs' in entry
}

/** Whether a field of what the generated code has read is there. */
export function isSet<T>(field: T | null | undefined): field is T {
  return field !== null && field !== undefined
}
