/**
 * The invariants: what must hold in every run, whatever happens to the network. Each is judged by what an outside
 * observer saw (`observer/`), and has a name that a failure is reported under.
 */
import { gameOf } from './game/apps-of-game.ts'
import { rulesOfGame } from './game/game-rules.ts'
import { programOf } from './own-program.ts'
import type { SimulatedApp } from './simulated-app.ts'

export const INVARIANTS = {
  'no-internal-error': 'The server never runs into a mistake of its own.',
  'comes-to-its-end': 'Neither a client, a bot nor the simulator throws: each run comes to its end.',
  'handlers-do-not-throw': 'No handler of a zone and no callback throws.',
  'new-session': 'A request without a token is answered by a session with a new id and a new token, then a beacon.',
  'same-answer': 'A request without a token on a connection that has a session gets the same id and token again.',
  'resume-honoured':
    'A token that is valid resumes its session: same id, new token, a beacon, and the zone is told. The old token stays valid until the client has proven that it holds the new one.',
  'bad-token-denied':
    'A token that is not valid is denied, the third time the connection is closed, and nobody else notices.',
  'late-request-closed':
    'A request with a lower attempt number than one accepted before is closed with 4501 and changes nothing.',
  'session-new-first': 'Nothing but a denial reaches a connection before its session_new.',
  'session-state':
    'Directly after each session_new a client that has announced its apps is told in which zone its session is, and which of its schemas differ; no other client is.',
  'undecodable-reported':
    'What a client says and nobody can decode is counted, and reported once for each app and what is wrong with it.',
  'takeover-silent':
    'A takeover closes the old connection with 4501 and is no disconnect: no callback, no handleDisconnect, no removal.',
  'disconnect-has-a-cause': 'A session is disconnected when its present connection is lost, and by nothing else.',
  'disconnect-told':
    'A disconnect runs the callback once, with the code for which it was, then the zone: handleDisconnect if soft, handlePart if hard.',
  'grace-period':
    'A disconnected session ends when disconnectTimeout has passed since this disconnect, not before and not later, and its zone is told.',
  'ended-at-once': 'A client that closes with 4000 ends its session: callback, handlePart with ended, no grace.',
  'stop-is-final':
    'A stopped session parts with stopped, is closed with 4500, runs no callback, and its token is dead.',
  'stop-is-no-end':
    'A server that stops parts every session with stopped, runs no callback, and closes every connection with 4011.',
  'full-server':
    'A full server turns new sessions away with 4010, unless another address has more sessions in grace than the client would have sessions: that gives up its newest. It never refuses a resume.',
  'connection-limit':
    'Where as many connections are open as may be, the one that has waited longest without a session makes place for another (4010); of too many of one address without a session the one that has waited longest is closed with 4007. Whoever has a session stays.',
  'rate-limit':
    'A connection is closed with 4007 when it brings more messages or bytes within a second than it may, and for nothing else.',
  drain:
    'A draining server turns new connections and new sessions away with 4009, and takes back who returns over an open connection; after drainMs everybody is stopped with 4009.',
  'one-membership':
    'A membership is one join, then disconnects and reconnects in pairs (soft) and lone reconnects, then exactly one part; a session is in at most one zone.',
  'join-judged':
    'A join runs handleJoin of the zone that the route picks, once, or is denied: already_joined, unknown_zone, no_session.',
  'throws-alone': 'A handler or a route that throws loses what it asked for, is reported once, and harms nobody.',
  'one-at-a-time':
    'A handler runs to its end before anything that it has asked for is carried out, and before another begins.',
  'told-once': 'What a zone is told runs its handleInfo once, in the same turn.',
  'zone-timers':
    "A zone's timer fires once, when it is due; not after it was cancelled, nor after its zone has stopped.",
  'in-process':
    'A session without a connection is served like any other: its receiver gets each message once, frozen, and is told once when it is let go; another receiver is a takeover, or a resume.',
  'caller-told':
    'What cannot be done throws to its caller in the server, with the code that says why, and changes nothing.',
  'rpc-judged': 'A part or an rpc of a member runs its handler once; without a zone it is denied no_zone.',
  'as-said': 'What a member says reaches its handler as it was said, and nobody can change it on the way.',
  'session-as-it-is':
    'A session says of itself what is so by then: its status to whoever is called for it, its gameData as it was set.',
  'members-only': "A zone's messages reach only its connected members, and a leaver only as a reply.",
  'broadcast-reach': 'A broadcast reaches every member connected at that moment exactly once.',
  'denied-without-session': 'Who has no session is told no_session, and nothing else happens.',
  'silence-after-close': 'Nothing is sent on a connection after it was closed, replaced or lost.',
  'slow-reader':
    'Who reads too slowly loses unreliable messages, then the connection (4005), and never a reliable message before that.',
  'beacon-rhythm':
    'A connected client gets a beacon at once and then one every `beaconIntervalMs` (1 s), never two; clients whose sessions began one after the other get theirs at different times of that interval.',
  'pong-honest':
    'The first answer to a beacon gets a pong with the round trip, which is what session.latency says then; any other answer gets nothing.',
  liveness: 'A connection is given up when nothing was heard for livenessTimeout, not before and not later.',
  'counters-honest': 'The counters of server.stats() say what an outsider has counted.',
  'request-timeout': 'A connection that requests no session in time is closed with 4002.',
  'malformed-closed': 'Malformed input closes its connection with 4506; everything else that is odd is ignored.',
  'ticks-do-not-drift': 'Ticks are numbered without gaps and come at multiples of tickMs.',
  'client-keeps-token':
    'A client brings back the token it received last on its present connection, and counts its attempts.',
  'client-never-stranded': 'A client is not told that its session is lost while that session lives.',
  'client-dials-as-announced':
    'A client dials again when its backoff is over, at most 10 s later, and not before; its waits are drawn from all of their range.',
  'protocol-reliable': "The protocol's own messages come reliably on channel 0, as they were sent.",
  'close-told':
    'A client whose network and hosts are left alone is told why its connection was closed: it never breaks without a code.',
  'client-stays-away': 'A client that was closed with a 45xx does not come back by itself.',
  'client-comes-back':
    'A client ends only after a 45xx, or when its user ends its session; after any other code it comes back.',
  'client-gives-up-for-a-reason':
    'A client gives its connection up when it was closed, or when for 5 s nothing was heard or no session came since it dialled, and for nothing else.',
  'client-notices-silence':
    'A client gives a silent connection up however late its timers are: a late check is forgiven once.',
  'client-wakes':
    'A client that is woken dials at once where it waits; where it is connected it asks for a sign of life, and gives the connection up where none comes within 2 s.',
  'client-lets-go':
    'What comes from a connection that a client has given up changes nothing, and it says nothing there. It closes only what is open, with a code that can be sent.',
  'client-sends-as-defined':
    'A client sends each message with the delivery and on the channel that its app defines, and those of the protocol reliably on channel 0.',
  'client-answers': 'A client answers each beacon at once.',
  'client-tells':
    'A client tells its program what reaches it: each message once, as it was sent, after the session that it came in; each denial; each latency.',
  'in-order': 'What one client says reliably arrives at each other client in order and never twice.',
  healed:
    'Once the network is well again, every client that wants to be is connected, and both sides agree on session and zone.',
  'nothing-remains':
    'Once everybody has gone and every timeout has passed, no session, token, timer, member or connection is left.',
} as const satisfies Readonly<Record<string, string>>

export type InvariantName = keyof typeof INVARIANTS

/** Ours, and those of the apps themselves; of a program of somebody's own those alone that are checked are counted. */
export function namesOfInvariants(apps: readonly SimulatedApp[]): string[] {
  const game = gameOf(apps)
  if (game !== undefined) return rulesOfGame(game)
  if (programOf(apps) !== undefined) return []
  return [...Object.keys(INVARIANTS), ...apps.flatMap((app) => Object.keys(app.invariants ?? {}))]
}

/** A rule was broken. Thrown where it is noticed; the run ends there. */
export class InvariantBroken extends Error {
  override readonly name = 'InvariantBroken'
  readonly invariant: string

  /** `cause`: what was thrown, if the rule is that nothing throws. */
  constructor(invariant: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.invariant = invariant
  }
}

/** Counts how often each invariant was checked, and throws at the first breach. */
export class Checks {
  readonly #counts = new Map<string, { count: number }>()

  constructor(names: Iterable<string> = Object.keys(INVARIANTS)) {
    for (const name of names) this.#counts.set(name, { count: 0 })
  }

  get counts(): ReadonlyMap<string, number> {
    return new Map([...this.#counts].map(([name, { count }]) => [name, count]))
  }

  /** `explain` is called only where the invariant does not hold. */
  check(invariant: string, holds: boolean, explain: () => string): void {
    if (holds) this.pass(invariant)
    else this.fail(invariant, explain())
  }

  /** It was checked and holds. With `fail` for what is checked all the time: then no explanation need be at hand. */
  pass(invariant: string): void {
    const counted = this.#counts.get(invariant)
    if (counted === undefined) this.#counts.set(invariant, { count: 1 })
    else counted.count++
  }

  fail(invariant: string, message: string, cause?: unknown): never {
    this.pass(invariant)
    throw new InvariantBroken(invariant, message, cause)
  }
}
