/** Boundaries of what comes in, and whether what was said is what arrives. */
import type { Mutant } from './mutant.ts'

export const ODD_INPUT_MUTANTS: readonly Mutant[] = [
  {
    name: 'last-byte-not-compared',
    source: 'design section 5, Tokens: 16 bytes that prove it; an off-by-one',
    sentence: 'A token with a wrong last byte is accepted.',
    edits: [
      {
        file: 'core/session/tokens.ts',
        find: 'i < a.length; i++',
        replace: 'i < a.length - 1; i++',
      },
    ],
  },
  {
    name: 'empty-token-is-a-bad-one',
    source: 'design section 5: session_request without token (absent or empty)',
    sentence: 'Clients that write an empty field for "none" cannot begin a session.',
    edits: [
      {
        file: 'core/session/handle-request.ts',
        find: 'hasToken: token !== undefined && token.length > 0,',
        replace: 'hasToken: token !== undefined,',
      },
    ],
  },
  {
    name: 'attempt-can-fall',
    source: 'design section 5: a lower attempt than the session has accepted',
    sentence: 'A request with an old number makes the next late one look new.',
    edits: [
      {
        file: 'core/session/credentials.ts',
        find: 'if (attempt !== undefined && attempt > this.#attempt) this.#attempt = attempt',
        replace: 'if (attempt !== undefined) this.#attempt = attempt',
      },
    ],
  },
  {
    name: 'rate-limit-one-too-early',
    source: 'core/options.ts: limits.messagesPerSecond; an off-by-one',
    sentence: 'Whoever sends exactly as much as is allowed is closed.',
    edits: [
      {
        file: 'core/connection/rate-limit.ts',
        find: 'if (++this.#windowMessages > messagesPerSecond) {',
        replace: 'if (++this.#windowMessages >= messagesPerSecond) {',
      },
    ],
  },
  {
    name: 'oversized-accepted',
    source: 'design section 7: an oversized message is closed with 4506',
    sentence: 'A message may be twice as large as is allowed.',
    edits: [
      {
        file: 'core/session/client-input.ts',
        find: 'if (bytes.length > options.limits.messageBytes) {',
        replace: 'if (bytes.length > 2 * options.limits.messageBytes) {',
      },
    ],
  },
  {
    name: 'largest-message-refused',
    source: 'core/options.ts: limits.messageBytes; an off-by-one',
    sentence: 'A message that is exactly as large as is allowed costs the connection.',
    edits: [
      {
        file: 'core/session/client-input.ts',
        find: 'if (bytes.length > options.limits.messageBytes) {',
        replace: 'if (bytes.length >= options.limits.messageBytes) {',
      },
    ],
  },
  {
    name: 'status-before-decoding',
    source: 'design section 7: decoding comes first, then the status',
    sentence: 'Garbage before a session is answered politely, again and again.',
    edits: [
      {
        file: 'core/session/message-reader.ts',
        find: '    const app = this.#parts.apps.get(prefix)\n',
        replace:
          "    if (session.status !== 'connected') {\n      session.apply('other_message')\n      return\n    }\n    const app = this.#parts.apps.get(prefix)\n",
      },
    ],
  },
  {
    name: 'server-message-judged-as-call',
    source: 'design section 7: server-only message: ignored, in any status',
    sentence: 'Who sends back what the server has sent is told that it is in no zone.',
    edits: [
      {
        file: 'core/session/message-reader.ts',
        find: '    else if (!app.handled.has(message.type)) counters.unexpectedMessageTotal++\n',
        replace: '',
      },
    ],
  },
  {
    name: 'short-message-ignored',
    source: 'design section 7: a frame under 2 bytes is closed with 4506',
    sentence: 'A message that is no message is ignored.',
    edits: [
      {
        file: 'core/session/message-reader.ts',
        find: '    if (prefix === undefined) {\n      this.#malformed(link)\n',
        replace: '    if (prefix === undefined) {\n      counters.emptyMessageTotal++\n',
      },
    ],
  },
  {
    name: 'garbage-in-protocol-ignored',
    source: 'design section 7: malformed protobuf is closed with 4506',
    sentence: 'A client whose session protocol is broken may go on.',
    edits: [
      {
        file: 'core/session/message-reader.ts',
        find: "if (message === 'malformed') this.#malformed(link)\n      else if (message === 'empty') counters",
        replace: "if (message === 'malformed' || message === 'empty') counters",
      },
    ],
  },
  {
    name: 'huge-number-accepted',
    source: 'design section 7: a uint64 above 2^53-1 is closed with 4506',
    sentence: 'A number that does not fit becomes another number.',
    edits: [
      {
        file: 'core/app/number-reader.ts',
        find: "  throw new RangeError('an integer beyond 2^53−1')",
        replace: '  return Number.MAX_SAFE_INTEGER',
      },
    ],
  },
  {
    name: 'zero-is-absent',
    source: 'core/app/codec.ts: only fields that are present',
    sentence: 'A zero that was sent does not arrive.',
    edits: [
      {
        file: 'core/app/codec.ts',
        find: 'if (Object.hasOwn(envelope, type)) return { type, message: envelope[type] as PlainMessage }',
        replace:
          "if (!Object.hasOwn(envelope, type)) continue\n    const set = Object.entries(envelope[type] as PlainMessage).filter(([, value]) => value !== 0 && value !== '')\n    return { type, message: Object.fromEntries(set) }",
      },
    ],
  },
  {
    name: 'all-on-channel-zero',
    source: 'design section 7: each message type has a delivery and a channel',
    sentence: 'A snapshot waits for chat that was lost on the way.',
    edits: [
      {
        file: 'core/app/outgoing.ts',
        find: 'this.delivery = app.deliveryOf(type)',
        replace: 'this.delivery = { ...app.deliveryOf(type), channel: 0 }',
      },
    ],
  },
  {
    name: 'parting-words-lost',
    source: 'design section 6: message is undefined except for left',
    sentence: 'What a client says as it leaves never reaches the zone.',
    edits: [
      {
        file: 'core/zone/zones.ts',
        find: "zone.memberLeft(session, 'left', message)",
        replace: "zone.memberLeft(session, 'left')",
      },
    ],
  },
  {
    name: 'message-of-an-npc-can-be-changed',
    source: 'core/app/outgoing.ts: what the sender does with its objects afterwards changes nothing',
    sentence: 'A game changes a message that it has handed over, and the handler sees it change.',
    edits: [
      {
        file: 'core/zone/zones.ts',
        find: 'const copy = copyAsReceived(app.codec, type, message)',
        replace: 'const copy = message',
      },
    ],
  },
  {
    name: 'first-of-two-members-counts',
    source: 'protobuf: of several members of a oneof the last one on the wire counts',
    sentence: 'A message that an honest library reads in one way is read in another.',
    edits: [
      {
        file: 'core/app/codec.ts',
        find: 'const reader = readerOf(frame)',
        replace:
          'const reader = readerOf(frame)\n  if (frame.length > PREFIX_BYTES) {\n    reader.tag()\n    reader.skip(reader.uint32())\n    reader.len = reader.pos\n    reader.pos = PREFIX_BYTES\n  }',
      },
    ],
  },
  {
    name: 'field-checks-ignored',
    source: 'protobufjs writes -1 as 4294967295 and leaves out what it does not know; docs/errors.md: bad_message',
    sentence: 'A message with a mistake in it is sent as far as it went, and nobody is told.',
    edits: [
      {
        file: 'core/app/codec.ts',
        find: 'else write(message, writer)',
        replace:
          'else {\n          try {\n            write(message, writer)\n          } catch (error) {\n            if (!(error instanceof TypeError)) throw error\n          }\n        }',
      },
    ],
  },
]
