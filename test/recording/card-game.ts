/** A card game that draws at random, as a server program: two tables, and everything that they deal is written down. */
import { createServer, defineApp, type Random, type ServerProgram, type Session } from 'overworld'
import type { Scenario, Step } from 'overworld/scenarios'
import { chat_app } from '../../scenarios/apps/generated/chat.js'

export const cards = defineApp({ name: 'cards', prefix: 9, schema: chat_app.chat })

interface Table {
  deck: number[]
  readonly players: Map<Session, string>
}

export interface CardGame {
  readonly program: ServerProgram
  /** What was dealt, by each server in turn: `oak: alice 17`. */
  readonly dealt: string[]
}

export interface CardGameOptions {
  /** What the tables say when a card is drawn: another version of the game says something else. */
  readonly says?: string
  /** Another version of the game draws otherwise. */
  readonly draws?: (random: Random, below: number) => number
}

export function cardGame({ says = 'drew', draws = drawBelow }: CardGameOptions = {}): CardGame {
  const dealt: string[] = []
  const table = cards.defineZone({
    init: (): Table => ({ deck: [], players: new Map() }),
    handleJoin(message, session, zone, state) {
      state.players.set(session, (message.handle ?? '').replace(/^\w+ /, ''))
      if (state.players.size !== 2) return undefined
      shuffle(zone.random, state)
      return cards.broadcast('sync', { handles: [...state.players.values()] })
    },
    handlePart(_message, session, _zone, state) {
      state.players.delete(session)
    },
    rpc: {
      channel_msg(message, session, zone, state) {
        // A seed for the next deck, as long as a token.
        if (message.text === 'shuffle') {
          const seed = zone.random
          seed.fill(new Uint8Array(24))
          shuffle(seed, state)
          return undefined
        }
        const at = draws(zone.random, state.deck.length)
        const [card] = state.deck.splice(at, 1)
        const name = state.players.get(session) ?? ''
        dealt.push(`${zone.name}: ${name} ${card}`)
        return cards.broadcast('channel_msg', { handle: name, text: `${says} ${card}` })
      },
    },
  })
  const program: ServerProgram = {
    apps: [cards],
    boot({ clock, random, network, shell }) {
      const server = createServer({ clock, random, shell, apps: [cards], onReport: () => undefined })
      for (const name of ['oak', 'elm']) server.zones.start(table, { name })
      server.zones.route(cards, ({ handle = '' }) => server.zones.find(cards, handle.split(' ')[0] ?? ''))
      server.listen(network, 'ws://127.0.0.1:9000/ws')
      return server
    },
  }
  return { program, dealt }
}

function shuffle(random: Random, state: Table): void {
  state.deck = Array.from({ length: 52 }, (_, card) => card)
  for (let at = 51; at > 0; at--) {
    const other = drawBelow(random, at + 1)
    const [a = 0, b = 0] = [state.deck[at], state.deck[other]]
    state.deck[at] = b
    state.deck[other] = a
  }
}

export function drawBelow(random: Random, below: number): number {
  return Math.floor((random.uint32() / 2 ** 32) * below)
}

/** Two at each table, who draw in turn. Carol loses her connection on the way, and is back. */
export const EVENING: Scenario = {
  version: 1,
  name: 'evening',
  seed: 77,
  durationMs: 20_000,
  server: {},
  clients: ['alice', 'bob', 'carol', 'dave'].map((name) => ({
    name,
    app: 'cards',
    transport: 'websocket',
    scripted: true,
  })),
  steps: stepsOf(),
}

function stepsOf(): readonly Step[] {
  const steps: Step[] = []
  for (const [table, players] of [
    ['oak', ['alice', 'bob']],
    ['elm', ['carol', 'dave']],
  ] as const) {
    players.forEach((client, seat) => {
      steps.push({ atMs: 1_200 + 300 * seat, do: 'join', client, message: { handle: `${table} ${client}` } })
      for (let turn = 0; turn < 8; turn++) steps.push(say(client, 'draw', 2_000 + 2_000 * turn + 900 * seat))
    })
  }
  steps.push(say('alice', 'shuffle', 9_500), { atMs: 7_000, do: 'reset', client: 'carol' })
  return steps.sort((a, b) => a.atMs - b.atMs)
}

function say(client: string, text: string, atMs: number): Step {
  return { atMs, do: 'send', client, type: 'channel_msg', message: { text } }
}
