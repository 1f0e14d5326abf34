/** Each rule that applies to any game is broken by a game with a bug of its kind, and by nothing else. */
import { runCampaign, type CampaignResult, type GameRule } from 'overworld/scenarios'
import { expect, test } from 'vitest'
import { roomGame, type Bug, type RoomGameOptions } from './room-game.ts'

const RUNS_MAX = 300
/** So many runs a game without a bug holds here; the documents' games and the card room make more. */
const HOLDS = 110

async function campaign(options: RoomGameOptions, runs = RUNS_MAX): Promise<CampaignResult> {
  return await runCampaign({ game: roomGame(options), seed: 1, runs, shrinkTries: 0 })
}

const FOUND: readonly (readonly [Bug, GameRule, RegExp])[] = [
  [
    'answers no reconnect',
    'back-and-told',
    /^zone 'chat' has answered the join of \w+ \(session \d+\), and says nothing to it/,
  ],
  [
    'answers each reconnect with more',
    'back-and-told',
    /answers differently:\n +\[0\]\.message\.handles\[\d\]: the first time .*, the second time /,
  ],
  [
    'tells nobody of a loss',
    'same-view-after-return',
    /goes over to another connection while nothing happens, .*\n +view\[\d\]: before '\w+(-\d)?', afterwards '\(\w+(-\d)?\)'/,
  ],
  [
    'keeps a session',
    'forgets-the-gone',
    /^zone 'chat' still knows session \d+ of \w+, 30 s after it was gone: state\.seen\[\d+\]\.who$/,
  ],
  [
    'keeps an id',
    'forgets-the-gone',
    /^zone 'chat' still knows session \d+ of \w+, 30 s after it was gone: state\.ids\.has\(\d+\)$/,
  ],
  [
    'logs for ever',
    'grows-without-end',
    /^state\.seen of the zones of app 'chat' becomes larger .*: it has \d+ after \d+ joins, \d+ after \d+ joins/,
  ],
  [
    'sends from a timer to the gone',
    'timers-of-the-gone',
    /the timer that handleJoin set for session \d+ of \w+, which is gone, sends channel_msg to it$/,
  ],
  ['throws in a timer of the gone', 'timers-of-the-gone', /which is gone, throws: Error: nobody here$/],
  [
    'tells the leaver',
    'speaks-to-members',
    /^zone 'chat', in handlePart, sends channel_msg to session \d+ of \w+, which is \w+ and no member/,
  ],
  ['speaks another app', 'types-of-own-app', /sends input of app 'arena', and is a zone of app 'chat'$/],
  [
    'treats odd ids alone',
    'equal-histories',
    /greeting: with the names of the scenario '(odd|even)', with other ones '(odd|even)'/,
  ],
  [
    'greets by name',
    'equal-histories',
    /greeting: with the names of the scenario 'hello you', with other ones 'hello <alice>'/,
  ],
]

test.each(FOUND)('a room that %s breaks %s', async (bug, rule, words) => {
  const { failure } = await campaign({ bug, isJudged: false })
  expect(failure && `${failure.invariant} in run ${failure.run}: ${failure.message}`).toContain(rule)
  expect(failure?.message).toMatch(words)
})

test.each(FOUND)('a room that %s is let off where %s is off', async (bug, rule) => {
  const { failure } = await campaign({ bug, isJudged: false, off: { [rule]: 'it is meant so' } }, 12)
  expect(failure?.invariant).not.toBe(rule)
})

test('a room without a bug holds, with judges and without', async () => {
  for (const isJudged of [true, false]) {
    const { failure, runs, nondeterminism } = await campaign({ isJudged }, HOLDS)
    expect(failure && `${failure.invariant} in run ${failure.run}: ${failure.message}`).toBeUndefined()
    expect(nondeterminism).toBeUndefined()
    expect(runs).toBe(HOLDS)
  }
})

test('what a client sees is compared with what its zone shows', async () => {
  const { failure } = await campaign({
    bug: 'misses a reconnect in its state',
    sees: (page) => page.view?.map((name) => name.replace(/^\((.*)\)$/, '$1')),
  })
  expect(failure?.invariant).toBe('views-agree')
})
