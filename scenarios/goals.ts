/**
 * "Sometimes" goals: situations that a campaign must have met to mean anything. They are reached in a run, not
 * checked; a campaign says which it never reached.
 */
import { OverworldError } from '../core/index.ts'
import { gameOf } from './game/apps-of-game.ts'
import { goalsOfGame, type GameGoal } from './game/game-goals.ts'
import { programOf } from './own-program.ts'
import type { SimulatedApp } from './simulated-app.ts'

export const GOALS = {
  'resume in time': 'a disconnected session came back within its grace',
  'resume over the other transport': 'a session came back over another transport than it was lost on',
  takeover: 'a session was taken over while its connection was still open',
  'takeover of a mute connection': 'a session was taken over from a connection on which nothing had been heard for 2 s',
  'resume with the old token': 'a session_new was lost, and the client came back with the token before it',
  'lost again before the proof': 'a connection broke between session_new and the first answered beacon',
  'token proven': 'an answered beacon ended the life of an old token',
  'late request': 'a request with a lower attempt number than one accepted before arrived',
  'bad token': 'a token was denied',
  'closed for bad tokens': 'three bad tokens closed a connection',
  'expired in a soft zone': 'a session was not back in time, and its soft zone was told',
  'lost in a hard zone': 'a hard zone removed who lost the connection',
  'resume at the end of the grace': 'a resume arrived within 50 ms of the deadline',
  'found half-open': 'the liveness timeout found a connection that was silent',
  'ended by the client': 'a client ended its session with 4000',
  'stopped by the server': 'the server stopped a session',
  'disconnect while away changed the deadline': 'disconnectTimeout was set while its session was disconnected',
  'joined twice': 'a client tried to join although it was in a zone',
  'reconnect into a zone': 'handleReconnect ran after a disconnect',
  'takeover of a member': 'handleReconnect ran without a disconnect',
  'malformed input': 'a connection was closed for malformed input',
  'too slow a reader': 'a connection was closed with 4005',
  'no session requested': 'a connection was closed with 4002',
  'server restarted': 'the server lost its memory and came back',
  'server paused': 'the server stood still for more than a second',
  'session by hand': 'a session without a connection was started',
  'takeover by hand': 'the receiver of a session was replaced while it was connected',
  'resume by hand': 'a disconnected session got a receiver',
  'connection given to another session': 'the connection of one session became the proxy of another',
  misused: "the game's own code called what it must not, and was told",
  'caller told': 'a call in the server could not be carried out, and threw',
  'join refused': 'handleJoin refused, and the session was no member',
  'join threw': 'handleJoin threw, and the session was no member',
  'handler threw': 'a handler or a timer of a zone threw',
  'no zone to join': 'a join was denied unknown_zone: its app had no zone, or its route found none',
  'timer fired': 'a timer of a zone fired',
  'timer cancelled': 'a zone cancelled one of its timers',
  'zone told': 'a zone was told something from outside',
  'turned away by a full server': 'a connection was closed with 4010, since the server was full',
  'place given to another address':
    'a session in grace of a crowded address ended on a full server, for a client of another address',
  'place made for another connection': 'a connection without a session was closed with 4010, since there were too many',
  'too many connections of one address':
    'the oldest connection of an address without a session was closed with 4007, since there were too many',
  'resume on a full server': 'a session came back to a server that takes no new ones',
  'too many messages': 'a connection was closed with 4007',
  'too many bytes': 'a connection was closed for too many bytes in a second',
  'told that it is in a zone': 'a client was told with its session in which zone that is',
  'session of an unknown zone': 'a client had a session from a server that does not say in which zone it is',
  'skewed client told': 'a client was told with its session that the server has another version of its schema',
  'undecodable for skew': 'a client with another version of the schema sent what the server could not decode',
  'turned away while draining': 'a draining server closed a new connection, or one that wanted a new session',
  'resume while draining': 'a session came back to a draining server, over a connection that was open before',
  'lost while draining': 'a session lost its connection to a draining server',
  'stopped with its sessions': 'a server stopped while it had sessions, and its clients were told to come back',
  'stopped after draining': 'a server had drained for as long as it was given, and stopped those who were left',
  drained: 'a server drained, and nothing remained',
  'taken over while joining': 'a session was taken over within 50 ms of its join',
  'lost while joining': 'a session lost its connection within 50 ms of its join',
  'resume on the very deadline': 'a resume arrived within a millisecond of the end of the grace',
  'restart in a storm': 'the server lost its memory while two clients or more were on their way back',
  'two connections with one token': 'two open connections brought the same token within a second',
} as const satisfies Readonly<Record<string, string>>

export type GoalName = keyof typeof GOALS

/** Goals that hang on the code of a zone, so that only its app can say whether it comes there. */
export type ZoneGoal = 'join refused' | 'join threw' | 'handler threw' | 'timer fired' | 'timer cancelled'

/** Which apps can reach a goal at all. Every app can reach the others. */
const REACHED_BY: ReadonlyMap<string, (app: SimulatedApp) => boolean> = new Map<GoalName, typeof isSoft>([
  ['expired in a soft zone', isSoft],
  ['reconnect into a zone', isSoft],
  ['lost in a hard zone', (app) => !isSoft(app)],
  ['connection given to another session', ({ isUnusual }) => isUnusual === true],
  ...(['skewed client told', 'undecodable for skew'] as const).map(
    (goal) => [goal, ({ versions }: SimulatedApp) => versions !== undefined] as const,
  ),
  ['session by hand', ({ hasNpcs }) => hasNpcs === true],
  ['takeover by hand', ({ hasNpcs }) => hasNpcs === true],
  ['resume by hand', ({ hasNpcs }) => hasNpcs === true],
  ['caller told', ({ hasNpcs }) => hasNpcs === true],
  ['too many messages', ({ isFrugal }) => isFrugal === true],
  ['too many bytes', ({ isFrugal }) => isFrugal === true],
  ['too slow a reader', ({ isFrugal }) => isFrugal === true],
  ['no zone to join', ({ putsOut }) => putsOut === true],
  ['zone told', ({ tells = [] }) => tells.length > 0],
  ...(['join refused', 'join threw', 'handler threw', 'timer fired', 'timer cancelled'] as const).map(
    (goal) => [goal, ({ zoneGoals = [] }: SimulatedApp) => zoneGoals.includes(goal)] as const,
  ),
])

/**
 * Those of ours that one of the apps can reach, and those of the apps themselves; only the latter where the server is a
 * program of somebody's own, which nobody watches.
 */
export function namesOfGoals(apps: readonly SimulatedApp[]): string[] {
  const game = gameOf(apps)
  if (game !== undefined) return goalsOfGame(game)
  const own = apps.flatMap((app) => Object.keys(app.goals ?? {}))
  if (programOf(apps) !== undefined) return own
  const ours = Object.keys(GOALS).filter((goal) => apps.some(REACHED_BY.get(goal) ?? (() => true)))
  return [...ours, ...own]
}

function isSoft({ zone }: SimulatedApp): boolean {
  return zone.disconnect !== 'hard'
}

export class Goals {
  readonly counts = new Map<string, number>()
  #isStopped = false

  constructor(names: Iterable<string> = Object.keys(GOALS)) {
    for (const name of names) this.counts.set(name, 0)
  }

  /** From now on nothing counts: everybody is sent home, which reaches goals that the scenario did not. */
  stop(): void {
    this.#isStopped = true
  }

  /** One that is not among the names does not count. */
  reach(goal: GoalName | GameGoal): void {
    const times = this.counts.get(goal)
    if (times !== undefined && !this.#isStopped) this.counts.set(goal, times + 1)
  }

  /** One of an app's own. Throws `bad_option` where the app does not name it among its goals. */
  reachOwn(goal: string, { app, goals = {} }: SimulatedApp): void {
    if (!Object.hasOwn(goals, goal)) {
      throw new OverworldError('bad_option', `'${goal}' is no goal of app '${app.name}': name it in \`goals\``)
    }
    this.reach(goal as GoalName)
  }
}
