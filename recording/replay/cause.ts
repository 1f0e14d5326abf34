/** Why a replay may have diverged: found by making it a second time. */
import type { ReplayResult } from './replay.ts'

export type DivergenceCause =
  /** The same recording came out in two ways: the program draws from elsewhere. */
  | 'nondeterminism'
  /** It comes out the same each time, and otherwise than it was recorded. */
  | 'another_program'

export function findCause(first: ReplayResult, second: ReplayResult): DivergenceCause {
  const [a, b] = [first.divergence, second.divergence]
  const isSame = a?.input === b?.input && a?.now === b?.now && a?.bytes?.now === b?.bytes?.now
  return isSame ? 'another_program' : 'nondeterminism'
}

/** What versions, commits and schemas tell of the code that was recorded and that of now. */
export type CodeComparison = 'same' | 'changed' | 'unknown'

export function explainCause(cause: DivergenceCause, code: CodeComparison): string {
  if (cause === 'nondeterminism') {
    return 'a second replay came out differently again: some handler draws time or randomness from elsewhere than what it is handed (zone.now(), zone.random), such as Date.now() or Math.random(), or keeps something from one run to the next'
  }
  switch (code) {
    case 'changed':
      return 'a second replay came out the same: the code has changed since the recording was made'
    case 'same':
      return `a second replay came out the same, and the code calls itself the same as what was recorded: ${OTHERWISE}`
    case 'unknown':
      return `a second replay came out the same: the code has changed since the recording was made (nothing says so: the recorder was not told its commit), ${OTHERWISE}`
  }
}

const OTHERWISE =
  'the server was booted otherwise (options, zones), or a handler reads something that has changed since (Date.now(), Math.random(), a file, the environment) instead of what it is handed (zone.now(), zone.random)'
