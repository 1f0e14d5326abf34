/** What the clients of drawn scenarios have in common, whatever they play. */
import type { LinkSettings } from '../../sim/index.ts'

/** How many there are by default. */
export const CLIENTS = 4
const NAMES = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi'] as const

/** The name of a run's client, by its number from 0. */
export function nameOfClient(index: number): string {
  return NAMES[index] ?? `client${index + 1}`
}

export const LINKS: readonly (Partial<LinkSettings> | undefined)[] = [
  undefined,
  undefined,
  { delayMs: 1 },
  { delayMs: 10, jitterMs: 8, loss: 0.01 },
  { delayMs: 45, jitterMs: 20, distribution: 'normal', loss: 0.005 },
  { delayMs: 120, jitterMs: 60, distribution: 'pareto', loss: 0.02 },
  { delayMs: 60, jitterMs: 50, loss: 0.08, duplicate: 0.03, reorder: 0.05 },
  { delayMs: 40, loss: { p: 0.02, r: 0.3 } },
  { delayMs: 30, rateBytesPerSecond: 4_000, limitBytes: 16_000 },
]
