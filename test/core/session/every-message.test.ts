/**
 * Everything that a peer can do, in every status of its session, in all orders of three: it never comes to a pair of status
 * and event that the table does not have.
 */
import { expect, test } from 'vitest'
import { CloseCode } from '../../../core/close-codes.ts'
import { protocol } from '../../../core/protocol.ts'
import { chat } from '../../../scenarios/apps/chat.ts'
import { journalZone } from '../support/journal-zone.ts'
import { NOTHING_LEFT, ServerWorld, type FakeClient } from '../support/server-world.ts'

interface Scene {
  readonly world: ServerWorld
  readonly client: FakeClient
  /** Tokens by what became of their session. */
  readonly tokens: Readonly<Record<'connected' | 'disconnected' | 'gone' | 'own' | 'previous', Uint8Array | undefined>>
}

type Deed = (scene: Scene) => void

const request =
  (token: keyof Scene['tokens'], attempt?: number): Deed =>
  ({ client, tokens }) =>
    client.request(tokens[token] ?? new Uint8Array(24), attempt)

const receive =
  (...bytes: readonly number[]): Deed =>
  ({ client }) =>
    client.connection.receive(Uint8Array.from(bytes))

const DEEDS: ReadonlyMap<string, Deed> = new Map<string, Deed>([
  ['a request', ({ client }) => client.request()],
  ['its own token', request('own')],
  ['its token before', request('previous')],
  ['the token of a connected session', request('connected', 9)],
  ['a late one of it', request('connected', 1)],
  ['the token of a disconnected session', request('disconnected')],
  ['the token of a session that is gone', request('gone')],
  ['an answer to a beacon', ({ client }) => client.ping()],
  ['an answer to none', ({ client }) => client.ping(77)],
  ['a join', ({ client }) => client.say(chat, 'join', {})],
  ['a part', ({ client }) => client.say(chat, 'part', {})],
  ['an rpc', ({ client }) => client.say(chat, 'channel_msg', { text: 'hi' })],
  ["a server's message", ({ client }) => client.say(protocol, 'session_pong', { latency: 1 })],
  ['an unknown prefix', receive(9, 9, 1)],
  ['an empty message', receive(0, 100)],
  ['a malformed message', receive(1)],
  ['an oversized message', ({ client }) => client.connection.receive(new Uint8Array(BYTES_MAX + 1))],
  ['a text frame', ({ client }) => client.connection.handler?.ignored?.('text_frame')],
  ['a sign of life', ({ client }) => client.connection.handler?.alive?.()],
  ['no reading', ({ client }) => (client.connection.bufferedBytes = 2 ** 21)],
  ['a close', ({ client }) => client.close()],
  ['an end', ({ client }) => client.close(CloseCode.ended)],
])

const BYTES_MAX = 100

/** What the server has done to the connection, and the session of it, before the peer begins. */
const BEGINNINGS: ReadonlyMap<string, Deed> = new Map<string, Deed>([
  ['preconnect', () => undefined],
  ['connected', ({ client }) => client.request()],
  [
    'connected, in a zone',
    ({ client }) => {
      client.request()
      client.say(chat, 'join', {})
    },
  ],
  [
    'connected, resumed and not proven',
    ({ client, tokens }) => {
      client.request(tokens.previous)
    },
  ],
  [
    'connected over another connection',
    ({ world, client }) => {
      client.request()
      world.connect().request(client.token)
    },
  ],
  [
    'disconnected',
    ({ client }) => {
      client.request()
      client.session.disconnect()
    },
  ],
  [
    'gone',
    ({ client }) => {
      client.request()
      client.session.stop()
    },
  ],
])

test.each([...BEGINNINGS.keys()])(
  '%s: all orders of three',
  (beginning) => {
    const deeds = [...DEEDS]
    const found: string[] = []
    for (const first of deeds)
      for (const second of deeds)
        for (const third of deeds) {
          const wrong = play(beginning, [first[1], second[1], third[1]])
          if (wrong !== undefined) found.push(`${first[0]}, ${second[0]}, ${third[0]}: ${wrong}`)
        }
    expect(found.slice(0, 10)).toEqual([])
  },
  120_000,
)

/** What went wrong. */
function play(beginning: string, deeds: readonly Deed[]): string | undefined {
  const scene = setUp()
  BEGINNINGS.get(beginning)?.(scene)
  for (const deed of deeds) deed({ ...scene, tokens: { ...scene.tokens, own: scene.client.token } })
  const { world } = scene
  const internal = world.reports.find(({ kind }) => kind === 'internal')
  world.server.stop()
  world.clock.advance(1_000)
  if (internal !== undefined && 'error' in internal) return String(internal.error)
  if (scene.client.connection.closedWith === CloseCode.trouble) return 'closed with 4012'
  const gauges = world.gauges()
  const left = Object.keys(NOTHING_LEFT).filter((name) => gauges[name] !== 0)
  return left.length === 0 ? undefined : `left over: ${left.join()}`
}

function setUp(): Scene {
  const world = new ServerWorld({ expectReports: true, limits: { messageBytes: BYTES_MAX } })
  world.server.zones.start(journalZone([]))
  const [connected, disconnected, gone, previous] = [world.connect(), world.connect(), world.connect(), world.connect()]
  connected.request(undefined, 5)
  disconnected.request()
  disconnected.close()
  gone.request()
  gone.close(CloseCode.ended)
  previous.request()
  const tokenBefore = previous.token
  previous.close()
  const client = world.connect()
  return {
    world,
    client,
    tokens: {
      connected: connected.token,
      disconnected: disconnected.token,
      gone: gone.token,
      previous: tokenBefore,
      own: undefined,
    },
  }
}
