/**
 * Simulated messages a second through the message network, against the bare event queue doing one event a message:
 * how much of a run the network model costs.
 */
import { RELIABLE, type Delivery } from '../core/delivery.ts'
import type { Connection } from '../core/injected.ts'
import { createGround, EventQueue, Host, MessageNetwork, QueuedEvent, type LinkSettings } from '../sim/index.ts'

const MESSAGES = 400_000
const ROUNDS = 5
const CLIENTS = 4
const SIZE_BYTES = 48

const bare = bestOf(bareQueue)
print('bare event queue', bare, bare)
const unreliable: Delivery = { mode: 'unreliable', channel: 1 }
const lossy: Partial<LinkSettings> = { delayMs: 50, jitterMs: 10, loss: 0.02, duplicate: 0.01, reorder: 0.01 }
print(
  'ws, clean link',
  bestOf(() => network('ws', { delayMs: 20 }, RELIABLE)),
  bare,
)
print(
  'enet reliable, clean link',
  bestOf(() => network('enet', { delayMs: 20 }, RELIABLE)),
  bare,
)
print(
  'enet unreliable, clean link',
  bestOf(() => network('enet', { delayMs: 20 }, unreliable)),
  bare,
)
print(
  'ws, 2 % loss',
  bestOf(() => network('ws', lossy, RELIABLE)),
  bare,
)
print(
  'enet reliable, 2 % loss',
  bestOf(() => network('enet', lossy, RELIABLE)),
  bare,
)

function bestOf(measure: () => number): number {
  let best = 0
  for (let round = 0; round < ROUNDS; round++) best = Math.max(best, measure())
  return best
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

function print(name: string, perSecond: number, reference: number): void {
  const million = (perSecond / 1_000_000).toFixed(2)
  const ns = (1e9 / perSecond).toFixed(0)
  console.log(
    `${name.padEnd(30)} ${million} M messages/s  ${ns.padStart(5)} ns each  ${(reference / perSecond).toFixed(1)}x the bare queue`,
  )
}
