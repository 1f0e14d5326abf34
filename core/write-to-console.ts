/**
 * The core's only way to the outside that is not injected: for what nobody else hears: the server was given no
 * `onReport`, or that has failed. Nothing depends on it, so equal seeds still give equal runs.
 */

/** The core is compiled without the types of any platform. */
declare const console: { error(text: string): void }

/** One entry of the console's errors. Never throws. */
export function writeToConsole(text: string): void {
  try {
    console.error(text)
  } catch {
    // There is no console, or it fails as well.
  }
}
