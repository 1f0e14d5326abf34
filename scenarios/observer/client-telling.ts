/**
 * Whether a client tells its program what reaches it over the connection that counts: each message of its app once, as
 * it was sent and after the session it came in, each denial, each latency, and that its session is lost.
 */
import { messageNamesOf } from '../../core/app/codec.ts'
import type { App, Client, Schema, SessionEstablished } from '../../core/index.ts'
import type { ServerMessage, SessionState } from '../../core/protocol.ts'
import type { Checks } from '../invariants.ts'
import { isSameBytes } from '../same-bytes.ts'
import { DENIED, nameOfDenial, prefixOf } from './wire.ts'

/** As many messages wait for the session that they have overtaken (design section 7). */
const HELD_MAX = 64
/** Of other reasons, which a later protocol may have, the program is told nothing. */
const DENIALS: ReadonlySet<number> = new Set(Object.values(DENIED))
/** Every so many messages are compared with what was sent. */
const COMPARED_EVERY = 32

export class ClientTelling {
  readonly #name: string
  readonly #checks: Checks
  readonly #isSkewed: boolean
  /** Messages that it cannot decode, and that its program has not been told of. */
  #owedUndecodable = 0
  #heldUndecodable = 0
  /** Of those that it holds, messages of apps that it does not have. */
  #heldForeign = 0
  #app: App<Schema> | undefined
  /** Messages that have reached it and that its program has not been told of. */
  #owed = 0
  /** The same of those that came before their session. */
  #held = 0
  /** The session of the last `session_new`, and the one that its program is to know of. */
  #sessionId: number | undefined
  #knownId: number | undefined
  #isSessionTold = false
  /** What its program is to be told of its session. */
  #owedSession: string | undefined
  #owedEvent: 'denied' | 'session_lost' | 'latency' | undefined
  #owedValue: unknown
  #last: Uint8Array | undefined
  #told = 0

  /** `isSkewed`: its schema is another than the server's, so that it may be unable to decode what it hears. */
  constructor(name: string, checks: Checks, isSkewed: boolean) {
    this.#name = name
    this.#checks = checks
    this.#isSkewed = isSkewed
  }

  /** For each life of its program. `app`: whose messages it listens to. */
  watch(client: Client, app: App<Schema>): void {
    this.#app = app
    client.on('session', (session) => this.#handleSession(session))
    client.on('undecodable', ({ app: of }) => {
      if (of === app) this.#owedUndecodable--
    })
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
    this.#owedUndecodable = 0
    this.#held = 0
    this.#heldUndecodable = 0
    this.#heldForeign = 0
    this.#sessionId = undefined
    this.#knownId = undefined
    this.#isSessionTold = false
    this.#owedSession = undefined
    this.#owedEvent = undefined
  }

  heardApp(bytes: Uint8Array): void {
    const isTold = this.#knownId !== undefined && this.#knownId === this.#sessionId
    if (!isTold && this.#held + this.#heldUndecodable + this.#heldForeign >= HELD_MAX) return
    if (prefixOf(bytes) !== this.#app?.prefix) {
      if (!isTold) this.#heldForeign++
      return
    }
    this.#last = bytes
    const isReadable = !this.#isSkewed || typeof this.#app.codec.decode(bytes) === 'object'
    if (isReadable && isTold) this.#owed++
    else if (isReadable) this.#held++
    else if (isTold) this.#owedUndecodable++
    else this.#heldUndecodable++
  }

  /** `asked`: it has asked to come back to a session over this connection. */
  heardProtocol(heard: ServerMessage, asked: boolean): void {
    const { type, message } = heard
    if (type === 'session_new') {
      this.#sessionId = message.id
      return
    }
    if (this.#sessionId !== this.#knownId) this.#know(type === 'session_state' ? message : undefined)
    switch (type) {
      case 'session_pong':
        this.#owe('latency', message.latency)
        return
      case 'session_denied':
        if (message.reason === DENIED.bad_token && asked && this.#sessionId === undefined)
          this.#owe('session_lost', undefined)
        else if (DENIALS.has(message.reason)) this.#owe('denied', nameOfDenial(message.reason))
        return
      default:
        return
    }
  }

  /** What comes after a `session_new` says where the session is, or that its server does not say so. */
  #know(state: SessionState | undefined): void {
    const id = this.#sessionId
    this.#knownId = id
    this.#owed += this.#held
    this.#owedUndecodable += this.#heldUndecodable
    this.#held = 0
    this.#heldUndecodable = 0
    this.#heldForeign = 0
    this.#owedSession = describeSession(id, state?.zone_app, state?.zone, state !== undefined, state?.skewed ?? [])
  }

  #handleSession({ id, zone, isZoneKnown, skewed }: SessionEstablished): void {
    this.#isSessionTold = true
    const told = describeSession(
      id,
      zone?.prefix,
      zone?.name,
      isZoneKnown,
      skewed.map(({ prefix }) => prefix),
    )
    this.#checks.check('client-tells', told === this.#owedSession, () => {
      return `${this.#name} tells its program of ${told}; right was ${this.#owedSession ?? 'nothing'}`
    })
    this.#owedSession = undefined
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
    if (this.#owedSession !== undefined && isCurrent) {
      this.#checks.fail('client-tells', `${this.#name} does not tell its program of ${this.#owedSession}`)
    }
    if (this.#owedUndecodable !== 0 && isCurrent) {
      const what = `${Math.abs(this.#owedUndecodable)} messages that it cannot decode`
      this.#checks.fail(
        'client-tells',
        `${this.#name} ${this.#owedUndecodable > 0 ? 'does not tell' : 'tells'} its program of ${what}`,
      )
    }
    this.#owed = 0
    this.#owedUndecodable = 0
    this.#owedEvent = undefined
    this.#owedSession = undefined
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
    if (this.#isSkewed || !isLast || ++this.#told % COMPARED_EVERY !== 0 || this.#last === undefined) return
    const again = encoded(app, type, message)
    this.#checks.check('client-tells', again !== undefined && isSameBytes(this.#last, again), () => {
      return `${this.#name} tells its program of '${type}' ${JSON.stringify(message)}, and that is not what was sent`
    })
  }
}

function describeSession(
  id: number | undefined,
  prefix: number | undefined,
  zone: string | undefined,
  isZoneKnown: boolean,
  skewed: readonly number[],
): string {
  const where = isZoneKnown ? `${prefix ?? '-'} ${zone ?? 'no zone'}` : 'an unknown zone'
  return `session ${id} in ${where}, with other schemas of apps ${skewed.join(' ')}`
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
