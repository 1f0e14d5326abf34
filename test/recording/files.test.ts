import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Entry, type ServerProgram } from 'overworld'
import { chat, chatZone } from 'overworld/scenarios'
import { replay, simulate } from 'overworld/sim'
import {
  findRecordings,
  libraryVersion,
  RecordingFileReader,
  recordToFolder,
  type RecordingToFolder,
} from 'overworld/transports'
import { afterEach, describe, expect, it } from 'vitest'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'overworld-recording-'))
  folders.push(folder)
  return folder
}

/** A chat of a few simulated seconds, recorded into real files. */
function record(
  folder: string,
  options: { readonly partBytesMax?: number; readonly onWarning?: (warning: string) => void } = {},
): { recording: RecordingToFolder; program: ServerProgram; talk: (ms: number) => void } {
  const made: { recording: RecordingToFolder; program: ServerProgram }[] = []
  const world = simulate({
    seed: 5,
    apps: [chat],
    zones: [chatZone],
    boot(program, { clock, random, network }) {
      const recording = recordToFolder(program, network, { folder, clock, random, ...options })
      made.push({ recording, program })
      return recording.server
    },
  })
  const client = world.client('alice')
  client.client.on('session', () => void client.room(chat).join({ handle: 'alice' }))
  client.connect()
  const talk = (ms: number): void => {
    for (let at = 0; at < ms; at += 100) {
      client.room(chat).send('channel_msg', { text: `at ${at}` })
      world.advance(100)
    }
  }
  talk(5_000)
  const [first] = made
  if (first === undefined) throw new Error('nothing was booted')
  return { ...first, talk }
}

function* entriesOf(reader: RecordingFileReader): Generator<Entry> {
  for (const { entries } of reader.blocks()) yield* entries
}

describe('a recording in files', () => {
  it('is readable by its owner alone, goes on in new files, and replays identically', async () => {
    const folder = newFolder()
    const { recording, program } = record(folder, { partBytesMax: 1_000 })
    await recording.end('the test is over')
    const [source, ...others] = findRecordings(folder)
    expect(others).toEqual([])
    expect(source?.files.length).toBeGreaterThan(2)
    for (const file of source?.files ?? []) expect(statSync(file).mode & 0o777).toBe(0o600)
    const reader = new RecordingFileReader(source?.files ?? [])
    const result = replay(entriesOf(reader), program)
    expect(result).toMatchObject({ identical: true, end: 'ended', endWhy: 'the test is over' })
    expect(reader.damage).toBeUndefined()
    expect(reader.header?.apps.map(({ name }) => name)).toEqual(['chat'])
    expect(reader.header?.version).toBe(libraryVersion())
    expect(libraryVersion()).toMatch(/^\d+\.\d+\.\d+/)
  })

  it('is used up to the last whole block where its last file was cut off', async () => {
    const folder = newFolder()
    const { recording, program } = record(folder)
    await recording.end()
    const [file = ''] = readdirSync(folder)
    const whole = readFileSync(path.join(folder, file))
    writeFileSync(path.join(folder, file), whole.subarray(0, whole.length - 3))
    const reader = new RecordingFileReader(findRecordings(folder)[0]?.files ?? [])
    const result = replay(entriesOf(reader), program)
    expect(result).toMatchObject({ identical: true, end: 'cut_off' })
    expect(result.outputs).toBeGreaterThan(50)
    expect(reader.damage).toMatchObject({ kind: 'cut_off', file: path.join(folder, file) })
  })

  it.skipIf(process.getuid?.() === 0)('ends with a warning where the folder cannot be written any more', async () => {
    const folder = newFolder()
    const warnings: string[] = []
    const { recording, talk } = record(folder, { partBytesMax: 1_000, onWarning: (text) => warnings.push(text) })
    chmodSync(folder, 0o500)
    talk(5_000)
    await recording.end()
    chmodSync(folder, 0o700)
    expect(warnings).toEqual([expect.stringContaining('could not be written')])
  })

  it('ends with one warning where its folder is gone, and the server goes on', async () => {
    const folder = newFolder()
    const warnings: string[] = []
    const { recording, talk } = record(folder, { partBytesMax: 1_000, onWarning: (text) => warnings.push(text) })
    rmSync(folder, { recursive: true })
    talk(1_000)
    await recording.end()
    expect(warnings).toEqual([expect.stringMatching(/could not be written \(ENOENT.*the server goes on/)])
    expect(recording.recorder.isRecording).toBe(false)
    expect(recording.server.stats().sessionsConnected).toBe(1)
  })
})
