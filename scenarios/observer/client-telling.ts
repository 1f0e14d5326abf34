/**
 * Whether a client tells its program what reaches it over the connection that counts: each message of its app once, as
 * it was sent and after the session it came in, each denial, each latency, and that its session is lost.
 */
import { messageNamesOf } from '../../core/app/codec.ts'
import type { App, Client, Schema } from '../../core/index.ts'
import type { Checks } from '../invariants.ts'
import { DENIED, nameOfDenial, prefixOf, type SessionFrame } from './wire.ts'

/** As many messages wait for the session that they have overtaken (design section 7). */
const HELD_MAX = 64
/** Every so many messages are compared with what was sent. */
const COMPARED_EVERY = 32

export class ClientTelling {
  readonly #name: string
  readonly #checks: Checks
  #app: App<Schema> | undefined
  /** Messages that have reached it and that its program has not been told of. */
  #owed = 0
  /** The same of those that came before their session. */
  #held = 0
  #hasSession = false
  #isSessionTold = false
  #owedEvent: 'denied' | 'session_lost' | 'latency' | undefined
  #owedValue: unknown
  #last: Uint8Array | undefined
  #told = 0

  constructor(name: string, checks: Checks) {
    this.#name = name
    this.#checks = checks
  }

  /** For each life of its program. `app`: whose messages it listens to. */
  watch(client: Client, app: App<Schema>): void {
    this.#app = app
    client.on('session', () => (this.#isSessionTold = true))
    client.on('denied', ({ reason }) => this.#tell('denied', reason))
    client.on('session_lost', () => this.#tell('session_lost', undefined))
    client.on('latency', (latency) => this.#tell('latency', latency))
    const room = client.app(app)
    for (const type of typesOf(app))
      room.on(type as never, (message: object) => this.#handleMessage(app, type, message))
  }

  /** It dials: from now on another connection counts. */
  dialled(): void {
    this.#owed = 0
    this.#held = 0
    this.#hasSession = false
    this.#isSessionTold = false
    this.#owedEvent = undefined
  }

  heardApp(bytes: Uint8Array): void {
    if (prefixOf(bytes) !== this.#app?.prefix) return
    this.#last = bytes
    if (this.#hasSession) this.#owed++
    else if (this.#held < HELD_MAX) this.#held++
  }

  /** `asked`: it has asked to come back to a session over this connection. */
  heardProtocol(frame: SessionFrame, asked: boolean): void {
    switch (frame.type) {
      case 'new':
        this.#hasSession = true
        this.#owed += this.#held
        this.#held = 0
        return
      case 'pong':
        this.#owe('latency', frame.latency)
        return
      case 'denied':
        if (frame.reason === DENIED.bad_token && asked && !this.#hasSession) this.#owe('session_lost', undefined)
        else this.#owe('denied', nameOfDenial(frame.reason))
        return
      default:
        return
    }
  }

  /** What it was told is over. `isCurrent`: the connection counts still, so that its program must know of all. */
  settle(isCurrent: boolean): void {
    const event = this.#owedEvent
    if (event !== undefined && isCurrent) {
      this.#checks.fail('client-tells', `${this.#name} does not tell its program: ${event} ${String(this.#owedValue)}`)
    }
    if (this.#owed !== 0 && isCurrent) {
      const count = `${Math.abs(this.#owed)} of the messages that reached it`
      const what = this.#owed > 0 ? `does not tell its program ${count}` : `tells its program ${count} twice`
      this.#checks.fail('client-tells', `${this.#name} ${what}`)
    }
    this.#owed = 0
    this.#owedEvent = undefined
    this.#checks.pass('client-tells')
  }

  #owe(event: 'denied' | 'session_lost' | 'latency', value: unknown): void {
    this.#owedEvent = event
    this.#owedValue = value
  }

  #tell(event: 'denied' | 'session_lost' | 'latency', value: unknown): void {
    const isRight = this.#owedEvent === event && this.#owedValue === value
    this.#checks.check('client-tells', isRight, () => {
      const right = this.#owedEvent === undefined ? 'nothing' : `${this.#owedEvent} ${String(this.#owedValue)}`
      return `${this.#name} tells its program: ${event} ${String(value)}; right was ${right}`
    })
    this.#owedEvent = undefined
  }

  #handleMessage(app: App<Schema>, type: string, message: object): void {
    if (!this.#isSessionTold) {
      this.#checks.fail(
        'client-tells',
        `${this.#name} tells its program of '${type}' before it has told it of a session`,
      )
    }
    const isLast = --this.#owed === 0
    if (!isLast || ++this.#told % COMPARED_EVERY !== 0 || this.#last === undefined) return
    this.#checks.check('client-tells', isSame(this.#last, encoded(app, type, message)), () => {
      return `${this.#name} tells its program of '${type}' ${JSON.stringify(message)}, and that is not what was sent`
    })
  }
}

export function typesOf({ schema }: App<Schema>): readonly string[] {
  return (messageNamesOf(schema) ?? []).filter((type) => type !== 'join' && type !== 'part')
}

function encoded(app: App<Schema>, type: string, message: object): Uint8Array | undefined {
  try {
    return app.codec.encode(type, message)
  } catch {
    return undefined
  }
}

function isSame(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return a.length === b?.length && a.every((byte, index) => byte === b[index])
}
