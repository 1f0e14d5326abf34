/** A small game for tests of the harness: a room that shows who is in it, and what was said last. Each bug can be put in. */
import {
  createServer,
  type Action,
  type Client,
  type ServerProgram,
  type Session,
  type Timer,
  type TypedZone,
  type ZoneDefinition,
} from 'overworld'
import { arena, chat, defineGame, judge, type Game, type GameOptions } from 'overworld/scenarios'

export type Bug =
  | 'answers no reconnect'
  | 'answers each reconnect with more'
  | 'keeps a session'
  | 'keeps an id'
  | 'logs for ever'
  | 'sends from a timer to the gone'
  | 'throws in a timer of the gone'
  | 'tells the leaver'
  | 'speaks another app'
  | 'treats odd ids alone'
  | 'greets by name'
  | 'tells nobody of a loss'
  | 'misses a reconnect in its state'

interface Person {
  readonly name: string
  isHere: boolean
}

interface RoomState {
  readonly people: Map<Session, Person>
  readonly seen: unknown[]
  readonly ids: Map<number, string>
  readonly timers: Map<Session, Timer>
  comebacks: number
  last: string
  greeting: string
}

type Room = ZoneDefinition<typeof chat.schema, RoomState>
type RoomZone = TypedZone<typeof chat.schema, never>

const NAGS_AFTER_MS = 3_000

function roomZone(bug: Bug | undefined): Room {
  const sync = (state: RoomState): Action => chat.broadcast('sync', contents(state))
  return chat.defineZone({
    disconnect: 'soft',
    init: (): RoomState => ({
      people: new Map(),
      seen: [],
      ids: new Map(),
      timers: new Map(),
      comebacks: 0,
      last: '',
      greeting: '',
    }),
    handleJoin({ handle = '' }, session, zone: RoomZone, state) {
      if (bug === 'treats odd ids alone') state.greeting = session.id % 2 === 1 ? 'odd' : 'even'
      if (bug === 'greets by name' && handle.startsWith('alic'))
        state.greeting = `hello ${handle === 'alice' ? 'you' : handle}`
      if (bug === 'keeps a session') state.seen.push({ who: session })
      if (bug === 'keeps an id') state.ids.set(session.id, handle)
      if (bug === 'logs for ever') state.seen.push(`${handle} came`)
      state.people.set(session, { name: handle, isHere: true })
      const nag = (): Action | undefined => {
        if (bug === 'sends from a timer to the gone')
          return chat.send([session], 'channel_msg', { text: 'still there?' })
        if (bug === 'throws in a timer of the gone') {
          const person = state.people.get(session)
          if (person === undefined) throw new Error('nobody here')
        }
        return undefined
      }
      state.timers.set(session, zone.setTimer(NAGS_AFTER_MS, nag))
      return sync(state)
    },
    handlePart(_message, session, _zone, state) {
      state.people.delete(session)
      const isLeft = bug === 'sends from a timer to the gone' || bug === 'throws in a timer of the gone'
      if (!isLeft) state.timers.get(session)?.cancel()
      state.timers.delete(session)
      if (bug === 'tells the leaver') return [chat.send([session], 'channel_msg', { text: 'bye' }), sync(state)]
      return sync(state)
    },
    handleDisconnect(session, _zone, state) {
      const person = state.people.get(session)
      if (person !== undefined) person.isHere = false
      return bug === 'tells nobody of a loss' ? undefined : sync(state)
    },
    handleReconnect(session, _zone, state) {
      const person = state.people.get(session)
      if (person !== undefined && bug !== 'misses a reconnect in its state') person.isHere = true
      if (bug === 'answers no reconnect') return undefined
      if (bug === 'answers each reconnect with more') state.last += '+'
      return sync(state)
    },
    rpc: {
      channel_msg({ text = '' }, session, _zone, state) {
        state.last = `${state.people.get(session)?.name}: ${text}`
        if (bug === 'speaks another app') return arena.broadcast('input', { seq: 1 })
        return sync(state)
      },
    },
  })
}

function contents({ people, last }: RoomState): { readonly handles: string[] } {
  return { handles: [...people.values()].map(({ name, isHere }) => (isHere ? name : `(${name})`)).concat(last) }
}

export function roomProgram(zone: Room): ServerProgram {
  return {
    apps: [chat, arena],
    boot({ clock, random, network, addresses, shell }) {
      const server = createServer({ clock, random, shell, apps: [chat, arena], onReport: () => undefined })
      server.zones.start(zone)
      for (const address of addresses) server.listen(network, address)
      return server
    },
  }
}

/** What the page shows. */
export class RoomPage {
  view: readonly string[] | undefined
  readonly #client: Client

  constructor(client: Client, name: string) {
    this.#client = client
    const room = client.app(chat)
    client.on('session', ({ zone }) => {
      if (zone !== undefined) return
      this.view = undefined
      room.join({ handle: name })
    })
    client.on('session_lost', () => (this.view = undefined))
    client.on('denied', ({ reason }) => reason === 'no_zone' && room.join({ handle: name }))
    room.on('sync', ({ handles }) => (this.view = handles))
  }

  say(text: string): void {
    if (this.view !== undefined) this.#client.app(chat).send('channel_msg', { text })
  }
}

export interface RoomGameOptions extends Partial<GameOptions<RoomPage>> {
  readonly bug?: Bug
  /** Default: true. */
  readonly isJudged?: boolean
}

export function roomGame({ bug, isJudged = true, ...options }: RoomGameOptions = {}): Game {
  const zone = roomZone(bug)
  return defineGame<RoomPage>({
    program: roomProgram(zone),
    client({ client, name, random, every }) {
      const page = new RoomPage(client, name)
      every(900, () => page.say(`number ${random.below(100)}`))
      return page
    },
    ...(isJudged && {
      judges: [
        judge(zone, { shows: (state, session) => (state.people.has(session) ? contents(state).handles : undefined) }),
      ],
      sees: (page) => page.view,
    }),
    ...options,
  })
}
