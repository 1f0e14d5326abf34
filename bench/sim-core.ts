/**
 * Messages through the whole core in the simulator, with real encoding: a chat on clean links in which everybody talks
 * all the time, and nothing breaks. Counted once each, when its receiver has decoded it: at the server what a client
 * says, at each client what it hears.
 *
 * Unobserved: no reference model judges what happens. What that costs is in the benchmark of the fuzzer.
 */
import { chat } from '../scenarios/apps/chat.ts'
import { simulate } from '../sim/index.ts'
import { best, costOf, type Benchmark, type Figure } from './benchmark.ts'
import { loudZone } from './loud-chat.ts'
import { bareQueueRate } from './sim-network.ts'

const ROUNDS = 5
const CLIENTS = 8
const SIMULATED_MS = 4_000
const TALK_EVERY_MS = 10

export const simCore: Benchmark = {
  name: 'sim-core',
  about: 'simulated messages through the whole core, client and server, with real encoding',
  async run() {
    const queue = bareQueueRate()
    const figures: Figure[] = []
    for (const transport of ['websocket', 'enet'] as const) {
      const rates: number[] = []
      for (let round = 0; round < ROUNDS; round++) rates.push(await talk(transport))
      const value = best(rates)
      figures.push({
        what: `${transport}, unobserved`,
        value,
        unit: 'messages/s',
        goal: 400_000,
        ratio: { value: value / queue, to: 'the bare event queue' },
      })
    }
    return figures
  },
}

async function talk(transport: 'websocket' | 'enet'): Promise<number> {
  const world = simulate({ seed: 1, apps: [chat], zones: [loudZone] })
  let received = 0
  let sent = 0
  for (let index = 0; index < CLIENTS; index++) {
    world.client(`client${index}`, {
      transport,
      program(client, { clock }) {
        const room = client.app(chat)
        room.on('channel_msg', () => received++)
        client.on('session', () => {
          room.join({ handle: `client${index}` })
          const again = (): void => {
            room.send('channel_msg', { text: 'what people say to each other, more or less' })
            sent++
            clock.setTimer(TALK_EVERY_MS, again)
          }
          again()
        })
        client.connect()
      },
    })
  }
  world.advance(1_000)
  received = 0
  sent = 0
  const { wallMs } = await costOf(() => world.advance(SIMULATED_MS))
  if (received < sent * (CLIENTS - 1)) throw new Error(`only ${received} of ${sent * CLIENTS} messages arrived`)
  return ((sent + received) / wallMs) * 1000
}
