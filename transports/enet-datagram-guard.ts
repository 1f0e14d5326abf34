/**
 * Looks at each datagram before ENet does, and drops what ENet 1.3 handles badly: it believes any announced length
 * (a fragment that announces a gigabyte grows its memory, which never shrinks), reads past the end of its buffer when
 * a datagram is longer than its largest MTU, and takes anything between `{` and `}` for an extension of its own.
 *
 * The layout is that of ENet's `protocol.h`: a header of 2 or 4 bytes, then commands, all numbers big-endian.
 * Leaves out all that ENet itself checks well: sequence numbers, windows, truncated commands, unknown peers.
 */

/** `too_long`: a fragment of a message over the limit; the rest are dropped without further ado. */
export type DatagramVerdict = 'pass' | 'malformed' | 'refused' | 'too_long'

const DATAGRAM_BYTES_MAX = 4096
/** The peer id of datagrams that ask for a connection. */
export const NO_PEER = 0xfff
const FLAG_SENT_TIME = 0x8000
const FLAG_COMPRESSED = 0x4000

const SEND_RELIABLE = 6
const SEND_UNRELIABLE = 7
const SEND_FRAGMENT = 8
const SEND_UNSEQUENCED = 9
const SEND_UNRELIABLE_FRAGMENT = 12

/** Bytes of each command before its data, by command number. */
const COMMAND_BYTES = [0, 8, 48, 44, 8, 4, 6, 8, 24, 8, 12, 16, 24] as const

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
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const head = view.getUint16(0)
  // Compression is off on both sides, so this flag also marks the `{` of ENet's odd extension.
  if ((head & FLAG_COMPRESSED) !== 0) return 'malformed'
  if ((head & NO_PEER) === NO_PEER && !options.acceptsConnections) return 'refused'
  return judgeCommands(view, (head & FLAG_SENT_TIME) === 0 ? 2 : 4, options.messageBytesMax)
}

/** The peer (by its number on this host) and the connection (by its session number) that a datagram claims to be of. */
export function claimedPeer(bytes: Uint8Array): { readonly peerId: number; readonly sessionId: number } {
  const head = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)
  return { peerId: head & NO_PEER, sessionId: (head >> 12) & 3 }
}

function judgeCommands(view: DataView, start: number, messageBytesMax: number): DatagramVerdict {
  let offset = start
  while (offset + 4 <= view.byteLength) {
    const command = view.getUint8(offset) & 0x0f
    const length = COMMAND_BYTES[command] ?? 0
    // ENet stops reading here as well.
    if (length === 0 || offset + length > view.byteLength) return 'pass'
    if (command === SEND_FRAGMENT || command === SEND_UNRELIABLE_FRAGMENT) {
      if (!isFragmentWithin(view, offset, messageBytesMax)) return 'too_long'
    }
    const dataBytes = dataLength(view, offset, command)
    if (dataBytes > messageBytesMax) return 'too_long'
    offset += length + dataBytes
  }
  return 'pass'
}

function isFragmentWithin(view: DataView, offset: number, messageBytesMax: number): boolean {
  const fragmentCount = view.getUint32(offset + 8)
  const totalLength = view.getUint32(offset + 16)
  return totalLength <= messageBytesMax && fragmentCount <= Math.ceil(totalLength / FRAGMENT_BYTES_MIN) + 1
}

function dataLength(view: DataView, offset: number, command: number): number {
  switch (command) {
    case SEND_RELIABLE:
      return view.getUint16(offset + 4)
    case SEND_UNRELIABLE:
    case SEND_UNSEQUENCED:
    case SEND_FRAGMENT:
    case SEND_UNRELIABLE_FRAGMENT:
      return view.getUint16(offset + 6)
    default:
      return 0
  }
}
