/** A listener that cannot listen, on every network: told to `failed`, or else reported and thrown where nobody catches it. */
import { spawn } from 'node:child_process'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import process from 'node:process'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createServer } from '../../core/server.ts'
import type { Listener, ListenerEvents, Network } from '../../core/injected.ts'
import { SeededRandom } from '../core/support/seeded-random.ts'
import { VirtualClock } from '../core/support/virtual-clock.ts'

async function run(address: string): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, ['tools/run.js', 'test/transports/listening-program.ts', address])
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()))
  const [code] = (await once(child, 'exit')) as [number | null]
  return { code, output }
}

async function takenTcpPort(): Promise<number> {
  const other = createTcpServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  return (other.address() as AddressInfo).port
}

async function takenUdpPort(): Promise<number> {
  const other = createSocket('udp4').bind(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  return other.address().port
}

describe(
  'without `failed`, a listener that cannot listen is reported, and ends the process',
  { timeout: 60_000 },
  () => {
    test.each<[string, () => Promise<string>]>([
      ['WebSocket', async () => `ws://127.0.0.1:${await takenTcpPort()}/ws`],
      ['ENet', async () => `enet://127.0.0.1:${await takenUdpPort()}`],
      ['in-process', async () => 'inprocess://taken'],
    ])('%s', async (_, addressOf) => {
      const address = await addressOf()
      const { code, output } = await run(address)
      expect(output).toContain(`REPORT listen_failed ${address}`)
      expect(output).toMatch(/EADDRINUSE|listens on|in use/)
      expect(code).toBe(1)
    })
  },
)

describe('a server', () => {
  function listen(events?: ListenerEvents): { readonly told: ListenerEvents; readonly reports: unknown[] } {
    let told: ListenerEvents = {}
    const network: Network = {
      listen: (address, _accept, given): Listener => {
        told = given ?? {}
        return { address, close: () => undefined }
      },
      connect: () => {
        throw new Error('this network only listens')
      },
    }
    const reports: unknown[] = []
    const server = createServer({
      clock: new VirtualClock(),
      random: new SeededRandom(1),
      apps: [],
      onReport: (report) => void reports.push(report),
    })
    server.listen(network, 'ws://here/ws', events)
    return { told, reports }
  }

  const error = new Error('in use')

  test('tells `failed`, and nobody else', () => {
    const failures: unknown[] = []
    const { told, reports } = listen({ failed: (failure) => void failures.push(failure) })
    told.failed?.(error)
    expect(failures).toEqual([error])
    expect(reports).toEqual([])
  })

  test('reports a listener that breaks later, and goes on', () => {
    const { told, reports } = listen()
    told.listening?.('ws://here:4433/ws')
    told.failed?.(error)
    expect(reports).toEqual([{ kind: 'listen_failed', address: 'ws://here/ws', error }])
  })

  test('throws the error of one that has never listened, once it is reported', () => {
    const { told, reports } = listen()
    expect(() => told.failed?.(error)).toThrow(error)
    expect(reports).toHaveLength(1)
  })
})
