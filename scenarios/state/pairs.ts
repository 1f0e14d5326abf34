/** Pairs of objects that have been compared, or are being compared: met again, they are not compared again. */

export class Pairs {
  readonly #others = new Map<object, Set<object>>()
  readonly #parent: Pairs | undefined

  /** `parent`: its pairs count too, but are not added to. For a comparison whose outcome may be dropped. */
  constructor(parent?: Pairs) {
    this.#parent = parent
  }

  /** False: the pair was there already. */
  add(one: object, other: object): boolean {
    if (this.#has(one, other)) return false
    const others = this.#others.get(one)
    if (others === undefined) this.#others.set(one, new Set([other]))
    else others.add(other)
    return true
  }

  #has(one: object, other: object): boolean {
    if (this.#others.get(one)?.has(other) === true) return true
    return this.#parent !== undefined && this.#parent.#has(one, other)
  }
}
