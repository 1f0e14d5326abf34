/**
 * How long a client waits before it dials again: full jitter over a ceiling that doubles (design section 8), so that a
 * restarted server is not met by everybody at once.
 */
import type { Random } from '../injected.ts'

const FIRST_CEILING_MS = 500
/** While the session may still be alive, haste is worth more than politeness. */
const CEILING_MS_MAX_ALIVE = 2_000
export const CEILING_MS_MAX = 10_000

/** `failures`: dials that have failed since the last session, 0 for the first retry. */
export function backoffMs(failures: number, mayBeAlive: boolean, random: Pick<Random, 'uint32'>): number {
  const cap = mayBeAlive ? CEILING_MS_MAX_ALIVE : CEILING_MS_MAX
  // Five doublings are past any cap.
  const ceiling = Math.min(cap, FIRST_CEILING_MS << Math.min(failures, 5))
  return (random.uint32() / 0x1_0000_0000) * ceiling
}
