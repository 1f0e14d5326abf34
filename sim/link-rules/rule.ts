/**
 * A link is a chain of rules. Each judges every packet, with one method and one verdict: pass it, deliver it later,
 * drop it. Delays add up; the first rule that drops a packet is the reason given. Rules go on judging a packet that is
 * dropped already, so that each draws a fixed number from its own stream for each packet, whatever the others do.
 */

import { checkVirtualMs } from '../virtual-time.ts'

/** A number of microseconds to wait (`PASS` is 0), or `DROP`. */
export type Verdict = number

export const PASS: Verdict = 0
export const DROP: Verdict = -1

/** Delivers the packet that much later than it would have been. Throws `bad_option`. */
export function deliverAfterMs(delayMs: number): Verdict {
  checkVirtualMs('deliverAfterMs', delayMs)
  return Math.ceil(delayMs * 1000)
}

export interface LinkRule {
  /** Draws, if it draws at all, the same number of times for every packet. */
  judge(transit: Transit): Verdict
}

/** The packet being judged. One object for each link, used again for the next packet: do not keep it. */
export interface Transit {
  /** When it starts on its way: later than it was sent where the link is clogged. */
  readonly nowUs: number
  /** On the wire, headers included. */
  readonly sizeBytes: number
  /** 1 for the first packet of this link. */
  readonly ordinal: number
  /** What the rules so far have said. */
  readonly isDropped: boolean
  readonly delayUs: number
  /** A rule may set these. Arrives twice? */
  isDuplicated: boolean
  /** The copy waits that much longer than the rest of the chain says for both. */
  copyDelayUs: number
  /** Arrives with a flipped bit? */
  isCorrupt: boolean
  /** Skips all waiting and may overtake? */
  isOvertaking: boolean
}

/** The uint32 below which a draw means yes. */
export function thresholdOf(probability: number): number {
  return Math.round(probability * 0x1_0000_0000)
}
