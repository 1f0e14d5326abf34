/**
 * The model of a page, or of any other client: what it shows, and what its buttons do. It shows only what the server has
 * said. After a lost connection the server says everything again (`sync`, `board`); after a lost session the model joins
 * the lobby anew. Leaves out drawing, and connecting: the code that made the client calls `connect`.
 *
 * It moves between zones by itself: `part` of the one and `join` of the other, which arrive in that order. If the other zone
 * does not take it, it joins the lobby.
 */
import type { Client, Received, Room } from 'overworld/client'
import { lobbyApp, tableApp, type LobbySchema, type TableSchema } from './apps.ts'
import { isEight, mayFollow, SUITS, type Card, type Suit } from './cards.ts'

export interface LobbyView {
  readonly screen: 'lobby'
  readonly people: readonly string[]
  readonly tables: readonly { readonly name: string; readonly free: number; readonly players: readonly string[] }[]
}

export interface SeatView {
  readonly at: number
  readonly name: string
  readonly isHere: boolean
  readonly cards: number
  readonly score: number
}

export interface TableView {
  readonly screen: 'table'
  readonly table: string
  readonly seats: readonly SeatView[]
  readonly hand: readonly Card[]
  readonly stock: number
  readonly top: Card | undefined
  readonly suit: Suit | undefined
  /** Undefined: no round is being played. */
  readonly turn: { readonly number: number; readonly at: number } | undefined
  /** In the pause after a round. */
  readonly winner: string | undefined
}

export type View = LobbyView | TableView

/** A source of random choices, for players that play at random. */
export interface Picker {
  pick<T>(items: readonly T[]): T
}

export class GameClient {
  readonly name: string
  readonly #lobby: Room<LobbySchema>
  readonly #table: Room<TableSchema>
  #view: View | undefined
  /** Requested, and not answered yet. */
  #movingTo: 'lobby' | 'table' | undefined
  #turnMs = 0
  #whyRefused: string | undefined
  #onChange: () => void = () => undefined

  constructor(client: Client, name: string) {
    this.name = name
    this.#lobby = client.app(lobbyApp)
    this.#table = client.app(tableApp)
    client.on('session', ({ zone }) => {
      this.#movingTo = undefined
      // The zone of a session that was resumed tells everything.
      if (zone !== undefined) return
      this.#show(undefined)
      this.#enterLobby()
    })
    client.on('session_lost', () => this.#show(undefined))
    client.on('status', ({ kind }) => {
      if (kind === 'ended') this.#show(undefined)
    })
    client.on('denied', ({ reason }) => {
      // If the session is in another zone after all, this join is denied, and what is shown is still right.
      if (reason === 'no_zone' || reason === 'unknown_zone') this.#enterLobby()
      else if (reason === 'already_joined') this.#movingTo = undefined
    })
    this.#hearLobby()
    this.#hearTable()
  }

  /** What to draw; undefined: there is no session, or it is in no zone. */
  get view(): View | undefined {
    return this.#view
  }

  get screen(): 'none' | 'lobby' | 'table' {
    return this.#view?.screen ?? 'none'
  }

  /** Has asked for another zone, and waits for the answer. */
  get isMoving(): boolean {
    return this.#movingTo !== undefined
  }

  /** For a countdown: how long the present turn could take when it was announced, in ms. */
  get turnMs(): number {
    return this.#turnMs
  }

  /** Why the last table that was requested refused; undefined after a table has accepted this player. */
  get whyRefused(): string | undefined {
    return this.#whyRefused
  }

  /** Runs whenever there is something else to draw. */
  onChange(run: () => void): void {
    this.#onChange = run
  }

  /** From the lobby to a table. */
  sit(table: string): void {
    if (this.screen !== 'lobby' || this.isMoving) return
    if (!this.#lobby.part({})) return
    this.#movingTo = 'table'
    this.#table.join({ name: this.name, table })
  }

  /** From the table to the lobby. The seat is given up. */
  leave(): void {
    if (this.screen !== 'table' || this.isMoving) return
    if (this.#table.part({})) this.#enterLobby()
  }

  /** The cards that may be played now; none where it is another player's turn. */
  get playable(): readonly Card[] {
    const { view } = this
    if (view?.screen !== 'table' || !this.isMyTurn) return []
    const { hand, top, suit } = view
    return top === undefined || suit === undefined ? [] : hand.filter((card) => mayFollow(card, top, suit))
  }

  get isMyTurn(): boolean {
    const { view } = this
    if (view?.screen !== 'table' || this.isMoving) return false
    const mine = view.seats.find((seat) => seat.name === this.name)
    return mine !== undefined && view.turn?.at === mine.at
  }

  /** `suit`: what is to be followed, with an eight. */
  play(card: Card, suit?: Suit): void {
    const turn = this.#turnNumber()
    if (turn !== undefined && !this.isMoving) this.#table.send('play', { turn, card, suit })
  }

  draw(): void {
    const turn = this.#turnNumber()
    if (turn !== undefined && !this.isMoving) this.#table.send('draw', { turn })
  }

  /** Plays any card that may be played, or draws; nothing where it is another player's turn. */
  playAny(random: Picker): void {
    if (!this.isMyTurn) return
    const { playable } = this
    if (playable.length === 0) {
      this.draw()
      return
    }
    const card = random.pick(playable)
    this.play(card, isEight(card) ? random.pick(SUITS) : undefined)
  }

  #turnNumber(): number | undefined {
    return this.#view?.screen === 'table' ? this.#view.turn?.number : undefined
  }

  #enterLobby(): void {
    if (this.#lobby.join({ name: this.name })) this.#movingTo = 'lobby'
  }

  #hearLobby(): void {
    this.#lobby.on('board', ({ people, tables }) => {
      if (this.#movingTo === 'lobby') this.#movingTo = undefined
      this.#show({
        screen: 'lobby',
        people,
        tables: tables.map(({ name, free, players }) => ({ name, free, players })),
      })
    })
  }

  #hearTable(): void {
    const table = this.#table
    table.on('refused', ({ why }) => {
      this.#whyRefused = why
      this.#enterLobby()
    })
    table.on('sync', ({ table: name, seats, hand, stock, top, suit, turn, winner }) => {
      if (this.#movingTo === 'table') this.#movingTo = undefined
      this.#whyRefused = undefined
      this.#turnMs = turn?.ms ?? 0
      const shown = {
        screen: 'table',
        table: name,
        seats: seats.map(seatView),
        hand,
        stock,
        top,
        suit,
        winner,
      } as const
      this.#show({ ...shown, turn: turn && { number: turn.number, at: turn.at } })
    })
    table.on('seats', ({ seats, is_waiting }) => {
      const ended = is_waiting ? { turn: undefined, winner: undefined } : {}
      this.#change(() => ({ seats: seats.map(seatView), ...ended }))
    })
    table.on('turn', ({ number, at, ms }) => {
      this.#turnMs = ms
      this.#change(() => ({ turn: { number, at } }))
    })
    table.on('played', ({ at, card, suit }) => {
      this.#change((view) => ({
        seats: withSeat(view.seats, at, (seat) => ({ cards: seat.cards - 1 })),
        hand: view.hand.filter((other) => other !== card),
        top: card,
        suit,
      }))
    })
    table.on('drawn', ({ card }) => this.#change(({ hand }) => ({ hand: [...hand, card] })))
    table.on('drew', ({ at, cards, stock }) => {
      this.#change(({ seats }) => ({ seats: withSeat(seats, at, () => ({ cards })), stock }))
    })
    table.on('over', ({ at, winner, points }) => {
      this.#change(({ seats }) => ({
        seats: withSeat(seats, at, ({ score }) => ({ score: score + points })),
        turn: undefined,
        winner,
      }))
    })
  }

  #change(change: (view: TableView) => Partial<TableView>): void {
    const view = this.#view
    if (view?.screen === 'table') this.#show({ ...view, ...change(view) })
  }

  #show(view: View | undefined): void {
    this.#view = view
    this.#onChange()
  }
}

function seatView({ at, name, is_here, cards, score }: Received<TableSchema, 'sync'>['seats'][number]): SeatView {
  return { at, name, isHere: is_here, cards, score }
}

function withSeat(
  seats: readonly SeatView[],
  at: number,
  change: (seat: SeatView) => Partial<SeatView>,
): readonly SeatView[] {
  return seats.map((seat) => (seat.at === at ? { ...seat, ...change(seat) } : seat))
}
