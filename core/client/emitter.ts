/**
 * Typed events, each told to every listener in the order in which they were added, and before the next event is: one
 * that a listener causes waits. A listener that throws harms neither another nor the client: its error comes out when
 * the client has done all that it had to.
 */

type Listener<Value> = (value: Value) => void

/** What listeners and taps of one client have thrown. */
export class ListenerErrors {
  #telling = 0
  #first: { readonly error: unknown } | undefined

  begin(): void {
    this.#telling++
  }

  end(): void {
    this.#telling--
  }

  keep(error: unknown): void {
    this.#first ??= { error }
  }

  /** The same of one that comes out before all others. */
  keepFirst(error: unknown): void {
    this.#first = { error }
  }

  /** Throws the first error. Not within a listener: it would harm that one. */
  comeOut(): void {
    if (this.#first === undefined || this.#telling > 0) return
    const { error } = this.#first
    this.#first = undefined
    throw error as Error
  }
}

export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>()
  /** Caused by listeners of the event that is being told. */
  readonly #waiting: (() => void)[] = []
  readonly #errors: ListenerErrors
  #isTelling = false

  constructor(errors: ListenerErrors) {
    this.#errors = errors
  }

  /** Returns how to stop listening. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners)
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  emit<Name extends keyof Events>(name: Name, value: Events[Name]): void {
    if (this.#isTelling) {
      this.#waiting.push(() => this.#tell(name, value))
      return
    }
    this.#isTelling = true
    this.#errors.begin()
    this.#tell(name, value)
    while (this.#waiting.length > 0) this.#waiting.shift()?.()
    this.#errors.end()
    this.#isTelling = false
  }

  #tell<Name extends keyof Events>(name: Name, value: Events[Name]): void {
    for (const listener of this.#listeners.get(name) ?? NOBODY) {
      try {
        ;(listener as Listener<Events[Name]>)(value)
      } catch (error) {
        this.#errors.keep(error)
      }
    }
  }
}

const NOBODY: readonly Listener<never>[] = []
