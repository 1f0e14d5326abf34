/** Acknowledgements under way, first in, first out: up to which position, and when they arrive. */

export class AckRing {
  #positions = new Float64Array(8)
  #times = new Float64Array(8)
  #first = 0
  #next = 0

  get isEmpty(): boolean {
    return this.#first === this.#next
  }

  get firstPosition(): number {
    return this.#positions[this.#first & (this.#positions.length - 1)] as number
  }

  get firstAtUs(): number {
    return this.#times[this.#first & (this.#times.length - 1)] as number
  }

  hasArrivedBy(nowUs: number): boolean {
    return this.#first < this.#next && this.firstAtUs <= nowUs
  }

  /** Whether one that is under way acknowledges `position`. */
  covers(position: number): boolean {
    if (this.isEmpty) return false
    return (this.#positions[(this.#next - 1) & (this.#positions.length - 1)] as number) > position
  }

  push(position: number, atUs: number): void {
    if (this.#next - this.#first === this.#positions.length) this.#grow()
    const index = this.#next++ & (this.#positions.length - 1)
    this.#positions[index] = position
    this.#times[index] = atUs
  }

  shift(): void {
    this.#first += 1
  }

  clear(): void {
    this.#first = this.#next
  }

  #grow(): void {
    const size = this.#positions.length * 2
    const positions = new Float64Array(size)
    const times = new Float64Array(size)
    for (let at = this.#first; at < this.#next; at++) {
      positions[at & (size - 1)] = this.#positions[at & (this.#positions.length - 1)] as number
      times[at & (size - 1)] = this.#times[at & (this.#times.length - 1)] as number
    }
    this.#positions = positions
    this.#times = times
  }
}
