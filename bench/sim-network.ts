/**
 * Simulated messages a second through the message network, against the bare event queue doing one event a message:
 * how much of a run the network model costs.
 */
import { RELIABLE, type Delivery } from '../core/delivery.ts'
import type { Connection } from '../core/injected.ts'
import { createGround, EventQueue, Host, MessageNetwork, QueuedEvent, type LinkSettings } from '../sim/index.ts'
import { best, type Benchmark, type Figure } from './benchmark.ts'

const MESSAGES = 200_000
const ROUNDS = 3
const CLIENTS = 4
const SIZE_BYTES = 48

const UNRELIABLE: Delivery = { mode: 'unreliable', channel: 1 }
const CLEAN: Partial<LinkSettings> = { delayMs: 20 }
const LOSSY: Partial<LinkSettings> = { delayMs: 50, jitterMs: 10, loss: 0.02, duplicate: 0.01, reorder: 0.01 }

export const simNetwork: Benchmark = {
  name: 'sim-network',
  about: 'simulated messages through the network model alone',
  run() {
    const queue = bareQueueRate()
    const figure = (what: string, measure: () => number): Figure => {
      const value = bestOf(measure)
      return { what, value, unit: 'messages/s', ratio: { value: value / queue, to: 'the bare event queue' } }
    }
    return [
      { what: 'the bare event queue', value: queue, unit: 'events/s' },
      figure('WebSocket, clean link', () => network('ws', CLEAN, RELIABLE)),
      figure('ENet reliable, clean link', () => network('enet', CLEAN, RELIABLE)),
      figure('ENet unreliable, clean link', () => network('enet', CLEAN, UNRELIABLE)),
      figure('WebSocket, 2 % loss', () => network('ws', LOSSY, RELIABLE)),
      figure('ENet reliable, 2 % loss', () => network('enet', LOSSY, RELIABLE)),
    ]
  },
}

/** Events a second, with one hundred waiting. */
export function bareQueueRate(): number {
  return bestOf(bareQueue)
}

function bestOf(measure: () => number): number {
  return best(Array.from({ length: ROUNDS }, measure))
}

/** Each message is an event 20 ms ahead, with as many under way as in the runs below. */
function bareQueue(): number {
  const queue = new EventQueue()
  let left = MESSAGES
  class Message extends QueuedEvent {
    run(): void {
      if (left-- > 0) queue.add(this, queue.nowUs + 20_000)
    }
  }
  for (let index = 0; index < 100; index++) queue.add(new Message(), index * 200)
  const started = performance.now()
  while (queue.runNext());
  return rate(MESSAGES, started)
}

/** Each client and the server send a message to each other every 2 ms of virtual time. */
function network(scheme: 'ws' | 'enet', links: Partial<LinkSettings>, delivery: Delivery): number {
  const ground = createGround({ seed: 1 })
  const network = new MessageNetwork(ground, { links })
  const server = new Host(ground, network, { name: 'server' })
  const open: Connection[] = []
  let received = 0
  const message = (): number => received++
  server.boot((life) => {
    life.network.listen(`${scheme}://server`, (connection) => ({
      opened: () => open.push(connection),
      message,
      closed: () => undefined,
    }))
  })
  for (let index = 0; index < CLIENTS; index++) {
    const host = new Host(ground, network, { name: `client-${index}` })
    host.boot((life) => {
      const connection = life.network.connect(`${scheme}://server`, {
        opened: () => open.push(connection),
        message,
        closed: () => undefined,
      })
    })
  }
  ground.queue.runUntil(1_000_000)
  const bytes = new Uint8Array(SIZE_BYTES)
  const started = performance.now()
  for (let sent = 0; sent < MESSAGES; sent += open.length) {
    for (const connection of open) connection.send(bytes, delivery)
    ground.queue.runUntil(ground.queue.nowUs + 2000)
  }
  ground.queue.runUntil(ground.queue.nowUs + 1_000_000)
  const result = rate(MESSAGES, started)
  if (received < MESSAGES * 0.9) throw new Error(`only ${received} of ${MESSAGES} messages arrived`)
  return result
}

function rate(messages: number, startedMs: number): number {
  return (messages / (performance.now() - startedMs)) * 1000
}
