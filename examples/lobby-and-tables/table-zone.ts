/**
 * A table: three seats, a dealer, and Crazy Eights. Players take turns; each plays a card that follows the last one, or draws
 * one. A player that is too slow draws. The first player without cards gets points for what the others still hold.
 *
 * Leaving on purpose gives the seat up. A player that only loses the connection stays a member and can resume; when the
 * session is over the seat is kept for 60 s, with hand and score, for a player of the same name. (A real game would ask for
 * an account rather than a name.)
 *
 * Each client hears everything once in a `sync`: when it sits down, when it is back, and when cards are dealt. After that it
 * hears only what changes.
 */
import type { Action, Sendable, Session, TypedZone, ZoneDefinition } from 'overworld'
import { tableApp, type TableSchema } from './apps.ts'
import { isEight, suitOf, SUITS, type Card, type Suit } from './cards.ts'
import type { LobbyZone } from './lobby-zone.ts'
import {
  canDeal,
  deal,
  drawCard,
  giveUpSeat,
  isWaiting,
  mayPlay,
  newTable,
  play,
  playerAfter,
  playersInRound,
  score,
  seatOf,
  SEATS,
  takenSeats,
  type Seat,
  type TableState,
} from './table-state.ts'

export type TableZone = TypedZone<TableSchema, TableInfo>

/** From the program, once: where this table announces its seats. */
export interface TableInfo {
  readonly lobby: LobbyZone
}

/** The `gameData` of the dealer's session, by which a table tells it from players. */
export const DEALER: object = Object.freeze({ is: 'the dealer' })

export const TURN_MS = 10_000
/** The turn of a player who is not here. */
export const ABSENT_TURN_MS = 2_000
export const PAUSE_MS = 4_000
export const SEAT_KEPT_MS = 60_000

export const tableZone: ZoneDefinition<TableSchema, TableState, TableInfo> = tableApp.defineZone({
  disconnect: 'soft',
  init: (zone: TableZone): TableState => newTable(zone.name, zone.random),

  handleInfo({ lobby }: TableInfo, _zone, state) {
    state.lobby = lobby
    tellLobby(state)
  },

  handleJoin({ name }, session, zone, state) {
    if (session.gameData === DEALER) return tableApp.reply('seats', seats(state))
    const own = takenSeats(state).find((seat) => seat.name === name)
    if (own?.isHere === true) return tableApp.refuse('refused', { why: `${name} sits here already` })
    const at = own?.at ?? state.seats.indexOf(undefined)
    if (at < 0) return tableApp.refuse('refused', { why: 'all seats are taken' })
    if (own === undefined) {
      state.seats[at] = { at, name, session, isHere: true, hand: [], score: 0, release: undefined }
    } else {
      // The player comes with another session, before or after the end of the one that had this seat.
      const { session: before } = own
      own.release?.cancel()
      own.release = undefined
      own.session = session
      own.isHere = true
      if (before !== undefined) zone.remove(before)
    }
    tellLobby(state)
    return [tableApp.reply('sync', sync(state, session, zone)), tableApp.broadcast('seats', seats(state))]
  },

  handlePart(_message, session, zone, state, reason) {
    const seat = seatOf(state, session)
    if (seat === undefined) return undefined
    if (reason === 'left') return vacate(zone, state, seat)
    seat.session = undefined
    seat.isHere = false
    seat.release = zone.setTimer(SEAT_KEPT_MS, () => vacate(zone, state, seat))
    return tableApp.broadcast('seats', seats(state))
  },

  handleDisconnect(session, _zone, state) {
    const seat = seatOf(state, session)
    if (seat === undefined) return undefined
    seat.isHere = false
    return tableApp.broadcast('seats', seats(state))
  },

  handleReconnect(session, zone, state) {
    const seat = seatOf(state, session)
    if (seat === undefined) return undefined
    const wasHere = seat.isHere
    seat.isHere = true
    const answer = tableApp.reply('sync', sync(state, session, zone))
    return wasHere ? answer : [answer, tableApp.broadcast('seats', seats(state))]
  },

  rpc: {
    play({ turn, card, suit = suitOf(card) }, session, zone, state) {
      const seat = seatOf(state, session)
      if (seat === undefined || !isTurnOf(state, seat, turn) || !mayPlay(state, seat, card)) return undefined
      return playCard(zone, state, seat, card, isEight(card) && SUITS.includes(suit) ? suit : suitOf(card))
    },
    draw({ turn }, session, zone, state) {
      const seat = seatOf(state, session)
      if (seat === undefined || !isTurnOf(state, seat, turn)) return undefined
      return draw(zone, state, seat)
    },
    deal(_message, session, zone, state) {
      if (session.gameData !== DEALER || !canDeal(state)) return undefined
      deal(state, zone.random)
      const first = playerAfter(state, zone.random.uint32() % SEATS)
      if (first !== undefined) beginTurn(zone, state, first)
      return takenSeats(state).flatMap(({ session: player }) =>
        player === undefined ? [] : [tableApp.send([player], 'sync', sync(state, player, zone))],
      )
    },
  },
})

/** What a client says about an earlier turn comes too late. */
function isTurnOf({ turn }: TableState, seat: Seat, number: number): boolean {
  return turn?.at === seat.at && turn.number === number
}

function playCard(zone: TableZone, state: TableState, seat: Seat, card: Card, suit: Suit): readonly Action[] {
  play(state, seat, card, suit)
  const played = tableApp.broadcast('played', { at: seat.at, card, suit })
  if (seat.hand.length > 0) return [played, nextTurn(zone, state)]
  endTurn(state)
  const points = score(state, seat)
  zone.setTimer(PAUSE_MS, () => {
    state.winner = undefined
    return tableApp.broadcast('seats', seats(state))
  })
  return [played, tableApp.broadcast('over', { winner: seat.name, at: seat.at, points })]
}

function draw(zone: TableZone, state: TableState, seat: Seat): readonly Action[] {
  const card = drawCard(state, seat, zone.random)
  const drew = { at: seat.at, cards: seat.hand.length, stock: state.stock.length }
  const { session } = seat
  return [
    ...(card === undefined || session === undefined ? [] : [tableApp.send([session], 'drawn', { card })]),
    tableApp.broadcast('drew', drew),
    nextTurn(zone, state),
  ]
}

/** A seat is free again. A round in which only one player is left is called off. */
function vacate(zone: TableZone, state: TableState, seat: Seat): readonly Action[] {
  giveUpSeat(state, seat)
  tellLobby(state)
  const isOver = playersInRound(state).length < 2
  if (isOver) endTurn(state)
  const announced = tableApp.broadcast('seats', seats(state))
  return state.turn?.at === seat.at ? [announced, nextTurn(zone, state)] : [announced]
}

function nextTurn(zone: TableZone, state: TableState): Action {
  const next = playerAfter(state, state.turn?.at ?? 0)
  if (next !== undefined) beginTurn(zone, state, next)
  const turn = turnNow(state, zone)
  return turn === undefined ? tableApp.broadcast('seats', seats(state)) : tableApp.broadcast('turn', turn)
}

function beginTurn(zone: TableZone, state: TableState, seat: Seat): void {
  endTurn(state)
  const ms = seat.isHere ? TURN_MS : ABSENT_TURN_MS
  const timer = zone.setTimer(ms, () => draw(zone, state, seat))
  state.turn = { number: ++state.turns, at: seat.at, endsAtMs: zone.now() + ms, timer }
}

function endTurn(state: TableState): void {
  state.turn?.timer.cancel()
  state.turn = undefined
}

function tellLobby(state: TableState): void {
  const { lobby, name } = state
  if (lobby === undefined || lobby.isStopped) return
  const players = takenSeats(state).map((seat) => seat.name)
  lobby.tell({ name, free: SEATS - players.length, players })
}

function sync(state: TableState, session: Session, zone: TableZone): Sendable<TableSchema, 'sync'> {
  return {
    table: state.name,
    seats: seats(state).seats,
    hand: seatOf(state, session)?.hand ?? [],
    stock: state.stock.length,
    top: state.pile.at(-1),
    suit: state.suit,
    turn: turnNow(state, zone),
    winner: state.winner,
  }
}

function seats(state: TableState): Sendable<TableSchema, 'seats'> {
  return {
    seats: takenSeats(state).map(({ at, name, isHere, hand, score }) => ({
      at,
      name,
      is_here: isHere,
      cards: hand.length,
      score,
    })),
    is_waiting: isWaiting(state),
  }
}

function turnNow({ turn }: TableState, zone: TableZone): Sendable<TableSchema, 'turn'> | undefined {
  return turn && { number: turn.number, at: turn.at, ms: Math.max(0, Math.round(turn.endsAtMs - zone.now())) }
}
