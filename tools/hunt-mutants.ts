/**
 * Hunts planted bugs, several at a time: for each one bundles scenarios and core with its patch into
 * `node_modules/.cache` and runs the campaign on it in a worker thread of its own.
 *
 * Needs esbuild, and so a checkout; `overworld mutants` looks for this file and says so where it is not there.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, stop, type Plugin } from 'esbuild'
import { Tinypool } from 'tinypool'
import { referenceApps } from '../scenarios/apps/bots.ts'
import { runScenario } from '../scenarios/runner/run-scenario.ts'
import { filesOf, plant, type Mutant } from '../scenarios/mutants/index.ts'
import type { Catch, HuntAllOptions, Hunted } from '../scenarios/mutants/hunt.ts'

const apps = referenceApps(100)
const root = fileURLToPath(new URL('..', import.meta.url))

export async function huntMutants({
  mutants,
  seed,
  runs,
  jobs,
  onHunted,
  network = 'message',
}: HuntAllOptions): Promise<readonly Hunted[]> {
  // Named like the bundles of tools/sources.js, which removes those of dead processes.
  const folder = path.join(
    root,
    'node_modules',
    '.cache',
    'overworld',
    `${process.pid}-${randomBytes(4).toString('hex')}`,
  )
  mkdirSync(folder, { recursive: true })
  const pool = new Tinypool({ runtime: 'worker_threads', minThreads: 1, maxThreads: jobs, isolateWorkers: true })
  const waiting = mutants.map((mutant, index) => ({ mutant, index }))
  const hunted: Hunted[] = []
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { mutant, index } = next
      const filename = await bundle(mutant, folder, network === 'wire' ? 'hunt-on-wire.ts' : 'hunt.ts')
      const caught = (await pool.run({ seed, runs }, { filename, name: 'hunt' })) as Catch
      const result = { name: mutant.name, ...(network === 'message' ? withoutFalseAlarm(caught) : caught) }
      hunted[index] = result
      onHunted?.(result)
    }
  }
  try {
    await Promise.all(Array.from({ length: jobs }, work))
  } finally {
    await pool.destroy()
    await stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return hunted
}

/** What the sources as they stand break too has not been found: it is a false alarm, or a bug that nobody planted. */
function withoutFalseAlarm(caught: Catch): Catch {
  const { scenario } = caught
  const failure = scenario === null ? undefined : runScenario(scenario, { apps }).failure
  if (failure === undefined) return caught
  const message = `the core without any bug planted breaks ${failure.invariant} as well: ${failure.message}`
  return { ...caught, found: false, invariant: null, message }
}

/** Writes the patched program; returns its URL. */
async function bundle(mutant: Mutant, folder: string, entry: string): Promise<string> {
  const outfile = path.join(folder, `${mutant.name}.mjs`)
  await build({
    entryPoints: [path.join(root, 'scenarios', 'mutants', entry)],
    absWorkingDir: root,
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    plugins: [planted(mutant)],
  })
  return pathToFileURL(outfile).href
}

function planted(mutant: Mutant): Plugin {
  const files = filesOf(mutant)
  return {
    name: `planted-${mutant.name}`,
    setup(esbuild) {
      esbuild.onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
        const name = path.relative(root, file).replaceAll(path.sep, '/')
        return files.has(name) ? { contents: plant(mutant, name, readFileSync(file, 'utf8')), loader: 'ts' } : undefined
      })
    },
  }
}
