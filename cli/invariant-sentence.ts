/** What an invariant says, ours or an app's own. */
import { gameOf, INVARIANTS, sentenceOfGameRule, type SimulatedApp } from '../scenarios/index.ts'

export function sentenceOf(invariant: string, apps: readonly SimulatedApp[]): string {
  const game = gameOf(apps)
  if (game !== undefined)
    return sentenceOfGameRule(invariant, game) ?? `${invariant} (the game's own: \`rules\` may say what it means)`
  const sentences: Readonly<Record<string, string>> = INVARIANTS
  const own = apps.map((app) => app.invariants?.[invariant]).find((sentence) => sentence !== undefined)
  return sentences[invariant] ?? own ?? 'an invariant of the app'
}
