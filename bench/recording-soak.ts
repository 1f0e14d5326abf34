/**
 * A production-like soak: 200 clients over both transports on real sockets talk, play, drop and come back for a while;
 * the server is recorded, and the recording replayed. Prints how much faster than it happened.
 *
 * `node tools/run.js bench/recording-soak.ts [seconds]` (default 300). Exit code 1 where the replay diverged.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { Client, createServer, type ServerProgram } from '../core/index.ts'
import type { Entry } from '../recording/index.ts'
import { arena, arenaZone } from '../scenarios/apps/arena.ts'
import { chat, chatZone } from '../scenarios/apps/chat.ts'
import { replay } from '../sim/index.ts'
import {
  connectionIds,
  enetNetwork,
  findRecordings,
  networkByScheme,
  RecordingFileReader,
  recordToFolder,
  systemClock,
  systemRandom,
  webSocketNetwork,
} from '../transports/index.ts'

const CLIENTS = 200
const seconds = Number(process.argv[2] ?? 300)
const folder = mkdtempSync(path.join(tmpdir(), 'overworld-soak-'))
const clock = systemClock()
const random = systemRandom()

const bound: Promise<string>[] = []
const program: ServerProgram = {
  apps: [chat, arena],
  boot({ clock: given, random: drawn, network, shell }) {
    const server = createServer({ clock: given, random: drawn, shell, apps: [chat, arena], onReport: console.error })
    server.zones.start(chatZone)
    server.zones.start(arenaZone)
    for (const address of ['ws://127.0.0.1:0/ws', 'enet://127.0.0.1:0']) {
      bound.push(
        new Promise((resolve, reject) => {
          server.listen(network, address, { listening: resolve, failed: reject })
        }),
      )
    }
    return server
  },
}

const { server, end } = recordToFolder(program, networks(), { folder, clock, random, onWarning: console.error })
const addresses = await Promise.all(bound)
const clients = Array.from({ length: CLIENTS }, (_, index) => startClient(index))
await wait(seconds * 1000)
for (const stop of clients) stop()
await wait(500)
const { sessionsResumedTotal, sessionsDisconnectedTotal, sessionsStartedTotal, messagesInTotal, messagesOutTotal } =
  server.stats()
await new Promise<void>((resolve) => server.stop(resolve))
await end('the soak is over')

const [source] = findRecordings(folder)
const files = source?.files ?? []
const megabytes = files.reduce((sum, file) => sum + statSync(file).size, 0) / 1e6
console.log(
  `${sessionsStartedTotal} sessions, ${sessionsDisconnectedTotal} disconnects, ${sessionsResumedTotal} resumes, ` +
    `${messagesInTotal} messages in, ${messagesOutTotal} out; ${megabytes.toFixed(1)} MB in ${files.length} files`,
)
const reader = new RecordingFileReader(files)
const started = performance.now()
const result = replay(entriesOf(reader), program)
const wallSeconds = (performance.now() - started) / 1000
console.log(
  `${result.inputs} inputs, ${result.outputs} outputs, ${result.identical ? 'identical' : 'DIVERGED'}; ` +
    `${result.recordedSeconds.toFixed(1)} s replayed in ${wallSeconds.toFixed(1)} s: ` +
    `${(result.recordedSeconds / wallSeconds).toFixed(1)} times as fast as it happened; ` +
    `${(process.memoryUsage().rss / 1e6).toFixed(0)} MB of memory`,
)
if (!result.identical) console.log(result.divergence)
rmSync(folder, { recursive: true })
process.exit(result.identical ? 0 : 1)

/** Returns what makes it leave. */
function startClient(index: number): () => void {
  const isChat = index % 2 === 0
  const address = addresses[index % 4 < 2 ? 0 : 1] ?? ''
  const client = new Client({ clock, random, network: networks(), address })
  client.on('session', () => {
    if (isChat) client.app(chat).join({ handle: `client ${index}` })
    else client.app(arena).join({ handle: `client ${index}` })
  })
  let seq = 0
  const acting = setInterval(
    () => {
      if (client.status.kind !== 'connected') return
      if (isChat) client.app(chat).send('channel_msg', { text: `message ${++seq} of client ${index}` })
      else client.app(arena).send('input', { seq: ++seq, dx: draw(11) - 5, dy: draw(11) - 5, fire: draw(4) === 0 })
    },
    isChat ? 4_000 : 1_000,
  )
  let isOver = false
  const live = async (): Promise<void> => {
    await wait(draw(3_000))
    while (!isOver) {
      client.connect()
      await wait(3_000 + draw(20_000))
      if (isOver) return
      // Now and then for longer than the grace, and now and then for good.
      if (draw(5) === 0) client.end()
      else client.disconnect()
      await wait(draw(7_000))
    }
  }
  void live()
  return () => {
    isOver = true
    clearInterval(acting)
    client.end()
  }
}

function networks(): ReturnType<typeof networkByScheme> {
  const shared = { clock, nextConnectionId: connectionIds(), onError: () => undefined }
  return networkByScheme({ ws: webSocketNetwork(shared), enet: enetNetwork(shared) })
}

function draw(limit: number): number {
  return random.uint32() % limit
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function* entriesOf(blocks: RecordingFileReader): Generator<Entry> {
  for (const { entries } of blocks.blocks()) yield* entries
}
