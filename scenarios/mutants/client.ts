/** The client's policy (design section 8). */
import type { Mutant } from './mutant.ts'

const ROOMS = 'core/client/client-rooms.ts'
const GUARDS = 'core/client/client-guards.ts'
const CLIENT = 'core/client/client.ts'
const TABLE = 'core/client/client-table.ts'
const REQUESTS = 'core/client/session-requests.ts'
const DIALLING = 'core/client/dialling.ts'
const EFFECTS = 'core/client/client-effects.ts'

const KEEPER = 'core/client/session-keeper.ts'

export const CLIENT_MUTANTS: readonly Mutant[] = [
  {
    name: 'client-keeps-old-token',
    source: 'design section 5: the client stores a token before it handles its next message',
    sentence: 'The client stores the token of a new session only: after its second return it is stranded.',
    edits: [
      {
        file: EFFECTS,
        find: '    this.#parts.store.received(session.id, session.reconnect_token, this.#link.attempt)\n',
        replace:
          '    const { store } = this.#parts\n    if (store.sessionId !== session.id) store.received(session.id, session.reconnect_token, this.#link.attempt)\n',
      },
    ],
  },
  {
    name: 'client-counts-no-attempts',
    source: 'design section 5: an attempt number that the client counts up and stores with the token',
    sentence: 'All requests of a client have the same number, so that a late one looks new.',
    edits: [
      {
        file: KEEPER,
        find: 'const attempt = (stored?.attempt ?? 0) + 1',
        replace: 'const attempt = stored?.attempt ?? 1',
      },
    ],
  },
  {
    name: 'client-forgets-attempts',
    source: 'design section 5: the attempt number is stored with the token',
    sentence: 'With a new session the client counts from the beginning.',
    edits: [
      {
        file: KEEPER,
        find: 'this.#save({ session: undefined, attempt: this.#load()?.attempt ?? 0 })',
        replace: 'this.#save({ session: undefined, attempt: 0 })',
      },
    ],
  },
  {
    name: 'client-comes-back-after-45xx',
    source: 'design section 8: never by itself after a 45xx',
    sentence: 'A client that was thrown out comes back at once, for ever.',
    edits: [
      {
        file: GUARDS,
        find: "return mayComeBack(code) ? 'closed'",
        replace: "return code !== 4000 ? 'closed'",
      },
    ],
  },
  {
    name: 'client-hammers',
    source: 'centrifuge-js #407: a rejected connect skips the backoff',
    sentence: 'While the server is down, the client dials as often as it can.',
    edits: [
      {
        file: DIALLING,
        find: 'return backoffMs(',
        replace: 'return this.#failures > 0 ? 0 : backoffMs(',
      },
    ],
  },
  {
    name: 'client-backoff-not-reset',
    source: 'design section 8: first retry uniform in 0–500 ms',
    sentence: 'Who had a bad day waits ten seconds after each later break, although the server is there.',
    edits: [
      {
        file: TABLE,
        find: "    'stop_connect_timer',\n    'reset_failures',\n    'start_liveness',\n",
        replace: "    'stop_connect_timer',\n    'start_liveness',\n",
      },
      {
        file: DIALLING,
        find: 'this.#mayBeAlive(hasSession), this.#random)',
        replace: 'this.#mayBeAlive(() => false), this.#random)',
      },
    ],
  },
  {
    name: 'client-gives-up',
    source: 'partykit #252: after the last retry a lock stays held and reconnect() does nothing',
    sentence: 'After the fourth failed attempt the client never dials again, and does not say so.',
    edits: [
      {
        file: EFFECTS,
        find: "timers.set('retry', retryInMs, () => onEvent('retry_due'))",
        replace:
          "timers.set('retry', retryInMs, () => {\n          if (dialling.failures < 4) onEvent('retry_due')\n        })",
      },
      {
        file: DIALLING,
        find: '  get address(): string {\n',
        replace: '  get failures(): number {\n    return this.#failures\n  }\n\n  get address(): string {\n',
      },
    ],
  },
  {
    name: 'client-dials-twice',
    source: 'design section 8: everything from an abandoned connection is ignored',
    sentence: 'The timer of a retry survives, and dials again while a connection is open.',
    edits: [
      {
        file: TABLE,
        find: "waiting: ['stop_retry_timer'],",
        replace: 'waiting: [],',
      },
    ],
  },
  {
    name: 'client-never-notices-silence',
    source: 'design section 8: liveness 5 s',
    sentence: 'A client on a half-open connection believes to be connected for ever.',
    edits: [
      {
        file: EFFECTS,
        find: '        return liveness.start()\n',
        replace: '        return\n',
      },
    ],
  },
  {
    name: 'client-hears-only-pongs',
    source: 'socket.io #5523: only pongs count as life',
    sentence: 'A client that is sent beacons all the time gives its connection up.',
    edits: [
      {
        file: EFFECTS,
        find: '        return liveness.heard()\n',
        replace: '        if (data.bytes === undefined || data.bytes[2] === 0x2a) liveness.heard()\n        return\n',
      },
    ],
  },
  {
    name: 'client-liveness-survives',
    source: 'phoenix #3083: a pending heartbeat survives the reconnect and drops the new connection',
    sentence: 'The liveness timer of a connection that is over goes on, and brings an ended client back.',
    edits: [
      {
        file: TABLE,
        find: "['note_loss', 'stop_sign', 'stop_liveness', 'close_connection']",
        replace: "['note_loss', 'stop_sign', 'close_connection']",
      },
    ],
  },
  {
    name: 'client-connect-timer-survives',
    source: 'phoenix #3083; design section 8: connectTimeout is dial to session_new',
    sentence: 'Five seconds after each dial the client gives up a connection that works.',
    edits: [
      {
        file: TABLE,
        find: "    'stop_connect_timer',\n    'reset_failures',\n    'start_liveness',\n",
        replace: "    'reset_failures',\n    'start_liveness',\n",
      },
    ],
  },
  {
    name: 'client-waits-for-ever',
    source: 'design section 8: connectTimeout 5 s',
    sentence: 'A dial that is never answered is never given up.',
    edits: [
      {
        file: EFFECTS,
        find: "timers.set('connect', connectTimeoutMs,",
        replace: "void connectTimeoutMs\n    timers.set('connect', Infinity,",
      },
    ],
  },
  {
    name: 'client-heeds-stale-close',
    source: 'phoenix #1615; centrifuge-csharp #21: a stale close tears down the new connection',
    sentence: 'The close of the connection before tears the present one down.',
    edits: [
      {
        file: CLIENT,
        find: 'this.#handle(this.#ifCurrent(link, closedEvent(code)), { code, reason })',
        replace: 'this.#handle(closedEvent(code), { code, reason })',
      },
    ],
  },
  {
    name: 'client-answers-old-connection',
    source: 'design section 8: everything from an abandoned connection is ignored',
    sentence: 'The client goes on to listen to a connection that it has left.',
    edits: [
      {
        file: CLIENT,
        find: "if (link !== this.#dialling.link) {\n      this.#handle('stale_link')",
        replace: "if (this.#dialling.link === undefined) {\n      this.#handle('stale_link')",
      },
    ],
  },
  {
    name: 'client-loses-session-by-any-denial',
    source: 'design section 7: only bad_token, in answer to its own request, means a lost session',
    sentence: 'A denied message makes the client throw its session away.',
    edits: [
      {
        file: GUARDS,
        find: "return reason === 'bad_token' && hasAsked && !hasSession",
        replace: "void hasSession\n  return reason !== 'no_zone' && hasAsked",
      },
      {
        file: TABLE,
        find: "rows(ASKING, 'session_denied'",
        replace: "rows([...ASKING, 'connected'], 'session_denied'",
      },
      {
        file: TABLE,
        find: "rows(ASKING, 'token_outdated'",
        replace: "rows([...ASKING, 'connected'], 'token_outdated'",
      },
    ],
  },
  {
    name: 'client-keeps-dead-session',
    source: 'design section 8: start anew when denied',
    sentence: 'A client whose session has expired asks for it again and again, until it is shut out.',
    edits: [
      {
        file: TABLE,
        find: "['forget_session', 'tell_lost', 'send_request']",
        replace: "['tell_lost', 'send_request']",
      },
    ],
  },
  {
    name: 'client-talks-before-session',
    source: 'design section 5: any other message before a session is denied; colyseus #927',
    sentence: 'The client sends what its user says before it has a session, and it is lost.',
    edits: [
      {
        file: CLIENT,
        find: 'linkToSend: () => (maySend(this.#state) ? this.#dialling.link : undefined),',
        replace: 'linkToSend: () => this.#dialling.link,',
      },
    ],
  },
  {
    name: 'client-end-is-a-loss',
    source: 'design section 5: the client ends it with 4000',
    sentence: 'Who leaves for good is kept by the server as if the connection had broken.',
    edits: [
      {
        file: TABLE,
        find: '    closes: { code: CloseCode.ended },\n    closesLeft: CloseCode.ended,\n',
        replace: '    closes: { code: NORMAL },\n    closesLeft: NORMAL,\n',
      },
    ],
  },
  {
    name: 'client-disconnect-is-an-end',
    source: 'design section 8: disconnect closes the connection, and the session waits',
    sentence: 'Who only wants to pause loses the session.',
    edits: [
      {
        file: TABLE,
        find: "'idle', (from) => [...LET_GO[from], ...REST], {\n    closes: { code: NORMAL },\n    closesLeft: NORMAL,\n  }),\n  ...rows(CLIENT_STATES, 'end_called'",
        replace:
          "'idle', (from) => [...LET_GO[from], ...REST], {\n    closes: { code: CloseCode.ended },\n    closesLeft: CloseCode.ended,\n  }),\n  ...rows(CLIENT_STATES, 'end_called'",
      },
    ],
  },
  {
    name: 'client-does-not-answer',
    source: 'design section 5: the client answers session_ping',
    sentence: 'After its first return the client answers no beacon any more.',
    edits: [
      {
        file: REQUESTS,
        find: '  answerBeacon(link: ServerLink, id: number): void {\n',
        replace: '  answerBeacon(link: ServerLink, id: number): void {\n    if (link.requested !== undefined) return\n',
      },
    ],
  },
  {
    name: 'client-counts-from-the-opening',
    source: 'design section 8: connectTimeout 5 s, from the dial to session_new',
    sentence: 'A dial that takes its time is given up that much later.',
    edits: [
      {
        file: TABLE,
        find: "...rows('dialled', 'opened', 'requested', ['send_request']),\n  ...rows('switching_dialled', 'opened', 'switching_requested', ['send_request']),",
        replace:
          "...rows('dialled', 'opened', 'requested', ['stop_connect_timer', 'start_connect_timer', 'send_request']),\n  ...rows('switching_dialled', 'opened', 'switching_requested', [\n    'stop_connect_timer',\n    'start_connect_timer',\n    'send_request',\n  ]),",
      },
    ],
  },
  {
    name: 'client-hurries-too-much',
    source: 'design section 8: first retry uniform in 0–500 ms, then doubling; thundering herd',
    sentence: 'Everybody comes back within an eighth of the time, all at once.',
    edits: [
      {
        file: 'core/client/backoff.ts',
        find: 'const FIRST_CEILING_MS = 500',
        replace: 'const FIRST_CEILING_MS = 62',
      },
    ],
  },
  {
    name: 'client-says-all-reliably',
    source: 'design section 7: each message type has a delivery and a channel',
    sentence: 'Inputs that should overtake each other wait for those that were lost.',
    edits: [
      {
        file: ROOMS,
        find: 'send(bytes, app.deliveryOf(type), app, type, message)',
        replace: "send(bytes, { mode: 'reliable', channel: 0 }, app, type, message)",
      },
    ],
  },
  {
    name: 'store-remembers-its-first-token',
    source: 'phoenix_live_view #4383: a page pinned to the token in its memory; design section 8',
    sentence: 'A page does not see the token that another page has stored, and its player is there twice.',
    edits: [
      { file: KEEPER, find: 'return this.#store.load()', replace: 'return (this.#latest ??= this.#store.load())' },
    ],
  },
  {
    name: 'slow-answer-replaces-token',
    source: 'core/client/session-keeper.ts: the token of a later request stays',
    sentence: 'A slow answer in one tab replaces the token of the tab that has the session.',
    edits: [
      {
        file: KEEPER,
        find: '    if (stored?.session !== undefined && attemptOf(stored.session) > attempt) return\n',
        replace: '    if (attemptOf(session) < 0) return\n',
      },
    ],
  },
  {
    name: 'twins-of-one-store-stay',
    source: 'core/client/session-keeper.ts: two programs that begin at the same time',
    sentence: 'Two tabs that are opened at once play side by side for ever.',
    edits: [
      { file: KEEPER, find: 'session.sessionId !== sessionId', replace: 'session.sessionId < 0 && sessionId > 0' },
    ],
  },
  {
    name: 'ended-tab-forgets-for-all',
    source: 'core/client/session-keeper.ts: a program changes only what is its own',
    sentence: 'A tab that was taken over and is closed takes the token of the other tab with it.',
    edits: [
      {
        file: KEEPER,
        find: '    if (this.#own !== undefined && this.hasOtherThan(this.#own)) return\n',
        replace: '',
      },
    ],
  },
  {
    name: 'retry-that-throws-ends-it',
    source: 'design section 8: the client comes back; a dial that throws at a retry',
    sentence: 'A file that is missing for a moment, and the client never dials again.',
    edits: [
      {
        file: EFFECTS,
        find: "onEvent('redial_threw', { reason: `dialling failed: ${messageOf(error)}` })",
        replace: "onEvent('disconnect_called')\n        void messageOf(error)",
      },
    ],
  },
  {
    name: 'wake-waits-on',
    source: 'socket.io #3737: the network is back, and the client waits for its backoff',
    sentence: 'The network is back, and the client waits for ten seconds all the same.',
    edits: [
      {
        file: TABLE,
        find: "...rows('waiting', 'wake_called', 'dialled',",
        replace: "...rows('idle', 'wake_called', 'dialled',",
      },
      {
        file: TABLE,
        find: "...ignored(['idle', 'ended'], 'wake_called',",
        replace: "...ignored(['waiting', 'ended'], 'wake_called',",
      },
    ],
  },
  {
    name: 'wake-does-not-ask',
    source: 'design section 5: session_request without token again; a page that is shown again',
    sentence: 'A page that is shown again believes in its dead connection for five seconds more.',
    edits: [{ file: 'core/client/sign-of-life.ts', find: '    send()\n', replace: '    void send\n' }],
  },
  {
    name: 'sign-of-life-not-awaited',
    source: 'core/client/sign-of-life.ts',
    sentence: 'The client asks whether the server is there, and does not mind that nobody answers.',
    edits: [{ file: 'core/client/sign-of-life.ts', find: '<= 2 * TIMEOUT_MS)', replace: '< 0)' }],
  },
  {
    name: 'client-closes-what-it-has-not',
    source: 'plain: a reference that may be undefined by then',
    sentence: 'A client whose connection has closed closes it once more, and throws.',
    edits: [
      {
        file: DIALLING,
        find: 'link?.close(code, reason)',
        replace: 'link!.connection!.close(code, reason)',
      },
    ],
  },
]
