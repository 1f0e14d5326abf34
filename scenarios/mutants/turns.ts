/** Turns: one input, and then everything that was asked for meanwhile. */
import type { Mutant } from './mutant.ts'

const TURNS = 'core/turns/turns.ts'

export const TURN_MUTANTS: readonly Mutant[] = [
  {
    name: 'asked-within-an-ask-is-lost',
    source: 'design section 4: one queue, until it is empty',
    sentence: 'What a handler asks for that was itself asked for is forgotten.',
    edits: [
      {
        file: TURNS,
        find: 'while (this.#next < this.#queue.length) {',
        replace: 'for (const end = this.#queue.length; this.#next < end; ) {',
      },
    ],
  },
  {
    name: 'asked-for-too-late',
    source: 'design section 4: a turn is one input and everything that was asked for meanwhile',
    sentence: 'What one input asked for is carried out with the next one.',
    edits: [
      {
        file: TURNS,
        find: 'while (this.#next < this.#queue.length) {',
        replace: 'for (const end = this.#queue.length - (this.#queue.length > 1 ? 1 : 0); this.#next < end; ) {',
      },
      {
        file: TURNS,
        find: 'while (this.#queue.length > 0) this.#queue.pop()',
        replace: 'this.#queue.splice(0, this.#next)',
      },
    ],
  },
  {
    name: 'last-asked-first-done',
    source: 'design section 4: first in, first out',
    sentence: 'What a turn asks for is carried out in reverse.',
    edits: [
      {
        file: TURNS,
        find: 'const ask = this.#queue[this.#next++]',
        replace: 'const [ask] = this.#queue.splice(this.#queue.length - 1, 1)',
      },
    ],
  },
  {
    name: 'channel-of-its-own',
    source: 'design section 6: reliable messages arrive in order per channel; 7: no order across channels',
    sentence: 'Messages of one kind are spread over the channels of ENet, and overtake each other.',
    edits: [
      {
        file: 'core/app/outgoing.ts',
        find: 'this.delivery = app.deliveryOf(type)',
        replace: 'this.delivery = { mode: app.deliveryOf(type).mode, channel: JSON.stringify(message).length % 4 }',
      },
    ],
  },
  {
    name: 'forty-asks-a-turn',
    source: 'design section 4: one queue, until it is empty',
    sentence: 'A turn carries out so much and no more: the end of a long broadcast is never sent.',
    edits: [
      {
        file: TURNS,
        find: 'while (this.#next < this.#queue.length) {',
        replace: 'while (this.#next < Math.min(40, this.#queue.length)) {',
      },
    ],
  },
]
