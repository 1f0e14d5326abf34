/** Whatever its clock, randomness, store or network throws, a client is in one of its states, and goes on. */
import { describe, expect, test } from 'vitest'
import { Client, type ClientInit } from '../../../core/client/client.ts'
import { memoryStore } from '../../../core/client/token-store.ts'
import type { Random } from '../../../core/injected.ts'
import { startClient, type ClientWorld } from '../support/client-world.ts'
import { Dial, FakeNetwork } from '../support/fake-network.ts'
import { SeededRandom } from '../support/seeded-random.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const broken = (): never => {
  throw new Error('broken')
}

function parts(): ClientInit {
  const clock = new VirtualClock()
  return { clock, random: new SeededRandom(1), network: new FakeNetwork(clock), address: 'ws://server/ws' }
}

/** Works until it is broken. */
class FragileRandom implements Random {
  isBroken = false
  readonly #inner = new SeededRandom(1)

  fill(bytes: Uint8Array): void {
    this.#inner.fill(bytes)
  }

  uint32(): number {
    return this.isBroken ? broken() : this.#inner.uint32()
  }
}

function connected(options?: Parameters<typeof startClient>[0]): ClientWorld {
  const world = startClient(options)
  world.client.connect()
  world.network.last.establish(1, Dial.token(1))
  return world
}

describe('what a client needs is checked when it is made', () => {
  test.each<[string, Partial<Record<keyof ClientInit, unknown>>]>([
    ['a randomness that throws', { random: { fill: broken, uint32: broken } }],
    ['a randomness that returns no uint32', { random: { fill: broken, uint32: () => Number.NaN } }],
    ['a randomness without uint32', { random: {} }],
    ['no randomness', { random: undefined }],
    ['a clock that throws', { clock: { now: broken, setTimer: broken } }],
    ['a clock that returns no time', { clock: { now: () => undefined, setTimer: broken } }],
    ['a clock without timers', { clock: { now: () => 0 } }],
    ['a network that cannot connect', { network: { listen: broken } }],
    ['a store that cannot be read', { store: { save: broken } }],
    ['a store that cannot be written', { store: { load: broken } }],
  ])('%s: bad_option', (_, wrong) => {
    expect(() => new Client({ ...parts(), ...wrong } as ClientInit)).toThrow(
      expect.objectContaining({ code: 'bad_option' }),
    )
  })
})

test('a randomness that throws at the first lost connection: the client waits, and dials again', () => {
  const random = new FragileRandom()
  const { client, clock, network } = connected({ random })
  network.last.breakOff()
  clock.advance(500)
  network.last.establish(1, Dial.token(2))
  random.isBroken = true
  expect(() => network.last.breakOff()).toThrow('broken')
  expect(client.status).toMatchObject({ kind: 'waiting' })
  clock.advance(500)
  network.last.establish(1, Dial.token(3))
  expect(client.status).toMatchObject({ kind: 'connected' })
})

test('a dial that throws at a retry is a lost connection, and the client goes on', () => {
  const { client, clock, network } = connected()
  network.failure = new Error('no such file')
  network.last.breakOff()
  clock.advance(60_000)
  expect(client.status).toMatchObject({ kind: 'waiting', code: 1006 })
  expect(client.status).toHaveProperty(
    'reason',
    expect.stringMatching(/^dialling failed: no such file \(\d+ dials in a row/),
  )
  network.failure = undefined
  clock.advance(10_000)
  network.last.establish(1, Dial.token(2))
  expect(client.status).toEqual({ kind: 'connected', sessionId: 1 })
})

test.each(['load', 'save'] as const)('a store whose %s throws costs nothing but a reload', (method) => {
  const kept = memoryStore()
  let isBroken = false
  const guard =
    <A extends unknown[], R>(name: string, run: (...args: A) => R) =>
    (...args: A): R =>
      isBroken && name === method ? broken() : run(...args)
  const store = { load: guard('load', kept.load), save: guard('save', kept.save) }
  const { client, clock, network } = connected({ store })
  isBroken = true
  try {
    network.last.breakOff()
  } catch {
    // What `load` throws comes out here already.
  }
  clock.advance(500)
  expect(() => network.last.open()).toThrow('broken')
  expect(network.last.heard()).toMatchObject([
    { type: 'session_request', message: { reconnect_token: Dial.token(1), attempt: 2 } },
  ])
  expect(() => network.last.sessionNew(1, Dial.token(2))).toThrow('broken')
  expect(client.status).toEqual({ kind: 'connected', sessionId: 1 })
  isBroken = false
})

test('a clock whose timers throw: the client is idle, rather than waiting for a timer that does not exist', () => {
  const { clock, network, ...rest } = parts()
  let isBroken = false
  const fragile = {
    now: () => clock.now(),
    setTimer: (delayMs: number, fire: () => void) => (isBroken ? broken() : clock.setTimer(delayMs, fire)),
  }
  const client = new Client({ ...rest, network, clock: fragile })
  const dials = network as FakeNetwork
  client.connect()
  dials.last.establish(1, Dial.token(1))
  isBroken = true
  expect(() => dials.last.breakOff()).toThrow('broken')
  expect(client.status).toEqual({ kind: 'idle' })
  expect(() => client.connect()).toThrow('broken')
  expect(client.status).toEqual({ kind: 'idle' })
  isBroken = false
  client.connect()
  dials.last.establish(1, Dial.token(2))
  expect(client.status).toEqual({ kind: 'connected', sessionId: 1 })
})

test('a connection that throws when it is written to is given up', () => {
  const { client, clock, network } = connected()
  network.last.send = broken
  expect(() => network.last.beacon(1)).toThrow('broken')
  expect(client.status).toMatchObject({ kind: 'waiting', reason: 'broken' })
  clock.advance(500)
  expect(network.dials).toHaveLength(2)
})

test('a connection that throws when it is closed harms nothing', () => {
  const { client, network } = connected()
  network.last.close = broken
  expect(() => client.disconnect()).toThrow('broken')
  expect(client.status).toEqual({ kind: 'idle' })
})

test('a client that cannot connect at all says how often it has tried, and what to check', () => {
  const { client, clock, network } = startClient({ connectTimeout: Infinity })
  client.connect()
  const reasons: string[] = []
  for (let dial = 1; dial <= 4; dial++) {
    network.last.breakOff(1006, 'Unexpected server response: 404')
    if (client.status.kind === 'waiting') reasons.push(client.status.reason)
    clock.advance(10_000)
  }
  expect(reasons.slice(0, 2)).toEqual(Array(2).fill('Unexpected server response: 404'))
  expect(reasons[3]).toMatch(/^Unexpected server response: 404 \(4 dials in a row .* ws:\/\/server\/ws, its path/)
  network.last.establish(1, Dial.token(1))
  network.last.breakOff(1006, '')
  expect(client.status).toMatchObject({ kind: 'waiting', reason: '' })
})
