/** Where a session is, and which schemas differ: told with each `session_new` to clients that have announced theirs. */
import type { Mutant } from './mutant.ts'

const TELLING = 'core/client/client-telling.ts'
const TABLE = 'core/client/client-table.ts'
const ROOMS = 'core/client/client-rooms.ts'
const CLIENT = 'core/client/client.ts'

const TRANSITIONS = 'core/session/transitions.ts'
const SESSION = 'core/session/session.ts'
const LINK = 'core/session/client-link.ts'

export const SESSION_STATE_MUTANTS: readonly Mutant[] = [
  {
    name: 'state-sent-to-old-clients',
    source: "design section 7: Overworld's generated Godot code reads what it does not know as tags",
    sentence: 'Clients of earlier versions get a message that they cannot read, and break.',
    edits: [
      {
        file: LINK,
        find: 'if (this.skewed !== undefined) this.send(encodeSessionState(zone, this.skewed))',
        replace: 'this.send(encodeSessionState(zone, this.skewed ?? []))',
      },
    ],
  },
  {
    name: 'state-before-session-new',
    source: 'lossless.md, on the wire: session_new, session_state, beacon',
    sentence: 'The client is told where its session is before it knows which one that is.',
    edits: [
      {
        file: TRANSITIONS,
        find: "const TELL = ['send_session_new', 'send_session_state'] as const",
        replace: "const TELL = ['send_session_state', 'send_session_new'] as const",
      },
    ],
  },
  {
    name: 'beacon-before-the-state',
    source: 'lossless.md, on the wire: a beacon before any session_state means an older server',
    sentence: 'Whoever comes back takes the server for an older one, and does not know where it is.',
    edits: [
      {
        file: TRANSITIONS,
        find: "const COME_BACK = ['rotate_token', ...TELL, 'start_heartbeat', 'send_beacon', 'tell_zone_reconnect'] as const",
        replace:
          "const COME_BACK = ['rotate_token', 'send_session_new', 'start_heartbeat', 'send_beacon', 'send_session_state', 'tell_zone_reconnect'] as const",
      },
    ],
  },
  {
    name: 'no-state-for-the-repeated-request',
    source: 'issue 11, point 10: directly after each session_new',
    sentence: 'A client that asks whether its session lives is not told where it is.',
    edits: [
      {
        file: TRANSITIONS,
        find: "to: 'connected', effects: TELL }",
        replace: "to: 'connected', effects: ['send_session_new'] }",
      },
    ],
  },
  {
    name: 'state-names-the-zone-of-before',
    source: 'perrykennethw/Wangz-Gamenight #77: whoever comes back believes that it is where it was',
    sentence: 'Whoever was out of its zone when it came back is told that it is in it, and does not join again.',
    edits: [
      {
        file: SESSION,
        find: '  #zone: MemberZone | undefined\n',
        replace: '  #zone: MemberZone | undefined\n  #last: MemberZone | undefined\n',
      },
      {
        file: SESSION,
        find: '    this.#zone = zone\n',
        replace: '    this.#zone = zone\n    this.#last = zone ?? this.#last\n',
      },
      {
        file: SESSION,
        find: 'this.#slot.sendSessionState(this.#zone)',
        replace: 'this.#slot.sendSessionState(this.#last)',
      },
    ],
  },
  {
    name: 'state-of-the-giving-session',
    source: 'design section 5: a connection that is given plays for another session',
    sentence: 'Whoever is given a session is not told where that one is.',
    edits: [
      {
        file: TRANSITIONS,
        find: "const BE_GIVEN = ['issue_token', ...TELL,",
        replace: "const BE_GIVEN = ['issue_token', 'send_session_new',",
      },
    ],
  },
  {
    name: 'client-waits-for-a-state',
    source: 'lossless.md, on the wire: neither side waits forever',
    sentence: 'With a server of an earlier version the client never gets a session.',
    edits: [
      {
        file: CLIENT,
        find: 'if (state !== undefined || isUntold(this.#state)) this.#handle(',
        replace: 'if (state !== undefined) this.#handle(',
      },
      {
        file: TABLE,
        find: "...rows([...ASKING, 'connected'], 'beacon', undefined, ['answer_beacon']),",
        replace: "...rows([...ASKING, 'assigned', ...IN_USE], 'beacon', undefined, ['answer_beacon']),",
      },
    ],
  },
  {
    name: 'client-tells-before-it-knows-where',
    source: 'lossless.md, on the wire: connected and session are emitted at session_state',
    sentence: 'Each client takes its server for one that does not say where a session is.',
    edits: [
      {
        file: CLIENT,
        find: "if (event !== 'session_again') this.#handleStoreChange()",
        replace:
          "if (event !== 'session_again') this.#handleStoreChange()\n    if (isUntold(this.#state)) this.#handle('session_state')",
      },
    ],
  },
  {
    name: 'client-holds-until-session-new-only',
    source: 'lossless.md, on the wire: the client holds all app messages until session_state',
    sentence: 'What a zone sends is handled before the program knows of its session.',
    edits: [
      {
        file: TABLE,
        find: "...rows([...ASKING, 'assigned'], 'app_message', undefined, ['hold_message']),\n  ...rows('reassigned', 'app_message', undefined, [...HEARD, 'hold_message']),",
        replace:
          "...rows(ASKING, 'app_message', undefined, ['hold_message']),\n  ...rows('assigned', 'app_message', undefined, ['tell_message']),\n  ...rows('reassigned', 'app_message', undefined, [...HEARD, 'tell_message']),",
      },
    ],
  },
  {
    name: 'client-forgets-where-it-is',
    source: 'LivelyKernel/lively.next #166: resumed, and in no room',
    sentence: 'The program is told that its session is in no zone, and joins again what it is in.',
    edits: [
      {
        file: TELLING,
        find: 'zone: this.#zoneOf(state),',
        replace: 'zone: undefined,',
      },
    ],
  },
  {
    name: 'client-going-over-keeps-its-deadline',
    source: 'found by the fuzzer in this client: connect() between session_new and session_state',
    sentence: 'The connection that has the session is given up 5 s after another one was dialled.',
    edits: [
      {
        file: TABLE,
        find: "    'reset_failures',\n    'stop_connect_timer',\n    'leave_connection',\n",
        replace: "    'reset_failures',\n    'leave_connection',\n",
      },
    ],
  },
  {
    name: 'skewed-lost-on-the-way-back',
    source: 'issue 11, point 10: for new sessions and resumes alike',
    sentence: 'A page that was open during the deployment is not told that it is out of date.',
    edits: [
      {
        file: LINK,
        find: 'if (this.skewed !== undefined) this.send(encodeSessionState(zone, this.skewed))',
        replace:
          'if (this.skewed !== undefined) this.send(encodeSessionState(zone, zone === undefined ? this.skewed : []))',
      },
    ],
  },
  {
    name: 'old-page-thrown-out',
    source: 'moeru-ai/eventa #74; issue 11, point 7: an old page was ended 4506 at its first move',
    sentence: 'After a deployment every open page is thrown out for good at its first message.',
    edits: [
      {
        file: 'core/session/message-reader.ts',
        find: 'if (!isSkewed(link, app)) this.#malformed(link)',
        replace: 'this.#malformed(link)',
      },
    ],
  },
  {
    name: 'client-forgets-the-skew',
    source: 'issue 11, point 10: session_state.skewed',
    sentence: 'No page is ever told that it is out of date.',
    edits: [
      {
        file: TELLING,
        find: 'skewed: (state?.skewed ?? []).flatMap((prefix) => this.#appOf(prefix) ?? []),',
        replace: 'skewed: [],',
      },
    ],
  },
  {
    name: 'client-drops-what-it-cannot-read',
    source: 'faults: pomerium/desktop-client #319: a new field, and the client shows nothing',
    sentence: 'What a client cannot decode disappears without a word.',
    edits: [
      {
        file: ROOMS,
        find: " else this.#owner.onUndecodable(prefix, decoded === 'empty' ? 'unknown_message' : decoded, bytes)\n",
        replace: '\n',
      },
    ],
  },
  {
    name: 'every-announcement-excuses',
    source: 'issue 11, point 7: only of an app whose schema differs',
    sentence: 'Whoever has announced anything may send garbage for ever.',
    edits: [
      {
        file: 'core/session/message-reader.ts',
        find: 'if (!isSkewed(link, app)) this.#malformed(link)',
        replace: 'if (link.skewed === undefined) this.#malformed(link)',
      },
    ],
  },
  {
    name: 'undecodable-reported-each-time',
    source: 'issue 11, point 7: one report for each kind',
    sentence: 'A client with an old page fills the log of the server.',
    edits: [{ file: 'core/reporter.ts', find: '    if (this.#undecodable.has(kind)) return\n', replace: '' }],
  },
  {
    name: 'undecodable-not-counted',
    source: 'issue 11, point 7: a counter on both sides',
    sentence: 'Nobody learns how many messages are lost between two versions.',
    edits: [
      { file: 'core/session/message-reader.ts', find: '    this.#parts.counters.undecodableTotal++\n', replace: '' },
    ],
  },
]
