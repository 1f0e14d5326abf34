/**
 * The dealer of a table: a session without a connection, which is a member of the table and hears what the players hear. It
 * deals when two players are here and no round is being played.
 */
import type { Received, Server, Session } from 'overworld'
import { tableApp } from './apps.ts'
import { DEALER, type TableZone } from './table-zone.ts'

/** Others may sit down meanwhile. */
const SHUFFLING_MS = 3_000

type Seats = Received<typeof tableApp.schema, 'seats'>

export function startDealer(server: Server, table: TableZone): Session {
  let isShuffling = false
  const dealer = server.sessions.start({
    gameData: DEALER,
    proxy: {
      deliver(type, message) {
        if (type !== 'seats' || isShuffling || !wantsToPlay(message as Seats)) return
        isShuffling = true
        table.setTimer(SHUFFLING_MS, () => {
          isShuffling = false
          // The table deals only if there are still enough players.
          dealer.rpc(tableApp, 'deal', {})
        })
      },
      closed: () => undefined,
    },
  })
  dealer.join(tableApp, { name: 'dealer', table: table.name }, table)
  return dealer
}

function wantsToPlay({ is_waiting, seats }: Seats): boolean {
  return is_waiting && seats.filter((seat) => seat.is_here).length >= 2
}
