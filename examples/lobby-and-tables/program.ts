/**
 * The server: a lobby, three tables, a dealer at each. The same module is run in production, in tests and by the fuzzer:
 * it takes clock, randomness, network and addresses as it is given them.
 */
import { createServer, type ServerProgram } from 'overworld'
import { lobbyApp, tableApp } from './apps.ts'
import { startDealer } from './dealer.ts'
import { lobbyZone } from './lobby-zone.ts'
import { tableZone } from './table-zone.ts'

export const TABLES: readonly string[] = ['oak', 'elm', 'ash']

const apps = [lobbyApp, tableApp]

const program: ServerProgram = {
  apps,
  boot({ clock, random, network, addresses, shell }) {
    const server = createServer({ clock, random, shell, apps })
    const lobby = server.zones.start(lobbyZone)
    for (const name of TABLES) {
      const table = server.zones.start(tableZone, { name })
      table.tell({ lobby })
      startDealer(server, table)
    }
    server.zones.route(tableApp, ({ table }) => server.zones.find(tableApp, table))
    for (const address of addresses) server.listen(network, address)
    return server
  },
}

export default program
