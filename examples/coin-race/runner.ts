/** A player without a screen: it walks straight to the coin. The same one runs over real networks and in the simulator. */
import type { Client } from 'overworld'
import { coinRace, Direction } from './coin-race.ts'

/** Plays until the race is over. `onOver` hears who has won. */
export function playRace(client: Client, name: string, onOver: (winner: string) => void): void {
  const room = client.app(coinRace)
  client.on('session', ({ zone }) => {
    // A session that was resumed may still be in the race; a new one is nowhere yet.
    if (zone === undefined) room.join({ name })
  })
  room.on('board', ({ coin_x, coin_y, players }) => {
    const me = players.find((player) => player.name === name)
    if (me === undefined) return
    if (me.x !== coin_x) room.send('step', { direction: me.x < coin_x ? Direction.east : Direction.west })
    else if (me.y !== coin_y) room.send('step', { direction: me.y < coin_y ? Direction.south : Direction.north })
  })
  room.on('winner', (winner) => onOver(winner.name))
  client.connect()
}
