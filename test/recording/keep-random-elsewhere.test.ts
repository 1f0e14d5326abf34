/** Where else than in messages of clients a game draws at random: each place gets what was recorded for it. */
import { BlockReader, createServer, type Random, type ServerProgram, type TypedZone } from 'overworld'
import { appsOfProgram, runScenario, scenarioOfRecording, type RunResult, type Scenario } from 'overworld/scenarios'
import { expect, test } from 'vitest'
import { cards } from './card-game.ts'
import { entriesOf, filesOf, recordingBoot, type RecordedLife } from './recorded-run.ts'

interface Dice {
  readonly program: ServerProgram
  /** Everything that was drawn, and by whom. */
  readonly drawn: string[]
}

/** Draws at the boot and when a zone is made, in ticks, in a timer of a zone and of the program, in a route, in a command, and in an NPC. */
function dice(): Dice {
  const drawn: string[] = []
  const draw = (who: string, random: Random): void => void drawn.push(`${who} ${random.uint32()}`)
  let given: Random | undefined
  const table = cards.defineZone({
    tickMs: 100,
    init: (zone) => draw('init', zone.random),
    handleJoin(_message, session, zone) {
      if (session.token !== undefined) zone.setTimer(1_000, () => draw('timer of the zone', zone.random))
    },
    handleTick(zone) {
      if (zone.frame % 25 === 0) draw('tick', zone.random)
    },
    handleInfo(message: string, zone) {
      draw(message, zone.random)
    },
    rpc: { channel_msg: ({ text }) => cards.broadcast('channel_msg', { text }) },
  })
  const program: ServerProgram = {
    apps: [cards],
    boot({ clock, random, network, shell }) {
      const server = createServer({ clock, random, shell, apps: [cards], onReport: () => undefined })
      given = random
      const token = new Uint8Array(24)
      random.fill(token)
      drawn.push(`boot ${token.join('')}`)
      const zone = server.zones.start(table, { name: 'table' })
      draw('boot', random)
      server.zones.route(cards, () => {
        draw('route', random)
        return zone
      })
      const npc = server.sessions.start({
        proxy: { deliver: () => draw('NPC', random), closed: () => undefined },
      })
      npc.join(cards, { handle: 'dealer' })
      clock.setTimer(3_333, () => draw('timer of the program', random))
      server.listen(network, 'ws://127.0.0.1:9000/ws')
      return server
    },
    commands: {
      roll({ zones }, who: string) {
        const zone = zones.find(cards, 'table') as TypedZone<never, string> | undefined
        zone?.tell(who)
        drawn.push(`roll ${given?.uint32()}`)
      },
    },
  }
  return { program, drawn }
}

const EVENING: Scenario = {
  version: 1,
  name: 'dice',
  seed: 5,
  durationMs: 8_000,
  server: {},
  clients: [{ name: 'alice', app: 'cards', transport: 'websocket', scripted: true }],
  steps: [
    { atMs: 700, do: 'join', client: 'alice', message: { handle: 'alice' } },
    { atMs: 1_300, do: 'send', client: 'alice', type: 'channel_msg', message: { text: 'hello' } },
    { atMs: 2_222, do: 'command', name: 'roll', args: ['command'] },
    { atMs: 2_900, do: 'send', client: 'alice', type: 'channel_msg', message: { text: 'and again' } },
    { atMs: 4_444, do: 'reset', client: 'alice' },
  ],
}

function record(): { readonly drawn: readonly string[]; readonly files: readonly Uint8Array[] } {
  const { program, drawn } = dice()
  const lives: RecordedLife[] = []
  const result = runScenario(EVENING, { apps: appsOfProgram(program), boot: recordingBoot(lives) })
  expect(result.failure).toBeUndefined()
  const [life] = lives
  if (life === undefined) throw new Error('nothing was recorded')
  return { drawn, files: filesOf(life) }
}

test('each gets what was recorded for it', () => {
  const { drawn, files } = record()
  const { program, drawn: now } = dice()
  const [first] = files.flatMap((file) => [...new BlockReader().push(file)])
  if (first?.header === undefined) throw new Error('a recording without a header')
  const apps = appsOfProgram(program)
  const { scenario } = scenarioOfRecording({
    header: first.header,
    entries: entriesOf(files),
    apps: [cards],
    isOfProgram: true,
    keepRandom: apps,
  })
  now.length = 0
  const result: RunResult = runScenario(scenario, { apps })
  expect(result.failure).toBeUndefined()
  const kinds = new Set(drawn.map((line) => line.replace(/ \d+$/, '')))
  expect([...kinds].sort()).toEqual(
    ['boot', 'command', 'init', 'NPC', 'roll', 'route', 'tick', 'timer of the program', 'timer of the zone'].sort(),
  )
  expect(result.history?.places.map(({ differs }) => differs)).toEqual([undefined, undefined])
  expect(result.history).toMatchObject({ isWhole: true, kept: drawn.length })
  expect(now.slice(0, drawn.length)).toEqual(drawn)
})
