/**
 * What a server counts. Names ending in `Total` only ever grow; the others are what is there now.
 * Each name is documented here and appears, in snake case, on the metrics page (`overworld_…`).
 */

const COUNTERS = [
  /** Connections that opened, whatever became of them. */
  'connectionsOpenedTotal',
  /** Connections that were refused: the server drains, there are too many connections, or no place for a new session. */
  'connectionsRefusedTotal',
  /** Sessions that became connected for the first time. */
  'sessionsStartedTotal',
  /** Disconnected sessions that came back. */
  'sessionsResumedTotal',
  /** Connected sessions taken over by another connection or proxy. */
  'sessionsTakenOverTotal',
  /** Sessions that lost their connection. */
  'sessionsDisconnectedTotal',
  /** Sessions that were not back in time. */
  'sessionsExpiredTotal',
  /** Disconnected sessions of a crowded address that gave their place on a full server to another address. */
  'sessionsEvictedTotal',
  /** Sessions ended by their client (4000). */
  'sessionsEndedTotal',
  /** Sessions stopped by the server. */
  'sessionsStoppedTotal',
  /** Requests with a token that no session has. */
  'badTokensTotal',
  /** Requests that came too late: with a valid token, but an attempt number below one accepted before. */
  'lateRequestsTotal',
  /** `session_denied` messages sent. */
  'denialsTotal',
  /** Connections given up because nothing was heard on them. */
  'livenessTimeoutsTotal',
  'messagesInTotal',
  'bytesInTotal',
  'messagesOutTotal',
  'bytesOutTotal',
  /** Malformed input: closed with 4506. */
  'malformedTotal',
  /** Messages above the size limit: closed with 4506. */
  'oversizedTotal',
  /**
   * Messages of apps that could not be decoded. Malformed ones of a client whose schema differs, and those that the schema
   * does not have, are ignored; other malformed ones count as `malformedTotal`, too.
   */
  'undecodableTotal',
  /** Messages with a prefix that no app has: ignored. */
  'unknownPrefixTotal',
  /** Messages whose `oneof msg` was empty: ignored. */
  'emptyMessageTotal',
  /** Messages that only a server sends, or that the zone has no handler for: ignored. */
  'unexpectedMessageTotal',
  /** WebSocket text frames: ignored. */
  'textFrameTotal',
  /** Pings with an id that is unknown or was answered before: ignored. */
  'unknownPingTotal',
  /** Connections closed with 4007. */
  'rateLimitedTotal',
  /** Connections closed with 4005. */
  'slowReadersTotal',
  /** Unreliable messages dropped because the reader was slow. */
  'droppedSlowTotal',
  /** Messages dropped because their session was disconnected. */
  'droppedDisconnectedTotal',
  /** Messages dropped because their session was gone, or no member of the zone that sent them. */
  'droppedGoneTotal',
  /** Handlers and callbacks that threw, `onReport` included. */
  'throwsTotal',
  /** Zone ticks run. */
  'ticksTotal',
] as const

/** What is there now; all zero once everybody has gone and every timeout has passed. */
const GAUGES = [
  'connections',
  'sessions',
  'sessionsPreconnect',
  'sessionsConnected',
  'sessionsDisconnected',
  /** Secrets that could resume a session: up to two each. */
  'tokens',
  /** Timers of the whole server, those of zones included. */
  'timers',
  'zones',
  'zoneMembers',
] as const

export type CounterName = (typeof COUNTERS)[number]
export type GaugeName = (typeof GAUGES)[number]
export type ServerStats = Readonly<Record<CounterName | GaugeName, number>>

export const COUNTER_NAMES: readonly CounterName[] = COUNTERS
export const GAUGE_NAMES: readonly GaugeName[] = GAUGES

export type Counters = Record<CounterName, number>

export function createCounters(): Counters {
  const counters: Partial<Counters> = {}
  for (const name of COUNTERS) counters[name] = 0
  return counters as Counters
}
