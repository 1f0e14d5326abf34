/** Worlds whose clients' programs use promises. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createClient, nextMessage, whenConnected } from 'overworld/client'
import {
  chat,
  chatZone,
  NAMED_SCENARIOS,
  referenceApps,
  runScenario,
  runScenarioDraining,
  runScenarioOnWire,
} from 'overworld/scenarios'
import { beAmbient, simulate, type DrainingWorld, type HostLife, type SimulatedClientOptions } from 'overworld/sim'
import { runDrainingWorld } from '../../scenarios/worlds/run-draining-world.ts'

type Program = NonNullable<SimulatedClientOptions['program']>

/** Rejections that reach the process. */
const stray: unknown[] = []
const hear = (error: unknown): void => void stray.push(error)
beforeEach(() => {
  process.on('unhandledRejection', hear)
})
afterEach(() => {
  process.off('unhandledRejection', hear)
  if (stray.length > 0) throw new Error(`reached the process: ${stray.splice(0).join(', ')}`)
})

function drainingWorld(seed = 1): DrainingWorld {
  return simulate({ seed, apps: [chat], zones: [chatZone], promises: true })
}

/** As a program that waits would write it. */
function pause(life: HostLife, ms: number): Promise<void> {
  return new Promise((resolve) => life.clock.setTimer(ms, resolve))
}

test('a program that waits for its session and for messages goes on at the virtual time at which they came', async () => {
  const world = drainingWorld()
  const story: string[] = []
  const tell = (what: string): void => void story.push(`${world.nowMs} ${what}`)
  const talker: Program = async (client, life) => {
    await whenConnected(client)
    tell(`${life.host.name} has a session`)
    const room = client.app(chat)
    room.join({ handle: life.host.name })
    const { text } = await nextMessage(room, 'channel_msg')
    tell(`${life.host.name} heard ${text}`)
    await pause(life, 500)
    tell(`${life.host.name} has waited`)
  }
  world.client('alice', { program: talker, link: { delayMs: 10 } }).connect()
  world.client('bob', { program: talker, link: { delayMs: 30 } }).connect()
  await world.run(1_000)
  world.client('carol').connect()
  await world.run(200)
  world.clients.get('carol')?.room(chat).join({ handle: 'carol' })
  world.clients.get('carol')?.room(chat).send('channel_msg', { text: 'hello' })
  expect(await world.runUntil(() => story.length === 6)).toBe(true)
  expect(story).toEqual([
    '60 alice has a session',
    '180 bob has a session',
    '1230 alice heard hello',
    '1250 bob heard hello',
    '1730 alice has waited',
    '1750 bob has waited',
  ])
  expect(await world.runUntil(() => false, 250)).toBe(false)
  expect(world.nowMs).toBe(2_000)
})

test('a client of overworld/client runs on the clock and the network of its machine', async () => {
  const world = drainingWorld()
  let sessionId: number | undefined
  world.client('alice', {
    async program(_client, life) {
      const { clock, network } = life
      const random = life.random('page')
      const client = createClient({ address: 'ws://server:4433/ws', clock, network, random, page: {} })
      client.connect()
      sessionId = (await whenConnected(client)).id
    },
  })
  await world.run(150)
  expect(sessionId).toBe([...world.server.sessions][0]?.id)
})

test('time in a draining world has to be waited for', async () => {
  const world = drainingWorld()
  const needsRun: unknown = expect.objectContaining({ code: 'needs_run' })
  expect(() => world.advance(100)).toThrow(needsRun)
  expect(() => world.advanceUntil(() => true)).toThrow(needsRun)
  await expect(world.run(-1)).rejects.toMatchObject({ code: 'bad_option' })
  const first = world.run(100)
  await expect(world.run(100)).rejects.toThrow(needsRun)
  await first
  expect(world.nowMs).toBe(100)
})

test('a program that returns a promise needs a draining world', () => {
  const world = simulate({ apps: [chat] })
  const program = (): Promise<void> => Promise.reject(new Error('nobody waits for it'))
  expect(() => world.client('alice', { program })).toThrow(expect.objectContaining({ code: 'needs_run' }))
})

test.each<[string, Program]>([
  [
    'an async program',
    async (client) => {
      await whenConnected(client)
      throw new Error('boom')
    },
  ],
  ['a listener', (client) => client.on('session', () => void Promise.resolve().then(explode))],
  ['a tick', (client) => client.on('session', () => process.nextTick(explode))],
  ['a microtask', (client) => client.on('session', () => queueMicrotask(explode))],
])('what %s throws and nothing catches is an error of the run, with its stack', async (_what, program) => {
  const world = drainingWorld()
  world.client('alice', { program }).connect()
  const error: unknown = await world.run(1_000).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ message: 'boom', stack: expect.stringContaining('draining-world.test.ts') as string })
  // Its session came at that time, and the rest of the run is still to come.
  expect(world.nowMs).toBe(120)
  await world.run(20)
  expect(world.nowMs).toBe(140)
})

function explode(): never {
  throw new Error('boom')
}

test('of several worlds that run at once the one whose program threw fails', async () => {
  const worlds = [1, 2, 3].map((seed) => drainingWorld(seed))
  for (const [index, world] of worlds.entries()) {
    world.client('alice', {
      async program(_client, life) {
        for (let turn = 1; turn <= 20; turn++) {
          await pause(life, 10)
          if (turn === 5 && index === 1) explode()
        }
      },
    })
  }
  const outcomes = await Promise.allSettled(worlds.map((world) => world.run(1_000)))
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(worlds.map(({ nowMs }) => nowMs)).toEqual([1_000, 50, 1_000])
})

test('a rejection in the very event that fails the run, or by the test before it, reaches no other listener', async () => {
  const world = drainingWorld()
  world.client('alice', {
    program(_client, life) {
      life.clock.setTimer(10, () => {
        void Promise.reject(new Error('lost'))
        world.after(0, () => explode())
      })
      life.clock.setTimer(10, () => {
        void Promise.reject(new Error('lost, too'))
        throw new Error('thrown')
      })
    },
  })
  await expect(world.run(100)).rejects.toThrow('lost')
  await expect(world.run(100)).rejects.toThrow('thrown')
  await expect(world.run(100)).rejects.toThrow('boom')
  void Promise.reject(new Error('by the test'))
  await expect(world.run(100)).rejects.toThrow('by the test')
})

test('what a killed program awaits never comes, and a paused one goes on after its pause', async () => {
  const world = drainingWorld()
  const story: string[] = []
  const program: Program = async (_client, life) => {
    for (;;) {
      await pause(life, 100)
      story.push(`${world.nowMs} ${life.host.name}`)
    }
  }
  const [alice, bob] = [world.client('alice', { program }), world.client('bob', { program })]
  await world.run(150)
  alice.kill()
  bob.host.pause({ durationMs: 500 })
  await world.run(600)
  expect(story).toEqual(['100 alice', '100 bob', '650 bob', '750 bob'])
})

test.each(['alice', 'server'])(
  'timers of the process that are put on virtual time (of %s) go on at their time',
  async (of) => {
    const world = drainingWorld()
    const alice = world.client('alice')
    const ambient = beAmbient(world, { host: of === 'alice' ? alice.host : world.serverHost })
    try {
      const times: number[] = []
      const wait = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms))
      const waiting = async (): Promise<void> => {
        for (const ms of [10, 20, 30]) {
          await wait(ms)
          times.push(world.nowMs)
        }
      }
      void waiting()
      await world.run(1_000)
      expect(times).toEqual([10, 30, 60])
    } finally {
      ambient.uninstall()
    }
  },
)

/** Clients that wait for things in chains of drawn lengths, and say what they have waited for. */
async function waitingLife(seed: number, drainsAlways = false): Promise<string> {
  const world = drainingWorld(seed)
  for (const name of ['alice', 'bob', 'carol', 'dave']) {
    const client = world.client(name, {
      link: { delayMs: 20, jitterMs: 10, loss: 0.05 },
      async program(client, life) {
        const random = life.random('waiting')
        const chain = async (length: number): Promise<number> => (length === 0 ? 0 : 1 + (await chain(length - 1)))
        await whenConnected(client)
        const room = client.app(chat)
        room.join({ handle: name })
        for (;;) {
          const heard = await Promise.race([nextMessage(room, 'channel_msg'), pause(life, random.uint32() % 1_000)])
          if (heard !== undefined) continue
          const length = await chain(random.uint32() % 40)
          room.send('channel_msg', { text: `${name} after ${length} at ${life.clock.now()}` })
        }
      },
    })
    client.connect()
    world.after(1_500, () => client.reset())
  }
  world.after(3_000, () => world.clients.get('dave')?.kill())
  await runDrainingWorld(world, { untilUs: 5_000_000, drainsAlways })
  return world.fingerprint
}

test('fifty seeds of waiting programs give equal runs, alone, waiting after every event, and all at once under load', async () => {
  const seeds = Array.from({ length: 50 }, (_, index) => index + 1)
  const alone: string[] = []
  for (const seed of seeds) alone.push(await waitingLife(seed))
  expect(new Set(alone).size).toBe(50)
  const always: string[] = []
  for (const seed of seeds) always.push(await waitingLife(seed, true))
  expect(always).toEqual(alone)

  let isOver = false
  const noise = async (): Promise<void> => {
    while (!isOver) {
      await sleep(1)
      const untilMs = performance.now() + Math.random() * 3
      while (performance.now() < untilMs) await Promise.resolve()
    }
  }
  const loud = [noise(), noise(), noise()]
  const together = await Promise.all(seeds.map((seed) => waitingLife(seed)))
  isOver = true
  await Promise.all(loud)
  expect(together).toEqual(alone)
})

test('scenarios whose clients use no promises are the same in a draining world', async () => {
  for (const scenario of NAMED_SCENARIOS) {
    const options = { apps: referenceApps(100) }
    const { fingerprint, failure } = runScenario(scenario, options)
    expect(await runScenarioDraining(scenario, options)).toMatchObject({ fingerprint, failure })
  }
})

test('at wire level, too', async () => {
  const [scenario] = NAMED_SCENARIOS
  if (scenario === undefined) throw new Error('no scenario')
  const { fingerprint, failure } = await runScenarioOnWire(scenario, { apps: referenceApps(100) })
  const draining = await runScenarioOnWire(scenario, { apps: referenceApps(100), promises: true })
  expect(draining).toMatchObject({ fingerprint, failure })
})
