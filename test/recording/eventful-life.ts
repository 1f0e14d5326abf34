/**
 * A life of a server in which each kind of input, read, output and timer occurs: ticks, timers of the zone and of the
 * program, calls from outside, commands, a grace period that is over, one in which the client comes back, a drain.
 */
import {
  createServer,
  protocol,
  recordServer,
  type Network,
  type RecordedServer,
  type RecorderOptions,
  type Server,
  type ServerProgram,
} from 'overworld'
import { chat } from 'overworld/scenarios'
import { FakeConnection } from '../core/support/fake-connection.ts'
import { SeededRandom } from '../core/support/seeded-random.ts'
import { VirtualClock } from '../core/support/virtual-clock.ts'

const say = (text: string): ReturnType<typeof chat.broadcast> => chat.broadcast('channel_msg', { handle: 'zone', text })

const lobby = chat.defineZone<{ told: number }, { readonly n: number }>({
  tickMs: 400,
  init: () => ({ told: 0 }),
  handleTick: (zone) => (zone.frame % 5 === 0 ? say(`frame ${zone.frame}, ${zone.random.uint32()}`) : undefined),
  handleInfo: ({ n }, _zone, state) => say(`told ${(state.told += n)}`),
  handleJoin: (message, _session, zone) => {
    const hint = zone.setTimer(300, () => say(`hint ${zone.now()}`))
    if (message.handle === 'impatient') hint.cancel()
    return chat.broadcast('sync', { handles: [message.handle ?? ''] })
  },
  handleDisconnect: (session) => say(`${session.id} is away, ${String(session.gameData)}`),
  handleReconnect: (session) => say(`${session.id} is back`),
  handlePart: (_message, session, _zone, _state, reason) => say(`${session.id} has left: ${reason}`),
  rpc: { channel_msg: (message) => say(message.text ?? '') },
})

export const eventfulProgram: ServerProgram = {
  apps: [chat],
  boot({ clock, random, network, calls }) {
    const server = createServer({
      clock,
      random,
      calls,
      apps: [chat],
      onReport: () => undefined,
      disconnectTimeout: 2_000,
    })
    server.zones.start(lobby, { name: 'lobby' })
    server.listen(network, 'ws://127.0.0.1:1/ws')
    const reminder = clock.setTimer(700, () => {
      tell(server, 100)
      clock.setTimer(900, () => tell(server, 1_000))
    })
    const unwanted = clock.setTimer(300, () => tell(server, 1))
    if (random.uint32() >= 0) unwanted.cancel()
    // A timer that has fired is cancelled: nothing happens.
    clock.setTimer(1_000, () => reminder.cancel())
    return server
  },
  commands: {
    parrot(server, name: string) {
      const parrot = server.sessions.start({ proxy: { deliver: () => undefined, closed: () => undefined } })
      parrot.join(chat, { handle: name })
    },
  },
}

function tell(server: Server, n: number): void {
  const found = server.zones.find(chat, 'lobby') as unknown as { tell(message: object): void } | undefined
  found?.tell({ n })
}

export interface EventfulLife extends RecordedServer {
  readonly clock: VirtualClock
  readonly network: Network
  readonly chunks: Uint8Array[]
}

/** Records the life. The recording is in `chunks`: one file. */
export function liveEventfully(settings: Partial<RecorderOptions> = {}): EventfulLife {
  const clock = new VirtualClock()
  const accepts: Parameters<Network['listen']>[1][] = []
  const chunks: Uint8Array[] = []
  const network: Network = {
    listen(address, accept) {
      accepts.push(accept)
      return { address, close: (done) => void clock.setTimer(1, () => done?.()) }
    },
    connect: () => {
      throw new Error('this server dials nobody')
    },
  }
  const recorded = recordServer(eventfulProgram, network, {
    clock,
    random: new SeededRandom(4),
    recording: 'eventful',
    sink: { append: (bytes) => void chunks.push(bytes) },
    ...settings,
  })
  const { server, command } = recorded
  let connections = 0
  const dial = (token?: Uint8Array): FakeConnection => {
    const connection = new FakeConnection(clock, ++connections, `192.0.2.${connections}`)
    connection.handler = accepts[0]?.(connection)
    connection.open()
    connection.receive(protocol.codec.encode('session_request', token === undefined ? {} : { reconnect_token: token }))
    return connection
  }
  const join = (connection: FakeConnection, handle: string): void =>
    connection.receive(chat.codec.encode('join', { handle }))

  const [alice, bob] = [dial(), dial()]
  join(alice, 'alice')
  join(bob, 'impatient')
  clock.advance(500)
  alice.receive(chat.codec.encode('channel_msg', { text: 'a letter to my mother' }))
  bob.receive(Uint8Array.of(0, 9, 1))
  command('parrot', 'Polly')
  clock.advance(500)
  for (const session of server.sessions) session.gameData = `player ${session.id}`
  bob.bufferedBytes = 300_000
  tell(server, 7)
  clock.advance(100)
  bob.bufferedBytes = 0
  bob.handler?.drained?.()
  bob.handler?.alive?.()
  bob.handler?.ignored?.('text_frame')
  const token = server.sessions.get(2)?.token
  alice.breakOff()
  bob.breakOff()
  clock.advance(1_000)
  const again = dial(token)
  clock.advance(2_000)
  // Alice's grace period is over, and a stranger never asks for a session.
  const stranger = new FakeConnection(clock, ++connections, '192.0.2.77')
  stranger.handler = accepts[0]?.(stranger)
  stranger.open()
  clock.advance(200)
  again.receive(Uint8Array.of(0, 0, 0xff))
  clock.advance(500)
  server.drain(1_000)
  clock.advance(3_000)
  recorded.recorder.stop('the test is over')
  return { ...recorded, clock, network, chunks }
}
