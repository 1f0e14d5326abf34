/**
 * Watches one life of a game's server: counts what is on its way, keeps what zones answer, tells the judges after each
 * turn, and hands what happens to the rules about zones.
 */
import {
  protocol,
  summarizeReport,
  type Action,
  type Delivery,
  type LiveZone,
  type Outcome,
  type PartReason,
  type Peer,
  type Report,
  type SentMessage,
  type Session,
  type Tap,
  type Thrown,
  type TimerOwner,
} from '../../core/index.ts'
import type { TransportChoice } from '../scenario.ts'
import { Answers } from './answers.ts'
import type { Game, Judge } from './define-game.ts'
import { gameCheck, type GameChecks } from './game-checks.ts'
import type { Goals } from '../goals.ts'
import { GoneRules } from './gone-rules.ts'
import type { GameClock } from './held-timers.ts'
import { SpeechRules } from './speech-rules.ts'
import { LinkEnd, type Traffic } from './traffic.ts'
import type { ZoneViews } from './zone-views.ts'

export interface GameTapOptions {
  readonly game: Game
  readonly checks: GameChecks
  readonly goals: Goals
  readonly clock: GameClock
  readonly traffic: Traffic
  readonly views: ZoneViews
  /** False: the run goes without judges. */
  readonly isJudged: boolean
  /** A rule was broken, or a judge threw: the run ends with that. */
  readonly breakWith: (error: unknown) => void
  /** Told after each turn. Undefined: nobody wants to know. */
  readonly onRan: ((tap: GameTap) => void) | undefined
  readonly onGone: (session: Session) => void
  /** A session has come back after it had lost its connection. */
  readonly onReturned: () => void
}

interface Running {
  readonly name: string
  readonly session: Session | undefined
}

export class GameTap implements Tap {
  readonly answers = new Answers()
  readonly zones = new Set<LiveZone>()
  readonly gone: GoneRules
  readonly #options: GameTapOptions
  readonly #speech: SpeechRules
  readonly #judges: ReadonlyMap<unknown, Judge>
  readonly #links = new Map<number, LinkEnd>()
  /** The link of each session that has one. */
  readonly #linkOf = new Map<Session, number>()
  readonly #sessionAt = new Map<number, Session>()
  readonly #running: Running[] = []
  /** The handler that has ended last in this turn: what it returned is asked for after that. */
  #ended: Running | undefined
  /** The zones of this turn, each with the handler that has run last: judged when all that was asked for has been carried out. */
  readonly #unjudged = new Map<LiveZone, Running>()
  readonly #transports = new Set<TransportChoice>()
  #said = 0
  #joins = 0
  #isBroken = false

  constructor(options: GameTapOptions) {
    const { checks, game, isJudged } = options
    this.#options = options
    this.gone = new GoneRules(checks)
    this.#speech = new SpeechRules(checks)
    this.#judges = new Map(isJudged ? (game.judges ?? []).map((each) => [each.zone, each]) : [])
  }

  /** Where the server listens. */
  get transports(): readonly TransportChoice[] {
    return [...this.#transports]
  }

  get openConnections(): number {
    return this.#links.size
  }

  /** How many joins zones have handled so far. */
  get joins(): number {
    return this.#joins
  }

  /** Messages sent so far. */
  get said(): number {
    return this.#said
  }

  /** What was sent and heard over the session's connection; undefined: it has none. */
  linkOf(session: Session): LinkEnd | undefined {
    const link = this.#linkOf.get(session)
    return link === undefined ? undefined : this.#links.get(link)
  }

  judgeOf({ definition }: LiveZone): Judge | undefined {
    return this.#judges.get(definition)
  }

  listening(_listener: number, address: string): void {
    if (/^wss?:/.test(address)) this.#transports.add('websocket')
    else if (address.startsWith('enet:')) this.#transports.add('enet')
  }

  accepted(link: number, _listener: number, { transport }: Peer): void {
    this.#links.set(link, new LinkEnd(transport))
  }

  message(link: number, bytes: Uint8Array, delivery: Delivery): void {
    const end = this.#links.get(link)
    if (end !== undefined) this.#options.traffic.heard(end, bytes, delivery)
  }

  closed(link: number): void {
    this.#links.delete(link)
    this.#forgetLink(link)
  }

  serves(link: number, session: Session | undefined): void {
    this.#forgetLink(link)
    if (session === undefined) return
    this.#linkOf.set(session, link)
    this.#sessionAt.set(link, session)
  }

  send(link: number, bytes: Uint8Array, delivery: Delivery, message: SentMessage | undefined): void {
    this.#said++
    const end = this.#links.get(link)
    if (end !== undefined) this.#options.traffic.sent(end, bytes, delivery)
    const session = this.#sessionAt.get(link)
    if (session !== undefined && message !== undefined && message.app !== protocol) this.answers.sent(session, message)
  }

  setTimer(_timer: number, owner: TimerOwner): void {
    this.#options.clock.name(owner)
  }

  turnEnds(): void {
    for (const [zone, { name, session }] of this.#unjudged) this.#guard(() => this.#judge(zone, name, session))
    this.#unjudged.clear()
    this.answers.turnEnds()
    this.gone.turnEnds()
    this.#ended = undefined
    const { onRan } = this.#options
    if (onRan !== undefined) this.#guard(() => onRan(this))
  }

  status(session: Session, from: string | undefined, to: string): void {
    const { goals, onGone, onReturned } = this.#options
    if (to === 'gone' && from !== 'preconnect') {
      if (session.zone !== undefined) goals.reach('gone from a zone')
      onGone(session)
    } else if (from === 'disconnected' && to === 'connected') {
      goals.reach('came back')
      onReturned()
    }
  }

  zoneStarted(zone: LiveZone): void {
    this.zones.add(zone)
  }

  zoneStopped(zone: LiveZone): void {
    this.zones.delete(zone)
  }

  handlerBegins(
    zone: LiveZone,
    name: string,
    session: Session | undefined,
    _message: unknown,
    _reason: PartReason | undefined,
    timer: TimerOwner | undefined,
  ): void {
    this.#running.push({ name, session })
    if (name === 'handleJoin') this.#joins++
    this.answers.handlerBegins(zone, name, session)
    if (timer !== undefined) this.gone.timerBegins(zone, timer)
  }

  handlerEnds(
    zone: LiveZone,
    name: string,
    session: Session | undefined,
    _outcome: Outcome,
    thrown: Thrown | undefined,
  ): void {
    this.#ended = this.#running.pop()
    this.#guard(() => {
      if (name === 'setTimer') this.gone.timerEnds(thrown)
    })
    this.#unjudged.set(zone, { name, session })
  }

  zoneTimerAsked(_zone: LiveZone, owner: TimerOwner): void {
    const running = this.#running.at(-1)
    if (running !== undefined) this.gone.timerAsked(owner, running.session, running.name)
  }

  asked(action: Action, session: Session | undefined, zone: LiveZone | undefined): void {
    this.#guard(() => {
      this.gone.asked(action, session)
      if (zone !== undefined) this.#speech.asked(action, zone, (this.#running.at(-1) ?? this.#ended)?.name)
    })
  }

  report(report: Report): void {
    this.#guard(() => {
      const { checks } = this.#options
      switch (report.kind) {
        case 'handler_threw':
        case 'route_threw':
        case 'callback_threw':
          if (!checks.isOff('handlers-do-not-throw')) {
            checks.fail('handlers-do-not-throw', summarizeReport(report), report.error)
          }
          return
        case 'internal':
          checks.fail('no-internal-error', summarizeReport(report), report.error)
          return
        case 'listen_failed':
        case 'refused':
        case 'undecodable':
          // Whether that is a mistake, only the game knows.
          return
      }
    })
  }

  #judge(zone: LiveZone, name: string, session: Session | undefined): void {
    const judge = this.judgeOf(zone)
    if (judge?.after === undefined) return
    const { checks, views } = this.#options
    const whose = session === undefined ? '' : ` for session ${session.id}`
    const check = gameCheck(checks, () => `zone '${zone.name}', after ${name}${whose}`)
    judge.after(views.of(zone), zone, check)
  }

  #forgetLink(link: number): void {
    const session = this.#sessionAt.get(link)
    this.#sessionAt.delete(link)
    if (session !== undefined && this.#linkOf.get(session) === link) this.#linkOf.delete(session)
  }

  /** A tap that throws is removed: what is found here ends the run in another way. */
  #guard(run: () => void): void {
    if (this.#isBroken) return
    try {
      run()
    } catch (error) {
      this.#isBroken = true
      this.#options.breakWith(error)
    }
  }
}
