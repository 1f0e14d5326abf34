/** At wire level a message follows from the send whose last byte its read contains, whatever the adapters make of it. */
import { describe, expect, test } from 'vitest'
import type { Delivery, Moment } from '../../../core/index.ts'
import { drawScenario, runScenarioOnWire, runSeed, simulatedArena, simulatedChat } from '../../../scenarios/index.ts'
import { arena, arenaZone } from '../../../scenarios/apps/arena.ts'
import { chat, chatZone } from '../../../scenarios/apps/chat.ts'
import { Wire } from '../../../scenarios/worlds/wire-world.ts'
import { simulate, type LinkSettings, type SimulatedClient, type World } from '../../../sim/index.ts'

interface Heard {
  readonly at: 'client' | 'server'
  readonly bytes: string
  /** What the event that this follows from has sent; undefined: the cause is unknown, or is no send. */
  readonly sent: string | undefined
  readonly cause: number
  readonly isReliable: boolean
}

interface Stage {
  readonly wire: Wire
  readonly world: World
  readonly anna: SimulatedClient
  readonly heard: readonly Heard[]
}

interface StageOptions {
  readonly link: Partial<LinkSettings>
  readonly seed?: number
  /** Default: it has a tap. */
  readonly isClientWatched?: boolean
}

function stage(transport: 'websocket' | 'enet', { link, seed = 1, isClientWatched = true }: StageOptions): Stage {
  let wire: Wire | undefined
  const world = simulate({
    seed,
    apps: [chat, arena],
    zones: [chatZone, arenaZone],
    makeNetwork: (ground) => (wire = new Wire(ground)).network,
  })
  if (wire === undefined) throw new Error('no network was made')
  const heard: Heard[] = []
  /** By the number of the event: who has sent it, and what. */
  const sent = new Map<number, string>()
  const anna = world.client('anna', { transport, link })
  let here: Moment = { number: 0, cause: 0 }
  let there: Moment = here
  world.server.tap({
    attached: (moment) => (here = moment),
    message: (_link, bytes, delivery) => heard.push(heardAt('server', bytes, delivery, here, sent)),
    send: (_link, bytes) => sent.set(here.number, inHex(bytes)),
  })
  if (!isClientWatched) return { wire, world, anna, heard }
  anna.client.tap({
    attached: (moment) => (there = moment),
    message: (_link, bytes, delivery) => heard.push(heardAt('client', bytes, delivery, there, sent)),
    send: (_link, bytes) => sent.set(there.number, inHex(bytes)),
  })
  return { wire, world, anna, heard }
}

function heardAt(
  at: Heard['at'],
  bytes: Uint8Array,
  { mode }: Delivery,
  { cause }: Moment,
  sent: ReadonlyMap<number, string>,
): Heard {
  return { at, bytes: inHex(bytes), sent: sent.get(cause), cause, isReliable: mode === 'reliable' }
}

function inHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** Many messages in one turn, some of them alike, and one that no packet has room for. */
async function talk({ wire, anna }: Stage, restMs: number): Promise<void> {
  anna.connect()
  await wire.advance(restMs)
  anna.room(chat).join({ handle: 'anna' })
  for (let round = 0; round < 5; round++) {
    for (let count = 0; count < 6; count++) anna.room(chat).send('channel_msg', { text: `line ${count % 3}` })
    anna.room(chat).send('channel_msg', { text: 'long '.repeat(600) })
    await wire.advance(700)
  }
  await wire.advance(restMs)
}

const LINKS: readonly (readonly [string, Partial<LinkSettings>, number])[] = [
  ['a clean link', { delayMs: 20 }, 500],
  ['a slow link', { delayMs: 20, rateBytesPerSecond: 20_000 }, 3_000],
  [
    'a link that loses, repeats and reorders',
    { delayMs: 30, jitterMs: 25, loss: 0.08, duplicate: 0.1, reorder: 0.1 },
    20_000,
  ],
]

describe.each(['websocket', 'enet'] as const)('over %s', (transport) => {
  test.each(LINKS)(
    'on %s each message follows from the send of its bytes, and no two from one',
    async (_, link, restMs) => {
      for (const seed of [1, 2, 3]) {
        const on = stage(transport, { link, seed })
        await talk(on, restMs)
        expect(on.heard.filter(({ at }) => at === 'server').length).toBeGreaterThan(36)
        expect(on.heard.filter(({ at }) => at === 'client').length).toBeGreaterThan(36)
        expect(on.heard.filter(({ bytes, sent }) => bytes !== sent)).toEqual([])
        const causes = on.heard.map(({ cause }) => cause)
        expect(new Set(causes).size).toBe(causes.length)
      }
    },
  )

  test('the causes after a break are those of the new connection', async () => {
    const on = stage(transport, { link: { delayMs: 20 } })
    await talk(on, 500)
    on.anna.reset()
    await talk(on, 12_000)
    expect(on.heard.filter(({ bytes, sent }) => bytes !== sent)).toEqual([])
  })

  test('what a client without a tap has sent has no known cause', async () => {
    const on = stage(transport, { link: { delayMs: 20 }, isClientWatched: false })
    await talk(on, 500)
    const atServer = on.heard.filter(({ at }) => at === 'server')
    expect(atServer.length).toBeGreaterThan(36)
    expect(atServer.filter(({ cause }) => cause !== 0)).toEqual([])
  })
})

test('an unreliable message follows from its own send, and not from one that was lost', async () => {
  const on = stage('enet', { link: { delayMs: 30, jitterMs: 25, loss: 0.1, duplicate: 0.1, reorder: 0.1 } })
  on.anna.connect()
  await on.wire.advance(500)
  on.anna.room(arena).join({})
  await on.wire.advance(30_000)
  const unreliable = on.heard.filter(({ isReliable }) => !isReliable)
  expect(unreliable.length).toBeGreaterThan(100)
  expect(on.heard.filter(({ bytes, sent }) => bytes !== sent)).toEqual([])
  expect(new Set(on.heard.map(({ cause }) => cause)).size).toBe(on.heard.length)
})

test('the fingerprint of a run is the same whether anybody wants causes or not', async () => {
  const apps = [simulatedChat, simulatedArena(100)]
  for (const run of [0, 1, 2]) {
    const scenario = drawScenario(runSeed(5, run), { apps: ['chat', 'arena'] })
    const plain = await runScenarioOnWire(scenario, { apps })
    let known = 0
    const asked = await runScenarioOnWire(scenario, {
      apps,
      onWorld: ({ server }) => {
        let moment: Moment = { number: 0, cause: 0 }
        server.tap({ attached: (given) => (moment = given), message: () => (known += moment.cause > 0 ? 1 : 0) })
      },
    })
    expect(asked.fingerprint).toBe(plain.fingerprint)
    expect(known).toBeGreaterThan(10)
  }
})
