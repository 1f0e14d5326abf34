/** Zones that use the ambient clock run in virtual time too. */
import { afterEach, expect, test } from 'vitest'
import { chat } from '../../scenarios/index.ts'
import { beAmbient, simulate, type Ambient, type World } from '../../sim/index.ts'

let ambient: Ambient | undefined

afterEach(() => ambient?.uninstall())

/** A zone written by someone who has not heard of `zone.setTimer`. */
const carelessZone = chat.defineZone({
  init: (zone) => {
    setInterval(() => zone.broadcast('channel_msg', { text: `it is ${Date.now()}` }), 1_000)
  },
  rpc: {
    channel_msg(message, _session, zone) {
      const saidAt = Date.now()
      setTimeout(() => zone.broadcast('channel_msg', { text: `${message.text} ${Date.now() - saidAt}` }), 2_500)
    },
  },
})

function carelessWorld(): { readonly world: World; readonly heard: string[] } {
  const heard: string[] = []
  const world = simulate({ seed: 1, apps: [chat] })
  ambient = beAmbient(world, { epochMs: 0 })
  world.server.zones.start(carelessZone)
  const alice = world.client('alice')
  alice.room(chat).on('channel_msg', ({ text }) => heard.push(`${world.nowMs} ${text}`))
  alice.client.on('session', () => alice.room(chat).join({}))
  alice.connect()
  world.advance(150)
  alice.room(chat).send('channel_msg', { text: 'hello' })
  return { world, heard }
}

test('Date, setTimeout and setInterval of a zone run in virtual time', () => {
  const { world, heard } = carelessWorld()
  world.advance(3_500)
  expect(heard).toEqual(['1020 it is 1000', '2020 it is 2000', '2690 hello 2500', '3020 it is 3000'])
})

test('a timer that was cleared does not fire, and immediates run at the same virtual time', () => {
  const world = simulate({ apps: [chat] })
  ambient = beAmbient(world)
  const fired: string[] = []
  const interval = setInterval(() => fired.push('interval'), 100)
  clearTimeout(setTimeout(() => fired.push('cleared'), 50))
  setImmediate(() => fired.push(`immediate at ${world.nowMs}`))
  world.advance(250)
  clearInterval(interval)
  world.advance(1_000)
  expect(fired).toEqual(['immediate at 0', 'interval', 'interval'])
})

test('a wall clock that is set back or forward shows in Date alone: timers count what has passed', () => {
  const world = simulate({ apps: [chat] })
  ambient = beAmbient(world, { epochMs: 1_000_000 })
  const seen: string[] = []
  const note = (what: string): void => void seen.push(`${world.nowMs}: ${what} at ${Date.now()}`)
  setInterval(() => note('interval'), 1_000)
  setTimeout(() => note('timeout'), 2_500)
  world.advance(500)
  world.serverHost.setWallClock(-600_000)
  expect(new Date().getTime()).toBe(400_500)
  expect(Date()).toBe(new Date(400_500).toString())
  world.advance(1_000)
  world.serverHost.setWallClock(700_000)
  world.advance(1_500)
  expect(seen).toEqual([
    '1000: interval at 401000',
    '2000: interval at 1102000',
    '2500: timeout at 1102500',
    '3000: interval at 1103000',
  ])
  expect(world.serverHost.clock.now()).toBe(3_000)
  expect(() => world.serverHost.setWallClock(NaN)).toThrow(expect.objectContaining({ code: 'bad_option' }))
})

test('it is the clock of one machine: it leaps and drifts with it, waits while it is paused, and dies when it crashes', () => {
  const world = simulate({ apps: [chat] })
  ambient = beAmbient(world, { epochMs: 0 })
  const fired: number[] = []
  setInterval(() => fired.push(world.nowMs), 1_000)
  world.advance(1_500)
  world.serverHost.jumpClock(10_000)
  expect(Date.now()).toBe(11_500)
  world.serverHost.pause({ durationMs: 1_500 })
  world.advance(2_000)
  world.crashServer()
  world.restartServer()
  world.advance(5_000)
  // What was due at 2 s ran at the end of the pause; the one after that in its time.
  expect(fired.slice(0, 2)).toEqual([1_000, 3_000])
  expect(Math.max(...fired)).toBeLessThanOrEqual(3_500)
})

test('it can be that of a client', () => {
  const world = simulate({ apps: [chat] })
  const alice = world.client('alice')
  ambient = beAmbient(world, { epochMs: 0, host: alice.host })
  world.serverHost.setWallClock(5_000)
  expect(Date.now()).toBe(0)
  alice.host.setWallClock(7_000)
  expect(Date.now()).toBe(7_000)
})

test('afterwards the process has its own clock again', () => {
  const before = Date
  const world = simulate({ apps: [chat] })
  ambient = beAmbient(world)
  expect(Date).not.toBe(before)
  ambient.uninstall()
  expect(Date).toBe(before)
  ambient = undefined
})

test('the process gets its own timers back', () => {
  const { setTimeout: timeout, setInterval: interval, setImmediate: immediate, clearInterval: clear } = globalThis
  carelessWorld()
  ambient?.uninstall()
  expect([setTimeout, setInterval, setImmediate, clearInterval]).toEqual([timeout, interval, immediate, clear])
})
