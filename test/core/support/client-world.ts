/** A real client on virtual time; the test plays the network and the server. */
import { onTestFinished } from 'vitest'
import { Client, type ClientEvents, type ClientInit, type ClientStatus } from '../../../core/client/client.ts'
import { FakeNetwork } from './fake-network.ts'
import { SeededRandom } from './seeded-random.ts'
import { VirtualClock } from './virtual-clock.ts'

export interface ClientWorld {
  readonly clock: VirtualClock
  readonly network: FakeNetwork
  readonly client: Client
  /** Every event, in order: its name and what it carried. */
  readonly events: (readonly [name: string, value: unknown])[]
  readonly statuses: () => readonly ClientStatus['kind'][]
}

export function startClient(options: Partial<ClientInit> & { readonly seed?: number } = {}): ClientWorld {
  const { seed = 1, ...init } = options
  const clock = new VirtualClock()
  const network = new FakeNetwork(clock)
  const client = new Client({ clock, random: new SeededRandom(seed), network, address: 'ws://server/ws', ...init })
  const events: (readonly [string, unknown])[] = []
  const names: readonly (keyof ClientEvents)[] = [
    'status',
    'session',
    'session_lost',
    'denied',
    'latency',
    'undecodable',
  ]
  for (const name of names) client.on(name, (value) => void events.push([name, value]))
  onTestFinished(() => {
    client.end()
    clock.advance(1_000)
    if (clock.size > 0) throw new Error(`${clock.size} timers are left over`)
  })
  const statuses = (): readonly ClientStatus['kind'][] =>
    events.flatMap(([name, value]) => (name === 'status' ? [(value as ClientStatus).kind] : []))
  return { clock, network, client, events, statuses }
}
