/**
 * `node tools/run.js tools/record-catches.ts [NAME…]`: hunts planted bugs, all of them or those named, and writes down
 * in `scenarios/mutants/caught-by.json` which rule each was found to break. The table in `docs/scenarios.md` is made
 * from that. It takes a while: do it after bugs were added, or rules.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import process from 'node:process'
import { HUNTS } from '../scenarios/mutants/index.ts'
import { huntMutants } from './hunt-mutants.ts'

const FILE = 'scenarios/mutants/caught-by.json'

const wanted = new Set(process.argv.slice(2))
const caughtBy = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, string>
const entries: [string, string | undefined][] = []
for (const network of ['message', 'wire'] as const) {
  const { planted, runs } = HUNTS[network]
  const hunted = await huntMutants({
    mutants: planted.filter(({ name }) => wanted.size === 0 || wanted.has(name)),
    network,
    seed: 1,
    runs,
    jobs: availableParallelism(),
    onHunted: ({ name, invariant }) => console.log(`${name}: ${invariant ?? 'survived'}`),
  })
  if (hunted.some(({ found }) => !found)) process.exitCode = 1
  const caught = new Map(hunted.map(({ name, invariant }) => [name, invariant ?? undefined]))
  for (const { name } of planted) entries.push([name, caught.get(name) ?? caughtBy[name]])
}
writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`)
