/**
 * Typed events, each told to every listener in the order in which they were added, and before the next event is: one
 * that a listener causes waits. A listener that throws harms no other; its error comes out of the outermost `emit`.
 */

type Listener<Value> = (value: Value) => void

export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>()
  /** Caused by listeners of the event that is being told. */
  readonly #waiting: (() => void)[] = []
  #isTelling = false
  #thrown: { readonly error: unknown } | undefined

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
    this.#tell(name, value)
    while (this.#waiting.length > 0) this.#waiting.shift()?.()
    this.#isTelling = false
    const thrown = this.#thrown
    this.#thrown = undefined
    if (thrown !== undefined) throw thrown.error as Error
  }

  #tell<Name extends keyof Events>(name: Name, value: Events[Name]): void {
    for (const listener of this.#listeners.get(name) ?? NOBODY) {
      try {
        ;(listener as Listener<Events[Name]>)(value)
      } catch (error) {
        this.#thrown ??= { error }
      }
    }
  }
}

const NOBODY: readonly Listener<never>[] = []
