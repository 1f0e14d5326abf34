/**
 * Reads the history of a recording (`recorded-history.ts`). Which handlers ran is not in a recording, for it follows from
 * what is: so the server of the run gets the recorded inputs and random values once, and is watched.
 */
import { createServer, OverworldError, type AnyApp, type ServerProgram } from '../../core/index.ts'
import { replay, type ReplayResult } from '../../sim/index.ts'
import type { Entry } from '../../recording/index.ts'
import { encodeBase64 } from '../base64.ts'
import { programOf } from '../own-program.ts'
import { zonesOf } from '../runner/make-reference-model.ts'
import { toMs, type ServerSetup } from '../scenario.ts'
import type { SimulatedApp } from '../simulated-app.ts'
import { HistoryWatch, type HistorySink } from './history-watch.ts'
import {
  keyOfPlace,
  type Drawn,
  type Happening,
  type Place,
  type PlaceHistory,
  type RecordedHistory,
} from './recorded-history.ts'

/** As it was read; times are those of the recorded server, and clients are named by their connections. */
export interface ReadHistory {
  readonly places: readonly ReadPlace[]
  /** From where on, and why, the program of now cannot be followed. */
  readonly lost: { readonly atMs: number; readonly why: string } | undefined
}

interface ReadPlace extends Place {
  readonly events: ReadEvent[]
}

interface ReadEvent {
  readonly happening: Happening
  readonly turn: number
  readonly atMs: number
  readonly drawn: Drawn[]
}

/** `apps`: those of the run. */
export function readHistory(entries: Iterable<Entry>, apps: readonly SimulatedApp[], server: ServerSetup): ReadHistory {
  const reader = new HistoryReader()
  let result: ReplayResult
  try {
    result = replay(entries, programOf(apps) ?? programOfZones(apps, server), {
      ignoresOutputs: true,
      onShell: (shell) => {
        const isDrawingToken = (): boolean => shell.isDrawingToken
        const watch = new HistoryWatch(reader, { ownerOf: connectionName, isDrawingToken })
        shell.taps.add(watch)
        shell.taps.add({
          turnBegins: (turn, nowMs) => reader.turnBegins(turn, nowMs),
          random: (bytes) => reader.drew(watch.draws(), encodeBase64(bytes)),
          randomNumber: (number) => reader.drew(watch.draws(), number),
        })
      },
    })
  } catch (error) {
    if (error instanceof OverworldError && error.code === 'internal') throw error
    return { places: [], lost: { atMs: -Infinity, why: `the program does not boot: ${String(error)}` } }
  }
  const { divergence } = result
  if (divergence === undefined) return { places: reader.places, lost: undefined }
  const { recorded, now } = divergence
  const why = now === 'nothing more' ? `it no longer ${recorded}` : `recorded: ${recorded}; now: ${now}`
  return { places: reader.placesBeforeLastTurn(), lost: { atMs: reader.nowMs, why } }
}

export function connectionName(connection: number): string {
  return `connection ${connection}`
}

export interface HistoryNaming {
  /** The client that this connection was of; undefined: none. */
  readonly clientOf: (connection: number) => string | undefined
  readonly toScenario: (atMs: number) => number
}

/** In the words of the scenario. Undefined: nothing was drawn, so that there is nothing to keep. */
export function historyOf({ places, lost }: ReadHistory, naming: HistoryNaming): RecordedHistory | undefined {
  const drawing = places.filter(({ events }) => events.some(({ drawn }) => drawn.length > 0))
  if (drawing.length === 0) return undefined
  return {
    places: drawing.map((place) => placeOf(place, naming)),
    ...(lost !== undefined && { knownUntilMs: naming.toScenario(lost.atMs) }),
  }
}

function placeOf({ events, ...place }: ReadPlace, { clientOf, toScenario }: HistoryNaming): PlaceHistory {
  const nameOf = (who: string): string => {
    const [, connection] = /^connection (\d+)$/.exec(who) ?? []
    return (connection === undefined ? undefined : clientOf(Number(connection))) ?? who
  }
  return {
    ...place,
    events: events.map(({ happening: { what, who, message }, atMs, drawn }) => ({
      atMs: toScenario(atMs),
      what,
      ...(who !== undefined && { who: nameOf(who) }),
      ...(message !== undefined && { message }),
      ...(drawn.length > 0 && { drawn }),
    })),
  }
}

class HistoryReader implements HistorySink {
  readonly #places = new Map<string, ReadPlace>()
  #turn = 0
  nowMs = 0

  get places(): readonly ReadPlace[] {
    return [...this.#places.values()]
  }

  /** The program of now did something else in the last turn: what was read of it is no history. */
  placesBeforeLastTurn(): readonly ReadPlace[] {
    return this.places.map((place) => ({ ...place, events: place.events.filter(({ turn }) => turn < this.#turn) }))
  }

  turnBegins(turn: number, nowMs: number): void {
    this.#turn = turn
    this.nowMs = nowMs
  }

  happened(place: Place, happening: Happening): void {
    const key = keyOfPlace(place)
    let read = this.#places.get(key)
    if (read === undefined) this.#places.set(key, (read = { ...place, events: [] }))
    read.events.push({ happening, turn: this.#turn, atMs: this.nowMs, drawn: [] })
  }

  drew(place: Place | undefined, drawn: Drawn): void {
    if (place !== undefined) this.#places.get(keyOfPlace(place))?.events.at(-1)?.drawn.push(drawn)
  }

  over(): void {
    // Nothing more is drawn there.
  }

  stopping(): void {
    // Nothing follows.
  }
}

/** The server that a run makes of simulated apps, as far as it concerns what happens in their zones. */
function programOfZones(apps: readonly SimulatedApp[], server: ServerSetup): ServerProgram {
  const { disconnectTimeoutMs = 5_000, livenessTimeoutMs } = server
  const codecs = apps.map(({ app }) => app as unknown as AnyApp)
  return {
    apps: codecs,
    boot({ clock, random, shell }) {
      const made = createServer({
        clock,
        random,
        shell,
        apps: codecs,
        onReport: () => undefined,
        disconnectTimeout: toMs(disconnectTimeoutMs),
        ...(livenessTimeoutMs !== undefined && { livenessTimeout: livenessTimeoutMs }),
      })
      for (const simulated of apps) {
        const { app, zone, route } = simulated
        for (const { name } of zonesOf(simulated)) made.zones.start(zone, { name })
        if (route !== undefined) {
          made.zones.route(app, (message, session) => route(message as never, session, made.zones.list(app)))
        }
      }
      return made
    },
  }
}
