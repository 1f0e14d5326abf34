/**
 * Real ENet datagrams to make hostile ones of: conversations of our own server and clients at wire level, both
 * directions, as the sockets were given them. Connects, joins, all deliveries on all channels, fragments,
 * retransmissions (the links lose some), a resume after a half-open connection, disconnects.
 */
import { Client, createServer, describeReport, type Connection, type Delivery, type Report } from '../../core/index.ts'
import { createGround, Host, TraceKind } from '../../sim/index.ts'
import { chat, chatZone } from '../apps/chat.ts'
import { Wire } from '../worlds/wire-world.ts'

const CHAT = 'enet://server:4483'
const ECHO = 'enet://server:4484'
const DELIVERIES: readonly Delivery['mode'][] = ['reliable', 'unreliable', 'unsequenced']
/** One byte, one datagram, two, many. */
const SIZES = [1, 200, 1500, 20_000] as const

/** The same for the same seed: some hundred datagrams. */
export async function recordEnetCorpus(seed: number): Promise<readonly Uint8Array[]> {
  const ground = createGround({ seed, storage: 'all' })
  const wire = new Wire(ground, { links: { delayMs: 10, jitterMs: 5, loss: 0.03 } })
  const host = (name: string): Host => new Host(ground, wire.network, { name })
  const reports: Report[] = []
  const [server, alice, bob] = [host('server'), host('alice'), host('bob')]
  server.boot((life) => {
    const { clock, network } = life
    const onReport = (report: Report): number => reports.push(report)
    const chatServer = createServer({ clock, random: life.random('server'), apps: [chat], onReport })
    chatServer.zones.start(chatZone)
    chatServer.listen(network, CHAT)
    network.listen(ECHO, (connection) => ({
      opened: () => undefined,
      message: (bytes, delivery) => connection.send(bytes, delivery),
      closed: () => undefined,
    }))
  })
  alice.boot((life) => {
    const { clock, network } = life
    const client = new Client({ clock, network, random: life.random('client'), address: CHAT })
    const room = client.app(chat)
    client.on('session', ({ zone }) => {
      if (zone === undefined) room.join({ handle: 'alice' })
    })
    const talk = (): void => {
      room.send('channel_msg', { text: 'to be mutated' })
      clock.setTimer(400, talk)
    }
    talk()
    client.connect()
    clock.setTimer(15_000, () => client.end())
  })
  bob.boot(({ clock, network }) => {
    const connection: Connection = network.connect(ECHO, {
      opened: () => {
        for (const size of SIZES) {
          for (const mode of DELIVERIES) {
            for (let channel = 0; channel < 4; channel++)
              connection.send(new Uint8Array(size).fill(size), { mode, channel })
          }
        }
      },
      message: () => undefined,
      closed: () => undefined,
    })
    clock.setTimer(8000, () => connection.close(4000))
  })
  await wire.advance(3000)
  for (const connection of wire.network.connectionsOf(alice)) connection.halfOpen()
  await wire.advance(15_000)
  if (reports.length > 0)
    throw new Error(`the server that is recorded reported: ${reports.map(describeReport).join('\n')}`)
  return ground.trace.records.filter(({ kind }) => kind === TraceKind.bytes).map(({ bytes }) => bytes)
}
