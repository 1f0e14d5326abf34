/** Bugs planted in the recorder, in the format and in the replay: recording a life and replaying it finds each. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { afterAll, expect, test } from 'vitest'
import { filesOf, plant, type Mutant } from '../../scenarios/mutants/index.ts'
import { entryPoints } from '../../tools/entry-points.js'

const BUGS: readonly Mutant[] = [
  {
    name: 'drawn-number-not-recorded',
    source: 'docs/recording.md: every value that the core read',
    sentence: 'A zone that draws a number is replayed with another one.',
    edits: [
      {
        file: 'recording/entry-tap.ts',
        find: "    this.#read({ kind: 'random_number', number })\n",
        replace: '    void number\n',
      },
    ],
  },
  {
    name: 'call-on-another-session',
    source: 'docs/recording.md: something was called from outside',
    sentence: 'A call on a session is replayed on the first one.',
    edits: [
      {
        file: 'recording/values.ts',
        find: '{ session: on.id }',
        replace: '{ session: Math.min(on.id, 1) }',
      },
    ],
  },
  {
    name: 'calls-of-commands-recorded',
    source: 'docs/recording.md: what boot and a command call is not written down, for it is called again',
    sentence: 'The calls of a command are made twice in a replay.',
    edits: [
      {
        file: 'recording/entry-tap.ts',
        find: '  apiCalled({ on, method, args: [definition] }: OutsideCall): void {\n',
        replace:
          '  apiCalled(call: OutsideCall): void {\n    const { on, method, args: [definition] } = call\n    if (method === "tell") this.called(call)\n',
      },
    ],
  },
  {
    name: 'cancel-of-the-next-timer',
    source: 'docs/recording.md: timers have the numbers that the core gives them',
    sentence: 'A recording says that another timer was cancelled.',
    edits: [
      {
        file: 'recording/entry-tap.ts',
        find: "this.#output({ kind: 'cancelled', timer, owner })",
        replace: "this.#output({ kind: 'cancelled', timer: timer + (this.#nowMs > 1_001_000 ? 1 : 0), owner })",
      },
    ],
  },
]

const BLIND: Mutant = {
  name: 'replay-compares-lengths',
  source: 'docs/recording.md: every byte that comes out is compared',
  sentence: 'A message with other bytes of the same length counts as the same.',
  edits: [
    {
      file: 'recording/replay/replay.ts',
      find: '  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false\n',
      replace: '',
    },
  ],
}

mkdirSync('node_modules/.cache', { recursive: true })
const folder = mkdtempSync(path.resolve('node_modules/.cache/overworld-planted-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Program {
  findDivergence(): string | undefined
  findsChangedByte(): boolean
}

/** The program with what `mutant` does to its sources; undefined: as they stand. */
async function bundle(mutant: Mutant | undefined): Promise<Program> {
  const outfile = path.join(folder, `${mutant?.name ?? 'nothing'}.mjs`)
  await build({
    entryPoints: ['test/recording/record-and-replay.ts'],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    plugins: [sources(mutant)],
  })
  return (await import(pathToFileURL(outfile).href)) as Program
}

function sources(mutant: Mutant | undefined): Plugin {
  const files = mutant === undefined ? new Set<string>() : filesOf(mutant)
  return {
    name: 'planted',
    setup(esbuild) {
      esbuild.onResolve({ filter: /^overworld(\/|$)/ }, ({ path: specifier }) => {
        const source = (entryPoints as Record<string, string | undefined>)[specifier]
        return source === undefined ? undefined : { path: path.resolve(source) }
      })
      esbuild.onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
        const name = path.relative('.', file).replaceAll(path.sep, '/')
        if (mutant === undefined || !files.has(name)) return undefined
        return { contents: plant(mutant, name, readFileSync(file, 'utf8')), loader: 'ts' }
      })
    },
  }
}

test('without a bug a recorded life is replayed identically, and a changed byte is found', async () => {
  const { findDivergence, findsChangedByte } = await bundle(undefined)
  expect(findDivergence()).toBeUndefined()
  expect(findsChangedByte()).toBe(true)
})

test.each(BUGS.map((mutant) => [mutant.name, mutant] as const))('%s is found', async (_, mutant) => {
  const { findDivergence } = await bundle(mutant)
  expect(findDivergence()).toBeDefined()
})

test(`${BLIND.name} is found`, async () => {
  const { findDivergence, findsChangedByte } = await bundle(BLIND)
  expect(findDivergence()).toBeUndefined()
  expect(findsChangedByte()).toBe(false)
})
