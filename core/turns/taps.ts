/**
 * The taps of a server or a client, and which event follows from which. Where there is no tap, an event costs one test of
 * `isOn`; where there is, it is told to those alone that have a method for it, and nothing is allocated.
 */
import { OverworldError } from '../errors.ts'
import type { Moment } from './moment.ts'

/** The numbering of events; one for all servers and clients of a simulated world. */
export interface Causes {
  /** A tap wants to know what follows from what (it has `attached`). Otherwise nothing of that is kept. */
  isKept: boolean
  /** The number of the last event. */
  last: number
  /** The number of the `send` whose message a network is given now; 0: nobody watches the sender. */
  sending: number
  /** The number of the event that the input which a network brings now follows from; 0: unknown. */
  arriving: number
}

export function createCauses(): Causes {
  return { isKept: false, last: 0, sending: 0, arriving: 0 }
}

/** A tap: all of its methods are optional. */
interface AnyTap {
  attached?(moment: Moment): void
}

type Events<T> = Required<Omit<T, 'attached'>>

/** One method for each event, which tells all taps of it and returns its number. */
export type Emit<T> = {
  readonly [K in keyof Events<T>]: Events<T>[K] extends (...args: infer A) => void ? (...args: A) => number : never
}

/** The events of a kind of tap, each with the number of its arguments. */
export type EventArities<T> = Readonly<Record<keyof Events<T>, number>>

type Tell = (...args: unknown[]) => number

/** Makes the classes of `Emit` of a vocabulary. */
export class Vocabulary<T extends AnyTap> {
  readonly names: readonly string[]
  readonly #emit: new (taps: Teller) => Emit<T>
  readonly #begin: new (taps: Teller) => Emit<T>

  constructor(arities: EventArities<T>) {
    const entries = Object.entries(arities) as [string, number][]
    this.names = entries.map(([name]) => name)
    this.#emit = makeEmitter<T>(entries, false)
    this.#begin = makeEmitter<T>(entries, true)
  }

  makeEmit(taps: Teller): Emit<T> {
    return new this.#emit(taps)
  }

  makeBegin(taps: Teller): Emit<T> {
    return new this.#begin(taps)
  }
}

interface Teller {
  cause: number
  tell(event: number, arity: number, a: unknown, b: unknown, c: unknown, d: unknown, e: unknown, f: unknown): number
}

/** The methods are on the prototype: they are made once for all taps of a kind. */
function makeEmitter<T>(
  entries: readonly (readonly [string, number])[],
  isBegin: boolean,
): new (taps: Teller) => Emit<T> {
  class Emitter {
    readonly taps: Teller

    constructor(taps: Teller) {
      this.taps = taps
    }
  }
  for (const [event, [name, arity]] of entries.entries()) {
    const emit = function (
      this: Emitter,
      a?: unknown,
      b?: unknown,
      c?: unknown,
      d?: unknown,
      e?: unknown,
      f?: unknown,
    ): number {
      return this.taps.tell(event, arity, a, b, c, d, e, f)
    }
    const begin = function (
      this: Emitter,
      a?: unknown,
      b?: unknown,
      c?: unknown,
      d?: unknown,
      e?: unknown,
      f?: unknown,
    ): number {
      return (this.taps.cause = this.taps.tell(event, arity, a, b, c, d, e, f))
    }
    Object.defineProperty(Emitter.prototype, name, { value: isBegin ? begin : emit })
  }
  return Emitter as unknown as new (taps: Teller) => Emit<T>
}

interface Listener {
  readonly tap: object
  readonly hear: Tell
}

/** `T`: the interface of the taps. */
export class Taps<T extends AnyTap> implements Teller {
  readonly causes: Causes
  /** Tells all taps of an event. */
  readonly emit: Emit<T>
  /** The same of an event from which those that come next follow, such as an input. */
  readonly begin: Emit<T>
  /** There is a tap. To be tested before each event. */
  isOn = false
  /** The number of the event that the next ones follow from. */
  cause = 0
  readonly #vocabulary: Vocabulary<T>
  readonly #onError: (error: unknown) => void
  readonly #moment = { number: 0, cause: 0 }
  #taps: readonly T[] = []
  /** By event. Replaced, never changed: a tap may be removed while it is told something. */
  #listeners: readonly (readonly Listener[] | undefined)[] = []
  #isTelling = false

  /** `onError` hears what a tap has thrown; the tap has been removed by then, and all others have been told. */
  constructor(vocabulary: Vocabulary<T>, onError: (error: unknown) => void, causes: Causes = createCauses()) {
    this.#vocabulary = vocabulary
    this.#onError = onError
    this.causes = causes
    this.emit = vocabulary.makeEmit(this)
    this.begin = vocabulary.makeBegin(this)
  }

  /** Returns how to remove it. Throws what its `attached` throws; then it has not been added. */
  add(tap: T): () => void {
    if (typeof tap.attached === 'function') {
      tap.attached(this.#moment)
      this.causes.isKept = true
    }
    this.#change([...this.#taps, tap])
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

  /** Small, to be compiled into its callers: most events are heard by nobody. */
  tell(event: number, arity: number, a: unknown, b: unknown, c: unknown, d: unknown, e: unknown, f: unknown): number {
    // What a tap reads of the server is no event.
    if (this.#isTelling) return 0
    const number = ++this.causes.last
    const listeners = this.#listeners[event]
    if (listeners !== undefined) this.#tellAll(listeners, number, arity, a, b, c, d, e, f)
    return number
  }

  #tellAll(
    listeners: readonly Listener[],
    number: number,
    arity: number,
    a: unknown,
    b: unknown,
    c: unknown,
    d: unknown,
    e: unknown,
    f: unknown,
  ): void {
    this.#moment.number = number
    this.#moment.cause = this.cause
    let thrown: { readonly error: unknown } | undefined
    this.#isTelling = true
    for (let i = 0; i < listeners.length; i++) {
      const listener = listeners[i]
      if (listener === undefined) continue
      try {
        callWith(listener, arity, a, b, c, d, e, f)
      } catch (error) {
        this.#remove(listener.tap as T)
        thrown ??= { error }
      }
    }
    this.#isTelling = false
    if (thrown !== undefined) this.#onError(thrown.error)
  }

  #remove(tap: T): void {
    this.#change(this.#taps.filter((other) => other !== tap))
  }

  #change(taps: readonly T[]): void {
    this.#taps = taps
    this.isOn = taps.length > 0
    this.#listeners = this.#vocabulary.names.map((name) => {
      let listeners: Listener[] | undefined
      for (const tap of taps) {
        const hear = (tap as Readonly<Record<string, unknown>>)[name]
        if (typeof hear === 'function') (listeners ??= []).push({ tap, hear: hear as Tell })
      }
      return listeners
    })
  }
}

/** With as many arguments as the event has, for taps that take what comes. */
function callWith(
  { tap, hear }: Listener,
  arity: number,
  a: unknown,
  b: unknown,
  c: unknown,
  d: unknown,
  e: unknown,
  f: unknown,
): void {
  switch (arity) {
    case 0:
      hear.call(tap)
      return
    case 1:
      hear.call(tap, a)
      return
    case 2:
      hear.call(tap, a, b)
      return
    case 3:
      hear.call(tap, a, b, c)
      return
    case 4:
      hear.call(tap, a, b, c, d)
      return
    case 5:
      hear.call(tap, a, b, c, d, e)
      return
    default:
      hear.call(tap, a, b, c, d, e, f)
  }
}
