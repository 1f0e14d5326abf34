/**
 * Looks at each datagram before ENet does, and drops what ENet 1.3 handles badly: it believes any announced length
 * (a fragment that announces a gigabyte grows its memory, which never shrinks), reads past the end of its buffer when
 * a datagram is longer than its largest MTU, and takes anything between `{` and `}` for an extension of its own.
 *
 * The layout is that of ENet's `protocol.h`: a header of 2 or 4 bytes, then commands, all numbers big-endian.
 * Leaves out all that ENet itself checks well: sequence numbers, windows, truncated commands, unknown peers.
 */

import { WAITING_OVERHEAD_BYTES } from './enet-peer-memory.ts'

/** `too_long`: a fragment of a message over the limit; the rest are dropped without further ado. */
export type DatagramVerdict = 'pass' | 'malformed' | 'refused' | 'too_long'

const DATAGRAM_BYTES_MAX = 4096
/** The peer id of datagrams that ask for a connection. */
export const NO_PEER = 0xfff
const FLAG_SENT_TIME = 0x8000
const FLAG_COMPRESSED = 0x4000

const CONNECT = 2
const VERIFY_CONNECT = 3
const SEND_RELIABLE = 6
const SEND_UNRELIABLE = 7
const SEND_FRAGMENT = 8
const SEND_UNSEQUENCED = 9
const SEND_UNRELIABLE_FRAGMENT = 12

/** Bytes of each command before its data, by command number. */
const COMMAND_BYTES = [0, 8, 48, 44, 8, 4, 6, 8, 24, 8, 12, 16, 24] as const

/** Where `connect` and `verifyConnect` have the connection id. */
const CONNECT_ID = 40

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

/** The connection id of a datagram that asks for a connection; undefined: it does not. */
export function requestedConnectId(bytes: Uint8Array): number | undefined {
  const head = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)
  const at = (head & FLAG_SENT_TIME) === 0 ? 2 : 4
  const isConnect = (head & NO_PEER) === NO_PEER && ((bytes[at] ?? 0) & 0x0f) === CONNECT
  return isConnect && at + COMMAND_BYTES[CONNECT] <= bytes.length ? uint32(bytes, at + CONNECT_ID) : undefined
}

/** Whom the library accepts with a datagram that it sends: the number of its own peer; undefined: nobody. */
export function acceptedPeer(bytes: Uint8Array): { readonly peerId: number; readonly connectId: number } | undefined {
  const at = ((bytes[0] ?? 0) & (FLAG_SENT_TIME >> 8)) === 0 ? 2 : 4
  if (((bytes[at] ?? 0) & 0x0f) !== VERIFY_CONNECT || at + COMMAND_BYTES[VERIFY_CONNECT] > bytes.length)
    return undefined
  const peerId = ((bytes[at + 4] ?? 0) << 8) | (bytes[at + 5] ?? 0)
  return { peerId, connectId: uint32(bytes, at + CONNECT_ID) }
}

/** The most that ENet may have to hold for a datagram that was let pass: whole messages, where it has a part of one. */
export function announcedBytes(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let announced = 0
  let offset = (view.getUint16(0) & FLAG_SENT_TIME) === 0 ? 2 : 4
  while (offset + 4 <= view.byteLength) {
    const command = view.getUint8(offset) & 0x0f
    const length = COMMAND_BYTES[command] ?? 0
    if (length === 0 || offset + length > view.byteLength) break
    const dataBytes = dataLength(view, offset, command)
    const isFragment = command === SEND_FRAGMENT || command === SEND_UNRELIABLE_FRAGMENT
    if (isFragment) announced += WAITING_OVERHEAD_BYTES + view.getUint32(offset + 16)
    else if (command === SEND_RELIABLE || command === SEND_UNRELIABLE) announced += WAITING_OVERHEAD_BYTES + dataBytes
    offset += length + dataBytes
  }
  return announced
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

function uint32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0
  )
}
