/**
 * The named scenarios: disconnects that people really meet, each with what they expect. `overworld scenarios` lists
 * them, `overworld run <name>` runs one.
 */
import type { LinkSettings } from '../../sim/index.ts'
import type { ClientSetup, Scenario, ServerSetup, Step } from '../scenario.ts'

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
    'play-here',
    'Two tabs share one store: the second takes the session over, and "play here" in the first takes it back. There is never a second player.',
    [alice, { ...alice, name: 'alice-tab2', tabOf: 'alice', startAtMs: 4_000 }, bob],
    [
      { atMs: 7_000, do: 'connect', client: 'alice' },
      { atMs: 10_000, do: 'connect', client: 'alice-tab2' },
    ],
  ),
  scenario(
    'hidden-tab',
    'A browser lets the timers of a hidden tab run once a minute. Its connection goes silent: it is given up after two of them, and the tab is back when it is shown again.',
    [alice, bob],
    [
      { atMs: 4_000, do: 'late_timers', host: 'alice', everyMs: 60_000, forMs: 176_000 },
      { atMs: 10_000, do: 'half_open', client: 'alice' },
      { atMs: 180_000, do: 'wake', client: 'alice' },
    ],
    190_000,
  ),
  scenario(
    'shown-again',
    'A page is shown again whose connection is dead: it asks for a sign of life, and is back three seconds later.',
    [alice, bob],
    [
      { atMs: 4_000, do: 'half_open', client: 'alice' },
      { atMs: 4_500, do: 'wake', client: 'alice' },
    ],
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
  scenario(
    'train-ride',
    'A commuter chats on a train: the signal is weak, and each half minute there is a tunnel of four seconds.',
    [{ name: 'alice', app: 'chat', transport: 'websocket', preset: 'train' }, bob],
    [],
    70_000,
  ),
  scenario(
    'starlink-evening',
    'A player behind a satellite dish: each fifteen seconds the satellite changes, and half of the packets are lost for a moment. Nobody is disconnected.',
    [{ name: 'carol', app: 'arena', transport: 'enet', preset: 'starlink', actEveryMs: 100 }, dave],
    [],
    60_000,
  ),
  scenario(
    'old-phone',
    'A game over 3G: 300 ms there and back, and losses. Slow, but connected all the time.',
    [{ name: 'carol', app: 'arena', transport: 'websocket', preset: '3g', actEveryMs: 250 }, dave],
    [],
    20_000,
  ),
  scenario(
    'hotel-wifi',
    'A captive portal swallows everything for three seconds now and then, over a slow, lossy line.',
    [
      { name: 'alice', app: 'chat', transport: 'websocket', preset: 'hotel' },
      { ...bob, preset: 'hotel' },
    ],
    [],
    60_000,
  ),
  scenario(
    'office-elevator',
    'In and out of an elevator, six seconds without a signal each time: the client gives its silent connection up and takes the session over from it.',
    [{ name: 'alice', app: 'chat', transport: 'websocket', preset: 'elevator' }, bob],
    [],
    50_000,
  ),
  scenario(
    'long-grace',
    'A turn-based game keeps sessions for ten minutes: a player who was gone for two minutes is still in.',
    [alice, bob],
    [{ atMs: 4_000, do: 'cut', client: 'alice', forMs: 120_000 }],
    130_000,
    { disconnectTimeoutMs: 600_000 },
  ),
  scenario(
    'no-grace',
    'A server that keeps nothing: who is disconnected is gone at once, and comes back as new.',
    [alice, carol],
    [
      { atMs: 4_000, do: 'reset', client: 'alice' },
      { atMs: 4_000, do: 'disconnect', client: 'carol' },
      { atMs: 5_000, do: 'connect', client: 'carol' },
    ],
    15_000,
    { disconnectTimeoutMs: 0 },
  ),
  scenario(
    'deadline',
    'A client comes back in the very millisecond in which its grace is over: it has its session, or it does not, and both sides agree.',
    [{ ...alice, link: { delayMs: 20 } }, bob],
    [
      { atMs: 4_000, do: 'disconnect', client: 'alice' },
      { atMs: 8_960, do: 'connect', client: 'alice' },
    ],
  ),
  scenario(
    'redeployment',
    'The server is stopped and another one starts two seconds later: every client comes back by itself, and begins anew.',
    [alice, bob, carol, dave],
    [{ atMs: 4_000, do: 'stop_server', forMs: 2_000 }],
  ),
  scenario(
    'load-balancer-restart',
    'A proxy in front of the server is restarted: every connection breaks at once, and everybody resumes.',
    [alice, bob, carol, dave],
    [{ atMs: 4_000, do: 'mass_disconnect' }],
  ),
  scenario(
    'region-cut-off',
    'A part of the players is cut off for four seconds, the others play on.',
    [alice, bob, carol, dave],
    [{ atMs: 4_000, do: 'partition', clients: ['alice', 'carol'], forMs: 4_000 }],
    20_000,
  ),
  scenario(
    'filtered-heartbeat',
    'Something on the way swallows the answers to beacons, but not the rest: who talks is alive.',
    [{ ...alice, actEveryMs: 500 }, bob],
    [{ atMs: 4_000, do: 'mute_beacons', client: 'alice', forMs: 14_000 }],
    25_000,
  ),
  scenario(
    'page-reload-loses-all',
    'The page is reloaded in a private window: nothing was kept, so it is a new session, and the old one expires.',
    [alice, bob],
    [{ atMs: 4_000, do: 'reload', client: 'alice', afterMs: 400, store: 'lost' }],
  ),
  scenario(
    'kicked',
    'The server stops a session: the client is told to stay away, and does.',
    [alice, bob],
    [{ atMs: 4_000, do: 'stop_session', client: 'alice' }],
  ),
  scenario(
    'match-over',
    'A zone is stopped and another one takes its place: the sessions live on, and the players join again.',
    [carol, dave],
    [{ atMs: 5_000, do: 'restart_zone', app: 'arena' }],
  ),
  scenario(
    'slow-phone',
    'A phone reads nothing for three seconds (it starts another app): snapshots pile up, and are dropped rather than kept.',
    [{ ...dave, link: { delayMs: 30, rateBytesPerSecond: 20_000 } }, carol],
    [{ atMs: 4_000, do: 'slow_reader', client: 'dave', forMs: 3_000 }],
  ),
  scenario(
    'clock-steps',
    "The server's clock leaps by a minute (a virtual machine moves): nobody is thrown out for it.",
    [alice, carol],
    [{ atMs: 5_000, do: 'clock_jump', host: 'server', forwardMs: 60_000 }],
    25_000,
  ),
]

function scenario(
  name: string,
  description: string,
  clients: readonly ClientSetup[],
  steps: readonly Step[],
  durationMs = 15_000,
  server: ServerSetup = {},
): Scenario {
  return { version: 1, name, description, seed: 1, durationMs, server, clients, steps }
}

type Unnamed = Step extends infer Each ? (Each extends Step ? Omit<Each, 'atMs'> : never) : never

/** The same for alice and carol. */
function both(atMs: number, step: (client: string) => Unnamed): Step[] {
  return ['alice', 'carol'].map((client) => ({ atMs, ...step(client) }))
}
