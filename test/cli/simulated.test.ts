/** The subcommands that simulate: what they print, what they exit with, and that equal arguments give equal runs. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { GOALS, INVARIANTS, NAMED_SCENARIOS, type Scenario } from '../../scenarios/index.ts'
import { lastJson, overworld } from './support/command.ts'
import { inProcess } from './support/in-process.ts'
import { userApp } from './support/user-app.ts'

// Outside the checkout, where a user's files are.
const folder = mkdtempSync(path.join(tmpdir(), 'overworld-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface FuzzJson {
  readonly fingerprint: string
  readonly invariants: Readonly<Record<string, number>>
  readonly sometimes: Readonly<Record<string, number>>
  readonly failure: FailureJson | null
}
interface FailureJson {
  readonly invariant: string
  readonly message: string
  readonly seed: number
  readonly scenario: Scenario
  readonly file: string
  readonly steps: number
  readonly replayCommand: string
}

test('`scenarios` prints a line for each named scenario, and no header', async () => {
  const { code, stdout } = await inProcess(['scenarios'])
  expect(code).toBe(0)
  const lines = stdout.trimEnd().split('\n')
  expect(lines.map((line) => line.split(' ')[0])).toEqual(NAMED_SCENARIOS.map(({ name }) => name))
  for (const line of lines) expect(line).toMatch(/^[a-z-]+ {2,}\S.* \S/)
})

describe('run', () => {
  test('a named scenario gives the same result in two processes', async () => {
    const args = ['run', 'two-tabs', '--seed', '5', '--json']
    const [first, second] = await Promise.all([overworld(args), overworld(args)])
    expect(first.stdout).toBe(second.stdout)
    expect(first.code).toBe(0)
    expect(lastJson(first)).toEqual({
      scenario: 'two-tabs',
      seed: 5,
      history: null,
      held: true,
      fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      simulatedSeconds: expect.any(Number) as number,
      clients: expect.objectContaining({
        bob: { status: 'connected', sessionId: expect.any(Number) as number, zone: 'chat' },
      }) as object,
      failure: null,
    })
  })

  test('another seed gives another run', async () => {
    const [first, second] = await Promise.all(
      ['1', '2'].map((seed) => inProcess(['run', 'tunnel', '--seed', seed, '--json'])),
    )
    const fingerprints = [first, second].map((each) => each && lastJson<FuzzJson>(each).fingerprint)
    expect(new Set(fingerprints).size).toBe(2)
  })

  test('it is told in steps, with --trace message by message', async () => {
    const steps = await inProcess(['run', 'tunnel'])
    const trace = await inProcess(['run', 'tunnel', '--trace'])
    expect(steps.stdout).toMatch(/^ +4\.000 s {2}scenario {2}cut, alice/m)
    expect(steps.stdout).not.toContain('session_beacon')
    expect(trace.stdout).toMatch(/alice +<- session_beacon/)
    expect(steps.stdout).toMatch(/^held: /m)
  })

  test('a file that is no JSON, or no scenario, exits with 4 and says where it is wrong', async () => {
    write('truncated.json', '{"version": 1, "name": "trunc')
    write('wrong.json', JSON.stringify({ ...NAMED_SCENARIOS[0], steps: [{ atMs: 1, do: 'cut', client: 'alice' }] }))
    const truncated = await inProcess(['run', path.join(folder, 'truncated.json')])
    const wrong = await inProcess(['run', path.join(folder, 'wrong.json')])
    expect([truncated.code, wrong.code]).toEqual([4, 4])
    expect(truncated.stderr).toContain('not JSON')
    expect(wrong.stderr).toContain('steps[0].forMs')
  })
})

describe('fuzz', () => {
  test('equal arguments give an equal fingerprint in two processes, and one JSON object at the end', async () => {
    const args = ['fuzz', '--runs', '20', '--seed', '1', '--json']
    const [first, second] = await Promise.all([overworld(args), overworld(args)])
    // What broke, rather than that something did.
    if (first.code !== 0) throw new Error(first.stderr)
    expect(second.code).toBe(0)
    const result = lastJson<FuzzJson>(first)
    expect(result).toMatchObject({ runs: 20, held: true, seed: 1, failure: null })
    for (const key of ['simulatedSeconds', 'wallSeconds', 'messages']) expect(result).toHaveProperty(key)
    expect(result.fingerprint).toBe(lastJson<FuzzJson>(second).fingerprint)
  })

  test('the JSON has every invariant and every goal, those with zero as well', async () => {
    const result = lastJson<FuzzJson>(await inProcess(['fuzz', '--runs', '1', '--seed', '3', '--json']))
    for (const name of Object.keys(INVARIANTS)) expect(result.invariants).toHaveProperty([name])
    for (const name of Object.keys(GOALS)) expect(result.sometimes).toHaveProperty([name])
    expect(Object.values(result.sometimes)).toContain(0)
  })

  test('without --seed one is drawn and printed first; goals never reached are named', async () => {
    const { stdout } = await inProcess(['fuzz', '--runs', '1'])
    const [first = ''] = stdout.split('\n')
    expect(first).toMatch(/^seed \d+$/)
    expect(stdout).toMatch(/^\d+ of \d+ goals reached; never:\n {2}\S/m)
  })

  test('--draw prints the scenario of a run, which `run` makes again as the campaign did', async () => {
    const campaign = await inProcess(['fuzz', '--seed', '5', '--runs', '1', '--json'])
    const drawn = await inProcess(['fuzz', '--seed', '5', '--draw', '0'])
    expect(drawn.stderr).toMatch(/^run 0 of seed 5$/m)
    expect(drawn.stderr).toMatch(/the network is well again$/m)
    const file = path.join(folder, 'drawn.json')
    writeFileSync(file, drawn.stdout)
    const again = await inProcess(['run', file, '--json'])
    const { simulatedSeconds } = lastJson<{ readonly simulatedSeconds: number }>(campaign)
    expect(lastJson<{ readonly simulatedSeconds: number }>(again).simulatedSeconds).toBe(simulatedSeconds)
  })

  test('with --time it ends when the time is up', async () => {
    const { code, stdout } = await inProcess(['fuzz', '--time', '300ms', '--seed', '1', '--json'])
    expect(code).toBe(0)
    const { runs, wallSeconds } = JSON.parse(stdout) as { runs: number; wallSeconds: number }
    expect(runs).toBeGreaterThan(0)
    expect(wallSeconds).toBeGreaterThanOrEqual(0.3)
  })
})

describe('--network loopback', () => {
  test('runs a scenario on real sockets, and promises no fingerprint', async () => {
    const args = ['run', 'two-tabs', '--network', 'loopback', '--speed', 'max']
    const [told, json] = [await inProcess(args), await inProcess([...args, '--json'])]
    expect([told.code, json.code]).toEqual([0, 0])
    expect(told.stdout).toMatch(/^held: 22\.\d s on real sockets, /m)
    expect(told.stdout).not.toContain('fingerprint')
    expect(lastJson(json)).toMatchObject({ held: true, fingerprint: null, failure: null })
  })

  test('names what is not possible there', async () => {
    const scenario = { ...NAMED_SCENARIOS[0], durationMs: 1_000, steps: [], server: { bufferBytes: 128 } }
    write('buffers.json', JSON.stringify(scenario))
    const { stdout } = await inProcess([
      'run',
      path.join(folder, 'buffers.json'),
      '--network',
      'loopback',
      '--speed',
      '50',
    ])
    expect(stdout).toMatch(/^not possible on real sockets: small buffers/m)
  })

  test('fuzzes, without making runs twice', async () => {
    const { code, stdout } = await inProcess(['fuzz', '--network', 'loopback', '--runs', '2', '--seed', '1'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^2 runs in .* s on real sockets, /m)
    expect(stdout).not.toContain('fingerprint')
  })

  test('a failure is written down, with a command that repeats it there, and how to look at it in virtual time', async () => {
    write('bad-there.js', userApp('state.names.get(session).toUpperCase()'))
    const app = path.join(folder, 'bad-there.js')
    const out = path.join(folder, 'there')
    const args = ['fuzz', '--network', 'loopback', '--app', app, '--seed', '1', '--out', out]
    const { code, stdout } = await overworld(args)
    expect(code).toBe(1)
    expect(stdout).toMatch(/^BROKEN: handlers-do-not-throw/m)
    expect(stdout).toMatch(/^replay: .* --network loopback$/m)
    expect(stdout).toContain('--network wire runs it in virtual time')
  })

  test('refuses what makes no sense there, and --speed anywhere else', async () => {
    const refused = [
      ['fuzz', '--network', 'loopback', '--jobs', '2'],
      ['fuzz', '--network', 'loopback', '--check-determinism'],
      ['run', 'calm', '--speed', '2'],
      ['run', 'calm', '--network', 'loopback', '--speed', '0'],
    ]
    const all = await Promise.all(refused.map((args) => inProcess(args)))
    expect(all.map(({ code }) => code)).toEqual([2, 2, 2, 2])
    expect(all[2]?.stderr).toContain('--speed is for --network loopback')
  })
})

describe("a user's own app", () => {
  test('is fuzzed in place of the reference apps', async () => {
    write('good.js', userApp('state.names.get(session) ?? "?"'))
    const finished = await overworld(['fuzz', '--app', './good.js', '--runs', '3', '--seed', '1', '--json'], {
      cwd: folder,
    })
    expect(finished.code).toBe(0)
    expect(lastJson<FuzzJson>(finished).invariants['is-loud']).toBeGreaterThan(0)
    expect(existsSync(path.join(folder, 'overworld-failures'))).toBe(false)
  })

  test('that breaks leaves a file, an account, and a command that breaks it again', async () => {
    write('bad.js', userApp('state.names.get(session).toUpperCase()'))
    const args = ['fuzz', '--app', './bad.js', '--seed', '1', '--out', 'failures of mine', '--json']
    const finished = await overworld(args, { cwd: folder })
    expect(finished.code).toBe(1)
    const { failure } = lastJson<FuzzJson>(finished)
    if (failure === null) throw new Error('nothing failed')
    expect(failure.invariant).toBe('handlers-do-not-throw')
    expect(failure.steps).toBe(failure.scenario.steps.length)
    expect(JSON.parse(readFileSync(path.join(folder, failure.file), 'utf8'))).toEqual(failure.scenario)
    expect(finished.stderr).toContain(INVARIANTS['handlers-do-not-throw'])
    expect(finished.stderr).toContain(failure.replayCommand)
    expect(finished.stderr).toMatch(/server {4}zone 'lobby' runs rpc\.channel_msg/)

    const words = failure.replayCommand.match(/'[^']*'|\S+/g)?.map((word) => word.replaceAll("'", '')) ?? []
    expect(words.slice(0, 3)).toEqual(['npx', '--no-install', 'overworld'])
    const again = await overworld([...words.slice(3), '--trace', '--json'], { cwd: folder })
    expect(again.code).toBe(1)
    expect(lastJson<FuzzJson>(again).failure).toMatchObject({
      invariant: failure.invariant,
      message: failure.message,
      seed: failure.seed,
    })
  })

  test('is made small in so many tries, whatever the machine; what was given up goes on from the file', async () => {
    write('large.js', userApp('state.names.get(session).toUpperCase()'))
    const app = path.join(folder, 'large.js')
    const out = path.join(folder, 'large')
    const fuzz = ['fuzz', '--app', app, '--seed', '2', '--out', out, '--shrink-tries', '3', '--json']
    const [first, second] = [await inProcess(fuzz), await inProcess(fuzz)]
    const { failure } = lastJson<FuzzJson>(first)
    expect(failure).toMatchObject({ tries: 3, isSmallest: false })
    expect(lastJson<FuzzJson>(second).failure?.scenario).toEqual(failure?.scenario)
    const { file = '' } = failure ?? {}
    expect(first.stderr).toContain('the smallest scenario found until now')
    expect(first.stderr).toContain(`overworld shrink ${file} --tries 1000 --app`)
    const small = await inProcess(['shrink', file, '--app', app])
    expect(small.code).toBe(0)
    expect(small.stdout).toMatch(/^handlers-do-not-throw: \d+ steps?, 1 client \(before: /)
    expect(small.stdout).not.toContain('given up')
    expect((JSON.parse(readFileSync(file, 'utf8')) as Scenario).clients).toHaveLength(1)
    expect((await inProcess(['run', file, '--app', app])).code).toBe(1)
    const again = await inProcess(['shrink', file, '--app', app, '--tries', '1', '--out', path.join(out, 'other.json')])
    expect(again.stdout).toContain('the search was given up')
    expect(again.stdout).toContain(`overworld shrink ${path.join(out, 'other.json')} --tries 1000 --app`)
  })

  test('that breaks nothing is not made small', async () => {
    const scenario = path.join(folder, 'calm.json')
    const drawn = await inProcess(['fuzz', '--seed', '1', '--draw', '0'])
    writeFileSync(scenario, drawn.stdout)
    const { code, stderr } = await inProcess(['shrink', scenario])
    expect(code).toBe(1)
    expect(stderr).toContain('breaks no invariant')
  })

  test('that is not deterministic is found, exits with 3, and leaves a file', async () => {
    write('moody.js', userApp('state.names.get(session) ?? "?"', 'Math.random().toString(36)'))
    const args = ['fuzz', '--app', './moody.js', '--seed', '1', '--runs', '2', '--out', 'moody']
    const { code, stdout } = await overworld(args, { cwd: folder })
    expect(stdout).toContain('NOT DETERMINISTIC: run 0')
    expect(code).toBe(3)
    expect(readdirSync(path.join(folder, 'moody'))).toHaveLength(1)
  })

  test('whose bot throws is found like any other failure, with the place where it threw', async () => {
    write('clumsy.js', userApp('"x"', 'null.text'))
    const { code, stdout } = await overworld(['fuzz', '--app', './clumsy.js', '--seed', '9', '--out', 'clumsy'], {
      cwd: folder,
    })
    expect(code).toBe(1)
    expect(stdout).toMatch(/^BROKEN: comes-to-its-end \(run 0/m)
    expect(stdout).toMatch(/clumsy\.js:\d+/)
    const [file = ''] = readdirSync(path.join(folder, 'clumsy'))
    const again = await overworld(['run', `clumsy/${file}`, '--app', './clumsy.js'], { cwd: folder })
    expect(again.code).toBe(1)
    expect(again.stdout).toContain('BROKEN: comes-to-its-end')
  })

  test('that is none is refused with what is missing', async () => {
    write('none.js', 'export default { apps: [{}] }\n')
    write('nothing.js', 'export const app = 1\n')
    const none = await inProcess(['fuzz', '--app', path.join(folder, 'none.js')])
    const nothing = await inProcess(['fuzz', '--app', path.join(folder, 'nothing.js')])
    expect([none.code, nothing.code]).toEqual([2, 2])
    expect(none.stderr).toContain('has no `app`')
    expect(nothing.stderr).toContain('no default export')
  })
})

function write(name: string, text: string): void {
  writeFileSync(path.join(folder, name), text)
}
