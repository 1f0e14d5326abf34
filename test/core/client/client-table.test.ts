/** The client's table: each pair of a state and an event is a row, is ignored for a reason, or fails an assertion. */
import { describe, expect, test } from 'vitest'
import { Client } from '../../../core/client/client.ts'
import { CLIENT_IGNORED, CLIENT_STATES, CLIENT_TRANSITIONS, STATUS_OF } from '../../../core/client/client-table.ts'
import type { ClientState } from '../../../core/client/client-words.ts'
import { CloseCode } from '../../../core/close-codes.ts'
import { encodeBeacon, encodeDenied, encodePong, encodeSessionNew, protocol } from '../../../core/protocol.ts'
import { chat } from '../../../scenarios/apps/chat.ts'
import { startClient, type ClientWorld } from '../support/client-world.ts'
import { Dial, FakeNetwork } from '../support/fake-network.ts'
import { SeededRandom } from '../support/seeded-random.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const token = (n: number): Uint8Array => Dial.token(n)
const EVENTS = [...new Set(CLIENT_TRANSITIONS.map(({ on }) => on)), 'stale_link', 'stale_timer', 'wake_called']

describe('the table', () => {
  test('has each pair at most once, as a row or as ignored with a reason', () => {
    const pairs = [
      ...CLIENT_TRANSITIONS.map(({ from, on }) => `${from} ${on}`),
      ...CLIENT_IGNORED.map((each) => `${each.in} ${each.on}`),
    ]
    expect(pairs.filter((each, index) => pairs.indexOf(each) !== index)).toEqual([])
    expect(CLIENT_IGNORED.filter(({ because }) => !/^[A-Z].{20,}\.$/.test(because))).toEqual([])
  })

  test('leads from idle to every state, and from every state to idle and to ended', () => {
    const reached = new Set<ClientState>(['idle'])
    for (const state of reached) {
      for (const { from, to } of CLIENT_TRANSITIONS) if (from === state) reached.add(to)
    }
    expect([...reached].sort()).toEqual([...CLIENT_STATES].sort())
    for (const on of ['connect_called', 'disconnect_called', 'end_called'] as const) {
      expect(CLIENT_TRANSITIONS.filter((each) => each.on === on)).toHaveLength(CLIENT_STATES.length)
    }
  })

  test('lets go of timers and connections wherever it leads to a state that has none', () => {
    const has = (state: ClientState): readonly string[] => {
      if (state === 'waiting') return ['stop_retry_timer']
      const status = STATUS_OF[state]
      if (status === 'connecting') return ['stop_connect_timer', 'close_connection']
      return status === 'connected' ? ['stop_liveness', 'stop_sign', 'close_connection'] : []
    }
    for (const { from, on, to, effects } of CLIENT_TRANSITIONS) {
      if (on === 'no_timer' || (to !== 'idle' && to !== 'ended')) continue
      expect(effects).toEqual(expect.arrayContaining([...has(from), 'unwatch_store', 'tell_status']))
    }
  })

  test('has a close code wherever a connection is closed', () => {
    const lacking = CLIENT_TRANSITIONS.filter(({ effects, closes, closesLeft }) => {
      const closesNothing = effects.includes('close_connection') && closes === undefined
      return closesNothing || (effects.includes('close_left') && closesLeft === undefined)
    })
    expect(lacking).toEqual([])
  })
})

/** How a client gets into each state. */
const ways: Readonly<Record<ClientState, (world: ClientWorld) => void>> = {
  idle: ({ client }) => {
    client.connect()
    client.disconnect()
  },
  dialled: ({ client }) => client.connect(),
  requested: ({ client, network }) => {
    client.connect()
    network.last.open()
  },
  assigned: ({ client, network }) => {
    client.connect()
    network.last.open()
    network.last.sessionNewAlone(1, token(1))
  },
  connected: ({ client, network }) => {
    client.connect()
    network.last.establish(1, token(1))
  },
  reassigned: (world) => {
    ways.connected(world)
    world.network.last.sessionNewAlone(2, token(2))
  },
  switching_dialled: (world) => {
    ways.connected(world)
    world.client.connect()
  },
  switching_requested: (world) => {
    ways.switching_dialled(world)
    world.network.last.open()
  },
  waiting: (world) => {
    ways.connected(world)
    world.network.last.breakOff()
  },
  ended: (world) => {
    ways.connected(world)
    world.client.end()
  },
}

/** Everything that a server can send: each message of the protocol, of an app, and what cannot be decoded. */
const MESSAGES: Readonly<Record<string, Uint8Array>> = {
  'session_new 1': encodeSessionNew(1, token(7)).bytes,
  'session_new 2': encodeSessionNew(2, token(8)).bytes,
  session_state: protocol.codec.encode('session_state', { zone_app: 0, zone: 'hall', skewed: [0] }),
  session_beacon: encodeBeacon(3).bytes,
  session_pong: encodePong(4).bytes,
  'session_denied bad_token': encodeDenied('bad_token').bytes,
  'session_denied no_zone': encodeDenied('no_zone').bytes,
  'session_denied, unknown reason': Uint8Array.of(0, 100, 0x32, 2, 8, 7),
  'session_request, which servers do not send': protocol.codec.encode('session_request', {}),
  'a message of a later protocol': Uint8Array.of(0, 100, 0x7a, 0),
  'malformed protocol': Uint8Array.of(0, 100, 0xff),
  'half a prefix': Uint8Array.of(0),
  'chat message': chat.codec.encode('channel_msg', { text: 'a' }),
  'malformed chat': Uint8Array.of(0, 0, 0xff),
  'unknown app': Uint8Array.of(0, 9, 10, 0),
}

describe.each(CLIENT_STATES.map((state) => [state] as const))('in state %s', (state) => {
  test('every message of a server, in all orders of three, is no assertion and harms nothing', () => {
    const names = Object.keys(MESSAGES)
    let orders = 0
    for (const first of names) {
      for (const second of names) {
        for (const third of names) {
          const world = quickClient()
          ways[state](world)
          const { client, clock, network } = world
          const wasAsking = network.last.isOpen
          const { status } = client
          for (const name of [first, second, third]) network.last.receive(MESSAGES[name] ?? new Uint8Array(0))
          const isSame = network.last.isOpen === wasAsking && (wasAsking || client.status === status)
          if (!isSame) throw new Error(`${first}, ${second}, ${third}: the connection or the status is another`)
          client.end()
          clock.advance(1_000)
          if (clock.size > 0) throw new Error(`${first}, ${second}, ${third}: ${clock.size} timers are left over`)
          orders++
        }
      }
    }
    expect(orders).toBe(names.length ** 3)
  }, 60_000)
})

test('a pair that cannot happen is dropped before any effect; the error comes out and the client dials again', () => {
  const { client, clock, network } = startClient()
  client.connect()
  network.last.open()
  network.last.take()
  expect(() => network.last.open()).toThrow(
    expect.objectContaining({
      code: 'internal',
      message: expect.stringContaining("requested, and 'opened'") as string,
    }),
  )
  expect(network.last.heard()).toEqual([])
  expect(network.last.closedWith).toBe(CloseCode.normal)
  expect(client.status).toMatchObject({ kind: 'waiting', code: CloseCode.abnormal })
  clock.advance(500)
  network.last.establish(1, token(1))
  expect(client.status).toEqual({ kind: 'connected', sessionId: 1 })
})

test('a timer that fires although it was cancelled does nothing', () => {
  const clock = new VirtualClock()
  const network = new FakeNetwork(clock)
  const fires: (() => void)[] = []
  const careless = {
    now: () => clock.now(),
    setTimer: (_delayMs: number, fire: () => void) => {
      fires.push(fire)
      return { cancel: () => undefined }
    },
  }
  const client = new Client({ clock: careless, random: new SeededRandom(1), network, address: 'ws://server/ws' })
  client.connect()
  network.last.establish(1, token(1))
  client.wake()
  client.disconnect()
  client.connect()
  network.last.establish(1, token(2))
  // The first connect timer, liveness, the sign of life, the second connect timer; the last one runs.
  for (const fire of fires.slice(0, -1)) fire()
  expect(client.status).toEqual({ kind: 'connected', sessionId: 1 })
  expect(network.dials).toHaveLength(2)
})

test('a server that closes the new connection with 4000 does not end the session on the one that was left', () => {
  const world = startClient()
  ways.switching_requested(world)
  world.network.last.breakOff(CloseCode.ended)
  expect(world.network.dials[0]?.closedWith).toBe(CloseCode.normal)
  expect(world.client.status).toMatchObject({ kind: 'waiting', code: CloseCode.ended })
})

test('a connection that is given to another session and back tells what was held, in order, and no session', () => {
  const world = startClient()
  const { client, network, events } = world
  client.app(chat).on('channel_msg', ({ text }) => void events.push(['heard', text]))
  ways.reassigned(world)
  events.length = 0
  network.last.say(chat, 'channel_msg', { text: 'held' })
  expect(events).toEqual([])
  network.last.sessionNewAlone(1, token(3))
  network.last.say(chat, 'channel_msg', { text: 'next' })
  expect(events).toEqual([
    ['heard', 'held'],
    ['heard', 'next'],
  ])
  expect(client.status).toEqual({ kind: 'connected', sessionId: 1 })
})

/** How much of the table is what, so that a change of it is seen in review. */
test('covers its pairs', () => {
  const all = CLIENT_STATES.length * new Set([...EVENTS, ...CLIENT_IGNORED.map(({ on }) => on)]).size
  const listed = CLIENT_TRANSITIONS.length + CLIENT_IGNORED.length
  expect({ rows: CLIENT_TRANSITIONS.length, ignored: CLIENT_IGNORED.length, asserting: all - listed }).toEqual({
    rows: 112,
    ignored: 65,
    asserting: 153,
  })
})

/** Like `startClient`, for many clients in one test: nobody listens. */
function quickClient(): ClientWorld {
  const clock = new VirtualClock()
  const network = new FakeNetwork(clock)
  const client = new Client({ clock, random: new SeededRandom(1), network, address: 'ws://server/ws' })
  client.app(chat)
  return { clock, network, client, events: [], statuses: () => [] }
}
