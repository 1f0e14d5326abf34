/** What-if runs of a game that draws at random: the recorded values are kept as long as the history is the recorded one. */
import { BlockReader, type Entry, type RecordingHeader, type ServerProgram } from 'overworld'
import {
  appsOfProgram,
  drawAround,
  readScenario,
  runScenario,
  runScenarioOnLoopback,
  runScenarioOnWire,
  scenarioOfRecording,
  shrinkScenario,
  simulatedChat,
  withWhatIf,
  type RecordingScenario,
  type RunResult,
  type Scenario,
  type SimulatedApp,
  type Step,
  type WhatIf,
  type WireRunOptions,
} from 'overworld/scenarios'
import { beforeAll, describe, expect, test } from 'vitest'
import { cardGame, cards, drawBelow, EVENING } from './card-game.ts'
import { entriesOf, filesOf, recordingBoot, type RecordedLife } from './recorded-run.ts'

interface Recorded {
  readonly header: RecordingHeader
  readonly files: readonly Uint8Array[]
  readonly dealt: readonly string[]
}

let recorded: Recorded

beforeAll(() => {
  const game = cardGame()
  const { header, files } = record(EVENING, appsOfProgram(game.program))
  recorded = { header, files, dealt: [...game.dealt] }
})

function record(scenario: Scenario, apps: readonly SimulatedApp[]): Omit<Recorded, 'dealt'> {
  const lives: RecordedLife[] = []
  expect(runScenario(scenario, { apps, boot: recordingBoot(lives) }).failure).toBeUndefined()
  const [life] = lives
  if (life === undefined) throw new Error('nothing was recorded')
  const files = filesOf(life)
  const [first] = files.flatMap((file) => [...new BlockReader().push(file)])
  if (first?.header === undefined) throw new Error('a recording without a header')
  return { header: first.header, files }
}

function convert(program: ServerProgram, keeps = true): RecordingScenario {
  return convertWith(recorded, appsOfProgram(program), keeps)
}

function convertWith(
  { header, files }: Omit<Recorded, 'dealt'>,
  apps: readonly SimulatedApp[],
  keeps: boolean,
): RecordingScenario {
  return scenarioOfRecording({
    header,
    entries: entriesOf(files),
    apps: apps.map(({ app }) => app),
    isOfProgram: apps.some(({ program }) => program !== undefined),
    ...(keeps && { keepRandom: apps }),
  })
}

interface Asked {
  readonly result: RunResult
  readonly dealt: readonly string[]
  readonly omissions: readonly string[]
}

function ask(whatIf: WhatIf = {}, game = cardGame()): Asked {
  const { scenario, omissions } = convert(game.program)
  game.dealt.length = 0
  const result = runScenario(withWhatIf(scenario, whatIf), { apps: appsOfProgram(game.program) })
  return { result, dealt: game.dealt, omissions }
}

const ofTable = (table: string, dealt: readonly string[]): readonly string[] => {
  return dealt.filter((line) => line.startsWith(`${table}:`))
}

/** Nothing of alice (client1) reaches the server while she and bob draw: bob's draw comes first. */
const OVERTAKEN: Step = { atMs: 11_800, do: 'cut', client: 'client1', forMs: 1_600 }

function withStep(scenario: Scenario, step: Step): Scenario {
  return { ...scenario, steps: [...scenario.steps, step].sort((a, b) => a.atMs - b.atMs) }
}

describe('over the recorded links', () => {
  test('everything is dealt as it was, to the end', () => {
    const { result, dealt } = ask()
    expect(result.failure).toBeUndefined()
    expect(recorded.dealt).toHaveLength(32)
    expect(dealt).toEqual(recorded.dealt)
    expect(result.history).toMatchObject({
      isWhole: true,
      recorded: 51 * 3 + 1 + 32,
      kept: 51 * 3 + 1 + 32,
      drawnAnew: 0,
    })
    expect(result.history?.places.map(({ zone }) => zone).sort()).toEqual(['elm', 'oak'])
  })

  test('without the recorded values something else is dealt', () => {
    const { result, dealt } = ask({ keepRandom: false })
    expect(result.history).toBeUndefined()
    expect(dealt).toHaveLength(32)
    expect(dealt).not.toEqual(recorded.dealt)
  })

  test('slower links change no history', () => {
    const { result, dealt } = ask({ link: { delayMs: 150, jitterMs: 30 } })
    expect(result.history).toMatchObject({ isWhole: true })
    for (const table of ['oak', 'elm']) expect(ofTable(table, dealt)).toEqual(ofTable(table, recorded.dealt))
  })
})

test.each([
  ['of real libraries on simulated sockets', runScenarioOnWire],
  [
    'of real sockets',
    (scenario: Scenario, options: WireRunOptions) => runScenarioOnLoopback(scenario, { ...options, speed: Infinity }),
  ],
])(
  'so it is on the network %s',
  async (_, run) => {
    const game = cardGame()
    const { scenario } = convert(game.program)
    game.dealt.length = 0
    const result = await run(scenario, { apps: appsOfProgram(game.program) })
    expect(result.failure).toBeUndefined()
    expect(result.history).toMatchObject({ isWhole: true, kept: 186 })
    for (const table of ['oak', 'elm']) expect(ofTable(table, game.dealt)).toEqual(ofTable(table, recorded.dealt))
  },
  60_000,
)

describe('where one play overtakes another', () => {
  function overtaken(): Asked {
    const game = cardGame()
    const { scenario, omissions } = convert(game.program)
    game.dealt.length = 0
    const result = runScenario(withStep(scenario, OVERTAKEN), { apps: appsOfProgram(game.program) })
    return { result, dealt: game.dealt, omissions }
  }

  test('the run says where its history differs, and what was dealt up to there was recorded', () => {
    const { result, dealt } = overtaken()
    expect(result.failure).toBeUndefined()
    const { history } = result
    const oak = history?.places.find(({ zone }) => zone === 'oak')
    expect(oak?.differs?.how).toBe(
      'client2\'s channel_msg {"text":"draw"} came before client1\'s channel_msg {"text":"draw"}, recorded at 12.020 s',
    )
    expect(oak?.differs?.atMs).toBeGreaterThan(12_000)
    expect(oak?.differs?.turn).toBeGreaterThan(1)
    const [then, now] = [ofTable('oak', recorded.dealt), ofTable('oak', dealt)]
    expect(then[10]).toMatch(/^oak: alice/)
    expect(now[10]).toMatch(/^oak: bob/)
    expect(now.slice(0, 10)).toEqual(then.slice(0, 10))
    expect(now.slice(11)).not.toEqual(then.slice(11))
  })

  test('the other table plays on as it did', () => {
    const { result, dealt } = overtaken()
    expect(result.history?.places.find(({ zone }) => zone === 'elm')).toMatchObject({ differs: undefined })
    expect(ofTable('elm', dealt)).toEqual(ofTable('elm', recorded.dealt))
    expect(result.history).toMatchObject({ isWhole: false })
    expect(result.history?.drawnAnew).toBeGreaterThan(0)
  })

  test('it comes out the same each time', () => {
    const [one, two] = [overtaken(), overtaken()]
    expect(two.result.fingerprint).toBe(one.result.fingerprint)
    expect(two.result.history).toEqual(one.result.history)
    expect(two.dealt).toEqual(one.dealt)
  })
})

test('what was said and did not come is named', () => {
  const game = cardGame()
  const { scenario } = convert(game.program)
  const silent = { ...scenario, steps: scenario.steps.filter(({ atMs }) => atMs < 15_000) }
  const { history } = runScenario(silent, { apps: appsOfProgram(game.program) })
  expect(history?.places.map(({ differs }) => differs?.how)).toEqual([
    expect.stringMatching(/^client\d's channel_msg .*, recorded at 16\.020 s, did not come$/),
    expect.stringMatching(/^client\d's channel_msg .*, recorded at 16\.020 s, did not come$/),
  ])
})

test('a server that starts again has no history any more', () => {
  const game = cardGame()
  const { scenario } = convert(game.program)
  const crash: Step = { atMs: 9_000, do: 'crash', host: 'server', forMs: 500 }
  const { history } = runScenario(withStep(scenario, crash), { apps: appsOfProgram(game.program) })
  expect(history?.isWhole).toBe(false)
  expect(history?.places.map(({ differs }) => differs?.how)).toEqual(Array(2).fill('the server was started again'))
})

describe('a server that has changed since', () => {
  test('may say something else: what it is given is the same', () => {
    const { result, dealt, omissions } = ask({}, cardGame({ says: 'has taken the card' }))
    expect(omissions).toEqual([])
    expect(dealt).toEqual(recorded.dealt)
    expect(result.history).toMatchObject({ isWhole: true })
  })

  test('a recording of format 1, whose timers have no names, is followed as well', () => {
    const game = cardGame()
    const apps = appsOfProgram(game.program)
    function* nameless(): Generator<Entry> {
      for (const entry of entriesOf(recorded.files)) yield 'owner' in entry ? { ...entry, owner: undefined } : entry
    }
    const { header } = recorded
    const setting = { header, apps: [cards], isOfProgram: true, keepRandom: apps }
    const { scenario } = scenarioOfRecording({ ...setting, entries: nameless() })
    expect(scenario).toEqual(convert(game.program).scenario)
  })

  test('that draws otherwise is given nothing from there on, and that is said', () => {
    let draws = 0
    const game = cardGame({
      draws(random, below) {
        if (++draws % 33 === 5) random.fill(new Uint8Array(2))
        return drawBelow(random, below)
      },
    })
    const { result, dealt, omissions } = ask({}, game)
    expect(omissions).toEqual([
      'the random values that were drawn after 4.020 s (recorded: reads the random number 1430147811; now: reads 2 random bytes)',
    ])
    expect(dealt.slice(0, 4)).toEqual(recorded.dealt.slice(0, 4))
    expect(result.history?.knownUntilMs).toBe(4_020)
  })
})

test('the history is a part of the scenario, whatever is drawn around that, and goes first where one is made small', () => {
  const { scenario } = convert(cardGame().program)
  expect(readScenario(JSON.parse(JSON.stringify(scenario)))).toEqual(scenario)
  expect(drawAround(scenario, 5, { unusual: [], hasNpcs: [], putsOut: [], isFrugal: [] }).history).toBe(
    scenario.history,
  )
  const { scenario: small } = shrinkScenario(scenario, { fails: () => true })
  expect(small.history).toBeUndefined()
})

test.each([
  ['places', { places: 7 }, 'history.places must be a list'],
  ['a value', { places: [{ events: [{ atMs: 1, what: 'boot', drawn: [-1] }] }] }, 'drawn must be an integer from 0'],
  ['bytes', { places: [{ events: [{ atMs: 1, what: 'boot', drawn: ['?'] }] }] }, 'drawn must be bytes in base64'],
  ['a field', { places: [{ events: [], zones: 1 }] }, 'history.places[0].zones is unknown'],
])('a history with wrong %s is refused', (_, history, message) => {
  expect(() => readScenario({ ...EVENING, history })).toThrow(message)
})

test('a game without randomness has no history', () => {
  const quiet: Scenario = {
    ...EVENING,
    clients: [{ name: 'alice', app: 'chat', transport: 'websocket' }],
    steps: [],
  }
  const chatting = record(quiet, [simulatedChat])
  const { scenario } = convertWith(chatting, [simulatedChat], true)
  expect(scenario).toEqual(convertWith(chatting, [simulatedChat], false).scenario)
  expect(scenario.history).toBeUndefined()
  expect(runScenario(scenario, { apps: [simulatedChat] }).history).toBeUndefined()
})
