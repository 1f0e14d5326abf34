/** The links of the simulator pass on what a message follows from. */
import { expect, test } from 'vitest'
import type { Moment } from '../../core/index.ts'
import { chat, chatZone } from '../../scenarios/apps/chat.ts'
import { simulate } from '../../sim/index.ts'

test.each(['websocket', 'enet'] as const)('a message over %s follows from the send at the other end', (transport) => {
  const world = simulate({ seed: 1, apps: [chat], zones: [chatZone] })
  let moment: Moment = { number: 0, cause: 0 }
  const sends = new Map<number, string>()
  const causes: (string | undefined)[] = []
  // The test numbers what the client sends, as a tap of the client would.
  const { causes: numbers } = world.ground
  world.server.tap({
    attached: (given) => (moment = given),
    message: () => causes.push(sends.get(moment.cause)),
  })
  const anna = world.client('anna', { transport })
  anna.connect()
  world.advance(500)
  causes.length = 0
  numbers.sending = ++numbers.last
  sends.set(numbers.sending, 'join')
  anna.room(chat).join({ handle: 'anna' })
  numbers.sending = ++numbers.last
  sends.set(numbers.sending, 'line')
  anna.room(chat).send('channel_msg', { text: 'hello' })
  numbers.sending = 0
  world.advance(200)
  expect(causes.filter((cause) => cause !== undefined)).toEqual(['join', 'line'])
})
