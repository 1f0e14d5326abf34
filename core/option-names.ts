/**
 * Refuses options that do not exist. TypeScript finds most typing errors in option names; this check is for JavaScript, and
 * for objects whose type is wider than the options. Leaves out the values, which each reader of options checks.
 */
import { OverworldError } from './errors.ts'

/** Every name of `Options`, so that the compiler notices a missing one. The values are not used. */
export type OptionNames<Options> = Readonly<Record<keyof Options, unknown>>

/**
 * Throws `OverworldError` `bad_option` if `given` has a name that is not in `known`. `of`: the function that takes the options.
 * Names whose value is undefined are checked too.
 */
export function checkOptionNames<Options>(of: string, given: object, known: OptionNames<Options>): void {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(known, name)) continue
    throw new OverworldError('bad_option', unknownOption(of, name, Object.keys(known)))
  }
}

/** What an error says of an option that does not exist. */
export function unknownOption(of: string, name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  const advice = nearest === undefined ? `there are ${known.join(', ')}` : `did you mean ${nearest}?`
  return `${of} has no option "${name}"; ${advice}`
}

/** The known name with the fewest edits; undefined: each of them needs more than a third of its letters changed. */
function nearestName(name: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined
  let fewest = Infinity
  for (const each of known) {
    const edits = editDistance(name.toLowerCase(), each.toLowerCase())
    if (edits >= fewest || edits > Math.max(2, each.length / 3)) continue
    nearest = each
    fewest = edits
  }
  return nearest
}

/** Levenshtein's: characters to insert, delete or replace. */
function editDistance(from: string, to: string): number {
  let before = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let k = 1; k <= to.length; k++) {
      const replaced = (before[k - 1] ?? 0) + (from[i - 1] === to[k - 1] ? 0 : 1)
      row.push(Math.min(replaced, (before[k] ?? 0) + 1, (row[k - 1] ?? 0) + 1))
    }
    before = row
  }
  return before[to.length] ?? 0
}
