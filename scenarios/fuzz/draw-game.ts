/**
 * What is drawn for the clients of a game: who is there, over which links, and which trouble befalls them. What they do in
 * their zones is their own affair.
 */
import type { ClientSetup, ServerSetup, Step } from '../scenario.ts'
import { CLIENTS, LINKS, nameOfClient } from './draw-clients.ts'
import type { DrawOptions } from './draw-scenario.ts'
import { FAULT_KINDS } from './faults.ts'
import type { NumberSource } from './number-source.ts'

/**
 * The kinds of trouble that befall any client and any server. Not those that are about bots, about zones that the harness
 * knows, or about what a client itself sends; and only three ways to restart the server, after which there is little of a
 * game left to be judged.
 */
const KINDS: ReadonlySet<string> = new Set([
  'cannot_dial',
  'clock_jump',
  'clog',
  'crash_server',
  'cut',
  'drain',
  'drift',
  'drop_session',
  'end',
  'end_and_return',
  'forget_and_return',
  'half_close',
  'half_open',
  'hidden_tab',
  'impatient',
  'lagging_server',
  'leave_and_return',
  'lose_it_twice',
  'lose_the_answer',
  'mass_disconnect',
  'misbehave',
  'mute_beacons',
  'offline_and_online',
  'partition',
  'pause_client',
  'pause_server',
  'rebind',
  'reload',
  'reset',
  'return_at_the_deadline',
  'return_to_a_server_that_stands_still',
  'shown_with_a_dead_connection',
  'slow_reader',
  'stop_server',
  'switch_transport',
  'wake',
])
export const GAME_FAULTS = FAULT_KINDS.filter(({ name }) => KINDS.has(name))

/** Not those that a server reports: a campaign would fill the log of the game's program. */
const OF_STRANGERS: ReadonlySet<string> = new Set(['forge_token', 'guess_tokens', 'late_request', 'say_nothing'])

/** Of what a kind of trouble draws, a game gets only what its clients cannot do themselves. */
export function fitsGames(step: Step): boolean {
  if (step.do === 'misbehave') return OF_STRANGERS.has(step.how)
  return step.do !== 'stop_session'
}

/** One of so many runs of a game is one of endurance. */
export const ENDURANCE_EVERY = 100

const UNKINDNESS: readonly Partial<ServerSetup>[] = [
  {},
  {},
  {},
  { timersLateMs: 30 },
  { closesLateMs: 400 },
  { timersLateMs: 15, closesLateMs: 50 },
]
/** When a client first boots, up to so many ms after the server. */
const START_WITHIN_MS = 2_000

export function drawGameServer(source: NumberSource): ServerSetup {
  return source.pick(UNKINDNESS)
}

export function drawGameClients(source: NumberSource, { apps, clients = CLIENTS }: DrawOptions): ClientSetup[] {
  return Array.from({ length: clients }, (_, index): ClientSetup => {
    const link = source.pick(LINKS)
    return {
      name: nameOfClient(index),
      app: apps[index % apps.length] ?? '',
      transport: source.pick(['websocket', 'enet']),
      startAtMs: source.below(START_WITHIN_MS),
      ...(link !== undefined && { link }),
    }
  })
}

/** Where nothing is to break. */
export function onCleanLinks(clients: readonly ClientSetup[]): ClientSetup[] {
  return clients.map(({ link: _link, ...client }) => client)
}
