/** Tokens: who may come back, and for how long. */
import type { Mutant } from './mutant.ts'

const TOKENS = 'core/session/tokens.ts'
const GUARDS = 'core/session/guards.ts'
const CREDENTIALS = 'core/session/credentials.ts'

export const TOKEN_MUTANTS: readonly Mutant[] = [
  {
    name: 'old-token-dies-at-once',
    source: 'design section 5, Tokens: rotation must not strand a client',
    sentence: 'The old token is revoked when the new one is issued, although the client may never hear of that one.',
    edits: [
      {
        file: TOKENS,
        find: 'return { current: this.#create(session), previous: kept }',
        replace: 'this.#delete(kept)\n    return { current: this.#create(session), previous: undefined }',
      },
    ],
  },
  {
    name: 'old-token-never-dies',
    source: 'design section 5, Tokens: after the proof the old one is dead',
    sentence: 'The client has proven that it holds the new token, and the old one goes on to open its session.',
    edits: [
      {
        file: CREDENTIALS,
        find: 'if (this.#tokens !== undefined) this.#tokens = this.#registry.prove(this.#tokens)',
        replace: '',
      },
    ],
  },
  {
    name: 'third-token-lives',
    source: 'design section 5, Tokens: at most two are ever valid',
    sentence: 'A session that is resumed twice before the proof has three tokens, and one of them is never freed.',
    edits: [{ file: TOKENS, find: 'if (unused !== undefined) this.#delete(unused)', replace: '' }],
  },
  {
    name: 'keeps-the-unused-token',
    source: 'design section 5, trap: a second drop during resume',
    sentence:
      'The server keeps the token it issued last instead of the one the client used: two lost answers strand the client.',
    edits: [
      {
        file: TOKENS,
        find: 'const unused = hasCurrent ? pair.previous : pair.current',
        replace: 'const unused = pair.previous',
      },
      {
        file: TOKENS,
        find: 'const kept = hasCurrent ? pair.current : (pair.previous ?? pair.current)',
        replace: 'const kept = pair.current',
      },
      { file: TOKENS, find: 'const hasCurrent = isCurrent(pair, used)', replace: 'void used' },
    ],
  },
  {
    name: 'token-not-rotated',
    source: 'design section 5, Resume: the session gets a new token',
    sentence: 'The token stays the same for ever, so whoever saw it once can come back with it at any time.',
    edits: [
      {
        file: CREDENTIALS,
        find: 'this.#tokens = this.#registry.rotate(this.#session, this.#tokens, used)',
        replace: 'void used',
      },
    ],
  },
  {
    name: 'token-never-freed',
    source: 'overworld-behaviour 9; colyseus #285',
    sentence: 'The tokens of sessions that are gone are never deleted.',
    edits: [
      {
        file: TOKENS,
        find: 'revoke(pair: TokenPair): void {\n    this.#delete(pair.current)',
        replace: 'revoke(pair: TokenPair): void {',
      },
    ],
  },
  {
    name: 'finder-is-enough',
    source: 'design section 5, Tokens: 16 bytes that prove it',
    sentence: 'A token with the right first eight bytes takes the session over, whatever the others are.',
    edits: [
      {
        file: TOKENS,
        find: 'return entry !== undefined && equalInConstantTime(entry.token, token) ? entry.session : undefined',
        replace: 'return entry?.session',
      },
    ],
  },
  {
    name: 'bad-token-locks-out',
    source: 'colyseus #962: the seat is consumed before the token is checked',
    sentence: 'Somebody guesses half of a token, and the owner of the session cannot come back any more.',
    edits: [
      {
        file: TOKENS,
        find: 'return entry !== undefined && equalInConstantTime(entry.token, token) ? entry.session : undefined',
        replace: `if (entry === undefined || equalInConstantTime(entry.token, token)) return entry?.session
    this.#entries.delete(finderOf(token))
    return undefined`,
      },
    ],
  },
  {
    name: 'guesses-not-limited',
    source: 'design section 5: the third bad token closes with 4503',
    sentence: 'A stranger may try one token after another over the same connection.',
    edits: [
      {
        file: GUARDS,
        find: 'badTokensBefore + 1 < BAD_TOKENS_MAX',
        replace: 'badTokensBefore + 1 <= BAD_TOKENS_MAX',
      },
    ],
  },
  {
    name: 'first-guess-is-last',
    source: 'design section 7: only bad_token means a lost session, and a new one may be requested',
    sentence: 'A client whose session has expired is thrown out for good instead of getting a new one.',
    edits: [{ file: GUARDS, find: 'const BAD_TOKENS_MAX = 3', replace: 'const BAD_TOKENS_MAX = 1' }],
  },
  {
    name: 'guesses-counted-for-the-server',
    source: 'design section 5: a bad token never harms any session',
    sentence: 'Bad tokens are counted for all connections together: a few expired sessions, and clients are shut out.',
    edits: [
      {
        file: 'core/session/message-reader.ts',
        find: '    this.#parts.handleRequest(link, session, request)\n',
        replace:
          '    link.badTokens = this.#parts.counters.badTokensTotal\n    this.#parts.handleRequest(link, session, request)\n',
      },
    ],
  },
  {
    name: 'late-request-steals-back',
    source: 'design section 5: late requests must not steal a session back',
    sentence: 'A request that was under way for long takes the session away from the connection that came after it.',
    edits: [
      {
        file: CREDENTIALS,
        find: 'return attempt !== undefined && attempt < this.#attempt',
        replace: 'return attempt !== undefined && attempt < 0',
      },
    ],
  },
  {
    name: 'same-attempt-is-late',
    source: 'design section 5: a lower attempt is late',
    sentence: 'A duplicated tab whose attempt number equals the last one is turned away for good.',
    edits: [
      {
        file: CREDENTIALS,
        find: 'return attempt !== undefined && attempt < this.#attempt',
        replace: 'return attempt !== undefined && attempt <= this.#attempt',
      },
    ],
  },
  {
    name: 'attempt-of-resume-forgotten',
    source: 'design section 5: a lower attempt than the session has accepted',
    sentence: 'Only the first request counts its attempt, so every later one can be overtaken by the one before it.',
    edits: [
      {
        file: CREDENTIALS,
        find: '(this.#attemptBefore ?? this.#attempt)\n    this.accept(attempt)',
        replace: '(this.#attemptBefore ?? this.#attempt)\n    void attempt',
      },
    ],
  },
  {
    name: 'attempt-of-a-lost-guest-stays',
    source: 'a guest with a copy of an old token, met in tests of attacks',
    sentence: 'Somebody comes with an old token and a huge attempt number and is gone; the owner is late from then on.',
    edits: [
      {
        file: CREDENTIALS,
        find: 'this.#attempt = this.#attemptBefore ?? this.#attempt',
        replace: '',
      },
    ],
  },
  {
    name: 'late-request-has-a-bad-token',
    source: 'design section 7: only bad_token, in answer to a request of its own, means a lost session',
    sentence: 'A request that was under way for long is told that its session is lost, and its client begins anew.',
    edits: [
      {
        file: GUARDS,
        find: "return isLate ? 'request_late' : 'request_resume'",
        replace: "return isLate ? 'request_bad_token' : 'request_resume'",
      },
    ],
  },
  {
    name: 'early-request-is-the-late-one',
    source:
      "design section 5: a late request must not take a session back; two events of a guard in each other's place",
    sentence: 'Whoever comes back is turned away as too late, and a request that is too late takes the session.',
    edits: [
      {
        file: GUARDS,
        find: "return isLate ? 'request_late' : 'request_resume'",
        replace: "return isLate ? 'request_resume' : 'request_late'",
      },
    ],
  },
  {
    name: 'repeated-request-needs-a-place',
    source: 'design section 5: connected, session_request without a token: the same id and token',
    sentence: 'A client with a session asks whether its connection lives, and a full server takes it for a new client.',
    edits: [
      {
        file: GUARDS,
        find: "if (facts.status === 'connected') return hasToken ? 'request_again' : 'request_repeated'",
        replace:
          "if (facts.status === 'connected' && (hasToken || admission === 'free')) return hasToken ? 'request_again' : 'request_repeated'",
      },
    ],
  },
]
