/**
 * The card room in the fuzzer: `overworld fuzz --app ./examples/lobby-and-tables/fuzz-game.ts`. The program and the model are
 * those of production. This file adds what players do, rules of the game, and what each player should see.
 */
import { defineGame, judge, type Game, type GameClientSelf } from 'overworld/scenarios'
import { isEight, suitOf } from './cards.ts'
import { GameClient } from './game-client.ts'
import { lobbyZone } from './lobby-zone.ts'
import program, { TABLES } from './program.ts'
import { takenSeats } from './table-state.ts'
import { tableZone } from './table-zone.ts'
import { allCards, lobbyViewOf, tableViewOf } from './truth.ts'

/** Mostly the same table, so that players meet and it gets full. There is no table `olive`. */
const FAVOURITES = ['oak', 'oak', 'oak', 'oak', 'oak', 'oak', ...TABLES, 'olive']

/** A player who sits down somewhere, plays, and leaves now and then. */
function player({ client, random, every, reach }: GameClientSelf, name: string): GameClient {
  const game = new GameClient(client, name)
  // Some draw even if they could play a card, so that the stock runs out.
  const isHoarder = random.below(3) === 0
  every(400, () => {
    if (game.screen === 'lobby') game.sit(random.pick(FAVOURITES))
    else if (random.below(60) === 0) game.leave()
    else if (isHoarder && game.isMyTurn) game.draw()
    else game.playAny(random)
  })
  game.onChange(() => {
    const { view } = game
    if (game.whyRefused !== undefined) reach('a table refused a player')
    if (view?.screen !== 'table') return
    if (view.winner !== undefined) reach('a round was won')
    if (view.seats.some((seat) => !seat.isHere)) reach('a player was away')
    if (view.seats.length === 3 && view.turn !== undefined) reach('three players')
    if (view.stock === 0) reach('the stock was empty')
  })
  return game
}

const game: Game = defineGame<GameClient>({
  program,
  client: (self) => player(self, self.name),
  // Two devices of one person, who wants the same seat with both.
  clients: { device: (self) => player(self, 'zoe') },
  judges: [
    judge(lobbyZone, { shows: lobbyViewOf }),
    judge(tableZone, {
      after(state, _zone, check) {
        const cards = allCards(state)
        check('52-cards', cards.length === 52 && cards.every((card, index) => card === index), () => cards.join(' '))
        const names = takenSeats(state).map((seat) => seat.name)
        check('one-seat-each', new Set(names).size === names.length, () => names.join(', '))
        const { turn, suit } = state
        const hasCards = turn === undefined || (state.seats[turn.at]?.hand.length ?? 0) > 0
        check('turn-of-a-player', hasCards, () => `it is the turn of seat ${turn?.at}`)
        const top = state.pile.at(-1)
        const isRight = top === undefined || suit === suitOf(top) || isEight(top)
        check('suit-of-the-pile', isRight, () => `card ${top} lies there, suit ${suit} is to be followed`)
      },
      shows: tableViewOf,
    }),
  ],
  sees: (game) => game.view,
  settled({ clients, zones, check }) {
    for (const { name, model } of clients.values()) check('moves-end', !model.isMoving, () => `${name} is still moving`)
    for (const { name, app, members, state } of zones) {
      if (app !== tableZone.app) continue
      const seated = takenSeats(state as Parameters<typeof takenSeats>[0]).filter((seat) => seat.session !== undefined)
      // The dealer has no seat.
      check('members-have-seats', members.size === seated.length + 1, () => `${members.size} members at ${name}`)
    }
  },
  rules: {
    '52-cards': 'Every card of the pack is in one place.',
    'one-seat-each': 'No player has two seats at a table.',
    'turn-of-a-player': 'It is the turn of a player who has cards.',
    'suit-of-the-pile': 'The suit to be followed is that of the last card, unless that is an eight.',
    'moves-end': 'A client that has asked for another zone gets an answer.',
    'members-have-seats': 'Every member of a table but the dealer has a seat.',
  },
  goals: {
    'a round was won': 'somebody had no cards left',
    'a table refused a player': 'all seats were taken, or the name was',
    'a player was away': 'somebody at the table had lost the connection, or the session',
    'three players': 'a round with three players',
    'the stock was empty': 'the next card had to come from the pile',
  },
})

export default game
