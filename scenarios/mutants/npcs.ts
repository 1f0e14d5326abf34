/** Sessions without a connection, and calls in the server that cannot be carried out. */
import type { Mutant } from './mutant.ts'

const SESSION = 'core/session/session.ts'
const SLOT = 'core/session/proxy-slot.ts'
const TRANSITIONS = 'core/session/transitions.ts'
const ZONES = 'core/zone/zones.ts'

export const NPC_MUTANTS: readonly Mutant[] = [
  {
    name: 'shared-message-can-be-changed',
    source: 'design section 5: messages for an in-process proxy are frozen objects',
    sentence: 'One NPC changes a message, and all others get it changed.',
    edits: [
      {
        file: 'core/app/outgoing.ts',
        find: "this.#object = frozenCopy(typeof decoded === 'string' ? {} : decoded.message)",
        replace: "this.#object = typeof decoded === 'string' ? {} : decoded.message",
      },
    ],
  },
  {
    name: 'npc-misses-broadcasts',
    source: 'design section 5: NPCs receive like anyone',
    sentence: 'An NPC gets what is said to it, and nothing that is said to all.',
    edits: [
      {
        file: 'core/zone/zone.ts',
        find: 'for (const member of this.#members) if (member !== action.except) member.deliver(outgoing)',
        replace:
          'for (const member of this.#members) {\n            if (member !== action.except && member.token !== undefined) member.deliver(outgoing)\n          }',
      },
    ],
  },
  {
    name: 'npc-served-twice',
    source: 'design section 5: an in-process proxy is { deliver, closed }',
    sentence: 'An NPC gets each message twice.',
    edits: [
      {
        file: SLOT,
        find: '    // It is on its way now: like',
        replace:
          "    this.#parts.turns.ask(() => this.guard('deliver', () => proxy.deliver(outgoing.type, payload, outgoing.app)))\n    // It is on its way now: like",
      },
    ],
  },
  {
    name: 'serializer-ignored',
    source: "design section 5: serializer: 'protobuf', or undefined for native objects",
    sentence: 'A bridge that asked for bytes gets objects.',
    edits: [
      {
        file: SLOT,
        find: "const payload = this.#serializer === 'protobuf' ? outgoing.bytes : outgoing.object",
        replace: 'const payload = outgoing.object',
      },
    ],
  },
  {
    name: 'receiver-not-let-go',
    source: 'design section 5: closed(code); colyseus #285, in terms of receivers: what is over is never told',
    sentence: 'A receiver is never told that its session is gone, and is kept for ever.',
    edits: [
      {
        file: SLOT,
        find: 'turns.ask(() => this.#release(proxy, code ?? CloseCode.normal))',
        replace: 'void [CloseCode, turns]',
      },
    ],
  },
  {
    name: 'proxy-not-taken-away',
    source: 'design section 5: setting proxy to undefined is a disconnect',
    sentence: 'An NPC that is sent away stays.',
    edits: [
      {
        file: SESSION,
        find: "      case 'disconnect_called':\n      case 'receiver_set':\n",
        replace: "      case 'disconnect_called':\n        return\n      case 'receiver_set':\n",
      },
    ],
  },
  {
    name: 'new-receiver-is-a-disconnect',
    source: 'design section 5: setting proxy on a connected session is a takeover: no disconnect',
    sentence: 'An NPC gets another brain, and its zone sees it go and come.',
    edits: [
      {
        file: SESSION,
        find: '        this.apply(event, { proxy: proxy as OwnProxy })\n',
        replace:
          "        if (event === 'receiver_set') {\n          this.#slot.letGo(CloseCode.takenOver)\n          this.apply('disconnect_called')\n        }\n        this.apply(event, { proxy: proxy as OwnProxy })\n",
      },
    ],
  },
  {
    name: 'npc-back-and-still-expires',
    source: 'design section 5, trap: a stale timer from an earlier disconnect kills a session that came back',
    sentence: 'An NPC is given its receiver back, and disappears all the same.',
    edits: [
      {
        file: TRANSITIONS,
        find: "effects: ['cancel_grace', 'adopt_proxy', 'tell_zone_reconnect'],",
        replace: "effects: ['adopt_proxy', 'tell_zone_reconnect'],",
      },
    ],
  },
  {
    name: 'zone-not-told-of-new-receiver',
    source: 'design section 5: the zone hears handleReconnect, so that it can send its state again',
    sentence: 'The new brain of an NPC never gets the state of its zone.',
    edits: [
      {
        file: TRANSITIONS,
        find: "effects: ['stop_heartbeat', 'adopt_proxy', 'tell_zone_reconnect'],",
        replace: "effects: ['stop_heartbeat', 'adopt_proxy'],",
      },
    ],
  },
  {
    name: 'caller-not-told',
    source: 'design section 6: a clear error to a caller in the server',
    sentence: 'A join that cannot be is silently none.',
    edits: [
      { file: ZONES, find: '    if (denial === undefined) return\n', replace: '    if (denial !== null) return\n' },
    ],
  },
  {
    name: 'absent-npc-acts',
    source: 'design section 6: joining while not connected: a clear error',
    sentence: 'A session that is disconnected joins and speaks.',
    edits: [
      {
        file: ZONES,
        find: "    if (session.status !== 'connected') {\n",
        replace: "    if (session.status === 'gone') {\n",
      },
    ],
  },
  {
    name: 'gone-session-can-be-set',
    source: 'design section 5: a gone session reads status gone: setting throws',
    sentence: 'Code that keeps a session which is gone never finds out.',
    edits: [
      {
        file: SESSION,
        find: "    if (this.#status !== 'gone') return\n",
        replace: "    if (this.#status !== 'preconnect') return\n",
      },
    ],
  },
]
