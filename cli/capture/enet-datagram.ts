/**
 * Datagrams of ENet 1.3 as data: a header of 2 or 4 bytes, then commands, all numbers big-endian, as its `protocol.h`
 * has them. Leaves out checksums, which a host must be told to use, and compression.
 */

export interface EnetDatagram {
  /** The receiver's number of the connection; `NO_PEER`: it has none yet. */
  readonly peerId: number
  readonly sessionId: number
  readonly commands: readonly EnetCommand[]
}

interface CommandHead {
  readonly channel: number
  readonly reliableSequence: number
  /** Its receiver is to acknowledge it. */
  readonly isAcknowledged: boolean
}

/** Undefined: it was cut off when it was captured. */
type Data = Uint8Array | undefined

export interface EnetFragment {
  readonly startSequence: number
  readonly fragmentCount: number
  readonly fragmentNumber: number
  readonly totalLength: number
  readonly data: Data
}

export type EnetCommand = CommandHead &
  (
    | { readonly kind: 'acknowledge'; readonly acknowledged: number }
    | { readonly kind: 'connect'; readonly outgoingPeerId: number; readonly connectId: number }
    | {
        readonly kind: 'verify_connect'
        readonly outgoingPeerId: number
        /** Of what the client is going to send, and of what the server is. */
        readonly clientSession: number
        readonly serverSession: number
        readonly connectId: number
      }
    | { readonly kind: 'disconnect'; readonly data: number }
    | { readonly kind: 'send_reliable'; readonly data: Data }
    | { readonly kind: 'send_unreliable'; readonly unreliableSequence: number; readonly data: Data }
    | { readonly kind: 'send_unsequenced'; readonly group: number; readonly data: Data }
    | ({ readonly kind: 'send_fragment' } & EnetFragment)
    | ({ readonly kind: 'send_unreliable_fragment' } & EnetFragment)
    | { readonly kind: 'ping' }
    | { readonly kind: 'configure' }
  )

export const NO_PEER = 0xfff
/** The channel of what is about the connection itself. */
export const CONTROL_CHANNEL = 0xff
export const MESSAGE_BYTES_MAX: number = 16 * 1024 * 1024

const FLAG_SENT_TIME = 0x8000
const FLAG_COMPRESSED = 0x4000
const FLAG_ACKNOWLEDGE = 0x80
/** Bytes of each command before its data, by command number. */
const COMMAND_BYTES = [0, 8, 48, 44, 8, 4, 6, 8, 24, 8, 12, 16, 24] as const
const FRAGMENTS_MAX = 1024 * 1024

/** `length`: of the datagram; more than `bytes` has where it was cut short. */
export function readEnetDatagram(bytes: Uint8Array, length: number): EnetDatagram | 'compressed' | 'unreadable' {
  if (bytes.length < 2) return 'unreadable'
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const head = view.getUint16(0)
  if ((head & FLAG_COMPRESSED) !== 0) return 'compressed'
  const commands: EnetCommand[] = []
  let at = (head & FLAG_SENT_TIME) === 0 ? 2 : 4
  while (at < bytes.length) {
    const commandBytes = COMMAND_BYTES[view.getUint8(at) & 0x0f] ?? 0
    if (commandBytes === 0) return 'unreadable'
    if (at + commandBytes > bytes.length) {
      if (length > bytes.length) break
      return 'unreadable'
    }
    const dataBytes = dataLength(view, at)
    if (at + commandBytes + dataBytes > length) return 'unreadable'
    const command = readCommand(view, at, dataAt(bytes, at + commandBytes, dataBytes))
    if (command === undefined) return 'unreadable'
    commands.push(command)
    at += commandBytes + dataBytes
  }
  return commands.length === 0 && length === bytes.length
    ? 'unreadable'
    : { peerId: head & NO_PEER, sessionId: (head >> 12) & 3, commands }
}

function readCommand(view: DataView, at: number, data: Data): EnetCommand | undefined {
  const first = view.getUint8(at)
  const head: CommandHead = {
    channel: view.getUint8(at + 1),
    reliableSequence: view.getUint16(at + 2),
    isAcknowledged: (first & FLAG_ACKNOWLEDGE) !== 0,
  }
  switch (first & 0x0f) {
    case 1:
      return { ...head, kind: 'acknowledge', acknowledged: view.getUint16(at + 4) }
    case 2:
      return { ...head, kind: 'connect', outgoingPeerId: view.getUint16(at + 4), connectId: view.getUint32(at + 40) }
    case 3:
      return {
        ...head,
        kind: 'verify_connect',
        outgoingPeerId: view.getUint16(at + 4),
        serverSession: view.getUint8(at + 6) & 3,
        clientSession: view.getUint8(at + 7) & 3,
        connectId: view.getUint32(at + 40),
      }
    case 4:
      return { ...head, kind: 'disconnect', data: view.getUint32(at + 4) }
    case 5:
      return { ...head, kind: 'ping' }
    case 6:
      return { ...head, kind: 'send_reliable', data }
    case 7:
      return { ...head, kind: 'send_unreliable', unreliableSequence: view.getUint16(at + 4), data }
    case 8:
      return readFragment({ ...head, kind: 'send_fragment' }, view, at, data)
    case 9:
      return { ...head, kind: 'send_unsequenced', group: view.getUint16(at + 4), data }
    case 12:
      return readFragment({ ...head, kind: 'send_unreliable_fragment' }, view, at, data)
    default:
      return { ...head, kind: 'configure' }
  }
}

function readFragment<Head extends object>(
  head: Head,
  view: DataView,
  at: number,
  data: Data,
): (Head & EnetFragment) | undefined {
  const fragmentCount = view.getUint32(at + 8)
  const fragmentNumber = view.getUint32(at + 12)
  const totalLength = view.getUint32(at + 16)
  const offset = view.getUint32(at + 20)
  const length = view.getUint16(at + 6)
  const isWithin = fragmentNumber < fragmentCount && offset + length <= totalLength
  if (fragmentCount > FRAGMENTS_MAX || !isWithin) return undefined
  return { ...head, startSequence: view.getUint16(at + 4), fragmentCount, fragmentNumber, totalLength, data }
}

function dataLength(view: DataView, at: number): number {
  switch (view.getUint8(at) & 0x0f) {
    case 6:
      return view.getUint16(at + 4)
    case 7:
    case 8:
    case 9:
    case 12:
      return view.getUint16(at + 6)
    default:
      return 0
  }
}

/** A copy: it is kept longer than the packet. */
function dataAt(bytes: Uint8Array, at: number, length: number): Data {
  return at + length > bytes.length ? undefined : bytes.slice(at, at + length)
}
