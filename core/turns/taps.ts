/**
 * The taps of a server or a client, and which event follows from which. Where there is no tap, an event costs one test of
 * `isOn`; nothing is allocated for an event with taps either.
 */
import { OverworldError } from '../errors.ts'
import type { Moment } from './tap.ts'

/** The numbering of events; one for all servers and clients of a simulated world. */
export interface Causes {
  /** The number of the last event. */
  last: number
  /** The number of the `send` whose message a network is given now; 0: nobody watches the sender. */
  sending: number
  /** The number of the event that the input which a network brings now follows from; 0: unknown. */
  arriving: number
}

export function createCauses(): Causes {
  return { last: 0, sending: 0, arriving: 0 }
}

type Methods<T> = Required<Omit<T, 'attached'>>
type Arguments<M> = M extends (...args: infer A) => void ? A : never
type Emit<T, R> = <K extends keyof Methods<T> & string>(event: K, ...args: Arguments<Methods<T>[K]>) => R
/** Without a list of the arguments, which would be allocated at each event. */
type Tell = (event: string, a?: unknown, b?: unknown, c?: unknown, d?: unknown, e?: unknown, f?: unknown) => number

/** `T`: the interface of the taps, all of whose methods are optional. */
export class Taps<T extends { attached?(moment: Moment): void }> {
  readonly causes: Causes
  /** Tells all taps of an event; returns its number. */
  readonly emit: Emit<T, number>
  /** The same of an event from which those that come next follow, such as an input. */
  readonly begin: Emit<T, void>
  /** There is a tap. To be tested before each `emit`. */
  isOn = false
  /** The number of the event that the next ones follow from. */
  cause = 0
  readonly #onError: (error: unknown) => void
  readonly #moment = { number: 0, cause: 0 }
  /** Replaced, never changed: a tap may be removed while it is told something. */
  #taps: readonly T[] = []
  #isTelling = false

  /** `onError` hears what a tap has thrown; the tap has been removed by then, and all others have been told. */
  constructor(onError: (error: unknown) => void, causes: Causes = createCauses()) {
    this.#onError = onError
    this.causes = causes
    // One function: it runs several times for each message.
    const tell: Tell = (event, a, b, c, d, e, f) => {
      // What a tap reads of the server is no event.
      if (this.#isTelling) return 0
      const number = ++this.causes.last
      this.#moment.number = number
      this.#moment.cause = this.cause
      const taps = this.#taps
      let thrown: { readonly error: unknown } | undefined
      this.#isTelling = true
      for (let i = 0; i < taps.length; i++) {
        const tap = taps[i] as unknown as Record<string, ((...args: unknown[]) => void) | undefined>
        try {
          if (f !== undefined) tap[event]?.(a, b, c, d, e, f)
          else if (e !== undefined) tap[event]?.(a, b, c, d, e)
          else if (d !== undefined) tap[event]?.(a, b, c, d)
          else if (c !== undefined) tap[event]?.(a, b, c)
          else tap[event]?.(a, b)
        } catch (error) {
          this.#remove(tap as unknown as T)
          thrown ??= { error }
        }
      }
      this.#isTelling = false
      if (thrown !== undefined) this.#onError(thrown.error)
      return number
    }
    const begin: Tell = (event, a, b, c, d, e, f) => (this.cause = tell(event, a, b, c, d, e, f))
    this.emit = tell as unknown as Emit<T, number>
    this.begin = begin as unknown as Emit<T, void>
  }

  /** Returns how to remove it. */
  add(tap: T): () => void {
    this.#taps = [...this.#taps, tap]
    this.isOn = true
    tap.attached?.(this.#moment)
    return () => this.#remove(tap)
  }

  /** Throws `called_from_tap` while a tap is told something. `what` was called. */
  refuse(what: string): void {
    if (!this.#isTelling) return
    throw new OverworldError(
      'called_from_tap',
      `a tap called ${what}: a tap watches; what it wants done is done later, by others`,
    )
  }

  #remove(tap: T): void {
    this.#taps = this.#taps.filter((other) => other !== tap)
    this.isOn = this.#taps.length > 0
  }
}
