/**
 * What stands between a judge and a state. Outward: an object of the state becomes a view; a function becomes one that runs
 * on the object itself and returns views. Inward: a view becomes its object; a judge's callback becomes one that gets views.
 */
import { COLLECTION_METHODS, type CollectionMethod } from './collection-methods.ts'
import { isCoreObject } from './core-objects.ts'
import { isDeeplyFrozen } from './deeply-frozen.ts'
import { isLookup } from './known-methods.ts'
import { Place, type StepKind } from './place.ts'
import { handlerOf, rawOf, rememberFunction, ViewHandler } from './view-handler.ts'

export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown

export class Membrane {
  /** The state itself. */
  readonly rawRoot: object
  /** What the state is called in paths. */
  readonly name: string
  /** The view of the state. */
  readonly root: object
  /** By the object or function itself. What is passed on as it is refers to itself. */
  readonly #views = new WeakMap<object, object>()
  readonly #callbacks = new WeakMap<AnyFunction, AnyFunction>()

  constructor(rawRoot: object, name: string) {
    this.rawRoot = rawRoot
    this.name = name
    this.root = this.outward(rawRoot, undefined, 'property', name) as object
  }

  /** `parent`, `kind` and `key`: the way to `value`, for an error where no other way is found. */
  outward(value: unknown, parent: Place | undefined, kind: StepKind, key: unknown): unknown {
    if (typeof value === 'function') {
      const run = value as AnyFunction
      return this.#views.get(run) ?? this.#keep(run, this.#functionOutward(run, key))
    }
    if (typeof value !== 'object' || value === null) return value
    return this.#views.get(value) ?? this.#objectOutward(value, parent, kind, key)
  }

  #objectOutward(object: object, parent: Place | undefined, kind: StepKind, key: unknown): object {
    // Not kept: its bytes may be different at the next read.
    if (object instanceof ArrayBuffer) return object.slice(0)
    const isPassed = handlerOf(object) !== undefined || isCoreObject(object) || isDeeplyFrozen(object)
    if (isPassed) return this.#keep(object, object)
    const place = object === this.rawRoot ? undefined : new Place(parent, kind, key)
    if (kind === 'result' && isIterator(object)) return this.#itemsOf(object, place)
    return this.#keep(object, new ViewHandler(this, object, place).view)
  }

  /** Classes stay as they are, for `instanceof`, `===` and `new`. */
  #functionOutward(run: AnyFunction, key: unknown): AnyFunction {
    if (key === 'constructor' || isClass(run)) return run
    const method = COLLECTION_METHODS.get(run)
    const outside = method === undefined ? this.#functionAround(run, key) : this.#methodAround(method)
    Object.defineProperty(outside, 'name', { value: run.name })
    rememberFunction(outside, run)
    return outside
  }

  #functionAround(run: AnyFunction, key: unknown): AnyFunction {
    const inward = isLookup(run) ? rawOf : (value: unknown): unknown => this.#inward(value)
    const outward = (result: unknown, on: unknown): unknown => {
      const handler = handlerOf(on)
      return isCopyOfBytes(result, handler?.target) ? result : this.outward(result, handler?.place, 'result', key)
    }
    return function (this: unknown, ...args: unknown[]): unknown {
      return outward(Reflect.apply(run, rawOf(this), args.map(inward)), this)
    }
  }

  #methodAround(method: CollectionMethod): AnyFunction {
    const call = (on: unknown, key: unknown): unknown => {
      const handler = handlerOf(on)
      return method(this, handler?.target ?? (on as object), handler?.place, rawOf(key))
    }
    return function (this: unknown, key: unknown): unknown {
      return call(this, key)
    }
  }

  #inward(value: unknown): unknown {
    const raw = rawOf(value)
    if (typeof raw !== 'function' || raw !== value || isClass(raw as AnyFunction)) return raw
    const run = raw as AnyFunction
    const known = this.#callbacks.get(run)
    if (known !== undefined) return known
    const call = (on: unknown, args: unknown[]): unknown => {
      const seen = args.map((arg) => this.outward(arg, undefined, 'property', run.name))
      return rawOf(Reflect.apply(run, this.outward(on, undefined, 'property', 'this'), seen))
    }
    const inside = function (this: unknown, ...args: unknown[]): unknown {
      return call(this, args)
    }
    this.#callbacks.set(run, inside)
    return inside
  }

  #keep<T extends object>(value: object, view: T): T {
    this.#views.set(value, view)
    return view
  }

  /** Not kept: an iterator is used once. */
  *#itemsOf(items: Iterable<unknown>, place: Place | undefined): Generator<unknown> {
    for (const item of items) yield this.outward(item, place, 'property', 'next')
  }
}

function isClass(run: AnyFunction): boolean {
  return Function.prototype.toString.call(run).startsWith('class')
}

/** An iterator of the language, or of a generator: for these alone `next` is sure to change nothing but themselves. */
function isIterator(value: object): value is Iterable<unknown> {
  const tag = (value as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag]
  if (typeof tag !== 'string' || !/^(Generator|.+ Iterator)$/.test(tag)) return false
  return typeof (value as Partial<Iterator<unknown>>).next === 'function' && Symbol.iterator in value
}

/** Of a typed array, `slice`, `map` and `filter` return one that does not share its bytes. */
function isCopyOfBytes(result: unknown, target: unknown): boolean {
  return ArrayBuffer.isView(result) && ArrayBuffer.isView(target) && result.buffer !== target.buffer
}
