/** Addresses of `overworld serve` whose listeners break: they are opened again, and somebody hears of it. */
import { expect, test } from 'vitest'
import { KeptNetwork } from '../../cli/server/kept-network.ts'
import type { Listener, ListenerEvents, Network } from '../../core/index.ts'
import { VirtualClock } from '../core/support/virtual-clock.ts'

interface World {
  readonly clock: VirtualClock
  /** Every `listen` of the network below. */
  readonly asked: string[]
  readonly closed: string[]
  readonly said: string[]
  /** Of the last `listen`. */
  events(): ListenerEvents
  readonly listener: Listener
  readonly first: Promise<string>
  /** What the server was told. */
  readonly told: string[]
}

function start(): World {
  const clock = new VirtualClock()
  const asked: string[] = []
  const closed: string[] = []
  const said: string[] = []
  const told: string[] = []
  let latest: ListenerEvents = {}
  let first: Promise<string> | undefined
  const below = {
    listen(address: string, _accept: unknown, events: ListenerEvents) {
      asked.push(address)
      latest = events
      return { address, close: (done?: () => void) => (closed.push(address), done?.()) }
    },
  } as unknown as Network
  const network = new KeptNetwork({
    network: below,
    clock,
    onListen: (bound) => void (first = bound),
    onBroken: ({ error, retryInMs }) => said.push(`${error.message}, again in ${retryInMs} ms`),
    onBack: (address) => said.push(`back on ${address}`),
    onGivenUp: (address) => said.push(`given up ${address}`),
  })
  const listener = network.listen('enet://127.0.0.1:0', undefined as never, {
    messageBytesMax: 7,
    listening: (address) => void told.push(address),
    failed: (error) => void told.push(error.message),
  })
  return {
    clock,
    asked,
    closed,
    said,
    told,
    listener,
    events: () => latest,
    first: first as unknown as Promise<string>,
  }
}

test('a port that cannot be bound at the start is an error for the caller, and is not tried again', async () => {
  const { first, events, clock, asked, told } = start()
  events().failed?.(new Error('taken'))
  await expect(first).rejects.toThrow('taken')
  clock.advance(100_000)
  expect(asked).toHaveLength(1)
  // Without a listener of its own for that, a server would end the process.
  expect(told).toEqual([])
})

test('a listener that breaks later is opened again on its port, after waits that grow to 30 s', async () => {
  const { first, events, clock, asked, said, told, listener } = start()
  events().listening?.('enet://127.0.0.1:4483')
  expect(await first).toBe('enet://127.0.0.1:4483')
  expect(listener.address).toBe('enet://127.0.0.1:4483')
  for (const waitMs of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    events().failed?.(new Error('no memory'))
    clock.advance(waitMs - 1)
    const before = asked.length
    clock.advance(1)
    expect(asked.length).toBe(before + 1)
    expect(said.at(-1)).toBe(`no memory, again in ${waitMs} ms`)
  }
  expect(events().messageBytesMax).toBe(7)
  events().listening?.('enet://127.0.0.1:4483')
  expect(said.at(-1)).toBe('back on enet://127.0.0.1:4483')
  expect(new Set(asked.slice(1))).toEqual(new Set(['enet://127.0.0.1:4483']))
  events().failed?.(new Error('again'))
  expect(said.at(-1)).toBe('again, again in 1000 ms')
  // The server has a listener all the time.
  expect(told).toEqual(['enet://127.0.0.1:4483'])
})

test('a server that has stopped meanwhile opens nothing, and hears that its listener is closed', () => {
  const { events, clock, asked, closed, said, listener } = start()
  events().listening?.('enet://127.0.0.1:4483')
  events().failed?.(new Error('no memory'))
  let isDone = false
  listener.close(() => (isDone = true))
  expect(isDone).toBe(false)
  clock.advance(60_000)
  expect({ isDone, asked: asked.length, closed }).toEqual({ isDone: true, asked: 1, closed: [] })
  expect(said.at(-1)).toBe('given up enet://127.0.0.1:4483')
})

test('closing one that listens closes the one below', () => {
  const { events, closed, listener } = start()
  events().listening?.('enet://127.0.0.1:4483')
  let isDone = false
  listener.close(() => (isDone = true))
  expect({ isDone, closed }).toEqual({ isDone: true, closed: ['enet://127.0.0.1:0'] })
})
