/** Connections: how many there may be, what is counted of them, and what becomes of them when a server ends. */
import type { Mutant } from './mutant.ts'

export const CONNECTION_MUTANTS: readonly Mutant[] = [
  {
    name: 'waiting-never-forgotten',
    source: 'docs/errors.md: 4007; colyseus #285: expired timeouts never deleted',
    sentence: 'An address whose connections have come and gone is shut out in the end.',
    edits: [
      {
        file: 'core/session/connections.ts',
        find: '    this.settle(link)\n    this.#open.delete(link)\n    this.#links',
        replace: '    this.#open.delete(link)\n    this.#links',
      },
    ],
  },
  {
    name: 'one-waiting-too-many',
    source: 'core/options.ts: limits.preconnectsPerAddress; an off-by-one',
    sentence: 'One connection more without a session is let in from each address.',
    edits: [
      {
        file: 'core/session/connections.ts',
        find: 'neighbours.size >= this.#limits.preconnectsPerAddress',
        replace: 'neighbours.size > this.#limits.preconnectsPerAddress',
      },
    ],
  },
  {
    name: 'newest-makes-place',
    source: 'core/options.ts: the one that has waited longest makes place',
    sentence: 'A flood of silent connections stays, and whoever comes back is turned away.',
    edits: [
      {
        file: 'core/session/connections.ts',
        find: 'for (const link of waiting) {',
        replace: 'for (const link of [...waiting].reverse()) {',
      },
    ],
  },
  {
    name: 'crowded-one-too-early',
    source: 'core/options.ts: limits.connections; an off-by-one',
    sentence: 'A server that has room for one more makes somebody go.',
    edits: [
      {
        file: 'core/session/connections.ts',
        find: 'return this.#open.size > this.#limits.connections',
        replace: 'return this.#open.size >= this.#limits.connections',
      },
    ],
  },
  {
    name: 'closing-connection-counts',
    source: 'core/session/connections.ts: open are those that nobody has asked to close',
    sentence: 'Connections that are on their way out keep others from coming in.',
    edits: [{ file: 'core/session/client-link.ts', find: '    this.#parts.onClosing(this)\n', replace: '' }],
  },
  {
    name: 'address-counted-from-zero',
    source: 'core/options.ts: limits.preconnectsPerAddress',
    sentence: 'One connection of an address gets a session, and the others without one are forgotten.',
    edits: [
      {
        file: 'core/session/connections.ts',
        find: 'if (neighbours?.size === 0) this.#waitingByAddress',
        replace: 'this.#waitingByAddress',
      },
    ],
  },
  {
    name: 'crowd-refuses-resume',
    source: 'design section 7: a resume is never refused for fullness',
    sentence: 'Where there are too many connections, nobody comes back to a session.',
    edits: [
      {
        file: 'core/server.ts',
        find: 'handleRequest: (link, session, request) => handleRequest(this, link, session, request),',
        replace:
          "handleRequest: (link, session, request) =>\n        handleRequest(\n          this,\n          link,\n          session,\n          session.status !== 'connected' && this.connections.isCrowded ? { ...request, reconnect_token: undefined } : request,\n        ),",
      },
    ],
  },
  {
    name: 'crowd-begins-sessions',
    source: 'core/options.ts: limits.connections: closed with 4010 if it asks for a new one',
    sentence: 'A server with too many connections goes on to begin sessions.',
    edits: [
      {
        file: 'core/session/guards.ts',
        find: 'return isCrowded || !hasPlace ?',
        replace: 'return (isCrowded && !hasPlace) || !hasPlace ?',
      },
    ],
  },
  {
    name: 'resume-counted-as-takeover',
    source: 'docs/metrics.md: sessionsResumedTotal',
    sentence: 'The graph of takeovers shows the players who were in a tunnel.',
    edits: [
      {
        file: 'core/session/transitions.ts',
        find: "effects: ['cancel_grace', 'adopt_proxy', ...COME_BACK],\n    counts: 'sessionsResumedTotal'",
        replace: "effects: ['cancel_grace', 'adopt_proxy', ...COME_BACK],\n    counts: 'sessionsTakenOverTotal'",
      },
    ],
  },
  {
    name: 'denials-not-counted',
    source: 'docs/metrics.md: denialsTotal',
    sentence: 'Nobody sees that clients are denied again and again.',
    edits: [
      {
        file: 'core/session/client-link.ts',
        find: 'if (this.send(encodeDenied(reason))) this.#parts.counters.denialsTotal++',
        replace: 'this.send(encodeDenied(reason))',
      },
    ],
  },
  {
    name: 'bytes-counted-twice',
    source: 'docs/metrics.md: bytesOutTotal',
    sentence: 'The graph of the traffic shows twice as much as was sent.',
    edits: [
      {
        file: 'core/session/client-link.ts',
        find: 'counters.bytesOutTotal += outgoing.bytes.length',
        replace: 'counters.bytesOutTotal += 2 * outgoing.bytes.length',
      },
    ],
  },
  {
    name: 'stopped-server-listens',
    source: 'design section 7: afterwards no socket remains',
    sentence: 'A server that has stopped goes on to accept connections.',
    edits: [
      {
        file: 'core/server.ts',
        find: 'for (const listener of this.#listeners) listener.close()',
        replace: 'this.#listeners.clear()',
      },
    ],
  },
  {
    name: 'stopped-server-starts-zones',
    source: 'docs/errors.md: server_stopped',
    sentence: 'A room is opened on a server that is no more, and never freed.',
    edits: [
      {
        file: 'core/zone/zones.ts',
        find: "    if (this.#isStopped()) throw new OverworldError('server_stopped', 'the server has stopped: it takes no zones')\n",
        replace: '',
      },
    ],
  },
  {
    name: 'first-drain-goes-on',
    source: 'core/server.ts: called again meanwhile, it can only shorten the wait',
    sentence: 'The timer of the first drain keeps a server alive that ended long since.',
    edits: [
      {
        file: 'core/server.ts',
        find: '        this.#drainsUntilMs = untilMs\n        this.#drainTimer?.cancel()\n',
        replace: '        this.#drainsUntilMs = untilMs\n',
      },
    ],
  },
  {
    name: 'second-drain-never-done',
    source: 'core/server.ts: then done is called',
    sentence: 'Who asks a draining server to drain waits for ever to be told that it has.',
    edits: [
      {
        file: 'core/server.ts',
        find: "        if (done !== undefined) this.#onStopped.push(done)\n        if (this.#phase === 'stopped') this.#finishIfClosed()\n",
        replace: "        if (this.#phase === 'stopped') this.#finishIfClosed()\n",
      },
      {
        file: 'core/server.ts',
        find: "        this.#phase = 'draining'\n",
        replace: "        if (done !== undefined) this.#onStopped.push(done)\n        this.#phase = 'draining'\n",
      },
    ],
  },
  {
    name: 'liveness-off-is-at-once',
    source: 'core/options.ts: livenessTimeout 0: off',
    sentence: 'A server that wants no liveness check gives every connection up at once.',
    edits: [
      {
        file: 'core/liveness.ts',
        find: '    if (this.#timeoutMs === 0) return\n',
        replace: '',
      },
    ],
  },
  {
    name: 'ten-beacons-remembered',
    source: 'socket.io #5282; design section 5: the last 25 beacons count',
    sentence: 'Answers that were held up for more than ten seconds count for nothing.',
    edits: [
      {
        file: 'core/session/heartbeat.ts',
        find: 'const REMEMBERED = 25',
        replace: 'const REMEMBERED = 10',
      },
    ],
  },
  {
    name: 'beacons-numbered-anew',
    source: 'design section 5: a change of connection forgets earlier beacons',
    sentence: 'Each connection counts its beacons from 1, so that an answer of before counts for one of now.',
    edits: [
      {
        file: 'core/session/heartbeat.ts',
        find: '    this.#sentAt.clear()\n',
        replace: '    this.#sentAt.clear()\n    this.#lastId = 0\n',
      },
    ],
  },
  {
    name: 'closing-connection-makes-place',
    source: 'found by the fuzzer in this server: the oldest connection without a session was being closed already',
    sentence: 'A guest who is on the way out is asked to leave once more, and the room stays too full.',
    edits: [
      {
        file: 'core/session/connections.ts',
        find: '    this.settle(link)\n    this.#open.delete(link)\n  }',
        replace: '    this.#open.delete(link)\n  }',
      },
    ],
  },
  {
    name: 'one-beacon-too-many',
    source: 'design section 5: the last 25 beacons count; an off-by-one',
    sentence: 'An answer to the beacon before the oldest that counts still counts.',
    edits: [
      {
        file: 'core/session/heartbeat.ts',
        find: 'this.#sentAt.delete(id - REMEMBERED)',
        replace: 'this.#sentAt.delete(id - REMEMBERED - 1)',
      },
    ],
  },
  {
    name: 'one-beacon-too-few',
    source: 'design section 5: the last 25 beacons count; an off-by-one',
    sentence: 'An answer to the oldest beacon that counts does not count.',
    edits: [
      {
        file: 'core/session/heartbeat.ts',
        find: 'this.#sentAt.delete(id - REMEMBERED)',
        replace: 'this.#sentAt.delete(id - REMEMBERED + 1)',
      },
    ],
  },
]
