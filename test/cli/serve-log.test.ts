/** `overworld serve` outlives its log: what it prints may go to a full disk, or to nobody. */
import { spawn } from 'node:child_process'
import { existsSync, openSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { Client } from 'overworld'
import { systemClock, systemRandom, webSocketNetwork } from 'overworld/transports'
import { expect, test } from 'vitest'

const DRAIN_MS = 1_000

interface Outcome {
  readonly code: number | null
  readonly drainedMs: number
  readonly closedWith: number | undefined
}

/** A server with one session; `lose` takes its log away, and then it is told to stop. */
async function stopWithoutLog(stderr: 'pipe' | number, lose: 'close' | 'stop reading' | 'nothing'): Promise<Outcome> {
  const args = [path.resolve('bin/overworld.js'), 'serve', '--no-enet', '--ws-port', '0', '--drain', `${DRAIN_MS}ms`]
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', stderr] })
  const exited = new Promise<number | null>((resolve) => void server.on('exit', resolve))
  const address = await new Promise<string>((resolve) => {
    server.stdout?.on('data', (text) => {
      const [, found] = /listening on (ws:\S+)/.exec(String(text)) ?? []
      if (found !== undefined) resolve(found)
    })
  })
  const clock = systemClock()
  const client = new Client({ clock, random: systemRandom(), network: webSocketNetwork({ clock }), address })
  let closedWith: number | undefined
  client.on('status', (status) => {
    if ('code' in status) closedWith ??= status.code
  })
  await new Promise<void>((resolve) => {
    client.on('session', () => resolve())
    client.connect()
  })
  if (lose === 'close') {
    server.stderr?.destroy()
    server.stdout?.destroy()
  }
  if (lose === 'stop reading') server.stderr?.pause()
  const fromMs = performance.now()
  server.kill('SIGTERM')
  const code = await exited
  client.end()
  return { code, drainedMs: performance.now() - fromMs, closedWith }
}

test.each([['close'], ['stop reading']] as const)(
  'a reader of the log that does %s keeps no server from draining',
  async (lose) => {
    const { code, drainedMs, closedWith } = await stopWithoutLog('pipe', lose)
    expect(code).toBe(0)
    expect(drainedMs).toBeGreaterThan(DRAIN_MS * 0.9)
    expect(closedWith).toBeGreaterThanOrEqual(4_000)
  },
)

test.runIf(existsSync('/dev/full'))('nor does a disk that is full', async () => {
  const { code, drainedMs, closedWith } = await stopWithoutLog(openSync('/dev/full', 'w'), 'nothing')
  expect(code).toBe(0)
  expect(drainedMs).toBeGreaterThan(DRAIN_MS * 0.9)
  expect(closedWith).toBeGreaterThanOrEqual(4_000)
})
