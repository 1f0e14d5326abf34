/**
 * Every row of the client's table, and every pair that it ignores, as seen from outside: what the client sends, closes, stores
 * and tells, and which timers it sets (+) and cancels (-). A new row without a fact here fails.
 *
 * Connection 1 is over in all of them; 2 is the present one, or the one that is left for 3.
 */
import { describe, expect, test } from 'vitest'
import { CLIENT_IGNORED, CLIENT_TRANSITIONS, STATUS_OF } from '../../../core/client/client-table.ts'
import type { ClientEvent, ClientState } from '../../../core/client/client-words.ts'
import { protocol } from '../../../core/protocol.ts'
import { observe, type OccasionWorld } from '../support/client-occasions.ts'

type Pair = `${ClientState} ${ClientEvent}`

const FACTS: Readonly<Partial<Record<Pair, readonly string[]>>> = {
  'idle connect_called': ['+connect', 'is connecting', 'dials'],
  'ended connect_called': ['+connect', 'is connecting', 'dials'],
  'waiting connect_called': ['-retry', '+connect', 'is connecting', 'dials'],
  'dialled connect_called': ['-connect', 'closes 2 with 1000', '+connect', 'is connecting', 'dials'],
  'requested connect_called': ['-connect', 'closes 2 with 1000', '+connect', 'is connecting', 'dials'],
  'switching_dialled connect_called': ['-connect', 'closes 3 with 1000', '+connect', 'is connecting', 'dials'],
  'switching_requested connect_called': ['-connect', 'closes 3 with 1000', '+connect', 'is connecting', 'dials'],
  'assigned connect_called': ['-connect', '+connect', 'is connecting', 'dials'],
  'connected connect_called': ['-liveness', '+connect', 'is connecting', 'dials'],
  'reassigned connect_called': ['-liveness', '+connect', 'is connecting', 'dials'],
  'idle disconnect_called': ['is idle'],
  'waiting disconnect_called': ['-retry', 'is idle'],
  'ended disconnect_called': ['is idle'],
  'dialled disconnect_called': ['-connect', 'closes 2 with 1000', 'is idle'],
  'switching_dialled disconnect_called': ['closes 2 with 1000', '-connect', 'closes 3 with 1000', 'is idle'],
  'requested disconnect_called': ['-connect', 'closes 2 with 1000', 'is idle'],
  'switching_requested disconnect_called': ['closes 2 with 1000', '-connect', 'closes 3 with 1000', 'is idle'],
  'assigned disconnect_called': ['-connect', 'closes 2 with 1000', 'is idle'],
  'connected disconnect_called': ['-liveness', 'closes 2 with 1000', 'is idle'],
  'reassigned disconnect_called': ['-liveness', 'closes 2 with 1000', 'is idle'],
  'idle end_called': ['stores none', 'is ended 4000'],
  'waiting end_called': ['-retry', 'stores none', 'is ended 4000'],
  'ended end_called': ['stores none', 'is ended 4000'],
  'dialled end_called': ['-connect', 'closes 2 with 4000', 'stores none', 'is ended 4000'],
  'switching_dialled end_called': [
    'closes 2 with 4000',
    '-connect',
    'closes 3 with 4000',
    'stores none',
    'is ended 4000',
  ],
  'requested end_called': ['-connect', 'closes 2 with 4000', 'stores none', 'is ended 4000'],
  'switching_requested end_called': [
    'closes 2 with 4000',
    '-connect',
    'closes 3 with 4000',
    'stores none',
    'is ended 4000',
  ],
  'assigned end_called': ['-connect', 'closes 2 with 4000', 'stores none', 'is ended 4000'],
  'connected end_called': ['-liveness', 'closes 2 with 4000', 'stores none', 'is ended 4000'],
  'reassigned end_called': ['-liveness', 'closes 2 with 4000', 'stores none', 'is ended 4000'],
  'waiting wake_called': ['-retry', '+connect', 'is connecting', 'dials'],
  'connected wake_called': ['+sign', 'sends session_request for a new session on 2'],
  'reassigned wake_called': ['+sign', 'sends session_request for a new session on 2'],
  'waiting retry_due': ['+connect', 'is connecting', 'dials'],
  'dialled dial_threw': ['+connect', 'is connecting', 'dials', '-connect', 'is idle'],
  'switching_dialled dial_threw': [
    '-liveness',
    '+connect',
    'is connecting',
    'dials',
    'closes 2 with 1000',
    '-connect',
    'is idle',
  ],
  'dialled redial_threw': ['+connect', 'is connecting', 'dials', '-connect', '+retry', 'is waiting 1006'],
  'waiting no_timer': ['-liveness', 'is idle'],
  'dialled opened': ['stores session 1', 'sends session_request on 2'],
  'switching_dialled opened': ['stores session 1', 'sends session_request on 3'],
  'dialled connect_timeout': ['closes 2 with 1000', '+retry', 'is waiting 1006'],
  'switching_dialled connect_timeout': ['closes 2 with 1000', 'closes 3 with 1000', '+retry', 'is waiting 1006'],
  'requested connect_timeout': ['closes 2 with 1000', '+retry', 'is waiting 1006'],
  'switching_requested connect_timeout': ['closes 2 with 1000', 'closes 3 with 1000', '+retry', 'is waiting 1006'],
  'assigned connect_timeout': ['closes 2 with 1000', '+retry', 'is waiting 1006'],
  'connected protocol_message': ['-sign', 'undecodable', '+liveness'],
  'reassigned protocol_message': ['-sign', 'undecodable', '+liveness'],
  'connected alive': ['-sign', '+liveness'],
  'reassigned alive': ['-sign', '+liveness'],
  'connected silent': ['closes 2 with 4004', '+retry', 'is waiting 4004'],
  'reassigned silent': ['closes 2 with 4004', '+retry', 'is waiting 4004'],
  'connected no_sign': ['-liveness', 'closes 2 with 4004', '+retry', 'is waiting 4004'],
  'reassigned no_sign': ['-liveness', 'closes 2 with 4004', '+retry', 'is waiting 4004'],
  'dialled closed': ['-connect', '+retry', 'is waiting 1006'],
  'switching_dialled closed': ['closes 2 with 1000', '-connect', '+retry', 'is waiting 1006'],
  'requested closed': ['-connect', '+retry', 'is waiting 1006'],
  'switching_requested closed': ['closes 2 with 1000', '-connect', '+retry', 'is waiting 1006'],
  'assigned closed': ['-connect', '+retry', 'is waiting 1006'],
  'connected closed': ['-liveness', '+retry', 'is waiting 1006'],
  'reassigned closed': ['-liveness', '+retry', 'is waiting 1006'],
  'dialled closed_for_good': ['-connect', 'is ended 4500'],
  'switching_dialled closed_for_good': ['closes 2 with 1000', '-connect', 'is ended 4500'],
  'requested closed_for_good': ['-connect', 'is ended 4500'],
  'switching_requested closed_for_good': ['closes 2 with 1000', '-connect', 'is ended 4500'],
  'assigned closed_for_good': ['-connect', 'is ended 4500'],
  'connected closed_for_good': ['-liveness', 'is ended 4500'],
  'reassigned closed_for_good': ['-liveness', 'is ended 4500'],
  'dialled failed': ['+retry', 'is waiting 1006'],
  'switching_dialled failed': [
    'sends session_ping on 2',
    '-liveness',
    '+connect',
    'is connecting',
    'dials',
    'closes 2 with 1000',
    '-connect',
    'closes 3 with 1000',
    '+retry',
    'is waiting 1006',
  ],
  'requested failed': ['-connect', 'closes 2 with 1000', '+retry', 'is waiting 1006'],
  'switching_requested failed': ['closes 2 with 1000', '-connect', 'closes 3 with 1000', '+retry', 'is waiting 1006'],
  'assigned failed': ['-connect', 'closes 2 with 1000', '+retry', 'is waiting 1006'],
  'connected failed': ['-liveness', 'closes 2 with 1000', '+retry', 'is waiting 1006'],
  'reassigned failed': ['-liveness', 'closes 2 with 1000', '+retry', 'is waiting 1006'],
  'requested session_new': ['stores session 1'],
  'switching_requested session_new': ['stores session 1', 'closes 2 with 1000'],
  'assigned session_new': ['stores session 2'],
  'connected session_new': ['stores session 2'],
  'reassigned session_new': ['stores session 3'],
  'reassigned session_back': ['stores session 1', 'heard held'],
  'assigned session_again': ['stores session 1'],
  'connected session_again': ['stores session 1'],
  'reassigned session_again': ['stores session 2'],
  'assigned superseded': ['-connect', 'closes 2 with 4000', 'is ended 4501'],
  'connected superseded': ['-liveness', 'closes 2 with 4000', 'is ended 4501'],
  'reassigned superseded': ['-liveness', 'closes 2 with 4000', 'is ended 4501'],
  'assigned session_state': ['-connect', '+liveness', 'is connected', 'session 1'],
  'reassigned session_state': ['-liveness', '+liveness', 'is connected', 'session 2'],
  'requested beacon': ['sends session_ping on 2'],
  'switching_requested beacon': ['sends session_ping on 3'],
  'connected beacon': ['sends session_ping on 2'],
  'requested pong': ['latency 4'],
  'switching_requested pong': ['latency 4'],
  'connected pong': ['latency 4'],
  'requested denied': ['denied no_zone'],
  'switching_requested denied': ['denied no_zone'],
  'connected denied': ['denied no_zone'],
  'requested session_denied': [
    'stores none',
    'session_lost 1',
    'stores none',
    'sends session_request for a new session on 2',
  ],
  'switching_requested session_denied': [
    'stores none',
    'session_lost 1',
    'stores none',
    'sends session_request for a new session on 3',
  ],
  'requested token_outdated': ['stores session 1', 'sends session_request on 2'],
  'switching_requested token_outdated': ['stores session 1', 'sends session_request on 3'],
  'requested undecodable': ['undecodable'],
  'switching_requested undecodable': ['undecodable'],
  'assigned undecodable': ['undecodable'],
  'connected undecodable': ['undecodable'],
  'reassigned undecodable': ['undecodable'],
  'requested app_message': ['stores session 1', '-connect', '+liveness', 'is connected', 'session 1', 'heard a'],
  'switching_requested app_message': [
    'stores session 1',
    'closes 2 with 1000',
    '-connect',
    '+liveness',
    'is connected',
    'session 1',
    'heard a',
  ],
  'assigned app_message': ['-connect', '+liveness', 'is connected', 'session 1', 'heard a'],
  'reassigned app_message': ['-sign', '+liveness', '-liveness', '+liveness', 'is connected', 'session 2', 'heard a'],
  'reassigned app_message_over': ['-sign', '+liveness'],
  'connected app_message': ['-sign', 'heard a', '+liveness'],
}

/** What the network does itself in a pair that is ignored, or the event that follows does; in all others nothing is seen. */
const OF_IGNORED: Readonly<Partial<Record<Pair, readonly string[]>>> = {
  'idle failed': ['sends session_ping on 2', '-liveness', 'closes 2 with 1000', 'is idle'],
  'waiting failed': ['sends session_ping on 2', '-liveness', '+retry', 'is waiting 1006'],
  'requested protocol_message': ['undecodable'],
  'switching_requested protocol_message': ['undecodable'],
  'assigned protocol_message': ['undecodable'],
  'ended failed': ['sends session_ping on 2', '-liveness', 'closes 2 with 4000', 'stores none', 'is ended 4000'],
}

describe('each row', () => {
  test.each(CLIENT_TRANSITIONS.map(({ from, on, to }) => [from, on, to] as const))(
    '%s, on %s, becomes %s',
    (from, on, to) => {
      const right = FACTS[`${from} ${on}`]
      if (right === undefined) throw new Error(`the row '${from} ${on}' has no fact in this file`)
      const world = observe(from, on)
      expect(world.decided).toContain(`${from} ${on}`)
      expect(world.seen).toEqual(right)
      // A message that is held is looked at when it has been told.
      expect(world.client.status.kind).toBe(on === 'app_message' ? 'connected' : STATUS_OF[to])
      checkOutside(world)
    },
  )

  test('has a fact, and each fact a row', () => {
    const rows = CLIENT_TRANSITIONS.map(({ from, on }) => `${from} ${on}`)
    expect(rows.sort()).toEqual(Object.keys(FACTS).sort())
  })
})

describe('each ignored pair', () => {
  test.each(CLIENT_IGNORED.map((each) => [each.in, each.on] as const))('%s, on %s, changes nothing', (state, on) => {
    const world = observe(state, on)
    expect(world.decided).toContain(`${state} ${on}`)
    expect(world.seen).toEqual(OF_IGNORED[`${state} ${on}`] ?? [])
    expect(world.client.status.kind).toBe(STATUS_OF[state])
    checkOutside(world)
  })
})

/** The network and the store have seen what the client's tap was told, and the store is watched where there is a use for it. */
function checkOutside({ network, store, client, seen }: OccasionWorld): void {
  const closes = seen.filter((line) => line.startsWith('closes '))
  const closed = closes.map((line) => Number(line.split(' ')[1]) - 1).map((index) => network.dials[index]?.closedWith)
  expect(closed).toEqual(closes.map((line) => Number(line.split(' ')[3])))
  const sent = seen.flatMap((line) => (line.startsWith('sends ') ? [line.split(' ')[1]] : []))
  const heard = network.dials.flatMap((dial) => dial.sent.map(({ bytes }) => protocol.codec.decode(bytes)))
  const types = heard.map((decoded) => (typeof decoded === 'string' ? decoded : decoded.type))
  // Where sending has thrown, the network has seen nothing of it.
  const last = network.last.isOpen ? types.slice(types.length - sent.length) : sent
  expect(last).toEqual(sent)
  const { kind } = client.status
  expect(store.onChange !== undefined).toBe(kind !== 'idle' && kind !== 'ended')
}
