/** What must hold of any two programs on the simulated TCP, whatever they do and whatever the links do to them. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LinkSettings } from '../../../sim/index.ts'
import type { TcpSocket } from '../../../sim/wire/index.ts'
import { WireStacks } from './wire-stacks.ts'

type Side = 'client' | 'server'

type Act =
  | { readonly do: 'write'; readonly side: Side; readonly bytes: number }
  | { readonly do: 'end' | 'destroy' | 'reset'; readonly side: Side }
  | { readonly do: 'pause' | 'resume' | 'read slowly' | 'read again'; readonly side: Side }
  | { readonly do: 'outage'; readonly forMs: number; readonly direction: 'both' | 'one-way' }
  | { readonly do: 'stand still'; readonly side: Side; readonly forMs: number; readonly what: 'process' | 'machine' }

type Step = Act & { readonly afterMs: number }

const side = fc.constantFrom<Side>('client', 'server')
const afterMs = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(60), fc.nat(4000))
const forMs = fc.integer({ min: 1, max: 6000 })
const sizes = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 4000 }), fc.nat(200_000))

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ afterMs, do: fc.constant('write' as const), side, bytes: sizes }) },
  { weight: 3, arbitrary: fc.record({ afterMs, do: fc.constantFrom('end' as const), side }) },
  { weight: 1, arbitrary: fc.record({ afterMs, do: fc.constantFrom('destroy' as const, 'reset' as const), side }) },
  {
    weight: 3,
    arbitrary: fc.record({
      afterMs,
      do: fc.constantFrom('pause' as const, 'resume' as const, 'read slowly' as const, 'read again' as const),
      side,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      afterMs,
      do: fc.constant('outage' as const),
      forMs,
      direction: fc.constantFrom('both' as const, 'one-way' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      afterMs,
      do: fc.constant('stand still' as const),
      side,
      forMs,
      what: fc.constantFrom('process' as const, 'machine' as const),
    }),
  },
)

const weather: fc.Arbitrary<Partial<LinkSettings>> = fc.record({
  delayMs: fc.constantFrom(0, 1, 40, 300),
  jitterMs: fc.constantFrom(0, 0, 20),
  loss: fc.constantFrom(0, 0, 0.02, 0.2),
  duplicate: fc.constantFrom(0, 0, 0.2),
  reorder: fc.constantFrom(0, 0, 0.2),
  corrupt: fc.constantFrom(0, 0, 0.05),
  rateBytesPerSecond: fc.constantFrom(0, 0, 20_000),
  limitPackets: fc.constantFrom(5, 1000),
})

/** Patience for the worst weather: far more than any of it can take. */
const STREAM = { userTimeoutMs: 7_200_000, connectTimeoutMs: 7_200_000 }
const DAY_MS = 86_400_000

/** Everything that one side wrote and heard. */
class Observed {
  readonly written: Uint8Array[] = []
  readonly heard: Uint8Array[] = []
  readonly after: string[] = []
  writes = 0
  callbacks = 0
  hasEnded = false
  hasBroken = false
  hasFinished = false
  closes = 0
  socket: TcpSocket | undefined

  attach(socket: TcpSocket): void {
    this.socket = socket
    socket.on('data', (chunk: Uint8Array) => {
      if (this.hasEnded || this.closes > 0) this.after.push('data')
      this.heard.push(chunk)
    })
    socket.on('end', () => {
      if (this.hasEnded || this.closes > 0) this.after.push('end')
      this.hasEnded = true
    })
    socket.on('finish', () => (this.hasFinished = true))
    socket.on('error', () => {
      if (this.hasBroken || this.closes > 0) this.after.push('error')
      this.hasBroken = true
    })
    socket.on('close', (hadError: boolean) => {
      if (hadError !== this.hasBroken) this.after.push(`close ${hadError}`)
      this.closes += 1
    })
  }

  write(bytes: number): void {
    const { socket } = this
    if (socket === undefined || socket.destroyed || socket.writableEnded) return
    const chunk = Buffer.alloc(bytes)
    for (let i = 0; i < bytes; i++) chunk[i] = (this.writes * 31 + i * 7) & 0xff
    this.writes += 1
    this.written.push(chunk)
    socket.write(chunk, () => (this.callbacks += 1))
  }
}

class Conversation {
  readonly world: WireStacks
  readonly ends: Readonly<Record<Side, Observed>> = { client: new Observed(), server: new Observed() }
  /** Somebody let go of it without waiting for the end. */
  isRude = false

  constructor(seed: number, links: Partial<LinkSettings>, stream = STREAM) {
    this.world = new WireStacks({ seed, stream })
    this.world.setLinks(links)
    this.world.listen((socket) => this.ends.server.attach(socket))
    const { tcp } = this.world.stacksOf(this.world.client)
    this.ends.client.attach(tcp.connect('server', 80, { allowHalfOpen: true }))
  }

  async play(steps: readonly Step[], restMs: number): Promise<void> {
    for (const each of steps) {
      await this.world.advance(each.afterMs)
      this.#perform(each)
    }
    for (const of of ['client', 'server'] as const) this.#read(of)
    // Weather is over: what was lost is sent again, and arrives.
    this.world.setLinks({ loss: 0, corrupt: 0, rateBytesPerSecond: 0, limitPackets: 1000 })
    await this.world.advance(restMs)
  }

  /** Both say that they are done, and have the time to hear it of each other. Who was let go of may never hear so. */
  async part(): Promise<void> {
    for (const { socket } of Object.values(this.ends)) if (socket?.destroyed === false) socket.end()
    await this.world.advance(DAY_MS)
    if (!this.isRude) return
    for (const { socket } of Object.values(this.ends)) socket?.destroy()
    await this.world.advance(DAY_MS)
  }

  #perform(act: Act): void {
    const { world, ends } = this
    switch (act.do) {
      case 'write':
        ends[act.side].write(act.bytes)
        return
      case 'end':
        ends[act.side].socket?.end()
        return
      case 'destroy':
        this.isRude = true
        ends[act.side].socket?.destroy()
        return
      case 'reset':
        this.isRude = true
        ends[act.side].socket?.resetAndDestroy()
        return
      case 'pause':
        ends[act.side].socket?.pause()
        return
      case 'resume':
        ends[act.side].socket?.resume()
        return
      case 'read slowly':
      case 'read again':
        for (const each of world.network.connectionsOf(world.client)) each.setReading(act.side, act.do === 'read again')
        return
      case 'outage': {
        const outage = world.network.paths.partition([world.client], [world.server], act.direction)
        world.ground.queue.push(world.ground.queue.nowUs + act.forMs * 1000, () => outage.heal())
        return
      }
      case 'stand still':
        world[act.side].pause({ durationMs: act.forMs, what: act.what })
    }
  }

  #read(of: Side): void {
    for (const each of this.world.network.connectionsOf(this.world.client)) each.setReading(of, true)
    this.ends[of].socket?.resume()
  }
}

const conversation = fc.record({ seed: fc.nat(), links: weather, steps: fc.array(step, { maxLength: 14 }) })

/** Bytes in order, each once: what was heard is how what was written begins. */
function expectInOrder(listener: Observed, speaker: Observed): void {
  const written = Buffer.concat(speaker.written)
  const heard = Buffer.concat(listener.heard)
  expect(heard.equals(written.subarray(0, heard.length))).toBe(true)
  expect(listener.after).toEqual([])
  expect(listener.closes).toBeLessThanOrEqual(1)
}

/** An end is the end of everything, not of a part of it. */
function expectWholeIfEnded(listener: Observed, speaker: Observed): void {
  const isPartial = bytesIn(listener.heard) < bytesIn(speaker.written)
  expect(listener.hasEnded && speaker.hasFinished && isPartial).toBe(false)
}

function bytesIn(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0)
}

test('bytes arrive in order, each once, and all of them unless somebody lets go; both learn how it ended', async () => {
  await fc.assert(
    fc.asyncProperty(conversation, async ({ seed, links, steps }) => {
      const played = new Conversation(seed, links)
      await played.play(steps, DAY_MS)
      await played.part()
      const { client, server } = played.ends
      for (const [listener, speaker] of [
        [client, server],
        [server, client],
      ] as const) {
        expectInOrder(listener, speaker)
        expectWholeIfEnded(listener, speaker)
        if (played.isRude) continue
        expect(listener.hasBroken).toBe(false)
        expect(listener.hasEnded).toBe(true)
        expect(bytesIn(listener.heard)).toBe(bytesIn(speaker.written))
      }
      for (const end of [client, server]) {
        if (end.socket === undefined) continue
        expect(end.closes).toBe(1)
        expect(end.callbacks).toBe(end.writes)
      }
      expectNothingLeft(played.world)
    }),
    { seed: 1, numRuns: 300 },
  )
})

const fault = fc.record({
  afterMs,
  side,
  fault: fc.constantFrom('reset', 'half-close', 'half-open', 'cut', 'silent crash', 'crash', 'new address'),
})
type Fault = typeof fault extends fc.Arbitrary<infer Value> ? Value : never

async function strike({ world }: Conversation, { afterMs: waitMs, side: at, fault: what }: Fault): Promise<void> {
  await world.advance(waitMs)
  const [connection] = world.network.connectionsOf(world.client)
  const host = world[at]
  if (what === 'reset') connection?.reset(at)
  else if (what === 'half-close') connection?.halfClose(at)
  else if (what === 'half-open') connection?.halfOpen()
  else if (what === 'cut') connection?.cut(at)
  else if (what === 'new address') host.changeAddress(`10.9.9.${world.ground.queue.nowUs % 200}`)
  else if (host.status !== 'off') host.crash({ connections: what === 'crash' ? 'reset' : 'silent' })
}

test('after any fault what was heard is how what was written begins, and nothing is left once both have let go', async () => {
  await fc.assert(
    fc.asyncProperty(
      conversation,
      fault,
      fc.array(step, { maxLength: 6 }),
      async ({ seed, links, steps }, hit, more) => {
        const played = new Conversation(seed, links, { userTimeoutMs: 20_000, connectTimeoutMs: 15_000 })
        await played.play(steps, 0)
        await strike(played, hit)
        await played.play(more, 100_000)
        const { client, server } = played.ends
        for (const { socket } of [client, server]) socket?.destroy()
        await played.world.advance(DAY_MS)
        expectInOrder(client, server)
        expectInOrder(server, client)
        if (hit.fault !== 'half-close') {
          expectWholeIfEnded(client, server)
          expectWholeIfEnded(server, client)
        }
        expectNothingLeft(played.world)
      },
    ),
    { seed: 2, numRuns: 300 },
  )
})

function expectNothingLeft(world: WireStacks): void {
  expect(world.network.connectionsOf(world.client)).toEqual([])
  expect(world.stacksOf(world.client).tcp.openSockets).toBe(0)
  expect(world.stacksOf(world.server).tcp.openSockets).toBe(0)
  expect(world.ground.queue.depth).toBe(0)
}
