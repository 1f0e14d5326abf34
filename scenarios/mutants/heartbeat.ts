/** Beacons, pings, pongs, and noticing that nothing is heard. */
import type { Mutant } from './mutant.ts'

const TABLE = 'core/client/client-table.ts'

const SESSION = 'core/session/session.ts'
const SLOT = 'core/session/proxy-slot.ts'
const HEARTBEAT = 'core/session/heartbeat.ts'
const BEACONS = 'core/session/beacon-timer.ts'
const LIVENESS = 'core/liveness.ts'

export const HEARTBEAT_MUTANTS: readonly Mutant[] = [
  {
    name: 'heartbeat-survives-disconnect',
    source: 'phoenix #3083: a pending heartbeat survives the reconnect; design section 5, trap: a timer is never freed',
    sentence: 'The beacons of a session go on after it is gone.',
    edits: [{ file: SLOT, find: '    this.#beaconTimer.stop()\n', replace: '' }],
  },
  {
    name: 'sign-of-life-ignored',
    source: 'ENet at 10 % loss and 300 ms: connections given up because only messages counted',
    sentence: 'A client whose messages wait for a lost one is given up, although its acknowledgements come in.',
    edits: [{ file: 'core/session/client-input.ts', find: '      this.#current()?.heard()\n', replace: '' }],
  },
  {
    name: 'sign-of-life-ignored-by-client',
    source: 'ENet at 10 % loss and 300 ms: connections given up because only messages counted',
    sentence: 'A client gives its connection up while a message is sent again, although its server acknowledges.',
    edits: [
      {
        file: TABLE,
        find: "'alive', undefined, ['stop_sign', 'note_life']),",
        replace: "'alive', undefined, ['stop_sign']),",
      },
    ],
  },
  {
    name: 'two-heartbeats',
    source: 'phoenix #3083; overworld-behaviour 7',
    sentence: 'After a takeover each beacon comes twice.',
    edits: [{ file: BEACONS, find: 'start(): void {\n    this.stop()\n', replace: 'start(): void {\n' }],
  },
  {
    name: 'beacons-not-forgotten',
    source: 'design section 5, Tokens: a change of connection forgets earlier beacons',
    sentence: 'An answer to a beacon of the old connection proves a token that the client may not have.',
    edits: [{ file: SLOT, find: '    this.#heartbeat.forget()\n', replace: '' }],
  },
  {
    name: 'only-the-last-beacon-counts',
    source: 'socket.io #5282: state pruned past what a client needs; design section 5: the last 25 beacons count',
    sentence: 'Over a slow link no answer is ever accepted: no latency, and the old token never dies.',
    edits: [{ file: HEARTBEAT, find: 'const REMEMBERED = 25', replace: 'const REMEMBERED = 1' }],
  },
  {
    name: 'beacon-answered-twice',
    source: 'design section 5: unknown or repeated ids change nothing',
    sentence: 'A repeated answer makes the latency grow without bounds.',
    edits: [
      {
        file: HEARTBEAT,
        find: 'if (sentAt === undefined) return undefined\n    this.#sentAt.delete(id)\n',
        replace: 'if (sentAt === undefined) return undefined\n',
      },
    ],
  },
  {
    name: 'unknown-ping-answered',
    source: 'overworld-behaviour 6: a ping with an unknown id is answered with a nonsense latency',
    sentence: 'A client that makes up an id is told a latency of hours.',
    edits: [
      {
        file: HEARTBEAT,
        find: 'if (sentAt === undefined) return undefined\n',
        replace: 'if (sentAt === undefined) return Math.round(now)\n',
      },
    ],
  },
  {
    name: 'beacons-all-at-once',
    source: 'design section 5: each second every connected session gets a beacon',
    sentence:
      'The next beacon comes a second after the answer to a timer, and the phase is lost: one of them is skipped.',
    edits: [
      {
        file: BEACONS,
        find: 'untilPhaseMs < 1 ? untilPhaseMs + intervalMs : untilPhaseMs',
        replace: 'untilPhaseMs + intervalMs',
      },
    ],
  },
  {
    name: 'half-open-never-found',
    source: 'design section 5: this finds half-open connections',
    sentence: 'A connection that went silent is kept for ever.',
    edits: [
      {
        file: SLOT,
        find: 'this.#beaconTimer.start()\n    this.#liveness.start()',
        replace: 'this.#beaconTimer.start()',
      },
    ],
  },
  {
    name: 'only-pings-count-as-life',
    source: 'socket.io #5523: only pongs count as life; design section 5: nothing at all (malformed counts too)',
    sentence: 'A client that talks all the time and whose beacons are lost is given up.',
    edits: [
      {
        file: 'core/session/client-input.ts',
        find: '    session.heard()\n    if (!this.#limitRate',
        replace: '    if (bytes[1] === 100) session.heard()\n    if (!this.#limitRate',
      },
    ],
  },
  {
    name: 'keep-alive-grows',
    source: 'hbmqtt #220: the keep-alive grows with each reconnect',
    sentence: 'Each time that a session comes back, its silence is tolerated twice as long.',
    edits: [
      { file: LIVENESS, find: 'readonly #timeoutMs: number', replace: '#timeoutMs: number' },
      {
        file: LIVENESS,
        find: '    this.heard()\n',
        replace: '    if (this.#heardAt > 0) this.#timeoutMs *= 2\n    this.heard()\n',
      },
    ],
  },
  {
    name: 'liveness-waits-for-the-close',
    source: 'design section 5: without waiting for a close handshake',
    sentence: 'A silent connection is asked to close, and the session is disconnected when that has come to an end.',
    edits: [
      {
        file: SESSION,
        find: "this.apply('liveness_timeout')",
        replace: 'if (this.proxy instanceof ClientLink) this.proxy.close(CloseCode.livenessTimeout)',
      },
    ],
  },
  {
    name: 'liveness-from-the-first-message',
    source: 'ably-java #220, in terms of liveness; design section 5',
    sentence: 'The silence is counted from the beginning of the connection: nobody stays longer than the timeout.',
    edits: [
      {
        file: LIVENESS,
        find: 'const silentUntil = Math.max(this.#heardAt, this.#since) + this.#timeoutMs',
        replace: 'const silentUntil = this.#deadline',
      },
    ],
  },
  {
    name: 'pause-throws-everybody-out',
    source: 'design section 5: a server that was itself paused must not disconnect everybody',
    sentence: 'A long garbage collection of the server, and all clients are thrown out.',
    edits: [
      {
        file: LIVENESS,
        find: 'const isLate = now - this.#deadline > PAUSE_MS',
        replace: 'const isLate = now - this.#deadline === Infinity',
      },
    ],
  },
  {
    name: 'late-client-never-notices',
    source: 'workadventure PR #1439: a hidden tab, whose checks are always late',
    sentence: 'A hidden tab believes in its dead connection for as long as it is hidden.',
    edits: [
      {
        file: LIVENESS,
        find: 'if (isLate && this.#heardAt >= this.#since) {',
        replace: 'if (isLate && (this.#parts.afterWaitingInput === undefined || this.#heardAt >= this.#since)) {',
      },
    ],
  },
  {
    name: 'late-server-never-notices',
    source: 'design section 5: this finds half-open connections, also where the event loop lags',
    sentence: 'On a server whose timers are always late, dead connections stay for ever.',
    edits: [
      {
        file: LIVENESS,
        find: 'if (isLate && this.#heardAt >= this.#since) {',
        replace: 'if (isLate && (this.#parts.afterWaitingInput !== undefined || this.#heardAt >= this.#since)) {',
      },
    ],
  },
  {
    name: 'beacon-interval-ignored',
    source: 'core/options.ts: beaconIntervalMs',
    sentence: 'Beacons come each second, whatever the interval that the server was given.',
    edits: [{ file: BEACONS, find: '    this.#intervalMs = intervalMs\n', replace: '    this.#intervalMs = 1_000\n' }],
  },
  {
    name: 'beacons-unsequenced',
    source: 'design section 5: beacons, pings and session_new are reliable on channel 0',
    sentence:
      'To spare the line, the protocol speaks unsequenced: a beacon overtakes the session_new that it is to prove.',
    edits: [
      {
        file: SLOT,
        find: 'if (this.#proxy instanceof ClientLink) this.#proxy.send(outgoing)',
        replace:
          "if (this.#proxy instanceof ClientLink) this.#proxy.send(outgoing, { mode: 'unsequenced', channel: 0 })",
      },
    ],
  },
  {
    name: 'beacons-in-step',
    source: 'design section 5: phases spread over the second by session id',
    sentence: 'All clients get their beacons in the same millisecond, and answer all at once.',
    edits: [
      {
        file: BEACONS,
        find: 'this.#phaseMs = (ordinal * Math.round(PHASE_STEP * this.#intervalMs)) % this.#intervalMs',
        replace: 'this.#phaseMs = (Math.sign(ordinal) * Math.round(PHASE_STEP * this.#intervalMs)) % this.#intervalMs',
      },
    ],
  },
]
