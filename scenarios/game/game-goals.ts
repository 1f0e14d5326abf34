/** What a campaign of a game must have reached to mean anything. */
export const GAME_GOALS = {
  settled: 'a run came to rest, and what clients see was compared with what is so',
  'came back': 'a session came back after it had lost its connection',
  'gone from a zone': 'a session was over while it was a member of a zone',
  'server restarted': 'the server lost its memory and started again',
} as const satisfies Readonly<Record<string, string>>

export type GameGoal = keyof typeof GAME_GOALS

/** The names of all goals of a game; `own`: those that its author named. */
export function goalsOfGame(own: Readonly<Record<string, string>> = {}): string[] {
  return [...Object.keys(GAME_GOALS), ...Object.keys(own)]
}
