/** What comes in and goes out: odd input, closing, buffers. */
import type { Mutant } from './mutant.ts'

const LINK = 'core/session/client-link.ts'

export const WIRE_MUTANTS: readonly Mutant[] = [
  {
    name: 'malformed-ignored',
    source: 'design section 7: malformed protobuf is closed with 4506',
    sentence: 'A client that sends garbage may go on.',
    edits: [
      {
        file: 'core/session/message-reader.ts',
        find: "this.#parts.counters.malformedTotal++\n    link.fail('bad_input', 'malformed message')",
        replace: 'this.#parts.counters.malformedTotal++',
      },
    ],
  },
  {
    name: 'malformed-ends-session',
    source: 'design section 7: bad input closes the connection; section 5: the session waits',
    sentence: 'One broken message, and the session is gone without a grace.',
    edits: [
      {
        file: 'core/session/message-reader.ts',
        find: "this.#parts.counters.malformedTotal++\n    link.fail('bad_input', 'malformed message')",
        replace:
          "this.#parts.counters.malformedTotal++\n    const { session } = link\n    link.close(4506)\n    session?.apply('stop')",
      },
    ],
  },
  {
    name: 'malformed-does-not-disconnect',
    source: 'uWebSockets #1338, in terms of a session: what was closed by us counts as lost',
    sentence: 'The connection is closed for what its peer did, and its session believes to be connected.',
    edits: [
      {
        file: LINK,
        find: 'this.#parts.turns.ask(() => this.#session?.apply(fault))',
        replace: 'void fault',
      },
    ],
  },
  {
    name: 'unknown-prefix-closes',
    source: 'overworld-behaviour 4; design section 7: unknown prefix: ignored',
    sentence: 'A message for an app that this server does not have costs the connection.',
    edits: [
      {
        file: 'core/session/message-reader.ts',
        find: 'counters.unknownPrefixTotal++\n',
        replace: 'counters.unknownPrefixTotal++\n      this.#malformed(link)\n',
      },
    ],
  },
  {
    name: 'empty-message-closes',
    source: 'overworld-behaviour 5; design section 7: empty oneof: ignored',
    sentence: 'An empty message costs the connection.',
    edits: [
      {
        file: 'core/session/message-reader.ts',
        find: "    else if (message === 'empty') this.#handleUnknown(link, session, app)\n",
        replace: "    else if (message === 'empty') this.#malformed(link)\n",
      },
    ],
  },
  {
    name: 'server-only-message-closes',
    source: 'overworld-behaviour 4; design section 7: server-only message: ignored',
    sentence: 'A client that sends a pong is thrown out.',
    edits: [
      {
        file: 'core/session/message-reader.ts',
        find: 'else if (message === undefined) counters.unexpectedMessageTotal++',
        replace: 'else if (message === undefined) this.#malformed(link)',
      },
    ],
  },
  {
    name: 'sends-after-overflow-close',
    source: 'uWebSockets #1338: sends go on after an overflow close',
    sentence: 'A connection was closed because its reader is too slow, and more is sent to it.',
    edits: [
      {
        file: LINK,
        find: '    if (this.#isClosing) {\n      counters.droppedDisconnectedTotal++\n      return false\n    }\n',
        replace: '',
      },
      {
        file: LINK,
        find: 'this.#parts.turns.ask(() => this.#session?.apply(fault))',
        replace: "if (fault !== 'slow_reader') this.#parts.turns.ask(() => this.#session?.apply(fault))",
      },
    ],
  },
  {
    name: 'slow-reader-kept',
    source: 'design section 7: above 1 MiB the connection is closed with 4005',
    sentence: 'What a slow reader does not read is kept without a limit.',
    edits: [
      {
        file: 'core/connection/slow-reader.ts',
        find: "if (buffered > bufferedBytesHard) return 'close'",
        replace: "if (buffered === Infinity + bufferedBytesHard) return 'close'",
      },
    ],
  },
  {
    name: 'slow-reader-loses-reliable',
    source: 'design section 6: reliable messages arrive without gaps; section 7: unreliable messages are dropped',
    sentence: 'A slow reader misses reliable messages, and never learns of it.',
    edits: [
      {
        file: 'core/connection/slow-reader.ts',
        find: "delivery.mode !== 'reliable') return 'drop'",
        replace: "delivery.mode.length > 0) return 'drop'",
      },
    ],
  },
  {
    name: 'overflow-close-lets-the-rest-through',
    source: 'uWebSockets #1338; core/injected.ts: nothing is sent after close',
    sentence:
      'What a zone says to a slow reader after the message that was too much still goes to the closed connection.',
    edits: [
      {
        file: LINK,
        find: '    if (this.#isClosing) {\n      counters.droppedDisconnectedTotal++\n',
        replace:
          '    if (this.#isClosing && this.#session === undefined) {\n      counters.droppedDisconnectedTotal++\n',
      },
      {
        file: LINK,
        find: 'switch (judgeBuffer(this.connection.bufferedBytes, delivery, limits)) {',
        replace: "switch (this.#isClosing ? 'send' : judgeBuffer(this.connection.bufferedBytes, delivery, limits)) {",
      },
    ],
  },
]
