/** A chat server with a parrot in it. Talk to it: `npx --no-install overworld chat ws://127.0.0.1:4433`. */
import { createServer, describeReport } from 'overworld'
import { chat, chatZone } from 'overworld/scenarios'
import { systemClock, systemRandom, webSocketNetwork } from 'overworld/transports'
import { startParrot } from './npc.ts'

const port = process.argv[2] ?? '4433'
const clock = systemClock()
const server = createServer({
  clock,
  random: systemRandom(),
  apps: [chat],
  onReport: (report) => console.error(describeReport(report)),
})
server.zones.start(chatZone)
startParrot(server)
server.listen(webSocketNetwork({ clock }), `ws://127.0.0.1:${port}/ws`, {
  listening: (address) => console.log(`listening on ${address}`),
  failed: (error) => {
    console.error(error.message)
    process.exitCode = 1
    server.stop()
  },
})
process.once('SIGTERM', () => server.stop())
process.once('SIGINT', () => server.stop())
