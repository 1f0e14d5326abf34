/** A server whose caller passes no `failed`: `node tools/run.js test/transports/listening-program.ts ADDRESS`. */
import process from 'node:process'
import { createServer } from 'overworld'
import { enetNetwork, inProcessNetwork, systemClock, systemRandom, webSocketNetwork } from 'overworld/transports'

const [address = ''] = process.argv.slice(2)
const clock = systemClock()
const server = createServer({
  clock,
  random: systemRandom(),
  apps: [],
  onReport: (report) => console.log('REPORT', report.kind, address),
})
const inProcess = inProcessNetwork({ clock })
const handler = { opened: () => undefined, message: () => undefined, closed: () => undefined }
if (address.startsWith('inprocess:')) inProcess.listen(address, () => handler, { failed: () => undefined })
const networks = [webSocketNetwork({ clock }), enetNetwork({ clock }), inProcess]
const network = networks[['ws:', 'enet:', 'inprocess:'].indexOf(new URL(address).protocol)]
if (network !== undefined) server.listen(network, address)
// A process that goes on would end with 0.
setTimeout(() => undefined, 20_000)
