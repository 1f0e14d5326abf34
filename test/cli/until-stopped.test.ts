/** What writes new files and is stopped by a signal leaves none of them behind, and is stopped soon. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { unpack } from '../../cli/capture/gunzip.ts'
import { refuseStopped, takeSteps } from '../../cli/until-stopped.ts'
import { packetsOf, pcap, Script, someBytes } from '../capture/made-up.ts'
import { RunningCommand } from './support/command.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'overworld-stopped-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Takes several seconds to read. */
function writeCapture(): string {
  const script = new Script()
  const connection = script.accept('websocket', '192.0.2.7')
  for (let number = 0; number < 2_000; number++) script.hear(connection, someBytes(20, number))
  const capture = pcap(packetsOf(script.entries))
  const packets = capture.subarray(24)
  const file = path.join(folder, 'long.pcap')
  writeFileSync(file, Buffer.concat([capture, ...Array.from({ length: 300 }, () => packets)]))
  return file
}

const capture = writeCapture()

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('an import that gets %s ends with %i, says so, and leaves no file', async (signal, exitCode) => {
  const out = path.join(folder, `${signal}.owrec`)
  const command = new RunningCommand(['import', capture, '--out', out])
  await until(() => existsSync(out))
  const fromMs = performance.now()
  command.kill(signal)
  const { code, stderr } = await command.finished
  expect(stderr).toContain(`stopped by ${signal}: nothing was written`)
  expect(code).toBe(exitCode)
  expect(existsSync(out)).toBe(false)
  // A second on a machine that does nothing else.
  expect(performance.now() - fromMs).toBeLessThan(20_000)
})

test('two signals at once leave no file either', async () => {
  const out = path.join(folder, 'twice.owrec')
  const command = new RunningCommand(['import', capture, '--out', out])
  await until(() => existsSync(out))
  command.kill('SIGINT')
  command.kill('SIGTERM')
  const { code } = await command.finished
  expect([130, 143]).toContain(code)
  expect(existsSync(out)).toBe(false)
})

test('what unpacks stops at a piece where it is told to', async () => {
  const packed = path.join(folder, 'packed.pcap.gz')
  writeFileSync(packed, gzipSync(Buffer.alloc(10_000_000)))
  let pieces = 0
  const unpacking = unpack(packed, () => {
    if (++pieces === 3) refuseStopped({ signal: 'SIGINT' })
  })
  await expect(unpacking).rejects.toMatchObject({ exitCode: 130, message: 'stopped by SIGINT: nothing was written' })
  expect(pieces).toBe(3)
})

test('steps are taken to their end, or until a signal has come; then what they have open is closed', async () => {
  let isClosed = false
  function* steps(count: number): Generator<void, string> {
    try {
      for (let step = 0; step < count; step++) yield
      return 'done'
    } finally {
      isClosed = true
    }
  }
  const none = { signal: undefined, end: () => undefined }
  expect(await takeSteps(steps(1_000), none)).toBe('done')
  isClosed = false
  const stopped = { signal: 'SIGTERM', end: () => undefined } as const
  await expect(takeSteps(steps(Infinity), stopped)).rejects.toMatchObject({ exitCode: 143 })
  expect(isClosed).toBe(true)
})

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; !isTrue(); tries++) {
    if (tries > 6_000) throw new Error('it did not come')
    await new Promise((resolve) => void setTimeout(resolve, 10))
  }
}
