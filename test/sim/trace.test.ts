import { expect, test } from 'vitest'
import {
  createGround,
  firstTraceDifference,
  formatTraceRecord,
  Host,
  MessageNetwork,
  type TraceRecord,
} from '../../sim/index.ts'

interface Run {
  readonly fingerprint: string
  readonly records: readonly TraceRecord[]
}

/** Two clients over bad links, one of each kind, each with a message a second; the server answers, crashes, returns. */
function run(seed: number, clients: readonly string[] = ['ann/ws', 'bob/enet'], storage: 'all' | 'none' = 'all'): Run {
  const ground = createGround({ seed, storage })
  const links = { delayMs: 40, jitterMs: 20, loss: 0.15, duplicate: 0.1, reorder: 0.1 }
  const network = new MessageNetwork(ground, { links })
  const server = new Host(ground, network, { name: 'server' })
  server.boot((life) => {
    for (const scheme of ['ws', 'enet']) {
      life.network.listen(`${scheme}://server`, (connection) => ({
        opened: () => connection.send(Uint8Array.of(0)),
        message: (bytes, delivery) => connection.send(bytes, delivery),
        closed: () => undefined,
      }))
    }
  })
  for (const client of clients) {
    const [name = '', scheme = ''] = client.split('/')
    new Host(ground, network, { name }).boot((life) => {
      const random = life.random('bot')
      const connection = life.network.connect(`${scheme}://server`, {
        opened: tick,
        message: () => undefined,
        closed: () => undefined,
      })
      function tick(): void {
        connection.send(Uint8Array.of(1, random.below(256)), { mode: 'unsequenced', channel: 2 })
        life.clock.setTimer(1000, tick)
      }
    })
  }
  ground.queue.push(2_500_000, () => server.crash({ connections: 'reset' }))
  ground.queue.push(3_000_000, () => server.restart())
  ground.queue.runUntil(4_000_000)
  return { fingerprint: ground.trace.fingerprint(), records: ground.trace.records }
}

test('a short seed has the trace that it always had', async () => {
  const { fingerprint, records } = run(1)
  const text = [...records.map(formatTraceRecord), `fingerprint ${fingerprint}`, ''].join('\n')
  await expect(text).toMatchFileSnapshot('golden-trace.txt')
})

test('equal seeds give equal traces, different ones differ, and the difference is named', () => {
  const [first, second, other] = [run(5), run(5), run(6)]
  expect(second.fingerprint).toBe(first.fingerprint)
  expect(firstTraceDifference(first.records, second.records)).toBeUndefined()
  expect(other.fingerprint).not.toBe(first.fingerprint)
  const difference = firstTraceDifference(first.records, other.records)
  expect(difference).toBeDefined()
  const index = difference?.index ?? 0
  expect(first.records.slice(0, index)).toEqual(other.records.slice(0, index))
  expect([difference?.first, difference?.second]).toEqual([first.records[index], other.records[index]])
  expect(difference?.first).not.toEqual(difference?.second)
})

test('a run that ends earlier differs where it ends', () => {
  const { records } = run(5)
  expect(firstTraceDifference(records, records.slice(0, -1))).toMatchObject({
    index: records.length - 1,
    second: undefined,
  })
})

test('keeping no records gives the same fingerprint', () => {
  const kept = run(9)
  const unkept = run(9, undefined, 'none')
  expect(unkept.fingerprint).toBe(kept.fingerprint)
  expect(unkept.records).toEqual([])
})

test('adding a client changes neither another’s draws nor its link’s', () => {
  const heardBy = (records: readonly TraceRecord[]) =>
    records.filter(({ host }) => host === 'ann').map(({ atUs, kind, bytes }) => [atUs, kind, ...bytes])
  const alone = run(4, ['ann/ws'])
  const together = run(4, ['ann/ws', 'cid/ws', 'bob/enet'])
  expect(heardBy(together.records)).toEqual(heardBy(alone.records))
  expect(heardBy(alone.records).length).toBeGreaterThan(5)
})
