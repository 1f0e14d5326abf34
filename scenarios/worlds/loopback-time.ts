/**
 * How time passes in a world whose programs talk over real sockets. The queue of the world says what happens when, as
 * in every world; real time says how soon. Before each event the process turns to its sockets until nothing is on its
 * way between them any more, so that the kernel costs no time of the world, however busy the machine is.
 *
 * Left out: what programs wait for beside sockets and their clock (threads, files): the world does not wait for it.
 */
import type { EventQueue } from '../../sim/index.ts'
import type { Traffic } from './loopback-traffic.ts'

/** What has been on its way for longer, through so many turns of the event loop, does not arrive any more. */
const ARRIVAL_MS_MAX = 100
const ARRIVAL_TURNS_MAX = 100
/** Further behind than this it goes on from where it is, instead of hurrying after the time that was lost. */
const BEHIND_MS_MAX = 100

export interface AdvanceOptions {
  /** The time of the world at which it is over, in microseconds. */
  readonly untilUs: number
  /** Asked in each turn; true ends it there, what it throws ends it, too. */
  readonly isOver: () => boolean
}

export class LoopbackTime {
  readonly #queue: EventQueue
  readonly #traffic: Traffic
  /** Seconds of the world for each real one; Infinity: as many as the sockets allow. */
  readonly #speed: number
  /** The time of the world at a moment of real time, from which others are reckoned. */
  #anchorUs = 0
  #anchorMs: number | undefined
  #movedAtMs = 0
  #turnsSinceMoved = 0
  /** Set while it sleeps: ends that. */
  #wake: (() => void) | undefined

  constructor(queue: EventQueue, traffic: Traffic, speed: number) {
    this.#queue = queue
    this.#traffic = traffic
    this.#speed = speed
    traffic.onMoved = () => this.#moved()
  }

  advance({ untilUs, isOver }: AdvanceOptions): Promise<void> {
    const queue = this.#queue
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        try {
          if (isOver()) {
            resolve()
          } else if (this.#mustWait()) {
            setImmediate(turn)
          } else {
            const restMs = this.#realMsUntil(Math.min(queue.nextAtUs, untilUs))
            if (restMs >= 1) {
              this.#sleep(restMs, untilUs, turn)
            } else if (queue.nextAtUs > untilUs) {
              queue.runUntil(untilUs)
              resolve()
            } else {
              queue.runNext()
              setImmediate(turn)
            }
          }
        } catch (error) {
          reject(error)
        }
      }
      this.#moved()
      setImmediate(turn)
    })
  }

  #moved(): void {
    this.#turnsSinceMoved = 0
    this.#wake?.()
  }

  /** A turn after the last movement has gone by, in which streams passed on what they had, and all has arrived. */
  #mustWait(): boolean {
    const nowMs = performance.now()
    if (this.#turnsSinceMoved === 0) this.#movedAtMs = nowMs
    this.#turnsSinceMoved += 1
    if (this.#turnsSinceMoved === 1) return true
    if (this.#traffic.isQuiet) return false
    if (this.#turnsSinceMoved < ARRIVAL_TURNS_MAX || nowMs < this.#movedAtMs + ARRIVAL_MS_MAX) return true
    this.#traffic.giveUp()
    return false
  }

  #realMsUntil(atUs: number): number {
    if (this.#speed === Infinity) return 0
    const nowMs = performance.now()
    this.#anchorMs ??= nowMs
    const dueMs = this.#anchorMs + (atUs - this.#anchorUs) / 1000 / this.#speed
    if (nowMs - dueMs > BEHIND_MS_MAX) {
      this.#anchorMs = nowMs
      this.#anchorUs = atUs
    }
    return dueMs - nowMs
  }

  /** What comes meanwhile comes at its own time, not at that of the event before. */
  #sleep(ms: number, untilUs: number, turn: () => void): void {
    const sinceMs = performance.now()
    const sinceUs = this.#queue.nowUs
    const timer = setTimeout(() => {
      this.#wake = undefined
      turn()
    }, ms)
    this.#wake = () => {
      this.#wake = undefined
      clearTimeout(timer)
      const sleptUs = Math.floor((performance.now() - sinceMs) * this.#speed * 1000)
      const nowUs = Math.min(sinceUs + sleptUs, untilUs, this.#queue.nextAtUs - 1)
      if (nowUs > this.#queue.nowUs) this.#queue.runUntil(nowUs)
      setImmediate(turn)
    }
  }
}
