/**
 * ENet's datagrams as `protocol.h` of ENet 1.3 lays them out: a header of 2 or 4 bytes, then commands, all numbers
 * big-endian. Leaves out what any of it means; see `enet-datagram-guard.ts`, `enet-intake.ts` and `enet-proof.ts`.
 */

/** The peer number of datagrams that ask for a connection. */
export const NO_PEER = 0xfff
export const FLAG_SENT_TIME = 0x8000
export const FLAG_COMPRESSED = 0x4000
/** Of a command: it has to be acknowledged. */
export const FLAG_ACKNOWLEDGE = 0x80
/** The channel of commands that belong to no channel. */
export const CONTROL_CHANNEL = 0xff

export const ACKNOWLEDGE = 1
export const CONNECT = 2
export const VERIFY_CONNECT = 3
export const DISCONNECT = 4
export const PING = 5
export const SEND_RELIABLE = 6
export const SEND_UNRELIABLE = 7
export const SEND_FRAGMENT = 8
export const SEND_UNSEQUENCED = 9
export const SEND_UNRELIABLE_FRAGMENT = 12

/** Bytes of each command before its data, by command number. 0: there is no such command. */
const COMMAND_BYTES = [0, 8, 48, 44, 8, 4, 6, 8, 24, 8, 12, 16, 24] as const
export const CONNECT_BYTES = 48
export const PING_BYTES = 4

/** Where commands have their fields, from the start of the command. */
export const AT_SEQUENCE = 2
export const AT_ACKNOWLEDGED_SEQUENCE = 4
export const AT_ACKNOWLEDGED_TIME = 6
/** Of `CONNECT` and `VERIFY_CONNECT`: the number that the receiver's datagrams are to name, and the connection's id. */
export const AT_PEER_NUMBER = 4
export const AT_CONNECT_ID = 40
/** Of `VERIFY_CONNECT`: the session number that the receiver's datagrams are to name. */
export const AT_OUTGOING_SESSION = 7
/** Of `DISCONNECT`. */
export const AT_DISCONNECT_DATA = 4
/** Of fragments: the number of their message's first one. */
export const AT_START_SEQUENCE = 4
export const AT_FRAGMENT_COUNT = 8
export const AT_FRAGMENT_NUMBER = 12
export const AT_TOTAL_LENGTH = 16

/** A view of one datagram, which moves from command to command. */
export class DatagramReader {
  readonly view: DataView
  /** Where the current command begins, and where the next one does. */
  at = 0
  end: number

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.end = headerBytes(bytes)
  }

  /** The next command; false: there is no further whole one, as ENet sees it. */
  next(): boolean {
    const { view, end } = this
    this.at = end
    if (end + 4 > view.byteLength) return false
    const bytes = COMMAND_BYTES[view.getUint8(end) & 0x0f] ?? 0
    if (bytes === 0 || end + bytes > view.byteLength) return false
    this.end = end + bytes + this.dataBytes
    return true
  }

  get command(): number {
    return this.view.getUint8(this.at) & 0x0f
  }

  get wantsAcknowledgement(): boolean {
    return (this.view.getUint8(this.at) & FLAG_ACKNOWLEDGE) !== 0
  }

  get channel(): number {
    return this.view.getUint8(this.at + 1)
  }

  get sequence(): number {
    return this.view.getUint16(this.at + AT_SEQUENCE)
  }

  /** A message, or a part of one. */
  get isMessage(): boolean {
    const { command } = this
    return (command >= SEND_RELIABLE && command <= SEND_UNSEQUENCED) || command === SEND_UNRELIABLE_FRAGMENT
  }

  get isFragment(): boolean {
    const { command } = this
    return command === SEND_FRAGMENT || command === SEND_UNRELIABLE_FRAGMENT
  }

  /** What a command says that it carries; it may be more than there is. */
  get dataBytes(): number {
    switch (this.command) {
      case SEND_RELIABLE:
        return this.view.getUint16(this.at + 4)
      case SEND_UNRELIABLE:
      case SEND_UNSEQUENCED:
      case SEND_FRAGMENT:
      case SEND_UNRELIABLE_FRAGMENT:
        return this.view.getUint16(this.at + 6)
      default:
        return 0
    }
  }

  uint16(offset: number): number {
    return this.view.getUint16(this.at + offset)
  }

  uint32(offset: number): number {
    return this.view.getUint32(this.at + offset)
  }
}

export function headerBytes(bytes: Uint8Array): number {
  return hasSentTime(bytes) ? 4 : 2
}

export function hasSentTime(bytes: Uint8Array): boolean {
  return ((bytes[0] ?? 0) & (FLAG_SENT_TIME >> 8)) !== 0
}

/** The peer (by its number on this host) and the connection (by its session number) that a datagram claims to be of. */
export function claimedPeer(bytes: Uint8Array): { readonly peerId: number; readonly sessionId: number } {
  const head = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)
  return { peerId: head & NO_PEER, sessionId: (head >> 12) & 3 }
}

/** Numbers of 16 bits that wrap: how far `later` is ahead of `earlier`; from 32,768 on it is behind. */
export function aheadOf(earlier: number, later: number): number {
  return (later - earlier) & 0xffff
}

export const BEHIND = 0x8000
