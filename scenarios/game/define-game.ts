/**
 * A user's own game in the fuzzer: the program that production runs, the clients as they run in production, and what their
 * author knows to be true. The harness connects, breaks, reloads and restarts; it never joins, parts or sends a message.
 *
 * `GameOptions` describes each part; docs/your-game.md shows how to use them.
 */
import {
  OverworldError,
  type Client,
  type Network,
  type ServerProgram,
  type Session,
  type TokenStore,
  type ZoneDefinition,
  type ZoneView,
  type Schema,
  type AnyApp,
} from '../../core/index.ts'
import { checkOptionNames, unknownOption } from '../../core/option-names.ts'
import { GAME_RULES, type GameRule } from './game-rules.ts'

/** What a client of a game gets whenever its machine boots. */
export interface GameClientSelf {
  /** Our client, on the simulated network and clock. It has not dialled yet; `connect` is called after the function has returned. */
  readonly client: Client
  /** For a client with reconnect code of its own, which dials by itself. */
  readonly network: Network
  /** Where the server listens; the address of this machine's own transport comes first. */
  readonly addresses: readonly string[]
  /** Unique among the clients of a run. */
  readonly name: string
  /** 1 at the first boot, 2 after the first reload, … */
  readonly incarnation: number
  /** Where `client` keeps its token. It outlives a reload, unless the reload loses it. */
  readonly store: TokenStore
  /** Drawn from the run's seed, for this machine and boot alone. */
  readonly random: GameRandom
  /** The machine's clock, in ms. */
  now(): number
  /** Calls `run` once, `ms` from now (0 or more). Returns what cancels it. Held back while the run settles. */
  after(ms: number, run: () => unknown): () => void
  /** Calls `run` every `ms` (above 0) from now on. Returns what ends it. Held back while the run settles. */
  every(ms: number, run: () => unknown): () => void
  readonly check: GameCheck
  /** Counts that a goal of `GameOptions.goals` was reached. Throws `bad_option` for another name. */
  reach(goal: string): void
}

export interface GameRandom {
  /** An integer from 0 to `limit - 1`. `limit`: 1 to 2^32. */
  below(limit: number): number
  /** A number from 0 to below 1. */
  float(): number
  /** One of `choices`, of which there must be some (`bad_option`). */
  pick<T>(choices: readonly T[]): T
  /** The same elements in another order; `list` stays as it is. */
  shuffle<T>(list: readonly T[]): T[]
}

/** Counts a check of the rule of this name. Where `holds` is false, the run fails. `detail`: what an account says about it. */
export type GameCheck = (rule: string, holds: boolean, detail?: string | (() => string)) => void

/** What the author of a game knows of one kind of zone. Made by `judge`. */
export interface Judge {
  readonly zone: { readonly app: AnyApp }
  readonly after?: (state: unknown, zone: ZoneView, check: GameCheck) => void
  readonly shows?: (state: unknown, session: Session) => unknown
}

export interface JudgeOptions<State> {
  /**
   * Runs after each turn in which a handler of a zone of the definition has run, when all that was asked for is carried out. It sees the state and the zone read-only: writing throws
   * `read_only`.
   */
  readonly after?: (state: State, zone: ZoneView, check: GameCheck) => void
  /** What a member's client should see: compared with what `sees` says, whenever nothing is under way. */
  readonly shows?: (state: State, session: Session) => unknown
}

/** For TypeScript: infers the state from the zone's definition, then forgets it. */
export function judge<S extends Schema, State, Info>(
  zone: ZoneDefinition<S, State, Info>,
  options: JudgeOptions<State>,
): Judge {
  checkOptionNames('judge', options, { after: true, shows: true })
  return { zone, ...(options as Omit<Judge, 'zone'>) }
}

/** A client as `settled` sees it. */
export interface SettledClient<Model> {
  readonly name: string
  readonly model: Model
  /** The server's; undefined while it has none, and for clients that do not use `self.client`. */
  readonly session: Session | undefined
}

/** A zone as `settled` sees it. */
export interface SettledZone {
  readonly name: string
  readonly app: AnyApp
  readonly members: ReadonlySet<Session>
  /** Read-only. */
  readonly state: unknown
}

export interface Settled<Model> {
  /** Those that are connected, by name. */
  readonly clients: ReadonlyMap<string, SettledClient<Model>>
  readonly zones: readonly SettledZone[]
  readonly check: GameCheck
}

export interface GameOptions<Model = unknown> {
  /** The `ServerProgram` of production. */
  readonly program: ServerProgram
  /** A client's program: runs whenever a machine boots, and returns the page's own model. It may be async. */
  client(self: GameClientSelf): Model | Promise<Model>
  /** Further kinds of clients, by name; the clients of a run are of these and of `client` in turn. */
  readonly clients?: Readonly<Record<string, (self: GameClientSelf) => Model | Promise<Model>>>
  readonly judges?: readonly Judge[]
  /**
   * What a client sees, as plain data; undefined: it is in no zone. Compared with `shows` of its zone's judge whenever
   * nothing is under way.
   */
  sees?(model: Model): unknown
  /** Called whenever nothing is under way: timers and ticks are held back, and everything sent has been handled. */
  settled?(settled: Settled<Model>): void
  /** Sentences for the rules that `check` names, for failures and reports. Rules that are not named here work as well. */
  readonly rules?: Readonly<Record<string, string>>
  /** Names and sentences of what a campaign must have reached to mean anything: see `reach`. */
  readonly goals?: Readonly<Record<string, string>>
  /** Rules that do not apply to this game, each with the reason. */
  readonly off?: Readonly<Partial<Record<GameRule, string>>>
}

/** A game that was checked, with its types forgotten. Made by `defineGame`. */
export interface Game extends Omit<GameOptions, 'clients'> {
  readonly isGame: true
  /** Every kind of client; the first is `client`. */
  readonly kinds: ReadonlyMap<string, GameOptions['client']>
}

/** What scenarios call the clients that `client` runs. */
export const DEFAULT_KIND = 'client'

const OPTION_NAMES: Readonly<Record<keyof GameOptions, true>> = {
  program: true,
  client: true,
  clients: true,
  judges: true,
  sees: true,
  settled: true,
  rules: true,
  goals: true,
  off: true,
}

/** Throws `bad_option` where something is missing, unknown or of another type. */
export function defineGame<Model>(options: GameOptions<Model>): Game {
  checkOptionNames('defineGame', options, OPTION_NAMES)
  const { program, client, clients = {}, judges = [], off = {} } = options as GameOptions
  if (!Array.isArray(program?.apps) || program.apps.length === 0 || typeof program.boot !== 'function') {
    refuse('program must be a ServerProgram: { apps: [at least one], boot(parts) }')
  }
  if (typeof client !== 'function') refuse('client must be a function that gets `self` and returns the client’s model')
  for (const [kind, run] of Object.entries(clients)) {
    if (typeof run !== 'function') refuse(`clients.${kind} must be a function like client`)
    if (kind === DEFAULT_KIND) refuse(`clients.${kind}: that kind is \`client\` itself`)
    if (!/^[\w.-]+$/.test(kind)) refuse(`clients: the name "${kind}" must be letters, digits, "-", "_" and "."`)
  }
  if (!Array.isArray(judges)) refuse('judges must be an array of what judge(zone, …) returns')
  for (const each of judges as readonly Partial<Judge>[]) {
    if (typeof each?.zone !== 'object') refuse('judges must be an array of what judge(zone, …) returns')
    const { app } = each.zone
    if (!program.apps.includes(app)) refuse(`judges: the program has no app '${app.name}'`)
  }
  for (const name of ['sees', 'settled'] as const) {
    if (options[name] !== undefined && typeof options[name] !== 'function') refuse(`${name} must be a function`)
  }
  for (const [rule, reason] of Object.entries(off)) {
    if (!Object.hasOwn(GAME_RULES, rule)) {
      throw new OverworldError('bad_option', unknownOption('off of defineGame', rule, Object.keys(GAME_RULES)))
    }
    if (typeof reason !== 'string' || reason.trim() === '') refuse(`off: say in words why '${rule}' does not apply`)
  }
  const { clients: _clients, ...rest } = options as GameOptions
  return Object.freeze({
    ...rest,
    isGame: true as const,
    kinds: new Map([[DEFAULT_KIND, client], ...Object.entries(clients)]),
  })
}

export function isGame(value: unknown): value is Game {
  return typeof value === 'object' && value !== null && (value as Partial<Game>).isGame === true
}

function refuse(why: string): never {
  throw new OverworldError('bad_option', `defineGame: ${why}`)
}
