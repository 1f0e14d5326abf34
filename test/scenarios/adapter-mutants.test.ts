/** Bugs planted in the adapters: each still applies to the sources, and some that are found fast are found. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ADAPTER_MUTANTS } from '../../scenarios/mutants/adapters.ts'
import { filesOf, plant } from '../../scenarios/mutants/index.ts'
import { huntMutants } from '../../tools/hunt-mutants.ts'

test.each(ADAPTER_MUTANTS.map((mutant) => [mutant.name, mutant] as const))('%s applies to the sources', (_, mutant) => {
  for (const file of filesOf(mutant)) {
    const text = readFileSync(file, 'utf8')
    expect(plant(mutant, file, text)).not.toBe(text)
  }
})

test('a campaign at wire level finds bugs in both adapters', async () => {
  const quick = new Set([
    'closed-told-twice',
    'message-after-close',
    'packet-copied-too-late',
    'enet-socket-never-closed',
    'delivery-ignored',
  ])
  const mutants = ADAPTER_MUTANTS.filter(({ name }) => quick.has(name))
  const hunted = await huntMutants({ mutants, seed: 5, runs: 10, jobs: 2, network: 'wire' })
  expect(hunted.map(({ name, found }) => [name, found])).toEqual(mutants.map(({ name }) => [name, true]))
})
