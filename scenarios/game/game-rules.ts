/** The rules that apply to every game without any declaration. Each can be switched off, with a reason: `off` of `defineGame`. */
export const GAME_RULES = {
  'handlers-do-not-throw': 'No handler of a zone, no route and no callback throws.',
  'speaks-to-members': 'A zone sends only to sessions that are its members.',
  'types-of-own-app': 'A zone sends only messages of its own app.',
  'timers-of-the-gone':
    'A zone timer that was set for a session neither throws nor sends to that session once the session is gone.',
  'forgets-the-gone':
    '30 s after a session is gone, nothing in the state of a zone holds the session, or has its id as a key.',
  'back-and-told':
    'A zone that answers a join answers a reconnect, and two reconnects in a row, with nothing in between, alike.',
  'same-view-after-return':
    'A client that goes over to another connection, with nothing else in between, sees afterwards what it saw before.',
  'grows-without-end': 'The state of the zones does not become larger with each join and leave of the same clients.',
  'equal-histories': 'A run with other ids and names of clients ends in the same state, but for these ids and names.',
  'views-agree': 'What a client sees is what the server shows to its session, whenever nothing is under way.',
  healed: 'Once the network is well again, every client that wants to be is connected, with a session that lives.',
} as const satisfies Readonly<Record<string, string>>

export type GameRule = keyof typeof GAME_RULES

/** Those without which nothing else can be judged: they cannot be switched off. */
export const RUN_RULES = {
  'no-internal-error': 'The server never runs into a mistake of its own.',
  'comes-to-its-end': 'Neither a client nor the simulator throws: each run comes to its end.',
  'nothing-remains':
    'Once everybody has gone and every timeout has passed, no session of a client and no connection is left.',
  drain: 'A server that drains or stops comes to its end in time.',
} as const satisfies Readonly<Record<string, string>>

/** What the author of a game says of rules: see `GameOptions`. */
export interface RulesOf {
  readonly off?: Readonly<Partial<Record<GameRule, string>>>
  readonly rules?: Readonly<Record<string, string>>
}

/** The names of the rules that apply to a game: ours, and those that its author gave sentences for. */
export function rulesOfGame({ off = {}, rules = {} }: RulesOf): string[] {
  const ours = Object.keys(GAME_RULES).filter((rule) => !Object.hasOwn(off, rule))
  return [...ours, ...Object.keys(RUN_RULES), ...Object.keys(rules)]
}

/** What a rule says; undefined: its author has given no sentence. */
export function sentenceOfGameRule(rule: string, { rules = {} }: RulesOf): string | undefined {
  const ours: Readonly<Record<string, string>> = { ...GAME_RULES, ...RUN_RULES }
  return rules[rule] ?? ours[rule]
}
