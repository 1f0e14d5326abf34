/** What a scenario needs of an app: its zone, and a bot that plays a client of it. */
import type {
  App,
  Client,
  MessageName,
  Received,
  Room,
  Schema,
  Sendable,
  ServerProgram,
  Session,
  ZoneDefinition,
  ZoneView,
} from '../core/index.ts'
import type { RandomStream } from '../sim/index.ts'
import type { Game } from './game/define-game.ts'
import type { ZoneGoal } from './goals.ts'

/**
 * What a bot knows of itself in one of its lives. A life is one membership of its zone: it begins when the program
 * starts, and anew whenever the bot has to join again because its session is over, it has left, or it was put out. A
 * resumed session goes on with the same life, except in a hard zone.
 */
export interface BotSelf {
  /**
   * The name that this life joins with. Two sessions that exist at the same time never have the same name: a client
   * whose former session still waits for it joins as `alice-2`.
   */
  readonly name: string
  /** Numbers the lives under this name, from 1. */
  readonly life: number
  /** How often this life has acted before. */
  readonly count: number
  readonly random: RandomStream
}

/** The same before it has done anything. */
export interface ListeningBot extends Omit<BotSelf, 'count'> {
  readonly client: Client
}

export interface Bot<S extends Schema> {
  /** What it joins with. `count`: how often its program has joined before. */
  join(name: string, count: number): Sendable<S, 'join' & MessageName<S>>
  /** What it leaves with; default: an empty message. */
  part?(name: string): Sendable<S, 'part' & MessageName<S>>
  /** Says or does something; called every `actEveryMs` while it is connected. */
  act(room: Room<S>, self: BotSelf): void
  /**
   * Listens, once in each life: what was registered on `room` and `self.client` in a life ends with that life. `check`
   * is an invariant of the app's own: it counts a check of `name`, and where `holds` is false the run fails. `reach` is
   * a goal of the app's own: a campaign in which none of its runs comes there says so.
   */
  listen?(room: Room<S>, self: ListeningBot, check: AppCheck, reach: AppGoal): void
  /**
   * What `listen` checks holds whatever clients say. Default false: it rests on what `act` says, and does not listen for
   * the clients of a recording.
   */
  readonly judgesAnyone?: boolean
}

export type AppCheck = (name: string, holds: boolean, explain: () => string) => void
export type AppGoal = (name: string) => void

export type VersionName = 'older' | 'newer'

/** An app as clients of another version have it: of the same name and prefix. */
export interface ClientVersion {
  readonly app: App<Schema>
  readonly bot: Bot<Schema>
}

/** For TypeScript: infers the message types, then forgets them. */
export function defineClientVersion<S extends Schema>(version: {
  readonly app: App<S>
  readonly bot: Bot<S>
}): ClientVersion {
  return version as unknown as ClientVersion
}

export interface SimulatedApp<S extends Schema = Schema> {
  readonly app: App<S>
  /** The zone that the server starts when it boots. */
  readonly zone: ZoneDefinition<S, never, never>
  readonly bot: Bot<S>
  /** Clients of other versions, whose schema is not that of the server; default: none are drawn. */
  readonly versions?: Readonly<Partial<Record<VersionName, ClientVersion>>>
  /** Invariants that the bot checks: names and sentences. */
  readonly invariants?: Readonly<Record<string, string>>
  /** Goals that the bot reaches: names and sentences. What a campaign must have met to mean anything. */
  readonly goals?: Readonly<Record<string, string>>
  /**
   * Of the goals that every app has, those that hang on what the zone itself does, as far as it does so: it refuses a join,
   * sets a timer. Default: none.
   */
  readonly zoneGoals?: readonly ZoneGoal[]
  /** How many of the zone the server starts; default 1. */
  readonly zones?: number
  /** Picks the zone for a join among those that run, as `server.zones.route` does. More than one zone needs it. */
  readonly route?: (message: never, session: Session, zones: readonly ZoneView[]) => ZoneView | undefined
  /** What its zones are told from outside (`zone.tell`), in turn; default: nothing. */
  readonly tells?: readonly unknown[]
  /**
   * The server is this program, as it boots itself, and `zone` is none of its zones: see `appsOfProgram`. The same for all
   * apps of a run.
   */
  readonly program?: ServerProgram
  /** The run is about this game, whose clients are its own: see `appsOfGame`. The same for all apps of a run. */
  readonly game?: Game
  /** Its bot knows nothing: its clients only say what the steps of a scenario say (`appsOfProgram`). Default false. */
  readonly isBotless?: boolean
  /**
   * Its game does what few do: it gives its players' sessions receivers within the process and each other's connections
   * (so that who speaks is not who dialled), and has more zones than its route knows. Default false.
   */
  readonly isUnusual?: boolean
  /**
   * Its game keeps sessions without a connection (NPCs). The fuzzer then starts such sessions. They join with what `bot`
   * joins with, and `act` runs for them without `listen`. Default false.
   */
  readonly hasNpcs?: boolean
  /**
   * Its game puts members out without a word to their clients: it removes them from zones, and it stops zones and
   * starts others. The fuzzer then does so. Default false.
   */
  readonly putsOut?: boolean
  /**
   * Its clients and its zone say so little that the tightest limits serve them: buffers of 48 bytes at both ends, and 12
   * messages a second from a client. The fuzzer then draws such limits. Default false.
   */
  readonly isFrugal?: boolean
  /** What may be sent to a session directly (`session.send`), wherever it is; default: nothing. */
  readonly direct?: { readonly type: string; readonly message: object }
  /**
   * What the zone sends, it returns from a handler, or sends by the zone or the session that a handler was given: then
   * each message can be accounted for. Default false.
   */
  readonly sendsByZoneAlone?: boolean
  /**
   * The zone uses the process's own `Date` and timers: they are the simulated server's while a run lasts (ambient mode; on
   * the message network only). Default false.
   */
  readonly isAmbient?: boolean
}

/**
 * What a zone's handler or a route throws to see that nobody else is harmed: it must be reported, once, and is no
 * failure of the run.
 */
export class ThrownOnPurpose extends Error {
  override readonly name = 'ThrownOnPurpose'
}

/**
 * A promise that is rejected on purpose. A handler that returns it counts as one that threw: that must be reported, and
 * so must the rejection, which comes at once, so that equal seeds give equal runs.
 */
export const PROMISED_ON_PURPOSE = Object.freeze({
  // oxlint-disable-next-line unicorn/no-thenable -- it must be one
  then(_resolved: unknown, rejected: (error: unknown) => void): void {
    rejected(PROMISED_FAILURE)
  },
})

const PROMISED_FAILURE = new ThrownOnPurpose('a promise was rejected, as it was told to')

/** A handler that returns this on purpose counts as one that threw: it is no action. */
export const NONSENSE_ON_PURPOSE = 'nonsense, as it was told to'

/** For TypeScript: infers the message types, then forgets them. */
export function defineSimulatedApp<S extends Schema, State, Info = never>(
  simulated: Omit<SimulatedApp<S>, 'zone' | 'route'> & {
    readonly zone: ZoneDefinition<S, State, Info>
    readonly route?: (
      message: Received<S, 'join' & MessageName<S>>,
      session: Session,
      zones: readonly ZoneView[],
    ) => ZoneView | undefined
  },
): SimulatedApp {
  return simulated as unknown as SimulatedApp
}
