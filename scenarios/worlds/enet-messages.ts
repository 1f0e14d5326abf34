/**
 * Which messages a datagram of ENet has a part of: by the channel and the sequence number of its commands. A message is known
 * by its bytes when it leaves for the first time, and by its number when it is sent again.
 *
 * Leaves out messages that leave twice with the same bytes to two clients behind one address in the same moment: either may
 * be taken for the other.
 */
import type { DatagramMessages, HostStacks, MessageUnderWay } from '../../sim/wire/index.ts'
import {
  AT_FRAGMENT_NUMBER,
  AT_START_SEQUENCE,
  AT_TOTAL_LENGTH,
  claimedPeer,
  DatagramReader,
  FLAG_COMPRESSED,
  SEND_RELIABLE,
} from '../../transports/enet-protocol.ts'

/** Messages that may be sent again: far more than ENet has under way. */
const REMEMBERED_MAX = 4096
/** Of commands that are fragments, before their data. */
const FRAGMENT_HEADER_BYTES = 24
const RELIABLE_HEADER_BYTES = 6
const OTHER_HEADER_BYTES = 8

export function enetMessages({ causes }: HostStacks): DatagramMessages {
  /** By peer, channel, command and sequence number, in the order in which they left first. */
  const sent = new Map<string, MessageUnderWay>()
  return {
    of: (bytes, { address, port }) => {
      if (!causes.isKept || bytes.length < 2 || ((bytes[0] ?? 0) & (FLAG_COMPRESSED >> 8)) !== 0) return undefined
      const reader = new DatagramReader(bytes)
      const messages: MessageUnderWay[] = []
      const { peerId, sessionId } = claimedPeer(bytes)
      const peer = 4 * peerId + sessionId
      while (reader.next()) {
        if (!reader.isMessage) continue
        const key = `${address} ${port} ${peer} ${reader.channel} ${reader.command} ${numberOf(reader)}`
        const isRepeatable = reader.command === SEND_RELIABLE || reader.isFragment
        const known = isRepeatable ? sent.get(key) : undefined
        const isSame = known !== undefined && (isLaterFragment(reader) || isOf(reader, bytes, known.bytes))
        const message = isSame
          ? known
          : causes.takeUnsent((each) => each.to === address && isOf(reader, bytes, each.bytes))
        if (message === undefined) continue
        if (!messages.includes(message)) messages.push(message)
        if (isRepeatable && !isSame) remember(sent, key, message)
      }
      return messages
    },
    arrived: (messages, from) => causes.readDatagram(messages, from),
  }
}

/** Of the message: fragments have a number each. */
function numberOf(reader: DatagramReader): number {
  return reader.isFragment ? reader.uint16(AT_START_SEQUENCE) : reader.sequence
}

function isLaterFragment(reader: DatagramReader): boolean {
  return reader.isFragment && reader.uint32(AT_FRAGMENT_NUMBER) !== 0
}

/** Whether the current command begins this message. */
function isOf(reader: DatagramReader, datagram: Uint8Array, message: Uint8Array): boolean {
  const { command, at, dataBytes } = reader
  if (reader.isFragment) {
    if (isLaterFragment(reader) || reader.uint32(AT_TOTAL_LENGTH) !== message.length) return false
  } else if (dataBytes !== message.length) {
    return false
  }
  const header = reader.isFragment
    ? FRAGMENT_HEADER_BYTES
    : command === SEND_RELIABLE
      ? RELIABLE_HEADER_BYTES
      : OTHER_HEADER_BYTES
  for (let index = 0; index < dataBytes; index++) {
    if (datagram[at + header + index] !== message[index]) return false
  }
  return true
}

function remember(sent: Map<string, MessageUnderWay>, key: string, message: MessageUnderWay): void {
  sent.set(key, message)
  if (sent.size <= REMEMBERED_MAX) return
  const oldest = sent.keys().next()
  if (oldest.done !== true) sent.delete(oldest.value)
}
