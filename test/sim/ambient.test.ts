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

test('afterwards the process has its own clock again', () => {
  const before = Date
  const world = simulate({ apps: [chat] })
  ambient = beAmbient(world)
  expect(Date).not.toBe(before)
  ambient.uninstall()
  expect(Date).toBe(before)
  ambient = undefined
})
