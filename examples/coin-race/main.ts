/** Starts a server and two players, one over WebSocket and one over ENet, and ends when one of them has won. */
import { createServer, describeReport, type Network } from 'overworld'
import { createClient } from 'overworld/client'
import { connectionIds, enetNetwork, systemClock, systemRandom, webSocketNetwork } from 'overworld/transports'
import { coinRace, raceZone } from './coin-race.ts'
import { playRace } from './runner.ts'

const clock = systemClock()
const options = { clock, nextConnectionId: connectionIds() }
const webSocket = webSocketNetwork(options)
const enet = enetNetwork(options)

const server = createServer({
  clock,
  random: systemRandom(),
  apps: [coinRace],
  onReport: (report) => console.error(describeReport(report)),
})
server.zones.start(raceZone)

const anna = createClient({ address: await listen(webSocket, 'ws://127.0.0.1:0/ws'), network: webSocket })
const ben = createClient({ address: await listen(enet, 'enet://127.0.0.1:0'), network: enet })

const winners = await Promise.all([
  new Promise<string>((resolve) => playRace(anna, 'anna', resolve)),
  new Promise<string>((resolve) => playRace(ben, 'ben', resolve)),
])
console.log(`anna saw ${winners[0]} win, ben saw ${winners[1]} win`)

anna.end()
ben.end()
await new Promise<void>((resolve) => server.stop(resolve))

/** Port 0 lets the system choose; the address that comes back has the real one. */
function listen(network: Network, address: string): Promise<string> {
  return new Promise((resolve, reject) => {
    server.listen(network, address, { listening: resolve, failed: reject })
  })
}
