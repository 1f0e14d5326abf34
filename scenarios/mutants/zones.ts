/** Zones: every bullet of design section 6 that a fuzzer can see. */
import type { Mutant } from './mutant.ts'

const ZONE = 'core/zone/zone.ts'
const ZONES = 'core/zone/zones.ts'
const TICKER = 'core/zone/ticker.ts'

const ALREADY_JOINED = "    if (session.zone !== undefined) return 'already_joined'\n"

export const ZONE_MUTANTS: readonly Mutant[] = [
  {
    name: 'joined-twice',
    source:
      'design section 5, trap: joining twice; overworld-behaviour 2: a join after a reconnect adds the client twice',
    sentence: 'A client that joins again becomes a member a second time.',
    edits: [{ file: ZONES, find: ALREADY_JOINED, replace: '' }],
  },
  {
    name: 'second-join-evicts',
    source: 'overworld-behaviour 3: joining twice evicts',
    sentence: 'A client that joins again is thrown out.',
    edits: [
      {
        file: ZONES,
        find: ALREADY_JOINED,
        replace:
          "    if (session.zone !== undefined) {\n      session.zone.memberLeft(session, 'removed')\n      return 'already_joined'\n    }\n",
      },
    ],
  },
  {
    name: 'in-two-zones',
    source: 'design section 6: a session is in at most one zone; overworld-behaviour 3',
    sentence: 'A client that is in the chat joins the arena too, and the chat keeps its ghost.',
    edits: [
      {
        file: ZONES,
        find: ALREADY_JOINED,
        replace: "    if (session.zone?.app === app) return 'already_joined'\n",
      },
    ],
  },
  {
    name: 'any-app-parts',
    source: 'design section 6: a part or rpc without a zone is denied no_zone',
    sentence: "A client leaves the chat with the arena's message.",
    edits: [
      {
        file: ZONES,
        find: "if (zone === undefined || zone.app !== app) return 'no_zone'",
        replace: "if (zone === undefined) return 'no_zone'",
      },
    ],
  },
  {
    name: 'no-zone-not-denied',
    source: 'design section 6: session_denied no_zone',
    sentence: 'Who is no member any more talks on, and is never told.',
    edits: [
      {
        file: ZONES,
        find: "if (zone === undefined || zone.app !== app) return 'no_zone'",
        replace: 'if (zone === undefined || zone.app !== app) return undefined',
      },
    ],
  },
  {
    name: 'join-without-session',
    source: 'overworld-behaviour 10: no session is needed to join a zone',
    sentence: 'A connection that has requested no session joins a zone.',
    edits: [
      {
        file: 'core/session/message-reader.ts',
        find: "if (session.status !== 'connected') {\n      session.apply('other_message')",
        replace: "if (session.status === 'gone') {\n      session.apply('other_message')",
      },
    ],
  },
  {
    name: 'joiner-misses-its-broadcast',
    source: 'design section 6: the joiner is a member before handleJoin runs (it gets that broadcast)',
    sentence: 'Who joins does not see the list of members that it is on.',
    edits: [
      {
        file: ZONE,
        find: 'this.#members.add(session)\n    session.setZone(this)',
        replace: 'session.setZone(this)',
      },
      {
        file: ZONE,
        find: 'if (isDone && !isRefused) return\n',
        replace: `if (isDone && !isRefused) {
      this.#parts.turns.ask(() => this.#members.add(session))
      return
    }
`,
      },
    ],
  },
  {
    name: 'hard-zone-keeps-member',
    source: 'design section 6: hard: it is removed at once',
    sentence: 'Who lost the connection stays in the arena, and everybody can shoot at it.',
    edits: [{ file: ZONE, find: "if (this.definition.disconnect === 'hard') {", replace: 'if (this.#isStopped) {' }],
  },
  {
    name: 'soft-zone-removes-member',
    source: 'design section 6: soft: the session stays a member',
    sentence: 'A short tunnel, and the traveller has left the chat.',
    edits: [{ file: ZONE, find: "if (this.definition.disconnect === 'hard') {", replace: 'if (!this.#isStopped) {' }],
  },
  {
    name: 'leave-reported-twice',
    source: 'Nakama 0.11.2: leave reported twice; design section 6: exactly one part',
    sentence: 'Who loses the connection is parted twice.',
    edits: [
      {
        file: ZONE,
        find: "      this.memberLeft(session, 'disconnect')\n",
        replace: `      this.memberLeft(session, 'disconnect')
      this.#call('handlePart', session, () =>
        this.definition.handlePart?.(undefined, session, this, this.#state, 'disconnect'),
      )
`,
      },
    ],
  },
  {
    name: 'zone-forgotten-by-session',
    source: 'socket.io #4380; design section 6: a leaver is none before handlePart runs',
    sentence: 'The zone has parted a session that still believes to be in it, and cannot join again.',
    edits: [
      {
        file: ZONE,
        find: 'if (!this.#members.delete(session)) return\n    session.setZone(undefined)\n',
        replace: 'if (!this.#members.delete(session)) return\n',
      },
    ],
  },
  {
    name: 'leaver-stays-listening',
    source: 'design section 6: a leaver is none before handlePart runs (only its reply may reach it)',
    sentence: 'Who has left a zone goes on to receive what is said there.',
    edits: [
      {
        file: ZONE,
        find: 'if (!this.#members.delete(session)) return\n    session.setZone(undefined)\n',
        replace: 'if (!this.#members.has(session) || session.zone !== this) return\n    session.setZone(undefined)\n',
      },
    ],
  },
  {
    name: 'broadcast-skips-last-member',
    source: 'design section 6: a broadcast is handed to every member connected at that moment',
    sentence: 'The member who joined last hears nothing when there are three or more.',
    edits: [
      {
        file: ZONE,
        find: 'for (const member of this.#members) if (member !== action.except) member.deliver(outgoing)',
        replace:
          'for (const member of [...this.#members].slice(0, Math.max(2, this.#members.size - 1))) {\n            if (member !== action.except) member.deliver(outgoing)\n          }',
      },
    ],
  },
  {
    name: 'broadcast-skips-sender',
    source: 'overworld-behaviour, keep: a broadcast reaches its sender too',
    sentence: 'Who speaks does not hear itself.',
    edits: [
      {
        file: ZONE,
        find: 'for (const member of this.#members) if (member !== action.except) member.deliver(outgoing)',
        replace:
          'for (const member of this.#members) {\n            if (member !== action.except && member !== session) member.deliver(outgoing)\n          }',
      },
    ],
  },
  {
    name: 'stopped-zone-forgets-members',
    source: 'design section 6: stopping a zone parts every member',
    sentence: 'The zone stops, and its members are never told.',
    edits: [
      {
        file: ZONE,
        find: "for (const session of this.#members) this.memberLeft(session, 'zone_stopped')",
        replace: 'for (const session of this.#members) session.setZone(undefined)',
      },
    ],
  },
  {
    name: 'stopped-zone-stops-sessions',
    source: 'design section 6: the sessions live on',
    sentence: 'The zone stops, and takes the sessions of its members with it.',
    edits: [
      {
        file: ZONE,
        find: "for (const session of this.#members) this.memberLeft(session, 'zone_stopped')",
        replace:
          "for (const session of this.#members) {\n      this.memberLeft(session, 'zone_stopped')\n      session.stop()\n    }",
      },
    ],
  },
  {
    name: 'stopped-zone-ticks-on',
    source: 'design section 6: stopping a zone ends its ticks',
    sentence: 'A stopped zone goes on to tick, and is never freed.',
    edits: [{ file: ZONE, find: 'this.#ticker?.stop()\n', replace: '' }],
  },
  {
    name: 'removed-session-ends',
    source: 'design section 6: remove ends a membership',
    sentence: 'Who is removed from a zone loses the session too.',
    edits: [
      {
        file: ZONE,
        find: 'if (!this.#members.delete(session)) return\n',
        replace: "if (!this.#members.delete(session)) return\n    if (reason === 'removed') session.stop()\n",
      },
    ],
  },
  {
    name: 'part-reason-wrong',
    source: 'design section 6: part reasons',
    sentence: 'The zone is told that a player who was thrown out has left by itself.',
    edits: [
      {
        file: ZONE,
        find: "remove(session: Session, reason: PartReason = 'removed'): void {",
        replace: "remove(session: Session, reason: PartReason = 'left'): void {",
      },
    ],
  },
  {
    name: 'ticks-drift',
    source: 'design section 6: the next tick is the next multiple of tickMs since its start',
    sentence: 'Each pause of the server moves all later ticks.',
    edits: [
      {
        file: TICKER,
        find: 'const delayMs = Math.max(0, this.#start + this.#multiple * this.#tickMs - now)',
        replace: 'const delayMs = this.#tickMs',
      },
    ],
  },
  {
    name: 'missed-ticks-made-up-for',
    source: 'design section 6: a late one is not doubled up',
    sentence: 'After a pause a hundred ticks run at once.',
    edits: [
      {
        file: TICKER,
        find: 'Math.max(this.#multiple, Math.floor((now - this.#start) / this.#tickMs)) + 1',
        replace: 'this.#multiple + 1',
      },
    ],
  },
  {
    name: 'frame-counts-missed-ticks',
    source: 'design section 6: a frame number that counts ticks run',
    sentence: 'After a pause the frame number leaps.',
    edits: [
      {
        file: TICKER,
        find: 'this.#frame++',
        replace: 'this.#frame = Math.round((this.#shell.now - this.#start) / this.#tickMs)',
      },
    ],
  },
  {
    name: 'zone-removes-from-another',
    source: 'design section 6: remove; nothing happens where the session is no member',
    sentence: 'A zone that removes somebody who has gone over to another zone throws them out there.',
    edits: [
      {
        file: ZONE,
        find: 'if (!this.#members.delete(session)) return',
        replace: 'if (!(session.zone instanceof Zone)) return\n    session.zone.#members.delete(session)',
      },
    ],
  },
  {
    name: 'leaver-goes-on-hearing',
    source: 'design section 6: who is no member gets nothing of the zone',
    sentence: 'Who has left a room goes on hearing what is said there.',
    edits: [
      {
        file: ZONE,
        find: "    this.#call('handlePart', session, run, { message, reason })\n",
        replace:
          "    this.#call('handlePart', session, run, { message, reason })\n    if (reason === 'left') this.#parts.turns.ask(() => this.#members.add(session))\n",
      },
    ],
  },
]
