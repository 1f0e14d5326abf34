/** The parrot, in the simulator and over a real connection. */
import { expect, test } from 'vitest'
import { createClient, nextMessage, whenConnected } from 'overworld/client'
import { chat, chatZone } from 'overworld/scenarios'
import { simulate } from 'overworld/sim'
import { systemClock, webSocketNetwork } from 'overworld/transports'
import { startParrot } from '../../examples/npc/npc.ts'
import { startProgram } from './program.ts'

test('the parrot is a member like everyone, and repeats what it hears', () => {
  const world = simulate({ apps: [chat], zones: [chatZone] })
  startParrot(world.server)
  const alice = world.client('alice')
  const heard: unknown[] = []
  const members: unknown[] = []
  alice.room(chat).on('channel_msg', (message) => heard.push(message))
  alice.room(chat).on('sync', ({ handles }) => members.push(handles))
  alice.connect()
  world.advance(200)
  alice.room(chat).join({ handle: 'alice' })
  world.advance(100)
  alice.room(chat).send('channel_msg', { text: 'hello' })
  world.advance(100)
  expect(members).toEqual([['parrot', 'alice']])
  expect(heard).toEqual([
    { handle: 'alice', text: 'hello' },
    { handle: 'parrot', text: 'hello! hello!' },
  ])
})

test('the program serves it', async () => {
  const program = await startProgram('examples/npc/main.ts', '0')
  const client = createClient({ address: program.address, network: webSocketNetwork({ clock: systemClock() }) })
  client.connect()
  await whenConnected(client)
  const room = client.app(chat)
  room.join({ handle: 'alice' })
  expect((await nextMessage(room, 'sync')).handles).toEqual(['parrot', 'alice'])
  client.end()
  expect(await program.stop()).toBe(0)
})
