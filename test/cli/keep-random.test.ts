/** What-if runs of a card game, as its users meet them: the recorded shuffles are kept, and what comes of that is said. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { appsOfProgram, runScenario, type HistoryOutcome, type Scenario } from 'overworld/scenarios'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cardGame, EVENING } from '../recording/card-game.ts'
import { filesOf, recordingBoot, type RecordedLife } from '../recording/recorded-run.ts'
import { lastJson, overworld } from './support/command.ts'
import { inProcess } from './support/in-process.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'overworld-keep-random-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => path.join(folder, name)

interface RunJson {
  readonly fingerprint: string
  readonly history: HistoryOutcome | null
}

/** The same game as a module of its own, which says something else when a card is drawn. */
const GAME_JS = `
import { createServer, defineApp } from 'overworld'
import { chat_app } from '${pathToFileURL(path.resolve('scenarios/apps/generated/chat.js')).href}'

const cards = defineApp({ name: 'cards', prefix: 9, schema: chat_app.chat })
const below = (random, count) => Math.floor((random.uint32() / 2 ** 32) * count)
function shuffle(random, state) {
  state.deck = Array.from({ length: 52 }, (_, card) => card)
  for (let at = 51; at > 0; at--) {
    const other = below(random, at + 1)
    ;[state.deck[at], state.deck[other]] = [state.deck[other], state.deck[at]]
  }
}
const table = cards.defineZone({
  init: () => ({ deck: [], players: 0 }),
  handleJoin(message, session, zone, state) {
    if (++state.players === 2) shuffle(zone.random, state)
  },
  rpc: {
    channel_msg(message, session, zone, state) {
      if (message.text === 'shuffle') {
        zone.random.fill(new Uint8Array(24))
        shuffle(zone.random, state)
        return
      }
      const [card] = state.deck.splice(below(zone.random, state.deck.length), 1)
      return cards.broadcast('channel_msg', { text: 'card ' + card })
    },
  },
})
export default {
  apps: [cards],
  boot({ clock, random, network, shell }) {
    const server = createServer({ clock, random, shell, apps: [cards], onReport: () => {} })
    for (const name of ['oak', 'elm']) server.zones.start(table, { name })
    server.zones.route(cards, ({ handle }) => server.zones.find(cards, handle.split(' ')[0]))
    for (const address of ['ws://127.0.0.1:9000/ws', 'enet://127.0.0.1:9001']) server.listen(network, address)
    return server
  },
}
`

beforeAll(() => {
  const lives: RecordedLife[] = []
  runScenario(EVENING, { apps: appsOfProgram(cardGame().program), boot: recordingBoot(lives) })
  const [life] = lives
  const [bytes] = life === undefined ? [] : filesOf(life)
  if (bytes === undefined) throw new Error('nothing was recorded')
  writeFileSync(at('evening.owrec'), bytes)
  writeFileSync(at('game.js'), GAME_JS)
})

const game = ['--app', at('game.js')]
const replay = ['replay', at('evening.owrec'), '--as-scenario', ...game]

test('over the recorded links the whole history is the recorded one', async () => {
  const { code, stdout } = await inProcess(replay)
  expect(code).toBe(0)
  expect(stdout).toContain('the whole history was the recorded one: its 186 random values were kept\n')
  const { runs } = lastJson<{ readonly runs: readonly RunJson[] }>(await inProcess([...replay, '--json']))
  expect(runs[0]?.history).toMatchObject({ isWhole: true, recorded: 186, kept: 186, drawnAnew: 0 })
})

test('in an outage one player is faster: from where on is said, and a file that is saved says the same', async () => {
  const { stdout } = await inProcess([...replay, '--outage', '3s@6s', '--save', at('outage.json')])
  const lines = stdout.split('\n').filter((line) => /histor/.test(line))
  expect(lines).toEqual([
    expect.stringMatching(
      /^the history differs from the recorded one: \d+ of 186 random values were kept, \d+ were drawn anew$/,
    ),
    ...['oak', 'elm'].map((zone): unknown =>
      expect.stringMatching(
        new RegExp(
          `^  zone '${zone}': up to \\d\\.\\d{3} s \\(turn \\d+\\) the history was the recorded one ` +
            `\\(\\d+ of \\d+ values kept\\); then client\\d's channel_msg \\{"text":"draw"\\} came before .*, recorded at \\d\\.\\d{3} s$`,
        ),
      ),
    ),
  ])
  const kept = JSON.parse(readFileSync(at('outage.json'), 'utf8')) as Scenario
  expect(kept.history?.places.map(({ zone, events }) => [zone, events.length > 16])).toEqual([
    ['oak', true],
    ['elm', true],
  ])
  const saved = await inProcess(['run', at('outage.json'), ...game])
  expect(saved.stdout.split('\n').filter((line) => /histor/.test(line))).toEqual(lines)
  const fingerprint = (text: string): string | undefined => /fingerprint (\w+)/.exec(text)?.[1]
  expect(fingerprint(saved.stdout)).toBe(fingerprint(stdout))
})

test('--no-keep-random draws everything from the seed', async () => {
  const run = async (...more: readonly string[]): Promise<RunJson | undefined> => {
    const finished = await inProcess([...replay, '--json', ...more])
    return lastJson<{ readonly runs: readonly RunJson[] }>(finished).runs[0]
  }
  const [kept, anew] = [await run(), await run('--no-keep-random')]
  expect(anew?.history).toBeNull()
  expect(anew?.fingerprint).not.toBe(kept?.fingerprint)
  expect(await inProcess(['replay', at('evening.owrec'), '--no-keep-random'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--no-keep-random is for --as-scenario') as string,
  })
  expect(await inProcess(['fuzz', '--no-keep-random'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--no-keep-random is for --from') as string,
  })
})

test('a campaign around a recording keeps them too, the same in threads', async () => {
  const fuzz = ['fuzz', '--from', at('evening.owrec'), ...game, '--seed', '3', '--runs', '40', '--json']
  const [one, two] = await Promise.all([
    overworld([...fuzz, '--check-determinism']),
    overworld([...fuzz, '--jobs', '2']),
  ])
  expect(one.code).toBe(0)
  const { fingerprint } = lastJson<{ readonly fingerprint: string }>(one)
  expect(lastJson(two)).toMatchObject({ held: true, runs: 40, fingerprint })
  const anew = await inProcess([...fuzz, '--no-keep-random'])
  expect(lastJson<{ readonly fingerprint: string }>(anew).fingerprint).not.toBe(fingerprint)
}, 60_000)

test('a campaign that is stopped goes on with or without them, as it began', async () => {
  const runs = (number: string, ...more: readonly string[]): readonly string[] => {
    return ['fuzz', '--runs', number, '--resume', at('night.resume'), ...game, '--json', ...more]
  }
  const from = ['--from', at('evening.owrec'), '--no-keep-random', '--seed', '4']
  await inProcess(runs('3', ...from))
  const whole = lastJson<RunJson>(await inProcess(['fuzz', '--runs', '6', '--json', ...game, ...from]))
  expect(lastJson(await inProcess(runs('6')))).toMatchObject({ runs: 6, fingerprint: whole.fingerprint })
})

test('a drawn scenario says that it keeps them', async () => {
  const drawn = await inProcess(['fuzz', '--from', at('evening.owrec'), ...game, '--seed', '3', '--draw', '2'])
  expect(drawn.stderr).toContain('the server is given 186 recorded random values while the history is the recorded one')
  expect((JSON.parse(drawn.stdout) as Scenario).history?.places).toHaveLength(2)
})
