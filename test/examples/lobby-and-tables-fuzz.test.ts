/** The card room holds in the fuzzer, which finds bugs that are planted in it. `npm run long` makes more runs. */
import { createServer, type ServerProgram } from 'overworld'
import { runCampaign, simulateGame, type Game, type Scenario } from 'overworld/scenarios'
import { expect, test } from 'vitest'
import { lobbyApp, tableApp } from '../../examples/lobby-and-tables/apps.ts'
import { startDealer } from '../../examples/lobby-and-tables/dealer.ts'
import game from '../../examples/lobby-and-tables/fuzz-game.ts'
import { lobbyZone } from '../../examples/lobby-and-tables/lobby-zone.ts'
import { tableZone } from '../../examples/lobby-and-tables/table-zone.ts'

const RUNS = Number(process.env['OVERWORLD_CARD_ROOM_RUNS'] ?? 2_000)

test(
  'the card room holds, and its goals are reached',
  async () => {
    const { failure, runs, goals, nondeterminism } = await runCampaign({ seed: 1, runs: RUNS, game })
    expect(failure?.message).toBeUndefined()
    expect(nondeterminism).toBeUndefined()
    expect(runs).toBe(RUNS)
    expect(Object.keys(game.goals ?? {}).filter((goal) => !((goals.get(goal) ?? 0) > 0))).toEqual([])
  },
  60_000 + RUNS * 100,
)

/** The same program with other zones. */
function programWith({ lobby = lobbyZone, table = tableZone }): ServerProgram {
  const apps = [lobbyApp, tableApp]
  return {
    apps,
    boot({ clock, random, network, addresses, shell }) {
      const server = createServer({ clock, random, shell, apps })
      const room = server.zones.start(lobby)
      const oak = server.zones.start(table, { name: 'oak' })
      oak.tell({ lobby: room })
      startDealer(server, oak)
      server.zones.route(tableApp, ({ table: name }) => server.zones.find(tableApp, name))
      for (const address of addresses) server.listen(network, address)
      return server
    },
  }
}

const broken: readonly (readonly [string, string, Partial<Game>])[] = [
  [
    'a lobby that tells nothing after a takeover',
    'back-and-told',
    { program: programWith({ lobby: lobbyApp.defineZone({ ...lobbyZone, handleReconnect: () => undefined }) }) },
  ],
  [
    'a table that keeps the session of a player who has left',
    'speaks-to-members',
    { program: programWith({ table: tableApp.defineZone({ ...tableZone, handlePart: () => undefined }) }) },
  ],
  [
    'a page whose stock is always as after the deal',
    'views-agree',
    { sees: (model) => ({ ...(game.sees?.(model) as object), stock: 41 }) },
  ],
]

test.each(broken)('%s breaks %s', { timeout: 60_000 }, async (_what, rule, change) => {
  const { failure } = await runCampaign({ seed: 1, runs: 100, game: { ...game, ...change } })
  expect(failure?.invariant).toBe(rule)
})

const SMALL: readonly (readonly [string, Scenario])[] = [
  [
    'a client that comes back from a connection that the server had closed',
    {
      version: 1,
      name: 'half-closed',
      seed: 3485581655,
      durationMs: 1_001,
      clients: [{ name: 'alice', app: 'client', transport: 'websocket' }],
      server: {},
      steps: [{ atMs: 1_000, do: 'half_close', client: 'alice', side: 'server' }],
    },
  ],
  [
    'a client that has not noticed a restart, while another one has the id of its session',
    {
      version: 1,
      name: 'same-id',
      seed: 1371429701,
      durationMs: 24831,
      clients: [
        {
          name: 'alice',
          app: 'client',
          transport: 'enet',
          startAtMs: 1623,
          link: { delayMs: 60, jitterMs: 50, loss: 0.08 },
        },
        { name: 'bob', app: 'device', transport: 'websocket', startAtMs: 1620 },
        { name: 'carol', app: 'client', transport: 'websocket', startAtMs: 448, link: { delayMs: 10 } },
        { name: 'dave', app: 'device', transport: 'enet', link: { delayMs: 120, jitterMs: 60, loss: 0.02 } },
      ],
      server: {},
      steps: [
        { atMs: 1000, do: 'stop_server', forMs: 5644 },
        { atMs: 7000, do: 'partition', clients: ['alice', 'bob', 'carol', 'dave'], forMs: 500 },
        { atMs: 7400, do: 'crash', host: 'server', forMs: 4798, connections: 'reset', slowStartMs: 1582 },
        { atMs: 8000, do: 'pause', host: 'bob', forMs: 6931, what: 'process' },
        { atMs: 13000, do: 'partition', clients: ['alice', 'bob', 'carol', 'dave'], forMs: 4266 },
        { atMs: 18000, do: 'connect', client: 'carol' },
        { atMs: 21000, do: 'disconnect', client: 'carol' },
        { atMs: 23000, do: 'connect', client: 'alice' },
        { atMs: 24500, do: 'rebind', client: 'bob' },
        { atMs: 24760, do: 'connect', client: 'carol' },
        { atMs: 24830, do: 'stop_server', forMs: 0 },
      ],
    },
  ],
]

test.each(SMALL)('no false alarm about %s', async (_what, scenario) => {
  expect((await simulateGame(game, { scenario })).failure?.message).toBeUndefined()
})
