/** Limits and draining: who is turned away, who never is, and that everything comes to an end. */
import type { Mutant } from './mutant.ts'

const SERVER = 'core/server.ts'
const LINK = 'core/session/client-link.ts'
const SESSIONS = 'core/session/sessions.ts'
const CONNECTIONS = 'core/session/connections.ts'

export const LIMIT_MUTANTS: readonly Mutant[] = [
  {
    name: 'full-refuses-resume',
    source: 'design section 7: a resume is never refused for fullness; colyseus #678: seats freed before an async step',
    sentence: 'Who lost the connection to a full server is not let back to the own session.',
    edits: [
      {
        file: 'core/session/guards.ts',
        find: 'if (!hasToken) return NEW_REQUEST[admission]',
        replace: "if (!hasToken || admission === 'full') return NEW_REQUEST[admission]",
      },
    ],
  },
  {
    name: 'one-seat-too-many',
    source: 'colyseus #726: seats counted after an async step; design section 7: 4010',
    sentence: 'A full server takes one more.',
    edits: [
      {
        file: SESSIONS,
        find: 'if (this.established < sessions) return { hasPlace: true }',
        replace: 'if (this.established <= sessions) return { hasPlace: true }',
      },
    ],
  },
  {
    name: 'seat-of-the-absent-given-away',
    source: 'colyseus #678: seats freed too early; design section 7: 4010',
    sentence: 'The places of those who are disconnected are given to others: when they are back there are too many.',
    edits: [
      {
        file: SESSIONS,
        find: 'if (this.established < sessions) return { hasPlace: true }',
        replace: "if (this.countIn('connected') < sessions) return { hasPlace: true }",
      },
    ],
  },
  {
    name: 'crowded-address-keeps-its-places',
    source: 'one address with 10,000 sessions in grace, and nobody else could begin one',
    sentence: 'Sessions in grace of one address fill the server, and clients of other addresses are closed with 4010.',
    edits: [
      {
        file: SESSIONS,
        find: 'return { hasPlace: giver !== undefined, giver }',
        replace: 'return { hasPlace: false, giver }',
      },
    ],
  },
  {
    name: 'own-address-gives-its-places',
    source: 'one address with 10,000 sessions in grace, and nobody else could begin one',
    sentence: 'A client of the most crowded address ends sessions of others who wait there.',
    edits: [
      {
        file: 'core/session/address-ledger.ts',
        find: 'if (most <= this.countOf(address) + 1) return undefined',
        replace: 'if (most < 1) return undefined',
      },
    ],
  },
  {
    name: 'place-given-and-not-told',
    source: 'one address with 10,000 sessions in grace, and nobody else could begin one',
    sentence: 'A session that gave its place stays a member of its zone.',
    edits: [
      {
        file: 'core/session/transitions.ts',
        find: "on: 'place_given',\n    to: 'gone',\n    effects: ['leave_zone', ...END]",
        replace: "on: 'place_given',\n    to: 'gone',\n    effects: [...END]",
      },
    ],
  },
  {
    name: 'provisional-takes-a-seat',
    source: 'colyseus #726; design section 7: full: new sessions only, after session_request',
    sentence: 'Connections that have asked for nothing fill the server up.',
    edits: [
      {
        file: SESSIONS,
        find: 'if (this.established < sessions) return { hasPlace: true }',
        replace: 'if (this.size <= sessions) return { hasPlace: true }',
      },
    ],
  },
  {
    name: 'rate-counted-for-ever',
    source: 'design section 7: too many messages a second',
    sentence: 'The messages of a connection are counted from its beginning: whoever stays long enough is closed.',
    edits: [{ file: 'core/connection/rate-limit.ts', find: '      this.#windowMessages = 0\n', replace: '' }],
  },
  {
    name: 'bytes-counted-for-ever',
    source: 'a server whose rate of bytes had no window',
    sentence: 'The bytes of a connection are counted from its beginning: a client that stays long enough is closed.',
    edits: [{ file: 'core/connection/rate-limit.ts', find: '      this.#windowBytes = 0\n', replace: '' }],
  },
  {
    name: 'bytes-not-limited',
    source: 'a chat whose talker sent lines of 60 KB, and everybody else lost the connection',
    sentence: 'A connection may send as many bytes in a second as it likes, if the messages are few.',
    edits: [
      {
        file: 'core/connection/rate-limit.ts',
        find: 'if (this.#windowBytes > bytesPerSecond) {',
        replace: 'if (this.#windowBytes > Infinity) {',
      },
    ],
  },
  {
    name: 'flood-accepted',
    source: 'overworld-behaviour 11: no message limit; design section 7: 4007',
    sentence: 'A connection may send as much as it likes.',
    edits: [
      {
        file: 'core/connection/rate-limit.ts',
        find: 'if (++this.#windowMessages > messagesPerSecond) {',
        replace: 'if (++this.#windowMessages > Infinity) {',
      },
    ],
  },
  {
    name: 'flood-ends-the-session',
    source: 'design section 7: 40xx, the client may come back',
    sentence: 'Who sent too much in a second loses the session, not only the connection.',
    edits: [
      {
        file: LINK,
        find: 'this.#parts.turns.ask(() => this.#session?.apply(fault))',
        replace:
          "this.#parts.turns.ask(() => (fault === 'too_many_messages' ? this.#session?.stop() : this.#session?.apply(fault)))",
      },
    ],
  },
  {
    name: 'drain-takes-new-sessions',
    source: 'design section 7: drain; Kubernetes rolling updates send traffic to pods that end',
    sentence: 'A draining server goes on to start sessions, and then stops them all.',
    edits: [
      { file: 'core/session/guards.ts', find: "  if (!isRunning) return 'draining'\n", replace: '  void isRunning\n' },
    ],
  },
  {
    name: 'drain-takes-new-connections',
    source: 'design section 7: new connections are refused with 4009',
    sentence: 'Clients go on to connect to a server that is about to end.',
    edits: [
      {
        file: CONNECTIONS,
        find: 'if (this.#isDraining()) return {',
        replace: 'if (this.#isDraining() && this.#links.size === 0) return {',
      },
    ],
  },
  {
    name: 'drain-refuses-resume',
    source: 'design section 7: drain: resumes on open ones accepted',
    sentence: 'Who lost the connection just before the update loses the session too.',
    edits: [
      {
        file: 'core/session/guards.ts',
        find: 'if (!hasToken) return NEW_REQUEST[admission]',
        replace: "if (!hasToken || admission === 'draining') return NEW_REQUEST[admission]",
      },
    ],
  },
  {
    name: 'drain-waits-for-ever',
    source: 'design section 7: after drainMs every session is stopped',
    sentence: 'One player who stays holds the update up for ever.',
    edits: [
      {
        file: SERVER,
        find: "this.#drainTimer = this.shell.setTimer(DRAIN, drainMs, () => this.#stop('drain_over'))",
        replace: 'this.#drainTimer = this.shell.setTimer(DRAIN, drainMs, () => {})',
      },
    ],
  },
  {
    name: 'drain-does-not-wait',
    source: 'design section 7: after drainMs every session is stopped',
    sentence: 'The match that only had to be finished is cut off.',
    edits: [
      {
        file: SERVER,
        find: 'if (this.sessions.established === 0 || drainMs === 0)',
        replace: 'if (this.sessions.established === 0 || drainMs < 4_000)',
      },
    ],
  },
  {
    name: 'drain-forgets-the-absent',
    source: 'design section 7: every session is stopped; afterwards no timer, token, session or socket remains',
    sentence: 'Sessions that are disconnected when the time is over are not stopped, and their zones are never told.',
    edits: [
      {
        file: SERVER,
        find: 'for (const session of this.sessions) session.apply(event)',
        replace: "for (const session of this.sessions) if (session.status !== 'disconnected') session.apply(event)",
      },
    ],
  },
  {
    name: 'drained-for-good',
    source: 'design section 7: stopped with 4009, after which the client may come back',
    sentence: 'Who was stopped by an update is told never to come back.',
    edits: [
      {
        file: 'core/session/transitions.ts',
        find: 'effects: STOP,\n    closes: CloseCode.draining,',
        replace: 'effects: STOP,\n    closes: CloseCode.stopped,',
      },
      {
        file: 'core/session/transitions.ts',
        find: "on: 'drain_over', to: 'gone', effects: VANISH, closes: CloseCode.draining }",
        replace: "on: 'drain_over', to: 'gone', effects: VANISH, closes: CloseCode.stopped }",
      },
    ],
  },
  {
    name: 'stopped-for-good',
    source: 'actionhero #533, socket.io-client #627: a shutdown looks like being thrown out',
    sentence: 'A server that is restarted tells all of its players never to come back.',
    edits: [
      {
        file: 'core/session/transitions.ts',
        find: 'effects: STOP,\n    closes: CloseCode.restarting,',
        replace: 'effects: STOP,\n    closes: CloseCode.stopped,',
      },
      {
        file: 'core/session/transitions.ts',
        find: "on: 'server_stop', to: 'gone', effects: VANISH, closes: CloseCode.restarting }",
        replace: "on: 'server_stop', to: 'gone', effects: VANISH, closes: CloseCode.stopped }",
      },
    ],
  },
  {
    name: 'drain-does-not-see-the-last-go',
    source: 'design section 7: waits for the sessions to end',
    sentence: 'The server stays until its time is over, although everybody has gone.',
    edits: [
      {
        file: SERVER,
        find: "if (session.status === 'gone' && this.#phase === 'draining' && this.sessions.established === 0) {",
        replace: "if (session.status === 'gone' && this.#phase === 'draining' && this.sessions.size < 0) {",
      },
    ],
  },
  {
    name: 'drain-timer-left-behind',
    source: 'design section 7: afterwards no timer remains; colyseus #285: expired timeouts never deleted',
    sentence: 'The server that ended early is kept alive by the timer that should have ended it.',
    edits: [
      {
        file: SERVER,
        find: "      this.#phase = 'stopped'\n      this.#drainTimer?.cancel()\n",
        replace: "      this.#phase = 'stopped'\n",
      },
    ],
  },
]
