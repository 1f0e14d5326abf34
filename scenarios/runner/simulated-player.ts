/**
 * A client of a scenario: a simulated machine with our real client on it, a bot that plays an app, and an observer
 * that watches both. It does what the scenario's steps say, and by itself only what a user's program would: it joins
 * when it has a session, and joins again when it is told that it is in no zone.
 *
 * A scripted client has no bot: it joins and says what its steps say. What it would say on its way to a session that a
 * step has sent it for waits until it is there; what it would say after it has lost its connection is lost. By itself it
 * only repeats its join, or its part, over a connection that no step has told it to make.
 */
import {
  CloseCode,
  type Client,
  type SessionEstablished,
  type Network,
  type Clock,
  type Session,
  type Connection,
  type Delivery,
  type Stored,
} from '../../core/index.ts'
import {
  CoarseClock,
  SERVER_ADDRESSES,
  unkindClock,
  unkindNetwork,
  type ClientParts,
  type Unkindness,
  type HostLife,
  type Outage,
  type RandomStream,
  type SimulatedClient,
  type World,
} from '../../sim/index.ts'
import { failEvery, forgiving, forgivingClock, forgivingNetwork } from '../observer/failing-listeners.ts'
import type { BackoffDraws } from '../observer/backoff-draws.ts'
import type { ClientNote } from '../observer/client-note.ts'
import { ClientObserver } from '../observer/client-observer.ts'
import type { Goals } from '../goals.ts'
import type { Checks } from '../invariants.ts'
import { DEFAULT_LINK, type ClientSetup, type Oddity, type OddMoment, type TransportChoice } from '../scenario.ts'
import { ThrownOnPurpose, type SimulatedApp } from '../simulated-app.ts'
import { BotLife, type BotDeeds } from './bot-life.ts'
import { KeptStore, type OpenStore } from './kept-store.ts'
import { Mute, MutedConnection } from './mute.ts'
import type { InFlight } from './in-flight.ts'
import { isOddMessage, Oddities, type OddActions } from './oddities.ts'
import type { RunOptions } from './run-result.ts'
import type { Player } from './run-world.ts'
import type { SessionNames } from './session-names.ts'
import type { Spoken } from './spoken.ts'
import { UnannouncedConnection } from './unannounced-connection.ts'

export interface PlayerOptions {
  readonly world: World
  readonly setup: ClientSetup
  readonly app: SimulatedApp
  readonly checks: Checks
  readonly goals: Goals
  readonly unkindness: Unkindness
  readonly isTokenValid: (token: string) => boolean | undefined
  /** Nothing can break its connections without a word. */
  readonly isLeftAlone: boolean
  /** For so long (ms) after a loss its session is surely alive, as far as the client knows. */
  readonly graceMs: number
  /** Steps make oddities happen to it. */
  readonly isOdd: boolean
  readonly onDecided: RunOptions['onDecided']
  readonly backoffs: BackoffDraws
  readonly onNote: ((name: string, note: ClientNote) => void) | undefined
  readonly names: SessionNames
  readonly inFlight: InFlight
  /** What it has stored to begin with, and whose user plays it (a duplicated tab). */
  readonly stored?: Stored | undefined
  readonly user?: string | undefined
  /** Of another program, which uses the same. */
  readonly store?: KeptStore | undefined
}

const ACT_EVERY_MS = 1_000
/** A sign of life must have come by then (design section 5; 2 s, and a little), or the connection is given up. */
const SIGN_MS = 2_100
const DIAL_AGAIN_MS = 1_000
const CANNOT_DIAL = new ThrownOnPurpose('this machine cannot dial now, as it was told')

export class SimulatedPlayer implements Player {
  readonly name: string
  /** Whose program it is: two tabs have the same user. */
  readonly user: string
  /** Whose zone it is in, or would be: the last one that it has joined. */
  app: SimulatedApp
  readonly observer: ClientObserver
  readonly machine: SimulatedClient
  readonly #options: PlayerOptions
  readonly store: KeptStore
  readonly #openStore: OpenStore
  /** Its clock in its present life. */
  #coarse: CoarseClock | undefined
  #oddities: Oddities | undefined
  #timersEveryMs = 0
  /** Dials throw. */
  #cannotDial = false
  #transport: TransportChoice
  /** The one whose address its client has been given. */
  #usedTransport: TransportChoice
  #life = 0
  #client: Client | undefined
  /** Its present connection, as the network made it: for bytes that our client would not send. */
  #raw: Connection | undefined
  #random: RandomStream | undefined
  #clock: Clock | undefined
  #joinCount = 0
  #botLife: BotLife | undefined
  /** How often it had joined over its connection when its life began; undefined: that no longer matters. */
  #joinsBefore: number | undefined
  /** How often it had joined over its connection when it last sent a join. */
  #joinsSentAfter: number | undefined
  /** Of its session, in which its present life is; undefined: it has heard nothing of any. */
  #membership: number | undefined
  /** So often has its bot joined in this life by itself, where no other membership has come of it yet. */
  #ownJoins = 0
  /** Its bot has left in this life: what it hears from before that is its own affair. */
  #hasLeftItself = false
  /** What it hears at the moment was sent before it joined over its connection. */
  #isOld = false
  /** Other connections from its machine. */
  readonly strangers: Connection[] = []
  /** The server's, that its bot plays in. */
  #session: Session | undefined
  /** It has ended its session, and has none yet after that: what it says then may overtake what it said before. */
  #hasEndedLife = false
  readonly #mute = new Mute()
  #actEveryMs: number
  /** Whether it means to be connected. */
  wantsSession = false
  #wantsZone: boolean
  /** It has wanted to be in a zone at some time: that it does not any more is worth saying again. */
  #hasWantedZone = false
  /** Whether it has joined over its present session, and was not told otherwise. */
  isInZone = false
  /** It has joined, and not left since, as far as it knows: what it joins over the next connection it may be in already. */
  #isMember = false
  /** Its bot joins and leaves zones by itself: where it is then is the bot's business. */
  managesItself = false
  /** It has been given the session of somebody else, and plays that. */
  playsForAnother = false
  /** What it joined with; undefined: what its bot joins with. */
  #joinMessage: object | undefined
  /** What it says as soon as it has the session that a step has sent it for; undefined: it is not on its way to one. */
  #waiting: Spoken[] | undefined

  constructor(options: PlayerOptions) {
    const { setup, world } = options
    this.#options = options
    this.name = setup.name
    this.user = options.user ?? setup.name
    this.app = options.app
    this.#wantsZone = !this.isScripted
    this.#transport = setup.transport
    this.#usedTransport = setup.transport
    this.#actEveryMs = this.isScripted ? 0 : (setup.actEveryMs ?? ACT_EVERY_MS)
    this.store = options.store ?? new KeptStore((ms, run) => world.after(ms, run), options.stored)
    this.observer = new ClientObserver({
      ...options,
      name: setup.name,
      isSkewed: setup.version !== undefined,
      onApp: (bytes, token) => {
        if (!isOddMessage(bytes)) this.#isOld = this.#isSentBefore(bytes, token)
      },
      timersLateMs: options.unkindness.timersLateMs ?? 0,
    })
    this.#openStore = this.store.open((run) => this.machine.host.execute(() => forgiving(run)))
    const link = { ...DEFAULT_LINK, ...setup.link }
    this.machine = world.client(setup.name, {
      transport: setup.transport,
      ...(setup.preset !== undefined && { preset: setup.preset }),
      link,
      downlink: { ...link, ...setup.downlink },
      driftPpm: setup.driftPpm ?? 0,
      store: this.#openStore,
      program: (client, life) => this.#start(client, life),
      decorate: (parts) => this.#decorate(parts),
    })
  }

  get isScripted(): boolean {
    return this.#options.setup.scripted === true
  }

  get attemptAccepted(): number {
    return this.store.attemptAccepted
  }

  /** Whether it means to be in its zone. */
  get wantsZone(): boolean {
    return this.#wantsZone
  }

  set wantsZone(wantsZone: boolean) {
    this.#wantsZone = wantsZone
    if (wantsZone) this.#hasWantedZone = true
  }

  get client(): Client | undefined {
    return this.#client
  }

  /** What it joins its zone with; undefined: nobody has said so, and it has no bot that would know. */
  get joinMessage(): object | undefined {
    return this.#joinMessage ?? (this.app.isBotless === true ? undefined : this.app.bot.join(this.role, 0))
  }

  /** What it leaves its zone with. */
  get partMessage(): object {
    return this.app.bot.part?.(this.role) ?? {}
  }

  get stored(): Stored | undefined {
    return this.store.stored
  }

  get sessionId(): number | undefined {
    // Another page with the same store may have ended what this one still has.
    const status = this.#client?.status
    return status?.kind === 'connected' ? status.sessionId : this.store.stored?.session?.sessionId
  }

  /** The token before the present one, or that. */
  get oldToken(): Uint8Array | undefined {
    return this.store.tokens.at(-2) ?? this.store.tokens.at(-1)
  }

  connect(transport: TransportChoice = this.#transport): void {
    if (this.isScripted) this.#waiting = []
    this.#dial(transport)
  }

  #dial(transport: TransportChoice): void {
    this.wantsSession = true
    this.#transport = transport
    this.#command((client) => {
      if (!this.#cannotDial) {
        this.observer.connect(() => client.connect(this.#wayTo(transport)))
        return
      }
      this.observer.failToDial(() => client.connect(this.#wayTo(transport)))
      this.#dialLater()
    })
  }

  /** A user who is told that it cannot be done tries later: `connect` does not go on by itself. */
  #dialLater(): void {
    this.#options.world.after(DIAL_AGAIN_MS, () => this.wantsSession && this.#dial(this.#transport))
  }

  /** Whoever stays on one transport need not name its address again. */
  #wayTo(transport: TransportChoice): { readonly address?: string } {
    this.observer.address = SERVER_ADDRESSES[transport]
    if (this.#usedTransport === transport) return {}
    this.#usedTransport = transport
    return { address: SERVER_ADDRESSES[transport] }
  }

  disconnect(): void {
    this.wantsSession = false
    this.isInZone = false
    this.#waiting = undefined
    this.#command((client) => client.disconnect())
  }

  end(): void {
    this.#hasEndedLife = true
    this.wantsSession = false
    this.isInZone = false
    this.#waiting = undefined
    this.#command((client) => this.observer.end(() => client.end()))
  }

  /** Its page is shown again, or its network is back. `check`: when it must have noticed that nothing answers. */
  wake(): void {
    const { world } = this.#options
    this.#command((client) => {
      const lateMs = this.#timersEveryMs + 3 * (this.#options.unkindness.timersLateMs ?? 0)
      const check = this.observer.wake(() => client.wake())
      world.after(SIGN_MS + lateMs, () => this.machine.host.execute(check))
    })
  }

  disturbed(forMs: number): void {
    this.observer.disturbed(forMs)
  }

  checkSilence(): void {
    this.observer.checkSilence()
  }

  /** Its timers come at whole multiples of `everyMs` only, as in a hidden tab, until this is healed. */
  delayTimers(everyMs: number): Outage {
    this.#setTimersEvery(everyMs)
    return { heal: () => this.#setTimersEvery(0) }
  }

  /** Its dials throw (a file that is missing, a platform that refuses), until this is healed. */
  breakDials(): Outage {
    this.#cannotDial = true
    return {
      heal: () => {
        this.#cannotDial = false
      },
    }
  }

  #setTimersEvery(everyMs: number): void {
    this.#timersEveryMs = everyMs
    this.observer.timersEvery(everyMs)
    this.#coarse?.setEvery(everyMs)
  }

  /**
   * Over ENet, who says nothing is heard all the same (acknowledgements, pings), and would stay for ever. Over WebSocket
   * the server has to find them out.
   */
  seeStrangersOff(): void {
    this.machine.host.execute(() => {
      for (const each of this.strangers) if (each.transport === 'enet') each.close(CloseCode.normal)
    })
  }

  act(): void {
    this.#command(() => this.#act())
  }

  /** Says it now, or as soon as it is there: see above. */
  say(spoken: Spoken): void {
    if (spoken.kind === 'join' || spoken.kind === 'part') this.#mean(spoken)
    this.#command(() => {
      if (this.#waiting === undefined) this.#say(spoken)
      else this.#waiting.push(spoken)
    })
  }

  /** An app as this client has it: it may be of another version. */
  #own(app: SimulatedApp): SimulatedApp {
    return app.app.prefix === this.#options.app.app.prefix ? this.#options.app : app
  }

  /** Where it means to be from now on. Who is in one zone cannot join another, nor leave it. */
  #mean({ kind, app: named, message }: Extract<Spoken, { kind: 'join' | 'part' }>): void {
    const app = this.#own(named)
    if (this.isInZone && app !== this.app) return
    this.wantsZone = kind === 'join'
    if (kind === 'part') this.#isMember = false
    // What it joined another app with fits only that.
    if (app !== this.app) this.#joinMessage = undefined
    this.app = app
    if (kind === 'join' && message !== undefined) this.#joinMessage = message
  }

  #say(spoken: Spoken): void {
    switch (spoken.kind) {
      case 'join':
        this.#join(this.#own(spoken.app), spoken.message)
        return
      case 'part':
        this.#part(this.#own(spoken.app), spoken.message)
        return
      case 'message':
        this.#client?.app(spoken.app.app).send(spoken.type as never, spoken.message as never)
        return
      case 'bytes':
        if (this.#client?.status.kind === 'connected') this.#raw?.send(spoken.bytes, spoken.delivery)
        return
    }
  }

  /** Sends bytes as they are over the present connection. */
  sendRaw(bytes: Uint8Array, delivery?: Delivery): void {
    this.machine.host.execute(() => this.#raw?.send(bytes, delivery))
  }

  /** Its answers to beacons do not leave its machine until this is healed. */
  muteBeacons(): Outage {
    return this.#mute.begin()
  }

  #decorate({ life, clock, network }: ClientParts): ClientParts {
    const random = life.random('unkind')
    const unkind = unkindNetwork(network, clock, random, this.#options.unkindness)
    const kept: Network = {
      listen: (address, accept, events) => unkind.listen(address, accept, events),
      connect: (address, handler) => {
        if (this.#cannotDial) throw CANNOT_DIAL
        return this.#keep(unkind.connect(address, handler))
      },
    }
    const inTime = unkindClock(clock, random, this.#options.unkindness)
    this.#coarse = new CoarseClock(inTime)
    this.#coarse.setEvery(this.#timersEveryMs)
    const isForgiving = this.#options.setup.listenersFailEvery !== undefined
    const parts = {
      life,
      clock: isForgiving ? forgivingClock(this.#coarse) : this.#coarse,
      network: isForgiving ? forgivingNetwork(kept) : kept,
    }
    if (!this.#options.isOdd) return parts
    const oddities = new Oddities(parts.clock, life.clock, this.#oddActions)
    this.#oddities = oddities
    return { life, clock: oddities.clock, network: oddities.network(parts.network) }
  }

  /** Returns how to disarm it. */
  beOdd(what: Oddity, when: OddMoment): () => void {
    let disarm = (): void => undefined
    this.machine.host.execute(() => {
      if (this.#client !== undefined && this.#oddities !== undefined) disarm = this.#oddities.do(what, when)
    })
    return () => disarm()
  }

  readonly #oddActions: OddActions = {
    wake: () => this.wake(),
    connect: () => this.connect(),
    disconnect: () => this.disconnect(),
    end: () => this.end(),
    stopped: () => this.#dialLater(),
    sharesStore: () => this.store.isShared,
  }

  #keep(connection: Connection): Connection {
    this.#raw = connection
    const muted = new MutedConnection(connection, this.#mute)
    return this.#options.setup.announcesNothing === true ? new UnannouncedConnection(muted) : muted
  }

  /** Its program dies. What it stored is kept, or lost too; not where another client uses the same store. */
  kill(store: 'kept' | 'lost'): void {
    this.machine.kill({ connections: 'reset' })
    this.#openStore.programDied()
    this.#client = undefined
    this.#raw = undefined
    this.isInZone = false
    this.#waiting = undefined
    const isLost = store === 'lost' && !this.store.isShared
    if (isLost) this.store.stored = undefined
    this.observer.restarted(!isLost)
  }

  restart(): void {
    if (this.#client !== undefined) return
    this.machine.restart()
    if (this.wantsSession) this.#dial(this.#transport)
  }

  /**
   * Makes sure that it acts from time to time, so that it notices where it is not. One that is scripted has nothing of
   * its own to say, and joins or parts once more: where that has been heard already, it is told so.
   */
  beLively(): void {
    if (this.#actEveryMs > 0) return
    this.#actEveryMs = ACT_EVERY_MS
    this.machine.host.execute(() => this.#scheduleAct())
  }

  /** The same for a client that takes over where this one is. */
  beWhere(other: SimulatedPlayer): void {
    this.app = this.#own(other.app)
    this.wantsZone = other.wantsZone
    this.#joinMessage = other.#joinMessage
    this.playsForAnother = other.playsForAnother
  }

  /** From now on it plays for somebody else, who may go on to play as well. */
  playFor(name: string, app: SimulatedApp): void {
    this.app = this.#own(app)
    this.wantsZone = true
    if (this.isScripted) this.#joinMessage = this.app.bot.join(name, 0)
    this.playsForAnother = true
  }

  /** It is in its zone, without having asked by our client. */
  hasJoinedOddly(): void {
    this.#beginMembership()
    this.wantsZone = true
    this.isInZone = true
    this.#isMember = true
  }

  /** The same of having left it. */
  hasPartedOddly(): void {
    this.wantsZone = false
    this.isInZone = false
    this.#isMember = false
  }

  /** Whom it speaks for: itself, as a rule. */
  get role(): string {
    return this.#botLife?.name ?? this.user
  }

  /** It means to be connected, and is not. */
  get isOnItsWay(): boolean {
    const kind = this.#client?.status.kind
    return kind === 'connecting' || kind === 'waiting'
  }

  /** It will not come back: ended by its user, or closed for good. */
  get hasEnded(): boolean {
    return !this.wantsSession || this.#client?.status.kind === 'ended'
  }

  #start(client: Client, life: HostLife): void {
    this.#client = client
    this.#usedTransport = this.#options.setup.transport
    this.#life = life.incarnation
    this.#joinCount = 0
    this.#isMember = false
    this.#random = life.random('bot')
    const { listenersFailEvery } = this.#options.setup
    if (listenersFailEvery !== undefined) failEvery(listenersFailEvery, client, this.#options.app.app)
    this.observer.watchClient(client, life.clock, this.#options.app.app)
    const { onDecided } = this.#options
    if (onDecided !== undefined) client.tap({ decided: (event, state) => onDecided('client', state, event) })
    this.#keepMembership(client)
    try {
      this.#beginLife(client, this.role)
    } catch (error) {
      // The first life begins before the run does, when nothing would make a finding of what a bot throws.
      life.clock.setTimer(0, () => {
        throw error as Error
      })
    }
    this.#clock = life.clock
    this.#scheduleAct()
  }

  /** Its bot begins anew. */
  #beginLife(client: Client, name: string, session?: number): void {
    const random = this.#random
    if (random === undefined) return
    const { checks, goals, names } = this.#options
    const { app } = this
    this.#botLife?.end()
    this.#hasEndedLife = false
    this.#hasLeftItself = false
    this.#membership = undefined
    this.#ownJoins = 0
    this.#joinsBefore = session === undefined ? undefined : this.#joinsOf()
    this.#botLife = new BotLife({
      app,
      client,
      name,
      life: names.nextLife(name),
      random,
      session,
      isOld: () => this.#isOld && !this.#hasLeftItself && session !== undefined,
      listens: !this.isScripted || app.bot.judgesAnyone === true,
      check: (invariant, holds, explain) => checks.check(invariant, holds, explain),
      reach: (goal) => goals.reachOwn(goal, app),
      deeds: this.#deeds,
    })
  }

  /** It has sent a join of which no zone has heard yet. */
  get #isJoining(): boolean {
    const joins = this.#joinsOf()
    return this.#joinsSentAfter !== undefined && joins <= this.#joinsSentAfter
  }

  #joinsOf(): number {
    return this.#options.inFlight.joinsOf(this.observer.ownToken)
  }

  /** Before its zone has heard of its join, or on its way since before that. */
  #isSentBefore(bytes: Uint8Array, token: string): boolean {
    const { inFlight } = this.#options
    const isOld = inFlight.heard(bytes, token)
    if (this.#joinsBefore === undefined || inFlight.joinsOf(token) > this.#joinsBefore) this.#joinsBefore = undefined
    const isBefore = isOld || this.#joinsBefore !== undefined
    if (!isBefore) this.#hearIn(inFlight.membershipOf(token))
    return isBefore
  }

  /** What it hears was said in this membership. If its life is in another one, which is over then, a life begins. */
  #hearIn(membership: number | undefined): void {
    if (membership === undefined) return
    if (this.#isOver(membership) && this.#client !== undefined) {
      this.#beginLife(this.#client, this.role, this.#client.sessionId)
      this.#joinsBefore = undefined
      if (this.#botLife !== undefined) this.#botLife.hasJoined = true
    }
    if (this.#membership !== undefined) this.#ownJoins = Math.max(0, this.#ownJoins - (membership - this.#membership))
    this.#membership = membership
  }

  /** The membership in which its life is, since its session is in this one, and not by what its bot has done itself. */
  #isOver(membership: number | undefined): boolean {
    if (membership === undefined || this.#membership === undefined) return false
    const others = Math.abs(membership - this.#membership)
    return others > this.#ownJoins
  }

  /** Its next join is a membership of its own: where the present life has had one already, another one begins. */
  #beginMembership(): void {
    const client = this.#client
    if (client === undefined || this.#isMember || this.#botLife?.hasJoined !== true) return
    this.#beginLife(client, this.role, client.status.kind === 'connected' ? client.sessionId : undefined)
  }

  readonly #deeds: BotDeeds = {
    joined: (app, hasSent) => {
      this.managesItself = true
      if (app.name !== this.app.app.name) return
      if (hasSent) this.#ownJoins++
      this.wantsZone = true
      this.isInZone = hasSent
      this.#isMember = hasSent
      this.#joinsSentAfter = this.#joinsOf()
    },
    parted: (app) => {
      this.managesItself = true
      this.#hasLeftItself = true
      if (app.name === this.app.app.name) this.hasPartedOddly()
    },
    connect: () => this.connect(),
    disconnect: () => this.disconnect(),
    end: () => this.end(),
  }

  /** Joins or parts where its session is not where it means to be, and joins when told that it is out. */
  #keepMembership(client: Client): void {
    client.on('status', ({ kind }) => {
      if (kind !== 'connected') this.isInZone = false
    })
    client.on('session', (event) => {
      this.#joinsBefore = this.#joinsSentAfter = undefined
      const { resumed, isZoneKnown } = event
      if (!isZoneKnown) this.#options.goals.reach('session of an unknown zone')
      if (this.isScripted) this.#goOn(resumed)
      else this.#goOnPlaying(client, event)
    })
    client.on('denied', ({ reason }) => {
      // Who has left and joined again hears of an earlier join yet, and what was sent before is still to come.
      const isOfEarlier = reason === 'already_joined' && this.#joinsBefore !== undefined
      if (reason !== 'no_zone' && !isOfEarlier) this.#joinsBefore = this.#joinsSentAfter = undefined
      if (reason === 'already_joined' || reason === 'unknown_zone') this.#ownJoins = Math.max(0, this.#ownJoins - 1)
      if (reason === 'already_joined' && this.isScripted) this.isInZone = true
      if (reason !== 'no_zone') return
      this.isInZone = false
      // Or it was said of what came before its last join, which is on its way or was heard meanwhile.
      if (!this.#isJoining && this.#session?.zone === undefined) this.#isMember = false
      if (this.wantsZone && !this.isScripted && !this.managesItself) this.#join()
    })
  }

  #goOnPlaying(client: Client, { resumed, zone, isZoneKnown }: SessionEstablished): void {
    if (!resumed && this.managesItself) this.wantsZone = true
    const isThere = zone !== undefined && zone.app === this.app.app
    // What it was in ended with its session; who loses the connection in a hard zone is out.
    const isSurelyOut = isZoneKnown ? !isThere : !resumed || this.app.zone.disconnect === 'hard'
    if (isSurelyOut) this.#isMember = false
    this.#goOnLiving(client)
    if (isThere) this.#findItself()
    else if (this.wantsZone) this.#join()
    else if (zone !== undefined || !isZoneKnown) this.#part()
  }

  /** In the life that it had, if that was in this session and lasts. */
  #goOnLiving(client: Client): void {
    const { names } = this.#options
    // Its own: what is stored may be that of another program with the same store already.
    const session = names.find(this.observer.ownToken)
    const name = session === undefined ? this.role : names.of(session, this.user)
    const hasJoined = this.#botLife?.hasJoined === true
    // Another program with the same store may have begun it.
    const isForeign = session !== undefined && session !== this.#session && hasJoined
    this.#session = session
    const isAnother = name !== this.role || this.#botLife?.app !== this.app || this.#hasEndedLife
    const joinsAnew = this.wantsZone && !this.#isMember && hasJoined
    // A program that had the session meanwhile may have joined.
    const isOver = this.#isOver(this.#options.inFlight.membershipOf(this.observer.ownToken))
    if (isAnother || isForeign || joinsAnew || isOver) this.#beginLife(client, name)
  }

  /** Its session is in its zone still, or by somebody else's doing. */
  #findItself(): void {
    this.isInZone = true
    this.#isMember = true
    if (this.#botLife !== undefined) this.#botLife.hasJoined = true
    if (!this.wantsZone) this.#part()
  }

  /** A scripted client has a session over a new connection. */
  #goOn(resumed: boolean): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    // Over a connection that a step has told it to make its script goes on, unless it has lost what that rests on.
    const isRepeated = waiting === undefined || !(resumed || waiting.some(({ kind }) => kind === 'join'))
    if (isRepeated) this.#repeat()
    for (const spoken of waiting ?? []) this.#say(spoken)
  }

  /** Says once more where it means to be, if it has ever meant to be anywhere. */
  #repeat(): void {
    if (this.wantsZone) this.#join()
    else if (this.#hasWantedZone) this.#part()
  }

  #join(app = this.app, given?: object): void {
    if (app === this.app) this.#beginMembership()
    const before = app === this.app ? this.#joinMessage : undefined
    const message = given ?? before ?? app.bot.join(this.role, this.#joinCount++)
    const hasJoined = this.#client?.app(app.app).join(message as never) === true
    if (app !== this.app) return
    this.isInZone = hasJoined
    if (!hasJoined) return
    this.#isMember = true
    this.#joinsSentAfter = this.#joinsOf()
    if (this.#botLife !== undefined) this.#botLife.hasJoined = true
  }

  #part(app = this.app, message: object = app.bot.part?.(this.role) ?? {}): void {
    this.#client?.app(app.app).part(message as never)
    if (app !== this.app) return
    this.isInZone = false
    this.#isMember = false
  }

  #act(): void {
    if (this.#client?.status.kind === 'connected') this.#botLife?.act()
  }

  #scheduleAct(): void {
    if (this.#actEveryMs === 0) return
    const clock = this.#clock
    const life = this.#life
    clock?.setTimer(this.#actEveryMs, () => {
      if (this.#life !== life) return
      if (this.isScripted) this.#repeat()
      else if (this.wantsZone || this.managesItself) this.#act()
      this.#scheduleAct()
    })
  }

  /** As its user: at once, or when its machine runs again. */
  #command(run: (client: Client) => void): void {
    this.machine.host.execute(() => {
      const client = this.#client
      if (client !== undefined) this.observer.command(() => run(client))
    })
  }
}
