/**
 * The game's own timers, which can be held back: those of its clients, its zones' ticks and timers, and its program's. While
 * they are held, nothing of the game begins by itself, and what was sent comes to its end. The timers of sessions and
 * connections go on.
 */
import type { Clock, Timer, TimerOwner } from '../../core/index.ts'
import type { HostLife } from '../../sim/index.ts'

export class HeldTimers {
  #isHeld = false
  readonly #waiting: (() => void)[] = []

  hold(): void {
    this.#isHeld = true
  }

  /** Runs `fire` now, or when timers are no longer held. */
  run(fire: () => void): void {
    if (this.#isHeld) this.#waiting.push(fire)
    else fire()
  }

  /** What came due meanwhile is given to `later`, in order. */
  release(later: (fire: () => void) => void): void {
    this.#isHeld = false
    for (const fire of this.#waiting.splice(0)) later(fire)
  }
}

/** Those owners whose timers belong to the game. */
const OF_THE_GAME: ReadonlySet<TimerOwner['name']> = new Set<TimerOwner['name']>(['tick', 'timer', 'program'])

/**
 * The server's clock, whose game timers are held and which can stand still. Whose a timer is, the server's tap says right
 * after the timer was set (`name`).
 */
export class GameClock implements Clock {
  readonly #inner: Clock
  readonly #life: HostLife
  readonly #held: HeldTimers
  #last: { isOfGame: boolean } | undefined
  #stoodStillAtMs: number | undefined

  constructor(inner: Clock, life: HostLife, held: HeldTimers) {
    this.#inner = inner
    this.#life = life
    this.#held = held
  }

  now(): number {
    return this.#stoodStillAtMs ?? this.#inner.now()
  }

  setTimer(delayMs: number, fire: () => void): Timer {
    const entry = { isOfGame: false }
    let isCancelled = false
    const timer = this.#inner.setTimer(delayMs, () => {
      if (!entry.isOfGame) fire()
      else this.#held.run(() => this.#life.isAlive && !isCancelled && fire())
    })
    this.#last = entry
    return {
      cancel: () => {
        isCancelled = true
        timer.cancel()
      },
    }
  }

  /** The timer that was set last is of this owner. */
  name({ name }: TimerOwner): void {
    if (this.#last !== undefined) this.#last.isOfGame = OF_THE_GAME.has(name)
    this.#last = undefined
  }

  /** Until `goOn`, it is the present moment: what is asked twice in a row is answered alike. */
  standStill(): void {
    this.#stoodStillAtMs ??= this.#inner.now()
  }

  goOn(): void {
    this.#stoodStillAtMs = undefined
  }
}
