/**
 * A run in which nothing breaks: the same clients come and go until zones have seen many joins, and what grows with each of
 * them is found.
 */
import type { LiveZone } from '../../core/index.ts'
import type { World } from '../../sim/index.ts'
import type { Phase } from '../runner/run-world.ts'
import { containerSizes } from '../state/container-sizes.ts'
import type { GameChecks } from './game-checks.ts'
import type { GamePlayer } from './game-player.ts'
import { FORGOTTEN_MS } from './gone-rules.ts'

/** What is measured after so many joins; the last two only where something has grown each time until then. */
const MILESTONES = [50, 100, 200, 400, 800] as const
const MEASURED_AT_LEAST = 3
/** A client stays for so long (ms) after its first join, and comes back so long after it has left. */
const STAYS_MS = 1_500
const AWAY_MS = 200
/** A client that does not join in this time will not. */
const JOINS_WITHIN_MS = 20_000
const POLL_MS = 50
/** What grows by less than one in so many joins may do so by chance. */
const RATE_MIN = 0.1
/** From one measurement to the next it grows at least by so much of what it does on average: what fills up does not. */
const SHARE_MIN = 0.6

export interface GrowthParts {
  readonly world: World
  readonly checks: GameChecks
  readonly players: ReadonlyMap<string, GamePlayer>
  readonly zones: () => Iterable<LiveZone>
  /** How many joins zones have handled so far. */
  readonly joins: () => number
}

interface Measurement {
  readonly joins: number
  readonly sizes: ReadonlyMap<string, number>
}

/** Lets everybody come and go, and checks what has grown. Ends without a check where clients do not join by themselves. */
export function* grow(parts: GrowthParts): Phase {
  const measured: Measurement[] = []
  const from = parts.joins()
  for (const milestone of MILESTONES) {
    while (parts.joins() - from < milestone) if (!(yield* comeAndGo(parts))) return
    yield* everybodyIsForgotten(parts)
    measured.push({ joins: parts.joins() - from, sizes: measure(parts.zones()) })
    if (measured.length >= MEASURED_AT_LEAST && growing(measured).length === 0) break
  }
  const [path] = growing(measured)
  const sizes = measured.map((each) => `${each.sizes.get(path ?? '') ?? 0} after ${each.joins} joins`)
  parts.checks.check('grows-without-end', path === undefined, () => {
    return `${path} becomes larger each time that the same clients come and go: it has ${sizes.join(', ')}`
  })
}

/** False: nobody joins. */
function* comeAndGo({ world, players, joins }: GrowthParts): Generator<number, boolean, void> {
  const before = joins()
  const endMs = world.nowMs + JOINS_WITHIN_MS
  for (const player of players.values()) player.connect()
  while (joins() === before && world.nowMs < endMs) yield POLL_MS
  if (joins() === before) return false
  yield STAYS_MS
  for (const player of players.values()) player.end()
  yield AWAY_MS
  return true
}

/** All sessions are over, and whatever is kept for a while after that should be gone. */
function* everybodyIsForgotten({ players }: GrowthParts): Phase {
  for (const player of players.values()) player.end()
  // What is kept for a minute is gone then, too.
  yield 2 * FORGOTTEN_MS + POLL_MS
}

function measure(zones: Iterable<LiveZone>): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>()
  const add = (path: string, size: number): void => void sizes.set(path, (sizes.get(path) ?? 0) + size)
  for (const { app, state } of zones) {
    add(`the number of zones of app '${app.name}'`, 1)
    for (const [path, size] of containerSizes(state).sizes) {
      add(`state${path === '' ? '' : `.${path}`} of the zones of app '${app.name}'`, size)
    }
  }
  return sizes
}

/** What has grown from each measurement to the next by as much as there were joins, and so goes on to. */
function growing(measured: readonly Measurement[]): readonly string[] {
  const [first, last] = [measured[0], measured.at(-1)]
  if (first === undefined || last === undefined) return []
  return [...last.sizes.keys()].filter((path) => {
    const sizeIn = ({ sizes }: Measurement): number => sizes.get(path) ?? 0
    const rate = (sizeIn(last) - sizeIn(first)) / (last.joins - first.joins)
    return (
      rate >= RATE_MIN &&
      measured.every((each, index) => {
        const before = measured[index - 1]
        return before === undefined || sizeIn(each) - sizeIn(before) >= SHARE_MIN * rate * (each.joins - before.joins)
      })
    )
  })
}
