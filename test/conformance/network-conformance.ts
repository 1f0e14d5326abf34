/**
 * What every `Network` guarantees (`core/injected.ts`, design section 4), as one suite. An implementation's own test
 * file says how to make the network and how to let time pass, on real sockets or in virtual time; everything else is
 * here. What only some networks can do is a capability.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { RELIABLE, type Delivery, type DeliveryMode } from '../../core/delivery.ts'
import { OverworldError } from '../../core/errors.ts'
import type { Clock, Connection, Network } from '../../core/injected.ts'
import { calling, Probe, ProbeServer, type Accepted } from './probe.ts'

export interface NetworkHarness {
  readonly clock: Clock
  readonly server: Network
  /** May be the same as `server`. */
  readonly client: Network
  /** Where `server` can listen. Its port, if it has one, is 0. */
  readonly listenAddress: string
  /** Where nobody listens, and dialling fails within `until`'s patience (or undefined: there is no such place). */
  readonly deadAddress: string | undefined
  /** What the networks reported through `onError`. */
  readonly errors: readonly unknown[]
  /** Lets the world run until `condition` holds; fails if that takes too long. */
  until(condition: () => boolean): Promise<void>
  /** Frees everything. */
  stop(): Promise<void> | void
}

export interface NetworkCapabilities {
  /** Honours deliveries and channels, rather than being one ordered stream. */
  readonly deliveries: boolean
  /** Where false, what arrives is acknowledged to nobody, so a peer that says nothing is not heard of. Default: true. */
  readonly acknowledges?: boolean
  /** Carries the reason of a close to the other side. */
  readonly closeReasons: boolean
  /** The longest message that arrives; Infinity = no limit. */
  readonly messageBytesMax: number
  /** What the *receiver* of a longer message is told, where there is a limit. */
  readonly tooLongCode?: number
}

export function describeNetwork(
  name: string,
  makeHarness: () => Promise<NetworkHarness> | NetworkHarness,
  capabilities: NetworkCapabilities,
): void {
  describe(`the network contract, kept by ${name}`, () => {
    let harness: NetworkHarness
    let server: ProbeServer
    let address: string
    let extraServers: ProbeServer[]

    beforeEach(async () => {
      harness = await makeHarness()
      server = new ProbeServer(harness.server, harness.listenAddress)
      extraServers = []
      await harness.until(() => server.isSettled)
      address = server.address ?? 'the server does not listen'
    })

    afterEach(async () => {
      Probe.isCalling = false
      for (const each of [server, ...extraServers]) each.listener.close()
      await harness.stop()
    })

    interface Pair {
      readonly near: { readonly connection: Connection; readonly probe: Probe }
      readonly far: Accepted
    }

    function dial(probe = new Probe(), where = address): Pair['near'] {
      return { connection: calling(() => harness.client.connect(where, probe)), probe }
    }

    async function connected(): Promise<Pair> {
      const before = server.accepted.length
      const near = dial()
      await harness.until(() => near.probe.isOpened && server.accepted[before]?.probe.isOpened === true)
      const far = server.accepted[before]
      if (far === undefined) throw new Error('nothing was accepted')
      return { near, far }
    }

    /** Time for whatever should not come: a whole round trip on another connection, and its end. */
    async function settle(): Promise<void> {
      const { near, far } = await connected()
      near.connection.send(Uint8Array.of(1))
      await harness.until(() => far.probe.messages.length === 1)
      far.connection.send(Uint8Array.of(2))
      await harness.until(() => near.probe.messages.length === 1)
      near.connection.close(1000)
      await harness.until(() => near.probe.isClosed && far.probe.isClosed)
    }

    function text(bytes: Uint8Array | undefined): string {
      return new TextDecoder().decode(bytes)
    }

    function bytesOf(value: string): Uint8Array {
      return new TextEncoder().encode(value)
    }

    describe('opening', () => {
      test('listening reports the bound address, and the listener then has it', () => {
        expect(server.failures).toEqual([])
        expect(server.listener.address).toBe(address)
        expect(address).not.toMatch(/:0(\/|$)/)
      })

      test('both ends hear opened, once and first', async () => {
        const { near, far } = await connected()
        near.connection.send(bytesOf('a'))
        await harness.until(() => far.probe.messages.length === 1)
        const isNews = (kind: string): boolean => kind !== 'drained' && kind !== 'alive'
        expect(near.probe.heard.map(({ kind }) => kind).filter(isNews)).toEqual(['opened'])
        expect(far.probe.heard.map(({ kind }) => kind).filter(isNews)).toEqual(['opened', 'message'])
      })

      test('ids are unique within a network', async () => {
        const pairs = [await connected(), await connected(), await connected()]
        const ids = pairs.map(({ far }) => far.connection.id)
        expect(new Set(ids).size).toBe(3)
        expect(new Set(pairs.map(({ near }) => near.connection.id)).size).toBe(3)
      })

      test('both ends name the transport, and the address of the other without its port', async () => {
        const { near, far } = await connected()
        expect(near.connection.transport).toBe(far.connection.transport)
        expect(far.connection.remoteAddress).not.toBe('')
        expect(far.connection.remoteAddress).not.toMatch(/\.\d+:\d+$/)
      })

      test('a refused connect hears closed once, with 1006, and never opened', async () => {
        if (harness.deadAddress === undefined) return
        const { probe } = dial(new Probe(), harness.deadAddress)
        await harness.until(() => probe.isClosed)
        await settle()
        expect(probe.heard.map(({ kind }) => kind)).toEqual(['closed'])
        expect(probe.closes[0]?.code).toBe(1006)
      })

      test('a connection closed before it opened hears closed once and nothing else', async () => {
        const { connection, probe } = dial()
        calling(() => connection.close(4000, 'changed my mind'))
        await harness.until(() => probe.isClosed)
        await settle()
        expect(probe.heard).toEqual([{ kind: 'closed', code: 4000, reason: 'changed my mind' }])
        for (const { probe: far } of server.accepted) expect(far.isClosed || !far.isOpened).toBe(true)
      })

      test('an address of another kind is a bad_address', () => {
        for (const bad of ['', 'nowhere', 'gopher://127.0.0.1:70', 'ws://127.0.0.1:99999/ws']) {
          const codeOf = (call: () => unknown): unknown => {
            try {
              call()
            } catch (error) {
              return error instanceof OverworldError ? error.code : error
            }
            return 'nothing thrown'
          }
          expect(codeOf(() => harness.client.connect(bad, new Probe()))).toBe('bad_address')
          expect(codeOf(() => harness.server.listen(bad, () => new Probe()))).toBe('bad_address')
        }
      })

      test('a second listener at a taken address fails, and the first goes on', async () => {
        const second = new ProbeServer(harness.server, address)
        extraServers.push(second)
        await harness.until(() => second.isSettled)
        expect(second.failures).toHaveLength(1)
        await connected()
        expect(second.accepted).toEqual([])
      })

      test('one that is closed before it has begun tells nobody, whether the address is taken or not', async () => {
        const second = new ProbeServer(harness.server, address)
        let isDone = false
        second.listener.close(() => (isDone = true))
        await harness.until(() => isDone)
        await connected()
        expect({ failures: second.failures, address: second.address }).toEqual({ failures: [], address: undefined })
        expect(harness.errors).toEqual([])
      })
    })

    describe('messages', () => {
      test('1000 messages each way arrive complete and in order', async () => {
        const { near, far } = await connected()
        for (let i = 0; i < 1000; i++) {
          near.connection.send(bytesOf(`up ${i}`))
          far.connection.send(bytesOf(`down ${i}`))
        }
        await harness.until(() => near.probe.messages.length >= 1000 && far.probe.messages.length >= 1000)
        expect(far.probe.messages.map(({ bytes }) => text(bytes))).toEqual(
          Array.from({ length: 1000 }, (_, i) => `up ${i}`),
        )
        expect(near.probe.messages.map(({ bytes }) => text(bytes))).toEqual(
          Array.from({ length: 1000 }, (_, i) => `down ${i}`),
        )
      })

      test('reliable messages are in order on each of four channels', async () => {
        const { near, far } = await connected()
        for (let i = 0; i < 400; i++) near.connection.send(bytesOf(`${i}`), { mode: 'reliable', channel: i % 4 })
        await harness.until(() => far.probe.messages.length >= 400)
        for (const channel of [0, 1, 2, 3]) {
          const onChannel = far.probe.messages.map(({ bytes }) => Number(text(bytes))).filter((i) => i % 4 === channel)
          expect(onChannel).toEqual(Array.from({ length: 100 }, (_, i) => i * 4 + channel))
        }
      })

      test.each<DeliveryMode>(['reliable', 'unreliable', 'unsequenced'])('a %s message passes', async (mode) => {
        const { near, far } = await connected()
        const delivery: Delivery = { mode, channel: 2 }
        near.connection.send(bytesOf(mode), delivery)
        await harness.until(() => far.probe.messages.length === 1)
        expect(text(far.probe.messages[0]?.bytes)).toBe(mode)
        expect(far.probe.messages[0]?.delivery).toEqual(capabilities.deliveries ? delivery : RELIABLE)
      })

      test('an empty message arrives as an empty message', async () => {
        const { near, far } = await connected()
        near.connection.send(new Uint8Array(0))
        near.connection.send(bytesOf('after'))
        await harness.until(() => far.probe.messages.length === 2)
        expect(far.probe.messages.map(({ bytes }) => text(bytes))).toEqual(['', 'after'])
      })

      test('the default delivery is reliable on channel 0', async () => {
        const { near, far } = await connected()
        near.connection.send(bytesOf('x'))
        await harness.until(() => far.probe.messages.length === 1)
        expect(far.probe.messages[0]?.delivery).toEqual(RELIABLE)
      })

      test('a message of the greatest length arrives whole, both ways', async () => {
        const { near, far } = await connected()
        const length = Math.min(capabilities.messageBytesMax, 64 * 1024)
        const big = Uint8Array.from({ length }, (_, i) => (i * 31) & 0xff)
        near.connection.send(big)
        far.connection.send(big)
        await harness.until(() => far.probe.messages.length === 1 && near.probe.messages.length === 1)
        expect(Buffer.compare(far.probe.messages[0]?.bytes ?? new Uint8Array(0), big)).toBe(0)
        expect(Buffer.compare(near.probe.messages[0]?.bytes ?? new Uint8Array(0), big)).toBe(0)
      })

      test.runIf(capabilities.messageBytesMax < Infinity)(
        'a message one byte too long ends its connection, and no other',
        async () => {
          const other = await connected()
          const { near, far } = await connected()
          near.connection.send(new Uint8Array(capabilities.messageBytesMax + 1))
          await harness.until(() => far.probe.isClosed && near.probe.isClosed)
          expect(far.probe.messages).toEqual([])
          expect(far.probe.closes[0]?.code).toBe(capabilities.tooLongCode)
          other.near.connection.send(bytesOf('still here'))
          await harness.until(() => other.far.probe.messages.length === 1)
        },
      )

      test('what was sent is not changed, and what was received does not change later', async () => {
        const { near, far } = await connected()
        const sent = Array.from({ length: 50 }, (_, i) => new Uint8Array(200).fill(i + 1))
        for (const bytes of sent) near.connection.send(bytes)
        await harness.until(() => far.probe.messages.length === 50)
        const received = far.probe.messages.map(({ bytes }) => bytes)
        for (let i = 0; i < 200; i++) near.connection.send(new Uint8Array(200).fill(255))
        await harness.until(() => far.probe.messages.length === 250)
        for (const [i, bytes] of sent.entries()) {
          expect(bytes.every((byte) => byte === i + 1)).toBe(true)
          expect(received[i]?.every((byte) => byte === i + 1)).toBe(true)
        }
      })

      test('received bytes are plain Uint8Arrays of their own', async () => {
        const { near, far } = await connected()
        for (const sent of [bytesOf('plain'), Buffer.from('plain')]) {
          const before = far.probe.messages.length
          near.connection.send(sent)
          await harness.until(() => far.probe.messages.length > before)
          const bytes = far.probe.messages[before]?.bytes
          expect(bytes).toEqual(bytesOf('plain'))
          expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype)
        }
      })

      test('bufferedBytes falls to 0 once everything has left, and drained says so', async () => {
        const { near, far } = await connected()
        const length = Math.min(capabilities.messageBytesMax, 32 * 1024)
        let highest = 0
        const leftWhenDrained: number[] = []
        near.probe.react = ({ kind }) => {
          if (kind === 'drained') leftWhenDrained.push(near.connection.bufferedBytes)
        }
        for (let i = 0; i < 200; i++) {
          near.connection.send(new Uint8Array(length))
          highest = Math.max(highest, near.connection.bufferedBytes)
        }
        await harness.until(() => far.probe.messages.length === 200 && near.connection.bufferedBytes === 0)
        expect(highest).toBeGreaterThan(0)
        await harness.until(() => leftWhenDrained.length > 0)
        expect(near.connection.bufferedBytes).toBe(0)
        expect(new Set(leftWhenDrained)).toEqual(new Set([0]))
      })
    })

    describe.runIf(capabilities.deliveries && capabilities.acknowledges !== false)('signs of life', () => {
      test('a peer that says nothing, and acknowledges, is heard of', async () => {
        const { near, far } = await connected()
        near.connection.send(bytesOf('a'))
        await harness.until(() => far.probe.messages.length === 1)
        await harness.until(() => near.probe.heard.some(({ kind }) => kind === 'alive'))
        expect(near.probe.messages).toHaveLength(0)
        expect(near.probe.isReentered).toBe(false)
      })
    })

    describe('closing', () => {
      test('the code arrives, and the reason where it can', async () => {
        const { near, far } = await connected()
        far.connection.close(4501, 'taken over')
        await harness.until(() => near.probe.isClosed && far.probe.isClosed)
        expect(near.probe.closes).toEqual([
          { kind: 'closed', code: 4501, reason: capabilities.closeReasons ? 'taken over' : '' },
        ])
      })

      test('who closes hears closed with the code and reason given', async () => {
        const { near, far } = await connected()
        near.connection.close(4000, 'bye')
        await harness.until(() => near.probe.isClosed && far.probe.isClosed)
        expect(near.probe.closes).toEqual([{ kind: 'closed', code: 4000, reason: 'bye' }])
        expect(far.probe.closes[0]?.code).toBe(4000)
      })

      test('closed comes once and last on both ends, also when both close at once', async () => {
        const { near, far } = await connected()
        calling(() => near.connection.close(4000))
        calling(() => far.connection.close(4500))
        await harness.until(() => near.probe.isClosed && far.probe.isClosed)
        await settle()
        for (const { probe } of [near, far]) {
          expect(probe.closes).toHaveLength(1)
          expect(probe.heard.at(-1)?.kind).toBe('closed')
        }
        expect(near.probe.closes[0]?.code).toBe(4000)
        expect(far.probe.closes[0]?.code).toBe(4500)
      })

      test('earlier reliable messages arrive before the close', async () => {
        const { near, far } = await connected()
        for (let i = 0; i < 300; i++) near.connection.send(bytesOf(`${i}`), { mode: 'reliable', channel: i % 4 })
        near.connection.send(new Uint8Array(Math.min(capabilities.messageBytesMax, 60_000)), RELIABLE)
        near.connection.close(4000)
        await harness.until(() => far.probe.isClosed && near.probe.isClosed)
        expect(far.probe.messages).toHaveLength(301)
        expect(far.probe.heard.at(-1)).toMatchObject({ kind: 'closed', code: 4000 })
      })

      test('no message follows one’s own close', async () => {
        const { near, far } = await connected()
        for (let i = 0; i < 100; i++) far.connection.send(bytesOf(`${i}`))
        near.probe.react = (heard) => {
          if (heard.kind === 'message' && near.probe.messages.length === 3) near.connection.close(4000)
        }
        await harness.until(() => near.probe.isClosed && far.probe.isClosed)
        await settle()
        expect(near.probe.messages).toHaveLength(3)
        expect(near.probe.heard.at(-1)?.kind).toBe('closed')
      })

      test('after a close, send and a second close do nothing', async () => {
        const { near, far } = await connected()
        near.connection.close(4000)
        near.connection.send(bytesOf('too late'))
        near.connection.close(4999)
        await harness.until(() => far.probe.isClosed && near.probe.isClosed)
        near.connection.send(bytesOf('far too late'))
        near.connection.close(4998)
        near.connection.close(1006)
        await settle()
        expect(far.probe.messages).toEqual([])
        expect(far.probe.closes.map(({ code }) => code)).toEqual([4000])
        expect(near.probe.closes).toHaveLength(1)
        expect(near.connection.bufferedBytes).toBe(0)
      })

      test('a connection may be closed inside opened', async () => {
        const probe = new Probe()
        const { connection } = dial(probe)
        probe.react = (heard) => {
          if (heard.kind === 'opened') calling(() => connection.close(4000))
        }
        await harness.until(() => probe.isClosed && (server.accepted[0]?.probe.isClosed ?? false))
        expect(probe.heard.map(({ kind }) => kind)).toEqual(['opened', 'closed'])
        expect(probe.isReentered).toBe(false)
      })

      test('a connection may be closed while it is being accepted', async () => {
        server.onAccept = ({ connection }) => calling(() => connection.close(4009, 'draining'))
        const { probe } = dial()
        await harness.until(() => probe.isClosed && (server.accepted[0]?.probe.isClosed ?? false))
        expect(probe.closes[0]?.code).toBe(4009)
        expect(server.accepted[0]?.probe.heard.map(({ kind }) => kind)).toEqual(['closed'])
      })

      test('a long reason does not stop the close', async () => {
        const { near, far } = await connected()
        near.connection.close(4000, 'ä'.repeat(500))
        await harness.until(() => near.probe.isClosed && far.probe.isClosed)
        const { code, reason = '' } = far.probe.closes[0] ?? {}
        expect(code).toBe(4000)
        expect(reason).toMatch(capabilities.closeReasons ? /^ä{20,}$/ : /^$/)
      })

      test('a code that is neither 1000 nor 4000 to 4999 is a bad_option', async () => {
        const { near } = await connected()
        for (const code of [0, 999, 1001, 1006, 3999, 5000, NaN, 4000.5]) {
          expect(() => near.connection.close(code)).toThrow(expect.objectContaining({ code: 'bad_option' }))
        }
        expect(near.probe.isClosed).toBe(false)
      })

      test('a closed listener refuses new connections, keeps open ones, and says when it is done', async () => {
        const { near, far } = await connected()
        let isDone = false
        calling(() => server.listener.close(() => (isDone = true)))
        expect(isDone).toBe(false)
        const late = dial()
        let isDoneTwice = false
        calling(() => server.listener.close(() => (isDoneTwice = true)))
        near.connection.send(bytesOf('still'))
        await harness.until(() => far.probe.messages.length === 1)
        far.connection.send(bytesOf('here'))
        await harness.until(() => near.probe.messages.length === 1)
        near.connection.close(1000)
        await harness.until(() => isDone && isDoneTwice && near.probe.isClosed && far.probe.isClosed)
        let isDoneAgain = false
        calling(() => server.listener.close(() => (isDoneAgain = true)))
        await harness.until(() => isDoneAgain)
        expect(late.probe.isOpened).toBe(false)
        expect(server.accepted).toHaveLength(1)
        late.connection.close(1000)
        await harness.until(() => late.probe.isClosed)

        const again = new ProbeServer(harness.server, address)
        extraServers.push(again)
        await harness.until(() => again.isSettled)
        expect(again.failures).toEqual([])
        const { probe } = dial(new Probe(), again.address)
        await harness.until(() => probe.isOpened)
      })

      test('a listener with open connections says that it is done only where its address is free again', async () => {
        const { near } = await connected()
        let again: ProbeServer | undefined
        server.listener.close(() => {
          again = new ProbeServer(harness.server, address)
          extraServers.push(again)
        })
        near.connection.close(1000)
        await harness.until(() => again?.isSettled === true)
        expect(again?.failures).toEqual([])
      })
    })

    describe('handlers', () => {
      test('send, close and connect never call back before they return', async () => {
        const { near, far } = await connected()
        near.probe.react = (heard) => {
          if (heard.kind === 'message') calling(() => near.connection.send(heard.bytes))
        }
        calling(() => far.connection.send(bytesOf('ping')))
        await harness.until(() => far.probe.messages.length === 1)
        far.probe.react = () => calling(() => far.connection.close(4000))
        calling(() => near.connection.send(bytesOf('last')))
        await harness.until(() => near.probe.isClosed && far.probe.isClosed)
        expect(near.probe.isReentered).toBe(false)
        expect(far.probe.isReentered).toBe(false)
      })

      test('a handler may connect and send from inside any call', async () => {
        const { near, far } = await connected()
        const second = new Probe()
        far.probe.react = (heard) => {
          if (heard.kind === 'message') far.connection.send(bytesOf('answer'))
        }
        near.probe.react = (heard) => {
          if (heard.kind === 'message') calling(() => harness.client.connect(address, second))
        }
        near.connection.send(bytesOf('question'))
        await harness.until(() => second.isOpened)
        expect(second.isReentered).toBe(false)
      })

      test('a handler that throws is reported, and disturbs nobody', async () => {
        const other = await connected()
        const { near, far } = await connected()
        const inMessage = new Error('in message')
        const inClosed = new Error('in closed')
        far.probe.react = (heard) => {
          if (heard.kind === 'message' && text(heard.bytes) === 'throw') throw inMessage
          if (heard.kind === 'closed') throw inClosed
        }
        near.connection.send(bytesOf('throw'))
        near.connection.send(bytesOf('next'))
        other.near.connection.send(bytesOf('other'))
        await harness.until(() => far.probe.messages.length === 2 && other.far.probe.messages.length === 1)
        near.connection.close(4000)
        await harness.until(() => far.probe.isClosed)
        await settle()
        expect(harness.errors).toEqual([inMessage, inClosed])
      })

      test('a handler that throws in opened is reported, and hears everything else', async () => {
        const other = await connected()
        const inNear = new Error('in opened, near')
        const inFar = new Error('in opened, far')
        server.onAccept = ({ probe }) => {
          server.onAccept = undefined
          probe.react = ({ kind }) => {
            if (kind === 'opened') throw inFar
          }
        }
        const probe = new Probe()
        probe.react = ({ kind }) => {
          if (kind === 'opened') throw inNear
        }
        const near = dial(probe)
        await harness.until(() => probe.isOpened && server.accepted[1]?.probe.isOpened === true)
        near.connection.send(bytesOf('still'))
        other.near.connection.send(bytesOf('here'))
        await harness.until(() => server.accepted.every((each) => each.probe.messages.length === 1))
        expect(new Set(harness.errors)).toEqual(new Set([inNear, inFar]))
      })

      test('an accept that throws is reported, costs that connection, and no other', async () => {
        const broken = new Error('in accept')
        server.onAccept = () => {
          server.onAccept = undefined
          throw broken
        }
        const { probe } = dial()
        await harness.until(() => probe.isClosed)
        expect(probe.closes[0]?.code).toBe(1006)
        expect(harness.errors).toEqual([broken])
        await connected()
      })
    })
  })
}
