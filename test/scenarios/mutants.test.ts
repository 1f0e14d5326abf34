/** The planted bugs: they apply, and the fuzzer finds those by which it will be judged. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { INVARIANTS } from '../../scenarios/invariants.ts'
import { filesOf, HUNTS, MUTANTS, plant, type Mutant } from '../../scenarios/mutants/index.ts'
import type { Hunted } from '../../scenarios/mutants/hunt.ts'
import { huntMutants } from '../../tools/hunt-mutants.ts'
import { lastJson, overworld } from '../cli/support/command.ts'
import { inProcess } from '../cli/support/in-process.ts'

/** Invariants of the reference apps' bots. */
const OF_APPS = ['server-names-speakers', 'events-without-gaps']
/** A run that came out differently, and one that did not end as it does without adapters. */
const NOT_RULES = ['determinism', 'end-state']

describe('the planted bugs', () => {
  test('are at least forty, each under a name of its own', () => {
    expect(MUTANTS.length).toBeGreaterThanOrEqual(40)
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
  })

  test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
    '%s applies to the core as it stands',
    (_, mutant) => {
      expect(mutant.sentence).toMatch(/^[A-Z`].*\.$/)
      expect(mutant.source).not.toBe('')
      for (const file of filesOf(mutant)) {
        expect(file).toMatch(/^core\//)
        expect(existsSync(file)).toBe(true)
        const text = readFileSync(file, 'utf8')
        expect(plant(mutant, file, text)).not.toBe(text)
      }
    },
  )

  test('each was found to break a rule that stands in the documents (tools/record-catches.ts writes down which)', () => {
    const caughtBy = JSON.parse(readFileSync('scenarios/mutants/caught-by.json', 'utf8')) as Record<string, string>
    expect(Object.keys(caughtBy)).toEqual([...MUTANTS, ...HUNTS.wire.planted].map(({ name }) => name))
    const rules = new Set([...Object.keys(INVARIANTS), ...OF_APPS, ...NOT_RULES])
    expect(Object.entries(caughtBy).filter(([, rule]) => !rules.has(rule))).toEqual([])
  })

  // What these two see, another rule sees in an earlier run since clients' deliveries and tokens are judged on each message.
  const NEVER_FIRST = ['client-never-stranded', 'in-order']

  test('each rule but two was the first to find one of them', () => {
    const caughtBy = JSON.parse(readFileSync('scenarios/mutants/caught-by.json', 'utf8')) as Record<string, string>
    const rules = new Set(Object.values(caughtBy))
    expect(Object.keys(INVARIANTS).filter((rule) => !rules.has(rule))).toEqual(NEVER_FIRST)
  })

  test('an edit that applies nowhere, or twice, is refused', () => {
    const mutant: Mutant = { name: 'x', source: 'y', sentence: 'z', edits: [{ file: 'a.ts', find: 'b', replace: 'c' }] }
    expect(() => plant(mutant, 'a.ts', 'nothing')).toThrow(/there are 0 of/)
    expect(() => plant(mutant, 'a.ts', 'b b')).toThrow(/there are 2 of/)
    expect(plant(mutant, 'a.ts', 'a b c')).toBe('a c c')
    expect(plant(mutant, 'other.ts', 'a b c')).toBe('a b c')
  })

  test('what is planted may contain what a replacement pattern would read as its own', () => {
    const mutant: Mutant = {
      name: 'x',
      source: 'y',
      sentence: 'z',
      edits: [{ file: 'a.ts', find: 'b', replace: "$&$'" }],
    }
    expect(plant(mutant, 'a.ts', 'abc')).toBe("a$&$'c")
  })
})

/**
 * The six rules of the lifecycle that the fuzzer must find broken, and what it says is broken: where a bug breaks two
 * rules, either, depending on which scenario comes first.
 */
const SIX: Readonly<Record<string, readonly string[]>> = {
  'grace-not-cancelled': ['grace-period', 'resume-honoured', 'disconnect-has-a-cause'],
  'old-close-hits-resumed-session': ['disconnect-has-a-cause', 'no-internal-error'],
  'timeout-not-told': ['grace-period'],
  'zone-before-session-new': ['session-new-first'],
  'old-token-dies-at-once': ['resume-honoured', 'bad-token-denied'],
  'joined-twice': ['join-judged'],
}

describe('the fuzzer', () => {
  test('finds six broken rules of the lifecycle, each in a few steps, whatever the number of jobs', async () => {
    const mutants = MUTANTS.filter(({ name }) => name in SIX)
    const hunted = await huntMutants({ mutants, seed: 1, runs: 300, jobs: 2 })
    expect(hunted.map(({ name }) => name).sort()).toEqual(Object.keys(SIX).sort())
    for (const { name, invariant } of hunted) expect(SIX[name]).toContain(invariant)
    expect(hunted.filter(({ steps }) => steps === null || steps > 5)).toEqual([])
    expect(hunted.map(({ scenario }) => scenario?.breaks?.message)).toEqual(hunted.map(({ message }) => message))
    const alone = await huntMutants({ mutants: mutants.slice(0, 2), seed: 1, runs: 300, jobs: 1 })
    const withoutTimes = (each: Hunted): object => ({ ...each, seconds: 0, shrinkSeconds: 0 })
    expect(alone.map(withoutTimes)).toEqual(hunted.slice(0, 2).map(withoutTimes))
  })

  test('finds what makes two runs of one seed differ', async () => {
    const mutants = MUTANTS.filter(({ name }) => name === 'ambient-randomness')
    const [hunted] = await huntMutants({ mutants, seed: 1, runs: 10, jobs: 1 })
    expect(hunted).toMatchObject({ found: true, invariant: 'determinism', steps: null })
  })
})

describe('overworld mutants', () => {
  test('exits with 0 where all were found, and gives them as JSON', async () => {
    const finished = await overworld(['mutants', 'token-not-rotated', '--runs', '50', '--json'])
    expect(finished.code).toBe(0)
    const { mutants } = lastJson<{ readonly mutants: readonly object[] }>(finished)
    expect(mutants).toEqual([
      expect.objectContaining({ name: 'token-not-rotated', found: true, invariant: 'resume-honoured' }),
    ])
    expect(Object.keys(mutants[0] ?? {})).toEqual(
      expect.arrayContaining(['name', 'found', 'runs', 'seconds', 'steps', 'invariant']),
    )
  })

  test('exits with 1 where one survived', async () => {
    const finished = await overworld(['mutants', 'client-gives-up', '--runs', '1', '--json'])
    expect(finished.code).toBe(1)
    expect(lastJson(finished)).toMatchObject({ mutants: [{ found: false, runs: 1, steps: null, invariant: null }] })
    expect(finished.stderr).toContain('survived: client-gives-up')
  })

  test('a name that is none is answered with the closest', async () => {
    const { code, stderr } = await inProcess(['mutants', 'joind-twice'])
    expect(code).toBe(2)
    expect(stderr).toContain("did you mean 'joined-twice'?")
  })

  test('lists what is planted', async () => {
    const { code, stdout } = await inProcess(['mutants', 'two-tabs-fight', '--list'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^two-tabs-fight\n {2}The tab that was taken over .*\n {2}\(design section 7/)
  })
})
