/**
 * What broke in earlier campaigns, kept beside its scenarios: the next campaign tries that first, what fails fastest
 * before the rest. After a change the first thing to know is whether what was broken still is.
 */
import { existsSync } from 'node:fs'
import path from 'node:path'
import {
  drawOptionsOf,
  drawScenario,
  type CampaignFailure,
  type Scenario,
  type SimulatedApp,
} from '../../scenarios/index.ts'
import type { CodeVersion } from '../find-version.ts'
import { damagedFile, parseJson, readWhole, writeWhole } from '../kept-file.ts'
import { runOn, type NetworkName } from '../network.ts'
import { findScenario } from '../scenario-source.ts'

/** A seed that failed, and what it took. */
export interface FailingSeed {
  /** The run's own. */
  readonly seed: number
  readonly invariant: string
  readonly network: NetworkName
  readonly apps: readonly string[]
  /** Simulated time until the small scenario breaks. */
  readonly afterMs: number
  /** Of the small scenario. */
  readonly steps: number
  /** The number of the run, from 0: how long it took to be found. */
  readonly run: number
  /** The small scenario's file, in the same folder. */
  readonly file: string
  readonly code: CodeVersion
}

export interface Retried {
  readonly known: FailingSeed
  /** Undefined: it holds now. */
  readonly failure: CampaignFailure | undefined
}

export interface FailingSeedsOptions {
  /** Where failing scenarios are written. */
  readonly folder: string
  readonly network: NetworkName
  readonly apps: readonly SimulatedApp[]
}

/** What takes longest to fail is forgotten beyond that. */
const KEPT_MAX = 20
/** Not `.json`: beside it everything that is can be replayed. */
const FILE = 'failing-seeds.jsonl'

/** Keeps a failure that has been written down in `file`. */
export function rememberFailure(
  { folder, network, apps }: FailingSeedsOptions,
  { seed, invariant, afterMs, scenario, run }: CampaignFailure,
  { file, code }: { readonly file: string; readonly code: CodeVersion },
): void {
  const names = apps.map(({ app }) => app.name)
  const steps = scenario.steps.length
  const kept: FailingSeed = {
    seed,
    invariant,
    network,
    apps: names,
    afterMs,
    steps,
    run,
    file: path.basename(file),
    code,
  }
  write(folder, [...read(folder).filter((each) => !isSame(each, kept)), kept])
}

/** Runs again what failed before with these apps on this network, and forgets what holds now. */
export async function retryFailures(options: FailingSeedsOptions): Promise<readonly Retried[]> {
  const { folder, network, apps } = options
  const names = apps.map(({ app }) => app.name).join()
  const retried: Retried[] = []
  for (const known of read(folder)) {
    if (known.network !== network || known.apps.join() !== names) continue
    retried.push({ known, failure: await retry(known, options) })
  }
  const holding = new Set(retried.filter(({ failure }) => failure === undefined).map(({ known }) => known))
  if (holding.size > 0) {
    const left = read(folder).filter((each) => ![...holding].some((known) => isSame(each, known)))
    write(folder, left)
  }
  return retried
}

/** The small scenario as it was written, then the one that its seed draws now: a change may have mended one of them. */
async function retry(
  { seed, run, file }: FailingSeed,
  { folder, network, apps }: FailingSeedsOptions,
): Promise<CampaignFailure | undefined> {
  const drawn = drawScenario(seed, drawOptionsOf(apps))
  const written = path.join(folder, path.basename(file))
  const candidates: readonly Scenario[] = existsSync(written) ? [findScenario(written).scenario, drawn] : [drawn]
  for (const scenario of candidates) {
    const { failure } = await runOn(network, scenario, { apps })
    if (failure === undefined) continue
    const { atMs: afterMs, ...broken } = failure
    const { invariant, message } = failure
    const small = { ...scenario, breaks: { invariant, message } }
    return { ...broken, afterMs, seed, run, drawn, scenario: small, tries: 0, isSmallest: true }
  }
  return undefined
}

function isSame(a: FailingSeed, b: FailingSeed): boolean {
  return a.seed === b.seed && a.invariant === b.invariant && a.network === b.network && a.apps.join() === b.apps.join()
}

function read(folder: string): readonly FailingSeed[] {
  const file = path.join(folder, FILE)
  const lines = (readWhole(file) ?? '').split('\n')
  return lines.flatMap((line, index) => {
    if (line === '') return []
    const where = `line ${index + 1}: `
    const seed = parseJson(line, file, where)
    if (isFailingSeed(seed)) return [seed]
    throw damagedFile(file, `${where}it is no failing seed; without the file a campaign begins with none`)
  })
}

function isFailingSeed(value: unknown): value is FailingSeed {
  const { seed, invariant, network, apps, afterMs, file } = (value ?? {}) as Partial<FailingSeed>
  const hasNumbers = Number.isInteger(seed) && typeof afterMs === 'number'
  const hasNames = typeof invariant === 'string' && typeof network === 'string' && typeof file === 'string'
  return hasNumbers && hasNames && Array.isArray(apps)
}

function write(folder: string, seeds: readonly FailingSeed[]): void {
  const fastestFirst = [...seeds].sort((a, b) => a.afterMs - b.afterMs).slice(0, KEPT_MAX)
  writeWhole(path.join(folder, FILE), fastestFirst.map((seed) => `${JSON.stringify(seed)}\n`).join(''))
}
