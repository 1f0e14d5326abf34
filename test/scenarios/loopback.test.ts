/**
 * Worlds on real sockets of this machine. That scenarios end there as on the simulated networks is in
 * `three-networks.test.ts`.
 */
import process from 'node:process'
import { describe, expect, test } from 'vitest'
import {
  drawScenario,
  LoopbackRuns,
  NAMED_SCENARIOS,
  notOnLoopback,
  runPatientCampaign,
  runScenarioOnLoopback,
  runSeed,
  simulatedArena,
  simulatedChat,
  type Scenario,
} from '../../scenarios/index.ts'
import { Doors } from '../../scenarios/worlds/loopback-doors.ts'
import { Loopback } from '../../scenarios/worlds/loopback-world.ts'
import { createGround, Host, type LinkSettings } from '../../sim/index.ts'
import { until } from '../transports/real-time.ts'
import { describeNetwork, type NetworkCapabilities, type NetworkHarness } from '../conformance/network-conformance.ts'

const APPS = [simulatedChat, simulatedArena(100)]
const MESSAGE_BYTES_MAX = 64 * 1024
const WEB_SOCKET: NetworkCapabilities = {
  deliveries: false,
  closeReasons: true,
  messageBytesMax: MESSAGE_BYTES_MAX,
  tooLongCode: 1009,
}
const ENET: NetworkCapabilities = {
  deliveries: true,
  closeReasons: false,
  messageBytesMax: MESSAGE_BYTES_MAX,
  tooLongCode: 4506,
}
const LOSSY: Partial<LinkSettings> = { delayMs: 20, jitterMs: 10, loss: 0.03 }

describeNetwork('WebSocket on real sockets of a world', () => makeHarness('ws', {}), WEB_SOCKET)
describeNetwork('WebSocket on real sockets of a world with losses', () => makeHarness('ws', LOSSY), WEB_SOCKET)
describeNetwork('ENet on real sockets of a world', () => makeHarness('enet', {}), ENET)

describe('a run on loopback', () => {
  test('has real sockets open, and leaves none', async () => {
    let during: readonly string[] = []
    await runScenarioOnLoopback(named('calm'), {
      apps: APPS,
      onWorld: (world) => world.after(5_000, () => (during = openSockets())),
    })
    const expected = ['TCPServerWrap', 'TCPSocketWrap', 'UDPWrap']
    expect(expected.filter((each) => !during.includes(each))).toEqual([])
    await until(() => openSockets().length === 0)
  })

  test('takes no less time than its speed says', async () => {
    const startedMs = performance.now()
    const { simulatedSeconds, failure } = await runScenarioOnLoopback(short('tunnel', 2_000), { apps: APPS, speed: 10 })
    expect(failure).toBeUndefined()
    expect((performance.now() - startedMs) / 1000).toBeGreaterThanOrEqual(simulatedSeconds / 10 - 0.1)
  })

  test('rejects a scenario that names an app which is not there, and leaves nothing open', async () => {
    await expect(runScenarioOnLoopback(named('calm'), { apps: [] })).rejects.toThrow("plays 'chat'")
    await until(() => openSockets().length === 0)
  })

  test('says what is not possible there', () => {
    expect(notOnLoopback({ ...named('calm'), server: { bufferBytes: 128 } })).toHaveLength(1)
    expect(notOnLoopback(named('calm'))).toEqual([])
  })
})

test('a campaign holds', async () => {
  const result = await runPatientCampaign({ seed: 3, runs: 4, apps: APPS }, new LoopbackRuns())
  expect(result.failure).toBeUndefined()
  expect(result).toMatchObject({ runs: 4, held: true })
})

test('a campaign counts what it has left out', async () => {
  const numbers = Array.from({ length: 100 }, (_, run) => run)
  const isOfSmallBuffers = (run: number): boolean =>
    drawScenario(runSeed(3, run), { apps: ['chat', 'arena'] }).server.bufferBytes !== undefined
  const index = numbers.find(isOfSmallBuffers) ?? NaN
  const runs = new LoopbackRuns()
  await runPatientCampaign({ seed: 3, runs: index + 1, apps: APPS, shard: { index, of: 100 } }, runs)
  expect([...runs.leftOut.values()]).toEqual([1])
})

test('a campaign that breaks says what has broken, even where that does not happen again', async () => {
  let times = 0
  const handleJoin = (): void => {
    if (times++ === 0) throw new Error('nobody may come in')
  }
  const broken = { ...simulatedChat, zone: { ...simulatedChat.zone, handleJoin } }
  const options = { seed: 4, runs: 4, apps: [broken], shrinkTries: 0 }
  const { failure, runs } = await runPatientCampaign(options, new LoopbackRuns())
  expect(failure).toMatchObject({ invariant: 'handlers-do-not-throw', run: 0, tries: 0 })
  expect(failure?.message).toContain('nobody may come in')
  expect(runs).toBe(1)
})

function named(name: string): Scenario {
  const scenario = NAMED_SCENARIOS.find((each) => each.name === name)
  if (scenario === undefined) throw new Error(`no scenario is named ${name}`)
  return scenario
}

function short(name: string, durationMs: number): Scenario {
  return { ...named(name), durationMs, steps: [] }
}

/** By kind, those of this process. */
function openSockets(): readonly string[] {
  return process
    .getActiveResourcesInfo()
    .filter((each) => /tcp|udp/i.test(each))
    .toSorted()
}

async function makeHarness(scheme: 'ws' | 'enet', links: Partial<LinkSettings>): Promise<NetworkHarness> {
  const ground = createGround({ seed: 1 })
  const loopback = new Loopback(ground, await Doors.open(), { links, throws: false })
  const server = new Host(ground, loopback.network, { name: 'server' })
  const client = new Host(ground, loopback.network, { name: 'client' })
  for (const host of [server, client]) host.boot(() => undefined)
  return {
    clock: client.clock,
    server: server.network,
    client: client.network,
    listenAddress: scheme === 'ws' ? 'ws://server:0/ws' : 'enet://server:0',
    deadAddress: scheme === 'ws' ? 'ws://server:1/ws' : 'enet://server:1',
    errors: loopback.errors,
    until: async (condition) => {
      await loopback.advance(120_000, condition)
      if (!condition()) throw new Error('it did not happen within two minutes')
    },
    stop: () => loopback.close(),
  }
}
