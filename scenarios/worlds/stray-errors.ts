/**
 * What a program that uses promises throws where nobody catches it: a rejection without a handler, or an error in a
 * microtask or a tick. Node gives these to the process. While a world runs they are errors of its run instead: the other
 * listeners of the process (a test runner's, say) do not hear of them.
 *
 * Node reports them before its next task begins, so they belong to the world whose events ran last. Left out: errors of
 * other code of the process in that time cannot be told apart, and fail the run as well.
 */
import process from 'node:process'

const EVENTS = ['unhandledRejection', 'uncaughtException'] as const
type Listener = (error: unknown) => void

/** Of the worlds that run now; the one whose events ran last is the last. */
const watching: StrayErrors[] = []
/** The listeners of the process that hear nothing meanwhile. */
let others: readonly (readonly Listener[])[] | undefined

export class StrayErrors {
  readonly #errors: unknown[] = []

  /** Ends with `end`. */
  constructor() {
    if (watching.length === 0) takeOver()
    watching.push(this)
  }

  /** The events of its world run now. */
  isOurs(): void {
    if (watching.at(-1) === this) return
    watching.splice(watching.indexOf(this), 1)
    watching.push(this)
  }

  /** Throws the first that came up and was not thrown yet. */
  throwFirst(): void {
    if (this.#errors.length > 0) throw this.#errors.shift()
  }

  end(): void {
    watching.splice(watching.indexOf(this), 1)
    if (watching.length === 0) giveBack()
  }

  keep(error: unknown): void {
    this.#errors.push(error)
  }
}

function hear(error: unknown): void {
  watching.at(-1)?.keep(error)
}

function takeOver(): void {
  others = EVENTS.map((event) => process.rawListeners(event) as Listener[])
  for (const event of EVENTS) {
    process.removeAllListeners(event)
    process.on(event, hear)
  }
}

function giveBack(): void {
  for (const [index, event] of EVENTS.entries()) {
    process.off(event, hear)
    for (const listener of others?.[index] ?? []) process.on(event, listener)
  }
  others = undefined
}
