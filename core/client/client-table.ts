/**
 * The life of a client, as a table: in this state, on this event, these effects run in this order, and the client is in
 * that state. `client.ts` turns what happens into events (by `client-guards.ts`) and looks the row up; nothing else
 * changes a state. The diagram in `docs/session.md` is generated from here.
 *
 * A state is set before its effects run, so that a listener or a network that is called sees it. An event that has no
 * row is in `CLIENT_IGNORED` with a reason, or it cannot happen: then the client fails an assertion before any effect.
 */
import { CloseCode } from '../close-codes.ts'
import type { ClientStatus } from './client-events.ts'
import type { ClientEffect, ClientEvent, ClientState } from './client-words.ts'

/** A close code with its reason. What is left out is taken from the event: what its connection was closed with, or what was thrown. */
export interface Ending {
  readonly code?: number
  readonly reason?: string
}

export interface ClientTransition {
  readonly from: ClientState
  readonly on: ClientEvent
  readonly to: ClientState
  readonly effects: readonly ClientEffect[]
  /** What `close_connection` closes with. */
  readonly closes?: Ending
  /** What `close_left` closes with. */
  readonly closesLeft?: number
  /** What a status that has a code and a reason (`waiting`, `ended`) tells. */
  readonly tells?: Ending
}

export interface ClientIgnored {
  readonly in: ClientState
  readonly on: ClientEvent
  readonly because: string
}

/** What the program is told: several states look the same from outside. */
export const STATUS_OF: Readonly<Record<ClientState, ClientStatus['kind']>> = {
  idle: 'idle',
  dialled: 'connecting',
  requested: 'connecting',
  switching_dialled: 'connecting',
  switching_requested: 'connecting',
  assigned: 'connecting',
  connected: 'connected',
  reassigned: 'connected',
  waiting: 'waiting',
  ended: 'ended',
}

/** States without a connection, and those with one. */
const APART = ['idle', 'waiting', 'ended'] as const
const UNOPENED = ['dialled', 'switching_dialled'] as const
const ASKING = ['requested', 'switching_requested'] as const
const IN_USE = ['connected', 'reassigned'] as const
const LINKED = [...UNOPENED, ...ASKING, 'assigned', ...IN_USE] as const
export const CLIENT_STATES: readonly ClientState[] = [...APART, ...LINKED]

const DIAL = ['begin_connection', 'start_connect_timer', 'watch_store', 'tell_status', 'dial'] as const
/** The same where nobody waits for what a dial throws. */
const REDIAL = ['begin_connection', 'start_connect_timer', 'watch_store', 'tell_status', 'redial'] as const
const HEARD = ['note_life', 'stop_sign'] as const
const WAIT = ['start_retry_timer', 'tell_status'] as const
const TELL_SESSION = ['know_session', 'tell_status', 'tell_session', 'tell_held'] as const
const REST = ['unwatch_store', 'tell_status'] as const
const CLOSE_NEW = ['stop_connect_timer', 'close_connection'] as const
const CLOSE_BOTH = ['note_loss', 'close_left', ...CLOSE_NEW] as const
const CLOSE_USED = ['note_loss', 'stop_sign', 'stop_liveness', 'close_connection'] as const

/** How a client lets go of all that a state has. */
const LET_GO: Readonly<Record<ClientState, readonly ClientEffect[]>> = {
  idle: [],
  dialled: CLOSE_NEW,
  requested: CLOSE_NEW,
  switching_dialled: CLOSE_BOTH,
  switching_requested: CLOSE_BOTH,
  assigned: ['note_loss', ...CLOSE_NEW],
  connected: CLOSE_USED,
  reassigned: CLOSE_USED,
  waiting: ['stop_retry_timer'],
  ended: [],
}

const NORMAL = CloseCode.normal
/** For a connection that the client gives up without a code of its own: 1006, which the program is told, cannot be sent. */
const UNSENDABLE = CloseCode.normal
const ANEW = { code: NORMAL, reason: 'connecting anew' }
const NO_SESSION = 'no session within the connect timeout'
const SILENT = { code: CloseCode.livenessTimeout, reason: 'nothing was heard from the server' }
const NO_SIGN = { code: CloseCode.livenessTimeout, reason: 'the server gave no sign of life' }
const TWIN = { code: CloseCode.takenOver, reason: 'another program with this store has a session' }
const OF_EVENT: Ending = {}

type Columns = Pick<ClientTransition, 'closes' | 'closesLeft' | 'tells'>
type States<State extends ClientState = ClientState> = State | readonly State[]

/** `to`: undefined: the state stays. */
function rows<State extends ClientState>(
  from: States<State>,
  on: ClientEvent,
  to: ClientState | undefined,
  effects: readonly ClientEffect[] | ((from: State) => readonly ClientEffect[]),
  columns: Columns = {},
): readonly ClientTransition[] {
  return listOf(from).map((each) => {
    return {
      from: each,
      on,
      to: to ?? each,
      effects: typeof effects === 'function' ? effects(each) : effects,
      ...columns,
    }
  })
}

/** The connection is lost or given up, and the client comes back later. */
function lost(from: States<(typeof LINKED)[number]>, on: ClientEvent, columns: Columns): readonly ClientTransition[] {
  return rows(from, on, 'waiting', (each) => [countDial(each), ...LET_GO[each], ...WAIT], {
    closesLeft: NORMAL,
    ...columns,
  })
}

function countDial(from: ClientState): ClientEffect {
  return from === 'dialled' || from === 'switching_dialled' ? 'count_unopened' : 'reset_unopened'
}

export const CLIENT_TRANSITIONS: readonly ClientTransition[] = [
  // Calls of the program: each works in every state.
  ...rows(['idle', 'ended'], 'connect_called', 'dialled', ['reset_failures', ...DIAL]),
  ...rows('waiting', 'connect_called', 'dialled', ['reset_failures', ...LET_GO.waiting, ...DIAL]),
  ...rows(['dialled', 'requested'], 'connect_called', 'dialled', ['reset_failures', ...CLOSE_NEW, ...DIAL], {
    closes: ANEW,
  }),
  // The session may be on its way over from the connection that was left: that one stays open.
  ...rows(
    ['switching_dialled', 'switching_requested'],
    'connect_called',
    'switching_dialled',
    ['reset_failures', ...CLOSE_NEW, ...DIAL],
    { closes: ANEW },
  ),
  ...rows('assigned', 'connect_called', 'switching_dialled', [
    'reset_failures',
    'stop_connect_timer',
    'leave_connection',
    ...DIAL,
  ]),
  ...rows(IN_USE, 'connect_called', 'switching_dialled', [
    'reset_failures',
    'stop_liveness',
    'stop_sign',
    'leave_connection',
    ...DIAL,
  ]),
  ...rows(CLIENT_STATES, 'disconnect_called', 'idle', (from) => [...LET_GO[from], ...REST], {
    closes: { code: NORMAL },
    closesLeft: NORMAL,
  }),
  ...rows(CLIENT_STATES, 'end_called', 'ended', (from) => [...LET_GO[from], 'forget_session', ...REST], {
    closes: { code: CloseCode.ended },
    closesLeft: CloseCode.ended,
    tells: { code: CloseCode.ended },
  }),
  ...rows('waiting', 'wake_called', 'dialled', ['stop_retry_timer', 'reset_failures', ...REDIAL]),
  ...rows(IN_USE, 'wake_called', undefined, ['ask_sign']),

  // Dialling.
  ...rows('waiting', 'retry_due', 'dialled', REDIAL),
  ...rows(UNOPENED, 'dial_threw', 'idle', (from) => [...LET_GO[from], ...REST], {
    closes: { code: NORMAL },
    closesLeft: NORMAL,
  }),
  ...lost('dialled', 'redial_threw', { closes: { code: UNSENDABLE }, tells: { code: CloseCode.abnormal } }),
  ...rows('waiting', 'no_timer', 'idle', REST),
  ...rows('dialled', 'opened', 'requested', ['send_request']),
  ...rows('switching_dialled', 'opened', 'switching_requested', ['send_request']),
  ...lost([...UNOPENED, ...ASKING, 'assigned'], 'connect_timeout', {
    closes: { code: UNSENDABLE, reason: NO_SESSION },
    tells: { code: CloseCode.abnormal, reason: NO_SESSION },
  }),

  // The connection.
  ...rows(IN_USE, 'protocol_message', undefined, HEARD),
  ...rows(IN_USE, 'alive', undefined, ['stop_sign', 'note_life']),
  ...lost(IN_USE, 'silent', { closes: SILENT, tells: SILENT }),
  ...lost(IN_USE, 'no_sign', { closes: NO_SIGN, tells: NO_SIGN }),
  ...lost(LINKED, 'closed', { closes: OF_EVENT, tells: OF_EVENT }),
  ...rows(LINKED, 'closed_for_good', 'ended', (from) => [countDial(from), ...LET_GO[from], ...REST], {
    closes: OF_EVENT,
    closesLeft: NORMAL,
    tells: OF_EVENT,
  }),
  ...lost(LINKED, 'failed', { closes: { code: UNSENDABLE }, tells: { code: CloseCode.abnormal } }),

  // Messages of the protocol.
  ...rows('requested', 'session_new', 'assigned', ['store_token', 'take_session']),
  ...rows('switching_requested', 'session_new', 'assigned', ['store_token', 'take_session', 'close_left'], {
    closesLeft: NORMAL,
  }),
  ...rows('assigned', 'session_new', undefined, ['store_token', 'take_session']),
  ...rows(IN_USE, 'session_new', 'reassigned', ['store_token', 'take_session']),
  ...rows('reassigned', 'session_back', 'connected', ['store_token', 'take_session', 'tell_held']),
  ...rows(['assigned', ...IN_USE], 'session_again', undefined, ['store_token']),
  ...rows(['assigned', ...IN_USE], 'superseded', 'ended', (from) => [...LET_GO[from], ...REST], {
    closes: { code: CloseCode.ended },
    tells: TWIN,
  }),
  ...rows('assigned', 'session_state', 'connected', [
    'stop_connect_timer',
    'reset_failures',
    'start_liveness',
    ...TELL_SESSION,
  ]),
  ...rows('reassigned', 'session_state', 'connected', ['start_liveness', ...TELL_SESSION]),
  ...rows([...ASKING, 'connected'], 'beacon', undefined, ['answer_beacon']),
  ...rows([...ASKING, 'connected'], 'pong', undefined, ['tell_latency']),
  ...rows([...ASKING, 'connected'], 'denied', undefined, ['tell_denied']),
  ...rows(ASKING, 'session_denied', undefined, ['forget_session', 'tell_lost', 'send_request']),
  ...rows(ASKING, 'token_outdated', undefined, ['send_request']),
  ...rows([...ASKING, 'assigned', ...IN_USE], 'undecodable', undefined, ['tell_undecodable']),

  // Messages of apps.
  ...rows([...ASKING, 'assigned'], 'app_message', undefined, ['hold_message']),
  ...rows('reassigned', 'app_message', undefined, [...HEARD, 'hold_message']),
  ...rows('reassigned', 'app_message_over', undefined, HEARD),
  ...rows('connected', 'app_message', undefined, [...HEARD, 'tell_message']),
]

function ignored(states: States, on: ClientEvent | readonly ClientEvent[], because: string): readonly ClientIgnored[] {
  return listOf(states).flatMap((each) => listOf(on).map((event) => ({ in: each, on: event, because })))
}

const BEFORE_OPENED: readonly ClientEvent[] = [
  'protocol_message',
  'alive',
  'session_new',
  'session_state',
  'beacon',
  'pong',
  'denied',
  'denied_unknown',
  'undecodable',
  'app_message',
]

export const CLIENT_IGNORED: readonly ClientIgnored[] = [
  ...ignored(CLIENT_STATES, 'stale_link', 'The connection was given up or left before: nothing of it counts.'),
  ...ignored(
    CLIENT_STATES,
    'stale_timer',
    'A cancelled timer fires only where the clock breaks its contract. What it waited for is over.',
  ),
  ...ignored(
    UNOPENED,
    BEFORE_OPENED,
    'Only a network that breaks its contract brings a message before it says that the connection is open. It does not count.',
  ),
  ...ignored(
    [...ASKING, 'assigned'],
    ['protocol_message', 'alive'],
    'Liveness starts when the program is told of its session. Until then the connect timer decides.',
  ),
  ...ignored(ASKING, 'session_state', 'The connection has no session that it could be about.'),
  ...ignored('connected', 'session_state', 'The program has been told where its session is.'),
  ...ignored([...ASKING, 'connected'], 'denied_unknown', 'The reason is one of a later protocol.'),
  ...ignored([...ASKING, 'assigned'], 'app_message_over', 'As many messages as allowed are held already.'),
  ...ignored(['idle', 'ended'], 'wake_called', 'The program does not want a connection.'),
  ...ignored([...UNOPENED, ...ASKING, 'assigned'], 'wake_called', 'The client is dialling: the connect timer decides.'),
  ...ignored(
    APART,
    'failed',
    'The network has ended the connection, or called the program, while it sent something, and then thrown. The error comes out.',
  ),
]

function listOf<Item extends string>(items: Item | readonly Item[]): readonly Item[] {
  return typeof items === 'string' ? [items] : items
}

/** A row as it is carried out. */
export interface ClientRow extends ClientTransition {
  /** Another state or another connection: what an earlier event still had to do is no longer due. */
  readonly isMove: boolean
}

const ROWS: ReadonlyMap<ClientState, ClientRows> = new Map(
  CLIENT_STATES.map((state) => {
    const transitions = CLIENT_TRANSITIONS.filter(({ from }) => from === state)
    const silent = CLIENT_IGNORED.filter((each) => each.in === state)
    return [
      state,
      new Map<ClientEvent, ClientRow | 'ignored'>([
        ...silent.map(({ on }) => [on, 'ignored'] as const),
        ...transitions.map((each) => [each.on, { ...each, isMove: isMove(each) }] as const),
      ]),
    ]
  }),
)

function isMove({ from, to, effects }: ClientTransition): boolean {
  return from !== to || effects.includes('begin_connection')
}

export type ClientRows = ReadonlyMap<ClientEvent, ClientRow | 'ignored'>

/** The rows of a state, by event. An event without one cannot happen in this state. */
export function clientRowsOf(state: ClientState): ClientRows {
  return ROWS.get(state) ?? NO_ROWS
}

const NO_ROWS: ClientRows = new Map()
