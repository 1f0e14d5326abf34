/** Numbers that callers of the simulator give: what is out of range is their error (`bad_option`), never an internal one. */
import { describe, expect, test } from 'vitest'
import {
  beAmbient,
  createGround,
  deliverAfterMs,
  EventQueue,
  Host,
  Link,
  PASS,
  simulate,
  streams,
  unkindClock,
  unkindNetwork,
  type World,
} from 'overworld/sim'
import { chat, chatZone } from 'overworld/scenarios'

const makeWorld = (): World => simulate({ seed: 1, apps: [chat], zones: [chatZone] })
const BAD = [-1, NaN, -Infinity, 1e300, '5' as unknown as number]
const calls: Record<string, (value: number) => unknown> = {
  advance: (ms) => makeWorld().advance(ms),
  advanceUntil: (ms) => makeWorld().advanceUntil(() => false, ms),
  after: (ms) => makeWorld().after(ms, () => {}),
  'client.drop': (ms) => makeWorld().client('alice').drop(ms),
  'client.clog': (ms) => makeWorld().client('alice').clog(ms),
  'client clockOffsetMs': (ms) => makeWorld().client('alice', { clockOffsetMs: ms }),
  'client driftPpm': (ppm) => makeWorld().client('alice', { driftPpm: driftOf(ppm) }),
  'host.pause': (durationMs) => makeWorld().serverHost.pause({ durationMs }),
  'host.setDrift': (ppm) => makeWorld().serverHost.setDrift(driftOf(ppm)),
  'host.jumpClock': (ms) => makeWorld().serverHost.jumpClock(ms),
  'network.configure': (ms) => makeWorld().network.configure({ stream: { connectTimeoutMs: ms } }),
  'network.configure for enet': (ms) => makeWorld().network.configure({ enet: { timeoutMsMax: ms } }),
  seed: (seed) => simulate({ seed, apps: [chat] }),
  createGround: (seed) => createGround({ seed }),
  'link.set': (delayMs) => new Link('a>b', streams(1), { delayMs }),
  'link.clog': (untilUs) => new Link('a>b', streams(1)).clog(untilUs),
  deliverAfterMs,
  'queue.push': (atUs) => new EventQueue().push(atUs, () => {}),
  'queue.runUntil': (atUs) => new EventQueue().runUntil(atUs),
  below: (limit) => streams(1).stream('x').below(limit),
  unkindClock: (timersLateMs) => unkindClock(clockOf(), streams(1).stream('x'), { timersLateMs, closesLateMs: 0 }),
  unkindNetwork(closesLateMs) {
    const world = makeWorld()
    const network = world.network as never
    return unkindNetwork(network, clockOf(), streams(1).stream('x'), { timersLateMs: 0, closesLateMs })
  },
}

/** Below 0 a clock runs slower: that is right. */
function driftOf(ppm: number): number {
  return ppm === -1 ? -100_001 : ppm
}

function clockOf(): { now(): number; setTimer(): { cancel(): void } } {
  return { now: () => 0, setTimer: () => ({ cancel() {} }) }
}

describe.each(Object.entries(calls))('%s', (_name, call) => {
  test.each(BAD)('of %s is bad_option', (value) => {
    expect(() => call(value)).toThrow(expect.objectContaining({ code: 'bad_option' }))
  })
})

test('what a link rule of one’s own says is checked, and rounded up to whole microseconds', () => {
  const link = new Link('a>b', streams(1))
  let verdict = 0.5
  link.addRule({ judge: () => verdict })
  expect(link.send(0, 100)).toBe(1)
  for (const wrong of [NaN, -2, Infinity]) {
    verdict = wrong
    expect(() => link.send(0, 100)).toThrow(expect.objectContaining({ code: 'bad_option' }))
  }
  verdict = PASS
  for (const wrong of [NaN, -1]) {
    expect(() => link.send(wrong, 100)).toThrow(expect.objectContaining({ code: 'bad_option' }))
    expect(() => link.send(0, wrong)).toThrow(expect.objectContaining({ code: 'bad_option' }))
  }
})

test('the edges are taken: no time, an endless pause, a wall clock that goes back, fractions', () => {
  const world = makeWorld()
  world.advance(0)
  world.advance(0.5)
  world.after(0, () => {})
  world.serverHost.setWallClock(-1e12)
  expect(() => world.serverHost.setWallClock(NaN)).toThrow(expect.objectContaining({ code: 'bad_option' }))
  world.serverHost.pause({ durationMs: Infinity })
  world.advance(1)
  expect(() => beAmbient(world, { epochMs: NaN })).toThrow(expect.objectContaining({ code: 'bad_option' }))
  expect(world.serverHost).toBeInstanceOf(Host)
})
