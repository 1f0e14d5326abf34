/** Random programs over one simulated connection, random weather, random faults; and what must hold of any of them. */
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Delivery } from '../../core/delivery.ts'
import type { Connection } from '../../core/injected.ts'
import { createGround, Host, MessageNetwork, type LinkSettings, type PauseOptions, type Side } from '../../sim/index.ts'

export type Step =
  | { readonly kind: 'send'; readonly from: Side; readonly delivery: Delivery; readonly sizeBytes: number }
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'links'; readonly settings: Partial<LinkSettings> }
  | { readonly kind: 'pause'; readonly side: Side; readonly options: PauseOptions }
  | { readonly kind: 'reading'; readonly side: Side; readonly isReading: boolean }
  | { readonly kind: 'clog'; readonly ms: number }
  | { readonly kind: 'outage'; readonly ms: number }
  | { readonly kind: 'close'; readonly from: Side }
  | { readonly kind: 'reset'; readonly from: Side }
  | { readonly kind: 'halfOpen' }
  | { readonly kind: 'crash'; readonly side: Side; readonly connections: 'silent' | 'reset' }

const side = fc.constantFrom<Side>('client', 'server')
const delivery: fc.Arbitrary<Delivery> = fc.record({
  mode: fc.constantFrom('reliable', 'reliable', 'unreliable', 'unsequenced'),
  channel: fc.nat(3),
})
const weather: fc.Arbitrary<Partial<LinkSettings>> = fc.record(
  {
    delayMs: fc.nat(300),
    jitterMs: fc.nat(200),
    loss: fc.oneof(fc.double({ min: 0, max: 0.5, noNaN: true }), fc.constant({ p: 0.1, r: 0.3 })),
    duplicate: fc.double({ min: 0, max: 0.5, noNaN: true }),
    reorder: fc.double({ min: 0, max: 0.5, noNaN: true }),
    corrupt: fc.double({ min: 0, max: 0.2, noNaN: true }),
    rateBytesPerSecond: fc.constantFrom(0, 5000, 100_000),
    limitPackets: fc.constantFrom(5, 1000),
  },
  { requiredKeys: [] },
)
const pause: fc.Arbitrary<PauseOptions> = fc.record({
  durationMs: fc.nat(4000),
  what: fc.constantFrom('process' as const, 'machine' as const),
  order: fc.constantFrom('timers-first' as const, 'input-first' as const, 'as-they-came' as const),
})
export const mild: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      from: side,
      delivery,
      sizeBytes: fc.oneof(fc.integer({ min: 8, max: 60 }), fc.integer({ min: 8, max: 9000 })),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.nat(1500) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('links' as const), settings: weather }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pause' as const), side, options: pause }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reading' as const), side, isReading: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clog' as const), ms: fc.nat(2000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('outage' as const), ms: fc.nat(3000) }) },
)
export const fatal: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('close' as const), from: side }),
  fc.record({ kind: fc.constant('reset' as const), from: side }),
  fc.record({ kind: fc.constant('halfOpen' as const) }),
  fc.record({
    kind: fc.constant('crash' as const),
    side,
    connections: fc.constantFrom('silent' as const, 'reset' as const),
  }),
)

export interface Heard {
  readonly events: string[]
  /** The numbers of the messages heard, by mode and channel. */
  readonly messages: Map<string, number[]>
}

export interface Outcome {
  readonly sent: Record<Side, Map<string, number[]>>
  readonly heard: Record<Side, Heard>
  readonly isConnected: boolean
  readonly fingerprint: string
  readonly depth: number
  readonly left: number
}

export function play(scheme: 'ws' | 'enet', seed: number, steps: readonly Step[]): Outcome {
  const ground = createGround({ seed })
  const network = new MessageNetwork(ground, { stream: { userTimeoutMs: 15_000 } })
  const hosts = {
    server: new Host(ground, network, { name: 'server' }),
    client: new Host(ground, network, { name: 'client', driftPpm: 200 }),
  }
  const ends: Partial<Record<Side, Connection>> = {}
  const heard: Record<Side, Heard> = {
    client: { events: [], messages: new Map() },
    server: { events: [], messages: new Map() },
  }
  const sent: Record<Side, Map<string, number[]>> = { client: new Map(), server: new Map() }
  const closing = new Set<Side>()
  const handler = (who: Side) => ({
    opened: () => void heard[who].events.push('opened'),
    message: (bytes: Uint8Array, { mode, channel }: Delivery) => {
      heard[who].events.push('message')
      append(
        heard[who].messages,
        scheme === 'ws' ? 'stream' : `${mode} ${channel}`,
        new DataView(bytes.buffer).getUint32(4),
      )
    },
    closed: () => void heard[who].events.push('closed'),
  })
  hosts.server.boot((life) => {
    if (life.incarnation > 1) return
    life.network.listen(`${scheme}://server`, (connection) => {
      ends.server = connection
      return handler('server')
    })
  })
  hosts.client.boot((life) => {
    if (life.incarnation === 1) ends.client = life.network.connect(`${scheme}://server`, handler('client'))
  })
  const advance = (ms: number): void => ground.queue.runUntil(ground.queue.nowUs + ms * 1000)
  advance(100)
  const connection = network.connections[0]
  let number = 0
  for (const step of steps) {
    switch (step.kind) {
      case 'send': {
        const { from, delivery: how } = step
        const bytes = new Uint8Array(step.sizeBytes)
        new DataView(bytes.buffer).setUint32(4, ++number)
        hosts[from].execute(() => {
          const end = ends[from]
          // A message handed to an end that is closed is not sent.
          if (end === undefined || heard[from].events.includes('closed') || closing.has(from)) return
          append(
            sent[from],
            scheme === 'ws' ? 'stream' : `${how.mode} ${how.channel}`,
            new DataView(bytes.buffer).getUint32(4),
          )
          end.send(bytes, how)
        })
        break
      }
      case 'advance':
        advance(step.ms)
        break
      case 'links':
        network.paths.setAll(step.settings)
        break
      case 'pause':
        hosts[step.side].pause(step.options)
        break
      case 'reading':
        connection?.setReading(step.side, step.isReading)
        break
      case 'clog':
        network.paths.clog(network.paths.links, step.ms)
        break
      case 'outage': {
        const outage = network.paths.partition([hosts.client], [hosts.server])
        ground.queue.push(ground.queue.nowUs + step.ms * 1000, () => outage.heal())
        break
      }
      case 'close': {
        const { from } = step
        hosts[from].execute(() => {
          closing.add(from)
          ends[from]?.close(4000)
        })
        break
      }
      case 'reset':
        connection?.reset(step.from)
        break
      case 'halfOpen':
        connection?.halfOpen()
        break
      case 'crash':
        hosts[step.side].crash({ connections: step.connections })
        break
    }
  }
  // The healed phase.
  network.configure({ stream: { retransmitTimeoutMsMax: 1000 }, enet: { retransmitTimeoutMsMax: 1000 } })
  network.paths.resetAll({ delayMs: 5 })
  for (const each of ['client', 'server'] as const) connection?.setReading(each, true)
  advance(90_000)
  const isConnected = connection?.isOpen === true
  const outcome = { sent, heard, isConnected, fingerprint: ground.trace.fingerprint() }
  hosts.client.crash()
  hosts.server.crash()
  advance(60_000)
  return { ...outcome, depth: ground.queue.depth, left: network.connections.length }
}

function append(map: Map<string, number[]>, key: string, value: number): void {
  const list = map.get(key) ?? []
  list.push(value)
  map.set(key, list)
}

export function checkDelivered({ sent, heard, isConnected }: Outcome): void {
  for (const [from, to] of [
    ['client', 'server'],
    ['server', 'client'],
  ] as const) {
    for (const [key, arrived] of heard[to].messages) {
      const all = sent[from].get(key) ?? []
      if (key.startsWith('unsequenced')) {
        expect(all).toEqual(expect.arrayContaining(arrived))
      } else if (key.startsWith('unreliable')) {
        expect(arrived).toEqual(all.filter((number) => arrived.includes(number)))
      } else {
        // Reliable: a prefix, without gaps, each once.
        expect(arrived).toEqual(all.slice(0, arrived.length))
      }
    }
    if (!isConnected) continue
    for (const [key, all] of sent[from]) {
      if (key === 'stream' || key.startsWith('reliable')) expect(heard[to].messages.get(key)).toEqual(all)
    }
  }
}

export function checkEvents({ events }: Heard): void {
  if (events.length === 0) return
  expect(events.filter((event) => event === 'opened').length).toBeLessThanOrEqual(1)
  expect(events.filter((event) => event === 'closed').length).toBeLessThanOrEqual(1)
  if (events.includes('message')) expect(events[0]).toBe('opened')
  if (events.includes('closed')) expect(events.at(-1)).toBe('closed')
}
