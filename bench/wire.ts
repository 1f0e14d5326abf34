/**
 * How fast the wire level is: simulated WebSocket echo round trips a real second (adapter, `http`, `ws`, TCP: goal
 * 35,000 on one core), and simulated seconds a real second with 50 ENet clients at a message a second (goal 150).
 */
import type { Connection } from '../core/injected.ts'
import { Wire } from '../scenarios/worlds/wire-world.ts'
import { createGround, Host } from '../sim/index.ts'
import { best, type Benchmark } from './benchmark.ts'

const ROUNDS = 3
const ECHO_CLIENTS = 16
const ECHO_MS = 4_000
const ENET_CLIENTS = 50
const ENET_SECONDS = 120

export const wire: Benchmark = {
  name: 'wire',
  about: 'the wire level: real `ws`, `http` and `enet` over simulated sockets',
  async run() {
    await echo(2_000)
    return [
      {
        what: 'WebSocket echo round trips',
        value: await bestOf(() => echo(ECHO_MS)),
        unit: 'round trips/s',
        goal: 35_000,
      },
      {
        what: `simulated time, ${ENET_CLIENTS} ENet clients`,
        value: await bestOf(() => enet(ENET_SECONDS)),
        unit: 's/s',
        goal: 150,
      },
    ]
  },
}

async function bestOf(measure: () => Promise<number>): Promise<number> {
  const values: number[] = []
  for (let round = 0; round < ROUNDS; round++) values.push(await measure())
  return best(values)
}

/** Each client sends again as soon as it is answered, 2 ms later: some thousand round trips a simulated second. */
async function echo(ms: number): Promise<number> {
  const { wire, hosts } = makeWorld('ws://server:4433/ws', ECHO_CLIENTS)
  const message = new Uint8Array(48)
  let answers = 0
  for (const host of hosts) {
    const connection: Connection = host.network.connect('ws://server:4433/ws', {
      opened: () => connection.send(message),
      message: (bytes) => {
        answers++
        connection.send(bytes)
      },
      closed: () => undefined,
    })
  }
  await wire.advance(100)
  answers = 0
  const startedMs = performance.now()
  await wire.advance(ms)
  return answers / ((performance.now() - startedMs) / 1000)
}

async function enet(seconds: number): Promise<number> {
  const address = 'enet://server:4483'
  const { wire, hosts } = makeWorld(address, ENET_CLIENTS)
  const message = new Uint8Array(48)
  let answers = 0
  for (const [index, host] of hosts.entries()) {
    const connection: Connection = host.network.connect(address, {
      opened: () => {
        const again = (): void => {
          connection.send(message)
          host.clock.setTimer(1000, again)
        }
        host.clock.setTimer(index * 20, again)
      },
      message: () => void answers++,
      closed: () => undefined,
    })
  }
  await wire.advance(1000)
  const startedMs = performance.now()
  await wire.advance(seconds * 1000)
  const wallSeconds = (performance.now() - startedMs) / 1000
  if (answers < ENET_CLIENTS * (seconds - 1)) throw new Error(`only ${answers} answers: the rate means nothing`)
  return seconds / wallSeconds
}

function makeWorld(address: string, clients: number): { readonly wire: Wire; readonly hosts: readonly Host[] } {
  const ground = createGround({ seed: 1 })
  const wire = new Wire(ground, { links: { delayMs: 1 } })
  const server = new Host(ground, wire.network, { name: 'server' })
  server.boot(({ network }) => {
    network.listen(address, (connection) => ({
      opened: () => undefined,
      message: (bytes, delivery) => connection.send(bytes, delivery),
      closed: () => undefined,
    }))
  })
  const hosts = Array.from({ length: clients }, (_, index) => {
    const host = new Host(ground, wire.network, { name: `client${index}` })
    host.boot(() => undefined)
    return host
  })
  return { wire, hosts }
}
