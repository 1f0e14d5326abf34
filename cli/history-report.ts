/** How far the history of a run was the recorded one, in lines for people. */
import type { HistoryOutcome, PlaceOutcome } from '../scenarios/index.ts'
import { formatCount, formatNumber } from './numbers.ts'

/** So many zones are told of one by one: those that differ first. */
const PLACES_MAX = 8

export function describeHistory(history: HistoryOutcome | undefined): string[] {
  if (history === undefined) return []
  const { places, isWhole, recorded, kept, drawnAnew, knownUntilMs } = history
  const known = knownUntilMs === undefined ? '' : `, as far as it is known (up to ${seconds(knownUntilMs)})`
  const anew = drawnAnew === 0 ? '' : `, ${formatNumber(drawnAnew)} ${drawnAnew === 1 ? 'was' : 'were'} drawn anew`
  if (isWhole) {
    const values = `its ${formatCount(recorded, 'random value')} ${recorded === 1 ? 'was' : 'were'} kept`
    return [`the whole history was the recorded one${known}: ${values}${anew}`]
  }
  const differing = places
    .filter(({ differs }) => differs !== undefined)
    .sort((a, b) => (a.differs?.atMs ?? 0) - (b.differs?.atMs ?? 0))
  const wholes = places.length - differing.length
  return [
    `the history differs from the recorded one${known}: ${formatNumber(kept)} of ${formatCount(recorded, 'random value')} were kept${anew}`,
    ...differing.slice(0, PLACES_MAX).flatMap(describePlace),
    ...(differing.length > PLACES_MAX ? [`  and so on in ${differing.length - PLACES_MAX} more`] : []),
    ...(wholes === 0
      ? []
      : [
          `  ${wholes === 1 ? 'in one other zone' : `in ${formatNumber(wholes)} other zones`} the whole history was the recorded one`,
        ]),
  ]
}

function describePlace({ zone, differs, kept, recorded }: PlaceOutcome): readonly string[] {
  if (differs === undefined) return []
  const where = zone === undefined ? 'outside of the zones' : `zone '${zone}'`
  const { atMs, turn, how } = differs
  const values = `${formatNumber(kept)} of ${formatNumber(recorded)} values kept`
  const upTo = `up to ${seconds(atMs)} (turn ${formatNumber(turn)}) the history was the recorded one (${values})`
  return [`  ${where}: ${upTo}; then ${how}`]
}

/** As in the account of a run. */
function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`
}
