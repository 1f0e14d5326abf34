/** Clients that say what their steps say: when it is said, when it waits, and when it is lost. */
import { chat, readScenario, runScenario, type RunResult, type Scenario, type Step } from 'overworld/scenarios'
import { describe, expect, test } from 'vitest'
import { referenceApps } from './support/reference-apps.ts'

interface Told {
  readonly result: RunResult
  /** What the server heard of the chat before the network healed, such as `join alice`. */
  readonly heard: readonly string[]
}

function run(steps: readonly Step[], scenario: Partial<Scenario> = {}): Told {
  const heard: string[] = []
  let isOver = false
  const whole: Scenario = {
    version: 1,
    name: 'scripted',
    seed: 1,
    durationMs: 20_000,
    server: {},
    clients: [{ name: 'alice', app: 'chat', transport: 'websocket', scripted: true }],
    steps,
    ...scenario,
  }
  const result = runScenario(readScenario(JSON.parse(JSON.stringify(whole))), {
    apps: referenceApps,
    onEvent(event) {
      if (event.kind === 'phase') isOver = true
      if (isOver || event.kind !== 'turn' || event.turn.input.kind !== 'message') return
      const decoded = event.turn.input.bytes[1] === chat.prefix ? chat.codec.decode(event.turn.input.bytes) : 'empty'
      if (typeof decoded !== 'string') heard.push([decoded.type, ...Object.values(decoded.message)].join(' '))
    },
  })
  expect(result.failure).toBeUndefined()
  return { result, heard }
}

const join = (atMs: number): Step => ({ atMs, do: 'join', client: 'alice', message: { handle: 'Alice' } })
const say = (atMs: number, text: string): Step => {
  return { atMs, do: 'send', client: 'alice', type: 'channel_msg', message: { text } }
}

test('it says nothing by itself, and joins nothing', () => {
  const { heard, result } = run([])
  expect(heard).toEqual([])
  expect(result.clients.get('alice')).toMatchObject({ status: 'connected', zone: undefined })
})

describe('on its way to a session', () => {
  test('what it would say waits until it is there, in order', () => {
    expect(run([join(1), say(2, 'one'), say(3, 'two')]).heard).toEqual([
      'join Alice',
      'channel_msg one',
      'channel_msg two',
    ])
  })

  test('so it does after a step that has it connect again', () => {
    const steps: Step[] = [
      join(500),
      { atMs: 2_000, do: 'disconnect', client: 'alice' },
      say(2_100, 'to nobody'),
      { atMs: 3_000, do: 'connect', client: 'alice' },
      say(3_001, 'to all'),
    ]
    expect(run(steps).heard).toEqual(['join Alice', 'channel_msg to all'])
  })

  test('however long that takes', () => {
    const steps: Step[] = [{ atMs: 0, do: 'cut', client: 'alice', forMs: 12_000 }, join(1), say(2, 'at last')]
    expect(run(steps).heard).toEqual(['join Alice', 'channel_msg at last'])
  })
})

describe('where it has lost its connection', () => {
  const lost: Step[] = [join(500), { atMs: 2_000, do: 'cut', client: 'alice', forMs: 8_500 }]

  test('what it says is lost, and its join is repeated when it is back', () => {
    const { heard, result } = run([...lost, say(9_000, 'to nobody'), say(14_000, 'to all')])
    expect(heard).toEqual(['join Alice', 'join Alice', 'channel_msg to all'])
    expect(result.clients.get('alice')?.zone).toBe('chat')
  })

  test('a part is repeated as well', () => {
    const { heard, result } = run([...lost, { atMs: 9_000, do: 'part', client: 'alice' }])
    expect(heard).toEqual(['join Alice', 'part'])
    expect(result.clients.get('alice')?.zone).toBeUndefined()
  })

  test('a join in between is where it goes', () => {
    const arena: Step = { atMs: 9_000, do: 'join', client: 'alice', app: 'arena', message: { handle: 'A' } }
    const { result } = run([...lost, arena], { server: { disconnectTimeoutMs: 0, livenessTimeoutMs: 3_000 } })
    expect(result.clients.get('alice')?.zone).toBe('arena')
  })
})

test('a session that a connect finds lost is joined again, where the script did not say so', () => {
  const steps: Step[] = [
    join(500),
    { atMs: 2_000, do: 'disconnect', client: 'alice' },
    { atMs: 9_000, do: 'connect', client: 'alice' },
  ]
  expect(run(steps).heard).toEqual(['join Alice', 'join Alice'])
  expect(run(steps, { server: { disconnectTimeoutMs: 'never' } }).heard).toEqual(['join Alice'])
})

test('a step that names an app, a message or a field that does not exist is refused before anything runs', () => {
  const wrong: readonly [Step, RegExp][] = [
    [{ ...join(1), app: 'lobby' } as Step, /steps\[0\]\.app: there is no app 'lobby'; there are chat, arena/],
    [{ atMs: 1, do: 'send', client: 'alice', type: 'shout', message: {} }, /steps\[0\]: .*has no message 'shout'/],
    [{ atMs: 1, do: 'send_bytes', client: 'alice', base64: 'not base64' }, /steps\[0\]\.base64 must be bytes/],
    [{ atMs: 1, do: 'send', client: 'alice', type: 'channel_msg', message: [] as never }, /message must be an object/],
  ]
  for (const [step, message] of wrong) expect(() => run([step])).toThrow(message)
})

test('a client that says more than the server allows in a second is closed for it', () => {
  const many = Array.from({ length: 1_100 }, (_, index) => say(3_000, String(index)))
  const { heard, result } = run([join(500), ...many])
  expect(heard.length).toBeGreaterThanOrEqual(1_000)
  expect(result.clients.get('alice')).toMatchObject({ status: 'connected', zone: 'chat' })
})
