/** What a table knows: its seats, its cards, whose turn it is. Rules without messages or timers; see `table-zone.ts`. */
import type { Random, Session, Timer } from 'overworld'
import { mayFollow, pointsOf, shuffled, shuffledPack, suitOf, type Card, type Suit } from './cards.ts'
import type { LobbyZone } from './lobby-zone.ts'

export const SEATS = 3
const CARDS_DEALT = 5

export interface Seat {
  readonly at: number
  readonly name: string
  /** Undefined: the player's session is over, and the seat is kept until `release` fires. */
  session: Session | undefined
  isHere: boolean
  hand: Card[]
  score: number
  release: Timer | undefined
}

export interface Turn {
  readonly number: number
  readonly at: number
  readonly endsAtMs: number
  readonly timer: Timer
}

export interface TableState {
  readonly name: string
  /** By number; undefined where anyone may sit down. */
  readonly seats: (Seat | undefined)[]
  /** The next card to be drawn is the last. */
  stock: Card[]
  /** The card that was played last is the last. */
  pile: Card[]
  /** What is to be followed: the suit of the last card, or what was named with an eight. */
  suit: Suit | undefined
  /** Undefined: no round is being played. */
  turn: Turn | undefined
  turns: number
  /** Who has won the last round, in the pause after it. */
  winner: string | undefined
  /** Hears of the seats. */
  lobby: LobbyZone | undefined
}

export function newTable(name: string, random: Random): TableState {
  return {
    name,
    seats: Array.from({ length: SEATS }, () => undefined),
    stock: shuffledPack(random),
    pile: [],
    suit: undefined,
    turn: undefined,
    turns: 0,
    winner: undefined,
    lobby: undefined,
  }
}

export function takenSeats(state: TableState): readonly Seat[] {
  return state.seats.filter((seat) => seat !== undefined)
}

export function seatOf(state: TableState, session: Session): Seat | undefined {
  return takenSeats(state).find((seat) => seat.session === session)
}

/** No round is being played, and the pause after the last one is over. */
export function isWaiting(state: TableState): boolean {
  return state.turn === undefined && state.winner === undefined
}

/** Whether a round can be dealt: to those who are here. */
export function canDeal(state: TableState): boolean {
  return isWaiting(state) && takenSeats(state).filter((seat) => seat.isHere).length >= 2
}

/** Collects all cards, gives five to each player who is here, and turns one up. */
export function deal(state: TableState, random: Random): void {
  state.stock = shuffledPack(random)
  for (const seat of takenSeats(state)) seat.hand = seat.isHere ? state.stock.splice(-CARDS_DEALT) : []
  state.pile = state.stock.splice(-1)
  state.suit = suitOf(state.pile[0] ?? 0)
}

/** Whether this player may play this card now, with this suit if it is an eight. */
export function mayPlay({ pile, suit }: TableState, seat: Seat, card: Card): boolean {
  const top = pile.at(-1)
  return seat.hand.includes(card) && top !== undefined && suit !== undefined && mayFollow(card, top, suit)
}

/** Lays `card` from the hand on the pile; from now on `suit` is to be followed. */
export function play(state: TableState, seat: Seat, card: Card, suit: Suit): void {
  seat.hand = seat.hand.filter((other) => other !== card)
  state.pile.push(card)
  state.suit = suit
}

/** Undefined: all cards are in hands, but for the one on the pile. */
export function drawCard(state: TableState, seat: Seat, random: Random): Card | undefined {
  if (state.stock.length === 0) {
    state.stock = shuffled(state.pile.slice(0, -1), random)
    state.pile = state.pile.slice(-1)
  }
  const card = state.stock.pop()
  if (card !== undefined) seat.hand.push(card)
  return card
}

/** Those who have cards: a player who sits down while a round is played waits for the next one. */
export function playersInRound(state: TableState): readonly Seat[] {
  return takenSeats(state).filter((seat) => seat.hand.length > 0)
}

/** The next player in the round after seat number `at`. */
export function playerAfter(state: TableState, at: number): Seat | undefined {
  const players = playersInRound(state)
  return players.find((seat) => seat.at > at) ?? players[0]
}

/** Gives the winner of a round the points for all cards that the others still hold; returns them. */
export function score(state: TableState, winner: Seat): number {
  const points = takenSeats(state)
    .flatMap((seat) => seat.hand)
    .reduce((sum, card) => sum + pointsOf(card), 0)
  winner.score += points
  state.winner = winner.name
  return points
}

/** Takes the seat away, and puts its cards under the pile. */
export function giveUpSeat(state: TableState, seat: Seat): void {
  seat.release?.cancel()
  state.seats[seat.at] = undefined
  state.pile.unshift(...seat.hand)
}
