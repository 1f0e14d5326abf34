/** What can be set on a server, with its defaults. */
import { OverworldError } from './errors.ts'
import { checkOptionNames, type OptionNames } from './option-names.ts'
import type { OnReport } from './report.ts'
import type { SessionDisconnect } from './session/views.ts'

export interface Limits {
  /** Bytes of one message. Above it the connection is closed with 4506. Default 65,536; Infinity: no limit. */
  readonly messageBytes: number
  /** Messages a second from one connection, ignored text frames included. Above it, it is closed with 4007. Default 1,000; Infinity: no limit. */
  readonly messagesPerSecond: number
  /**
   * Bytes a second from one connection. Above it, it is closed with 4007. Default 262,144 (256 KiB), or four of the longest messages
   * where that is more; Infinity: no limit.
   */
  readonly bytesPerSecond: number
  /**
   * Sessions. For a client beyond them, the address with the most sessions in grace (and more than the client's own address has sessions)
   * gives up its newest; otherwise the client is closed with 4010. A resume never is. Default 10,000; Infinity: no limit.
   */
  readonly sessions: number
  /**
   * Sessions of one address (IPv6: one /64), those in grace included; further clients there are closed with 4010, a resume never is. Behind a
   * proxy that is not in `trustedProxies` all clients have one address. Default: half of `sessions`; Infinity: no limit.
   */
  readonly sessionsPerAddress: number
  /**
   * Open connections. For a further one, the one that has waited longest without requesting a session is closed with 4010;
   * where all have one, it can come back to a session, but is closed with 4010 if it asks for a new one. Keep it well
   * above `sessions`. Default 20,000; Infinity: no limit.
   */
  readonly connections: number
  /**
   * Connections from one address (IPv6: one /64) that have no session yet. For a further one, the one of them that has waited longest is
   * closed with 4007, so that whoever comes back to a session is let in. Default 1,024; 0: none; Infinity: no limit.
   */
  readonly preconnectsPerAddress: number
  /** Bytes waiting for a connection above which unreliable messages to it are dropped. Default 262,144 (256 KiB); Infinity: never. */
  readonly bufferedBytesSoft: number
  /** Bytes waiting for a connection above which it is closed with 4005. Default 1,048,576 (1 MiB); Infinity: never. */
  readonly bufferedBytesHard: number
  /**
   * Calls (`zone.tell`, `session.send`, `session.join` …) that handlers and callbacks make within one turn. Further ones are dropped, and reported
   * once for the turn as `turn_too_long`. Default 100,000; Infinity: no limit.
   */
  readonly callsPerTurn: number
}

export interface ServerOptions {
  /** How long (ms) a disconnected session waits for its client, unless set otherwise on the session. Default 5,000; 0: not at all; Infinity: for ever. */
  readonly disconnectTimeout: number
  /** How long (ms) a connection may take to request a session. Default 5,000; Infinity: for ever. */
  readonly requestTimeout: number
  /** How long (ms) a connection may be silent before it counts as lost. Default 10,000; 0: for ever; else at least 3,000. */
  readonly livenessTimeout: number
  /**
   * How often (ms) a connected session gets a beacon. Default 1,000; from 250 to 2,000. `livenessTimeout` must be 0 or at
   * least three times as long; a client of ours gives up a server that is silent for 5 s.
   */
  readonly beaconIntervalMs: number
  /** Called when a session loses its connection or is ended by its client, unless set otherwise on the session. */
  readonly disconnectCallback: SessionDisconnect | undefined
  readonly limits: Limits
}

export const DEFAULT_LIMITS: Limits = Object.freeze({
  messageBytes: 65_536,
  messagesPerSecond: 1_000,
  bytesPerSecond: 262_144,
  sessions: 10_000,
  sessionsPerAddress: 5_000,
  connections: 20_000,
  preconnectsPerAddress: 1_024,
  bufferedBytesSoft: 262_144,
  bufferedBytesHard: 1_048_576,
  callsPerTurn: 100_000,
})

/** The shortest `livenessTimeout`. */
const LIVENESS_TIMEOUT_MIN = 3_000
/** So many beacons fit into a `livenessTimeout`: two may be late. */
const BEACONS_PER_TIMEOUT = 3
/** Of 25 beacons that are remembered the oldest must be older than the slowest answer. */
const BEACON_INTERVAL_MIN = 250
/** Two of three beacons may be late before a client's 5 s are over. */
const BEACON_INTERVAL_MAX = 2_000

export type PartialServerOptions = Partial<Omit<ServerOptions, 'limits'>> & { readonly limits?: Partial<Limits> }

/** Of the options that `readServerOptions` reads. */
export const SERVER_OPTION_NAMES: OptionNames<ServerOptions> = {
  disconnectTimeout: true,
  requestTimeout: true,
  livenessTimeout: true,
  beaconIntervalMs: true,
  disconnectCallback: true,
  limits: true,
}

/**
 * What `createServer` takes where its own options say nothing: from whoever runs the program, such as the flags of
 * `overworld serve`. Each option and each limit counts by itself.
 */
export type ServerDefaults = Omit<PartialServerOptions, 'disconnectCallback'> & {
  /** Default: writes `describeReport` to the console's errors. */
  readonly onReport?: OnReport
}

const DEFAULTS_NAMES: OptionNames<ServerDefaults> = {
  disconnectTimeout: true,
  requestTimeout: true,
  livenessTimeout: true,
  beaconIntervalMs: true,
  limits: true,
  onReport: true,
}

/** Fills in the defaults. Throws `bad_option` for a value out of range, and for an option or a limit that does not exist. */
export function readServerOptions(given: PartialServerOptions, defaults: ServerDefaults = {}): ServerOptions {
  checkOptionNames('defaults', defaults, DEFAULTS_NAMES)
  const options: ServerOptions = {
    disconnectTimeout: given.disconnectTimeout ?? defaults.disconnectTimeout ?? 5_000,
    requestTimeout: given.requestTimeout ?? defaults.requestTimeout ?? 5_000,
    livenessTimeout: given.livenessTimeout ?? defaults.livenessTimeout ?? 10_000,
    beaconIntervalMs: given.beaconIntervalMs ?? defaults.beaconIntervalMs ?? 1_000,
    disconnectCallback: given.disconnectCallback,
    limits: readLimits(given.limits, defaults.limits),
  }
  checkDuration('disconnectTimeout', options.disconnectTimeout)
  checkDuration('requestTimeout', options.requestTimeout)
  checkDuration('livenessTimeout', options.livenessTimeout)
  if (options.livenessTimeout !== 0 && options.livenessTimeout < LIVENESS_TIMEOUT_MIN) {
    throw new OverworldError(
      'bad_option',
      `livenessTimeout must be 0 (off) or at least ${LIVENESS_TIMEOUT_MIN} ms, not ${options.livenessTimeout}`,
    )
  }
  checkBeaconInterval(options)
  checkOptionNames('limits', options.limits, DEFAULT_LIMITS)
  for (const [name, value] of Object.entries(options.limits)) checkDuration(`limits.${name}`, value as number)
  return options
}

function readLimits(own: Partial<Limits> = {}, byDefault: Partial<Limits> = {}): Limits {
  for (const limits of [own, byDefault] as readonly unknown[]) {
    if (typeof limits !== 'object' || limits === null)
      throw new OverworldError('bad_option', 'limits must be an object')
  }
  const { connections, ...others } = byDefault
  // A program that says how many sessions it has needs connections for these, not for as many as somebody else had in mind.
  const hasPlaces = connections !== undefined && own.sessions === undefined
  const given = { ...others, ...(hasPlaces && { connections }), ...own }
  const limits = { ...DEFAULT_LIMITS, ...given }
  return {
    ...limits,
    bytesPerSecond: given.bytesPerSecond ?? Math.max(limits.bytesPerSecond, 4 * limits.messageBytes),
    sessionsPerAddress: given.sessionsPerAddress ?? Math.ceil(limits.sessions / 2),
  }
}

function checkBeaconInterval({ beaconIntervalMs, livenessTimeout }: ServerOptions): void {
  if (!(beaconIntervalMs >= BEACON_INTERVAL_MIN && beaconIntervalMs <= BEACON_INTERVAL_MAX)) {
    throw new OverworldError(
      'bad_option',
      `beaconIntervalMs must be a number from ${BEACON_INTERVAL_MIN} to ${BEACON_INTERVAL_MAX}, not ${String(beaconIntervalMs)}`,
    )
  }
  if (livenessTimeout !== 0 && livenessTimeout < BEACONS_PER_TIMEOUT * beaconIntervalMs) {
    throw new OverworldError(
      'bad_option',
      `livenessTimeout must be 0 (off) or at least ${BEACONS_PER_TIMEOUT} times beaconIntervalMs (${beaconIntervalMs} ms), not ${livenessTimeout} ms`,
    )
  }
}

/** Throws `bad_option` unless `value` is a number from 0 to Infinity. */
export function checkDuration(name: string, value: number): void {
  if (typeof value === 'number' && value >= 0) return
  throw new OverworldError('bad_option', `${name} must be a number from 0 to Infinity, not ${String(value)}`)
}
