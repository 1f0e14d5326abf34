/**
 * What each player should see, straight from the states of the zones: for tests and for the fuzzer. It shares no code with
 * the zones' messages, so that a mistake in these is found.
 */
import type { Session } from 'overworld'
import type { LobbyView, TableView } from './game-client.ts'
import type { LobbyState } from './lobby-zone.ts'
import type { TableState } from './table-state.ts'

/** Undefined: the session is not in the lobby. */
export function lobbyViewOf(state: LobbyState, session: Session): LobbyView | undefined {
  if (!state.people.has(session)) return undefined
  return { screen: 'lobby', people: [...state.people.values()], tables: [...state.tables.values()] }
}

/** Undefined: the session has no seat. */
export function tableViewOf(state: TableState, session: Session): TableView | undefined {
  const own = state.seats.find((seat) => seat?.session === session)
  if (own === undefined) return undefined
  const seats = state.seats.flatMap((seat) => {
    if (seat === undefined) return []
    const { at, name, isHere, hand, score } = seat
    return [{ at, name, isHere, cards: hand.length, score }]
  })
  return {
    screen: 'table',
    table: state.name,
    seats,
    hand: own.hand,
    stock: state.stock.length,
    top: state.pile.at(-1),
    suit: state.suit,
    turn: state.turn && { number: state.turn.number, at: state.turn.at },
    winner: state.winner,
  }
}

/** Every card is somewhere, and nowhere twice. */
export function allCards({ stock, pile, seats }: TableState): readonly number[] {
  const hands = seats.flatMap((seat) => seat?.hand ?? [])
  return [...stock, ...pile, ...hands].sort((a, b) => a - b)
}
