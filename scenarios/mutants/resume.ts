/** Resume: a session comes back over a new connection. */
import type { Mutant } from './mutant.ts'

const TRANSITIONS = 'core/session/transitions.ts'
const SESSION = 'core/session/session.ts'
const SLOT = 'core/session/proxy-slot.ts'
const GRACE = 'core/session/grace.ts'

const COME_BACK =
  "const COME_BACK = ['rotate_token', ...TELL, 'start_heartbeat', 'send_beacon', 'tell_zone_reconnect'] as const"

export const RESUME_MUTANTS: readonly Mutant[] = [
  {
    name: 'grace-not-cancelled',
    source: 'design section 5, trap; overworld-behaviour 2: the timer of an earlier disconnect kills a session',
    sentence: 'The grace goes on to run after the session has come back.',
    edits: [
      {
        file: TRANSITIONS,
        find: "effects: ['cancel_grace', 'adopt_proxy', ...COME_BACK]",
        replace: "effects: ['adopt_proxy', ...COME_BACK]",
      },
    ],
  },
  {
    name: 'stale-grace-timer',
    source: 'overworld-behaviour 2: the timer of an earlier disconnect kills a session that dropped again',
    sentence: 'The timer of the first disconnect ends a session in its second one.',
    edits: [{ file: GRACE, find: 'cancel(): void {\n    this.#timer?.cancel()\n', replace: 'cancel(): void {\n' }],
  },
  {
    name: 'zone-before-session-new',
    source: 'design section 5, trap; colyseus #927',
    sentence: "The zone's messages reach the client before it knows that it is back.",
    edits: [
      {
        file: TRANSITIONS,
        find: COME_BACK,
        replace:
          "const COME_BACK = ['rotate_token', 'tell_zone_reconnect', ...TELL, 'start_heartbeat', 'send_beacon'] as const",
      },
    ],
  },
  {
    name: 'beacon-before-session-new',
    source: 'design section 5, Resume: session_new before any other message',
    sentence: 'A beacon reaches the client before it knows that it is back: its answer proves nothing.',
    edits: [
      {
        file: TRANSITIONS,
        find: COME_BACK,
        replace:
          "const COME_BACK = ['rotate_token', 'start_heartbeat', 'send_beacon', ...TELL, 'tell_zone_reconnect'] as const",
      },
    ],
  },
  {
    name: 'new-token-not-told',
    source: 'design section 5, trap; overworld-behaviour 2: the rotated token is never sent',
    sentence: 'The session is resumed, and its client is not told.',
    edits: [
      {
        file: TRANSITIONS,
        find: COME_BACK,
        replace: "const COME_BACK = ['rotate_token', 'start_heartbeat', 'send_beacon', 'tell_zone_reconnect'] as const",
      },
    ],
  },
  {
    name: 'no-beacon-after-resume',
    source: 'design section 5, Resume: followed at once by a beacon',
    sentence: 'The first beacon of a resumed session comes up to a second late, and so does the proof of the token.',
    edits: [
      {
        file: TRANSITIONS,
        find: COME_BACK,
        replace: "const COME_BACK = ['rotate_token', ...TELL, 'start_heartbeat', 'tell_zone_reconnect'] as const",
      },
    ],
  },
  {
    name: 'zone-not-told-of-return',
    source: "design section 5, Resume: then the zone's handleReconnect runs",
    sentence: 'The player is back, and the zone still believes that nobody is there.',
    edits: [
      {
        file: TRANSITIONS,
        find: COME_BACK,
        replace: "const COME_BACK = ['rotate_token', ...TELL, 'start_heartbeat', 'send_beacon'] as const",
      },
    ],
  },
  {
    name: 'proxy-not-replaced',
    source: 'overworld-behaviour 2: the old session never gets the new proxy',
    sentence: 'A resumed session has no connection: it receives nothing, and dies at its timeout.',
    edits: [
      {
        file: SLOT,
        find: 'this.#proxy = proxy\n    this.#latency = undefined',
        replace: 'this.#latency = undefined',
      },
    ],
  },
  {
    name: 'old-close-hits-resumed-session',
    source: 'design section 5, trap; phoenix #1615; centrifuge-csharp #21; overworld-behaviour 2',
    sentence: 'The late close of the old connection disconnects the session that has moved on to a new one.',
    edits: [{ file: SLOT, find: '      proxy.release()\n', replace: '' }],
  },
  {
    name: 'provisional-session-stays',
    source: 'design section 5, Resume: the provisional session is dropped without trace',
    sentence: 'The provisional session of the new connection lives on, and its request timer closes that connection.',
    edits: [
      {
        file: TRANSITIONS,
        find: "{ from: 'preconnect', on: 'request_resume', to: 'gone', effects: VANISH }",
        replace: "{ from: 'preconnect', on: 'request_resume', to: 'preconnect', effects: [] }",
      },
    ],
  },
  {
    name: 'unproven-session-not-kept',
    source: 'socket.io #5538: no recovery if no event was seen yet',
    sentence: 'A session whose connection breaks before its first beacon was answered cannot be resumed.',
    edits: [
      {
        file: SESSION,
        find: "case 'start_grace':\n",
        replace: "case 'start_grace':\n        if (this.latency === undefined) this.#grace.setTimeout(0)\n",
      },
    ],
  },
  {
    name: 'second-drop-waits-for-ever',
    source: 'design section 5, trap: a second drop during resume',
    sentence: 'A session that is lost again before the proof of its token never expires.',
    edits: [
      {
        file: SESSION,
        find: "case 'start_grace':\n",
        replace: "case 'start_grace':\n        if (this.#credentials.hasPrevious) return\n",
      },
      {
        file: 'core/session/credentials.ts',
        find: '  revoke(): void {\n',
        replace:
          '  get hasPrevious(): boolean {\n    return this.#tokens?.previous !== undefined\n  }\n\n  revoke(): void {\n',
      },
    ],
  },
  {
    name: 'seat-freed-before-return',
    source: 'colyseus #678, #726: seats freed before, or counted after, an asynchronous step',
    sentence: 'A session that comes back loses its place in the zone on the way.',
    edits: [
      {
        file: TRANSITIONS,
        find: "effects: ['cancel_grace', 'adopt_proxy', ...COME_BACK]",
        replace: "effects: ['cancel_grace', 'leave_zone', 'adopt_proxy', ...COME_BACK]",
      },
    ],
  },
]
