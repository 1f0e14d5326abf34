/** What goes into a run of a scenario, what is heard of it while it goes on, and what comes of it. */
import type { SimulateOptions, World } from '../../sim/index.ts'
import type { ClientNote } from '../observer/client-note.ts'
import type { Turn } from '../observer/observation.ts'
import type { HistoryOutcome } from '../recorded/kept-random.ts'
import type { About } from '../game/game-account.ts'
import type { ViewNote } from '../game/watched-views.ts'
import type { Scenario, Step } from '../scenario.ts'
import type { SimulatedApp } from '../simulated-app.ts'

export interface RunOptions {
  /** The apps whose zones and bots take part, by the name that a scenario's clients use. */
  readonly apps: readonly SimulatedApp[]
  /** Hears what happens, for an account of the run. */
  readonly onEvent?: (event: RunEvent) => void
  /**
   * Programs of clients use promises: the world is draining, and the run has to be waited for (`runScenarioDraining`,
   * `runScenarioOnWire`). Default: false.
   */
  readonly promises?: boolean
  /** Of a game: false: its judges are not asked. It must make no difference. Default: true. */
  readonly isJudged?: boolean
  /** Keep every record of the trace? Default: its fingerprint only. */
  readonly storage?: 'none' | 'all'
  /** Receives the world before anything happens in it. */
  readonly onWorld?: (world: World) => void
  /** Hears of each decision of the tables, of sessions and of clients. `state`: the one before. */
  readonly onDecided?: (table: 'session' | 'client', state: string, event: string) => void
  /** For recorders: boots each life of the server. */
  readonly boot?: NonNullable<SimulateOptions['boot']>
}

export type RunEvent =
  | { readonly kind: 'step'; readonly atMs: number; readonly step: Step }
  | { readonly kind: 'phase'; readonly atMs: number; readonly phase: RunPhase }
  | { readonly kind: 'turn'; readonly atMs: number; readonly turn: Turn }
  | { readonly kind: 'client'; readonly atMs: number; readonly client: string; readonly note: ClientNote }
  /** Of a game that has `sees` and `shows`. */
  | { readonly kind: 'view'; readonly atMs: number; readonly note: ViewNote }

/** What follows the fault phase. */
export type RunPhase = 'healed' | 'leaving' | 'stopped'

export interface RunResult {
  readonly scenario: Scenario
  readonly held: boolean
  readonly failure: RunFailure | undefined
  /** 32 hex digits. */
  readonly fingerprint: string
  readonly simulatedSeconds: number
  /** Messages sent by clients and server. */
  readonly messages: number
  /** How far the history was the recorded one, and its random values were kept; undefined: the scenario has no `history`. */
  readonly history: HistoryOutcome | undefined
  /** As they were once the network had healed, or when the run failed. */
  readonly clients: ReadonlyMap<string, ClientOutcome>
  /** How often each invariant was checked. */
  readonly invariants: ReadonlyMap<string, number>
  /** How often each goal was reached. */
  readonly goals: ReadonlyMap<string, number>
}

export interface RunFailure {
  readonly invariant: string
  readonly message: string
  readonly atMs: number
  /** Where something threw that should not: the stack. */
  readonly stack?: string
  /** Of a game, where a client sees something else than is so: who, and where. */
  readonly about?: About
}

export interface ClientOutcome {
  readonly status: string
  readonly sessionId: number | undefined
  readonly zone: string | undefined
}
