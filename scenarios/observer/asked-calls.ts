/**
 * What handlers have called of the server's API: carried out in the same turn, after the handler and after what was asked
 * for before. A model that took it for done at once would expect that a message which was asked for before it does not
 * come. So each call waits until its first consequence shows, or the turn is over.
 */
import type { ModelState } from './model-state.ts'
import type { AskedCall, Output } from './observation.ts'

type Removal = Extract<Output, { readonly kind: 'asked_to_remove' }>

export class AskedCalls {
  readonly #state: ModelState
  readonly #carryOut: (call: AskedCall | Removal) => void
  readonly #waiting: (AskedCall | Removal)[] = []

  constructor(state: ModelState, carryOut: (call: AskedCall | Removal) => void) {
    this.#state = state
    this.#carryOut = carryOut
  }

  ask(call: AskedCall | Removal): void {
    // What may be refused is allowed from now on; it need not come about.
    if (call.kind === 'act') this.#carryOut(call)
    else this.#waiting.push(call)
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0
  }

  /** Before this output is judged: it may be the consequence of a call, which then has been carried out. */
  before(output: Output): void {
    const last = this.#waiting.findIndex((call) => this.#explains(call, output))
    for (const call of this.#waiting.splice(0, last + 1)) this.#carryOut(call)
  }

  /** No more is to be seen of them: at the end of the turn, or of the server. */
  carryOutAll(): void {
    if (this.#waiting.length > 0) for (const call of this.#waiting.splice(0)) this.#carryOut(call)
  }

  #explains(call: AskedCall | Removal, output: Output): boolean {
    switch (output.kind) {
      case 'handler':
        return call.kind === 'stop_zone' ? call.zone === output.zone : concerns(call, output.session)
      case 'callback':
        return concerns(call, output.session)
      case 'close':
        return concerns(call, this.#state.connections.get(output.connection)?.session?.id)
      case 'let_go':
        return concerns(call, this.#sessionOf(-output.receiver))
      default:
        return false
    }
  }

  #sessionOf(connection: number): number | undefined {
    for (const { id, connection: present } of this.#state.sessions.values())
      if (present?.number === connection) return id
    return undefined
  }
}

function concerns(call: AskedCall | Removal, session: number | undefined): boolean {
  if (session === undefined) return false
  if (call.kind === 'give_connection') return call.from === session || call.to === session
  return 'session' in call && call.session === session
}
