/** Serves the chat and its page on one port: `node tools/run.js examples/browser-chat/main.ts`, then open two tabs. */
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer, describeReport } from 'overworld'
import { systemClock, systemRandom, webSocketNetwork } from 'overworld/transports'
import { bundlePage } from './bundle-page.ts'
import { chat } from './chat-app.ts'
import { chatZone } from './chat-zone.ts'

const page = readFileSync(new URL('page.html', import.meta.url))
const script = await bundlePage()

const http = createHttpServer((request, response) => {
  const path = (request.url ?? '').split('?', 1)[0]
  if (path === '/') response.writeHead(200, { 'Content-Type': 'text/html' }).end(page)
  else if (path === '/page.js') response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script)
  else response.writeHead(404).end()
})

const clock = systemClock()
const server = createServer({
  clock,
  random: systemRandom(),
  apps: [chat],
  onReport: (report) => console.error(describeReport(report)),
})
server.zones.start(chatZone)
server.listen(webSocketNetwork({ clock, server: http }), 'ws://localhost/ws')

http.listen(Number(process.argv[2] ?? 8080), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(http.address() as AddressInfo).port}`)
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    http.close()
    server.stop()
  })
}
