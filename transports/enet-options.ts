/** What can be set on an ENet network, with units, ranges, defaults and off values. */
import { OverworldError } from '../core/errors.ts'
import type { Random } from '../core/injected.ts'
import { checkOptionNames, type OptionNames } from '../core/option-names.ts'
import type { EnetLibrary } from './enet-library.ts'
import type { PeerTimeouts } from './enet-peer-memory.ts'
import { PEER_TIMEOUT_MS_MAX, PEERS_MAX_OF_ENET } from './enet-host.ts'
import { RECEIVE_BUFFER_BYTES_DEFAULT, type UdpStack } from './enet-stack.ts'
import {
  durationOption,
  limitOption,
  MESSAGE_BYTES_MAX_DEFAULT,
  TRANSPORT_OPTION_NAMES,
  type TransportOptions,
} from './options.ts'

const PEERS_MAX_DEFAULT = 1024
const CONNECT_TIMEOUT_MS_DEFAULT = 5000
const PEER_TIMEOUTS_DEFAULT: PeerTimeouts = { minMs: 5000, maxMs: 30_000 }
const DATAGRAMS_PER_SECOND_MAX_DEFAULT = 10_000
const COMMANDS_PER_SECOND_MAX_DEFAULT = 20_000
/** Systems take the size of a buffer as a signed 32-bit number. */
const RECEIVE_BUFFER_BYTES_MAX = 2 ** 31 - 1

export interface EnetOptions extends TransportOptions {
  /** For ENet's connection ids and the numbers of peers, which must not be guessed. Default: the system's. */
  readonly random?: Random | undefined
  /**
   * Connections open at a time for each listener: 1 to 4095 (of which ENet has 4,031 beside the places that it keeps for
   * handshakes). Default 1024. Where there are so many already, and a connection from an address that has fewer of them
   * comes, the newest one of the address that has most makes room: it is closed with 4007. Where that would be the
   * newcomer, ENet does not answer, and the client's dialling times out.
   */
  readonly connectionsMax?: number | undefined
  /** How long `connect` goes on trying, in ms, above 0. Default 5000; Infinity = as long as ENet does, some 30 s. */
  readonly connectTimeoutMs?: number | undefined
  /**
   * When ENet gives a mute peer up, in ms: after `minMs` without an acknowledgement if it has been resending for
   * long (32 times the round trip), after `maxMs` in any case. Default 5000 and 30,000, ENet's own. They never come before
   * the `livenessTimeout` of the server or client that has the connection (`ConnectionHandler.patienceMs`). Both whole
   * numbers from 1 to 86,399,999: ENet's clock tells what came first within a day.
   */
  readonly peerTimeouts?: PeerTimeouts | undefined
  /**
   * Datagrams that a listener takes from each of its peers in a second, 1 or more; Infinity = no limit. Default 10,000, which is
   * 14 MB. What is more is dropped, as if it had been lost on the way: pings and repetitions, which no program hears of,
   * would otherwise keep a server as busy as a peer likes.
   */
  readonly datagramsPerSecondMax?: number | undefined
  /**
   * Commands (messages, their fragments, acknowledgements, pings) that a listener takes from each of its peers in a second,
   * 1 or more; Infinity = no limit. Default 20,000. A datagram with more than that is dropped as if it had been lost; one with
   * more than 256 is never taken (ENet sends at most 32).
   */
  readonly commandsPerSecondMax?: number | undefined
  /**
   * What the system is asked to keep, for each socket, of datagrams that the program has not read yet, in bytes: 1 to
   * 2^31−1. Default 4,194,304 (10,000 small datagrams, or 3,600 full ones). What does not fit is lost, and sent again by ENet half
   * a second later or more; so this is how long the program may be busy, or flooded, before its players notice. The
   * system grants no more than it allows: Linux 212,992 (500 small datagrams) unless `net.core.rmem_max` is raised.
   * `stats()` says what was granted.
   */
  readonly receiveBufferBytes?: number | undefined
  /** Gives instances of the library. Default: private ones of the package `enet`. */
  readonly loadLibrary?: (() => EnetLibrary) | undefined
  /** Where sockets come from. Default: Node's `dgram` and `dns`. */
  readonly stack?: UdpStack | undefined
}

const OPTION_NAMES: OptionNames<EnetOptions> = {
  ...TRANSPORT_OPTION_NAMES,
  random: true,
  connectionsMax: true,
  connectTimeoutMs: true,
  peerTimeouts: true,
  datagramsPerSecondMax: true,
  commandsPerSecondMax: true,
  receiveBufferBytes: true,
  loadLibrary: true,
  stack: true,
}

/** The numbers among the options, each with a value. */
export interface EnetLimits {
  readonly messageBytesMax: number
  readonly connectionsMax: number
  readonly connectTimeoutMs: number
  readonly peerTimeouts: PeerTimeouts
  readonly datagramsPerSecondMax: number
  readonly commandsPerSecondMax: number
  readonly receiveBufferBytes: number
}

/** Throws `OverworldError` `bad_option`, also for the name of an option that does not exist. */
export function enetLimits(options: EnetOptions): EnetLimits {
  checkOptionNames('enetNetwork', options, OPTION_NAMES)
  return {
    messageBytesMax: limitOption('messageBytesMax', options.messageBytesMax, MESSAGE_BYTES_MAX_DEFAULT),
    connectionsMax: wholeNumber('connectionsMax', options.connectionsMax ?? PEERS_MAX_DEFAULT, PEERS_MAX_OF_ENET),
    connectTimeoutMs: durationOption('connectTimeoutMs', options.connectTimeoutMs, CONNECT_TIMEOUT_MS_DEFAULT),
    peerTimeouts: checkedTimeouts(options.peerTimeouts ?? PEER_TIMEOUTS_DEFAULT),
    datagramsPerSecondMax: limitOption(
      'datagramsPerSecondMax',
      options.datagramsPerSecondMax,
      DATAGRAMS_PER_SECOND_MAX_DEFAULT,
    ),
    commandsPerSecondMax: limitOption(
      'commandsPerSecondMax',
      options.commandsPerSecondMax,
      COMMANDS_PER_SECOND_MAX_DEFAULT,
    ),
    receiveBufferBytes: wholeNumber(
      'receiveBufferBytes',
      options.receiveBufferBytes ?? RECEIVE_BUFFER_BYTES_DEFAULT,
      RECEIVE_BUFFER_BYTES_MAX,
    ),
  }
}

/** They are written into ENet's memory, where anything else would be a time of 0. */
function checkedTimeouts({ minMs, maxMs }: PeerTimeouts): PeerTimeouts {
  return {
    minMs: wholeNumber('peerTimeouts.minMs', minMs, PEER_TIMEOUT_MS_MAX),
    maxMs: wholeNumber('peerTimeouts.maxMs', maxMs, PEER_TIMEOUT_MS_MAX),
  }
}

function wholeNumber(name: string, value: number, max: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= max) return value
  throw new OverworldError('bad_option', `${name} must be a whole number from 1 to ${max}, not ${value}`)
}
