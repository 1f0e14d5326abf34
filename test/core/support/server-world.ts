/** A real server whose clients are played by the test, message by message, on virtual time. */
import { onTestFinished } from 'vitest'
import { createServer, type Server, type ServerInit } from '../../../core/server.ts'
import type { AnyApp } from '../../../core/app/app.ts'
import { readPrefix } from '../../../core/app/codec.ts'
import type { PlainMessage } from '../../../core/app/plain.ts'
import type { Report } from '../../../core/report.ts'
import type { Session } from '../../../core/session/views.ts'
import { GAUGE_NAMES } from '../../../core/stats.ts'
import { protocol, PROTOCOL_PREFIX } from '../../../core/protocol.ts'
import { chat } from '../../../scenarios/apps/chat.ts'
import { arena } from '../../../scenarios/apps/arena.ts'
import { FakeConnection } from './fake-connection.ts'
import { SeededRandom } from './seeded-random.ts'
import { VirtualClock } from './virtual-clock.ts'

export type WorldOptions = Partial<Omit<ServerInit, 'clock' | 'random' | 'onReport'>> & {
  readonly seed?: number
  readonly clock?: VirtualClock
  /** Reports that are expected; any other fails the test. */
  readonly expectReports?: boolean
}

export class ServerWorld {
  readonly clock: VirtualClock
  readonly reports: Report[] = []
  readonly server: Server
  readonly apps: readonly AnyApp[]
  #connectionCount = 0

  constructor(options: WorldOptions = {}) {
    const { seed = 1, clock = new VirtualClock(), apps = [chat, arena], expectReports = false, ...rest } = options
    this.apps = apps
    this.clock = clock
    this.server = createServer({
      ...rest,
      clock: this.clock,
      random: new SeededRandom(seed),
      apps,
      onReport: (report) => {
        this.reports.push(report)
        if (expectReports || !('error' in report)) return
        // Thrown here, it would only be counted.
        onTestFinished(() => {
          throw report.error
        })
      },
    })
  }

  /** A client whose connection is open. */
  connect(remoteAddress = '192.0.2.1'): FakeClient {
    const connection = new FakeConnection(this.clock, ++this.#connectionCount, remoteAddress)
    connection.handler = this.server.accept(connection)
    connection.open()
    return new FakeClient(this, connection)
  }

  /** A client with a new session. */
  enter(remoteAddress?: string): FakeClient {
    const client = this.connect(remoteAddress)
    client.request()
    return client
  }

  gauges(): Readonly<Record<string, number>> {
    const stats = this.server.stats()
    return Object.fromEntries(GAUGE_NAMES.map((name) => [name, stats[name]]))
  }
}

export const NOTHING_LEFT: Readonly<Record<string, number>> = Object.fromEntries(GAUGE_NAMES.map((name) => [name, 0]))

/** A world for one test, which must end with every gauge at zero once it is stopped. */
export function startWorld(options: WorldOptions = {}): ServerWorld {
  const world = new ServerWorld(options)
  onTestFinished(() => {
    world.server.stop()
    world.clock.advance(1_000)
    const left = Object.entries(world.gauges()).filter(([, value]) => value !== 0)
    if (left.length > 0) throw new Error(`left over: ${JSON.stringify(left)}`)
    if (world.clock.size > 0) throw new Error(`${world.clock.size} timers are left over`)
  })
  return world
}

export interface HeardMessage {
  readonly at: number
  readonly type: string
  readonly message: PlainMessage
  readonly channel: number
  readonly mode: string
}

/** A client that does nothing by itself: no beacon is answered unless the test answers it. */
export class FakeClient {
  readonly connection: FakeConnection
  readonly #world: ServerWorld
  /** What was heard in the last `session_new`. */
  sessionId: number | undefined
  token: Uint8Array | undefined
  /** The id of the last beacon heard. */
  beacon = 0

  constructor(world: ServerWorld, connection: FakeConnection) {
    this.#world = world
    this.connection = connection
  }

  /** The server's record of the session that this client was told of. */
  get session(): Session {
    const session = this.sessionId === undefined ? undefined : this.#world.server.sessions.get(this.sessionId)
    if (session === undefined) throw new Error('this client has no session, or it is gone')
    return session
  }

  say(app: AnyApp, type: string, message: object): void {
    this.connection.receive(app.codec.encode(type, message))
  }

  /** Requests a session; `session_new` and everything before it are taken in. */
  request(token?: Uint8Array, attempt?: number): readonly HeardMessage[] {
    this.say(protocol, 'session_request', {
      ...(token === undefined ? {} : { reconnect_token: token }),
      ...(attempt === undefined ? {} : { attempt }),
    })
    return this.hear()
  }

  /** Answers a beacon; default: the last one heard. */
  ping(id = this.beacon): void {
    this.say(protocol, 'session_ping', { id })
  }

  /** Answers every beacon that has been heard. */
  answerBeacons(): void {
    for (const { type, message } of this.hear()) if (type === 'session_beacon') this.ping(message['id'] as number)
  }

  /** What has been sent to it since the last time. */
  hear(): readonly HeardMessage[] {
    return this.connection.take().map(({ at, bytes, delivery }) => {
      const prefix = readPrefix(bytes)
      const app = prefix === PROTOCOL_PREFIX ? protocol : this.#world.apps.find((other) => other.prefix === prefix)
      const decoded = app?.codec.decode(bytes)
      if (decoded === undefined || typeof decoded === 'string') throw new Error(`the server sent nonsense: ${decoded}`)
      if (decoded.type === 'session_new') {
        this.sessionId = decoded.message['id'] as number
        this.token = decoded.message['reconnect_token'] as Uint8Array
      }
      if (decoded.type === 'session_beacon') this.beacon = decoded.message['id'] as number
      return { at, ...decoded, channel: delivery.channel, mode: delivery.mode }
    })
  }

  /** The types of what was heard, for short expectations. */
  hearTypes(): readonly string[] {
    return this.hear().map(({ type }) => type)
  }

  /** The connection breaks, or the client closes it. */
  close(code = 1006): void {
    this.connection.breakOff(code)
  }
}
