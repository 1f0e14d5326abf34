/** The limit for messages is said in one place: a network that was given none takes the server's. */
import { expect, onTestFinished, test } from 'vitest'
import { createServer } from '../../core/server.ts'
import type { Network } from '../../core/injected.ts'
import { enetNetwork, systemClock, systemRandom, webSocketNetwork } from '../../transports/index.ts'
import { chat, chatZone } from '../../scenarios/apps/chat.ts'
import { until } from './real-time.ts'

const clock = systemClock()

async function send(network: Network, address: string, bytes: number, limit?: number): Promise<'heard' | number> {
  const server = createServer({
    clock,
    random: systemRandom(),
    apps: [chat],
    onReport: () => undefined,
    limits: limit === undefined ? {} : { messageBytes: limit },
  })
  server.zones.start(chatZone)
  onTestFinished(() => server.stop())
  let bound = ''
  server.listen(network, address, { listening: (actual) => (bound = actual) })
  await until(() => bound !== '')
  let closed: number | undefined
  const connection = network.connect(bound, {
    opened: () => connection.send(new Uint8Array(bytes)),
    message: () => undefined,
    closed: (code) => (closed = code),
  })
  await until(() => closed !== undefined || server.stats().bytesInTotal >= bytes)
  connection.close(1000)
  return closed ?? 'heard'
}

test.each<[string, () => Network, string, number]>([
  ['WebSocket', () => webSocketNetwork({ clock }), 'ws://127.0.0.1:0/ws', 1009],
  ['ENet', () => enetNetwork({ clock }), 'enet://127.0.0.1:0', 4506],
])(
  'over %s a server that allows longer messages gets them, without a word to the network',
  async (_, network, address, tooBig) => {
    expect(await send(network(), address, 100_000, 200_000)).toBe('heard')
    expect(await send(network(), address, 100_000)).toBe(tooBig)
  },
)

test('a limit that the network was given itself is kept', async () => {
  const network = webSocketNetwork({ clock, messageBytesMax: 1_000 })
  expect(await send(network, 'ws://127.0.0.1:0/ws', 2_000, 200_000)).toBe(1009)
})

test('a limit above what `ws` can count is no smaller than it says', async () => {
  const network = webSocketNetwork({ clock, messageBytesMax: 2 ** 32 + 8 })
  expect(await send(network, 'ws://127.0.0.1:0/ws', 1_000)).toBe('heard')
})
