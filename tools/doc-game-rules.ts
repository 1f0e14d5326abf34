/** The tables of the rules that apply to every game: see `defineGame`. The sentences are the fuzzer's own, the examples are from here. */
import { GAME_RULES, type GameRule } from '../scenarios/index.ts'
import { RUN_RULES } from '../scenarios/game/game-rules.ts'

/** A bug that breaks the rule. */
const EXAMPLES: Readonly<Record<GameRule, string>> = {
  'handlers-do-not-throw': '`handleDisconnect` reads the seat of a player who has none, because the table was full',
  'speaks-to-members':
    '`handlePart` sends "goodbye" to the player who leaves: it is no member any more, and gets nothing',
  'types-of-own-app': 'a zone of the app `table` sends a message of the app `lobby`',
  'timers-of-the-gone': '`handleJoin` sets a timer that sends the player a hint; nobody cancels it in `handlePart`',
  'forgets-the-gone': '`handlePart` deletes the player from `seats`, and not from `ready`',
  'back-and-told':
    'the zone has no `handleReconnect`: a player who comes back sees the old table until something happens',
  'same-view-after-return':
    '`handleDisconnect` tells nobody: who comes back sees that a player is away, the others see it when they come back',
  'grows-without-end': 'each join adds a line to a log that nothing shortens',
  'equal-histories': 'the first player is the one with the even session id',
  'views-agree': 'needs `sees` and `shows`: the page does not remove a player who has left',
  healed: 'a page with reconnect code of its own does not notice that its connection is dead',
}

export function gameRules(): string {
  const rows = Object.entries(GAME_RULES).map(([name, sentence]) => {
    return `| \`${name}\` | ${sentence} | ${EXAMPLES[name as GameRule]} |`
  })
  return ['| rule | what must hold | a bug that breaks it |', '| --- | --- | --- |', ...rows].join('\n')
}

export function runRules(): string {
  return Object.entries(RUN_RULES)
    .map(([name, sentence]) => `- \`${name}\`: ${sentence}`)
    .join('\n')
}
