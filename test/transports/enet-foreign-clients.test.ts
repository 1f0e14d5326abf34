/** ENet clients that can never connect, because they compute checksums or compress: the owner of the server is told why. */
import { crc32 } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { enetNetwork, type EnetNetwork } from '../../transports/enet-network.ts'
import { ProbeServer } from '../conformance/probe.ts'
import { manualClock, type ManualClock } from './manual-clock.ts'
import { connectDatagram, RawEnet } from './raw-enet.ts'
import { until } from './real-time.ts'

const cleanUps: (() => void)[] = []

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) cleanUp()
})

interface Started {
  readonly clock: ManualClock
  readonly network: EnetNetwork
  readonly port: number
  readonly errors: string[]
}

async function start(): Promise<Started> {
  const clock = manualClock()
  const errors: string[] = []
  const network = enetNetwork({ clock, onError: (error) => errors.push(String(error)) })
  const server = new ProbeServer(network, 'enet://127.0.0.1:0')
  await until(() => server.isSettled)
  cleanUps.push(() => server.listener.close())
  return { clock, network, port: Number(server.address?.split(':')[2]), errors }
}

async function open(port: number): Promise<RawEnet> {
  const peer = await RawEnet.open(port)
  cleanUps.push(() => peer.close())
  return peer
}

/** As libenet sends it: the checksum is that of the datagram with a 0 in its place. */
function checksummed(connectId: number): Buffer {
  const connect = connectDatagram(1000, connectId)
  const bytes = Buffer.concat([connect.subarray(0, 4), Buffer.alloc(4), connect.subarray(4)])
  bytes.writeUInt32BE(crc32(bytes), 4)
  return bytes
}

test('a client with checksums is reported once, and each of its requests is counted', async () => {
  const { network, port, errors } = await start()
  const peer = await open(port)
  for (let i = 1; i <= 3; i++) peer.raw(checksummed(i))
  await until(() => network.stats()['enetConnectsForeignTotal'] === 3)
  expect(errors).toHaveLength(1)
  expect(errors[0]).toMatch(/127\.0\.0\.1 cannot connect: its host computes checksums \(CRC-32\).*told once/)
})

test('a wrong checksum, and a request that is as long by chance, is nothing to report', async () => {
  const { network, port, errors } = await start()
  const peer = await open(port)
  const wrong = checksummed(1)
  wrong[4] = (wrong[4] ?? 0) ^ 1
  peer.raw(wrong)
  peer.raw(checksummed(2).fill(0x55, 4))
  peer.raw(checksummed(3))
  await until(() => network.stats()['enetConnectsForeignTotal'] === 1)
  expect(errors).toHaveLength(1)
})

test('a client that compresses is reported once, when it has asked the same three times within a second or more', async () => {
  const { clock, network, port, errors } = await start()
  const [first, second, noise] = [await open(port), await open(port), await open(port)]
  const compressed = (timeMs: number, fill: number): Buffer => {
    const bytes = Buffer.alloc(40, fill)
    bytes.writeUInt16BE(0xcfff, 0)
    bytes.writeUInt16BE(timeMs, 2)
    return bytes
  }
  const seen = (): number => network.stats()['enetDatagramsMalformedTotal'] ?? 0
  for (const [round, timeMs] of [0, 500, 1500].entries()) {
    first.raw(compressed(timeMs, 1))
    second.raw(compressed(timeMs, 2))
    noise.raw(compressed(timeMs, 3 + round))
    await until(() => seen() === 3 * (round + 1))
    expect(errors).toHaveLength(timeMs < 1000 ? 0 : 1)
    clock.advance(timeMs === 0 ? 500 : 1000)
  }
  expect(errors[0]).toMatch(
    /127\.0\.0\.1 cannot connect: its host compresses \(such as with the range coder\).*told once/,
  )
  expect(network.stats()['enetConnectsForeignTotal']).toBe(2)
})
