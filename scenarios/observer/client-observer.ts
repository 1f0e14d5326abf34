/**
 * Watches one client: a tap of it, and its events as its program hears them. It judges what a client may do (design
 * section 8) by what went over its connections, over all lives of its program.
 */
import {
  CloseCode,
  protocol,
  type AnyApp,
  type App,
  type Clock,
  type Client,
  type ClientStatus,
  type ClientTap,
  type Delivery,
  type Schema,
} from '../../core/index.ts'
import type { ServerMessage, SessionRequest } from '../../core/protocol.ts'
import { ClientConnections } from './client-connections.ts'
import { ClientDeliveries } from './client-deliveries.ts'
import { ClientDials } from './client-dials.ts'
import { ClientSigns } from './client-signs.ts'
import { ClientTelling } from './client-telling.ts'
import type { ClientNote } from './client-note.ts'
import type { ClientWaitsOptions } from './client-waits.ts'
import { forgiving } from './failing-listeners.ts'
import { ClientTokens, tokenOf } from './client-tokens.ts'
import { DENIED, prefixOf } from './wire.ts'
import { ThrownOnPurpose } from '../simulated-app.ts'

export interface ClientObserverOptions extends ClientWaitsOptions {
  /** Its schema is another than the server's. */
  readonly isSkewed: boolean
  /** Whether the session behind a token lives, as the reference model of the server sees it. */
  readonly isTokenValid: (token: string) => boolean | undefined
  readonly onNote: ((name: string, note: ClientNote) => void) | undefined
  /** Before its program hears a message of an app; `token`: the one that it has. */
  readonly onApp: (bytes: Uint8Array, token: string) => void
  /** Nothing can break its connections without a word. */
  readonly isLeftAlone: boolean
  /** Its timers may be this late (ms): the world is unkind. */
  readonly timersLateMs: number
}

/** Whose event runs at the moment: of the connection that counts, of one that was given up, or of none. */
type Source = 'current' | 'abandoned' | undefined

export class ClientObserver {
  readonly #options: ClientObserverOptions
  readonly #telling: ClientTelling
  readonly #signs: ClientSigns
  readonly #connections: ClientConnections
  readonly #dials: ClientDials
  readonly #tokens: ClientTokens
  #isWaking = false
  #hasFailedToDial = false
  #isCommanded = false
  /** What may change the status at the moment; undefined: nothing that comes from a connection. */
  #source: Source
  /** The connection whose event runs at the moment; 0: of none. */
  #hearing = 0
  #unansweredBeacons = 0
  #said = 0
  #lastBeacon = 0
  #lastAppMessage: Uint8Array | undefined
  #deliveries: ClientDeliveries | undefined
  /** It knows where the session of its current connection is. */
  #hasSession = false
  /** Its current connection is open: nothing that comes before that counts. */
  #isOpen = false
  #isEnding = false
  #isConnecting = false
  #clock: Clock | undefined
  #client: Client | undefined
  #removeTap: (() => void) | undefined

  constructor(options: ClientObserverOptions) {
    this.#options = options
    this.#dials = new ClientDials(options)
    this.#telling = new ClientTelling(options.name, options.checks, options.isSkewed)
    this.#tokens = new ClientTokens(options.name, options.checks)
    this.#signs = new ClientSigns(options, () => this.#clock?.now() ?? 0)
    this.#connections = new ClientConnections(options.name, options.checks)
  }

  /** From now on it is to dial there. */
  set address(address: string) {
    this.#dials.address = address
  }

  /** Someone else may use the same token (a duplicated tab), so losing it is no fault. */
  set isShared(isShared: boolean) {
    this.#tokens.isShared = isShared
  }

  /** The id of the last beacon that reached it; 0 before the first. */
  get lastBeacon(): number {
    return this.#lastBeacon
  }

  /** The last message of an app that reached it. */
  get lastAppMessage(): Uint8Array | undefined {
    return this.#lastAppMessage
  }

  /** Messages sent so far. */
  get said(): number {
    return this.#said
  }

  /** The scenario makes the client do something: what it does then needs no other reason. */
  command(run: () => void): void {
    this.#isCommanded = true
    try {
      forgiving(run)
    } finally {
      this.#isCommanded = false
    }
  }

  /** The same, where the client is to connect: while it is connected, to go over to another connection. */
  connect(run: () => void): void {
    const before = this.#connections.dialled
    this.#isConnecting = true
    try {
      forgiving(run)
    } finally {
      this.#isConnecting = false
    }
    this.#check('client-dials-as-announced', this.#connections.dialled > before, () => {
      return `${this.#name} is to connect, and does not dial`
    })
  }

  /** The same, where its dial throws: that comes out. */
  failToDial(run: () => void): void {
    let isTold = false
    try {
      run()
    } catch (error) {
      if (!(error instanceof ThrownOnPurpose)) throw error
      isTold = true
    }
    this.#check('client-dials-as-announced', isTold, () => {
      return `${this.#name} is to connect and cannot, and its caller is not told`
    })
  }

  /** The same, where the client is to end its session. */
  end(run: () => void): void {
    this.#isEnding = true
    try {
      forgiving(run)
    } finally {
      this.#isEnding = false
      this.#tokens.ended()
    }
  }

  /** Its program starts again. `keepsToken`: with what it had stored. */
  restarted(keepsToken: boolean): void {
    this.#connections.restarted()
    this.#signs.restarted()
    this.#source = undefined
    this.#hearing = 0
    this.#dials.restarted()
    this.#removeTap?.()
    this.#tokens.restarted(keepsToken)
  }

  /** Its machine stands still for so long (ms), or its clock has leapt. */
  disturbed(forMs: number): void {
    this.#signs.disturbed(forMs)
  }

  /** It begins with a copy of what another client stores, or has the same store. */
  startWith(other: ClientObserver, what: 'copy' | 'same store'): void {
    this.#tokens.startWith(other.#tokens, what)
  }

  /** The one that it has heard last, whatever is in its store. */
  get ownToken(): string {
    return this.#tokens.own
  }

  get token(): string {
    return this.#tokens.kept.token
  }

  get attempt(): number {
    return this.#tokens.kept.attempt
  }

  /** From now on its timers come at whole multiples of so many ms; 0: in time. */
  timersEvery(everyMs: number): void {
    this.#signs.timersEvery(everyMs)
  }

  /** However late its timers are, it does not stay on a connection on which nothing is heard. */
  checkSilence(): void {
    this.#signs.checkSilence(this.#isConnected && this.#hasSession && this.#connections.current !== 0)
  }

  /** Its page is shown again, or its network is back. Returns what must hold when a sign of life must have come. */
  wake(run: () => void): () => void {
    const kind = this.#client?.status.kind
    const { dialled } = this.#connections
    this.#isWaking = true
    try {
      forgiving(run)
    } finally {
      this.#isWaking = false
    }
    this.#check('client-wakes', kind !== 'waiting' || this.#connections.dialled > dialled, () => {
      return `${this.#name} is woken while it waits, and does not dial`
    })
    return this.#signs.woken(kind === 'connected', () => this.#isConnected)
  }

  /** `app`: the one that it plays. */
  watchClient(client: Client, clock: Clock, app: App<Schema>): void {
    this.#clock = clock
    this.#client = client
    this.#connections.began()
    this.#removeTap = client.tap(this.#tap())
    this.#telling.watch(client, app)
    this.#deliveries = new ClientDeliveries(this.#name, this.#options.checks, app)
    client.on('status', (status) => this.#handleStatus(status, clock))
    client.on('session_lost', ({ id }) => {
      const { kept } = this.#tokens
      const wasAlive = this.#tokens.hasRequested && this.#options.isTokenValid(kept.token) === true
      this.#check('client-never-stranded', this.#tokens.isShared || !wasAlive, () => {
        return `${this.#name} was told that session ${id} is lost, and it lives`
      })
      kept.forget()
    })
  }

  get #name(): string {
    return this.#options.name
  }

  get #isConnected(): boolean {
    return this.#client?.status.kind === 'connected'
  }

  #tap(): ClientTap {
    const numberOf = (link: number): number => this.#connections.numberOf(link)
    return {
      dialled: (link, address) => this.#handleDialled(numberOf(link), address),
      dialThrew: (link) => {
        this.#connections.forget(numberOf(link))
        this.#hasFailedToDial = true
      },
      opened: (link) => {
        if (numberOf(link) === this.#connections.current) this.#isOpen = true
        this.#hear({ kind: 'opened', connection: numberOf(link) })
      },
      message: (link, bytes, delivery) => this.#handleMessage(numberOf(link), bytes, delivery),
      decoded: (link, app, type, message) => {
        if (app.prefix === protocol.prefix) this.#handleDecoded(numberOf(link), { type, message } as ServerMessage)
      },
      ignored: (link, what) => {
        if (what === 'sign_of_life' && numberOf(link) === this.#connections.current) this.#signs.heard(this.#hasSession)
      },
      closed: (link, code) => this.#handleClosed(numberOf(link), code),
      turnEnds: () => this.#endTurn(),
      send: (link, bytes, delivery, app, type, message) =>
        this.#handleSaid(numberOf(link), bytes, delivery, app, type, message),
      close: (link, code) => {
        const orders = { isEnding: this.#isEnding, isConnecting: this.#isConnecting, isTwin: this.#tokens.isTwin }
        this.#connections.closing(numberOf(link), code, orders)
      },
    }
  }

  #handleDialled(number: number, address: string): void {
    this.#note({ kind: 'dial', connection: number, address })
    this.#dials.dialled(address, this.#clock?.now() ?? 0, this.#isCommanded)
    this.#connections.add(number)
    this.#signs.dialled()
    this.#hasSession = false
    this.#isOpen = false
    this.#hasFailedToDial = false
    this.#tokens.dialled()
    this.#telling.dialled()
  }

  #handleSaid(
    connection: number,
    bytes: Uint8Array,
    delivery: Delivery,
    app: AnyApp,
    type: string,
    message: object,
  ): void {
    const { checks } = this.#options
    this.#said++
    if (connection !== this.#connections.current) {
      checks.fail('client-lets-go', `${this.#name} says something on a connection that it has given up`)
    }
    checks.pass('client-lets-go')
    this.#note({ kind: 'said', connection, bytes })
    this.#deliveries?.said(delivery, app, type)
    if (app.prefix !== protocol.prefix) {
      this.#tokens.checkHasRequested()
      return
    }
    if (type === 'session_ping') this.#unansweredBeacons--
    else if (type === 'session_request') this.#handleRequested(message)
  }

  #handleRequested(request: Partial<SessionRequest>): void {
    if (!this.#hasSession) {
      this.#tokens.requested(request)
      return
    }
    this.#check('client-wakes', this.#isWaking && tokenOf(request.reconnect_token) === '', () => {
      return `${this.#name} requests a session on a connection that has one, and was not woken`
    })
    this.#signs.asked()
  }

  /** An event of a connection begins. */
  #hear(note: ClientNote & { readonly connection: number }): void {
    this.#note(note)
    this.#hearing = note.connection
    this.#source = note.connection === this.#connections.current ? 'current' : 'abandoned'
    this.#unansweredBeacons = 0
  }

  /** It has been told something, and was to answer at once. */
  #endTurn(): void {
    this.#source = undefined
    const connection = this.#hearing
    if (connection === 0) return
    this.#hearing = 0
    if (this.#unansweredBeacons > 0)
      this.#options.checks.fail('client-answers', `${this.#name} did not answer a beacon`)
    this.#options.checks.pass('client-answers')
    this.#telling.settle(connection === this.#connections.current)
  }

  #handleMessage(connection: number, bytes: Uint8Array, delivery: Delivery): void {
    const isOfProtocol = prefixOf(bytes) === protocol.prefix
    if (isOfProtocol) this.#checkDelivery(delivery)
    this.#hear({ kind: 'heard', connection, bytes })
    if (connection !== this.#connections.current || !this.#isOpen) return
    if (!isOfProtocol) {
      this.#options.onApp(bytes, this.#tokens.own)
      this.#lastAppMessage = bytes
      this.#telling.heardApp(bytes)
    }
    this.#signs.heard(this.#hasSession)
  }

  #checkDelivery({ mode, channel }: Delivery): void {
    if (mode !== 'reliable' || channel !== 0) {
      const how = `as ${mode} on channel ${channel}`
      this.#options.checks.fail('protocol-reliable', `${this.#name} hears a protocol message ${how}`)
    }
    this.#options.checks.pass('protocol-reliable')
  }

  /** A message of the protocol. */
  #handleDecoded(connection: number, heard: ServerMessage): void {
    if (connection !== this.#connections.current || !this.#isOpen) return
    const { type, message } = heard
    const isBadToken = type === 'session_denied' && message.reason === DENIED.bad_token
    if (!isBadToken || !this.#tokens.isAskedAnew) this.#telling.heardProtocol(heard, this.#tokens.hasAsked)
    if (type === 'session_new') {
      this.#tokens.received(message)
      this.#connections.hold()
    } else if (this.#connections.isHolder) {
      // It knows where its session is, or that its server does not say.
      this.#signs.checkPatience(this.#hasSession)
      this.#hasSession = true
    }
    if (type === 'session_beacon') {
      this.#lastBeacon = message.id
      this.#unansweredBeacons = 1
    }
    if (isBadToken) this.#unansweredBeacons = 0
    this.#signs.heard(this.#hasSession)
  }

  #handleClosed(connection: number, code: number): void {
    const isCurrent = connection === this.#connections.current
    this.#hear({ kind: 'closed', connection, code, isCurrent })
    if (this.#options.isLeftAlone) {
      this.#check(
        'close-told',
        code !== CloseCode.abnormal,
        () => `${this.#name} was not told why its connection ${connection} was closed, and nothing has befallen it`,
      )
    }
    if (this.#connections.closed(connection)) this.#dials.closed(code)
  }

  #handleStatus(status: ClientStatus, clock: Clock): void {
    this.#note({ kind: 'status', status })
    this.#check(
      'client-lets-go',
      this.#source !== 'abandoned' || this.#isCommanded,
      () => `${this.#name} became ${status.kind} because of a connection that it has given up`,
    )
    this.#dials.became(status, clock.now(), this.#isCommanded)
    // Told so late that it has become something else since: its program has seen to that.
    if (this.#client?.status === status) this.#connections.checkOpen(status)
    if (status.kind !== 'waiting') return
    const hasOtherReason = this.#source === 'current' || this.#hasFailedToDial
    this.#hasFailedToDial = false
    this.#signs.checkGivenUp(this.#hasSession, hasOtherReason)
    this.#dials.waiting(status.retryInMs, status.code, clock.now(), this.#tokens.kept.token !== '')
  }

  #note(note: ClientNote): void {
    this.#options.onNote?.(this.#name, note)
  }

  #check(invariant: string, holds: boolean, explain: () => string): void {
    this.#options.checks.check(invariant, holds, explain)
  }
}
