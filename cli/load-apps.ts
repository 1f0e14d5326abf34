/**
 * The apps that take part in simulated runs: the reference apps, or those of a user's module (`--app FILE`), which may be a
 * game or a server program as well.
 */
import { appsOfGame, appsOfProgram, isGame, referenceApps, type SimulatedApp } from '../scenarios/index.ts'
import { usageError } from './exit-codes.ts'
import { importDefault } from './import-module.ts'
import { guarded, programIn } from './load-program.ts'

export interface LoadedApps {
  readonly apps: readonly SimulatedApp[]
  readonly appFile: string | undefined
  /** What to add to a command line that is to use the same apps. */
  readonly words: readonly string[]
}

/** `tickMs`: of the reference arena. Its zone must tick as the scenario says. */
export async function loadApps(file: string | undefined, tickMs = 100): Promise<LoadedApps> {
  if (file === undefined) return { apps: referenceApps(tickMs), appFile: undefined, words: [] }
  return { apps: appsOf(await importDefault(file, `--app: ${file}`), file), appFile: file, words: ['--app', file] }
}

function appsOf(exported: unknown, file: string): readonly SimulatedApp[] {
  if (isGame(exported)) return appsOfGame(exported)
  const program = isSimulatedApp(exported) ? undefined : programIn(exported)
  return program === undefined ? readApps(exported, file) : appsOfProgram(guarded(program, `--app: ${file}`))
}

const WANTED =
  'export default what defineGame or defineSimulatedApp from overworld/scenarios gives, or an array of the latter, or { apps: [...] }'

function readApps(exported: unknown, file: string): readonly SimulatedApp[] {
  if (exported === undefined) throw usageError(`--app: ${file} has no default export; ${WANTED}`)
  const apps = Array.isArray(exported)
    ? exported
    : isObject(exported) && 'apps' in exported
      ? exported['apps']
      : [exported]
  if (!Array.isArray(apps) || apps.length === 0) throw usageError(`--app: ${file} exports no apps; ${WANTED}`)
  for (const [index, app] of apps.entries()) {
    const missing = firstMissing(app)
    const which = apps.length === 1 ? 'what it exports' : `app ${index}`
    if (missing !== undefined) throw usageError(`--app: ${file}: ${which} has no ${missing}; ${WANTED}`)
  }
  return apps as readonly SimulatedApp[]
}

/** In words; undefined: nothing is missing. */
function firstMissing(value: unknown): string | undefined {
  if (!isObject(value)) return '`app`, `zone` and `bot`'
  const { app, zone, bot } = value
  if (!isObject(app) || typeof app['name'] !== 'string' || !isObject(app['codec'])) return '`app` (from defineApp)'
  if (!isObject(zone) || zone['app'] !== app) return '`zone` (from defineZone of that app)'
  if (!isObject(bot) || typeof bot['join'] !== 'function') return '`bot` with `join(name)`'
  if (typeof bot['act'] !== 'function') return '`bot` with `act(room, self)`'
  return undefined
}

/** It may have a program as well, which is the server of its run. */
function isSimulatedApp(value: unknown): boolean {
  return isObject(value) && 'bot' in value
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
