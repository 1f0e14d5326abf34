/** Campaigns that are stopped and go on, what they remember of each other, and what their reports say. */
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { crc32 } from '../../recording/checksum.ts'
import { lastJson, overworld, RunningCommand, type Finished } from './support/command.ts'
import { inProcess } from './support/in-process.ts'
import { userApp } from './support/user-app.ts'

const root = mkdtempSync(path.join(tmpdir(), 'overworld-campaigns-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let folder: string
beforeEach(() => (folder = mkdtempSync(path.join(root, 'test-'))))

interface Result {
  readonly runs: number
  readonly fingerprint: string
  readonly seed: number
  readonly commit: string | null
  readonly failure: { readonly seed: number; readonly file: string } | null
  readonly retried: readonly { readonly seed: number; readonly holds: boolean }[]
}

const inFolder = (name: string): string => path.join(folder, name)
const fuzz = (...args: readonly string[]): Promise<Finished> => inProcess(['fuzz', '--out', inFolder('out'), ...args])

/** Without what depends on the clock and on the stops. */
function essence(finished: Finished): object {
  const { wallSeconds: _wallSeconds, stoppedBy: _stoppedBy, ...rest } = lastJson<Record<string, unknown>>(finished)
  return rest
}

describe('a campaign that was stopped and goes on ends like one that was never stopped', () => {
  const RUNS = ['--seed', '7', '--runs', '40']

  test('by Ctrl-C, kill -9 and --time, with other numbers of threads', async () => {
    const file = inFolder('campaign.json')
    const whole = await fuzz(...RUNS, '--json')
    const interrupted = new RunningCommand(['fuzz', ...RUNS, '--resume', file])
    await interrupted.printed(/^seed 7$/m)
    interrupted.kill('SIGINT')
    const { code, stdout } = await interrupted.finished
    expect(code).toBe(130)
    expect(stdout).toMatch(/^stopped by SIGINT after \d+ runs$/m)
    expect(stdout).toContain(`to go on: npx --no-install overworld fuzz --resume ${file}`)
    expect(stdout).toMatch(/^held: /m)

    const killed = new RunningCommand(['fuzz', '--resume', file])
    await killed.printed(/^goes on after/m)
    killed.kill('SIGKILL')
    await killed.finished

    expect((await fuzz('--resume', file, '--time', '200ms')).code).toBe(0)
    const resumed = await overworld(['fuzz', '--resume', file, '--jobs', '2', '--json'])
    expect(resumed.code).toBe(0)
    expect(essence(resumed)).toEqual(essence(whole))
    // There is nothing left to do, and it says the same again.
    expect(essence(await fuzz('--resume', file, '--json'))).toEqual(essence(whole))
  })

  test('a part of one as well', async () => {
    const part = ['--seed', '7', '--shard', '2/3']
    const file = inFolder('part.json')
    const whole = await fuzz(...part, '--runs', '12', '--json')
    await fuzz(...part, '--runs', '6', '--resume', file)
    expect(essence(await fuzz('--runs', '12', '--resume', file, '--json'))).toEqual(essence(whole))
  })

  test('threads at wire level as well', async () => {
    const onWire = ['--network', 'wire', '--seed', '7', '--runs', '4', '--json']
    const inThreads = await overworld(['fuzz', ...onWire, '--jobs', '2'], { cwd: folder })
    expect(essence(inThreads)).toEqual(essence(await fuzz(...onWire)))
  })

  test('without --resume, Ctrl-C stops all threads and keeps it beside the failures', async () => {
    const running = new RunningCommand([
      'fuzz',
      '--seed',
      '7',
      '--runs',
      '100000',
      '--jobs',
      '2',
      '--out',
      inFolder('out'),
    ])
    await running.printed(/^seed 7$/m)
    running.kill('SIGINT')
    const { stdout } = await running.finished
    const [, file = ''] = /--resume (\S+)$/m.exec(stdout) ?? []
    expect(path.dirname(file)).toBe(inFolder('out'))
    expect(existsSync(file)).toBe(true)
  })
})

describe('what a campaign does not go on with', () => {
  const begin = async (...args: readonly string[]): Promise<string> => {
    const file = inFolder('campaign.json')
    await fuzz('--seed', '7', '--runs', '2', '--resume', file, ...args)
    return file
  }

  test('another seed, part or network: each is named', async () => {
    const file = await begin()
    const { code, stderr } = await fuzz('--seed', '8', '--shard', '1/2', '--network', 'wire', '--resume', file)
    expect(code).toBe(2)
    for (const what of ['its seed is 7, not 8', 'its shard is none, not 1/2', 'its network is message, not wire']) {
      expect(stderr).toContain(what)
    }
  })

  test('another version or commit', async () => {
    const file = await begin()
    const { checksum: _checksum, ...whole } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    const { crc32 } = await import('../../recording/checksum.ts')
    const older = { ...whole, code: { version: '0.0.1', commit: 'abc' } }
    const checksum = crc32(new TextEncoder().encode(JSON.stringify(older)))
    writeFileSync(file, JSON.stringify({ ...older, checksum }))
    const { code, stderr } = await fuzz('--resume', file)
    expect(code).toBe(2)
    expect(stderr).toContain('its version is 0.0.1, not ')
    expect(stderr).toContain('its commit is abc, not ')
  })

  test('code that has changed without a commit: the last run shows it', async () => {
    writeFileSync(inFolder('app.js'), userApp('"x"'))
    const args = ['fuzz', '--app', './app.js', '--seed', '7', '--runs', '2', '--resume', 'campaign.json']
    expect((await overworld(args, { cwd: folder })).code).toBe(0)
    writeFileSync(inFolder('app.js'), userApp('"xyz"'))
    const resume = ['fuzz', '--resume', 'campaign.json', '--runs', '4']
    const unnamed = await overworld(resume, { cwd: folder })
    expect(unnamed.code).toBe(2)
    expect(unnamed.stderr).toContain('is a campaign of ./app.js, which is code: name it with --app to go on')
    const { code, stderr } = await overworld([...resume, '--app', './app.js'], { cwd: folder })
    expect(code).toBe(2)
    expect(stderr).toContain('run 1, the last one it made, comes out differently now')
  })

  test.each([
    ['seed', 'x'],
    ['network', 'all of them'],
    ['shard', { index: 3, of: 2 }],
    ['apps', [5]],
    ['appFile', 5],
    ['runs', -1],
  ])('a file made by hand, with another %s', async (field, value) => {
    const file = await begin()
    const { checksum: _, ...saved } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    const whole = { ...saved, [field]: value }
    const checksum = crc32(new TextEncoder().encode(JSON.stringify(whole)))
    writeFileSync(file, JSON.stringify({ ...whole, checksum }))
    const { code, stderr } = await fuzz('--resume', file)
    expect(stderr).toContain(`${file} is damaged: it lacks what a campaign is`)
    expect(code).toBe(4)
  })

  test.each([
    ['cut off', (text: string) => text.slice(0, 200), 'it is not JSON'],
    ['empty', () => '', 'it is not JSON'],
    ['with a digit that was flipped', (text: string) => text.replace('"runs": 2', '"runs": 3'), 'checksum'],
    ['something else', () => '{"a": 1}', 'it is no campaign'],
  ])('a file that is damaged: %s', async (_, damage, words) => {
    const file = await begin()
    writeFileSync(file, damage(readFileSync(file, 'utf8')))
    const { code, stderr } = await fuzz('--resume', file)
    expect(code).toBe(4)
    expect(stderr).toContain(`${file} is damaged: `)
    expect(stderr).toContain(words)
  })
})

describe('what failed is tried first by the next campaign', () => {
  const BROKEN = userApp('state.names.get(session).toUpperCase()')
  const campaign = (...args: readonly string[]): Promise<Finished> =>
    overworld(['fuzz', '--app', './app.js', '--runs', '20', '--json', ...args], { cwd: folder })

  test('and again until it holds', async () => {
    writeFileSync(inFolder('app.js'), BROKEN)
    const first = await campaign('--seed', '1')
    const { failure } = lastJson<Result>(first)
    if (failure === null) throw new Error('nothing failed')

    const second = await campaign()
    expect(second.code).toBe(1)
    expect(second.stderr).toMatch(/handlers-do-not-throw, seed \d+, [\d.]+ s into the run: still broken/)
    expect(lastJson<Result>(second)).toMatchObject({ runs: 0, failure: { seed: failure.seed, file: failure.file } })

    // A seed that was asked for is made as it is, whatever was before.
    expect(essence(await campaign('--seed', '1'))).toEqual(essence(first))
    expect(lastJson<Result>(await campaign('--seed', '1', '--known')).runs).toBe(0)
    expect(lastJson<Result>(await campaign('--no-known')).runs).toBeGreaterThan(0)

    writeFileSync(inFolder('app.js'), userApp('"x"'))
    const mended = await campaign()
    expect(mended.code).toBe(0)
    expect(mended.stderr).toContain('holds now')
    expect(lastJson<Result>(mended)).toMatchObject({ runs: 20 })
    expect(lastJson<Result>(mended).retried).toContainEqual(
      expect.objectContaining({ seed: failure.seed, holds: true }) as object,
    )
    expect(existsSync(inFolder(failure.file))).toBe(true)
    expect((await campaign()).stderr).not.toContain('failed before')
  })

  test('a list of seeds that is damaged exits with 4', async () => {
    writeFileSync(inFolder('app.js'), BROKEN)
    await campaign('--seed', '1')
    appendFileSync(inFolder('overworld-failures/failing-seeds.jsonl'), '{"seed": 1}\n')
    const { code, stderr } = await campaign()
    expect(code).toBe(4)
    expect(stderr).toContain('failing-seeds.jsonl is damaged: line 2: it is no failing seed')
  })
})

test('a bot that calls process.exit in a thread is named, and nothing waits for that thread', async () => {
  const text = '(isMainThread ? "x" : process.exit(7))'
  const threads = "import { isMainThread } from 'node:worker_threads'"
  writeFileSync(inFolder('app.js'), `${threads}\n${userApp('"x"', text)}`)
  const args = ['fuzz', '--app', './app.js', '--seed', '9', '--runs', '100', '--jobs', '2']
  const { code, stdout } = await overworld(args, { cwd: folder })
  expect(code).toBe(1)
  expect(stdout).toContain('BROKEN: comes-to-its-end (run 0')
})

describe('reports', () => {
  test('say of which code they are, in text, JSON and JUnit', async () => {
    const junit = inFolder('report.xml')
    const { stdout, stderr } = await fuzz('--seed', '7', '--runs', '1', '--json', '--junit', junit)
    const { commit } = JSON.parse(stdout) as Result
    expect(commit).toMatch(/^[0-9a-f]{12}\+?$/)
    expect(stderr).toContain(`commit ${commit}`)
    expect(readFileSync(junit, 'utf8')).toContain(`<property name="commit" value="${commit}"/>`)
  })

  test('as JUnit XML they have what its strictest readers want, and nothing that they do not know', async () => {
    writeFileSync(inFolder('app.js'), userApp('"x"', '"\\u0001<&\\">".at(5).a.b'))
    const args = [
      'fuzz',
      '--app',
      './app.js',
      '--seed',
      '1',
      '--runs',
      '2',
      '--junit',
      'out/junit.xml',
      '--require-goals',
    ]
    await overworld(args, { cwd: folder })
    const xml = readFileSync(inFolder('out/junit.xml'), 'utf8')
    const suite =
      /<testsuite name="overworld fuzz" timestamp="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d" hostname="localhost" tests="(\d+)" failures="(\d+)" errors="0" time="[\d.]+">/
    const [, tests, failures] = suite.exec(xml) ?? []
    const cases = [
      ...xml.matchAll(/<testcase name="[^"<&]+" classname="overworld\.(?:invariant|run|goal)" time="0"\/?>/g),
    ]
    expect(cases).toHaveLength(Number(tests))
    expect([...xml.matchAll(/<failure message="[^"<]*" type="[^"<]+">[^<]*<\/failure>/g)]).toHaveLength(
      Number(failures),
    )
    expect(xml).toContain('name="comes-to-its-end"')
    // The order that the schema of Ant's writer wants.
    const order = [...xml.matchAll(/<(properties|testcase|system-out|system-err)\b/g)].map(([, tag]) => tag)
    expect(order.filter((tag, index) => tag !== order[index - 1])).toEqual([
      'properties',
      'testcase',
      'system-out',
      'system-err',
    ])
    expect(xml).toMatch(/<\/testsuite>\n<\/testsuites>\n$/)
  })

  test('nothing half written is left behind', async () => {
    await fuzz('--seed', '7', '--runs', '1', '--resume', inFolder('campaign.json'))
    expect(readdirSync(folder)).toEqual(['campaign.json'])
  })
})
