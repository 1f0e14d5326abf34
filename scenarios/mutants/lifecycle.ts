/** The other rows of the transition table: beginnings, ends, denials, and what a disconnect sets off. */
import type { Mutant } from './mutant.ts'

const TRANSITIONS = 'core/session/transitions.ts'
const SESSION = 'core/session/session.ts'

const LOSE =
  "const LOSE = ['stop_heartbeat', 'drop_proxy', 'start_grace', 'run_callback', 'tell_zone_disconnect'] as const"
const ENDED = "effects: ['drop_proxy', 'run_callback', 'leave_zone', ...END]"

export const LIFECYCLE_MUTANTS: readonly Mutant[] = [
  {
    name: 'request-never-times-out',
    source: 'design section 5: requestTimeout',
    sentence: 'Who opens connections and says nothing keeps them for ever.',
    edits: [
      {
        file: SESSION,
        find: "if (status === 'preconnect') {",
        replace: "if (status !== 'connected' && this.id < 0) {",
      },
    ],
  },
  {
    name: 'timed-out-request-not-closed',
    source: 'design section 5: requestTimeout closes with 4002',
    sentence: 'The provisional session is dropped, and its connection stays open and deaf.',
    edits: [
      {
        file: TRANSITIONS,
        find: "on: 'request_timeout', to: 'gone', effects: VANISH,",
        replace: "on: 'request_timeout', to: 'gone', effects: ['cancel_request_timer'],",
      },
    ],
  },
  {
    name: 'late-request-left-open',
    source: 'design section 5: a late request gets its own connection closed with 4501',
    sentence: 'Whose request came too late is left with an open connection that answers nothing.',
    edits: [
      {
        file: TRANSITIONS,
        find: "on: 'request_late',\n    to: 'gone',\n    effects: VANISH,",
        replace: "on: 'request_late',\n    to: 'gone',\n    effects: ['cancel_request_timer'],",
      },
    ],
  },
  {
    name: 'bad-token-not-denied',
    source: 'design section 5: session_denied bad_token',
    sentence: 'A client whose session has expired waits in vain for an answer, again and again.',
    edits: [{ file: TRANSITIONS, find: "effects: ['deny_bad_token'],", replace: 'effects: [],' }],
  },
  {
    name: 'no-session-not-denied',
    source: 'design section 5: any other message before a session is denied no_session',
    sentence: 'Who plays without a session is not told why nothing happens.',
    edits: [
      {
        file: TRANSITIONS,
        find: "to: 'preconnect', effects: ['deny_no_session'] }",
        replace: "to: 'preconnect', effects: [] }",
      },
    ],
  },
  {
    name: 'second-request-new-token',
    source: 'overworld-behaviour 7; design section 5: answered with the same id and token',
    sentence: 'Each repeated request issues another token, and the ones before it stay valid.',
    edits: [
      {
        file: TRANSITIONS,
        find: "to: 'connected', effects: TELL }",
        replace: "to: 'connected', effects: ['issue_token', ...TELL] }",
      },
      {
        file: 'core/session/credentials.ts',
        find: 'this.#tokens ??= this.#registry.issue(this.#session)',
        replace: 'this.#tokens = this.#registry.issue(this.#session)',
      },
    ],
  },
  {
    name: 'second-request-second-heartbeat',
    source: 'overworld-behaviour 7: every beacon twice from then on',
    sentence: 'After a repeated request each beacon comes twice.',
    edits: [
      {
        file: TRANSITIONS,
        find: "to: 'connected', effects: TELL }",
        replace: "to: 'connected', effects: [...TELL, 'start_heartbeat'] }",
      },
      {
        file: 'core/session/beacon-timer.ts',
        find: 'start(): void {\n    this.stop()\n',
        replace: 'start(): void {\n',
      },
    ],
  },
  {
    name: 'request-within-session-not-denied',
    source: 'design section 5: session_denied already_in_session',
    sentence: 'A request with a token over a connection that has a session is not answered.',
    edits: [
      {
        file: TRANSITIONS,
        find: "effects: ['deny_already_in_session'] }",
        replace: 'effects: [] }',
      },
    ],
  },
  {
    name: 'callback-twice',
    source: 'design section 5: disconnectCallback (once)',
    sentence: 'The game is told twice of one disconnect.',
    edits: [
      {
        file: TRANSITIONS,
        find: LOSE,
        replace:
          "const LOSE = ['stop_heartbeat', 'drop_proxy', 'start_grace', 'run_callback', 'run_callback', 'tell_zone_disconnect'] as const",
      },
    ],
  },
  {
    name: 'callback-after-zone',
    source: 'design section 5: status, timer, disconnectCallback, zone, in that order',
    sentence: 'The zone hears of the disconnect before the callback that was to prepare it.',
    edits: [
      {
        file: TRANSITIONS,
        find: LOSE,
        replace:
          "const LOSE = ['stop_heartbeat', 'drop_proxy', 'start_grace', 'tell_zone_disconnect', 'run_callback'] as const",
      },
    ],
  },
  {
    name: 'zone-not-told-of-disconnect',
    source: 'design section 5: entering disconnected tells the zone',
    sentence: 'The zone goes on as if the player were there.',
    edits: [
      {
        file: TRANSITIONS,
        find: LOSE,
        replace: "const LOSE = ['stop_heartbeat', 'drop_proxy', 'start_grace', 'run_callback'] as const",
      },
    ],
  },
  {
    name: 'ended-client-gets-grace',
    source: 'design section 5: the client ends it with 4000: gone, no grace',
    sentence: 'Who has left for good stays in the zone until the grace is over.',
    edits: [
      {
        file: 'core/session/guards.ts',
        find: "return code === CloseCode.ended ? 'client_ended' : 'connection_closed'",
        replace: "return code === CloseCode.ended ? 'connection_closed' : 'connection_closed'",
      },
    ],
  },
  {
    name: 'ended-client-leaves-ghost',
    source: 'socket.io #4380: a ghost is left behind; design section 5: zone part with `ended`',
    sentence: 'The session of a client that ended it is gone, and the zone keeps it as a member.',
    edits: [{ file: TRANSITIONS, find: ENDED, replace: "effects: ['drop_proxy', 'run_callback', ...END]" }],
  },
  {
    name: 'ended-client-no-callback',
    source: 'design section 5: gone: callback, zone part with `ended`',
    sentence: 'The game is not told that a client has ended its session.',
    edits: [{ file: TRANSITIONS, find: ENDED, replace: "effects: ['drop_proxy', 'leave_zone', ...END]" }],
  },
  {
    name: 'stop-runs-callback',
    source: 'design section 5: stop: no callback',
    sentence: 'The game is told of a disconnect that it has ordered itself.',
    edits: [
      {
        file: TRANSITIONS,
        find: "const STOP = ['leave_zone', 'drop_proxy', ...END] as const",
        replace: "const STOP = ['leave_zone', 'drop_proxy', 'run_callback', ...END] as const",
      },
    ],
  },
  {
    name: 'stop-keeps-token',
    source: 'design section 5: stop: token revoked',
    sentence: 'The token of a stopped session is never freed.',
    edits: [
      {
        file: TRANSITIONS,
        find: "const STOP = ['leave_zone', 'drop_proxy', ...END] as const",
        replace: "const STOP = ['leave_zone', 'drop_proxy', 'stop_heartbeat', 'cancel_grace'] as const",
      },
    ],
  },
  {
    name: 'stop-does-not-close',
    source: 'design section 5: stop: proxy closed with 4500',
    sentence: 'A session is stopped, and its client is never told.',
    edits: [
      {
        file: TRANSITIONS,
        find: "on: 'stop',\n    to: 'gone',\n    effects: STOP,\n    closes: CloseCode.stopped,",
        replace: "on: 'stop',\n    to: 'gone',\n    effects: STOP,",
      },
      {
        file: TRANSITIONS,
        find: "on: 'stop', to: 'gone', effects: VANISH, closes: CloseCode.stopped }",
        replace: "on: 'stop', to: 'gone', effects: VANISH }",
      },
    ],
  },
  {
    name: 'stop-while-away-leaves-ghost',
    source: 'design section 5: any, stop: zone part with `stopped`',
    sentence: 'A session that is stopped while it is disconnected stays a member of its zone.',
    edits: [
      {
        file: TRANSITIONS,
        find: "const STOP_AWAY = ['leave_zone', ...END] as const",
        replace: 'const STOP_AWAY = [...END] as const',
      },
    ],
  },
  {
    name: 'stop-while-away-keeps-timer',
    source: 'design section 5, trap: a token or timer is never freed',
    sentence: 'The beacons of a stopped session go on for ever.',
    edits: [
      {
        file: TRANSITIONS,
        find: "const END = ['stop_heartbeat', 'cancel_grace', 'revoke_tokens'] as const",
        replace: "const END = ['cancel_grace', 'revoke_tokens'] as const",
      },
    ],
  },
  {
    name: 'drop-does-not-close',
    source: 'design section 5: a call disconnects; the proxy is let go',
    sentence: 'The server lets a session go, and the client goes on to talk to nobody.',
    edits: [
      {
        file: TRANSITIONS,
        find: "on: 'disconnect_called',\n    to: 'disconnected',\n    effects: LOSE,\n    closes: CloseCode.normal,",
        replace: "on: 'disconnect_called',\n    to: 'disconnected',\n    effects: LOSE,\n    tells: CloseCode.normal,",
      },
      {
        file: TRANSITIONS,
        find: "on: 'disconnect_called', to: 'gone', effects: VANISH, closes: CloseCode.normal }",
        replace: "on: 'disconnect_called', to: 'gone', effects: VANISH }",
      },
    ],
  },
  {
    name: 'lost-connection-ends-session',
    source: 'design section 1: the connection may break; the session lives on',
    sentence: 'A connection breaks, and the session is over.',
    edits: [
      {
        file: TRANSITIONS,
        find: "on: 'connection_closed', to: 'disconnected', effects: LOSE, counts: LOST }",
        replace:
          "on: 'connection_closed', to: 'gone', effects: ['drop_proxy', 'run_callback', 'leave_zone', ...END], parts: 'ended' }",
      },
    ],
  },
  {
    name: 'first-beacon-forgotten',
    source: 'design section 5: session_new, a beacon',
    sentence: 'Whoever begins a session waits up to a second for the first sign that the connection lives.',
    edits: [
      {
        file: TRANSITIONS,
        find: "'issue_token', ...TELL, 'start_heartbeat', 'send_beacon'] as const\n/** A session without trace",
        replace: "'issue_token', ...TELL, 'start_heartbeat'] as const\n/** A session without trace",
      },
    ],
  },
  {
    name: 'flooding-client-stays-away',
    source: 'design section 7: 40xx, the client may come back; a wrong code in a column',
    sentence: 'A client that sent too much in a second is told never to come back.',
    edits: [
      {
        file: TRANSITIONS,
        find: 'effects: LOSE,\n    closes: CloseCode.tooMany,',
        replace: 'effects: LOSE,\n    closes: CloseCode.badTokens,',
      },
    ],
  },
  {
    name: 'second-drop-starts-the-grace-anew',
    source: 'design section 5: disconnectTimeout after this disconnect; an ignored pair that does something',
    sentence: 'A game calls disconnect() on a session that is away, and its client gets all of the time once more.',
    edits: [
      {
        file: TRANSITIONS,
        find: "  {\n    from: 'disconnected',\n    on: 'disconnect_called',\n    because: 'The program calls `disconnect()` on a session that has lost its connection before. It goes on waiting.',\n  },\n",
        replace: '',
      },
      {
        file: TRANSITIONS,
        find: "  { from: 'disconnected', on: 'stop',",
        replace:
          "  { from: 'disconnected', on: 'disconnect_called', to: 'disconnected', effects: ['cancel_grace', 'start_grace'] },\n  { from: 'disconnected', on: 'stop',",
      },
    ],
  },
]
