/**
 * The recorded history: what happened in the zones of a recording that drew random numbers, in order, and what they drew.
 * It is a part of the scenario that was made of the recording, so that its numbers can be kept wherever that runs.
 *
 * What counts as history. Over other links all times shift, and with them the server's turns. So a history is neither:
 *
 * - Each zone has a history of its own. What happens in another zone does not end it: the tables of a lobby are independent.
 * - It is the sequence of the zone's handlers that run: which handler, for whose session, with which message. Sessions are
 *   told apart by whose they are (`client2`), since tokens and session ids are those of the new run.
 * - Ticks have no part in it, unless they draw: how many pass between two messages depends on the delay of a link. Neither
 *   have handlers that the zone does not define. A timer that the zone has set has a part in it: a turn that is over and
 *   the move that came just in time are two histories.
 * - What is drawn outside of the zones' handlers (the program's boot, its commands and timers, the routes) is one history
 *   more, of what has drawn. What an NPC draws when it is told something belongs to its zone.
 * - Tokens are no part of it: they are drawn by the server, not by the game.
 */
import type { AppName } from '../scenario.ts'

export interface RecordedHistory {
  readonly places: readonly PlaceHistory[]
  /** It is known only up to this time (ms of the scenario), since the program reads other values from there on. Default: all of it is. */
  readonly knownUntilMs?: number
}

/** A zone; without names: what is outside of all zones. */
export interface Place {
  readonly app?: AppName
  readonly zone?: string
}

export interface PlaceHistory extends Place {
  readonly events: readonly RecordedEventOfPlace[]
}

/** What can be compared of something that happens. */
export interface Happening {
  /** The handler with what tells it from others: `rpc.play`, `handlePart left`, `setTimer 3`; outside of zones such as `boot`. */
  readonly what: string
  /** Whose session it is about: a client, `NPC 1`. */
  readonly who?: string
  /** What was said, as JSON. */
  readonly message?: unknown
}

export interface RecordedEventOfPlace extends Happening {
  /** When it happened in the recording, in ms of the scenario. */
  readonly atMs: number
  /** In their order. */
  readonly drawn?: readonly Drawn[]
}

/** A random number, or random bytes in base64. */
export type Drawn = number | string

export function keyOfPlace({ app, zone }: Place): string {
  return JSON.stringify([app, zone])
}

/** Equal for equal happenings. */
export function keyOfHappening({ what, who, message }: Happening): string {
  return JSON.stringify([what, who, message])
}
