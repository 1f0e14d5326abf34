/** The links of the simulator pass on what a message follows from: each message of one side from a send of the other. */
import { expect, test } from 'vitest'
import type { Moment } from '../../core/index.ts'
import { chat, chatZone } from '../../scenarios/apps/chat.ts'
import { simulate } from '../../sim/index.ts'

test.each(['websocket', 'enet'] as const)('a message over %s follows from the send at the other end', (transport) => {
  const world = simulate({ seed: 1, apps: [chat], zones: [chatZone] })
  let here: Moment = { number: 0, cause: 0 }
  let there: Moment = here
  /** What was sent, by the number of its event. */
  const sent = new Map<number, string>()
  const atServer: (string | undefined)[] = []
  const atClient: (string | undefined)[] = []
  const anna = world.client('anna', { transport, link: { duplicate: 0.2, jitterMs: 30 } })
  world.server.tap({
    attached: (moment) => (here = moment),
    message: () => atServer.push(sent.get(here.cause)),
    send: (_link, _bytes, _delivery, message) => sent.set(here.number, `server ${message?.type}`),
  })
  anna.client.tap({
    attached: (moment) => (there = moment),
    message: () => atClient.push(sent.get(there.cause)),
    send: (_link, _bytes, _delivery, _app, type) => sent.set(there.number, `client ${type}`),
  })
  anna.connect()
  world.advance(500)
  anna.room(chat).join({ handle: 'anna' })
  anna.room(chat).send('channel_msg', { text: 'hello' })
  world.advance(500)
  expect(atServer).toEqual([
    'client session_request',
    'client session_ping',
    'client join',
    'client channel_msg',
    'client session_ping',
  ])
  expect(atClient).toEqual(
    expect.arrayContaining(['server session_new', 'server session_beacon', 'server channel_msg']),
  )
  expect(atClient.every((cause) => cause?.startsWith('server ') === true)).toBe(true)
})
