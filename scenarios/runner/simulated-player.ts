/**
 * A client of a scenario: a simulated machine with our real client on it, a bot that plays an app, and an observer
 * that watches both. It does what the scenario's steps say, and by itself only what a user's program would: it joins
 * when it has a session, and joins again when it is told that it is in no zone.
 *
 * A scripted client has no bot: it joins and says what its steps say. What it would say on its way to a session that a
 * step has sent it for waits until it is there; what it would say after it has lost its connection is lost. By itself it
 * only repeats its join, or its part, over a connection that no step has told it to make.
 */
import type { Client, Network, Clock, Connection, Delivery, Stored } from '../../core/index.ts'
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
import { failEvery, forgiving } from '../observer/failing-listeners.ts'
import type { BackoffDraws } from '../observer/backoff-draws.ts'
import { ClientObserver, type ClientNote } from '../observer/client-observer.ts'
import type { Goals } from '../goals.ts'
import type { Checks } from '../invariants.ts'
import { DEFAULT_LINK, type ClientSetup, type TransportChoice } from '../scenario.ts'
import type { SimulatedApp } from '../simulated-app.ts'
import { KeptStore, type OpenStore } from './kept-store.ts'
import { Mute, MutedConnection } from './mute.ts'
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
  readonly backoffs: BackoffDraws
  readonly onNote: ((name: string, note: ClientNote) => void) | undefined
  /** What it has stored to begin with (a duplicated tab). */
  readonly stored?: Stored | undefined
  /** Of another program, which uses the same. */
  readonly store?: KeptStore | undefined
}

const ACT_EVERY_MS = 1_000
/** A sign of life must have come by then (design section 5; 2 s, and a little), or the connection is given up. */
const SIGN_MS = 2_100
const DIAL_AGAIN_MS = 1_000
/** Lives are numbered so that whoever plays for another begins with a number that nobody else comes to. */
const LIVES_OF_A_ROLE = 1_000

export class SimulatedPlayer {
  readonly name: string
  /** Whose zone it is in, or would be: the last one that it has joined. */
  app: SimulatedApp
  readonly observer: ClientObserver
  readonly machine: SimulatedClient
  readonly #options: PlayerOptions
  readonly store: KeptStore
  readonly #openStore: OpenStore
  /** Its clock in its present life. */
  #coarse: CoarseClock | undefined
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
  #actCount = 0
  #joinCount = 0
  /** How often it has ended its session: what it says afterwards may overtake what it said before. */
  #ends = 0
  readonly #mute = new Mute()
  #actEveryMs: number
  /** Whether it means to be connected. */
  wantsSession = false
  #wantsZone: boolean
  /** It has wanted to be in a zone at some time: that it does not any more is worth saying again. */
  #hasWantedZone = false
  /** Whether it has joined over its present session, and was not told otherwise. */
  isInZone = false
  /** What it joined with; undefined: what its bot joins with. */
  #joinMessage: object | undefined
  /** Whom it plays for, where that is not itself. */
  #role: { readonly name: string; readonly lives: number } | undefined
  /** What it says as soon as it has the session that a step has sent it for; undefined: it is not on its way to one. */
  #waiting: Spoken[] | undefined

  constructor(options: PlayerOptions) {
    const { setup, world } = options
    this.#options = options
    this.name = setup.name
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
    return this.#joinMessage ?? (this.app.program === undefined ? this.app.bot.join(this.name, 0) : undefined)
  }

  get stored(): Stored | undefined {
    return this.store.stored
  }

  get sessionId(): number | undefined {
    return this.store.stored?.session?.sessionId
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
    // A user who is told that it cannot be done tries later: `connect` does not go on by itself.
    if (this.#cannotDial)
      this.#options.world.after(DIAL_AGAIN_MS, () => this.wantsSession && this.#dial(this.#transport))
    else this.#command((client) => this.observer.connect(() => client.connect(this.#wayTo(transport))))
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
    this.#ends++
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
        if (this.#cannotDial) throw new Error('this machine cannot dial now, as it was told')
        return this.#keep(unkind.connect(address, handler))
      },
    }
    const inTime = unkindClock(clock, random, this.#options.unkindness)
    this.#coarse = new CoarseClock(inTime)
    this.#coarse.setEvery(this.#timersEveryMs)
    return {
      life,
      clock: this.#forgiving(this.#coarse),
      network: this.observer.watchNetwork(kept, clock),
    }
  }

  /** Out of a timer comes what listeners throw that hear of what it does. */
  #forgiving(clock: Clock): Clock {
    if (this.#options.setup.listenersFailEvery === undefined) return clock
    return {
      now: () => clock.now(),
      setTimer: (delayMs, fire) => clock.setTimer(delayMs, () => forgiving(fire)),
    }
  }

  #keep(connection: Connection): Connection {
    this.#raw = connection
    const muted = new MutedConnection(connection, this.#mute)
    return this.#options.setup.announcesNothing === true ? new UnannouncedConnection(muted) : muted
  }

  /** Its program dies. What it stored is kept, or lost too. */
  kill(store: 'kept' | 'lost'): void {
    this.machine.kill({ connections: 'reset' })
    this.#openStore.programDied()
    this.#client = undefined
    this.#raw = undefined
    this.isInZone = false
    this.#waiting = undefined
    if (store === 'lost') this.store.stored = undefined
    this.observer.restarted(store === 'kept')
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
    // A duplicated tab counts what it says by itself.
    const tab = /-tab\d+$/.exec(this.name)?.[0] ?? ''
    this.#role = other.#role && { ...other.#role, name: `${other.#role.name}${tab}` }
  }

  /** From now on it plays for somebody else, who may go on to play as well. `number`: no other role has it. */
  playFor(name: string, app: SimulatedApp, number: number): void {
    this.app = this.#own(app)
    this.wantsZone = true
    this.#joinMessage = this.app.bot.join(name, 0)
    this.#role = { name, lives: number * LIVES_OF_A_ROLE }
  }

  /** Whom it speaks for: itself, as a rule. */
  get role(): string {
    return this.#role?.name ?? this.name
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
    this.#actCount = 0
    this.#joinCount = 0
    const { listenersFailEvery } = this.#options.setup
    if (listenersFailEvery !== undefined) failEvery(listenersFailEvery, client, this.#options.app.app)
    this.observer.watchClient(client, life.clock, this.#options.app.app)
    const self = { name: this.name, life: this.#life, random: life.random('bot'), client }
    this.#random = self.random
    const check = (name: string, holds: boolean, explain: () => string): void =>
      this.#options.checks.check(name, holds, explain)
    const { app, bot } = this.#options.app
    if (!this.isScripted || bot.judgesAnyone === true) {
      bot.listen?.(client.app(app), self, check, (goal) => this.#options.goals.reachOwn(goal, this.#options.app))
    }
    this.#keepMembership(client)
    this.#clock = life.clock
    this.#scheduleAct()
  }

  /** Joins or parts where its session is not where it means to be, and joins when told that it is out. */
  #keepMembership(client: Client): void {
    client.on('status', ({ kind }) => {
      if (kind !== 'connected') this.isInZone = false
    })
    client.on('session', ({ resumed, zone, isZoneKnown }) => {
      if (!isZoneKnown) this.#options.goals.reach('session of an unknown zone')
      if (this.isScripted) this.#goOn(resumed)
      else if (zone !== undefined && zone.app === this.app.app) this.#findItself()
      else if (this.wantsZone) this.#join()
      else if (zone !== undefined || !isZoneKnown) this.#part()
    })
    client.on('denied', ({ reason }) => {
      if (reason === 'already_joined' && this.isScripted) this.isInZone = true
      if (reason !== 'no_zone') return
      this.isInZone = false
      if (this.wantsZone && !this.isScripted) this.#join()
    })
  }

  /** Its session is in its zone still, or by somebody else's doing. */
  #findItself(): void {
    this.isInZone = true
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
    const before = app === this.app ? this.#joinMessage : undefined
    const message = given ?? before ?? app.bot.join(this.name, this.#joinCount++)
    const hasJoined = this.#client?.app(app.app).join(message as never) === true
    if (app === this.app) this.isInZone = hasJoined
  }

  #part(app = this.app, message: object = {}): void {
    this.#client?.app(app.app).part(message as never)
    if (app === this.app) this.isInZone = false
  }

  #act(): void {
    const random = this.#random
    const client = this.#client
    if (random === undefined || client?.status.kind !== 'connected') return
    const { app, bot } = this.app
    const life = this.#life + this.#ends + (this.#role?.lives ?? 0)
    bot.act(client.app(app), { name: this.role, life, count: this.#actCount++, random })
  }

  #scheduleAct(): void {
    if (this.#actEveryMs === 0) return
    const clock = this.#clock
    const life = this.#life
    clock?.setTimer(this.#actEveryMs, () => {
      if (this.#life !== life) return
      if (this.isScripted) this.#repeat()
      else if (this.wantsZone) this.#act()
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
