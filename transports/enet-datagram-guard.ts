/**
 * Looks at each datagram before ENet does, and drops what ENet 1.3 handles badly: it believes any announced length
 * (a fragment that announces a gigabyte grows its memory, which never shrinks), reads past the end of its buffer when
 * a datagram is longer than its largest MTU, takes anything between `{` and `}` for an extension of its own, and works
 * through any number of commands.
 * Leaves out all that ENet itself checks well: sequence numbers, windows, truncated commands, unknown peers.
 */
import {
  AT_CONNECT_ID,
  AT_FRAGMENT_COUNT,
  AT_TOTAL_LENGTH,
  CONNECT,
  DatagramReader,
  FLAG_COMPRESSED,
  NO_PEER,
  SEND_RELIABLE,
  SEND_UNRELIABLE,
} from './enet-protocol.ts'
import { WAITING_OVERHEAD_BYTES } from './enet-peer-memory.ts'

/** `too_long`: a fragment of a message over the limit; the rest are dropped without further ado. */
export type DatagramVerdict = 'pass' | 'malformed' | 'refused' | 'too_long'

const DATAGRAM_BYTES_MAX = 4096
/** ENet puts at most 32 commands in a datagram. Other implementations of its protocol may use the room that there is. */
const COMMANDS_MAX = 256
/** A fragment carries at least this much, by ENet's smallest MTU of 576: so many make up a message, and no more. */
const FRAGMENT_BYTES_MIN = 500

export interface DatagramGuardOptions {
  /** In bytes; Infinity = no limit but ENet's own. */
  readonly messageBytesMax: number
  /** False: datagrams that ask for a connection are refused. */
  readonly acceptsConnections: boolean
}

/** Judges one datagram; `options` may change from one to the next. */
export function judgeDatagram(bytes: Uint8Array, options: DatagramGuardOptions): DatagramVerdict {
  if (bytes.length < 2 || bytes.length > DATAGRAM_BYTES_MAX) return 'malformed'
  const head = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)
  // Compression is off on both sides, so this flag also marks the `{` of ENet's odd extension.
  if ((head & FLAG_COMPRESSED) !== 0) return 'malformed'
  if ((head & NO_PEER) === NO_PEER && !options.acceptsConnections) return 'refused'
  return judgeCommands(new DatagramReader(bytes), options.messageBytesMax)
}

/** The connection id of a datagram that asks for a connection; undefined: it does not. */
export function requestedConnectId(bytes: Uint8Array): number | undefined {
  const reader = new DatagramReader(bytes)
  return reader.next() && reader.command === CONNECT ? reader.uint32(AT_CONNECT_ID) : undefined
}

/** The most that ENet may have to hold for a datagram that was let pass: whole messages, where it has a part of one. */
export function announcedBytes(bytes: Uint8Array): number {
  const reader = new DatagramReader(bytes)
  let announced = 0
  while (reader.next()) {
    const { command } = reader
    if (reader.isFragment) announced += WAITING_OVERHEAD_BYTES + reader.uint32(AT_TOTAL_LENGTH)
    else if (command === SEND_RELIABLE || command === SEND_UNRELIABLE)
      announced += WAITING_OVERHEAD_BYTES + reader.dataBytes
  }
  return announced
}

function judgeCommands(reader: DatagramReader, messageBytesMax: number): DatagramVerdict {
  for (let commands = 1; reader.next(); commands++) {
    if (commands > COMMANDS_MAX) return 'malformed'
    if (reader.isFragment && !isFragmentWithin(reader, messageBytesMax)) return 'too_long'
    if (reader.dataBytes > messageBytesMax) return 'too_long'
  }
  return 'pass'
}

function isFragmentWithin(reader: DatagramReader, messageBytesMax: number): boolean {
  const totalLength = reader.uint32(AT_TOTAL_LENGTH)
  const fragmentsMax = Math.ceil(totalLength / FRAGMENT_BYTES_MIN) + 1
  return totalLength <= messageBytesMax && reader.uint32(AT_FRAGMENT_COUNT) <= fragmentsMax
}
