/**
 * `node tools/run.js tools/record-catches.ts [NAME…]`: hunts planted bugs, all of them or those named, and writes down
 * in `scenarios/mutants/caught-by.json` which rule each was found to break. The table in `docs/scenarios.md` is made
 * from that. It takes a while: do it after bugs were added, or rules.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import process from 'node:process'
import { MUTANTS } from '../scenarios/mutants/index.ts'
import { huntMutants } from './hunt-mutants.ts'

const FILE = 'scenarios/mutants/caught-by.json'
const RUNS = 3_000

const wanted = new Set(process.argv.slice(2))
const mutants = MUTANTS.filter(({ name }) => wanted.size === 0 || wanted.has(name))
const known = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, string>
const hunted = await huntMutants({
  mutants,
  seed: 1,
  runs: RUNS,
  jobs: availableParallelism(),
  onHunted: ({ name, invariant }) => console.log(`${name}: ${invariant ?? 'survived'}`),
})
const caught = new Map(hunted.map(({ name, invariant }) => [name, invariant]))
const entries = MUTANTS.map(({ name }) => [name, caught.get(name) ?? known[name]] as const)
writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`)
if (hunted.some(({ found }) => !found)) process.exitCode = 1
