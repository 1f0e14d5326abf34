/**
 * The few fields of ENet's peer structure that the library has no function for, read and written in its memory.
 * Where they are follows from `enet.h`; that the library at hand agrees is checked on every peer, because a wrong
 * guess would overwrite something else. Where it does not agree nothing is written, and ENet's defaults stay.
 */
import type { EnetLibrary, PeerPointer } from './enet-library.ts'

const INCOMING_PEER_ID = 14
const INCOMING_SESSION_ID = 21
const PING_INTERVAL = 136
const TIMEOUT_MINIMUM = 144
const TIMEOUT_MAXIMUM = 148

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

/** What the peer's datagrams must claim to be of (see `claimedPeer`). */
export function expectedClaim(library: EnetLibrary, peer: PeerPointer): { peerId: number; sessionId: number } {
  const memory = library.HEAPU8
  const at = peer + INCOMING_PEER_ID
  return {
    peerId: (memory[at] ?? 0) | ((memory[at + 1] ?? 0) << 8),
    sessionId: (memory[peer + INCOMING_SESSION_ID] ?? 0) & 3,
  }
}
