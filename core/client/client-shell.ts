/** The turns of a client, for its taps: all that comes from outside passes here. It numbers turns, links and timers. */
import { Taps, type Causes } from '../turns/taps.ts'
import { CLIENT_TAP_EVENTS, type ClientCall, type ClientTap } from './client-tap.ts'

export class ClientShell {
  readonly taps: Taps<ClientTap>
  readonly #now: () => number
  #turn = 0
  #nowMs = 0
  #isInTurn = false
  #links = 0
  #timers = 0

  /** `onTapThrew` hears what a tap has thrown, which is removed by then. */
  constructor(now: () => number, onTapThrew: (error: unknown) => void, taps: readonly ClientTap[], causes?: Causes) {
    this.#now = now
    this.taps = new Taps<ClientTap>(CLIENT_TAP_EVENTS, onTapThrew, causes)
    for (const tap of taps) this.taps.add(tap)
  }

  /** When the present turn began (ms); between turns, now. */
  get nowMs(): number {
    return this.#isInTurn ? this.#nowMs : this.#now()
  }

  nextLink(): number {
    return ++this.#links
  }

  nextTimer(): number {
    return ++this.#timers
  }

  /** Begins a turn; the caller tells its input. False: within another one, of which the input is a part. */
  begin(): boolean {
    if (this.#isInTurn) return false
    this.#isInTurn = true
    this.#nowMs = this.#now()
    this.taps.cause = this.taps.causes.arriving
    this.taps.emit.turnBegins(++this.#turn, this.#nowMs)
    return true
  }

  end(): void {
    this.#isInTurn = false
    if (this.taps.isOn) this.taps.emit.turnEnds(this.#turn)
  }

  /** Runs a method of the client that its program calls. `call`: undefined where there is no tap. */
  call<T>(call: ClientCall | undefined, run: () => T): T {
    if (call === undefined) return run()
    const { taps } = this
    taps.refuse(`client.${call.method}()`)
    const { cause } = taps
    const isTurn = this.begin()
    if (isTurn) taps.begin.called(call)
    else taps.begin.apiCalled(call)
    try {
      return run()
    } catch (error) {
      if (taps.isOn) taps.emit.callThrew(call, error)
      throw error
    } finally {
      taps.cause = cause
      if (isTurn) this.end()
    }
  }
}
