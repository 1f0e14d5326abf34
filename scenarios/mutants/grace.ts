/** The grace: how long a session outlives its connection. */
import type { Mutant } from './mutant.ts'

const TRANSITIONS = 'core/session/transitions.ts'
const GRACE = 'core/session/grace.ts'

export const GRACE_MUTANTS: readonly Mutant[] = [
  {
    name: 'grace-from-connect',
    source: 'design section 5, trap; ably-java #220: a deadline is measured from connect, not from disconnect',
    sentence: 'Who played for longer than the grace has none.',
    edits: [
      {
        file: GRACE,
        find: '  #timer: Timer | undefined\n',
        replace: '  #timer: Timer | undefined\n  #connectedAt: number\n',
      },
      {
        file: GRACE,
        find: '    this.#onOver = onOver\n',
        replace: '    this.#onOver = onOver\n    this.#connectedAt = parts.turns.now\n',
      },
      { file: GRACE, find: 'this.#since = this.#parts.turns.now', replace: 'this.#since = this.#connectedAt' },
      {
        file: GRACE,
        find: '    this.#since = undefined\n',
        replace: '    this.#since = undefined\n    this.#connectedAt = this.#parts.turns.now\n',
      },
    ],
  },
  {
    name: 'timeout-not-told',
    source: 'design section 5, trap; overworld-behaviour 8: the client is never removed from the zone',
    sentence: 'The session ends after its grace, and the zone keeps its ghost.',
    edits: [
      {
        file: TRANSITIONS,
        find: "on: 'grace_over',\n    to: 'gone',\n    effects: ['leave_zone', ...END]",
        replace: "on: 'grace_over',\n    to: 'gone',\n    effects: [...END]",
      },
    ],
  },
  {
    name: 'expired-session-keeps-token',
    source: 'design section 5: disconnectTimeout revokes the token; colyseus #285',
    sentence: 'The token of an expired session is never freed.',
    edits: [
      {
        file: TRANSITIONS,
        find: "on: 'grace_over',\n    to: 'gone',\n    effects: ['leave_zone', ...END]",
        replace: "on: 'grace_over',\n    to: 'gone',\n    effects: ['leave_zone', 'stop_heartbeat', 'cancel_grace']",
      },
    ],
  },
  {
    name: 'no-grace-timer',
    source: 'overworld-behaviour 8, 9',
    sentence: 'A session that was lost waits for its client for ever.',
    edits: [
      {
        file: TRANSITIONS,
        find: "const LOSE = ['stop_heartbeat', 'drop_proxy', 'start_grace',",
        replace: "const LOSE = ['stop_heartbeat', 'drop_proxy',",
      },
    ],
  },
  {
    name: 'new-timeout-counts-from-now',
    source: 'design section 5: the deadline becomes disconnect time + new value',
    sentence: 'Each change of disconnectTimeout starts the grace anew.',
    edits: [
      {
        file: GRACE,
        find: 'this.#timer?.cancel()\n    this.#arm(this.#since)',
        replace: 'this.#timer?.cancel()\n    this.#arm(this.#parts.turns.now)',
      },
    ],
  },
  {
    name: 'new-timeout-ignored-while-away',
    source: 'design section 5: set while disconnected',
    sentence: 'A disconnectTimeout that is set while the session is disconnected has no effect on this disconnect.',
    edits: [
      {
        file: GRACE,
        find: '    if (this.#since === undefined) return\n    this.#timer?.cancel()\n    this.#arm(this.#since)\n',
        replace: '',
      },
    ],
  },
  {
    name: 'two-grace-timers',
    source: 'design section 5: a token or timer is never freed',
    sentence: 'When the deadline is moved, the timer of the old one still fires.',
    edits: [
      {
        file: GRACE,
        find: 'if (this.#since === undefined) return\n    this.#timer?.cancel()\n',
        replace: 'if (this.#since === undefined) return\n',
      },
    ],
  },
  {
    name: 'past-deadline-waits',
    source: 'design section 5: at once if that is past',
    sentence: 'A deadline that is moved into the past is never met.',
    edits: [
      {
        file: GRACE,
        find: 'if (remainingMs <= 0) this.#timer = this.#askToEnd()',
        replace: 'if (remainingMs === 0) this.#timer = this.#askToEnd()\n    else if (remainingMs < 0) return',
      },
    ],
  },
  {
    name: 'zero-timeout-is-default',
    source: 'design section 5: 0 = at once; `||` where `??` was meant',
    sentence: 'A server that wants no grace gets five seconds.',
    edits: [
      {
        file: 'core/options.ts',
        find: 'given.disconnectTimeout ?? defaults.disconnectTimeout ?? 5_000',
        replace: '(given.disconnectTimeout ?? defaults.disconnectTimeout) || 5_000',
      },
    ],
  },
  {
    name: 'zero-timeout-waits-for-a-timer',
    source: 'design section 5: disconnectTimeout 0: disconnect and expiry in the same turn, without a timer',
    sentence: 'Without a grace a session can still be resumed in the millisecond of its end.',
    edits: [{ file: GRACE, find: 'if (remainingMs <= 0)', replace: 'if (remainingMs < 0)' }],
  },
  {
    name: 'never-is-at-once',
    source: "design section 4: delays beyond 2^31-1 ms; Node's timers overflow to 1 ms",
    sentence: 'A session that should wait for ever is gone after a millisecond.',
    edits: [
      {
        file: 'core/turns/shell.ts',
        find: 'if (delayMs === Infinity) return undefined',
        replace: 'if (delayMs > 0x7fff_ffff) return this.setTimer(owner, 1, fire)',
      },
    ],
  },
  {
    name: 'overdue-grace-before-waiting-input',
    source: 'design section 5, Latency and liveness: overdue grace timers run only after waiting input has been read',
    sentence:
      'A server that was paused ends the sessions of clients whose request to come back was waiting to be read.',
    edits: [
      {
        file: 'core/turns/deadline.ts',
        find: 'if (shell.now <= deadline) onOver()',
        replace: 'if (shell.now <= deadline || deadline > 0) onOver()',
      },
    ],
  },
  {
    name: 'never-while-away-comes-too-late',
    source: 'design section 5: Infinity: no timer; set while disconnected',
    sentence:
      'A game tells the server to wait for ever for somebody who is away, and the old deadline counts all the same.',
    edits: [
      {
        file: GRACE,
        find: '    if (this.#since === undefined) return\n    this.#timer?.cancel()\n',
        replace: '    if (this.#since === undefined || timeoutMs === Infinity) return\n    this.#timer?.cancel()\n',
      },
    ],
  },
]
