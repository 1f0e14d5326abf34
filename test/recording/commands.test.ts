/** `overworld serve --record`, `replay` and `inspect`, as their users meet them. */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client, isInput } from 'overworld'
import { chat, type Scenario } from 'overworld/scenarios'
import {
  enetNetwork,
  findRecordings,
  RecordingFileReader,
  systemClock,
  systemRandom,
  webSocketNetwork,
} from 'overworld/transports'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { frameBlock } from '../../recording/block.ts'
import { overworld_recording } from '../../recording/generated/recording.js'
import { lastJson, overworld } from '../cli/support/command.ts'
import { inProcess } from '../cli/support/in-process.ts'
import { startServing } from '../cli/support/serving.ts'

interface Summary {
  readonly identical: boolean
  readonly inputs: number
  readonly outputs: number
  readonly recordedSeconds: number
  readonly wallSeconds: number
  readonly divergence: { readonly recorded: string; readonly cause: string } | null
  readonly damage: { readonly kind: string } | null
}

/** For what takes a moment on a quiet machine. */
const PATIENCE = { timeout: 120_000, interval: 100 }
const base = mkdtempSync(path.join(tmpdir(), 'overworld-commands-'))
const folder = path.join(base, 'killed')
const redacted = path.join(base, 'redacted')
let file = ''
afterAll(() => rmSync(base, { recursive: true, force: true }))

/** Two clients, one over each transport, say something to each other; then the server is ended by `signal`. */
async function recordTalk(into: string, signal: NodeJS.Signals, ...options: readonly string[]): Promise<void> {
  const serving = await startServing('--record', into, '--drain', '0', ...options)
  const clock = systemClock()
  const heard: string[] = []
  const clients = [
    [serving.ws, webSocketNetwork({ clock })],
    [serving.enet, enetNetwork({ clock })],
  ] as const
  const made = clients.map(([address, network], index) => {
    const client = new Client({ clock, random: systemRandom(), network, address })
    client.on('session', () => {
      client.app(chat).join({ handle: `client ${index}` })
      client.app(chat).send('channel_msg', { text: `a secret of ${index}` })
    })
    client.app(chat).on('channel_msg', ({ text = '' }) => void heard.push(text))
    client.connect()
    return client
  })
  await vi.waitFor(() => expect(new Set(heard).size).toBe(2), PATIENCE)
  await vi.waitFor(() => expectInFiles(into), PATIENCE)
  serving.command.kill(signal)
  await serving.command.finished
  for (const client of made) client.end()
}

/** What was in the server's memory would be lost with it: the talk, and a second that went by. */
function expectInFiles(into: string): void {
  const [{ files } = { files: [] }] = findRecordings(into)
  const entries = [...new RecordingFileReader(files).blocks()].flatMap((block) => block.entries)
  const messages = entries.filter(({ kind }) => kind === 'message')
  // Both have asked for a session, joined, and said something.
  expect(messages.length).toBeGreaterThanOrEqual(6)
  const times = entries.flatMap((entry) => (isInput(entry) ? [entry.atMs] : []))
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(1_000)
}

beforeAll(async () => {
  await Promise.all([recordTalk(folder, 'SIGKILL'), recordTalk(redacted, 'SIGTERM', '--redact')])
  file = path.join(folder, readdirSync(folder)[0] ?? '')
})

describe('overworld replay', () => {
  it('replays what a server recorded that was killed', async () => {
    const { code, stdout } = await inProcess(['replay', folder])
    expect(stdout).toMatch(/ inputs, .* outputs, identical; the recording was cut off there/)
    expect(code).toBe(0)
    const summary = lastJson<Summary>(await inProcess(['replay', file, '--json']))
    expect(summary).toMatchObject({ identical: true, divergence: null, damage: null })
    expect(summary.outputs).toBeGreaterThan(20)
    expect(summary.recordedSeconds).toBeGreaterThan(1)
  })

  it('goes no further than it is asked to', async () => {
    const all = lastJson<Summary>(await inProcess(['replay', file, '--json']))
    const some = lastJson<Summary>(await inProcess(['replay', file, '--json', '--until', '500ms']))
    expect(some.identical).toBe(true)
    expect(some.inputs).toBeLessThan(all.inputs)
  })

  it('shows the first difference where another program is booted, with exit code 1', async () => {
    const program = path.join(base, 'louder.mjs')
    writeFileSync(
      program,
      `import { createServer } from 'overworld'
       import { chat, arena, chatZone, arenaZone } from 'overworld/scenarios'
       const louder = chat.defineZone({ ...chatZone, rpc: {
         channel_msg: (message, session, zone, state) =>
           chat.broadcast('channel_msg', { handle: state.handles.get(session), text: message.text + '!' }) } })
       export default { apps: [chat, arena], boot({ network, ...parts }) {
         const server = createServer({ ...parts, apps: [chat, arena], onReport: () => undefined })
         server.zones.start(louder, { name: 'chat' })
         server.zones.start(arenaZone, { name: 'arena' })
         server.listen(network, 'ws://127.0.0.1:0/ws')
         server.listen(network, 'enet://127.0.0.1:0')
         return server
       } }`,
    )
    const { code, stdout } = await overworld(['replay', file, '--program', program])
    expect(stdout).toMatch(
      /recorded: connection \d -> chat channel_msg \{"handle":"client \d","text":"a secret of \d"\}/,
    )
    expect(stdout).toMatch(/now: .*"a secret of \d!"\}/)
    expect(stdout).toMatch(/what led to it:\n(.*\n)*.* <- chat channel_msg \{"text":"a secret of \d"\}/)
    expect(stdout).toContain('a second replay came out the same')
    expect(code).toBe(1)
  })

  it('uses the intact part of a damaged file, with exit code 4', async () => {
    const bytes = readFileSync(file)
    const damaged = path.join(base, 'damaged.owrec')
    const flipped = Buffer.from(bytes)
    const at = bytes.length - 20
    flipped[at] = (flipped[at] ?? 0) ^ 1
    writeFileSync(damaged, flipped)
    const { code, stdout } = await inProcess(['replay', damaged])
    expect(stdout).toMatch(
      /identical; the recording was cut off there\n.*damaged: the checksum of the block at byte \d+ is wrong/,
    )
    expect(code).toBe(4)
    writeFileSync(damaged, '')
    expect(await inProcess(['replay', damaged])).toMatchObject({
      code: 4,
      stdout: expect.stringContaining('it is empty') as string,
    })
    writeFileSync(damaged, 'this is a letter')
    expect(await inProcess(['inspect', damaged])).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('it is not a recording') as string,
    })
  })

  it('sees damage after the end of a recording, too', async () => {
    const last = [...new RecordingFileReader([file]).blocks()].at(-1)?.number ?? 0
    const records = [{ kind: overworld_recording.kind.ended, text: 'by hand' }]
    const end = frameBlock(overworld_recording.block.encode({ number: last + 1, records }).finish())
    const ended = path.join(base, 'ended.owrec')
    writeFileSync(ended, Buffer.concat([readFileSync(file), end]))
    const whole = await inProcess(['replay', ended])
    expect(whole).toMatchObject({ code: 0, stdout: expect.stringMatching(/ identical\n/) as string })
    writeFileSync(ended, Buffer.concat([readFileSync(ended), Buffer.from('more')]))
    const { code, stdout } = await inProcess(['replay', ended])
    expect(stdout).toMatch(/ identical\n.*ended\.owrec is damaged: it ends within a block, 4 bytes after/)
    expect(code).toBe(4)
  })

  it('says whose mistake it is where a program cannot be loaded or does not boot', async () => {
    const program = path.join(base, 'wrong.mjs')
    for (const [source, said] of [
      ['throw new Error("at load")', /could not be loaded: Error: at load/],
      ['export default { apps: [], boot() { throw new Error("at boot") } }', /does not boot: Error: at boot/],
      ['export default { apps: [], boot() {} }', /its boot must return the server/],
      ['export default 5', /must export a server program by default/],
    ] as const) {
      writeFileSync(program, source)
      const { code, stdout, stderr } = await overworld(['replay', file, '--program', program])
      expect(stderr).toMatch(said)
      expect(stdout).toBe('')
      expect(code).toBe(2)
    }
  })

  it('says what is wrong with what it was given', async () => {
    const empty = path.join(base, 'empty')
    mkdirSync(empty)
    for (const place of [path.join(base, 'nowhere'), empty, redacted]) {
      const { code, stderr } = await inProcess(['replay', place])
      expect(code).toBe(2)
      expect(stderr).toMatch(/there is no file|has no recordings|is redacted/)
    }
  })

  it('has the clients of a real server do the same again in the simulator, each with its token of now', async () => {
    const saved = path.join(base, 'talk.json')
    const { code, stdout } = await inProcess(['replay', file, '--as-scenario', '--loss', '2%', '--save', saved])
    expect(stdout).toMatch(/: 2 clients, \d+ steps, /)
    expect(stdout).toMatch(/^held: /m)
    expect(code).toBe(0)
    const { clients, steps } = JSON.parse(readFileSync(saved, 'utf8')) as Scenario
    expect(clients.map(({ transport }) => transport).sort()).toEqual(['enet', 'websocket'])
    const said = steps.flatMap((step) => (step.do === 'send' ? [step.message] : []))
    expect(said).toEqual(expect.arrayContaining([{ text: 'a secret of 0' }, { text: 'a secret of 1' }]))
    const again = await inProcess(['run', saved, '--json'])
    expect(lastJson(again)).toMatchObject({ held: true })
  })

  it('replays all recordings in a folder', async () => {
    const both = path.join(base, 'both')
    mkdirSync(both)
    copyFileSync(file, path.join(both, 'a-0001.owrec'))
    copyFileSync(file, path.join(both, 'b-0001.owrec'))
    const one = lastJson<Summary>(await inProcess(['replay', file, '--json']))
    const two = lastJson<Summary>(await inProcess(['replay', both, '--json']))
    expect(two).toMatchObject({ identical: true, inputs: 2 * one.inputs, outputs: 2 * one.outputs })
  })
})

describe('overworld inspect', () => {
  it('tells who connected, what was said and how it ended', async () => {
    const { code, stdout } = await inProcess(['inspect', folder])
    expect(code).toBe(0)
    expect(stdout).toMatch(/connection \d comes from 127\.0\.0\.1 \(enet, id \d\)/)
    expect(stdout).toMatch(/session \d +connection \d <- chat channel_msg \{"text":"a secret of 0"\}/)
    expect(stdout).not.toContain('session_beacon')
    expect((await inProcess(['inspect', folder, '--all'])).stdout).toContain('session_beacon')
  })

  it('keeps to one session and to a span of time', async () => {
    const lines = (await inProcess(['inspect', folder, '--session', '1', '--json'])).stdout.trim().split('\n')
    const shown = lines.map((line) => JSON.parse(line) as { readonly session: number })
    expect(shown.length).toBeGreaterThan(2)
    expect(new Set(shown.map(({ session }) => session))).toEqual(new Set([1]))
    expect((await inProcess(['inspect', folder, '--from', '1h'])).stdout.trim().split('\n').length).toBe(1)
  })

  it('shows nothing of what was said, where it was redacted', async () => {
    const { code, stdout } = await inProcess(['inspect', redacted])
    expect(code).toBe(0)
    expect(stdout).toMatch(/connection \d <- chat: \d+ bytes, redacted/)
    expect(stdout).not.toContain('secret')
    expect(stdout).toContain('the recording ends: the server has drained')
  })
})
