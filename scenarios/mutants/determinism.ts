/** What makes two runs of one seed differ: found by making runs twice. */
import type { Mutant } from './mutant.ts'

export const DETERMINISM_MUTANTS: readonly Mutant[] = [
  {
    name: 'ambient-randomness',
    source: 'design section 3: no Math.random',
    sentence: 'Tokens are drawn from the randomness of the process.',
    edits: [
      {
        file: 'core/session/tokens.ts',
        find: 'do this.#random.fill(token)\n',
        replace: 'do for (let at = 0; at < TOKEN_BYTES; at++) token[at] = Math.floor(Math.random() * 256)\n',
      },
    ],
  },
  {
    name: 'ambient-time',
    source: 'design section 3: no Date',
    sentence: 'The backoff depends on the time of day.',
    edits: [
      {
        file: 'core/client/backoff.ts',
        find: 'return (random.uint32() / 0x1_0000_0000) * ceiling',
        replace: 'return ((random.uint32() / 0x1_0000_0000) * ceiling + Date.now()) % ceiling',
      },
    ],
  },
  {
    name: 'state-shared-between-servers',
    source: 'design section 5: an id is unique for the life of its server',
    sentence: 'Ids are counted for the process, so that the second server of a process goes on where the first was.',
    edits: [
      { file: 'core/session/sessions.ts', find: '  #lastId: number\n', replace: '  static #count = 0\n' },
      {
        file: 'core/session/sessions.ts',
        find: '    this.#lastId = parts.shell.firstSessionId - 1\n',
        replace: '',
      },
      {
        file: 'core/session/sessions.ts',
        find: 'const session = new SessionCore(this.#parts, ++this.#lastId, options.proxy, options)',
        replace: 'const session = new SessionCore(this.#parts, ++SessionRegistry.#count, options.proxy, options)',
      },
      {
        file: 'core/session/sessions.ts',
        find: 'const session = new SessionCore(this.#parts, ++this.#lastId, link, {})',
        replace: 'const session = new SessionCore(this.#parts, ++SessionRegistry.#count, link, {})',
      },
    ],
  },
]
