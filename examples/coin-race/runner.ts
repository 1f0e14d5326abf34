/** A player without a screen: it walks straight to the coin. The same one runs over real networks and in the simulator. */
import type { Client, Received } from 'overworld'
import { coinRace, Direction } from './coin-race.ts'

type Board = Received<typeof coinRace.schema, 'board'>
type Direction = Received<typeof coinRace.schema, 'step'>['direction']

/** Plays until the race is over. `onOver` hears who has won. */
export function playRace(client: Client, name: string, onOver: (winner: string) => void): void {
  const room = client.app(coinRace)
  client.on('session', ({ zone }) => {
    // A session that was resumed may still be in the race; a new one is nowhere yet.
    if (zone === undefined) room.join({ name })
  })
  room.on('board', (board) => {
    const direction = directionToCoin(board, name)
    if (direction !== undefined) room.send('step', { direction })
  })
  room.on('winner', (winner) => onOver(winner.name))
  client.connect()
}

/** The next step of the player with this name; undefined: it is on the coin, or not on the board. */
export function directionToCoin({ coin_x, coin_y, players }: Board, name: string): Direction | undefined {
  const me = players.find((player) => player.name === name)
  if (me === undefined) return undefined
  if (me.x !== coin_x) return me.x < coin_x ? Direction.east : Direction.west
  if (me.y !== coin_y) return me.y < coin_y ? Direction.south : Direction.north
  return undefined
}
