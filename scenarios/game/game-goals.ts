/** What a campaign of a game must have reached to mean anything. */
export const GAME_GOALS = {
  settled: 'a run came to rest: nothing was under way',
  'view compared':
    'what a client in a zone sees was compared with what the zone shows to it (needs `sees` and `shows`)',
  'came back': 'a session came back after it had lost its connection',
  'gone from a zone': 'a session was over while it was a member of a zone',
  'server restarted': 'the server lost its memory and started again',
} as const satisfies Readonly<Record<string, string>>

export type GameGoal = keyof typeof GAME_GOALS

/** What decides which goals a game can reach. */
export interface GoalsOf {
  readonly goals?: Readonly<Record<string, string>>
  readonly judges?: readonly { readonly shows?: unknown }[]
  readonly sees?: unknown
}

/** The names of all goals of a game, with those that its author named. */
export function goalsOfGame({ goals = {}, judges = [], sees }: GoalsOf): string[] {
  const comparesViews = sees !== undefined && judges.some(({ shows }) => shows !== undefined)
  const ours = Object.keys(GAME_GOALS).filter((goal) => goal !== 'view compared' || comparesViews)
  return [...ours, ...Object.keys(goals)]
}
