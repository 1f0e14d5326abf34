/**
 * How fast the wire level is: simulated WebSocket echo round trips a second (adapter, `http`, `ws`, TCP: goal 35,000 on
 * one core), and simulated seconds a second with 50 ENet clients at a message a second (goal 150). By the clock on the
 * wall, and in processor time, which means something on a busy machine too.
 */
import type { Connection } from '../core/injected.ts'
import { Wire } from '../scenarios/worlds/wire-world.ts'
import { createGround, Host } from '../sim/index.ts'
import { best, costOf, type Benchmark, type Cost, type Figure } from './benchmark.ts'

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
      ...(await figuresOf('WebSocket echo round trips', 'round trips', 35_000, () => echo(ECHO_MS))),
      ...(await figuresOf(`simulated time, ${ENET_CLIENTS} ENet clients`, 's', 150, () => enet(ENET_SECONDS))),
    ]
  },
}

interface Measured {
  readonly count: number
  readonly cost: Cost
}

/** The best of some rounds. */
async function figuresOf(
  what: string,
  unit: string,
  goal: number,
  measure: () => Promise<Measured>,
): Promise<Figure[]> {
  const rounds: Measured[] = []
  for (let round = 0; round < ROUNDS; round++) rounds.push(await measure())
  const rate = (spentMs: (cost: Cost) => number): number =>
    best(rounds.map(({ count, cost }) => count / (spentMs(cost) / 1000)))
  return [
    { what, value: rate(({ wallMs }) => wallMs), unit: `${unit}/s`, goal },
    { what: '  in its processor time', value: rate(({ cpuMs }) => cpuMs), unit: `${unit}/s` },
  ]
}

/** Each client sends again as soon as it is answered, 2 ms later: some thousand round trips a simulated second. */
async function echo(ms: number): Promise<Measured> {
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
  const cost = await costOf(() => wire.advance(ms))
  return { count: answers, cost }
}

async function enet(seconds: number): Promise<Measured> {
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
  const cost = await costOf(() => wire.advance(seconds * 1000))
  if (answers < ENET_CLIENTS * (seconds - 1)) throw new Error(`only ${answers} answers: the rate means nothing`)
  return { count: seconds, cost }
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
