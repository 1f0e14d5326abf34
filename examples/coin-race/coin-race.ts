/**
 * A small authoritative game. Clients only say in which direction they want to step; the server moves them, one step a
 * tick, places the coins and says who has won. Left out: drawing anything, and a second race in the same zone.
 */
import { defineApp, type App, type Random, type Received, type Session, type ZoneDefinition } from 'overworld'
import { coin_race } from './generated/coin-race.js'

type RaceSchema = typeof coin_race.race

export const coinRace: App<RaceSchema> = defineApp({
  name: 'coin-race',
  prefix: 2,
  schema: coin_race.race,
  // Only the newest board matters: over ENet a late one is dropped, not waited for.
  messages: { board: { delivery: 'unreliable', channel: 1 } },
})

/** The board has so many squares on each side. */
export const BOARD_SIZE = 8
/** Who has so many coins first wins. */
export const COINS_TO_WIN = 5

export const Direction: typeof coin_race.step.Direction = coin_race.step.Direction

interface Player {
  readonly name: string
  x: number
  y: number
  coins: number
  /** Where it wants to go; the next tick takes it there. */
  wants: Received<RaceSchema, 'step'>['direction'] | undefined
}

export interface RaceState {
  readonly players: Map<Session, Player>
  coin: { readonly x: number; readonly y: number }
  winner: string | undefined
}

export const raceZone: ZoneDefinition<RaceSchema, RaceState> = coinRace.defineZone({
  // Who loses the connection stands still until it is back, or is out after `disconnectTimeout`.
  disconnect: 'soft',
  tickMs: 50,
  init: (zone): RaceState => ({ players: new Map(), coin: anySquare(zone.random), winner: undefined }),
  handleJoin({ name }, session, zone, state) {
    state.players.set(session, { name, ...anySquare(zone.random), coins: 0, wants: undefined })
    // Who was away for so long that its session is over has not heard how the race ended.
    return state.winner === undefined ? undefined : coinRace.reply('winner', { name: state.winner })
  },
  handlePart(_message, session, _zone, state) {
    state.players.delete(session)
  },
  handleReconnect(_session, _zone, state) {
    // The end of the race is told once; who was away then hears it now.
    return state.winner === undefined ? undefined : coinRace.reply('winner', { name: state.winner })
  },
  handleTick(zone, state) {
    if (state.players.size === 0 || state.winner !== undefined) return
    for (const player of state.players.values()) {
      move(player)
      if (player.x !== state.coin.x || player.y !== state.coin.y) continue
      player.coins++
      state.coin = anySquare(zone.random)
      if (player.coins < COINS_TO_WIN) continue
      state.winner = player.name
      return coinRace.broadcast('winner', { name: player.name })
    }
    return coinRace.broadcast('board', {
      coin_x: state.coin.x,
      coin_y: state.coin.y,
      players: [...state.players.values()],
    })
  },
  rpc: {
    step({ direction }, session, _zone, state) {
      const player = state.players.get(session)
      if (player !== undefined) player.wants = direction
    },
  },
})

function move(player: Player): void {
  switch (player.wants) {
    case Direction.north:
      player.y = Math.max(0, player.y - 1)
      break
    case Direction.east:
      player.x = Math.min(BOARD_SIZE - 1, player.x + 1)
      break
    case Direction.south:
      player.y = Math.min(BOARD_SIZE - 1, player.y + 1)
      break
    case Direction.west:
      player.x = Math.max(0, player.x - 1)
      break
    case undefined:
      break
  }
  player.wants = undefined
}

/** From the zone's own randomness, so that a simulated race can be played again. */
function anySquare(random: Random): { readonly x: number; readonly y: number } {
  return { x: random.uint32() % BOARD_SIZE, y: random.uint32() % BOARD_SIZE }
}
