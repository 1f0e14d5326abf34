/**
 * A tap that tells what happens in the zones of a server as a history (`recorded-history.ts`). It watches the recording's
 * replay and the what-if run alike: what it tells of both can be compared.
 */
import type { AnyApp, LiveZone, OutsideCall, PartReason, Peer, Session, Tap, TimerOwner } from '../../core/index.ts'
import { toJsonMessage } from '../json-message.ts'
import type { Happening, Place } from './recorded-history.ts'
import { toPlainJson } from './plain-json.ts'

export interface HistorySink {
  happened(place: Place, happening: Happening): void
  /** What happened last at this place is over: it draws no more. */
  over(place: Place): void
  /** From now on the server stops. */
  stopping(): void
}

export interface HistoryAround {
  /** Whose connection this is; undefined: the connection does not say. */
  readonly ownerOf: (link: number, peer: Peer) => string | undefined
  /** Whose session this is, where its connection did not say. Default: nobody knows. */
  readonly ownerOfSession?: (session: Session) => string | undefined
  /** What is drawn now is a token. */
  readonly isDrawingToken: () => boolean
}

/** What runs now, and whether the sink has been told. */
interface Running {
  readonly place: Place
  readonly toHappening: () => Happening
  isTold: boolean
}

const PROGRAM: Place = Object.freeze({})

export class HistoryWatch implements Tap {
  readonly #sink: HistorySink
  readonly #around: HistoryAround
  readonly #owners = new Map<number, string>()
  readonly #names = new WeakMap<Session, string>()
  /** Sessions without a client, by their zones: numbered in the order in which something happens for them. */
  readonly #npcs = new WeakMap<LiveZone, Map<Session, number>>()
  /** The turn's input, for what runs outside of handlers. */
  #input: Running | undefined
  /** A handler, or a receiver within the process. */
  #running: Running | undefined
  #isStopping = false

  constructor(sink: HistorySink, around: HistoryAround) {
    this.#sink = sink
    this.#around = around
  }

  /** Something is drawn now: whose history it belongs to. Undefined: to none, as it is a token. */
  draws(): Place | undefined {
    if (this.#around.isDrawingToken() || this.#isStopping) return undefined
    const running = this.#running ?? (this.#input ??= outside('input'))
    if (!running.isTold) this.#tell(running)
    return running.place
  }

  turnBegins(): void {
    this.#input = undefined
  }

  turnEnds(): void {
    this.#end()
    this.#over(this.#input)
    this.#input = undefined
  }

  // Outside of zones

  boot(): void {
    this.#input = outside('boot')
  }

  called({ on, method }: OutsideCall): void {
    this.#input = outside(on === 'program' ? `command ${method}` : `call ${method}`)
  }

  fired(_timer: number, { name }: TimerOwner): void {
    if (name === 'program') this.#input = outside('timer')
  }

  closeListener(): void {
    if (this.#isStopping) return
    this.#isStopping = true
    this.#sink.stopping()
  }

  // Whose sessions they are

  accepted(link: number, _listener: number, peer: Peer): void {
    const owner = this.#around.ownerOf(link, peer)
    if (owner !== undefined) this.#owners.set(link, owner)
  }

  closed(link: number): void {
    this.#owners.delete(link)
  }

  serves(link: number, session: Session | undefined): void {
    const owner = this.#owners.get(link)
    if (session !== undefined && owner !== undefined && !this.#names.has(session)) this.#names.set(session, owner)
  }

  // In zones

  handlerBegins(
    zone: LiveZone,
    name: string,
    session: Session | undefined,
    message: unknown,
    reason: PartReason | undefined,
    timer: TimerOwner | undefined,
  ): void {
    const number = timer?.name === 'timer' ? timer.number : undefined
    const what = [name, reason, number].filter((part) => part !== undefined).join(' ')
    const running = inZone(zone, () => this.#happening(zone, what, session, message))
    this.#begin(running)
    if (isHistory(zone, name)) this.#tell(running)
  }

  handlerEnds(): void {
    this.#end()
  }

  deliver(_receiver: number, session: Session, _app: AnyApp, type: string): void {
    const zone = session.zone as LiveZone | undefined
    if (zone === undefined) this.#begin(outside(`deliver ${type}`))
    else this.#begin(inZone(zone, () => this.#happening(zone, `deliver ${type}`, session, undefined)))
  }

  zoneStopped(zone: LiveZone): void {
    const running = inZone(zone, () => ({ what: 'stop' }))
    this.#tell(running)
    this.#over(running)
  }

  #begin(running: Running): void {
    this.#end()
    this.#running = running
  }

  #end(): void {
    this.#over(this.#running)
    this.#running = undefined
  }

  #over(running: Running | undefined): void {
    if (running?.isTold === true && !this.#isStopping) this.#sink.over(running.place)
  }

  #tell(running: Running): void {
    if (this.#isStopping) return
    running.isTold = true
    this.#sink.happened(running.place, running.toHappening())
  }

  #happening(zone: LiveZone, what: string, session: Session | undefined, message: unknown): Happening {
    return {
      what,
      ...(session !== undefined && { who: this.#nameOf(session, zone) }),
      ...(message !== undefined && { message: what === 'handleInfo' ? toPlainJson(message) : ofClient(message) }),
    }
  }

  #nameOf(session: Session, zone: LiveZone): string {
    const known = this.#names.get(session) ?? this.#around.ownerOfSession?.(session)
    if (known !== undefined) {
      this.#names.set(session, known)
      return known
    }
    let npcs = this.#npcs.get(zone)
    if (npcs === undefined) this.#npcs.set(zone, (npcs = new Map<Session, number>()))
    const number = npcs.get(session) ?? npcs.size + 1
    npcs.set(session, number)
    return `NPC ${number}`
  }
}

function outside(what: string): Running {
  return { place: PROGRAM, toHappening: () => ({ what }), isTold: false }
}

function inZone(zone: LiveZone, toHappening: () => Happening): Running {
  return { place: { app: zone.app.name, zone: zone.name }, toHappening, isTold: false }
}

/** Otherwise it is history only if it draws. */
function isHistory(zone: LiveZone, name: string): boolean {
  if (name === 'handleTick') return false
  if (name !== 'handleDisconnect' && name !== 'handleReconnect' && name !== 'handleInfo') return true
  const { definition } = zone as { readonly definition?: Readonly<Record<string, unknown>> }
  return typeof definition?.[name] === 'function'
}

function ofClient(message: unknown): unknown {
  return typeof message === 'object' && message !== null ? asKept(toJsonMessage(message)) : undefined
}

/** As it will be read from a file. */
function asKept(message: object): unknown {
  return JSON.parse(JSON.stringify(message))
}
