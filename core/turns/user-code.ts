/** Code of the user, at its very edge: what taps are told of it is what it was, whatever the core makes of that afterwards. */

/** What it threw, which can be anything. */
export interface Thrown {
  readonly error: unknown
}

/** Calls `run`, and tells `onEnd` what it returned or threw, before anything else comes of that. Throws what it threw. */
export function runUserCode<T>(run: () => T, onEnd: (returned: T | undefined, thrown: Thrown | undefined) => void): T {
  let returned: T
  try {
    returned = run()
  } catch (error) {
    onEnd(undefined, { error })
    throw error
  }
  onEnd(returned, undefined)
  return returned
}
