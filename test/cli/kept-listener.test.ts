/** Addresses of `overworld serve` whose listeners break: they are opened again, and somebody hears of it. */
import { expect, test } from 'vitest'
import { keepListening } from '../../cli/server/kept-listener.ts'
import type { ListenerEvents, Network, Server } from '../../core/index.ts'
import { VirtualClock } from '../core/support/virtual-clock.ts'

interface World {
  readonly clock: VirtualClock
  readonly asked: string[]
  readonly said: string[]
  events(): ListenerEvents
  readonly first: Promise<string>
}

function start(listen: () => void = () => undefined): World {
  const clock = new VirtualClock()
  const asked: string[] = []
  const said: string[] = []
  let latest: ListenerEvents = {}
  const server = {
    listen(_network: Network, address: string, events: ListenerEvents) {
      listen()
      asked.push(address)
      latest = events
      return { address, close: () => undefined }
    },
  } as unknown as Server
  const first = keepListening('enet://127.0.0.1:0', {
    server,
    network: undefined as never,
    clock,
    onBroken: ({ error, retryInMs }) => said.push(`${error.message}, again in ${retryInMs} ms`),
    onBack: (address) => said.push(`back on ${address}`),
  })
  return { clock, asked, said, events: () => latest, first }
}

test('a port that cannot be bound at the start is an error, and is not tried again', async () => {
  const { first, events, clock, asked } = start()
  events().failed?.(new Error('taken'))
  await expect(first).rejects.toThrow('taken')
  clock.advance(100_000)
  expect(asked).toHaveLength(1)
})

test('a listener that breaks later is opened again on its port, after waits that grow to 30 s', async () => {
  const { first, events, clock, asked, said } = start()
  events().listening?.('enet://127.0.0.1:4483')
  expect(await first).toBe('enet://127.0.0.1:4483')
  for (const waitMs of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    events().failed?.(new Error('no memory'))
    clock.advance(waitMs - 1)
    const before = asked.length
    clock.advance(1)
    expect(asked.length).toBe(before + 1)
    expect(said.at(-1)).toBe(`no memory, again in ${waitMs} ms`)
  }
  events().listening?.('enet://127.0.0.1:4483')
  expect(said.at(-1)).toBe('back on enet://127.0.0.1:4483')
  expect(new Set(asked.slice(1))).toEqual(new Set(['enet://127.0.0.1:4483']))
  events().failed?.(new Error('again'))
  expect(said.at(-1)).toBe('again, again in 1000 ms')
})

test('a server that has stopped meanwhile opens nothing', async () => {
  let isStopped = false
  const { events, clock, asked } = start(() => {
    if (isStopped) throw new Error('the server has stopped')
  })
  events().listening?.('enet://127.0.0.1:4483')
  events().failed?.(new Error('no memory'))
  isStopped = true
  clock.advance(60_000)
  expect(asked).toHaveLength(1)
})
