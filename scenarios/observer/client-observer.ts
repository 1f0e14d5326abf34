/**
 * Watches one client from outside: a decorator of its network, and its status events. It judges what a client may do
 * (design section 8) by what went over its connections, over all lives of its program.
 */
import {
  protocol,
  type App,
  type Clock,
  type Client,
  type ClientStatus,
  type Connection,
  type ConnectionHandler,
  type Delivery,
  type Network,
  type Schema,
} from '../../core/index.ts'
import { CloseCode } from '../../core/index.ts'
import { ClientDeliveries } from './client-deliveries.ts'
import { ClientTelling } from './client-telling.ts'
import { ClientWaits, RETRY_MS_MAX, type ClientWaitsOptions } from './client-waits.ts'
import { forgiving } from './failing-listeners.ts'
import { KeptToken } from './kept-token.ts'
import { WatchedConnection, WatchedHandler } from './watched-client.ts'
import { DENIED, prefixOf, readSessionFrame, type SessionFrame } from './wire.ts'

/** What a run's account shows of a client. */
export type ClientNote =
  | { readonly kind: 'dial'; readonly connection: number; readonly address: string }
  | { readonly kind: 'opened' | 'heard' | 'said'; readonly connection: number; readonly bytes?: Uint8Array }
  | { readonly kind: 'closed'; readonly connection: number; readonly code: number; readonly isCurrent: boolean }
  | { readonly kind: 'status'; readonly status: ClientStatus }

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

/** `connectTimeout` and `livenessTimeout` of a client. */
const PATIENCE_MS = 5_000
/** How long it waits for a sign of life. */
const SIGN_MS = 2_000
const SLACK_MS = 1.001
/** A clock that is set to another pace while a timer runs. */
const DRIFT_MS = 5

/** Whose event runs at the moment: of the connection that counts, of one that was given up, or of none. */
type Source = 'current' | 'abandoned' | undefined

export class ClientObserver {
  readonly #options: ClientObserverOptions
  readonly #telling: ClientTelling
  /** The connection that counts: the last one dialled. */
  #current = 0
  #dialled = 0
  /** What its store should hold; shared with those who share its store. */
  #kept = new KeptToken()
  /** The number of its present connection's request. */
  #attempt = 0
  /** The token that it brought or was given last. */
  #own = ''
  #timersEveryMs = 0
  #sessionId: number | undefined
  #isWaking = false
  /** When it asked for a sign of life; undefined: it has heard something since. */
  #askedAtMs: number | undefined
  #hasFailedToDial = false
  /** The token with which the current connection asked to come back. */
  #requested: string | undefined
  /** Where it is to dial. */
  address = ''
  /** Someone else may use the same token (a duplicated tab), so losing it is no fault. */
  isShared = false
  #mayDialAtMs: number | undefined
  #isEnded = false
  #isCommanded = false
  /** What may change the status at the moment; undefined: nothing that comes from a connection. */
  #source: Source
  #unansweredBeacons = 0
  #said = 0
  #lastBeacon = 0
  #lastAppMessage: Uint8Array | undefined
  #waits: ClientWaits
  /** When the current connection was dialled, or, with a session, something was last heard on it. */
  #lastSignMs = 0
  /** Its machine stood still, or its clock leapt, until then: what it does may come later than it would. */
  #disturbedUntilMs = -Infinity
  #deliveries: ClientDeliveries | undefined
  /** It has got a `session_new` over its current connection; and it knows where that session is. */
  #hasNew = false
  #hasSession = false
  #isEnding = false
  #isConnecting = false
  /** The connection that has its session, while none after it has. */
  #holder = 0
  /** Neither closed, nor asked to close. */
  readonly #open = new Set<number>()
  #clock: Clock | undefined
  #client: Client | undefined

  constructor(options: ClientObserverOptions) {
    this.#options = options
    this.#waits = new ClientWaits(options)
    this.#telling = new ClientTelling(options.name, options.checks, options.isSkewed)
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
    const before = this.#dialled
    this.#isConnecting = true
    try {
      forgiving(run)
    } finally {
      this.#isConnecting = false
    }
    this.#check(
      'client-dials-as-announced',
      this.#dialled > before,
      () => `${this.#name} is to connect, and does not dial`,
    )
  }

  /** The same, where the client is to end its session. */
  end(run: () => void): void {
    this.#isEnding = true
    try {
      forgiving(run)
    } finally {
      this.#isEnding = false
      if (this.#kept.token === this.#own || this.#own === '') this.#kept.forget()
    }
  }

  /** Its program starts again. `keepsToken`: with what it had stored. */
  restarted(keepsToken: boolean): void {
    this.#current = 0
    this.#open.clear()
    this.#holder = 0
    this.#waits = new ClientWaits(this.#options)
    this.#mayDialAtMs = undefined
    this.#isEnded = false
    this.#own = ''
    this.#askedAtMs = undefined
    if (!keepsToken) this.#kept.clear()
  }

  /** Its machine stands still for so long (ms), or its clock has leapt. */
  disturbed(forMs: number): void {
    this.#disturbedUntilMs = Math.max(this.#disturbedUntilMs, (this.#clock?.now() ?? 0) + forMs)
  }

  /** It begins with a copy of what another client stores, or has the same store. */
  startWith(other: ClientObserver, what: 'copy' | 'same store'): void {
    this.#kept = what === 'copy' ? other.#kept.copy() : other.#kept
    this.isShared = true
    other.isShared = true
  }

  /** The one that it has heard last, whatever is in its store. */
  get ownToken(): string {
    return this.#own
  }

  get token(): string {
    return this.#kept.token
  }

  get attempt(): number {
    return this.#kept.attempt
  }

  /** From now on its timers come at whole multiples of so many ms; 0: in time. */
  timersEvery(everyMs: number): void {
    this.#timersEveryMs = everyMs
    if (everyMs === 0) this.disturbed(0)
  }

  /** However late its timers are, it does not stay on a connection on which nothing is heard. */
  checkSilence(): void {
    const nowMs = this.#clock?.now() ?? 0
    const silentMs = nowMs - Math.max(this.#lastSignMs, this.#disturbedUntilMs)
    const limitMs = 2 * PATIENCE_MS + 3 * this.#timersEveryMs + DRIFT_MS
    const isHolding = this.#client?.status.kind === 'connected' && this.#hasSession && this.#current !== 0
    this.#check('client-notices-silence', !isHolding || silentMs <= limitMs, () => {
      return `${this.#name} has heard nothing for ${silentMs} ms, and believes to be connected; its timers come every ${this.#timersEveryMs} ms`
    })
  }

  /** Its page is shown again, or its network is back. Returns what must hold when a sign of life must have come. */
  wake(run: () => void): () => void {
    const kind = this.#client?.status.kind
    const dialled = this.#dialled
    this.#isWaking = true
    try {
      forgiving(run)
    } finally {
      this.#isWaking = false
    }
    this.#check('client-wakes', kind !== 'waiting' || this.#dialled > dialled, () => {
      return `${this.#name} is woken while it waits, and does not dial`
    })
    const askedAtMs = this.#askedAtMs
    this.#check('client-wakes', kind !== 'connected' || askedAtMs !== undefined, () => {
      return `${this.#name} is woken while it is connected, and does not ask whether the server is there`
    })
    const everyMs = this.#timersEveryMs
    return () => {
      // A check that is later than that is no check: liveness decides then, and has a rule of its own.
      const isInTime = everyMs === this.#timersEveryMs && everyMs < SIGN_MS
      const isSilent = askedAtMs !== undefined && this.#askedAtMs === askedAtMs && isInTime
      if (!isSilent || this.#disturbedUntilMs >= askedAtMs) return
      this.#check('client-wakes', this.#client?.status.kind !== 'connected', () => {
        return `${this.#name} got no sign of life after it had been woken, and keeps its connection`
      })
    }
  }

  watchNetwork(network: Network, clock: Clock): Network {
    return {
      listen: (address, accept, events) => network.listen(address, accept, events),
      connect: (address, handler) => this.#dial(network, clock, address, handler),
    }
  }

  /** `app`: the one that it plays. */
  watchClient(client: Client, clock: Clock, app: App<Schema>): void {
    this.#clock = clock
    this.#client = client
    this.#telling.watch(client, app)
    this.#deliveries = new ClientDeliveries(this.#name, this.#options.checks, app)
    client.on('status', (status) => this.#handleStatus(status, clock))
    client.on('session_lost', ({ id }) => {
      const wasAlive = this.#requested !== undefined && this.#options.isTokenValid(this.#kept.token) === true
      this.#check(
        'client-never-stranded',
        this.isShared || !wasAlive,
        () => `${this.#name} was told that session ${id} is lost, and it lives`,
      )
      this.#kept.forget()
    })
  }

  get #name(): string {
    return this.#options.name
  }

  #dial(network: Network, clock: Clock, address: string, handler: ConnectionHandler): Connection {
    this.#note({ kind: 'dial', connection: this.#dialled + 1, address })
    this.#check('client-dials-as-announced', address === this.address, () => {
      return `${this.#name} dials ${address}; right was ${this.address}, the last that it was given`
    })
    if (!this.#isCommanded) {
      const now = clock.now()
      const at = this.#mayDialAtMs
      this.#check('client-stays-away', !this.#isEnded, () => `${this.#name} dials although it was closed for good`)
      this.#check('client-dials-as-announced', at !== undefined && now >= at - SLACK_MS, () =>
        at === undefined
          ? `${this.#name} dials without having announced it`
          : `${this.#name} dials ${at - now} ms before its backoff is over`,
      )
    }
    this.#isEnded = false
    this.#mayDialAtMs = undefined
    const number = ++this.#dialled
    this.#current = number
    this.#open.add(number)
    this.#lastSignMs = clock.now()
    this.#hasNew = false
    this.#hasSession = false
    this.#requested = undefined
    this.#askedAtMs = undefined
    this.#telling.dialled()
    const watched = new WatchedHandler(handler, number, this)
    const inner = this.#connectOrForget(number, () => network.connect(address, watched))
    return new WatchedConnection(inner, {
      sending: (bytes, delivery) => this.#handleSaid(number, bytes, delivery),
      closing: (code) => {
        this.#check('ended-at-once', code === CloseCode.ended ? this.#isEnding || this.#isTwin : !this.#isEnding, () =>
          this.#isEnding
            ? `${this.#name} ends its session, and closes with ${code} instead of 4000`
            : `${this.#name} closes with 4000, although its user did not end the session`,
        )
        this.#check('takeover-silent', !(this.#isConnecting && number === this.#holder), () => {
          return `${this.#name} is to go over to another connection, and closes the one that has its session before another has it`
        })
        if (number === this.#holder) this.#holder = 0
        this.#open.delete(number)
        this.#check('client-lets-go', watched.isOpen && mayBeSent(code), () =>
          watched.isOpen
            ? `${this.#name} closes with ${code}, which no WebSocket can send`
            : `${this.#name} closes its connection ${number} with ${code}, which has closed already`,
        )
        if (number === this.#current) this.#current = 0
      },
    })
  }

  /** Its store has the session of another program: this one has to end its own. */
  get #isTwin(): boolean {
    const { sessionId } = this.#kept
    return this.isShared && this.#hasNew && sessionId !== undefined && sessionId !== this.#sessionId
  }

  /** A dial that throws has made no connection. */
  #connectOrForget(number: number, connect: () => Connection): Connection {
    try {
      return connect()
    } catch (error) {
      this.#open.delete(number)
      this.#current = 0
      this.#hasFailedToDial = true
      throw error
    }
  }

  #handleSaid(connection: number, bytes: Uint8Array, delivery: Delivery): void {
    const { checks } = this.#options
    this.#said++
    if (connection !== this.#current) {
      checks.fail('client-lets-go', `${this.#name} says something on a connection that it has given up`)
    }
    checks.pass('client-lets-go')
    this.#note({ kind: 'said', connection, bytes })
    this.#deliveries?.said(bytes, delivery)
    if (prefixOf(bytes) !== protocol.prefix) {
      if (this.#requested === undefined) {
        checks.fail('client-keeps-token', `${this.#name} says something before it has requested a session`)
      }
      checks.pass('client-keeps-token')
      return
    }
    const frame = readSessionFrame(bytes)
    if (frame.type === 'ping') this.#unansweredBeacons--
    else if (frame.type === 'request') this.#handleRequested(frame)
  }

  #handleRequested(frame: Extract<SessionFrame, { readonly type: 'request' }>): void {
    if (this.#hasSession) {
      this.#check('client-wakes', this.#isWaking && frame.token === '', () => {
        return `${this.#name} requests a session on a connection that has one, and was not woken`
      })
      this.#askedAtMs ??= this.#clock?.now()
      return
    }
    const hasCounted = frame.attempt !== undefined && frame.attempt > this.#kept.attempt
    this.#check('client-keeps-token', frame.token === this.#kept.token && hasCounted, () =>
      hasCounted
        ? `${this.#name} requests with token ${short(frame.token)}; the last that was stored is ${short(this.#kept.token)}`
        : `${this.#name} requests with attempt ${frame.attempt} after ${this.#kept.attempt}`,
    )
    this.#attempt = this.#kept.attempt = frame.attempt ?? this.#kept.attempt
    this.#own = frame.token
    this.#requested = frame.token
  }

  /** For the handlers of its connections. */
  during(connection: number, note: ClientNote, run: () => void): void {
    const outer = this.enter(connection, note)
    try {
      forgiving(run)
    } finally {
      this.leave(outer)
    }
    this.checkAnswers(connection)
  }

  /** The same in two halves, for what happens all the time; `leave` also where it throws. */
  enter(connection: number, note: ClientNote): Source {
    this.#note(note)
    const isCurrent = connection === this.#current
    const outer = this.#source
    this.#source = isCurrent ? 'current' : 'abandoned'
    this.#unansweredBeacons = 0
    if (isCurrent && note.kind === 'heard' && note.bytes !== undefined) {
      if (prefixOf(note.bytes) !== protocol.prefix) this.#options.onApp(note.bytes, this.#own)
      this.#askedAtMs = undefined
      this.#handleHeard(note.bytes)
      if (this.#hasSession && this.#clock !== undefined) this.#lastSignMs = this.#clock.now()
    }
    if (note.kind === 'closed') {
      this.#open.delete(connection)
      this.#handleClosed(connection, note.code)
    }
    return outer
  }

  leave(outer: Source): void {
    this.#source = outer
  }

  /** It has been told something, and was to answer at once. */
  checkAnswers(connection: number): void {
    if (this.#unansweredBeacons > 0)
      this.#options.checks.fail('client-answers', `${this.#name} did not answer a beacon`)
    this.#options.checks.pass('client-answers')
    this.#telling.settle(connection === this.#current)
  }

  /** For the handlers of its connections: how the network says that a message was sent. */
  handleDelivery(bytes: Uint8Array, { mode, channel }: Delivery): void {
    if (prefixOf(bytes) !== protocol.prefix) return
    if (mode !== 'reliable' || channel !== 0) {
      const how = `(${readSessionFrame(bytes).type}) as ${mode} on channel ${channel}`
      this.#options.checks.fail('protocol-reliable', `${this.#name} hears a protocol message ${how}`)
    }
    this.#options.checks.pass('protocol-reliable')
  }

  /** For the handlers of its connections: something that is no message has come. */
  handleAlive(connection: number): void {
    if (connection !== this.#current) return
    this.#askedAtMs = undefined
    if (this.#hasSession && this.#clock !== undefined) this.#lastSignMs = this.#clock.now()
  }

  isCurrent(connection: number): boolean {
    return connection === this.#current
  }

  #handleHeard(bytes: Uint8Array): void {
    if (prefixOf(bytes) !== protocol.prefix) {
      this.#lastAppMessage = bytes
      this.#telling.heardApp(bytes)
      return
    }
    const frame = readSessionFrame(bytes)
    const asked = this.#requested !== undefined && this.#requested !== ''
    const isDenied = frame.type === 'denied' && frame.reason === DENIED.bad_token && asked && !this.#hasNew
    // Another program with its store has a token since: it asks with that one, and its program is told nothing.
    const isAskedAnew = isDenied && this.#kept.token !== '' && this.#kept.token !== this.#requested
    if (!isAskedAnew) this.#telling.heardProtocol(frame, asked)
    if (frame.type === 'new') {
      this.#hasNew = true
      this.#kept.received(frame.id, frame.token, this.#attempt)
      this.#own = frame.token
      this.#sessionId = frame.id
      this.#holder = this.#current
    } else if (this.#holder === this.#current) {
      // It knows where its session is, or that its server does not say.
      this.#checkPatience()
      this.#hasSession = true
    }
    if (frame.type === 'beacon') {
      this.#lastBeacon = frame.id
      this.#unansweredBeacons = 1
    }
    if (frame.type === 'denied' && frame.reason === DENIED.bad_token) this.#unansweredBeacons = 0
  }

  #handleClosed(connection: number, code: number): void {
    if (this.#options.isLeftAlone) {
      this.#check(
        'close-told',
        code !== CloseCode.abnormal,
        () => `${this.#name} was not told why its connection ${connection} was closed, and nothing has befallen it`,
      )
    }
    if (connection !== this.#current) return
    this.#current = 0
    if (!mayComeBack(code)) this.#isEnded = true
  }

  #handleStatus(status: ClientStatus, clock: Clock): void {
    this.#note({ kind: 'status', status })
    this.#waits.became(status, clock.now(), this.#isCommanded)
    this.#check(
      'client-lets-go',
      this.#source !== 'abandoned' || this.#isCommanded,
      () => `${this.#name} became ${status.kind} because of a connection that it has given up`,
    )
    if (status.kind === 'ended') {
      this.#isEnded = true
      this.#check('client-comes-back', this.#isCommanded || !mayComeBack(status.code), () => {
        return `${this.#name} has ended with ${status.code}, after which a client comes back`
      })
    }
    this.#checkOpen(status)
    if (status.kind !== 'waiting') return
    this.#handleWaiting(status.retryInMs, clock.now())
    this.#check(
      'client-stays-away',
      !this.#isEnded,
      () => `${this.#name} means to come back although it was closed with ${status.code}`,
    )
    this.#check(
      'client-dials-as-announced',
      status.retryInMs >= 0 && status.retryInMs <= RETRY_MS_MAX,
      () => `${this.#name} means to dial in ${status.retryInMs} ms`,
    )
    this.#mayDialAtMs = clock.now() + status.retryInMs
  }

  /** It keeps none but the one that counts, and while it is on its way to that the one that has its session. */
  #checkOpen(status: ClientStatus): void {
    // Told so late that it has become something else since: its program has seen to that.
    if (this.#client?.status !== status || status.kind === 'connecting') return
    const max = status.kind === 'connected' ? 1 : 0
    this.#check('client-lets-go', this.#open.size <= max, () => {
      return `${this.#name} is ${status.kind}, and has left its connection ${[...this.#open].join(', ')} open`
    })
  }

  /** It has waited for a session no longer than it may, counted from its dial. */
  #checkPatience(): void {
    if (this.#hasSession || this.#clock === undefined || this.#lastSignMs <= this.#disturbedUntilMs) return
    const waitedMs = this.#clock.now() - this.#lastSignMs
    const limitMs = PATIENCE_MS + SLACK_MS + DRIFT_MS + 3 * (this.#options.timersLateMs + this.#timersEveryMs)
    this.#check('client-gives-up-for-a-reason', waitedMs <= limitMs, () => {
      return `${this.#name} had no session ${waitedMs} ms after it had dialled, and had not given its connection up`
    })
  }

  #handleWaiting(retryInMs: number, nowMs: number): void {
    this.#checkPatience()
    const silentMs = nowMs - this.#lastSignMs
    const hasAskedInVain = this.#askedAtMs !== undefined && nowMs - this.#askedAtMs >= SIGN_MS - SLACK_MS
    const hasFailedToDial = this.#hasFailedToDial
    this.#hasFailedToDial = false
    this.#check(
      'client-gives-up-for-a-reason',
      this.#source === 'current' || hasFailedToDial || hasAskedInVain || silentMs >= PATIENCE_MS - SLACK_MS,
      () => {
        return `${this.#name} gave its connection up ${silentMs} ms after ${this.#hasSession ? 'it had last heard something on it' : 'it had dialled'}`
      },
    )
    this.#waits.waiting(retryInMs, nowMs, this.#kept.token !== '')
  }

  #note(note: ClientNote): void {
    this.#options.onNote?.(this.#name, note)
  }

  #check(invariant: string, holds: boolean, explain: () => string): void {
    this.#options.checks.check(invariant, holds, explain)
  }
}

/** Design section 7, on its own: 45xx, it must not try again by itself. */
function mayComeBack(code: number): boolean {
  return Math.floor(code / 100) !== 45
}

/** RFC 6455, section 7.4: the other codes are the protocol's own. */
function mayBeSent(code: number): boolean {
  return code === CloseCode.normal || (code >= 3_000 && code < 5_000)
}

function short(token: string): string {
  return token === '' ? '(none)' : `${token.slice(0, 8)}…`
}
