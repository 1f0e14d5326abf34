/** A pack of 52 cards, and which of them may be played on which in Crazy Eights. Leaves out who has them. */
import type { Random } from 'overworld'

/** 0 to 51: thirteen of each suit, from ace to king. */
export type Card = number
/** 0 to 3: clubs, diamonds, hearts, spades. */
export type Suit = number

export const SUITS: readonly Suit[] = [0, 1, 2, 3]

const RANKS = 13
const EIGHT = 7
const SUIT_SIGNS = '♣♦♥♠'
const RANK_SIGNS = ['A', '2', '3', '4', '5', '6', '7', '8', '9', '10', 'J', 'Q', 'K']

export function suitOf(card: Card): Suit {
  return Math.floor(card / RANKS)
}

export function isEight(card: Card): boolean {
  return card % RANKS === EIGHT
}

/** Whether `card` may be played on `top` while `suit` is to be followed: same suit, same rank, or an eight. */
export function mayFollow(card: Card, top: Card, suit: Suit): boolean {
  return isEight(card) || suitOf(card) === suit || card % RANKS === top % RANKS
}

/** What the winner gets for a card that somebody else still holds: eights 50, court cards 10, others their pips. */
export function pointsOf(card: Card): number {
  return isEight(card) ? 50 : Math.min((card % RANKS) + 1, 10)
}

/** All cards, in a random order. */
export function shuffledPack(random: Random): Card[] {
  return shuffled(
    Array.from({ length: SUITS.length * RANKS }, (_, card) => card),
    random,
  )
}

export function shuffled(cards: readonly Card[], random: Random): Card[] {
  const order = [...cards]
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.uint32() % (last + 1)
    const [a, b] = [order[last], order[other]]
    if (a === undefined || b === undefined) continue
    order[last] = b
    order[other] = a
  }
  return order
}

/** Such as `8♥`. */
export function nameOf(card: Card): string {
  return `${RANK_SIGNS[card % RANKS]}${SUIT_SIGNS[suitOf(card)]}`
}
