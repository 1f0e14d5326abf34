/**
 * A game server inside an Express app: one port for pages, the game's WebSocket and the health and metrics pages. The
 * app goes on to own its HTTP server; Overworld only takes the upgrades on its path.
 */
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { createServer, describeReport } from 'overworld'
import { arena, arenaZone } from 'overworld/scenarios'
import { httpEndpoints, systemClock, systemRandom, webSocketNetwork } from 'overworld/transports'

const app = express()
const http = createHttpServer(app)

const clock = systemClock()
const server = createServer({
  clock,
  random: systemRandom(),
  apps: [arena],
  onReport: (report) => console.error(describeReport(report)),
})
server.zones.start(arenaZone)
// Host and port of this address are not used: where `http` listens is decided below.
server.listen(webSocketNetwork({ clock, server: http }), 'ws://localhost/game')

const endpoints = httpEndpoints({ stats: () => server.stats() })
app.use((request, response, next) => {
  if (!endpoints(request, response)) next()
})
app.get('/', (_request, response) => {
  response.send(`${server.stats().zoneMembers} in the arena`)
})

http.listen(Number(process.argv[2] ?? 3000), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(http.address() as AddressInfo).port}`)
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    http.close()
    // Sessions may go on for up to five seconds; no new ones come in.
    server.drain(5_000)
  })
}
