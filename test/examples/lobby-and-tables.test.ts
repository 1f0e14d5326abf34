/** The card room: its rules, its seats, its moves between zones, and what its players see on bad networks. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { streams, type RandomStream } from 'overworld/sim'
import { mayFollow } from '../../examples/lobby-and-tables/cards.ts'
import type { GameClient, Picker } from '../../examples/lobby-and-tables/game-client.ts'
import { TABLES } from '../../examples/lobby-and-tables/program.ts'
import { SEAT_KEPT_MS, TURN_MS } from '../../examples/lobby-and-tables/table-zone.ts'
import { allCards } from '../../examples/lobby-and-tables/truth.ts'
import { cardRoom, type CardRoom, type Player } from './support/card-room.ts'

const PACK = Array.from({ length: 52 }, (_, card) => card)
const atOak = (game: GameClient): void => (game.screen === 'lobby' ? game.sit('oak') : undefined)

function atOakTable(room: CardRoom, ...names: readonly string[]): readonly Player[] {
  const players = names.map((name) => room.player(name, atOak))
  for (const { simulated } of players) {
    simulated.connect()
    room.world.advance(100)
  }
  room.world.advance(2_000)
  return players
}

function agree(room: CardRoom, ...players: readonly Player[]): void {
  for (const player of players) expect(player.game.view).toEqual(room.truth(player))
}

function pickerOf(random: RandomStream): Picker {
  return {
    pick(items) {
      const item = items[random.uint32() % items.length]
      if (item === undefined) throw new Error('nothing to pick from')
      return item
    },
  }
}

test('three players over real sockets play a round to its end, and agree on it', async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [
    'tools/run.js',
    'examples/lobby-and-tables/main.ts',
  ])
  const [anna = '', ben, cleo] = stdout.trimEnd().split('\n')
  const [, outcome = '?'] = /^anna saw (.* win with [^,]+), and has/.exec(anna) ?? []
  expect(ben).toContain(`ben saw ${outcome}, and has`)
  expect(cleo).toContain(`cleo saw ${outcome}, and has`)
  expect(stdout.match(/has no cards/g)).toHaveLength(1)
  expect(stderr).toBe('')
})

describe('a table', () => {
  test('is dealt to when two players sit, and shown in the lobby', () => {
    const room = cardRoom(1)
    const watcher = room.player('watcher')
    watcher.simulated.connect()
    const players = atOakTable(room, 'anna', 'ben')
    agree(room, watcher, ...players)
    expect(watcher.game.view).toMatchObject({
      people: ['watcher'],
      tables: [{ name: 'oak', free: 1, players: ['anna', 'ben'] }, { free: 3 }, { free: 3 }],
    })
    room.world.advance(3_000)
    agree(room, watcher, ...players)
    for (const { game } of players) expect(game.view).toMatchObject({ hand: { length: 5 }, stock: 41 })
    expect(players.filter(({ game }) => game.isMyTurn)).toHaveLength(1)
    expect(allCards(room.table('oak'))).toEqual(PACK)
  })

  test('takes only cards that follow, from the player whose turn it is, once', () => {
    const room = cardRoom(2)
    const players = atOakTable(room, 'anna', 'ben')
    room.world.advance(3_000)
    const [active, other] = players[0]?.game.isMyTurn === true ? players : [...players].reverse()
    if (active === undefined || other === undefined) throw new Error('two players')
    const state = room.table('oak')
    const before = structuredClone(state.pile)
    const { hand } = room.truth(active) as { hand: readonly number[] }
    const wrong = hand.find((card) => !mayFollow(card, before[0] ?? 0, state.suit ?? 0))
    for (const card of [wrong ?? 99, 99]) active.game.play(card)
    other.game.draw()
    other.game.play((room.truth(other) as { hand: readonly number[] }).hand[0] ?? 0)
    room.world.advance(200)
    expect(state.pile).toEqual(before)
    active.game.draw()
    active.game.draw()
    room.world.advance(200)
    agree(room, ...players)
    expect(active.game.view).toMatchObject({ hand: { length: 6 }, stock: 40 })
    expect(other.game.isMyTurn).toBe(true)
  })

  test('draws for a player who is too slow', () => {
    const room = cardRoom(3)
    const players = atOakTable(room, 'anna', 'ben')
    room.world.advance(3_000)
    const active = players.find(({ game }) => game.isMyTurn)
    room.world.advance(TURN_MS)
    agree(room, ...players)
    expect(active?.game.view).toMatchObject({ hand: { length: 6 } })
    expect(active?.game.isMyTurn).toBe(false)
  })

  test('makes a stock of the pile where there is none left, without losing a card', () => {
    const room = cardRoom(18)
    const picker = pickerOf(streams(18).stream('picker'))
    const players = ['anna', 'ben'].map((name) =>
      room.player(name, (game) => {
        if (game.view?.screen !== 'table') game.sit('oak')
        else if (game.view.hand.length > 2) game.playAny(picker)
        else if (game.isMyTurn) game.draw()
      }),
    )
    for (const { simulated } of players) simulated.connect()
    room.world.advance(5_000)
    let hasGrown = false
    for (let stock = 52; room.world.nowMs < 200_000; stock = room.table('oak').stock.length) {
      room.world.advance(250)
      expect(allCards(room.table('oak'))).toEqual(PACK)
      hasGrown ||= room.table('oak').stock.length > stock
    }
    expect(hasGrown).toBe(true)
    settle(room, players)
    agree(room, ...players)
  })

  test('scores a round, pauses, and is dealt to again', () => {
    const room = cardRoom(4)
    const picker = pickerOf(streams(4).stream('picker'))
    const players = ['anna', 'ben', 'cleo'].map((name) =>
      room.player(name, (game) => (game.screen === 'lobby' ? game.sit('elm') : game.playAny(picker))),
    )
    for (const { simulated } of players) simulated.connect()
    const state = (): ReturnType<CardRoom['table']> => room.table('elm')
    expect(room.world.advanceUntil(() => state().winner !== undefined, 300_000)).toBe(true)
    room.world.advance(500)
    agree(room, ...players)
    expect(allCards(state())).toEqual(PACK)
    const points = state().seats.map((seat) => seat?.score ?? 0)
    expect(points.filter((score) => score > 0)).toHaveLength(1)
    expect(room.world.advanceUntil(() => state().turn !== undefined, 10_000)).toBe(true)
    room.world.advance(200)
    agree(room, ...players)
    expect(state().seats.map((seat) => seat?.score)).toEqual(points)
  })

  test('that is full sends a player back to the lobby, and so does one that does not exist', () => {
    const room = cardRoom(5)
    const players = atOakTable(room, 'anna', 'ben', 'cleo')
    const dora = room.player('dora')
    dora.simulated.connect()
    room.world.advance(500)
    for (const table of ['oak', 'olive']) {
      dora.game.sit(table)
      room.world.advance(500)
      agree(room, dora, ...players)
      expect(dora.game.screen).toBe('lobby')
    }
    expect(dora.game.whyRefused).toBe('all seats are taken')
    dora.game.sit('elm')
    room.world.advance(500)
    agree(room, dora)
    expect(dora.game.view).toMatchObject({ screen: 'table', table: 'elm' })
    expect(dora.game.whyRefused).toBeUndefined()
  })
})

describe('a seat', () => {
  test('of a player who loses the connection is shown as away, and all is told again after the resume', () => {
    const room = cardRoom(6)
    const [anna, ben] = atOakTable(room, 'anna', 'ben') as [Player, Player]
    room.world.advance(3_000)
    anna.simulated.reset()
    room.world.advance(50)
    anna.simulated.drop(2_500)
    room.world.advance(1_000)
    expect(ben.game.view).toMatchObject({ seats: [{ name: 'anna', isHere: false }, { name: 'ben' }] })
    agree(room, ben)
    ben.game.draw()
    room.world.advance(6_000)
    agree(room, anna, ben)
    // It became her turn while she was away, which is a short one: a card was drawn for her.
    expect(anna.game.view).toMatchObject({
      hand: { length: 6 },
      seats: [
        { name: 'anna', isHere: true },
        { name: 'ben', cards: 6 },
      ],
    })
  })

  test('is kept with hand and score for 60 s after the session has ended, for a player of that name', () => {
    const room = cardRoom(7)
    const [anna, ben] = atOakTable(room, 'anna', 'ben') as [Player, Player]
    room.world.advance(3_500)
    const seat = room.table('oak').seats[0]
    if (seat === undefined) throw new Error('anna sits')
    seat.score = 77
    anna.simulated.client.end()
    room.world.advance(1_000)
    expect(seat.session).toBeUndefined()
    const carl = room.player('carl', atOak)
    const dora = room.player('dora', atOak)
    for (const { simulated } of [carl, dora]) simulated.connect()
    room.world.advance(SEAT_KEPT_MS - 10_000)
    agree(room, ben, carl, dora)
    expect([carl, dora].map(({ game }) => game.screen).sort()).toEqual(['lobby', 'table'])
    const { hand } = seat
    anna.simulated.connect()
    room.world.advance(2_000)
    agree(room, anna, ben, carl, dora)
    expect(anna.game.view).toMatchObject({ screen: 'table', hand: { length: hand.length } })
    expect(room.table('oak').seats[0]).toBe(seat)
    expect(seat.score).toBe(77)
    room.world.advance(SEAT_KEPT_MS)
    expect(room.table('oak').seats[0]).toBe(seat)
  })

  test('is free after 60 s, and its cards are in the pack again', () => {
    const room = cardRoom(8)
    const [anna, ben] = atOakTable(room, 'anna', 'ben') as [Player, Player]
    room.world.advance(3_500)
    anna.simulated.kill({ connections: 'reset' })
    room.world.advance(SEAT_KEPT_MS + 6_000)
    expect(room.table('oak').seats[0]).toBeUndefined()
    expect(allCards(room.table('oak'))).toEqual(PACK)
    expect(room.table('oak').turn).toBeUndefined()
    agree(room, ben)
  })

  test('goes to a new session of the same name while the old one is away, and the old one changes nothing any more', () => {
    const room = cardRoom(9)
    const [anna, ben] = atOakTable(room, 'anna', 'ben') as [Player, Player]
    room.world.advance(3_500)
    anna.simulated.reset()
    room.world.advance(50)
    anna.simulated.drop(60_000)
    const again = cardRoomPlayerNamed(room, 'anna')
    again.simulated.connect()
    room.world.advance(3_000)
    agree(room, again, ben)
    expect(again.game.view).toMatchObject({ screen: 'table', seats: [{ name: 'anna', isHere: true }, { name: 'ben' }] })
    room.world.advance(SEAT_KEPT_MS + 10_000)
    agree(room, again, ben)
    expect(room.table('oak').seats[0]?.isHere).toBe(true)
  })

  test('that was given to a new session is lost for the old one, which comes back to the lobby', () => {
    const room = cardRoom(13)
    const [anna, ben] = [room.player('anna'), room.player('ben', atOak)]
    for (const { simulated } of [anna, ben]) simulated.connect()
    room.world.advance(500)
    anna.game.sit('oak')
    room.world.advance(3_000)
    anna.simulated.reset()
    room.world.advance(50)
    anna.simulated.drop(3_000)
    const again = cardRoomPlayerNamed(room, 'anna')
    again.simulated.connect()
    room.world.advance(7_000)
    agree(room, anna, ben, again)
    expect(anna.simulated.client.session).toMatchObject({ resumed: true, zone: undefined })
    expect([anna, again].map(({ game }) => game.screen)).toEqual(['lobby', 'table'])
  })

  test('is not given to somebody else of the same name while its player is here', () => {
    const room = cardRoom(10)
    const [anna, ben] = atOakTable(room, 'anna', 'ben') as [Player, Player]
    const other = cardRoomPlayerNamed(room, 'anna')
    other.simulated.connect()
    room.world.advance(3_000)
    agree(room, anna, ben)
    expect(other.game.whyRefused).toBe('anna sits here already')
  })

  test('that is given up on purpose is free at once', () => {
    const room = cardRoom(11)
    const [anna, ben, cleo] = ['anna', 'ben', 'cleo'].map((name) => room.player(name)) as [Player, Player, Player]
    for (const { simulated } of [anna, ben, cleo]) simulated.connect()
    room.world.advance(500)
    for (const { game } of [anna, ben]) game.sit('ash')
    room.world.advance(4_000)
    expect(room.table('ash').turn).toBeDefined()
    anna.game.leave()
    room.world.advance(500)
    agree(room, anna, ben, cleo)
    expect(room.table('ash').seats[0]).toBeUndefined()
    expect(anna.game.view).toMatchObject({ screen: 'lobby', people: ['cleo', 'anna'] })
    expect(allCards(room.table('ash'))).toEqual(PACK)
  })
})

describe('a move', () => {
  test("from the table on one's own turn lets the next player play", () => {
    const room = cardRoom(14)
    const players = ['anna', 'ben', 'cleo'].map((name) => room.player(name))
    for (const { simulated } of players) simulated.connect()
    room.world.advance(500)
    for (const { game } of players) game.sit('oak')
    room.world.advance(4_000)
    players.find(({ game }) => game.isMyTurn)?.game.leave()
    room.world.advance(500)
    agree(room, ...players)
    expect(players.map(({ game }) => game.screen).sort()).toEqual(['lobby', 'table', 'table'])
    expect(players.filter(({ game }) => game.isMyTurn)).toHaveLength(1)
    room.world.advance(TURN_MS * 2)
    agree(room, ...players)
    expect(allCards(room.table('oak'))).toEqual(PACK)
  })

  test('that is lost with the connection can be made again', () => {
    const room = cardRoom(15)
    const anna = room.player('anna')
    anna.simulated.connect()
    room.world.advance(500)
    anna.game.sit('oak')
    room.world.advance(500)
    anna.simulated.halfOpen()
    anna.game.leave()
    anna.simulated.connect()
    room.world.advance(1_000)
    agree(room, anna)
    expect(anna.game.screen).toBe('table')
    anna.game.leave()
    room.world.advance(1_000)
    agree(room, anna)
    expect(anna.game.screen).toBe('lobby')
  })

  test('that is requested again because the answer was lost changes nothing', () => {
    const room = cardRoom(16)
    const anna = room.player('anna')
    anna.simulated.connect()
    room.world.advance(500)
    anna.game.sit('oak')
    anna.simulated.drop(1_000, 'down')
    room.world.advance(50)
    anna.simulated.halfOpen()
    // The session is at the table by now, but the client still shows the lobby.
    anna.simulated.client.on('session', () => anna.game.sit('elm'))
    anna.simulated.connect()
    room.world.advance(3_000)
    agree(room, anna)
    expect(anna.game.view).toMatchObject({ screen: 'table', table: 'oak' })
    anna.game.leave()
    room.world.advance(1_000)
    agree(room, anna)
    expect(anna.game.screen).toBe('lobby')
  })

  test('of another player is on the board after a takeover, if the news of it was lost', () => {
    const room = cardRoom(17)
    const anna = room.player('anna')
    const ben = room.player('ben', atOak)
    anna.simulated.connect()
    room.world.advance(500)
    anna.simulated.halfOpen()
    ben.simulated.connect()
    room.world.advance(2_000)
    expect(anna.game.view).toMatchObject({ tables: [{ name: 'oak', free: 3 }, {}, {}] })
    anna.simulated.connect()
    room.world.advance(500)
    agree(room, anna, ben)
    expect(anna.game.view).toMatchObject({ tables: [{ name: 'oak', free: 2 }, {}, {}] })
  })
})

test('after a restart of the server everyone is in the lobby, and plays again', () => {
  const room = cardRoom(12)
  const players = atOakTable(room, 'anna', 'ben')
  room.world.crashServer()
  room.world.advance(2_000)
  room.world.restartServer()
  room.world.advance(20_000)
  agree(room, ...players)
  expect(players.map(({ game }) => game.screen)).toEqual(['table', 'table'])
  expect(room.table('oak').turn).toBeDefined()
})

/** Plays for about two minutes, with faults drawn from the seed, and then lets everything recover. */
function playWithFaults(seed: number): { readonly room: CardRoom; readonly players: readonly Player[] } {
  const room = cardRoom(seed)
  const random = streams(seed).stream('test')
  const picker = pickerOf(random)
  const below = (limit: number): number => random.uint32() % limit
  const act = (game: GameClient): void => {
    if (game.screen === 'lobby') game.sit(picker.pick(['oak', 'oak', 'elm', 'olive']))
    else if (below(30) === 0) game.leave()
    else game.playAny(picker)
  }
  // Anna has two machines, and both want her seat.
  const players = ['anna', 'ben', 'cleo', 'dora', 'anna'].map((name, index) =>
    room.player(
      name,
      act,
      {
        transport: picker.pick(['websocket', 'enet']),
        preset: picker.pick(['wifi', '4g', '3g', 'congested-wifi', 'transatlantic']),
      },
      `machine-${index}`,
    ),
  )
  for (const { simulated } of players) simulated.connect()
  const faults: readonly ((player: Player) => void)[] = [
    ({ simulated }) => simulated.drop(below(12_000), picker.pick(['both', 'up', 'down'])),
    ({ simulated }) => simulated.clog(below(5_000)),
    ({ simulated }) => simulated.reset(),
    ({ simulated }) => simulated.halfOpen(),
    ({ simulated }) => simulated.connect(picker.pick(['websocket', 'enet'])),
    ({ simulated }) => simulated.client.disconnect(),
    ({ simulated }) => simulated.client.end(),
    ({ simulated }) => simulated.host.pause({ durationMs: below(15_000), what: picker.pick(['process', 'machine']) }),
    ({ simulated }) => {
      simulated.kill({ connections: picker.pick(['silent', 'reset']) })
      simulated.restart()
    },
    () => room.world.serverHost.pause({ durationMs: below(8_000) }),
  ]
  for (let fault = 0; fault < 40; fault++) {
    room.world.advance(below(4_000))
    const player = picker.pick(players)
    picker.pick(faults)(player)
    if (below(40) === 0) {
      room.world.crashServer({ connections: picker.pick(['silent', 'reset']) })
      room.world.restartServer()
    }
    room.world.advance(below(1_000))
    for (const table of TABLES) expect(allCards(room.table(table)), `${table}, seed ${seed}`).toEqual(PACK)
    for (const { simulated } of players) {
      if (
        simulated.host.status === 'running' &&
        ['idle', 'ended'].includes(simulated.client.status.kind) &&
        below(3) === 0
      )
        simulated.connect()
    }
  }
  for (const { simulated } of players) {
    simulated.usePreset('lan')
    if (!simulated.isUp) simulated.restart()
  }
  room.world.advance(20_000)
  for (const { simulated } of players) if (simulated.client.status.kind !== 'connected') simulated.connect()
  room.world.advance(5_000)
  return { room, players }
}

/** Advances until nothing has changed for 300 ms: on a fast network, no message is under way then. */
function settle(room: CardRoom, players: readonly Player[]): void {
  const seen = (): string => JSON.stringify(players.map((player) => room.truth(player)))
  const untilMs = room.world.nowMs + 60_000
  for (let before = seen(), quietMs = 0; quietMs < 300;) {
    if (room.world.nowMs > untilMs) throw new Error('it is never quiet')
    room.world.advance(50)
    const now = seen()
    quietMs = now === before ? quietMs + 50 : 0
    before = now
  }
}

test('after random faults the view of each player equals the state of the zone, and no card is lost', () => {
  const seeds = Number(process.env['OVERWORLD_CARD_ROOM_SEEDS'] ?? 30)
  for (let seed = 1; seed <= seeds; seed++) {
    const { room, players } = playWithFaults(seed)
    settle(room, players)
    for (const player of players) {
      const { view, name } = player.game
      expect(view, `${name}, seed ${seed}`).toBeDefined()
      expect(view, `${name}, seed ${seed}`).toEqual(room.truth(player))
    }
    for (const table of TABLES) expect(allCards(room.table(table)), `${table}, seed ${seed}`).toEqual(PACK)
    expect(room.world.server.stats().throwsTotal, `seed ${seed}`).toBe(0)
  }
})

/** Another machine whose player has the same name. */
function cardRoomPlayerNamed(room: CardRoom, name: string): Player {
  return room.player(name, atOak, {}, `${name}-2`)
}
