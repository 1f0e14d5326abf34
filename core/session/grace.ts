/**
 * The time that a disconnected session waits for its client. Counted from *this* disconnect; each wait can end only
 * itself, so a timer of an earlier disconnect never touches a session that has come back since.
 */
import { setDeadline } from '../turns/deadline.ts'
import type { Shell } from '../turns/shell.ts'
import type { TimerOwner } from '../turns/timer-owner.ts'
import type { Turns } from '../turns/turns.ts'
import type { Timer } from '../injected.ts'

export interface GraceParts {
  readonly shell: Shell
  readonly turns: Turns
}

export class Grace {
  readonly #parts: GraceParts
  readonly #onOver: () => void
  readonly #owner: TimerOwner
  #timeoutMs: number
  /** Undefined while nothing is waited for. */
  #since: number | undefined
  #timer: Timer | undefined

  constructor(parts: GraceParts, session: number, timeoutMs: number, onOver: () => void) {
    this.#parts = parts
    this.#owner = { name: 'grace', session }
    this.#timeoutMs = timeoutMs
    this.#onOver = onOver
  }

  get timeoutMs(): number {
    return this.#timeoutMs
  }

  start(): void {
    this.#since = this.#parts.turns.now
    this.#arm(this.#since)
  }

  cancel(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#since = undefined
  }

  /** A wait that has begun keeps its beginning. */
  setTimeout(timeoutMs: number): void {
    this.#timeoutMs = timeoutMs
    if (this.#since === undefined) return
    this.#timer?.cancel()
    this.#arm(this.#since)
  }

  #arm(since: number): void {
    const { turns } = this.#parts
    const remainingMs = since + this.#timeoutMs - turns.now
    if (remainingMs <= 0) this.#timer = this.#askToEnd()
    else this.#timer = setDeadline(this.#parts.shell, this.#owner, remainingMs, () => this.#end())
  }

  /** In this turn, but after what was asked for before. */
  #askToEnd(): Timer {
    let cancelled = false
    this.#parts.turns.ask(() => {
      if (!cancelled) this.#end()
    })
    return { cancel: () => (cancelled = true) }
  }

  #end(): void {
    this.cancel()
    this.#onOver()
  }
}
