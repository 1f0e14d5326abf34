/**
 * The server: a lobby, three tables, a dealer at each. The same module is run in production, in tests and by the fuzzer:
 * it takes clock, randomness, network and addresses as it is given them.
 */
import {
  createServer,
  describeReport,
  type ProgramParts,
  type Report,
  type Server,
  type ServerProgram,
} from 'overworld'
import { lobbyApp, tableApp } from './apps.ts'
import { startDealer } from './dealer.ts'
import { lobbyZone } from './lobby-zone.ts'
import { tableZone } from './table-zone.ts'

export const TABLES: readonly string[] = ['oak', 'elm', 'ash']

const apps = [lobbyApp, tableApp]

const program: ServerProgram = {
  apps,
  boot: (parts) => bootAt(['ws://127.0.0.1:4433/ws', 'enet://127.0.0.1:4483'], parts),
}

export function bootAt(addresses: readonly string[], { clock, random, network, shell }: ProgramParts): Server {
  const onReport = (report: Report): void => console.error(describeReport(report))
  const server = createServer({ clock, random, shell, apps, onReport })
  const lobby = server.zones.start(lobbyZone)
  for (const name of TABLES) {
    const table = server.zones.start(tableZone, { name })
    table.tell({ lobby })
    startDealer(server, table)
  }
  server.zones.route(tableApp, ({ table }) => server.zones.find(tableApp, table))
  for (const address of addresses) server.listen(network, address)
  return server
}

export default program
