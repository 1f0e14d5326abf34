/** Whose a recorded connection was, and what of it becomes a step. */
import { protocol } from 'overworld'
import { arena, chat, readScenario, runScenario, type Scenario, type Step } from 'overworld/scenarios'
import { describe, expect, test } from 'vitest'
import { referenceApps } from './support/reference-apps.ts'
import { WrittenRecording } from './support/written-recording.ts'

const recording = (): WrittenRecording => new WrittenRecording().at(0)

/** Without `atMs`, and without what is beside the point. */
function stepsOf({ steps }: Scenario): object[] {
  return steps.map(({ atMs: _atMs, ...rest }) => rest)
}

/** A client that joined over connection 1 at 1 s. */
function alice(): WrittenRecording {
  return recording()
    .accepted(1)
    .at(1_000)
    .requested(1)
    .told(1, 7, 'first')
    .at(1_100)
    .said(1, chat, 'join', { handle: 'alice' })
}

const JOINED = { do: 'join', client: 'client1', message: { handle: 'alice' } }

describe('whose a connection is', () => {
  test('a connection with a token that the recording has issued is the same client', () => {
    const { scenario } = alice()
      .at(2_000)
      .closed(1, 1001)
      .at(2_500)
      .accepted(2)
      .at(2_600)
      .requested(2, 'first')
      .told(2, 7, 'second')
      .at(3_000)
      .said(2, chat, 'channel_msg', { text: 'back' })
      .asScenario()
    expect(scenario.clients.map(({ name }) => name)).toEqual(['client1'])
    expect(stepsOf(scenario)).toEqual([
      JOINED,
      { do: 'disconnect', client: 'client1' },
      { do: 'connect', client: 'client1' },
      { do: 'send', client: 'client1', type: 'channel_msg', message: { text: 'back' } },
    ])
    // Everything begins as long before the server saw it as it takes to get there.
    expect(scenario.steps.map(({ atMs }) => atMs)).toEqual([180, 1_040, 1_600, 2_080])
  })

  test('one without a token, or with a token of somebody unknown, is a new client, whatever its address', () => {
    const { scenario } = alice()
      .accepted(2)
      .requested(2)
      .told(2, 8, 'other')
      .accepted(3)
      .requested(3, 'from before')
      .told(3, 9, 'third')
      .asScenario()
    expect(scenario.clients.map(({ name }) => name)).toEqual(['client1', 'client2', 'client3'])
  })

  test('a client that comes over another transport says so', () => {
    const { scenario } = alice()
      .at(2_000)
      .accepted(2, 'enet')
      .requested(2, 'first')
      .told(2, 7, 'second')
      .at(2_010)
      .closing(1, 4501)
      .closed(1, 4501)
      .asScenario()
    expect(stepsOf(scenario)).toEqual([JOINED, { do: 'connect', client: 'client1', transport: 'enet' }])
  })

  test('a tab with a token that was used up by another becomes a client of its own', () => {
    const { scenario } = alice()
      .at(2_000)
      .accepted(2)
      .requested(2, 'first')
      .told(2, 7, 'second')
      .closing(1, 4501)
      .closed(1, 4501)
      .at(9_000)
      .accepted(3)
      .requested(3, 'first')
      .requested(3)
      .told(3, 8, 'third')
      .at(9_100)
      .said(3, chat, 'join', { handle: 'tab' })
      .at(9_200)
      .said(2, chat, 'channel_msg', { text: 'still here' })
      .asScenario()
    expect(stepsOf(scenario)).toEqual([
      JOINED,
      { do: 'connect', client: 'client1' },
      { do: 'join', client: 'client2', message: { handle: 'tab' } },
      { do: 'send', client: 'client1', type: 'channel_msg', message: { text: 'still here' } },
    ])
    expect(scenario.clients[1]).toMatchObject({ name: 'client2', startAtMs: 8_000 })
  })

  test('a request that is turned away leaves the client where it is', () => {
    const { scenario } = alice()
      .at(2_000)
      .accepted(2)
      .requested(2, 'first')
      .closing(2, 4501)
      .closed(2, 4501)
      .at(3_000)
      .said(1, chat, 'channel_msg', { text: 'still here' })
      .asScenario()
    expect(stepsOf(scenario)).toEqual([
      JOINED,
      { do: 'send', client: 'client1', type: 'channel_msg', message: { text: 'still here' } },
    ])
  })

  test('connections without a session are left out, and counted', () => {
    const { scenario, omissions } = alice()
      .accepted(2)
      .heard(2, Uint8Array.of(1))
      .accepted(3)
      .closed(3, 1006)
      .asScenario()
    expect(scenario.clients.length).toBe(1)
    expect(omissions).toEqual(['2 connections without a session, with 1 message on them'])
  })

  test('where the beginning is missing, who is there begins anew', () => {
    const { scenario, omissions } = recording()
      .at(1_000)
      .said(5, chat, 'channel_msg', { text: 'in the middle' })
      .at(2_000)
      .told(5, 3, 'known')
      .closed(5, 1000)
      .at(3_000)
      .accepted(6, 'enet')
      .requested(6, 'known')
      .told(6, 3, 'next')
      .asScenario()
    expect(scenario.clients).toEqual([{ name: 'client1', app: 'chat', transport: 'websocket', scripted: true }])
    expect(stepsOf(scenario).slice(1)).toEqual([
      { do: 'disconnect', client: 'client1' },
      { do: 'connect', client: 'client1', transport: 'enet' },
    ])
    expect(omissions).toEqual(['how 1 connection came about: the recording lacks its beginning'])
  })
})

describe('how a connection ended', () => {
  const endings: readonly [string, (written: WrittenRecording) => WrittenRecording, readonly Step['do'][]][] = [
    ['with 4000: the client ended its session', (written) => written.closed(1, 4000), ['end']],
    ['with a goodbye: it disconnects', (written) => written.closed(1, 1001), ['disconnect']],
    [
      'without one: the connection breaks, and it stays away',
      (written) => written.closed(1, 1006),
      ['reset', 'disconnect'],
    ],
    [
      'given up as silent: it fell silent',
      (written) => written.closing(1, 4004).closed(1, 1006),
      ['half_open', 'disconnect'],
    ],
    [
      'closed by the server for something that will happen again: nothing',
      (written) => written.closing(1, 4500).closed(1, 4500),
      [],
    ],
  ]
  test.each(endings)('%s', (_, end, expected) => {
    const { scenario } = end(alice().at(20_000)).asScenario()
    expect(scenario.steps.slice(1).map((step) => step.do)).toEqual(expected)
  })

  test('what fell silent did so when it was last heard', () => {
    const { scenario } = alice().at(20_000).closing(1, 4004).closed(1, 1006).asScenario()
    expect(scenario.steps.map(({ atMs }) => atMs)).toEqual([180, 180, 180])
  })
})

describe('what was said', () => {
  test('is readable, bytes included', () => {
    const { scenario } = alice().said(1, chat, 'channel_msg', { text: 'hello' }).asScenario()
    expect(stepsOf(scenario)[1]).toEqual({
      do: 'send',
      client: 'client1',
      type: 'channel_msg',
      message: { text: 'hello' },
    })
  })

  test('is kept as it is where it is malformed, of nobody, or would not come out the same', () => {
    const odd = [
      Uint8Array.of(0, 0, 0x7a, 0x7f),
      Uint8Array.of(0xff, 0xfe, 1),
      Uint8Array.of(9),
      // The same field twice: only the last would be written again.
      Uint8Array.of(...chat.codec.encode('channel_msg', { text: 'a' }), 0x1a, 0x03, 0x12, 0x01, 0x62),
      protocol.codec.encode('session_pong', { latency: 1 }),
    ]
    const written = alice()
    for (const bytes of odd) written.heard(1, bytes)
    const { scenario } = written.asScenario()
    const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
    expect(stepsOf(scenario).slice(1)).toEqual(
      odd.map((bytes) => ({ do: 'send_bytes', client: 'client1', base64: base64(bytes) })),
    )
  })

  test('of the session protocol is the client’s own business', () => {
    const { scenario } = alice()
      .heard(1, protocol.codec.encode('session_ping', { id: 3 }))
      .requested(1)
      .asScenario()
    expect(stepsOf(scenario)).toEqual([JOINED])
  })

  test('on a connection that was replaced is left out', () => {
    const { scenario } = alice()
      .at(2_000)
      .accepted(2)
      .requested(2, 'first')
      .told(2, 7, 'second')
      .said(1, chat, 'channel_msg', { text: 'too late' })
      .asScenario()
    expect(stepsOf(scenario)).toEqual([JOINED, { do: 'connect', client: 'client1' }])
  })

  test('over ENet has the delivery that it had, where that is not the usual one', () => {
    const input = { seq: 1, dx: 1, dy: 0 }
    const written = recording().accepted(1, 'enet').requested(1).told(1, 1, 'token')
    written.said(1, arena, 'input', input, { mode: 'unsequenced', channel: 1 })
    written.said(1, arena, 'input', input, { mode: 'reliable', channel: 2 })
    const { scenario } = written.asScenario()
    const usual = { do: 'send', client: 'client1', type: 'input', message: input }
    expect(scenario.clients[0]).toMatchObject({ app: 'arena', transport: 'enet' })
    expect(stepsOf(scenario)).toEqual([usual, { ...usual, delivery: { mode: 'reliable', channel: 2 } }])
  })

  test('to another app than the first names it', () => {
    const { scenario } = alice().said(1, chat, 'part', {}).said(1, arena, 'join', { handle: 'a' }).asScenario()
    expect(stepsOf(scenario).slice(1)).toEqual([
      { do: 'part', client: 'client1', message: {} },
      { do: 'join', client: 'client1', app: 'arena', message: { handle: 'a' } },
    ])
  })
})

describe('what was called from outside', () => {
  test('is done again where a scenario has words for it, and named where not', () => {
    const { scenario, omissions } = alice()
      .at(2_000)
      .called({ on: { session: 7 }, method: 'set disconnectTimeout', args: [{ number: Infinity }] })
      .called({ on: { session: 7 }, method: 'disconnect', args: [] })
      .called({ on: { zone: { app: 0, name: 'chat' } }, method: 'remove', args: [{ session: 7 }] })
      .called({
        on: { zone: { app: 0, name: 'chat' } },
        method: 'tell',
        args: [{ object: { names: ['day', 'who'], values: [{ number: 3 }, { list: { items: [{ text: 'x' }] } }] } }],
      })
      .called({ on: { session: 7 }, method: 'stop', args: [] })
      .called({ on: { session: 99 }, method: 'stop', args: [] })
      .called({ on: { place: 'program' }, method: 'addParrot', args: [] })
      .asScenario()
    expect(stepsOf(scenario).slice(1)).toEqual([
      { do: 'set_timeout', client: 'client1', timeoutMs: 'never' },
      { do: 'drop_session', client: 'client1' },
      { do: 'remove', client: 'client1' },
      { do: 'tell', app: 'chat', zone: 'chat', message: { day: 3, who: ['x'] } },
      { do: 'stop_session', client: 'client1' },
    ])
    expect(omissions).toEqual(['a call of session.stop from outside', 'a call of program.addParrot from outside'])
  })

  test('ends the scenario where it ended the server', () => {
    const { scenario } = alice()
      .at(5_000)
      .called({ on: { place: 'server' }, method: 'drain', args: [{ number: 1 }] })
      .at(6_000)
      .closing(1, 4009)
      .closed(1, 4009)
      .asScenario()
    expect(stepsOf(scenario)).toEqual([JOINED])
    expect(scenario.durationMs).toBe(4_100)
  })

  test('and so does a command of the program that stops its server', () => {
    const { scenario, omissions } = alice()
      .at(5_000)
      .called({ on: { place: 'program' }, method: 'closeForTheNight', args: [] })
      .closesListener()
      .at(6_000)
      .closed(1, 4009)
      .asScenario()
    expect(stepsOf(scenario)).toEqual([JOINED])
    expect(omissions).toEqual([])
  })
})

describe('the server', () => {
  test('has the timeouts that it had, and what a scenario cannot say is named', () => {
    const configuration =
      '{"server":{"disconnectTimeout":"never","livenessTimeout":0,"limits":{"sessions":5,"messageBytes":9}}}'
    const { scenario, omissions } = alice().asScenario({ configuration })
    expect(scenario.server).toEqual({ disconnectTimeoutMs: 'never', livenessTimeoutMs: 0, sessionsMax: 5 })
    expect(omissions).toEqual(["the server's option limits.messageBytes"])
  })
})

test('a redacted recording, one without clients, and one of another app are refused', () => {
  expect(() => alice().asScenario({ isRedacted: true })).toThrow(/redacted/)
  expect(() => recording().accepted(1).asScenario()).toThrow(/nobody/)
  const apps = [{ name: 'lobby', prefix: 7, schemaHash: '' }]
  expect(() => alice().asScenario({ apps })).toThrow(/'lobby' \(prefix 7\)/)
})

test('odd bytes do to the server of now what they did: malformed ones close their connection', () => {
  const { scenario } = alice()
    .heard(1, Uint8Array.of(0xff, 0xfe, 1))
    .heard(1, Uint8Array.of(0, 0, 0x0a, 0x7f))
    .asScenario()
  const result = runScenario(readScenario(JSON.parse(JSON.stringify(scenario))), { apps: referenceApps })
  expect(result.failure).toBeUndefined()
  expect(result.goals.get('malformed input')).toBe(1)
  expect(result.clients.get('client1')).toMatchObject({ status: 'ended' })
})
