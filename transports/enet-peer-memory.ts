/**
 * The few fields of ENet's structures that the library has no function for, read and written in its memory. Where they
 * are follows from `enet.h`; that the library at hand agrees is checked on every peer, because a wrong guess would
 * overwrite something else. Where it does not agree nothing is written, and ENet's defaults stay.
 */
import type { EnetLibrary, HostPointer, PeerPointer } from './enet-library.ts'

/** Of a host: its array of peers, and how many there are. */
const HOST_PEERS = 36
const HOST_PEER_COUNT = 40
/** Of a peer. */
const PEER_BYTES = 380
const PEER_HOST = 8
const INCOMING_PEER_ID = 14
const INCOMING_SESSION_ID = 21
const CHANNELS = 40
const CHANNEL_COUNT = 44
const NEXT_TIMEOUT = 80
const PING_INTERVAL = 136
const TIMEOUT_MINIMUM = 144
const TIMEOUT_MAXIMUM = 148
const ROUND_TRIP_TIME = 168
const ROUND_TRIP_TIME_VARIANCE = 172
const SENT_RELIABLE = 200
/** Of a command that was sent: its neighbours in the list, when that was, and after how long it is sent again. */
const SENT_BEFORE = 4
const SENT_TIME = 12
const SENT_TIMEOUT = 16
/** Commands that ENet has of one peer are fewer (`enet-outbox.ts`), so that the walk ends also in a memory that is laid out differently. */
const SENT_MAX = 1024
/** Of a channel: the number of the last reliable message handed out, and its two lists of what waits for something earlier. */
const CHANNEL_BYTES = 60
const INCOMING_RELIABLE = 38
const WAITING_UNRELIABLE = 52
const WAITING_LISTS = [44, WAITING_UNRELIABLE] as const
/** Of what waits: its packet, and the length of that. */
const WAITING_PACKET = 72
const PACKET_LENGTH = 12

/** What ENet needs for a waiting message beside its bytes. */
export const WAITING_OVERHEAD_BYTES = 128

/** `pingInterval`, `timeoutLimit`, `timeoutMinimum`, `timeoutMaximum` of a peer that has just come to be. */
const FRESH = [500, 32, 5000, 30000] as const

export interface PeerTimeouts {
  readonly minMs: number
  readonly maxMs: number
}

/** Sets a new peer's timeouts. False: this library lays its peers out differently, and nothing was changed. */
export function setPeerTimeouts(library: EnetLibrary, peer: PeerPointer, timeouts: PeerTimeouts): boolean {
  const memory = library.HEAPU32
  const isAsExpected = FRESH.every((value, i) => memory[((peer + PING_INTERVAL) >> 2) + i] === value)
  if (!isAsExpected) return false
  memory[(peer + TIMEOUT_MINIMUM) >> 2] = timeouts.minMs
  memory[(peer + TIMEOUT_MAXIMUM) >> 2] = timeouts.maxMs
  return true
}

/**
 * ENet doubles the time until it sends a command again with each loss of it: where a tenth is lost, one in ten thousand waits for
 * 13 s, its channel with it, and then ENet gives the peer up, although all others are acknowledged. Limits that time to `waitMsMin`,
 * or twice the time that the peer's round trips suggest where that is more.
 */
export function limitResendTimes(library: EnetLibrary, peer: PeerPointer, waitMsMin: number): void {
  const memory = library.HEAPU32
  const word = (at: number): number => memory[at >> 2] ?? 0
  const waitMsMax = Math.max(waitMsMin, 2 * (word(peer + ROUND_TRIP_TIME) + 4 * word(peer + ROUND_TRIP_TIME_VARIANCE)))
  const end = peer + SENT_RELIABLE
  let before = end
  let command = word(end)
  for (let count = 0; command !== end && count < SENT_MAX; count++) {
    // This library lays its commands out differently.
    if (word(command + SENT_BEFORE) !== before) return
    if (word(command + SENT_TIMEOUT) > waitMsMax) {
      memory[(command + SENT_TIMEOUT) >> 2] = waitMsMax
      const dueMs = word(command + SENT_TIME) + waitMsMax
      // Times are those of a 32-bit clock.
      if (((dueMs - word(peer + NEXT_TIMEOUT)) | 0) < 0) memory[(peer + NEXT_TIMEOUT) >> 2] = dueMs
    }
    before = command
    command = word(command)
  }
}

/** What the peer's datagrams must claim to be of (see `claimedPeer`). */
export function expectedClaim(library: EnetLibrary, peer: PeerPointer): { peerId: number; sessionId: number } {
  const memory = library.HEAPU8
  const at = peer + INCOMING_PEER_ID
  return {
    peerId: (memory[at] ?? 0) | ((memory[at + 1] ?? 0) << 8),
    sessionId: (memory[peer + INCOMING_SESSION_ID] ?? 0) & 3,
  }
}

/** The host's peer of this number; undefined: there is none, or this library lays its peers out differently. */
export function peerAt(library: EnetLibrary, host: HostPointer, peerId: number): PeerPointer | undefined {
  const peer = (library.HEAPU32[(host + HOST_PEERS) >> 2] ?? 0) + peerId * PEER_BYTES
  const isPeer =
    library.HEAPU32[(peer + PEER_HOST) >> 2] === host &&
    library.HEAPU8[peer + INCOMING_PEER_ID] === (peerId & 0xff) &&
    library.HEAPU8[peer + INCOMING_PEER_ID + 1] === peerId >> 8
  return isPeer ? peer : undefined
}

/** How many peers the host believes to have. */
export function peerCount(library: EnetLibrary, host: HostPointer): number {
  return library.HEAPU32[(host + HOST_PEER_COUNT) >> 2] ?? 0
}

export function setPeerCount(library: EnetLibrary, host: HostPointer, count: number): void {
  library.HEAPU32[(host + HOST_PEER_COUNT) >> 2] = count
}

/** 0: the peer is leaving, or gone. */
export function channelCount(library: EnetLibrary, peer: PeerPointer): number {
  return library.HEAPU32[(peer + CHANNEL_COUNT) >> 2] ?? 0
}

/** The number of the last reliable message of a channel, which the peer has, that ENet has handed out. */
export function incomingReliable(library: EnetLibrary, peer: PeerPointer, channel: number): number {
  const at = channelAt(library, peer, channel) + INCOMING_RELIABLE
  return (library.HEAPU8[at] ?? 0) | ((library.HEAPU8[at + 1] ?? 0) << 8)
}

/** How many unreliable messages of a channel, which the peer has, wait; `max` also where there are more. */
export function waitingUnreliable(library: EnetLibrary, peer: PeerPointer, channel: number, max: number): number {
  const memory = library.HEAPU32
  const end = channelAt(library, peer, channel) + WAITING_UNRELIABLE
  let count = 0
  for (let command = memory[end >> 2] ?? 0; command !== end && count < max; count++) command = memory[command >> 2] ?? 0
  return count
}

/** What ENet holds of a peer's messages until the rest of them, or those before them, have come. */
export function waitingBytes(library: EnetLibrary, peer: PeerPointer): number {
  const memory = library.HEAPU32
  const word = (at: number): number => memory[at >> 2] ?? 0
  let bytes = 0
  for (let channel = word(peer + CHANNEL_COUNT) - 1; channel >= 0; channel--) {
    for (const list of WAITING_LISTS) {
      const end = word(peer + CHANNELS) + channel * CHANNEL_BYTES + list
      for (let command = word(end); command !== end; command = word(command)) {
        bytes += WAITING_OVERHEAD_BYTES + word(word(command + WAITING_PACKET) + PACKET_LENGTH)
      }
    }
  }
  return bytes
}

function channelAt(library: EnetLibrary, peer: PeerPointer, channel: number): number {
  return (library.HEAPU32[(peer + CHANNELS) >> 2] ?? 0) + channel * CHANNEL_BYTES
}
