/** ENet peers within every rate that would keep a server busy, forged addresses, one address with all places, a lack of memory. */
import { afterEach, describe, expect, test } from 'vitest'
import { CloseCode } from '../../core/close-codes.ts'
import { loadEnetLibrary, type EnetLibrary } from '../../transports/enet-library.ts'
import { enetNetwork, type EnetNetwork } from '../../transports/enet-network.ts'
import type { EnetOptions } from '../../transports/enet-options.ts'
import { waitingBytes, waitingUnreliable } from '../../transports/enet-peer-memory.ts'
import { systemClock } from '../../transports/system-clock.ts'
import { systemRandom } from '../../transports/system-random.ts'
import { ProbeServer, type Accepted } from '../conformance/probe.ts'
import {
  acknowledgement,
  connectDatagram,
  CONTROL,
  disconnect,
  ping,
  RawEnet,
  reliable,
  unreliable,
  unsequenced,
} from './raw-enet.ts'
import { patientClock, until } from './real-time.ts'

const cleanUps: (() => void)[] = []
const errors: unknown[] = []

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) cleanUp()
  if (errors.length > 0) throw new Error('a network reported an error', { cause: errors.splice(0) })
})

class Started {
  readonly network: EnetNetwork
  readonly server: ProbeServer
  readonly library: EnetLibrary
  /** The peers that ENet has had messages to, by their pointers, in the order of their first. */
  readonly peers: number[] = []

  constructor(options: Partial<EnetOptions>) {
    const clock = patientClock()
    this.library = loadEnetLibrary(systemClock(), systemRandom())
    const library = options.loadLibrary?.() ?? this.library
    const onError = (error: unknown): void => void errors.push(error)
    this.network = enetNetwork({ clock, onError, ...options, loadLibrary: () => library })
    this.server = new ProbeServer(this.network, 'enet://127.0.0.1:0')
    cleanUps.push(() => this.server.listener.close())
  }

  get port(): number {
    return Number(this.server.address?.split(':')[2])
  }

  count(name: string): number {
    return this.network.stats()[name] ?? NaN
  }

  async enter(address?: string): Promise<{ peer: RawEnet } & Accepted> {
    const before = this.server.accepted.length
    const peer = await RawEnet.connected(this.port, address)
    cleanUps.push(() => peer.close())
    await until(() => this.server.accepted.length > before)
    const accepted = this.server.accepted[before]
    if (accepted === undefined) throw new Error('nothing was accepted')
    return { peer, ...accepted }
  }
}

async function start(options: Partial<EnetOptions> = {}): Promise<Started> {
  const started = new Started(options)
  await until(() => started.server.isSettled)
  return started
}

/** Whoever else is there is served. */
async function expectServed({ peer, probe }: { peer: RawEnet } & Accepted, sequence = 1): Promise<void> {
  const before = probe.messages.length
  peer.say(reliable(0, sequence))
  await until(() => probe.messages.length === before + 1)
}

/** The pointer of the only peer of a library whose connection has had a message. */
function spied(calls: { peer: number }): EnetLibrary {
  const library = loadEnetLibrary(systemClock(), systemRandom())
  const { peer_send } = library.libenet
  library.libenet.peer_send = (peer, channel, packet) => {
    calls.peer = peer
    return peer_send(peer, channel, packet)
  }
  return library
}

describe('what a peer makes ENet keep', () => {
  test('of 3,000 messages that wait for one that never comes ENet has 1,024, and the missing one frees them', async () => {
    const calls = { peer: 0 }
    const library = spied(calls)
    const started = await start({ loadLibrary: () => library })
    const { peer, probe, connection } = await started.enter()
    connection.send(Uint8Array.of(1))
    await until(() => calls.peer !== 0)
    for (let sequence = 3001; sequence > 1; sequence -= 100) {
      peer.say(...Array.from({ length: 100 }, (_, i) => reliable(1, sequence - i)))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await until(() => started.count('enetCommandsFarAheadTotal') === 3001 - 1024)
    await until(() => peer.acknowledgements(1).length === 1023)
    // 128 bytes of overhead, and one of its own.
    expect(waitingBytes(library, calls.peer)).toBe(1023 * 129)
    peer.say(reliable(1, 1))
    await until(() => probe.messages.length === 1024)
    expect(probe.isClosed).toBe(false)
  })

  test('a repetition is acknowledged each time, and ENet sees it twice at most', async () => {
    const started = await start()
    const { peer, probe } = await started.enter()
    for (let i = 0; i < 10; i++) peer.say(...Array.from({ length: 20 }, () => reliable(1, 2)))
    await until(() => peer.acknowledgements(1).length === 200)
    expect(peer.acknowledgements(1)).toEqual(Array.from({ length: 200 }, () => 2))
    expect(started.count('enetCommandsRepeatedTotal')).toBe(198)
    peer.say(reliable(1, 1))
    await until(() => probe.messages.length === 2)
    // Now it is one that has been handed out.
    peer.say(reliable(1, 2), reliable(1, 1))
    await until(() => peer.acknowledgements(1).length === 203)
    expect(probe.messages).toHaveLength(2)
  })

  test('of unreliable messages that wait for a reliable one a few hundred are kept', async () => {
    const calls = { peer: 0 }
    const library = spied(calls)
    const started = await start({ loadLibrary: () => library })
    const { peer, probe, connection } = await started.enter()
    connection.send(Uint8Array.of(1))
    await until(() => calls.peer !== 0)
    for (let i = 0; i < 30; i++) {
      peer.say(...Array.from({ length: 100 }, (_, k) => unreliable(2, 1, i * 100 + k + 1)))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await until(() => started.count('enetUnreliableWaitingTotal') > 2000)
    expect(waitingUnreliable(library, calls.peer, 2, 600)).toBeLessThanOrEqual(512)
    expect(probe.messages).toHaveLength(0)
  })

  test('the lists of a peer that is leaving are not walked: they are freed memory', async () => {
    const started = await start()
    const friend = await started.enter()
    const { peer, probe, connection } = await started.enter()
    const say = (from: number): void => peer.say(...Array.from({ length: 200 }, (_, i) => unsequenced(2, from + i)))
    say(0)
    await until(() => probe.messages.length === 200)
    peer.isPolite = false
    connection.close(4007)
    await until(() => peer.closedWith === 4007)
    const waiting = started.count('enetUnreliableWaitingTotal')
    for (let i = 1; i <= 5; i++) say(200 * i)
    await expectServed(friend)
    expect(started.count('enetUnreliableWaitingTotal')).toBe(waiting)
  })

  test('more commands than ENet ever sends in a datagram are malformed, and of those in a second the rest are lost', async () => {
    const started = await start({ commandsPerSecondMax: 1000 })
    const friend = await started.enter()
    const { peer, probe } = await started.enter()
    peer.say(...Array.from({ length: 1020 }, () => ping(++peer.control)))
    await until(() => started.count('enetDatagramsMalformedTotal') === 1)
    for (let i = 0; i < 20; i++) peer.say(...Array.from({ length: 200 }, () => ping(++peer.control)))
    await until(() => started.count('enetCommandsOverRateTotal') >= 14)
    expect(peer.acknowledgements(CONTROL).length).toBeLessThanOrEqual(2000)
    await expectServed(friend)
    expect(probe.isClosed).toBe(false)
  })
})

describe('a peer that acknowledges late', () => {
  test.each<[how: string, leave: (entered: { peer: RawEnet } & Accepted) => void]>([
    ['is cut', ({ connection }) => connection.close(4009)],
    ['goes over the hard limit', ({ connection }) => connection.close(4005)],
    ['leaves', ({ peer }) => peer.say(disconnect(2, 0))],
  ])('and %s: what waited for it is forgotten, and not tried on ENet', async (_how, leave) => {
    let packets = 0
    const library = loadEnetLibrary(systemClock(), systemRandom())
    const { packet_create } = library.libenet
    library.libenet.packet_create = (...args) => {
      packets++
      return packet_create(...args)
    }
    const started = await start({ loadLibrary: () => library })
    const entered = await started.enter()
    entered.peer.isPolite = false
    for (let i = 0; i < 3000; i++) entered.connection.send(Uint8Array.of(1))
    leave(entered)
    await until(() => entered.probe.isClosed)
    await expectServed(await started.enter())
    expect(packets).toBe(256)
    expect(entered.connection.bufferedBytes).toBe(0)
  })

  test('has at most 256 messages in ENet, each counted with an overhead, and gets all of them in order', async () => {
    let packets = 0
    let most = 0
    const library = loadEnetLibrary(systemClock(), systemRandom())
    const { libenet } = library
    const { packet_create } = libenet
    libenet.packet_create = (...args) => {
      packets++
      return packet_create(...args)
    }
    const started = await start({ loadLibrary: () => library })
    const { peer, connection } = await started.enter()
    peer.isPolite = false
    for (let i = 0; i < 2000; i++) connection.send(Uint8Array.of(i >> 8, i))
    expect(packets).toBe(256)
    expect(connection.bufferedBytes).toBe(2000 * 2 + (2000 - 256) * 128)
    const received: number[] = []
    const readOn = (): void => {
      for (const { number, channel, sequence, bytes } of peer.heard.splice(0)) {
        if (number !== 6 || channel !== 0) continue
        if (sequence === received.length + 1) received.push(bytes.readUInt16BE(6))
        peer.say(acknowledgement(0, sequence, 0))
        most = Math.max(most, packets - received.length)
      }
    }
    await until(() => {
      readOn()
      return connection.bufferedBytes === 0
    })
    expect(received).toEqual(Array.from({ length: 2000 }, (_, i) => i))
    expect(most).toBeLessThanOrEqual(256)
  })

  test('gets an unreliable message behind the reliable ones of its channel, and on another channel at once', async () => {
    const started = await start()
    const { peer, connection } = await started.enter()
    peer.isPolite = false
    for (let i = 0; i < 300; i++) connection.send(Uint8Array.of(1))
    connection.send(Uint8Array.of(2), { mode: 'unreliable', channel: 0 })
    connection.send(Uint8Array.of(3), { mode: 'unreliable', channel: 1 })
    connection.send(Uint8Array.of(4), { mode: 'unsequenced', channel: 0 })
    const unreliableHeard = (): number[] =>
      peer.heard.filter(({ number }) => number === 7).map(({ channel }) => channel)
    await until(() => peer.heard.some(({ number }) => number === 9))
    expect(unreliableHeard()).toEqual([1])
    await until(() => peer.heard.some(({ sequence }) => sequence === 256))
    peer.acknowledge()
    await until(() => unreliableHeard().includes(0))
    const late = peer.heard.find(({ number, channel }) => number === 7 && channel === 0)
    expect(late?.sequence).toBe(300)
  })

  test('hears of a close after what was sent before, and is cut after a second if it acknowledges nothing', async () => {
    const started = await start()
    const [slow, mute] = [await started.enter(), await started.enter()]
    for (const { peer, connection } of [slow, mute]) {
      peer.isPolite = false
      for (let i = 0; i < 600; i++) connection.send(Uint8Array.of(1))
      connection.close(4009)
    }
    await until(() => slow.peer.heard.some(({ sequence }) => sequence === 256))
    slow.peer.isPolite = true
    slow.peer.acknowledge()
    await until(() => slow.probe.isClosed && mute.probe.isClosed && mute.peer.closedWith !== undefined)
    expect(new Set(slow.peer.heard.filter(({ number }) => number === 6).map(({ sequence }) => sequence)).size).toBe(600)
    expect([slow.peer.closedWith, mute.peer.closedWith]).toEqual([4009, 4009])
  })
})

describe('forged addresses', () => {
  test('a handshake is not finished by whoever does not repeat the numbers of the answer, and little is sent there', async () => {
    const started = await start()
    const victim = await RawEnet.open(started.port)
    cleanUps.push(() => victim.close())
    victim.isPolite = false
    victim.connect()
    await until(() => victim.answer !== undefined)
    const told = victim.answer
    if (told === undefined) throw new Error('no answer')
    // Even with the right number of the peer: what is forged is the proof.
    victim.number = told.readUInt16BE(8)
    victim.session = (told[11] ?? 0) & 3
    for (let i = 0; i < 50; i++) victim.say(acknowledgement(CONTROL, 1, i), reliable(0, 1))
    await until(() => started.count('enetHandshakesForgedTotal') === 50)
    await until(() => started.count('enetAnswersHeldTotal') > 0)
    expect(started.server.accepted).toHaveLength(0)
    expect(victim.receivedBytes).toBeLessThanOrEqual(3 * 52)
  })

  test('numbers of peers and of answers are not those of ENet, and change', async () => {
    const started = await start()
    const peers = [await started.enter(), await started.enter(), await started.enter(), await started.enter()]
    const numbers = peers.map(({ peer }) => peer.number)
    expect(numbers).not.toEqual([0, 1, 2, 3])
    expect(new Set(numbers).size).toBe(4)
    const sequences = peers.map(({ peer }) => peer.heard[0]?.sequence ?? 0)
    expect(Math.min(...sequences)).toBeGreaterThanOrEqual(0x8000)
    expect(new Set(sequences).size).toBeGreaterThan(1)
  })

  test('a forged disconnect that guesses the number ends no session, however often, and a right one is a loss then', async () => {
    const started = await start()
    const { peer, probe } = await started.enter()
    const { number = 0 } = peer
    for (let guess = 1; guess <= 20; guess++) {
      peer.number = (number + guess) % 4095
      peer.say(disconnect(2, CloseCode.ended))
    }
    await until(() => started.count('enetPeerGuessesTotal') === 20)
    expect(probe.isClosed).toBe(false)
    peer.number = number
    peer.say(disconnect(2, CloseCode.ended))
    await until(() => probe.isClosed)
    expect(probe.closes).toMatchObject([{ code: CloseCode.abnormal }])
    expect(started.count('enetDisconnectsDoubtedTotal')).toBe(1)
  })

  test('a disconnect whose sequence number cannot be right is dropped, one whose time cannot be is a loss', async () => {
    const started = await start()
    const [first, second, honest] = [await started.enter(), await started.enter(), await started.enter()]
    first.peer.say(disconnect(1000, CloseCode.ended))
    await until(() => started.count('enetDisconnectsRefusedTotal') === 1)
    await expectServed(first)
    second.peer.say(ping(++second.peer.control))
    await until(() => second.peer.acknowledgements(CONTROL).length === 1)
    const datagram = Buffer.alloc(12)
    datagram.writeUInt16BE(0x8000 | (second.peer.session << 12) | (second.peer.number ?? 0), 0)
    datagram.writeUInt16BE((second.peer.timeMs + 30_000) & 0xffff, 2)
    datagram.set(disconnect(3, CloseCode.ended), 4)
    second.peer.raw(datagram)
    honest.peer.say(disconnect(2, CloseCode.ended))
    await until(() => second.probe.isClosed && honest.probe.isClosed)
    expect(second.probe.closes).toMatchObject([{ code: CloseCode.abnormal }])
    expect(honest.probe.closes).toMatchObject([{ code: CloseCode.ended }])
  })
})

describe('places', () => {
  test('one address that has all of them gives the newest back to another, and gets no further one itself', async () => {
    const started = await start({ connectionsMax: 4 })
    const many = [await started.enter(), await started.enter(), await started.enter(), await started.enter()]
    const refused = await RawEnet.open(started.port)
    cleanUps.push(() => refused.close())
    const knock = connectDatagram(1, 77)
    for (let i = 0; i < 3; i++) refused.raw(knock)
    await until(() => started.count('enetConnectsRefusedTotal') === 2)
    const other = await started.enter('127.0.0.2')
    await until(() => many[3]?.probe.isClosed === true)
    expect(many[3]?.probe.closes).toMatchObject([{ code: CloseCode.tooMany }])
    expect(many.filter(({ probe }) => probe.isClosed)).toHaveLength(1)
    await expectServed(other)
    // 3 and 1: another from there makes it 2 and 2, and then nobody has more than the newcomer would.
    const second = await started.enter('127.0.0.2')
    await until(() => many[2]?.probe.isClosed === true)
    await expectServed(second)
    expect(started.count('enetConnectionsEvictedTotal')).toBe(2)
    const third = await RawEnet.open(started.port, '127.0.0.2')
    cleanUps.push(() => third.close())
    for (let i = 0; i < 3; i++) third.raw(knock)
    await until(() => started.count('enetConnectsRefusedTotal') === 4)
    expect(started.count('enetConnectionsEvictedTotal')).toBe(2)
  })
})

describe('signs of life', () => {
  test('acknowledgements, pings and messages that have to wait are heard, at most every 500 ms', async () => {
    const started = await start()
    const { peer, probe, connection } = await started.enter()
    const alive = (): number => probe.heard.filter(({ kind }) => kind === 'alive').length
    connection.send(Uint8Array.of(1))
    await until(() => alive() === 1)
    for (let i = 0; i < 20; i++) peer.say(ping(++peer.control))
    await until(() => peer.acknowledgements(CONTROL).length === 20)
    expect(alive()).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 600))
    peer.say(reliable(0, 2))
    await until(() => alive() === 2)
    expect(probe.messages).toHaveLength(0)
  })

  test('ENet gives a peer up no sooner than the owner of its connection', async () => {
    const calls = { peer: 0 }
    const library = spied(calls)
    const started = await start({ loadLibrary: () => library })
    const timeouts: number[][] = []
    for (const patienceMs of [undefined, 60_000, Infinity]) {
      started.server.onAccept = ({ probe }) => Object.assign(probe, { patienceMs })
      const { connection } = await started.enter()
      calls.peer = 0
      connection.send(Uint8Array.of(1))
      await until(() => calls.peer !== 0)
      timeouts.push(Array.from(library.HEAPU32.subarray((calls.peer + 144) >> 2, (calls.peer + 152) >> 2)))
    }
    expect(timeouts).toEqual([
      [5000, 30_000],
      [62_000, 62_000],
      [86_399_999, 86_399_999],
    ])
  })
})

describe('a lack of memory', () => {
  function failing(isFailing: () => boolean): EnetLibrary {
    const library = loadEnetLibrary(systemClock(), systemRandom())
    const { packet_create } = library.libenet
    library.libenet.packet_create = (...args) => (isFailing() ? 0 : packet_create(...args))
    return library
  }

  test('loses an unreliable message, or closes the connection of a reliable one with 4012, and nothing else', async () => {
    let fails = 0
    const library = failing(() => fails > 0 && fails-- > 0)
    const started = await start({ loadLibrary: () => library })
    const [first, second] = [await started.enter(), await started.enter()]
    fails = 1
    first.connection.send(Uint8Array.of(1), { mode: 'unreliable', channel: 1 })
    first.connection.send(Uint8Array.of(2))
    await until(() => first.peer.heard.some(({ number }) => number === 6))
    expect(first.peer.heard.some(({ number }) => number === 7)).toBe(false)
    expect(first.probe.isClosed).toBe(false)
    fails = 1
    first.connection.send(Uint8Array.of(3))
    await until(() => first.probe.isClosed)
    expect(first.probe.closes).toMatchObject([{ code: CloseCode.trouble }])
    expect(first.peer.closedWith).toBe(CloseCode.trouble)
    expect(started.count('enetOutOfMemoryTotal')).toBe(2)
    await expectServed(second)
    await expectServed(await started.enter())
    expect(errors.splice(0)).toHaveLength(1)
  })

  test('that breaks the library fails the listener once its port is free, and another one can be opened there', async () => {
    let isBroken = false
    const library = failing(() => {
      if (isBroken) throw new Error('abort')
      return false
    })
    const libraries = [library]
    const network = enetNetwork({
      clock: patientClock(),
      onError: (error) => void errors.push(error),
      loadLibrary: () => libraries.pop() ?? loadEnetLibrary(systemClock(), systemRandom()),
    })
    const server = new ProbeServer(network, 'enet://127.0.0.1:0')
    await until(() => server.isSettled)
    const { address = '' } = server
    const peer = await RawEnet.connected(Number(address.split(':')[2]))
    cleanUps.push(() => peer.close())
    await until(() => server.accepted.length === 1)
    isBroken = true
    server.accepted[0]?.connection.send(Uint8Array.of(1))
    await until(() => server.failures.length === 1)
    expect(server.accepted[0]?.probe.closes).toMatchObject([{ code: CloseCode.abnormal }])
    const again = new ProbeServer(network, address)
    cleanUps.push(() => again.listener.close())
    await until(() => again.isSettled)
    expect(again.failures).toEqual([])
    let isDone = false
    server.listener.close(() => (isDone = true))
    await until(() => isDone)
    expect(errors.splice(0)).toHaveLength(1)
  })
})
