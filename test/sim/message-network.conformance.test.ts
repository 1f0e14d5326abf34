/** The simulated network keeps the contract of every network, over clean links and over bad ones. */
import { createGround, Host, MessageNetwork, type LinkSettings } from '../../sim/index.ts'
import { describeClock } from '../conformance/clock-conformance.ts'
import { describeNetwork, type NetworkCapabilities, type NetworkHarness } from '../conformance/network-conformance.ts'

const STREAM: NetworkCapabilities = { deliveries: false, closeReasons: true, messageBytesMax: Infinity }
const ENET: NetworkCapabilities = { deliveries: true, closeReasons: false, messageBytesMax: Infinity }

const INSTANT: Partial<LinkSettings> = {}
const FAR: Partial<LinkSettings> = { delayMs: 40, jitterMs: 15 }

describeNetwork('a simulated WebSocket', () => makeHarness('ws', INSTANT), STREAM)
describeNetwork('a simulated WebSocket, far away', () => makeHarness('ws', FAR), STREAM)
describeNetwork('a simulated ENet peer', () => makeHarness('enet', INSTANT), ENET)
describeNetwork('a simulated ENet peer, far away', () => makeHarness('enet', FAR), ENET)

describeClock('a simulated host', () => {
  const { clock, until } = makeHarness('ws', INSTANT)
  return { clock, until }
})

function makeHarness(scheme: 'ws' | 'enet', links: Partial<LinkSettings>): NetworkHarness {
  const ground = createGround({ seed: 1 })
  const errors: unknown[] = []
  const network = new MessageNetwork(ground, { links, onError: (error) => errors.push(error) })
  const server = new Host(ground, network, { name: 'server' })
  const client = new Host(ground, network, { name: 'client' })
  for (const host of [server, client]) host.boot(() => undefined)
  return {
    clock: client.clock,
    server: server.network,
    client: client.network,
    listenAddress: scheme === 'ws' ? 'ws://server:0/ws' : 'enet://server:0',
    deadAddress: scheme === 'ws' ? 'ws://server:1/ws' : 'enet://server:1',
    errors,
    until: async (condition) => {
      const untilUs = ground.queue.nowUs + 120_000_000
      while (!condition()) {
        if (ground.queue.nextAtUs > untilUs) throw new Error('it did not happen within two virtual minutes')
        ground.queue.runNext()
      }
    },
    stop: () => {
      server.crash()
      client.crash()
    },
  }
}
