/** A disk that has no room left any more, or takes its time: played by `node:fs`, which is otherwise the real one. */
import type * as Fs from 'node:fs'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createServer, type ServerProgram } from 'overworld'
import { chat } from 'overworld/scenarios'
import {
  inProcessNetwork,
  recordToFolder,
  systemClock,
  systemRandom,
  type RecordingToFolder,
} from 'overworld/transports'
import { afterEach, expect, test, vi } from 'vitest'
import { until } from '../transports/real-time.ts'

type Done = (error: Error | null, result?: number) => void

const disk = vi.hoisted(() => ({ open: new Set<number>(), writes: [] as Done[], isHolding: false }))

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof Fs>()
  return {
    ...fs,
    open: (file: string, flags: string, mode: number, opened: Done) =>
      fs.open(file, flags, mode, (error, descriptor) => {
        if (error === null) disk.open.add(descriptor)
        opened(error, descriptor)
      }),
    close: (descriptor: number, closed: () => void) => {
      disk.open.delete(descriptor)
      fs.close(descriptor, closed)
    },
    write: (descriptor: number, bytes: Uint8Array, from: number, length: number, position: null, written: Done) => {
      if (disk.isHolding) disk.writes.push(written)
      else fs.write(descriptor, bytes, from, length, position, written)
    },
  }
})

const folder = mkdtempSync(path.join(tmpdir(), 'overworld-disk-full-'))
const ends: (() => void)[] = []

afterEach(() => {
  disk.isHolding = false
  disk.writes.length = 0
  for (const end of ends.splice(0)) end()
  rmSync(folder, { recursive: true, force: true })
})

interface Recorded {
  readonly recording: RecordingToFolder
  /** Has something to be written down. */
  tell(text: string): void
}

const listening = chat.defineZone({ init: () => undefined, handleInfo: (text: string) => void text })

function record(warnings: string[]): Recorded {
  let tell: (text: string) => void = () => undefined
  const clock = systemClock()
  const program: ServerProgram = {
    apps: [chat],
    boot(parts) {
      const server = createServer({ ...parts, apps: [chat], onReport: console.error })
      const zone = server.zones.start(listening)
      tell = (text) => zone.tell(text)
      return server
    },
  }
  const onWarning = (warning: string): void => void warnings.push(warning)
  const recording = recordToFolder(program, inProcessNetwork({ clock }), {
    folder,
    clock,
    random: systemRandom(),
    onWarning,
  })
  ends.push(() => recording.server.stop())
  return {
    recording,
    tell(text) {
      tell(text)
      recording.recorder.flush()
    },
  }
}

test('a recording that a full disk has ended keeps no file open, while its server goes on', async () => {
  const warnings: string[] = []
  const { recording, tell } = record(warnings)
  tell('there is room for this')
  await until(() => disk.open.size === 1)
  disk.isHolding = true
  await until(() => {
    tell('and none for this')
    return disk.writes.length === 1
  })
  disk.writes[0]?.(new Error('no space left on device'))
  await until(() => disk.open.size === 0)
  expect(warnings).toEqual([expect.stringContaining('could not be written (no space left on device)')])
  expect(recording.recorder.isRecording).toBe(false)
  tell('this is not recorded')
  await recording.end()
})

test('one for which the disk is too slow closes its file once the last write has come back, not while it goes on', async () => {
  const warnings: string[] = []
  const { recording, tell } = record(warnings)
  tell('this is written soon')
  await until(() => disk.open.size === 1)
  disk.isHolding = true
  const megabytes = 'x'.repeat(8 * 1024 * 1024)
  await until(() => {
    tell(megabytes)
    return warnings.length === 1
  })
  expect(warnings).toEqual([expect.stringContaining('the disk is too slow')])
  expect([disk.writes.length, disk.open.size]).toEqual([1, 1])
  disk.writes[0]?.(null, 1024 ** 3)
  await until(() => disk.open.size === 0)
  await recording.end()
})
