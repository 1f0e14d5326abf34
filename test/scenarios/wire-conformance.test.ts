/** The adapters over simulated sockets keep the contract of every network, over clean links and over bad ones. */
import { createGround, Host, type LinkSettings } from '../../sim/index.ts'
import { Wire } from '../../scenarios/worlds/wire-world.ts'
import { describeNetwork, type NetworkCapabilities, type NetworkHarness } from '../conformance/network-conformance.ts'

const WEB_SOCKET: NetworkCapabilities = {
  deliveries: false,
  closeReasons: true,
  messageBytesMax: 64 * 1024,
  tooLongCode: 1009,
}
const ENET: NetworkCapabilities = {
  deliveries: true,
  closeReasons: false,
  messageBytesMax: 64 * 1024,
  tooLongCode: 4506,
}

const FAR: Partial<LinkSettings> = { delayMs: 40, jitterMs: 15 }
const LOSSY: Partial<LinkSettings> = { delayMs: 20, jitterMs: 10, loss: 0.03, duplicate: 0.02, reorder: 0.02 }

describeNetwork('WebSocket over simulated TCP', () => makeHarness('ws', {}), WEB_SOCKET)
describeNetwork('WebSocket over simulated TCP, far away', () => makeHarness('ws', FAR), WEB_SOCKET)
describeNetwork('WebSocket over simulated TCP with losses', () => makeHarness('ws', LOSSY), WEB_SOCKET)
describeNetwork('ENet over simulated UDP', () => makeHarness('enet', {}), ENET)
describeNetwork('ENet over simulated UDP, far away', () => makeHarness('enet', FAR), ENET)

function makeHarness(scheme: 'ws' | 'enet', links: Partial<LinkSettings>): NetworkHarness {
  const ground = createGround({ seed: 1 })
  const wire = new Wire(ground, { links, throws: false })
  const server = new Host(ground, wire.network, { name: 'server' })
  const client = new Host(ground, wire.network, { name: 'client' })
  for (const host of [server, client]) host.boot(() => undefined)
  return {
    clock: client.clock,
    server: server.network,
    client: client.network,
    listenAddress: scheme === 'ws' ? 'ws://server:0/ws' : 'enet://server:0',
    deadAddress: scheme === 'ws' ? 'ws://server:1/ws' : 'enet://server:1',
    errors: wire.errors,
    until: async (condition) => {
      await wire.advance(120_000, condition)
      if (!condition()) throw new Error('it did not happen within two virtual minutes')
    },
    stop: () => {
      server.crash()
      client.crash()
    },
  }
}
