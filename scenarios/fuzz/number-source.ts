/** Uses a list of numbers up, again and again. */
export class NumberSource {
  readonly #numbers: readonly number[]
  #next = 0

  constructor(drawn: readonly number[]) {
    this.#numbers = drawn
  }

  below(limit: number): number {
    return (this.#numbers[this.#next++ % this.#numbers.length] ?? 0) % limit
  }

  pick<T>(choices: readonly T[]): T {
    // There are choices, and the index is one of theirs.
    return choices[this.below(choices.length)] as T
  }
}
