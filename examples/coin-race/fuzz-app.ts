/**
 * The race in the fuzzer, with rules of its own: `overworld fuzz --app ./examples/coin-race/fuzz-app.ts`.
 *
 * Boards are unreliable: any of them may be missing, and over ENet one may come after the winner that was told after it.
 * So a rule compares a board with an earlier board of the same membership only, and never with what came over the other channel.
 */
import type { Received } from 'overworld'
import { defineSimulatedApp, type SimulatedApp } from 'overworld/scenarios'
import { BOARD_SIZE, COINS_TO_WIN, coinRace, Direction, raceZone } from './coin-race.ts'
import { directionToCoin } from './runner.ts'

type Board = Received<typeof coinRace.schema, 'board'>

const DIRECTIONS = [Direction.north, Direction.east, Direction.south, Direction.west]
/** What the bot of each room has seen last. */
const boards = new WeakMap<object, Board>()

const simulated: SimulatedApp = defineSimulatedApp({
  app: coinRace,
  zone: raceZone,
  sendsByZoneAlone: true,
  hasNpcs: true,
  putsOut: true,
  bot: {
    join: (name) => ({ name }),
    act(room, { name, random }) {
      const board = boards.get(room)
      const direction = board && directionToCoin(board, name)
      room.send('step', { direction: direction ?? DIRECTIONS[random.below(DIRECTIONS.length)] ?? Direction.north })
    },
    listen(room, { name, client }, check, reach) {
      let coins = 0
      let winner: string | undefined
      let isBack = false
      client.on('session', ({ resumed }) => (isBack = resumed))

      room.on('board', (board) => {
        boards.set(room, board)
        const { coin_x, coin_y, players } = board
        const names = players.map((player) => player.name)
        check('no-twins', new Set(names).size === names.length, () => `twice on the board: ${names.join(', ')}`)
        const me = players.find((player) => player.name === name)
        check('sees-itself', me !== undefined, () => `${name} is not among ${names.join(', ')}`)
        const squares = [{ x: coin_x, y: coin_y }, ...players]
        check(
          'on-the-board',
          squares.every(({ x, y }) => Math.max(x, y) < BOARD_SIZE),
          () => `off the board: ${JSON.stringify(squares)}`,
        )
        const most = Math.max(...players.map((player) => player.coins))
        check('ends-in-time', most < COINS_TO_WIN, () => `the race goes on with ${most} coins`)
        check('coins-never-fall', (me?.coins ?? coins) >= coins, () => `${name} had ${coins} coins, now ${me?.coins}`)
        coins = me?.coins ?? coins
      })
      room.on('winner', (message) => {
        check('one-winner', winner === undefined || winner === message.name, () => `${winner}, then ${message.name}`)
        winner = message.name
        reach('a race was won')
        if (isBack) reach('heard of the winner after a lost connection')
      })
    },
  },
  invariants: {
    'no-twins': 'No player is on the board twice.',
    'sees-itself': 'Whoever sees the board is on it.',
    'on-the-board': 'The coin and the players are on the board.',
    'ends-in-time': 'The race is over with the last coin.',
    'coins-never-fall': 'No player loses coins while it is in the race.',
    'one-winner': 'A race has one winner.',
  },
  goals: {
    'a race was won': 'somebody had all the coins that it takes',
    'heard of the winner after a lost connection': 'who was away heard how the race ended',
  },
})

export default simulated
