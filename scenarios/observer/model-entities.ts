/** What the reference model knows of one connection and of one session: what an outsider sees of them. */
import type { CallbackOf } from './observation.ts'

/** One connection, as the outside sees it. */
export interface ModelConnection {
  readonly number: number
  readonly openedAtMs: number
  readonly transport: string
  readonly address: string
  /** It has not been given a session yet, and was let in to ask for one. */
  isWaiting: boolean
  /** Or, where the server has stood still since, when its silence began to count again. */
  heardAtMs: number
  /** The same, whatever the server did since. */
  lastHeardAtMs: number
  /** Closed by either side, or replaced: nothing may be sent any more. */
  isOver: boolean
  session: ModelSession | undefined
  badTokens: number
  /** Of the apps that its client has announced, those whose schema differs; undefined: it has announced nothing. */
  skewed: readonly number[] | undefined
  /** It was sent a `session_new`, and its `session_state` must be next. */
  owesState: boolean
  /** Beacons that were sent and not answered, by id. */
  readonly beacons: Map<number, number>
  beaconCount: number
  /** The highest id of those. */
  lastBeacon: number
  lastBeaconAtMs: number
  /** When its latest messages came; only where their number is limited. */
  arrivals: { readonly atMs: number; readonly bytes: number }[]
}

export interface ModelSession {
  readonly id: number
  /** Undefined while it is disconnected. */
  connection: ModelConnection | undefined
  token: string
  previousToken: string | undefined
  attempt: number
  /** What it was before a return with the previous token; undefined once the client has proven that it holds the current one. */
  attemptBefore: number | undefined
  timeoutMs: number
  lostAtMs: number
  /** The order in which sessions lost their connections. */
  lostOrder: number
  /** By which limits count; '' for a session that never had a connection. */
  address: string
  lostTransport: string
  callback: CallbackOf
  /** The highest id of its beacons, over all its connections. */
  lastBeacon: number
  /** When its last regular beacon came, where that was surely in time; NaN before. */
  beaconAtMs: number
  /** The last round trip over its present connection, or over the one that it has lost. */
  latency: number | undefined
  zone: Membership | undefined
}

interface Membership {
  readonly zone: string
  readonly app: string
  readonly isHard: boolean
  /** A soft member whose connection is lost. */
  isAway: boolean
  readonly joinedAtMs: number
}

export function newConnection(
  number: number,
  { transport, address = '', nowMs }: { readonly transport: string; readonly address?: string; readonly nowMs: number },
): ModelConnection {
  return {
    number,
    openedAtMs: nowMs,
    transport,
    address,
    isWaiting: false,
    heardAtMs: nowMs,
    lastHeardAtMs: nowMs,
    isOver: false,
    session: undefined,
    badTokens: 0,
    skewed: undefined,
    owesState: false,
    beacons: new Map(),
    beaconCount: 0,
    lastBeacon: 0,
    lastBeaconAtMs: 0,
    arrivals: [],
  }
}
