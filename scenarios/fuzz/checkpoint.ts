/**
 * Where a campaign stands between two runs: all that it has to go on with. Plain data, so that it can lie in a file while
 * nobody runs the campaign. A campaign that goes on from it ends like one that was never stopped.
 */
import { OverworldError } from '../../core/index.ts'
import type { FingerprintState } from '../../sim/index.ts'

export interface CampaignCheckpoint {
  /** Completed; all of them held. */
  readonly runs: number
  readonly fingerprint: FingerprintState
  readonly simulatedSeconds: number
  readonly messages: number
  readonly invariants: Readonly<Record<string, number>>
  readonly goals: Readonly<Record<string, number>>
  /** The last run: made again, it tells whether the code is still the same. Null before the first. */
  readonly last: { readonly run: number; readonly fingerprint: string } | null
}

/** Throws `bad_option` with what is wrong, such as `checkpoint.runs must be …`. */
export function readCheckpoint(json: unknown): CampaignCheckpoint {
  const checkpoint = readObject(json, 'checkpoint')
  readNumber(checkpoint['runs'], 'checkpoint.runs')
  readNumber(checkpoint['messages'], 'checkpoint.messages')
  readNumber(checkpoint['simulatedSeconds'], 'checkpoint.simulatedSeconds')
  readCounts(checkpoint['invariants'], 'checkpoint.invariants')
  readCounts(checkpoint['goals'], 'checkpoint.goals')
  const { fingerprint, last } = checkpoint
  if (!Array.isArray(fingerprint) || fingerprint.length !== 5 || !fingerprint.every(Number.isInteger)) {
    throw wrong('checkpoint.fingerprint', 'must be five integers')
  }
  if (last !== null) {
    const { run, fingerprint: ofRun } = readObject(last, 'checkpoint.last')
    readNumber(run, 'checkpoint.last.run')
    if (typeof ofRun !== 'string') throw wrong('checkpoint.last.fingerprint', 'must be a text')
  }
  return json as CampaignCheckpoint
}

function readObject(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw wrong(path, 'must be an object')
  return value as Readonly<Record<string, unknown>>
}

function readNumber(value: unknown, path: string): void {
  if (typeof value !== 'number' || !(value >= 0)) throw wrong(path, 'must be a number of 0 or more')
}

function readCounts(value: unknown, path: string): void {
  for (const [name, count] of Object.entries(readObject(value, path))) readNumber(count, `${path}['${name}']`)
}

function wrong(path: string, what: string): OverworldError {
  return new OverworldError('bad_option', `${path} ${what}`)
}
