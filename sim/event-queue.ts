/**
 * The one queue of a simulated world: events ordered by (virtual time, sequence number). Time is whole microseconds;
 * of two events at the same microsecond the one that was added first runs first.
 *
 * A binary heap on parallel arrays. Events are objects that their owner may keep and add again, so that a packet or
 * a retransmission timer costs no allocation. A cancelled event leaves its place in the heap behind until it is
 * reached; when more than half of the places are left behind, they are all swept out.
 *
 * Left out on purpose: clocks, hosts and everything else that gives an event a meaning.
 */
import { assert, OverworldError } from '../core/errors.ts'

/** Something that can be queued, once at a time. */
export abstract class QueuedEvent {
  /** The queue's own: the sequence number of its place in the queue, 0 while it has none. */
  declare sequence: number

  /** Assigned here: as a field of a class with so many subclasses it would be slow to define. */
  constructor() {
    this.sequence = 0
  }

  get isQueued(): boolean {
    return this.sequence !== 0
  }

  abstract run(): void
}

/** A callback that its owner queues again and again. */
export class ReusableEvent extends QueuedEvent {
  readonly #run: () => void

  constructor(run: () => void) {
    super()
    this.#run = run
  }

  run(): void {
    this.#run()
  }
}

/** What `push` returns. */
export interface EventHandle {
  /** Does nothing once the event has run or was cancelled. */
  cancel(): void
}

const CAPACITY_MIN = 64
const SWEEP_MIN = 32
/** More at one instant are no storm: the time would never move again. */
const AT_ONE_INSTANT_MAX = 1_000_000

export class EventQueue {
  #times = new Float64Array(CAPACITY_MIN)
  #sequences = new Float64Array(CAPACITY_MIN)
  readonly #events: (QueuedEvent | undefined)[] = []
  /** Places in use, the left-behind ones included. */
  #size = 0
  #leftBehind = 0
  #lastSequence = 0
  #nowUs = 0
  #runCount = 0
  /** Of these, at this very instant. */
  #runNow = 0

  /** The virtual time in whole microseconds since the start of the run. */
  get nowUs(): number {
    return this.#nowUs
  }

  /** Events that wait. */
  get depth(): number {
    return this.#size - this.#leftBehind
  }

  /** Events that have run so far. */
  get runCount(): number {
    return this.#runCount
  }

  /** When the next event is due; Infinity where none waits. */
  get nextAtUs(): number {
    this.#dropLeftBehind()
    return this.#size === 0 ? Infinity : (this.#times[0] as number)
  }

  /** Queues `event`, which must not be queued now. `atUs`: a safe integer, not before `nowUs`. */
  add(event: QueuedEvent, atUs: number): void {
    assert(event.sequence === 0, 'an event was queued twice')
    assert(atUs >= this.#nowUs && Number.isSafeInteger(atUs), 'an event must lie in the future, on a whole microsecond')
    if (this.#size === this.#times.length) this.#grow()
    const sequence = ++this.#lastSequence
    event.sequence = sequence
    this.#siftUp(this.#size++, atUs, sequence, event)
  }

  /** Calls `run` at `atUs`. Throws `bad_option` unless that is a safe integer, not before `nowUs`. Allocates; what happens for every message has an event class of its own instead. */
  push(atUs: number, run: () => void): EventHandle {
    this.#check(atUs)
    const call = new Call(this, run)
    this.add(call.event, atUs)
    return call
  }

  /** Takes `event` out again; does nothing where it is not queued. */
  cancel(event: QueuedEvent): void {
    if (event.sequence === 0) return
    event.sequence = 0
    this.#leftBehind += 1
    if (this.#leftBehind > SWEEP_MIN && this.#leftBehind * 2 > this.#size) this.#sweep()
  }

  /** Runs the next event and moves the time to it. False where none waits. */
  runNext(): boolean {
    this.#dropLeftBehind()
    if (this.#size === 0) return false
    this.#runFirst()
    return true
  }

  /** Runs everything that is due up to and including `untilUs`, then sets the time to it. Throws `bad_option`. */
  runUntil(untilUs: number): void {
    this.#check(untilUs)
    for (;;) {
      this.#dropLeftBehind()
      if (this.#size === 0 || (this.#times[0] as number) > untilUs) break
      this.#runFirst()
    }
    this.#nowUs = untilUs
  }

  #check(atUs: number): void {
    if (atUs >= this.#nowUs && Number.isSafeInteger(atUs)) return
    throw new OverworldError(
      'bad_option',
      `${atUs} µs: give whole microseconds, not before ${this.#nowUs} and below 2^53`,
    )
  }

  #runFirst(): void {
    const atUs = this.#times[0] as number
    if (atUs > this.#nowUs) this.#runNow = 0
    else if (++this.#runNow > AT_ONE_INSTANT_MAX) this.#refuseToStandStill()
    this.#nowUs = atUs
    const event = this.#events[0] as QueuedEvent
    this.#removeFirst()
    event.sequence = 0
    this.#runCount += 1
    event.run()
  }

  #refuseToStandStill(): never {
    this.#runNow = 0
    throw new OverworldError(
      'time_stands_still',
      `more than ${AT_ONE_INSTANT_MAX} events at ${this.#nowUs / 1_000_000} s: something sets a timer of no time again and again`,
    )
  }

  #dropLeftBehind(): void {
    while (this.#leftBehind > 0 && this.#size > 0 && this.#isLeftBehind(0)) {
      this.#removeFirst()
      this.#leftBehind -= 1
    }
  }

  /** An event that was cancelled, and perhaps queued again elsewhere, no longer has the number of this place. */
  #isLeftBehind(index: number): boolean {
    return this.#sequences[index] !== (this.#events[index] as QueuedEvent).sequence
  }

  #removeFirst(): void {
    const last = --this.#size
    const event = this.#events[last] as QueuedEvent
    this.#events[last] = undefined
    if (last > 0) this.#siftDown(0, this.#times[last] as number, this.#sequences[last] as number, event)
  }

  #siftUp(start: number, time: number, sequence: number, event: QueuedEvent): void {
    const times = this.#times
    const sequences = this.#sequences
    const events = this.#events
    let index = start
    while (index > 0) {
      const parent = (index - 1) >> 1
      const parentTime = times[parent] as number
      if (parentTime < time || (parentTime === time && (sequences[parent] as number) < sequence)) break
      times[index] = parentTime
      sequences[index] = sequences[parent] as number
      events[index] = events[parent]
      index = parent
    }
    times[index] = time
    sequences[index] = sequence
    events[index] = event
  }

  #siftDown(start: number, time: number, sequence: number, event: QueuedEvent): void {
    const times = this.#times
    const sequences = this.#sequences
    const events = this.#events
    const size = this.#size
    let index = start
    for (;;) {
      let child = index * 2 + 1
      if (child >= size) break
      let childTime = times[child] as number
      const right = child + 1
      if (right < size) {
        const rightTime = times[right] as number
        const rightIsFirst =
          rightTime < childTime ||
          (rightTime === childTime && (sequences[right] as number) < (sequences[child] as number))
        if (rightIsFirst) {
          child = right
          childTime = rightTime
        }
      }
      if (time < childTime || (time === childTime && sequence < (sequences[child] as number))) break
      times[index] = childTime
      sequences[index] = sequences[child] as number
      events[index] = events[child]
      index = child
    }
    times[index] = time
    sequences[index] = sequence
    events[index] = event
  }

  /** Closes up over the places left behind, then restores the heap order from the bottom up. */
  #sweep(): void {
    let kept = 0
    for (let index = 0; index < this.#size; index++) {
      if (this.#isLeftBehind(index)) continue
      this.#times[kept] = this.#times[index] as number
      this.#sequences[kept] = this.#sequences[index] as number
      this.#events[kept] = this.#events[index]
      kept += 1
    }
    this.#events.fill(undefined, kept, this.#size)
    this.#size = kept
    this.#leftBehind = 0
    for (let index = (kept >> 1) - 1; index >= 0; index--) {
      const event = this.#events[index] as QueuedEvent
      this.#siftDown(index, this.#times[index] as number, this.#sequences[index] as number, event)
    }
  }

  #grow(): void {
    const times = new Float64Array(this.#times.length * 2)
    const sequences = new Float64Array(times.length)
    times.set(this.#times)
    sequences.set(this.#sequences)
    this.#times = times
    this.#sequences = sequences
  }
}

/** No event of its own kind: the fewer kinds there are, the faster the queue calls them. */
class Call implements EventHandle {
  readonly event: ReusableEvent
  readonly #queue: EventQueue
  #run: (() => void) | undefined

  constructor(queue: EventQueue, run: () => void) {
    this.#queue = queue
    this.#run = run
    this.event = new ReusableEvent(() => this.#run?.())
  }

  /** Its place in the heap may outlive it for a while; what the callback holds must not. */
  cancel(): void {
    this.#queue.cancel(this.event)
    this.#run = undefined
  }
}
