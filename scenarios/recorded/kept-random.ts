/**
 * The random values of a run that has a recorded history (`recorded-history.ts`): those that were recorded, for each zone as
 * long as its history is the recorded one, and from the first difference on the server's own, which come from the run's seed.
 */
import type { Peer, Random, Tap } from '../../core/index.ts'
import { decodeBase64 } from '../base64.ts'
import { describeDifference, describeMissing } from './describe-history.ts'
import { HistoryWatch, type HistorySink } from './history-watch.ts'
import {
  keyOfHappening,
  keyOfPlace,
  type Drawn,
  type Happening,
  type Place,
  type RecordedEventOfPlace,
  type RecordedHistory,
} from './recorded-history.ts'

/** How far the history of a run was the recorded one. */
export interface HistoryOutcome {
  /** All that was recorded happened again, and nothing else came in between. */
  readonly isWhole: boolean
  /** Random values in the recording (random numbers, and reads of random bytes), and those of them that were given to the server. */
  readonly recorded: number
  readonly kept: number
  /** Values that the game has drawn anew. */
  readonly drawnAnew: number
  readonly places: readonly PlaceOutcome[]
  /** The history is known only up to this time of the scenario (ms). Undefined: all of it. */
  readonly knownUntilMs: number | undefined
}

export interface PlaceOutcome extends Place {
  readonly recorded: number
  readonly kept: number
  /** Undefined: its whole history was the recorded one. */
  readonly differs: HistoryDifference | undefined
}

export interface HistoryDifference {
  /** Virtual time (ms since the run began) up to which the history was the recorded one, and the server's turn then. */
  readonly atMs: number
  readonly turn: number
  /** What was otherwise then, in words. */
  readonly how: string
}

export interface KeptRandomAround {
  /** Of the run. */
  readonly nowMs: () => number
  /** The client at this address; undefined: several are, or none. */
  readonly whoIsAt: (address: string) => string | undefined
  /** The client that has this session, by its id. */
  readonly whoHas: (session: number) => string | undefined
}

export interface KeptRandomParts {
  /** The server's own, from the seed. */
  readonly random: Random
  readonly isDrawingToken: () => boolean
}

export class KeptRandom implements HistorySink {
  readonly #history: RecordedHistory
  readonly #around: KeptRandomAround
  readonly #places: ReadonlyMap<string, KeptPlace>
  #turn = 0
  #drawnAnew = 0
  #lives = 0

  constructor(history: RecordedHistory, around: KeptRandomAround) {
    this.#history = history
    this.#around = around
    this.#places = new Map(history.places.map((place) => [keyOfPlace(place), new KeptPlace(place, place.events)]))
  }

  /** For each life of the server: the random values that it is given, and taps of its shell. */
  begin({ random, isDrawingToken }: KeptRandomParts): { readonly random: Random; readonly taps: readonly Tap[] } {
    if (this.#lives++ > 0) this.end('the server was started again')
    const watch = new HistoryWatch(this, {
      ownerOf: (_link: number, { remoteAddress }: Peer) => this.#around.whoIsAt(remoteAddress),
      ownerOfSession: ({ id }) => this.#around.whoHas(id),
      isDrawingToken,
    })
    const kept: Random = {
      fill: (bytes) => {
        const drawn = this.#draw(watch.draws(), bytes.length)
        if (typeof drawn === 'string') bytes.set(decodeBase64(drawn) ?? [])
        else random.fill(bytes)
      },
      uint32: () => {
        const drawn = this.#draw(watch.draws(), undefined)
        return typeof drawn === 'number' ? drawn : random.uint32()
      },
    }
    return { random: kept, taps: [{ turnBegins: (turn) => void (this.#turn = turn) }, watch] }
  }

  /** What follows is none of the history's business. `why`: what has happened to the run; undefined: it came to its end. */
  end(why: string | undefined): void {
    for (const place of this.#places.values()) place.end(why)
  }

  outcome(): HistoryOutcome {
    const places = [...this.#places.values()].map((place) => place.outcome())
    const sum = (count: (place: PlaceOutcome) => number): number => places.reduce((all, each) => all + count(each), 0)
    return {
      isWhole: places.every(({ differs }) => differs === undefined),
      recorded: sum(({ recorded }) => recorded),
      kept: sum(({ kept }) => kept),
      drawnAnew: this.#drawnAnew,
      places,
      knownUntilMs: this.#history.knownUntilMs,
    }
  }

  happened(place: Place, happening: Happening): void {
    this.#places.get(keyOfPlace(place))?.happened(happening, this.#around.nowMs(), this.#turn)
  }

  over(place: Place): void {
    this.#places.get(keyOfPlace(place))?.over(this.#around.nowMs(), this.#turn)
  }

  stopping(): void {
    this.end('the server stopped')
  }

  /** `length`: of random bytes; undefined: a random number. */
  #draw(place: Place | undefined, length: number | undefined): Drawn | undefined {
    if (place === undefined) return undefined
    const kept = this.#places.get(keyOfPlace(place))?.draw(length, this.#around.nowMs(), this.#turn)
    if (kept === undefined) this.#drawnAnew++
    return kept
  }
}

class KeptPlace {
  readonly #place: Place
  readonly #events: readonly RecordedEventOfPlace[]
  readonly #recorded: number
  /** The event that is to happen next. */
  #next = 0
  /** What happens now, as it was recorded, and how much of what it drew has been drawn. */
  #current: RecordedEventOfPlace | undefined
  #drawn = 0
  #kept = 0
  /** The last that was as recorded. */
  #last = { atMs: 0, turn: 0 }
  #differs: HistoryDifference | undefined
  #hasEnded = false

  constructor({ app, zone }: Place, events: readonly RecordedEventOfPlace[]) {
    this.#place = { ...(app !== undefined && { app }), ...(zone !== undefined && { zone }) }
    this.#events = events
    this.#recorded = events.reduce((sum, { drawn = [] }) => sum + drawn.length, 0)
  }

  outcome(): PlaceOutcome {
    return { ...this.#place, recorded: this.#recorded, kept: this.#kept, differs: this.#differs }
  }

  happened(happening: Happening, atMs: number, turn: number): void {
    this.#current = undefined
    const expected = this.#events[this.#next]
    if (this.#isOver || expected === undefined) return
    const key = keyOfHappening(happening)
    if (key !== keyOfHappening(expected)) {
      const isRecordedLater = this.#events.slice(this.#next).some((event) => keyOfHappening(event) === key)
      this.#differ({ atMs, turn, how: describeDifference(expected, happening, isRecordedLater) })
      return
    }
    this.#next++
    this.#current = expected
    this.#drawn = 0
    this.#last = { atMs, turn }
  }

  draw(length: number | undefined, atMs: number, turn: number): Drawn | undefined {
    const event = this.#current
    if (this.#isOver || event === undefined) return undefined
    const next = event.drawn?.[this.#drawn]
    if (next !== undefined && isDraw(next, length)) {
      this.#drawn++
      this.#kept++
      return next
    }
    this.#differ({ atMs, turn, how: describeMissing(event, this.#drawn, length) })
    return undefined
  }

  over(atMs: number, turn: number): void {
    const event = this.#current
    this.#current = undefined
    if (this.#isOver || event === undefined || this.#drawn === (event.drawn?.length ?? 0)) return
    this.#differ({ atMs, turn, how: describeMissing(event, this.#drawn, 'nothing more') })
  }

  end(why: string | undefined): void {
    const next = this.#events.slice(this.#next).find(matters)
    if (!this.#isOver && next !== undefined) {
      this.#differ({ ...this.#last, how: why ?? describeDifference(next, undefined, false) })
    }
    this.#hasEnded = true
  }

  get #isOver(): boolean {
    return this.#hasEnded || this.#differs !== undefined
  }

  #differ(difference: HistoryDifference): void {
    this.#differs = difference
    this.#current = undefined
  }
}

/** Sessions that time out once everybody has gone are no part of the game: a run may end before. */
function matters({ what, drawn }: RecordedEventOfPlace): boolean {
  return drawn !== undefined || what.startsWith('rpc.') || what === 'handleJoin' || what === 'handlePart left'
}

function isDraw(drawn: Drawn, length: number | undefined): boolean {
  return typeof drawn === 'number' ? length === undefined : decodeBase64(drawn)?.length === length
}
