/** Captures that tcpdump really took of real clients on loopback, next to what the server itself recorded meanwhile. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client, createServer, type Connection, type Server, type ServerProgram } from 'overworld'
import { chat, chatZone } from 'overworld/scenarios'
import {
  connectionIds,
  enetNetwork,
  findRecordings,
  networkByScheme,
  recordToFolder,
  systemClock,
  systemRandom,
  webSocketNetwork,
} from 'overworld/transports'
import { afterAll, describe, expect, it, vi } from 'vitest'
import WebSocket from 'ws'
import { conversationsOf, entriesIn, type Conversation } from '../capture/conversations.ts'
import { lastJson } from '../cli/support/command.ts'
import { inProcess } from '../cli/support/in-process.ts'
import { capture, missingForCaptures, TCPDUMP, TSHARK_ANY } from './capture-tools.ts'
import { LossyProxy } from './lossy-proxy.ts'

const missing = missingForCaptures('tcpdump')
if (missing !== undefined) console.log(`skipped: ${missing}`)
const missingTshark = missing ?? missingForCaptures('tshark')

const base = mkdtempSync(path.join(tmpdir(), 'overworld-capture-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

const clock = systemClock()
/** The server refuses it before it is a message; on the wire it is one. */
const TOO_LONG = 200_000
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** For what takes a moment on a quiet machine. */
const PATIENCE = { timeout: 120_000 }

/** So many connections are open. */
async function open(server: Server, connections: number): Promise<void> {
  await vi.waitFor(() => expect(server.stats().connections).toBe(connections), PATIENCE)
}

interface Result {
  readonly connections: { readonly websocket: number; readonly enet: number }
  readonly findings: readonly { readonly kind: string; readonly count: number }[]
  readonly files: readonly string[]
}

interface Recorded {
  readonly folder: string
  readonly capture: string
  readonly ports: readonly [ws: string, enet: string]
}

/** Records a server, and captures what goes over the wire, while `talk` happens. */
async function recordAndCapture(
  name: string,
  talk: (ws: string, enet: string, server: Server) => Promise<void>,
  command: readonly string[] = TCPDUMP,
): Promise<Recorded> {
  const shared = { clock, nextConnectionId: connectionIds(), onError: () => undefined }
  const network = networkByScheme({ ws: webSocketNetwork(shared), enet: enetNetwork(shared) })
  const bound: Promise<string>[] = []
  const program: ServerProgram = {
    apps: [chat],
    boot(parts) {
      const server = createServer({ ...parts, apps: [chat], onReport: () => undefined })
      server.zones.start(chatZone)
      for (const address of ['ws://127.0.0.1:0/ws', 'enet://127.0.0.1:0']) {
        bound.push(new Promise((listening, failed) => server.listen(parts.network, address, { listening, failed })))
      }
      return server
    },
  }
  const folder = path.join(base, `${name}-recorded`)
  const recording = recordToFolder(program, network, { folder, clock, random: systemRandom() })
  const [ws = '', enet = ''] = await Promise.all(bound)
  const ports = [new URL(ws).port, new URL(enet).port] as const
  const file = path.join(base, `${name}.pcap`)
  const capturing = await capture(file, `tcp port ${ports[0]} or udp port ${ports[1]}`, command)
  await talk(ws, enet, recording.server)
  await new Promise<void>((resolve) => recording.server.stop(resolve))
  await wait(200)
  await recording.end()
  await capturing.end()
  return { folder, capture: file, ports }
}

async function importIt({ capture: file, ports }: Recorded): Promise<Result> {
  const out = `${file}.owrec`
  const args = ['import', file, '--ws-port', ports[0], '--enet-port', ports[1], '--out', out, '--json']
  const finished = await inProcess(args)
  expect(finished).toMatchObject({ code: 0 })
  return lastJson<Result>(finished)
}

function compare(
  { folder }: Recorded,
  { files }: Result,
  isCompared: (heard: string) => boolean = isTakenByServer,
): readonly Conversation[] {
  const recorded = conversationsOf(entriesIn(findRecordings(folder).flatMap((source) => source.files)))
  const imported = conversationsOf(entriesIn(files))
  for (const transport of ['websocket', 'enet']) {
    const [expected = [], found = []] = [recorded, imported].map((all) =>
      all.filter((each) => each.transport === transport),
    )
    const [wanted, got] = [expected, found].map((all) => all.map(({ heard }) => heard.filter(isCompared)))
    expect(got).toEqual(wanted)
    for (const [index, { said, address }] of found.entries()) {
      expect(address).toBe(expected[index]?.address)
      // What a server says to a client that is just leaving may never have left itself.
      expect(said).toEqual(expected[index]?.said.slice(0, said.length))
      expect(said.length).toBeGreaterThan((expected[index]?.said.length ?? 0) - 5)
    }
  }
  return imported
}

function isTakenByServer(heard: string): boolean {
  return !heard.includes(`(${TOO_LONG} bytes`)
}

function clientOf(address: string): Client {
  const network = address.startsWith('ws:') ? webSocketNetwork({ clock }) : enetNetwork({ clock })
  return new Client({ clock, random: systemRandom(), network, address })
}

describe.skipIf(missing !== undefined)('what tcpdump took on loopback', () => {
  it('is imported as what the server itself recorded: clients that talk, leave, come back and end', async () => {
    const recorded = await recordAndCapture('clients', async (ws, enet, server) => {
      const heard: string[] = []
      const clients = [ws, enet, ws, enet].map((address, index) => {
        const client = clientOf(address)
        client.on('session', () => {
          client.app(chat).join({ handle: `client ${index}` })
          client.app(chat).send('channel_msg', { text: `hello from ${index}` })
        })
        client.app(chat).on('channel_msg', ({ text = '' }) => void heard.push(text))
        client.connect()
        return client
      })
      await vi.waitFor(() => expect(new Set(heard).size).toBe(4), PATIENCE)
      clients[0]?.app(chat).send('channel_msg', { text: 'x'.repeat(40_000) })
      clients[1]?.app(chat).send('channel_msg', { text: 'y'.repeat(40_000) })
      await vi.waitFor(() => expect(heard.filter((text) => text.length === 4_096).length).toBe(8), PATIENCE)
      // These two come back with their tokens.
      for (const client of clients.slice(0, 2)) client.disconnect()
      await open(server, 2)
      for (const client of clients.slice(0, 2)) client.connect()
      await vi.waitFor(
        () => expect(clients.map(({ status }) => status.kind)).toEqual(Array(4).fill('connected')),
        PATIENCE,
      )
      // And the beacons of a second.
      await wait(1_200)
      for (const client of clients.slice(1)) client.end()
      await open(server, 1)
    })
    const result = await importIt(recorded)
    const imported = compare(recorded, result)
    expect(result.connections).toEqual({ websocket: 3, enet: 3 })
    expect(imported.flatMap(({ heard }) => heard.filter((text) => text.startsWith('closed')))).toContain('closed 4000')
  })

  it('frames in fragments, pings, texts and every way to close, as a client of another kind sends them', async () => {
    const recorded = await recordAndCapture('frames', async (ws, _, server) => {
      const talks: readonly ((socket: WebSocket) => void)[] = [
        (socket) => {
          socket.send(Uint8Array.of(0, 100), { fin: false })
          socket.ping('in between')
          socket.send(Uint8Array.of(10), { fin: false })
          socket.send(Uint8Array.of(0), { fin: true })
          socket.send('a text')
          socket.send(Uint8Array.of(0, 100, 10, 2, 16, 1))
          setTimeout(() => socket.close(4000, 'enough'), 300)
        },
        (socket) => socket.close(),
        (socket) => socket.close(1000, 'bye'),
        (socket) => socket.terminate(),
        (socket) => socket.send(Uint8Array.of(0)),
        (socket) => socket.send(new Uint8Array(TOO_LONG)),
        (socket) => socket.send(Uint8Array.of(9, 9, 1)),
      ]
      for (const [index, talk] of talks.entries()) {
        const socket = new WebSocket(ws, { perMessageDeflate: false })
        socket.on('error', () => undefined)
        await new Promise((resolve) => socket.on('open', resolve))
        talk(socket)
        // The last of them stays.
        await open(server, index === talks.length - 1 ? 1 : 0)
      }
      await vi.waitFor(() => expect(server.stats().unknownPrefixTotal).toBe(1), PATIENCE)
      await fetch(ws.replace('ws:', 'http:').replace('/ws', '/elsewhere'))
    })
    const result = await importIt(recorded)
    const imported = compare(recorded, result)
    expect(imported.map(({ heard }) => heard.at(-1))).toEqual([
      'closed 4000',
      'closed 1006',
      'closed 1000',
      'closed 1006',
      'closed 4506',
      'closed 1009',
      'closed 4011',
    ])
    // A busy machine sends a segment again.
    expect(result.findings.map(({ kind }) => kind).filter((kind) => kind !== 'tcp_repeated')).toEqual([
      'http_requests',
      'text_frames',
    ])
  })

  it('ENet in all its deliveries, on all channels, and in fragments', async () => {
    const recorded = await recordAndCapture('deliveries', async (_, enet, server) => {
      const network = enetNetwork({ clock })
      const connection = await new Promise<Connection>((resolve) => {
        const dialled = network.connect(enet, {
          opened: () => resolve(dialled),
          message: () => undefined,
          closed: () => undefined,
        })
      })
      for (let index = 0; index < 60; index++) {
        const mode = (['reliable', 'unreliable', 'unsequenced'] as const)[index % 3] ?? 'reliable'
        const message = new Uint8Array(index % 7 === 0 ? 5_000 : 20).fill(index)
        connection.send(Uint8Array.of(9, 9, ...message), { mode, channel: index % 4 })
        if (index % 10 === 9) await wait(20)
      }
      await vi.waitFor(() => expect(connection.bufferedBytes).toBe(0), PATIENCE)
      connection.close(4000)
      await open(server, 0)
    })
    const result = await importIt(recorded)
    const [only] = compare(recorded, result)
    // ENet itself may leave out what is not reliable.
    const reliable = only?.heard.filter((text) => text.startsWith('message reliable')) ?? []
    expect(reliable.length).toBe(20)
    expect(only?.heard.filter((text) => / un(reliable|sequenced) /.test(text)).length).toBeGreaterThan(10)
    expect(result.findings.map(({ kind }) => kind).filter((kind) => kind !== 'enet_late')).toEqual([])
  })

  it('ENet over a network that loses and delays: what was sent again is heard once', async () => {
    const recorded = await recordAndCapture('lossy', async (_, enet) => {
      const proxy = new LossyProxy(Number(new URL(enet).port), { loss: 0.15, delayMs: 30 })
      const client = clientOf(`enet://127.0.0.1:${await proxy.open()}`)
      const heard = new Set<string>()
      client.on('session', () => client.app(chat).join({ handle: 'lossy' }))
      client.app(chat).on('channel_msg', ({ text = '' }) => void heard.add(text))
      client.connect()
      await vi.waitFor(() => expect(client.status.kind).toBe('connected'), PATIENCE)
      for (let number = 0; number < 60; number++) {
        client.app(chat).send('channel_msg', { text: `number ${number}${number % 9 === 0 ? '.'.repeat(4_000) : ''}` })
        await wait(20)
      }
      // ENet may stall until the client gives the connection up and comes back; what was lost then is not said again.
      for (let tries = 0; tries < 150 && !heard.has('the end'); tries++) {
        client.app(chat).send('channel_msg', { text: 'the end' })
        await wait(200)
      }
      expect(heard).toContain('the end')
      client.end()
      await wait(1_500)
      proxy.close()
    })
    const result = await importIt(recorded)
    // Where both sides give a connection up at a time, each has a code of its own.
    compare(recorded, result, (heard) => !heard.startsWith('closed'))
    expect(result.findings.find(({ kind }) => kind === 'enet_repeated')?.count).toBeGreaterThan(5)
    expect(result.findings.filter(({ kind }) => kind === 'enet_missing')).toEqual([])
  })

  it('cut short, names what is missing and has the rest', async () => {
    const recorded = await recordAndCapture('cut', chatALittle, [...TCPDUMP, '-s', '120'])
    const result = await importIt(recorded)
    const kinds = result.findings.map(({ kind }) => kind)
    for (const kind of ['packets_cut', 'tcp_missing', 'enet_missing']) expect(kinds).toContain(kind)
    const imported = conversationsOf(entriesIn(result.files))
    expect(imported.map(({ heard }) => heard.at(-1))).toEqual(['closed 4000', 'closed 4000'])
    const said = imported.flatMap((conversation) => conversation.said)
    expect(said.filter((text) => text.startsWith('sent reliable 0 006412')).length).toBe(2)
  })

  it.skipIf(missingTshark !== undefined)(
    'is imported as what was recorded also where tshark took it, on all interfaces, as pcapng',
    async () => {
      const recorded = await recordAndCapture('tshark', chatALittle, TSHARK_ANY)
      compare(recorded, await importIt(recorded))
    },
  )
})

/** One client over each transport says something short and something long, and ends. */
async function chatALittle(ws: string, enet: string, server: Server): Promise<void> {
  for (const address of [ws, enet]) {
    const client = clientOf(address)
    const heard: string[] = []
    client.app(chat).on('channel_msg', ({ text = '' }) => void heard.push(text))
    client.on('session', () => {
      client.app(chat).join({ handle: 'somebody' })
      client.app(chat).send('channel_msg', { text: 'short' })
      client.app(chat).send('channel_msg', { text: 'long'.repeat(1_000) })
    })
    client.connect()
    await vi.waitFor(() => expect(heard.length).toBe(2), PATIENCE)
    client.end()
    await open(server, 0)
  }
}
