/**
 * The traps of one view. The proxy's own target is an empty object of the same kind, never the object itself: a proxy must
 * return a frozen target's properties as they are, so views of what they hold would be impossible.
 */
import { OverworldError } from '../../core/errors.ts'
import { isArrayReader, mutatorsOf } from './known-methods.ts'
import type { AnyFunction, Membrane } from './membrane.ts'
import { Place } from './place.ts'
import { findReachable } from './walk.ts'

/** A read of this shows the handler of a view. Nobody else has the symbol. A WeakMap would cost more than the view itself. */
const HANDLER = Symbol('handler')
/** By the functions that views return instead. */
const rawFunctions = new WeakMap<object, AnyFunction>()

export function handlerOf(view: unknown): ViewHandler | undefined {
  if (typeof view !== 'object' || view === null) return undefined
  return (view as { readonly [HANDLER]?: ViewHandler })[HANDLER]
}

export function rememberFunction(outside: AnyFunction, raw: AnyFunction): void {
  rawFunctions.set(outside, raw)
}

/** The object or function behind a view; anything else is returned as it is. */
export function rawOf(value: unknown): unknown {
  if (typeof value === 'object') return handlerOf(value)?.target ?? value
  return typeof value === 'function' ? (rawFunctions.get(value) ?? value) : value
}

export class ViewHandler implements ProxyHandler<object> {
  readonly target: object
  readonly #membrane: Membrane
  /** The way on which it was first found; undefined: it is the root. */
  readonly place: Place | undefined
  readonly #mutators: RegExp | undefined
  readonly #isArray: boolean
  readonly view: object

  constructor(membrane: Membrane, target: object, place: Place | undefined) {
    this.#membrane = membrane
    this.target = target
    this.place = place
    this.#mutators = mutatorsOf(target)
    this.#isArray = Array.isArray(target)
    this.view = new Proxy(this.#isArray ? new ArrayShadow() : new Shadow(), this)
  }

  get(_shadow: object, key: string | symbol, receiver: unknown): unknown {
    // An object may have a view as its prototype.
    if (key === HANDLER) return receiver === this.view ? this : undefined
    const value: unknown = Reflect.get(this.target, key, this.target)
    if (typeof value === 'object') {
      return value === null ? null : this.#membrane.outward(value, this.place, 'property', key)
    }
    if (typeof value === 'function') return this.#method(key, value as AnyFunction)
    // `Object.prototype.toString`, by which test libraries tell a date, cannot see what a proxy stands for.
    return value === undefined && key === Symbol.toStringTag ? builtInTagOf(this.target) : value
  }

  has(_shadow: object, key: string | symbol): boolean {
    return Reflect.has(this.target, key)
  }

  ownKeys(): (string | symbol)[] {
    return Reflect.ownKeys(this.target)
  }

  getPrototypeOf(): object | null {
    return Reflect.getPrototypeOf(this.target)
  }

  /** Configurable: only then need the shadow not have the property too. */
  getOwnPropertyDescriptor(shadow: object, key: string | symbol): PropertyDescriptor | undefined {
    const found = Reflect.getOwnPropertyDescriptor(this.target, key)
    if (found === undefined) return undefined
    if (this.#isArray && key === 'length') return { ...found, writable: true }
    const shared = { enumerable: found.enumerable === true, configurable: true }
    if (!('value' in found)) return { ...shared, get: () => this.get(shadow, key, this.view) }
    return { ...shared, value: this.get(shadow, key, this.view), writable: found.writable === true }
  }

  set(_shadow: object, key: string | symbol): boolean {
    throw this.#refusal(`${this.#pathOf(key)} = …`)
  }

  defineProperty(_shadow: object, key: string | symbol): boolean {
    throw this.#refusal(`defining ${this.#pathOf(key)}`)
  }

  deleteProperty(_shadow: object, key: string | symbol): boolean {
    throw this.#refusal(`delete ${this.#pathOf(key)}`)
  }

  setPrototypeOf(): boolean {
    throw this.#refusal(`another prototype of ${this.#path()}`)
  }

  preventExtensions(): boolean {
    throw this.#refusal(`freezing ${this.#path()}`)
  }

  /** Error for a method that changes its object. */
  refuseMethod(name: string): OverworldError {
    return this.#refusal(`${this.#path()}.${name}(…)`)
  }

  #method(key: string | symbol, method: AnyFunction): unknown {
    // These read through the view, so they hand out views, and the arrays that they make belong to the judge.
    if (this.#isArray && isArrayReader(method)) return method
    if (typeof key === 'string' && this.#mutators?.test(key) === true) return refuser(key)
    return this.#membrane.outward(method, this.place, 'property', key)
  }

  #refusal(change: string): OverworldError {
    const { name } = this.#membrane
    const why = `a judge cannot change ${name === 'state' ? 'the state' : name}: ${change}`
    return new OverworldError('read_only', `${why}. Change a copy instead, such as \`[...list]\` or \`{ ...object }\``)
  }

  #pathOf(key: string | symbol): string {
    return new Place(undefined, 'property', key).inWords(this.#path())
  }

  /** Where the object is now, if possible on the way on which the judge found it. */
  #path(): string {
    const { rawRoot, name } = this.#membrane
    const { place, target } = this
    if (place === undefined) return name
    if (place.isNamed() && place.resolve(rawRoot) === target) return place.inWords(name)
    const { path } = findReachable(rawRoot, (value) => value === target, { root: name })
    return path ?? place.inWords(name)
  }
}

/** `'Date'`, `'RegExp'`, `'Error'`; undefined for plain objects and arrays. */
function builtInTagOf(target: object): string | undefined {
  const tag = Object.prototype.toString.call(target).slice('[object '.length, -1)
  return tag === 'Object' || tag === 'Array' ? undefined : tag
}

const refusers = new Map<string, AnyFunction>()

function refuser(name: string): AnyFunction {
  let refuse = refusers.get(name)
  if (refuse === undefined) {
    refuse = function (this: unknown): unknown {
      throw handlerOf(this)?.refuseMethod(name) ?? new TypeError(`'${name}' of a view was called without its view`)
    }
    refusers.set(name, refuse)
  }
  return refuse
}

/** `console.log` of Node looks behind a proxy: it is shown the object itself. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom')

class Shadow {
  [INSPECT](): unknown {
    return rawOf(this)
  }
}

class ArrayShadow extends Array<unknown> {
  [INSPECT](): unknown {
    return rawOf(this)
  }
}
