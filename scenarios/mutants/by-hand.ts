/** What a game does to sessions and zones by hand: proxies, callbacks, direct messages, and what must throw. */
import type { Mutant } from './mutant.ts'

export const BY_HAND_MUTANTS: readonly Mutant[] = [
  {
    name: 'given-connection-without-token',
    source: 'design section 5: setting proxy; a session that had no client gets its first token',
    sentence: 'An NPC is given to a player, who is never told how to come back.',
    edits: [
      {
        file: 'core/session/transitions.ts',
        find: "const BE_GIVEN = ['issue_token', ...TELL,",
        replace: 'const BE_GIVEN = [...TELL,',
      },
    ],
  },
  {
    name: 'given-connection-not-told',
    source: 'design section 5: the client stores a token before it handles its next message',
    sentence: 'The connection of a player serves another session, and its client is not told which.',
    edits: [
      {
        file: 'core/session/transitions.ts',
        find: "const BE_GIVEN = ['issue_token', ...TELL,",
        replace: "const BE_GIVEN = ['issue_token',",
      },
    ],
  },
  {
    name: 'given-connection-without-heartbeat',
    source: 'design section 5: each second every connected networked session gets a beacon',
    sentence: 'A session that was given a connection never notices that it is dead.',
    edits: [
      {
        file: 'core/session/transitions.ts',
        find: "const BE_GIVEN = ['issue_token', ...TELL, 'start_heartbeat', 'send_beacon',",
        replace: "const BE_GIVEN = ['issue_token', ...TELL,",
      },
    ],
  },
  {
    name: 'robbed-session-not-told',
    source: 'design section 5: its proxy is gone: disconnected',
    sentence: 'The connection of a session was given to another, and both believe to have it.',
    edits: [{ file: 'core/session/session.ts', find: "    other?.apply('connection_taken')\n", replace: '' }],
  },
  {
    name: 'receiver-with-heartbeat',
    source: 'design section 5: such a session has no beacons or liveness',
    sentence: 'A player is replaced by a bot, which is thrown out for its silence.',
    edits: [
      {
        file: 'core/session/transitions.ts',
        find: "effects: ['stop_heartbeat', 'adopt_proxy', 'tell_zone_reconnect']",
        replace: "effects: ['adopt_proxy', 'tell_zone_reconnect']",
      },
    ],
  },
  {
    name: 'receiver-in-bytes',
    source: 'design section 5: serializer: undefined for in-process proxies, which get native objects',
    sentence: 'The bot that plays on for a player gets bytes, as the one before it had wanted.',
    edits: [
      {
        file: 'core/session/proxy-slot.ts',
        find: '    } else {\n      this.#serializer = undefined\n    }\n',
        replace: '    }\n',
      },
    ],
  },
  {
    name: 'latency-never-set',
    source: 'design section 5: latency (most recent round trip, whole ms)',
    sentence: 'A game that looks at the latency of its players never sees one.',
    edits: [
      {
        file: 'core/session/proxy-slot.ts',
        find: '    this.#latency = latency\n    const { taps }',
        replace: '    const { taps }',
      },
    ],
  },
  {
    name: 'latency-of-another-connection',
    source: 'design section 5: latency; the trap of state that is not reset on the second use',
    sentence: 'After a return the latency is that of the connection before.',
    edits: [
      {
        file: 'core/session/proxy-slot.ts',
        find: 'this.#proxy = proxy\n    this.#latency = undefined',
        replace: 'this.#proxy = proxy',
      },
    ],
  },
  {
    name: 'foreign-serializer-accepted',
    source: 'docs/errors.md: foreign_serializer',
    sentence: 'A setting that cannot work is taken without a word.',
    edits: [
      {
        file: 'core/session/session.ts',
        find: 'if (serializer === undefined && this.#slot.proxy instanceof ClientLink) {',
        replace: 'if (serializer === undefined && this.#slot.proxy === undefined) {',
      },
    ],
  },
  {
    name: 'new-callback-ignored',
    source: 'design section 5: disconnectCallback can be set while it lives',
    sentence: 'A game sets another callback, and the one before is called.',
    edits: [
      {
        file: 'core/session/session.ts',
        find: '        this.#disconnectCallback = callback\n',
        replace: '        void callback\n',
      },
    ],
  },
  {
    name: 'no-callback-is-the-default',
    source: 'core/session/session-options.ts: undefined is none; `??` where `in` was meant',
    sentence: 'A game that wants no callback for its NPCs is called for each of them.',
    edits: [
      {
        file: 'core/session/session.ts',
        find: "'disconnectCallback' in options ? options.disconnectCallback : parts.options.disconnectCallback",
        replace: 'options.disconnectCallback ?? parts.options.disconnectCallback',
      },
    ],
  },
  {
    name: 'callback-without-reason',
    source: 'core/session/session-options.ts: called with the code',
    sentence: 'The game is told that a connection broke whenever somebody was thrown out.',
    edits: [
      {
        file: 'core/session/session.ts',
        find: 'this.#runCallback(callback, data.code ?? row.closes ?? row.tells ?? CloseCode.abnormal)',
        replace: 'this.#runCallback(callback, CloseCode.abnormal)',
      },
    ],
  },
  {
    name: 'own-timeout-ignored',
    source: 'design section 5: started by hand with a disconnectTimeout',
    sentence: 'An NPC with a grace of its own gets that of everybody.',
    edits: [
      {
        file: 'core/session/session.ts',
        find: 'options.disconnectTimeout ?? parts.options.disconnectTimeout',
        replace: 'parts.options.disconnectTimeout',
      },
    ],
  },
  {
    name: 'nonsense-timeout-accepted',
    source: 'docs/errors.md: bad_option',
    sentence: 'A negative grace is taken without a word.',
    edits: [
      {
        file: 'core/session/session.ts',
        find: "    checkDuration('disconnectTimeout', timeoutMs)\n",
        replace: '',
      },
    ],
  },
  {
    name: 'direct-message-for-members-only',
    source: 'design section 5: sessions send and receive like anyone',
    sentence: 'What the game tells a player who is in no zone is lost.',
    edits: [
      {
        file: 'core/session/session.ts',
        find: 'this.#parts.shell.ask(() => this.deliver(outgoing)',
        replace: 'this.#parts.shell.ask(() => (this.#zone === undefined ? undefined : this.deliver(outgoing))',
      },
    ],
  },
  {
    name: 'direct-message-overtakes',
    source: 'design section 6: what a handler asks for is carried out after it returns, in order',
    sentence: 'What a handler sends by session.send overtakes what it had asked for before.',
    edits: [
      {
        file: 'core/session/session.ts',
        find: 'this.#parts.shell.ask(() => this.deliver(outgoing), action, this, undefined, outside)',
        replace: 'void action\n    this.#parts.turns.set(() => this.deliver(outgoing), outside)',
      },
    ],
  },
  {
    name: 'game-data-not-kept',
    source: 'design section 5: gameData can be set while it lives',
    sentence: 'What the game keeps with a session is what it was started with.',
    edits: [
      {
        file: 'core/session/session.ts',
        find: '        this.#gameData = gameData\n      },',
        replace: '        void gameData\n      },',
      },
    ],
  },
  {
    name: 'same-receiver-is-a-takeover',
    source: 'design section 5: setting proxy is a takeover; to what it is already it is nothing',
    sentence: 'A receiver is set once more, and told that it is let go.',
    edits: [
      {
        file: 'core/session/guards.ts',
        find: "  if (isSame) return 'unchanged'\n",
        replace: "  if (isSame && proxy === 'none') return 'unchanged'\n",
      },
    ],
  },
  {
    name: 'provisional-session-played',
    source: 'docs/errors.md: not_connected',
    sentence: 'A connection that has requested nothing is a session that somebody plays.',
    edits: [
      {
        file: 'core/session/guards.ts',
        find: "if (status === 'preconnect') return 'not_requested'",
        replace: "if (status === 'gone') return 'not_requested'",
      },
    ],
  },
  {
    name: 'let-go-before-the-last-message',
    source: 'core/session/proxy.ts: closed comes once and last',
    sentence: 'A receiver is told that it is over, and then gets its last message.',
    edits: [
      {
        file: 'core/session/proxy-slot.ts',
        find: 'turns.ask(() => this.#release(proxy, code ?? CloseCode.normal))',
        replace: 'void turns; this.#release(proxy, code ?? CloseCode.normal)',
      },
    ],
  },
  {
    name: 'failing-callback-hides-the-loss',
    source: 'design section 5: a throw in one is reported and the rest still happens',
    sentence: 'The callback of one session throws, and its zone keeps a ghost.',
    edits: [
      {
        file: 'core/session/session.ts',
        find: "    this.#slot.guard('disconnectCallback', () => {\n      if (!taps.isOn)",
        replace:
          '    const unguarded = (call: () => unknown): unknown => call()\n    unguarded(() => {\n      if (!taps.isOn)',
      },
    ],
  },
  {
    name: 'failing-receiver-is-our-bug',
    source: 'design section 6: a throw is reported, and harms nobody else',
    sentence: 'A bot that throws is reported as a bug of this library.',
    edits: [
      {
        file: 'core/session/proxy-slot.ts',
        find: "this.guard('deliver', () => proxy.deliver(type, payload, app))",
        replace: 'proxy.deliver(type, payload, app)',
      },
    ],
  },
  {
    name: 'two-zones-of-one-name',
    source: 'docs/errors.md: zone_name_taken',
    sentence: 'A second room with the name of the first: nobody finds it.',
    edits: [
      {
        file: 'core/zone/zones.ts',
        find: 'if (this.find(erased.app, name) !== undefined) {',
        replace: 'if (this.find(erased.app, name)?.isStopped === true) {',
      },
    ],
  },
  {
    name: 'first-of-several-zones',
    source: 'design section 6: route, default: its only one',
    sentence: 'Without a route everybody joins the oldest of several rooms.',
    edits: [
      {
        file: 'core/zone/zones.ts',
        find: 'return zones.length === 1 ? zones[0] : undefined',
        replace: 'return zones[0]',
      },
    ],
  },
  {
    name: 'stopped-zone-joined',
    source: 'design section 6: joining a stopped zone: unknown_zone',
    sentence: 'Who is sent into a room that has just closed is a member of nothing.',
    edits: [
      {
        file: 'core/zone/zones.ts',
        find: '|| zone.isStopped || zone.app !== app)',
        replace: '|| zone.app !== app)',
      },
    ],
  },
  {
    name: 'zone-of-another-app-joined',
    source: 'design section 6: an app and the zones that speak it',
    sentence: 'A chatter is sent into the arena, and its messages are handled by nobody.',
    edits: [
      {
        file: 'core/zone/zones.ts',
        find: '|| zone.isStopped || zone.app !== app)',
        replace: '|| zone.isStopped)',
      },
    ],
  },
  {
    name: 'stopped-zone-hears',
    source: 'docs/errors.md: zone_stopped',
    sentence: 'The answer of the database comes to a room that is over, and is handled.',
    edits: [
      {
        file: 'core/zone/zone.ts',
        find: '        this.#assertRunning()\n',
        replace: '',
      },
    ],
  },
  {
    name: 'timer-set-while-stopping',
    source: 'design section 6: setTimer is freed with the zone',
    sentence: 'A room that sets a timer as its last member leaves is never freed.',
    edits: [
      {
        file: 'core/zone/zone.ts',
        find: 'if (isCancelled || this.#isStopped) return\n',
        replace: 'if (isCancelled) return\n',
      },
    ],
  },
  {
    name: 'reason-of-removal-lost',
    source: 'core/zone/zone.ts: handlePart runs with the reason of remove',
    sentence: 'A room that says why it removes somebody is told that it just did.',
    edits: [
      {
        file: 'core/zone/zone.ts',
        find: 'this.memberLeft(session as Member, reason)',
        replace: "this.memberLeft(session as Member, 'removed')",
      },
    ],
  },
  {
    name: 'list-of-a-message-can-be-changed',
    source: 'design section 5: messages for an in-process proxy are frozen objects',
    sentence: 'One NPC changes a list in a message, and all others get it changed.',
    edits: [
      {
        file: 'core/app/plain.ts',
        find: 'if (Array.isArray(value)) return Object.freeze(value.map(frozenValue))',
        replace: 'if (Array.isArray(value)) return Object.freeze(value.slice())',
      },
    ],
  },
  {
    name: 'beacons-of-two-sessions-alike',
    source:
      'found by the fuzzer in this server; design section 5: an answer proves what was sent before it on the same connection',
    sentence:
      'A connection is given to another session, and an answer to the one before proves a token that its client has not got yet.',
    edits: [
      {
        file: 'core/session/proxy-slot.ts',
        find: 'this.#heartbeat.beacon(this.#parts.turns.now, proxy.lastBeacon)',
        replace: 'this.#heartbeat.beacon(this.#parts.turns.now)',
      },
    ],
  },
  {
    name: 'attempts-of-another-client',
    source: 'found in this server; design section 5: an attempt number that the client counts up',
    sentence: "Whoever was given another's session and loses the connection is turned away as too late, for good.",
    edits: [
      {
        file: 'core/session/credentials.ts',
        find: 'this.#attempt = other === undefined ? 0 : other.#attempt',
        replace: 'void other',
      },
    ],
  },
  {
    name: 'given-stranger-is-still-waited-for',
    source: 'design section 5: setting proxy on a connected session is a takeover',
    sentence: 'A connection that has become the proxy of a session is closed since it has not asked for one.',
    edits: [
      {
        file: 'core/session/transitions.ts',
        find: "  { from: 'preconnect', on: 'connection_taken', to: 'gone', effects: VANISH },\n",
        replace: '',
      },
    ],
  },
]
