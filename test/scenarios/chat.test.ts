/** The reference chat: how much it makes of what one member sends. */
import { expect, test } from 'vitest'
import { simulate } from '../../sim/index.ts'
import { chat, chatZone } from '../../scenarios/apps/chat.ts'

test('a client that joins and parts all the time costs the others four lists a second', () => {
  const world = simulate({ seed: 1, apps: [chat], zones: [chatZone] })
  let syncs = 0
  let last: readonly string[] = []
  const ben = world.client('ben').client
  const room = ben.app(chat)
  ben.on('session', () => room.join({ handle: 'ben' }))
  room.on('sync', ({ handles }) => {
    syncs++
    last = handles
  })
  ben.connect()
  const flood = world.client('cid').client
  flood.connect()
  world.advance(1_000)
  syncs = 0
  const floodRoom = flood.app(chat)
  for (let turn = 0; turn < 200; turn++) {
    floodRoom.join({ handle: 'cid' })
    world.advance(5)
    floodRoom.part({})
    world.advance(5)
  }
  floodRoom.join({ handle: 'cid' })
  world.advance(300)
  expect(syncs).toBeGreaterThanOrEqual(7)
  expect(syncs).toBeLessThanOrEqual(11)
  // The last list is the true one.
  expect(last).toEqual(['ben', 'cid'])
})

test('a line above 4,096 characters is cut', () => {
  const world = simulate({ seed: 1, apps: [chat], zones: [chatZone] })
  const lengths: number[] = []
  const { client } = world.client('ben')
  const room = client.app(chat)
  client.on('session', () => room.join({ handle: 'ben' }))
  room.on('channel_msg', ({ text }) => lengths.push(text?.length ?? 0))
  client.connect()
  world.advance(1_000)
  room.send('channel_msg', { text: 'x'.repeat(60_000) })
  world.advance(1_000)
  expect(lengths).toEqual([4_096])
})

test('the lines of one member are delivered 500 times a second at most, also where it parts and joins between them', () => {
  const world = simulate({ seed: 1, apps: [chat], zones: [chatZone] })
  const heard = new Map<string, number>()
  const rooms = Array.from({ length: 20 }, (_, i) => {
    const { client } = world.client(`c${i}`)
    const room = client.app(chat)
    client.on('session', () => room.join({ handle: `c${i}` }))
    client.connect()
    return room
  })
  world.advance(1_000)
  rooms[0]?.on('channel_msg', ({ handle = '' }) => heard.set(handle, (heard.get(handle) ?? 0) + 1))
  for (let second = 0; second < 2; second++) {
    for (let i = 0; i < 100; i++) {
      rooms[1]?.send('channel_msg', { text: 'spam' })
      rooms[2]?.send('channel_msg', { text: 'spam' })
      rooms[2]?.part({})
      rooms[2]?.join({ handle: 'c2' })
      if (i % 5 === 0) rooms[3]?.send('channel_msg', { text: 'hello' })
      world.advance(10)
    }
  }
  world.advance(1_000)
  // Those of the first moment, and 25 in each of two seconds.
  expect(heard.get('c1')).toBeGreaterThanOrEqual(74)
  expect(heard.get('c1')).toBeLessThanOrEqual(75)
  expect(heard.get('c2')).toBeLessThanOrEqual(80)
  expect(heard.get('c3')).toBe(40)
})
