/**
 * The named scenarios: disconnects that people really meet, each with what they expect. `overworld scenarios` lists
 * them, `overworld run <name>` runs one.
 */
import type { LinkSettings } from '../../sim/index.ts'
import type { ClientSetup, Scenario, Step } from '../scenario.ts'

const WIFI: Partial<LinkSettings> = { delayMs: 8, jitterMs: 4, loss: 0.002 }
const CELLULAR: Partial<LinkSettings> = { delayMs: 45, jitterMs: 20, distribution: 'normal', loss: 0.005 }
const WEAK_SIGNAL: Partial<LinkSettings> = {
  delayMs: 90,
  jitterMs: 60,
  distribution: 'pareto',
  loss: { p: 0.05, r: 0.3 },
}

const alice: ClientSetup = { name: 'alice', app: 'chat', transport: 'websocket', link: WIFI }
const bob: ClientSetup = { name: 'bob', app: 'chat', transport: 'enet' }
const carol: ClientSetup = { name: 'carol', app: 'arena', transport: 'enet', actEveryMs: 250, link: CELLULAR }
const dave: ClientSetup = { name: 'dave', app: 'arena', transport: 'websocket', actEveryMs: 250 }

export const NAMED_SCENARIOS: readonly Scenario[] = [
  scenario(
    'calm',
    'Nothing goes wrong: everybody talks and plays for ten seconds.',
    [alice, bob, carol, dave],
    [],
    10_000,
  ),
  scenario(
    'tunnel',
    'A train goes through a tunnel for three seconds; the traveller is back in the same session, and nobody saw them leave the chat.',
    [{ ...alice, link: CELLULAR }, bob],
    [{ atMs: 4_000, do: 'cut', client: 'alice', forMs: 3_000 }],
  ),
  scenario(
    'long-tunnel',
    'The tunnel is longer than the grace: the session is over, the zone is told, and the traveller comes back as new.',
    [{ ...alice, link: CELLULAR }, bob],
    [{ atMs: 4_000, do: 'cut', client: 'alice', forMs: 25_000 }],
    35_000,
  ),
  scenario(
    'elevator',
    'The signal fades, is gone for two seconds, and fades in again.',
    [{ ...alice, link: CELLULAR }, carol],
    [
      ...both(3_000, (client) => ({ do: 'link', client, link: WEAK_SIGNAL })),
      ...both(5_000, (client) => ({ do: 'cut', client, forMs: 2_000 })),
      ...both(9_000, (client) => ({ do: 'link', client, link: CELLULAR })),
    ],
  ),
  scenario(
    'wifi-to-cellular',
    'A phone leaves the house: its address changes, and what was open goes silent. The session goes on over the new path.',
    [alice, bob],
    [
      { atMs: 4_000, do: 'rebind', client: 'alice' },
      { atMs: 4_000, do: 'link', client: 'alice', link: CELLULAR },
    ],
  ),
  scenario(
    'laptop-lid',
    'The lid is closed for a minute: the session has ended meanwhile, and opening the lid starts a new one by itself.',
    [alice, bob],
    [{ atMs: 4_000, do: 'pause', host: 'alice', forMs: 60_000, what: 'machine' }],
    75_000,
  ),
  scenario(
    'lid-for-a-moment',
    'The lid is closed for three seconds: nobody notices.',
    [alice, bob],
    [{ atMs: 4_000, do: 'pause', host: 'alice', forMs: 3_000, what: 'machine' }],
  ),
  scenario(
    'background-tab',
    'The browser freezes a tab for eight seconds while the connection stays open; the server must not mistake it for gone before ten.',
    [alice, bob],
    [{ atMs: 4_000, do: 'pause', host: 'alice', forMs: 8_000, what: 'process' }],
  ),
  scenario(
    'nat-rebinding',
    "The router forgets an idle mapping: the players' packets come from another port, and the old connections are dead without a word.",
    [carol, bob],
    [
      { atMs: 4_000, do: 'rebind', client: 'carol' },
      { atMs: 4_000, do: 'rebind', client: 'bob' },
    ],
  ),
  scenario(
    'two-tabs',
    'A tab is duplicated with all it has stored: the second takes the session over, and the first is told so and stays away.',
    [alice, bob],
    [{ atMs: 4_000, do: 'duplicate', client: 'alice' }],
  ),
  scenario(
    'page-reload',
    'The page is reloaded; the token was kept, and the same session goes on.',
    [alice, bob],
    [{ atMs: 4_000, do: 'reload', client: 'alice', afterMs: 400, store: 'kept' }],
  ),
  scenario(
    'reconnect-storm',
    'The server is restarted under everybody at once: all come back, spread out, and start anew.',
    [alice, bob, carol, dave],
    [{ atMs: 5_000, do: 'crash', host: 'server', forMs: 2_000, connections: 'reset' }],
    25_000,
  ),
  scenario(
    'power-cut',
    'The server loses power without a word and is back after six seconds.',
    [alice, bob, carol, dave],
    [{ atMs: 5_000, do: 'crash', host: 'server', forMs: 6_000, connections: 'silent' }],
    30_000,
  ),
  scenario(
    'server-hiccup',
    'The server stands still for seven seconds (a long garbage collection, a live migration): it must not throw everybody out afterwards.',
    [alice, bob, carol, dave],
    [{ atMs: 5_000, do: 'pause', host: 'server', forMs: 7_000, what: 'process' }],
    25_000,
  ),
  scenario(
    'half-open',
    'A firewall drops the connection silently; both ends find out by themselves.',
    [alice, dave],
    [
      { atMs: 4_000, do: 'half_open', client: 'alice' },
      { atMs: 4_000, do: 'half_open', client: 'dave' },
    ],
    25_000,
  ),
  scenario(
    'one-way',
    'What the client sends is lost, what it is sent arrives: it must not believe that all is well for long.',
    [alice, carol],
    both(4_000, (client) => ({ do: 'cut', client, forMs: 9_000, direction: 'up' })),
    25_000,
  ),
  scenario(
    'lost-answer',
    'The connection breaks while the answer to a resume is on its way: the client only has its old token, and it still works.',
    [alice, bob],
    [
      { atMs: 4_000, do: 'reset', client: 'alice' },
      { atMs: 4_001, do: 'connect', client: 'alice' },
      { atMs: 4_046, do: 'cut', client: 'alice', forMs: 800, direction: 'down' },
      { atMs: 4_060, do: 'half_open', client: 'alice' },
      { atMs: 5_500, do: 'connect', client: 'alice' },
    ],
  ),
  scenario(
    'change-horses',
    'A player switches from WebSocket to ENet and back while playing: the session moves along.',
    [dave, bob],
    [
      { atMs: 4_000, do: 'connect', client: 'dave', transport: 'enet' },
      { atMs: 8_000, do: 'connect', client: 'dave', transport: 'websocket' },
    ],
  ),
  scenario(
    'impatient-user',
    'Someone presses "reconnect" five times in half a second: one session, one place in the zone.',
    [alice, bob],
    Array.from({ length: 5 }, (_, index): Step => ({ atMs: 4_000 + index * 90, do: 'connect', client: 'alice' })),
  ),
]

function scenario(
  name: string,
  description: string,
  clients: readonly ClientSetup[],
  steps: readonly Step[],
  durationMs = 15_000,
): Scenario {
  return { version: 1, name, description, seed: 1, durationMs, server: {}, clients, steps }
}

type Unnamed = Step extends infer Each ? (Each extends Step ? Omit<Each, 'atMs'> : never) : never

/** The same for alice and carol. */
function both(atMs: number, step: (client: string) => Unnamed): Step[] {
  return ['alice', 'carol'].map((client) => ({ atMs, ...step(client) }))
}
