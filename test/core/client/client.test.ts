/** The client's half of the session protocol, against a server that a test plays (design section 8). */
import { describe, expect, test } from 'vitest'
import { Client, type SessionEstablished } from '../../../core/client/client.ts'
import { memoryStore, type Stored } from '../../../core/client/token-store.ts'
import { protocol } from '../../../core/protocol.ts'
import { arena } from '../../../scenarios/apps/arena.ts'
import { chat } from '../../../scenarios/apps/chat.ts'
import { startClient, type ClientWorld } from '../support/client-world.ts'
import { Dial, FakeNetwork } from '../support/fake-network.ts'
import { SeededRandom } from '../support/seeded-random.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const token = (n: number): Uint8Array => Dial.token(n)
/** The event of a session that is in no zone. */
const session = (id: number, resumed: boolean): SessionEstablished => {
  return { id, resumed, zone: undefined, isZoneKnown: true, skewed: [] }
}
/** What a client without apps asks with. */
const request = (message: object): object => {
  return { type: 'session_request', message: { ...message, schemas: [expect.any(Uint8Array)] } }
}

/** A client with session 1 and token 1. */
function connected(options?: Parameters<typeof startClient>[0]): ClientWorld {
  const world = startClient(options)
  world.client.connect()
  world.network.last.establish(1, token(1))
  expect(world.client.status).toEqual({ kind: 'connected', sessionId: 1 })
  world.network.last.take()
  world.events.length = 0
  return world
}

describe('a first connection', () => {
  test('dials, requests a session without a token, and is connected with session_new', () => {
    const { client, network, events } = startClient()
    expect(client.status).toEqual({ kind: 'idle' })
    client.connect()
    const { last } = network
    expect(last.address).toBe('ws://server/ws')
    expect(last.heard()).toEqual([])
    last.open()
    expect(last.heard()).toEqual([request({ attempt: 1 })])
    last.sessionNew(7, token(1))
    expect(client.sessionId).toBe(7)
    expect(events).toEqual([
      ['status', { kind: 'connecting' }],
      ['status', { kind: 'connected', sessionId: 7 }],
      ['session', session(7, false)],
    ])
  })

  test('answers each beacon with a ping, and tells the latency', () => {
    const { network, events } = connected()
    network.last.beacon(3)
    network.last.beacon(4)
    network.last.pong(17)
    expect(network.last.heard()).toMatchObject([
      { type: 'session_ping', message: { id: 3 } },
      { type: 'session_ping', message: { id: 4 } },
    ])
    expect(events).toEqual([['latency', 17]])
  })

  test('that gets no session within connectTimeout is given up, and tried again', () => {
    const { client, clock, network, statuses } = startClient({ connectTimeout: 1_000 })
    client.connect()
    network.last.open()
    clock.advance(999)
    expect(client.status.kind).toBe('connecting')
    clock.advance(1)
    expect(client.status.kind).toBe('waiting')
    expect(network.last.closedWith).toBe(1000)
    clock.advance(500)
    expect(network.dials).toHaveLength(2)
    expect(statuses()).toEqual(['connecting', 'waiting', 'connecting'])
  })

  test('an address that the network cannot use is thrown at the caller, and nothing goes on', () => {
    const { client, clock, network } = startClient()
    network.failure = new Error('bad address')
    expect(() => client.connect()).toThrow('bad address')
    expect(client.status).toEqual({ kind: 'idle' })
    expect(clock.size).toBe(0)
  })

  test('timeouts of Infinity set no timer, and bad ones are refused', () => {
    const { clock } = connected({ connectTimeout: Infinity, livenessTimeout: Infinity })
    expect(clock.size).toBe(0)
    for (const name of ['connectTimeout', 'livenessTimeout', 'disconnectTimeout']) {
      expect(() => startClient({ [name]: -1 })).toThrow(expect.objectContaining({ code: 'bad_option' }))
    }
  })
})

describe('coming back', () => {
  test('requests its session with the token and the next attempt, and tells that it is the same', () => {
    const { client, clock, network, events } = connected()
    network.last.breakOff(1006)
    expect(client.status).toMatchObject({ kind: 'waiting', code: 1006 })
    clock.advance(500)
    network.last.open()
    expect(network.last.heard()).toMatchObject([request({ reconnect_token: token(1), attempt: 2 })])
    network.last.sessionNew(1, token(2))
    expect(events.at(-1)).toEqual(['session', session(1, true)])
    network.last.breakOff(1006)
    clock.advance(500)
    network.last.open()
    expect(network.last.heard()[0]?.message).toMatchObject({ reconnect_token: token(2), attempt: 3 })
  })

  test('stores a token before it handles the next message, its own events included', () => {
    const saved: Stored[] = []
    const kept = memoryStore()
    const store = {
      load: () => kept.load(),
      save: (stored: Stored) => {
        saved.push(stored)
        kept.save(stored)
      },
    }
    const { client, network } = startClient({ store })
    const seen: unknown[] = []
    client.on('status', ({ kind }) => kind === 'connected' && seen.push(saved.at(-1)?.session?.token))
    client.connect()
    const frame = protocol.codec.encode('session_new', { id: 1, reconnect_token: token(9) })
    network.last.open()
    network.last.receive(frame)
    expect(kept.load()?.session?.token).toEqual(token(9))
    network.last.beacon(1)
    expect(seen).toEqual([token(9)])
    expect(saved.map(({ attempt }) => attempt)).toEqual([1, 1])
    frame.fill(0)
    expect(kept.load()?.session?.token).toEqual(token(9))
  })

  test('another client with the same store resumes the session: a page reload', () => {
    const store = memoryStore()
    const first = connected({ store })
    const second = new Client({
      clock: first.clock,
      random: new SeededRandom(2),
      network: first.network,
      address: 'ws://server/ws',
      store,
    })
    expect(second.sessionId).toBe(1)
    second.connect()
    first.network.last.open()
    expect(first.network.last.heard()[0]?.message).toMatchObject({ reconnect_token: token(1), attempt: 2 })
    first.network.dials[0]?.breakOff(4501)
    expect(first.client.status).toEqual({ kind: 'ended', code: 4501, reason: '' })
    second.end()
  })

  test('bad_token means that the session is lost: a new one on the same connection, with the next attempt', () => {
    const { client, clock, network, events } = connected()
    network.last.breakOff()
    clock.advance(500)
    network.last.open()
    network.last.deny('bad_token')
    expect(network.last.heard().map(({ message }) => message)).toMatchObject([
      { reconnect_token: token(1), attempt: 2 },
      { attempt: 3 },
    ])
    network.last.sessionNew(5, token(5))
    expect(events.slice(-3)).toEqual([
      ['session_lost', { id: 1 }],
      ['status', { kind: 'connected', sessionId: 5 }],
      ['session', session(5, false)],
    ])
    expect(network.dials).toHaveLength(2)
    expect(client.sessionId).toBe(5)
  })

  test('bad_token that answers no request of its own, and every other denial, lose nothing', () => {
    const { client, network, events } = connected()
    network.last.deny('bad_token')
    network.last.deny('no_zone')
    network.last.receive(Uint8Array.of(0, 100, 0x32, 2, 8, 7))
    expect(client.sessionId).toBe(1)
    expect(events).toEqual([
      ['denied', { reason: 'bad_token' }],
      ['denied', { reason: 'no_zone' }],
    ])
    expect(network.last.heard()).toMatchObject([])
  })

  test('session_new again on the same connection renews the token and is no new session', () => {
    const { client, clock, network, events } = connected()
    network.last.sessionNew(1, token(8))
    expect(events).toEqual([])
    network.last.sessionNew(2, token(9))
    expect(client.status).toEqual({ kind: 'connected', sessionId: 2 })
    expect(events.at(-1)).toEqual(['session', session(2, false)])
    network.last.breakOff()
    clock.advance(500)
    network.last.open()
    expect(network.last.heard()[0]?.message).toMatchObject({ reconnect_token: token(9) })
  })
})

describe('an abandoned connection', () => {
  test('is ignored whatever it says: session_new, beacons, app messages, opening, its close', () => {
    const { client, clock, network } = startClient()
    const heard: unknown[] = []
    client.app(chat).on('channel_msg', (message) => void heard.push(message))
    client.connect()
    const [old] = network.dials
    clock.advance(5_000)
    clock.advance(500)
    expect(network.dials).toHaveLength(2)
    network.last.establish(1, token(1))
    old?.open()
    old?.sessionNew(66, token(66))
    old?.beacon(1)
    old?.say(chat, 'channel_msg', { text: 'late' })
    old?.deny('bad_token')
    old?.breakOff(4500)
    expect(old?.heard()).toEqual([])
    expect(heard).toEqual([])
    expect(client.status).toEqual({ kind: 'connected', sessionId: 1 })
    expect(client.sessionId).toBe(1)
  })

  test('its silence does not count: neither its connect nor its liveness timeout runs on', () => {
    const { client, clock, network } = connected()
    client.connect()
    clock.advance(4_000)
    network.last.establish(1, token(2))
    clock.advance(4_000)
    network.last.beacon(1)
    clock.advance(4_000)
    expect(client.status.kind).toBe('connected')
  })
})

describe('liveness', () => {
  test('a server that is silent for 5 s is given up, and the client comes back', () => {
    const { client, clock, network } = connected()
    clock.advance(3_000)
    network.last.receive(Uint8Array.of(9, 9, 9))
    clock.advance(4_999)
    expect(client.status.kind).toBe('connected')
    clock.advance(1)
    expect(client.status).toMatchObject({ kind: 'waiting', code: 4004 })
    expect(network.last.closedWith).toBe(4004)
  })

  test('what is no message is a sign of life as well, of the current connection only', () => {
    const { client, clock, network } = connected()
    const first = network.last
    clock.advance(3_000)
    first.handler?.alive?.()
    clock.advance(4_999)
    expect(client.status.kind).toBe('connected')
    expect(first.handler?.patienceMs).toBe(5_000)
    clock.advance(1)
    expect(client.status).toMatchObject({ kind: 'waiting', code: 4004 })
    clock.advance(500)
    network.last.establish(1, token(2))
    clock.advance(4_000)
    first.handler?.alive?.()
    clock.advance(1_000)
    expect(client.status).toMatchObject({ kind: 'waiting', code: 4004 })
  })

  test('0 switches it off', () => {
    const { client, clock } = connected({ livenessTimeout: 0 })
    clock.advance(1e6)
    expect(client.status.kind).toBe('connected')
  })

  test('a client that was frozen gives the server a whole interval more', () => {
    const { client, clock } = connected()
    clock.pause(60_000)
    clock.advance(0)
    expect(client.status.kind).toBe('connected')
    clock.advance(5_000)
    expect(client.status.kind).toBe('waiting')
  })
})

describe('close codes', () => {
  test.each([4500, 4501, 4503, 4506])('after %i it does not come back by itself, but connect() does', (code) => {
    const { client, clock, network } = connected()
    network.last.breakOff(code, 'why')
    expect(client.status).toEqual({ kind: 'ended', code, reason: 'why' })
    clock.advance(100_000)
    expect(network.dials).toHaveLength(1)
    client.connect()
    network.last.open()
    expect(network.last.heard()[0]?.message).toMatchObject({ reconnect_token: token(1) })
  })

  test.each([1000, 1001, 1006, 1009, 1011, 4000, 4002, 4004, 4005, 4007, 4009, 4010, 4011, 4012])(
    'after %i it does',
    (code) => {
      const { client, clock, network } = connected()
      network.last.breakOff(code)
      expect(client.status).toMatchObject({ kind: 'waiting', code })
      // The connection has closed: there is nothing to close, least of all with a code that must not be sent.
      expect(network.last.closes).toEqual([])
      clock.advance(500)
      expect(network.dials).toHaveLength(2)
    },
  )
})

describe('calls', () => {
  type Call = 'connect' | 'disconnect' | 'end'
  const states: Readonly<Record<string, () => ClientWorld>> = {
    idle: () => startClient(),
    'connecting, not open': () => {
      const world = startClient()
      world.client.connect()
      return world
    },
    'connecting, open': () => {
      const world = startClient()
      world.client.connect()
      world.network.last.open()
      return world
    },
    connected: () => connected(),
    waiting: () => {
      const world = connected()
      world.network.last.breakOff()
      return world
    },
    ended: () => {
      const world = connected()
      world.network.last.breakOff(4500)
      return world
    },
  }
  const cases = Object.keys(states).flatMap((state) =>
    (['connect', 'disconnect', 'end'] as const).map((call): readonly [string, Call] => [state, call]),
  )

  test.each(cases)('%s: %s() takes effect at once, and gives up what was there', (state, call) => {
    const { client, clock, network } = states[state]?.() ?? startClient()
    const before = network.dials.length
    client[call]()
    const expected = { connect: 'connecting', disconnect: 'idle', end: 'ended' } as const
    expect(client.status.kind).toBe(expected[call])
    const isLeft = state.startsWith('connect')
    // A connection with a session stays open until the session has gone over to the next one.
    const goesOver = state === 'connected' && call === 'connect'
    expect(network.dials[0]?.closedWith).toBe(isLeft && !goesOver ? (call === 'end' ? 4000 : 1000) : undefined)
    expect(network.dials.filter(({ isOpen }) => isOpen)).toHaveLength(goesOver ? 2 : call === 'connect' ? 1 : 0)
    clock.advance(4_000)
    expect(network.dials.length - before).toBe(call === 'connect' ? 1 : 0)
    const hadSession = ['connected', 'waiting', 'ended'].includes(state)
    expect(client.sessionId).toBe(hadSession && call !== 'end' ? 1 : undefined)
  })

  describe('connect() while connected', () => {
    function goingOver(): ClientWorld & { readonly old: Dial; readonly next: Dial } {
      const world = connected()
      const old = world.network.last
      world.client.connect()
      return { ...world, old, next: world.network.last }
    }

    test('leaves the old connection to the server, and closes it once the session has gone over', () => {
      const { client, old, next } = goingOver()
      next.open()
      expect(next.heard()[0]?.message).toMatchObject({ reconnect_token: token(1), attempt: 2 })
      expect(old.closedWith).toBeUndefined()
      next.sessionNew(1, token(2))
      expect(old.closedWith).toBe(1000)
      expect(client.status).toEqual({ kind: 'connected', sessionId: 1 })
    })

    test('hears nothing more from the old connection', () => {
      const { client, old, events } = goingOver()
      old.take()
      old.beacon(9)
      old.breakOff(4501)
      expect(old.heard()).toEqual([])
      expect(events).toEqual([['status', { kind: 'connecting' }]])
      expect(client.status.kind).toBe('connecting')
    })

    test.each(['disconnect', 'end'] as const)('%s() closes both', (call) => {
      const { client, old, next } = goingOver()
      client[call]()
      const code = call === 'end' ? 4000 : 1000
      expect([old.closedWith, next.closedWith]).toEqual([code, code])
    })

    test('again, before the session has gone over, gives up the new connection alone', () => {
      const { client, network, old, next } = goingOver()
      client.connect()
      expect([old.closedWith, next.closedWith]).toEqual([undefined, 1000])
      network.last.establish(1, token(2))
      expect(old.closedWith).toBe(1000)
      expect(client.status).toEqual({ kind: 'connected', sessionId: 1 })
    })

    test('that comes to nothing closes the old connection and tries again', () => {
      const { client, old, next } = goingOver()
      next.breakOff(1006)
      expect(old.closedWith).toBe(1000)
      expect(client.status.kind).toBe('waiting')
    })
  })

  test('disconnect() keeps the session, and connect() resumes it', () => {
    const { client, network } = connected()
    client.disconnect()
    client.connect()
    network.last.open()
    expect(network.last.heard()[0]?.message).toMatchObject({ reconnect_token: token(1), attempt: 2 })
  })

  test('end() forgets it, and goes on counting attempts', () => {
    const { client, network } = connected()
    client.end()
    expect(client.status).toEqual({ kind: 'ended', code: 4000, reason: '' })
    client.connect()
    network.last.open()
    expect(network.last.heard()[0]?.message).toMatchObject({ attempt: 2 })
  })

  test('connect() with another address or network uses it from now on', () => {
    const { client, clock, network } = connected()
    const other = new FakeNetwork(clock)
    client.connect({ address: 'enet://other:4483', network: other })
    expect(client.address).toBe('enet://other:4483')
    expect(other.last.address).toBe('enet://other:4483')
    other.last.breakOff()
    clock.advance(500)
    expect(other.dials).toHaveLength(2)
    expect(network.dials).toHaveLength(1)
  })

  test.each(['connect', 'disconnect', 'end'] as const)('%s() within a listener of any status is safe', (call) => {
    for (const kind of ['connecting', 'connected', 'waiting'] as const) {
      const world = startClient()
      const { client, clock, network, events } = world
      let hasCalled = false
      client.on('status', (status) => {
        if (status.kind !== kind || hasCalled) return
        hasCalled = true
        client[call]()
      })
      client.connect()
      const [first] = network.dials
      first?.establish(1, token(1))
      first?.breakOff()
      expect(hasCalled).toBe(true)
      expect(events.at(-1)).toEqual(['status', client.status])
      expect(network.dials.filter(({ isOpen }) => isOpen).length).toBeLessThanOrEqual(1)
      const sessions = events.filter(([name]) => name === 'session').length
      // A connection that the listener made is not given up; the one that it replaced or closed gets no session.
      const isKept = kind === 'waiting' || (kind === 'connecting' && call === 'connect')
      expect(sessions).toBe(isKept ? 1 : 0)
      clock.advance(4_000)
      const settled = { connect: 'connecting', disconnect: 'idle', end: 'ended' } as const
      expect(client.status.kind).toBe(settled[call])
      expect(network.dials.filter(({ isOpen }) => isOpen)).toHaveLength(call === 'connect' ? 1 : 0)
    }
  })
})

describe('a room', () => {
  test('sends join, part and messages as their type declares, and only with a session', () => {
    const { client, network } = startClient()
    const room = client.app(chat)
    const fight = client.app(arena)
    expect(client.app(chat)).toBe(room)
    expect(room.join({ handle: 'a' })).toBe(false)
    client.connect()
    network.last.open()
    expect(room.send('channel_msg', {})).toBe(false)
    network.last.sessionNew(1, token(1))
    network.last.take()
    expect([room.join({ handle: 'a' }), fight.send('input', { seq: 1 }), room.part({})]).toEqual([true, true, true])
    const sent = network.last.take()
    expect(sent.map(({ delivery }) => [delivery.mode, delivery.channel])).toEqual([
      ['reliable', 0],
      ['unsequenced', 1],
      ['reliable', 0],
    ])
    expect(Buffer.from(sent[0]?.bytes ?? []).toString('hex')).toBe('00000a030a0161')
    network.last.breakOff()
    expect(room.send('channel_msg', {})).toBe(false)
  })

  test('a message that does not fit its schema is thrown at the caller', () => {
    const { client } = connected()
    // @ts-expect-error there is no such message
    expect(() => client.app(chat).send('nonsense', {})).toThrow(expect.objectContaining({ code: 'bad_message' }))
  })

  test('hears what the server says, until one stops listening', () => {
    const { client, network } = connected()
    const heard: unknown[] = []
    const stop = client.app(chat).on('channel_msg', ({ text }) => void heard.push(text))
    network.last.say(chat, 'channel_msg', { text: 'a' })
    network.last.say(arena, 'event', { number: 1, kind: 1 })
    network.last.receive(Uint8Array.of(0, 0, 0xff))
    network.last.receive(Uint8Array.of(0))
    stop()
    network.last.say(chat, 'channel_msg', { text: 'b' })
    expect(heard).toEqual(['a'])
  })

  test('messages that overtake session_new are held, at most 64, and come after it in order', () => {
    const { client, network, events } = startClient()
    client.app(chat).on('channel_msg', ({ text }) => void events.push(['heard', text]))
    client.connect()
    network.last.open()
    for (let i = 0; i < 70; i++) network.last.say(chat, 'channel_msg', { text: `${i}` })
    expect(events.filter(([name]) => name === 'heard')).toEqual([])
    network.last.sessionNew(1, token(1))
    network.last.say(chat, 'channel_msg', { text: 'next' })
    const names = events.map(([name]) => name)
    expect(names.indexOf('session')).toBeLessThan(names.indexOf('heard'))
    const texts = events.flatMap(([name, value]) => (name === 'heard' ? [value] : []))
    expect(texts).toEqual([...Array.from({ length: 64 }, (_, i) => `${i}`), 'next'])
  })

  test('what was held for a connection that is given up is not heard on the next', () => {
    const { client, clock, network } = startClient()
    const heard: unknown[] = []
    client.app(chat).on('channel_msg', ({ text }) => void heard.push(text))
    client.connect()
    network.last.open()
    network.last.say(chat, 'channel_msg', { text: 'held' })
    clock.advance(5_500)
    network.last.establish(1, token(1))
    network.last.say(chat, 'channel_msg', { text: 'next' })
    expect(heard).toEqual(['next'])
  })
})

test('two clients with one seed and one clock behave alike', () => {
  const waits = [1, 1, 2].map((seed) => {
    const clock = new VirtualClock()
    const network = new FakeNetwork(clock)
    const client = new Client({ clock, random: new SeededRandom(seed), network, address: 'ws://x' })
    client.connect()
    network.last.breakOff()
    return client.status
  })
  expect(waits[0]).toEqual(waits[1])
  expect(waits[0]).not.toEqual(waits[2])
})

describe('a listener that throws', () => {
  test('of the status does not keep the client from dialling, nor from telling its session', () => {
    const { client, network, events } = startClient()
    const stop = client.on('status', ({ kind }) => {
      throw new Error(`at ${kind}`)
    })
    expect(() => client.connect()).toThrow('at connecting')
    expect(network.dials).toHaveLength(1)
    network.last.open()
    expect(() => network.last.sessionNew(1, token(1))).toThrow('at connected')
    expect(events.at(-1)).toEqual(['session', session(1, false)])
    expect(() => client.end()).toThrow('at ended')
    expect(client.sessionId).toBeUndefined()
    stop()
  })

  test('at one message that was held back does not keep the others from being told', () => {
    const { client, network } = startClient()
    const heard: unknown[] = []
    client.app(chat).on('channel_msg', ({ text }) => {
      heard.push(text)
      throw new Error(`at ${text}`)
    })
    client.connect()
    network.last.open()
    for (const text of ['one', 'two']) network.last.say(chat, 'channel_msg', { text })
    expect(() => network.last.sessionNew(1, token(1))).toThrow('at one')
    expect(heard).toEqual(['one', 'two'])
  })

  test('is told to whoever waits for nothing: a timer throws it', () => {
    const { client, clock, network } = connected()
    client.on('status', ({ kind }) => {
      if (kind === 'connecting') throw new Error('at the dial')
    })
    network.last.breakOff(1006)
    expect(() => clock.advance(500)).toThrow('at the dial')
    expect(network.dials).toHaveLength(2)
  })
})
