/**
 * For a replay that ignores outputs: which of the recorded reads a server gets that may do something else than what was
 * recorded. Random values are read in their order. Timers are found by what they are for, since another server may have
 * numbered them otherwise.
 */
import { describeTimer, type TimerOwner } from '../../core/turns/timer-owner.ts'
import type { Input, Output, Read } from '../entries.ts'

type ReadOf<K extends Read['kind']> = Extract<Read, { kind: K }>

export class FollowedTurns {
  /** The turn's random values, and how many of them have been read. */
  #random: readonly Read[] = []
  #cursor = 0
  #buffered: readonly Read[] = []
  readonly #owners = new Map<number, string>()

  /** Returns what the server must read in this turn. */
  begin(effects: readonly (Read | Output)[]): Read[] {
    const random = effects.filter(isRandom)
    this.#random = random
    this.#cursor = 0
    this.#buffered = effects.filter((effect): effect is ReadOf<'buffered'> => effect.kind === 'buffered')
    return random
  }

  /** How many of the random values have been read. */
  get cursor(): number {
    return this.#cursor
  }

  /** All of them have been read. */
  get isOver(): boolean {
    return this.#cursor === this.#random.length
  }

  read<K extends Read['kind']>(kind: K, isIt: (read: ReadOf<K>) => boolean): ReadOf<K> | undefined {
    const isThis = (read: Read | undefined): read is ReadOf<K> => read?.kind === kind && isIt(read as ReadOf<K>)
    if (kind === 'buffered') {
      const found = this.#buffered.find(isThis)
      this.#buffered = this.#buffered.filter((read) => read !== found)
      return found
    }
    const next = this.#random[this.#cursor]
    if (!isThis(next)) return undefined
    this.#cursor++
    return next
  }

  timerSet(timer: number, owner: TimerOwner): void {
    this.#owners.set(timer, describeTimer(owner))
  }

  timerCancelled(timer: number): void {
    this.#owners.delete(timer)
  }

  /** The number of the timer that fires, in the server of now. */
  timerOf({ timer, owner }: Extract<Input, { kind: 'fired' }>): number {
    const number = owner === undefined ? timer : this.#find(timer, describeTimer(owner))
    this.#owners.delete(number)
    return number
  }

  #find(timer: number, wanted: string): number {
    if (this.#owners.get(timer) === wanted) return timer
    for (const [number, owner] of this.#owners) if (owner === wanted) return number
    return timer
  }
}

function isRandom(effect: Read | Output): effect is ReadOf<'random_bytes' | 'random_number'> {
  return effect.kind === 'random_bytes' || effect.kind === 'random_number'
}
