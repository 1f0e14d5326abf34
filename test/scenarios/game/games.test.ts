/** Games as their authors write them: with promises, with reconnect code of their own, with judges that do what they must not. */
import fc from 'fast-check'
import { createServer, OverworldError, type Connection, type ServerProgram } from 'overworld'
import {
  chat,
  defineGame,
  judge,
  runCampaign,
  scenarios,
  simulateGame,
  type Game,
  type GameOptions,
  type Scenario,
} from 'overworld/scenarios'
import { nextMessage, whenConnected } from 'overworld/client'
import { describe, expect, test } from 'vitest'
import { RoomPage, roomGame, roomProgram } from './room-game.ts'

describe('clients', () => {
  test('may use promises: the world waits for them, and equal seeds give equal runs', async () => {
    const page = { heard: 0 }
    const game = roomGame({
      isJudged: false,
      client({ client, name, every }) {
        const room = client.app(chat)
        // Nothing that the harness gets is a promise.
        const live = async (): Promise<void> => {
          for (;;) {
            const { zone } = await whenConnected(client)
            if (zone === undefined) room.join({ handle: name })
            await nextMessage(room, 'sync')
            page.heard++
            await new Promise<void>((resolve) => void client.on('session_lost', () => resolve()))
          }
        }
        void live()
        const quiet = new RoomPage(client, 'nobody')
        every(5_000, () => quiet.view)
        return quiet
      },
    })
    const results = [await simulateGame(game, { seed: 5 }), await simulateGame(game, { seed: 5 })]
    expect(results.map(({ failure }) => failure)).toEqual([undefined, undefined])
    expect(results[0]?.fingerprint).toBe(results[1]?.fingerprint)
    expect(page.heard).toBeGreaterThan(0)
  })

  test('may be async functions: the model is there once they have resolved', async () => {
    const seen: unknown[] = []
    const game = roomGame({
      isJudged: false,
      async client({ client, name }) {
        const page = new RoomPage(client, name)
        client.connect()
        await whenConnected(client)
        return page
      },
      settled: ({ clients }) => void seen.push(...[...clients.values()].map(({ model }) => model instanceof RoomPage)),
    })
    const { failure, goals } = await simulateGame(game, { seed: 3 })
    expect(failure).toBeUndefined()
    expect(goals.get('settled')).toBeGreaterThan(0)
    expect(seen).toContain(true)
  })

  test('that throw end the run, with the stack', async () => {
    const game = roomGame({
      client({ client }) {
        client.on('session', () => {
          throw new Error('the page has a bug')
        })
        return new RoomPage(client, 'x')
      },
    })
    const { failure } = await runCampaign({ game, seed: 1, runs: 5, shrinkTries: 0 })
    expect(failure).toMatchObject({ invariant: 'comes-to-its-end' })
    expect(failure?.message).toContain('the page has a bug')
    expect(failure?.stack).toContain('games.test')
  })

  /** Requests a session, dials again where it is closed, and, if it is careful, where nothing is heard any more. */
  function watcher(isCareful: boolean): GameOptions<RoomPage>['client'] {
    return ({ network, addresses, after, every, now }) => {
      const [address = ''] = addresses
      let heardAtMs = now()
      let connection: Connection | undefined
      const dial = (): void => {
        heardAtMs = now()
        const dialled = network.connect(address, {
          opened: () => dialled.send(Uint8Array.of(0, 100, 10, 0)),
          message: () => (heardAtMs = now()),
          closed: () => void after(500, dial),
        })
        connection = dialled
      }
      dial()
      if (isCareful) every(1_000, () => now() - heardAtMs > 4_000 && connection?.close(1000))
      return undefined as never
    }
  }

  test('may be of several kinds, and dial by themselves', async () => {
    const game = roomGame({ isJudged: false, clients: { watcher: watcher(true) } })
    expect([...game.kinds.keys()]).toEqual(['client', 'watcher'])
    const { failure } = await runCampaign({ game, seed: 4, runs: 60 })
    expect(failure && `${failure.invariant}: ${failure.message}`).toBeUndefined()
  })

  test('that dial by themselves, and never notice that nobody answers, are found', async () => {
    const game = roomGame({ isJudged: false, clients: { watcher: watcher(false) } })
    const { failure } = await runCampaign({ game, seed: 4, runs: 60, shrinkTries: 0 })
    expect(failure?.invariant).toBe('healed')
    expect(failure?.message).toMatch(/^\w+ dials by itself, and has no session that is connected/)
  })
})

describe('judges', () => {
  test('cannot change the state', async () => {
    const game = roomGame({ isJudged: false })
    const zone = game.judges?.[0]?.zone
    expect(zone).toBeUndefined()
    const judged = gameWithJudge((state) => state.people.clear())
    const { failure } = await runCampaign({ game: judged, seed: 1, runs: 3, shrinkTries: 0 })
    expect(failure?.message).toContain('state.people.clear')
  })

  test('that change the game in another way are found', async () => {
    const judged = gameWithJudge((state) => state.counter.count())
    const { failure, nondeterminism } = await runCampaign({ game: judged, seed: 1, runs: 3 })
    expect(failure).toBeUndefined()
    expect(nondeterminism?.difference).toMatchObject({ isByJudges: true })
  })

  test('check rules by name, with a sentence or without', async () => {
    const judged = gameWithJudge((state, check) => check('few-people', state.people.size < 2, () => 'too many'))
    const { failure, invariants } = await runCampaign({ game: judged, seed: 1, runs: 3, shrinkTries: 0 })
    expect(failure?.invariant).toBe('few-people')
    expect(failure?.message).toMatch(/^zone 'chat', after handleJoin for session \d+ of \w+: too many$/)
    expect(invariants.get('few-people')).toBeGreaterThan(0)
  })
})

test('a scenario is an arbitrary, and shrinks', async () => {
  const game = roomGame({ bug: 'answers no reconnect', isJudged: false })
  const failing: Scenario[] = []
  const property = fc.asyncProperty(scenarios({ game, clients: 3 }), async (scenario) => {
    const { failure } = await simulateGame(game, { scenario })
    if (failure !== undefined) failing.push(scenario)
    return failure === undefined
  })
  const { failed, counterexample } = await fc.check(property, { seed: 7, numRuns: 20, endOnFailure: false })
  expect(failed).toBe(true)
  expect(counterexample?.[0].clients.length).toBe(1)
  expect(counterexample?.[0].steps).toEqual([])
  expect(failing.length).toBeGreaterThan(1)
})

test('what is wrong with a game is said when it is defined', () => {
  const { program, kinds } = roomGame()
  const client = kinds.get('client') as GameOptions['client']
  const define = (options: object): (() => Game) => {
    return () => defineGame({ program, client, ...options })
  }
  expect(define({ juges: [] })).toThrow(/no option "juges"; did you mean judges/)
  expect(define({ off: { 'back-and-tolt': 'x' } })).toThrow(/did you mean back-and-told/)
  expect(define({ off: { 'back-and-told': ' ' } })).toThrow(/say in words why/)
  expect(define({ client: undefined })).toThrow(/client must be a function/)
  expect(define({ program: { apps: [] } })).toThrow(/program must be a ServerProgram/)
  expect(define({ clients: { client } })).toThrow(/is `client` itself/)
  expect(define({ judges: [{}] })).toThrow(/what judge\(zone/)
})

test('a program that does not boot, or listens elsewhere, is no finding', async () => {
  const broken = (boot: ServerProgram['boot']): Game => {
    return defineGame({ program: { apps: [chat], boot }, client: () => undefined })
  }
  const thrown = runCampaign({
    game: broken(() => {
      throw new Error('no database')
    }),
    seed: 1,
    runs: 1,
  })
  await expect(thrown).rejects.toThrow(/does not boot: Error: no database/)
  const elsewhere = runCampaign({
    game: broken(({ clock, random, shell, network }) => {
      const server = createServer({ clock, random, shell, apps: [chat] })
      server.listen(network, 'ws://0.0.0.0:8080/ws')
      return server
    }),
    seed: 1,
    runs: 1,
  })
  await expect(elsewhere).rejects.toThrow(OverworldError)
  await expect(elsewhere).rejects.toThrow(/ws:\/\/0\.0\.0\.0:8080\/ws/)
})

interface Judged {
  readonly people: Map<object, string>
  readonly counter: { count(): void }
}

/** A room whose answers tell how often its counter was asked. */
function gameWithJudge(
  after: (state: Judged, check: (rule: string, holds: boolean, detail: () => string) => void) => void,
): Game {
  class Counter {
    #count = 0
    count(): void {
      this.#count++
    }
    get text(): string {
      return String(this.#count)
    }
  }
  const zone = chat.defineZone({
    init: () => ({ people: new Map<object, string>(), counter: new Counter() }),
    handleJoin({ handle = '' }, session, _zone, { people, counter }) {
      people.set(session, handle)
      return chat.broadcast('sync', { handles: [counter.text] })
    },
    handlePart: (_message, session, _zone, { people }) => void people.delete(session),
    handleReconnect: () => chat.reply('sync', {}),
  })
  return defineGame({
    program: roomProgram(zone as never),
    client: ({ client, name }) => new RoomPage(client, name),
    judges: [judge(zone, { after: (state, _zone, check) => after(state, check) })],
  })
}
