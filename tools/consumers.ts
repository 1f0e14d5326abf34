/** Small programs that use the published package, one for each entry point: its types must compile with them. */

const SCHEMA = "import { chat, chatZone } from 'overworld/scenarios'\n"

export const CONSUMERS: Readonly<Record<string, string>> = {
  'core.ts': `${SCHEMA}import { Client, createServer, describeReport, type Clock, type Network, type Random } from 'overworld'
export function serve(clock: Clock, random: Random, network: Network): Client {
  const server = createServer({ clock, random, apps: [chat], onReport: (report) => console_.push(describeReport(report)) })
  server.zones.start(chatZone)
  server.listen(network, 'ws://127.0.0.1:4433/ws', { listening: (address) => console_.push(address) })
  for (const session of server.sessions) session.send(chat, 'channel_msg', { text: String(session.id) })
  const client = new Client({ clock, random, network, address: 'ws://127.0.0.1:4433/ws' })
  client.app(chat).on('channel_msg', ({ text = '' }) => console_.push(text))
  return client
}
const console_: string[] = []
`,
  'transports.ts': `import { enetNetwork, inProcessNetwork, systemClock, systemRandom, webSocketNetwork } from 'overworld/transports'
const clock = systemClock()
export const networks = [enetNetwork({ clock }), inProcessNetwork({ clock }), webSocketNetwork({ clock })]
export const drawn: number = systemRandom().uint32()
`,
  'client.ts': `${SCHEMA}import { createClient, nextMessage, whenConnected } from 'overworld/client'
export async function talk(): Promise<string | undefined> {
  const client = createClient({ address: 'ws://127.0.0.1:4433/ws' })
  await whenConnected(client)
  return (await nextMessage(client.app(chat), 'channel_msg')).text
}
`,
  'client-in-browser.ts': `import { browserWebSocketNetwork, createClient } from 'overworld/client'
import { systemClock } from 'overworld/transports'
const clock = systemClock()
createClient({ address: 'ws://127.0.0.1:4433/ws', clock, network: browserWebSocketNetwork({ clock, WebSocket }) })
`,
  'sim.ts': `${SCHEMA}import { simulate } from 'overworld/sim'
const world = simulate({ seed: 1, apps: [chat], zones: [chatZone] })
world.client('alice', { preset: '4g' }).connect()
world.advance(1_000)
export const fingerprint: string = world.fingerprint
`,
  'scenarios.ts': `import { defineSimulatedApp, runCampaign, runScenario, simulatedChat, NAMED_SCENARIOS } from 'overworld/scenarios'
export const results = NAMED_SCENARIOS.map((scenario) => runScenario(scenario, { apps: [simulatedChat] }).held)
export const held: boolean = runCampaign({ seed: 1, runs: 1, apps: [simulatedChat] }).held
export const define = defineSimulatedApp
`,
}
