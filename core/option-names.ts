/**
 * Refuses options that do not exist. TypeScript finds most typing errors in option names; this check is for JavaScript, and
 * for objects whose type is wider than the options. Leaves out the values, which each reader of options checks.
 */
import { closestTo } from './closest.ts'
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
  const meant = closestTo(name, known)
  const advice = meant === undefined ? `there are ${known.join(', ')}` : `did you mean ${meant}?`
  return `${of} has no option "${name}"; ${advice}`
}
