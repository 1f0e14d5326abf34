/** What the fuzzer draws trouble of one kind from. */
import { toMs, type ClientSetup, type ServerSetup, type Step, type Timeout } from '../scenario.ts'

/** Which apps have games that do what not every game does: see `SimulatedApp`. */
export interface Habits {
  readonly unusual: readonly string[]
  readonly hasNpcs: readonly string[]
  readonly putsOut: readonly string[]
  readonly isFrugal: readonly string[]
}

/** What one occurrence is drawn from. */
export interface Draw extends Habits {
  readonly atMs: number
  readonly client: ClientSetup
  /** All of them. */
  readonly clients: readonly ClientSetup[]
  readonly server: ServerSetup
  /** From 0 to `limit - 1`; successive calls give independent numbers. */
  below(limit: number): number
  /** An integer from `min` to `max`, both included. */
  between(min: number, max: number): number
  pick<T>(choices: readonly T[]): T
}

export interface FaultKind {
  readonly name: string
  draw(draw: Draw): readonly Step[]
}

/** A kind of fault that is one step. */
export function one(name: string, draw: (draw: Draw) => Step): FaultKind {
  return { name, draw: (from) => [draw(from)] }
}

/** In ms; of a timeout that is never over, the usual one. */
export function finite(timeout: Timeout | undefined): number {
  const timeoutMs = toMs(timeout ?? 5_000)
  return timeoutMs === Infinity ? 5_000 : timeoutMs
}
