/** How a run ended for everybody, in terms that do not depend on the network that it ran on. */
import type { RunEvent, RunResult } from './run-result.ts'

export interface ClientEndState {
  readonly status: string
  readonly zone: string | undefined
  /** How many sessions it has had: their ids depend on who was first. */
  readonly sessions: number
  /** How often it dialled. Compared where nothing goes wrong; else a millisecond can make a difference. */
  readonly dials: number
}

export class EndState {
  readonly #sessions = new Map<string, Set<string>>()
  readonly #dials = new Map<string, number>()
  /** A server that has lost its memory, or has stopped, counts from 1 again. */
  #lives = 0

  /** For `onEvent` of the run. */
  readonly onEvent = (event: RunEvent): void => {
    if (event.kind === 'step' && (event.step.do === 'crash' || event.step.do === 'stop_server')) this.#lives++
    if (event.kind !== 'client') return
    const { client, note } = event
    if (note.kind === 'dial') this.#dials.set(client, (this.#dials.get(client) ?? 0) + 1)
    if (note.kind !== 'status' || note.status.kind !== 'connected') return
    const sessions = this.#sessions.get(client) ?? new Set()
    this.#sessions.set(client, sessions.add(`${this.#lives}/${note.status.sessionId}`))
  }

  of({ clients }: RunResult): ReadonlyMap<string, ClientEndState> {
    return new Map(
      [...clients].map(([name, { status, zone }]) => [
        name,
        { status, zone, sessions: this.#sessions.get(name)?.size ?? 0, dials: this.#dials.get(name) ?? 0 },
      ]),
    )
  }
}
