import { describe, expect, test } from 'vitest'
import { createGround, Host, MessageNetwork, type HostLife, type PauseOptions } from '../../sim/index.ts'

const bytes = Uint8Array.of(1)

function makeWorld() {
  const ground = createGround({ seed: 1, storage: 'all' })
  const network = new MessageNetwork(ground)
  const host = (name: string) => new Host(ground, network, { name })
  const advance = (ms: number) => ground.queue.runUntil(ground.queue.nowUs + ms * 1000)
  return { ground, network, host, advance }
}

describe('a paused host', () => {
  /** A timer due at 20 ms, a message at 10 ms, a timer at 30 ms; paused from 5 to 105 ms. */
  function runPaused(order: NonNullable<PauseOptions['order']>): string[] {
    const { ground, host, advance } = makeWorld()
    const heard: string[] = []
    const server = host('server')
    server.boot(({ clock, network }) => {
      network.listen('ws://server', () => ({
        opened: () => undefined,
        message: () => heard.push(`message at ${clock.now()}`),
        closed: () => undefined,
      }))
      for (const delayMs of [20, 30]) {
        clock.setTimer(delayMs, () => {
          heard.push(`timer ${delayMs} at ${clock.now()}`)
          clock.setTimer(0, () => heard.push(`after timer ${delayMs}`))
        })
      }
    })
    const client = host('client')
    client.boot(({ clock, network }) => {
      const connection = network.connect('ws://server', {
        opened: () => undefined,
        message: () => undefined,
        closed: () => undefined,
      })
      clock.setTimer(10, () => connection.send(bytes))
    })
    advance(5)
    server.pause({ durationMs: 100, order })
    advance(95)
    expect(heard).toEqual([])
    expect(server.status).toBe('paused')
    advance(10)
    expect(ground.queue.nowUs).toBe(110_000)
    return heard
  }

  test('runs due timers first where it is told so, and what they set waits behind the input', () => {
    expect(runPaused('timers-first')).toEqual([
      'timer 20 at 105',
      'timer 30 at 105',
      'message at 105',
      'after timer 20',
      'after timer 30',
    ])
  })

  test('runs the input first where it is told so', () => {
    expect(runPaused('input-first').slice(0, 3)).toEqual(['message at 105', 'timer 20 at 105', 'timer 30 at 105'])
  })

  test('runs everything as it came where it is told so', () => {
    expect(runPaused('as-they-came')[0]).toBe('message at 105')
  })

  test('does what comes from outside after its pause, and never if it crashes before', () => {
    const { host, advance } = makeWorld()
    const machine = host('machine')
    machine.boot(() => undefined)
    const done: string[] = []
    machine.execute(() => done.push('at once'))
    machine.pause()
    machine.execute(() => done.push('later'))
    advance(1000)
    expect(done).toEqual(['at once'])
    machine.resume()
    advance(0)
    expect(done).toEqual(['at once', 'later'])
    machine.pause({ durationMs: 10 })
    machine.execute(() => done.push('never'))
    machine.crash()
    machine.restart()
    advance(1000)
    expect(done).toEqual(['at once', 'later'])
  })

  test('a pause within a pause lasts until the later end', () => {
    const { host, advance } = makeWorld()
    const machine = host('machine')
    machine.boot(() => undefined)
    machine.pause({ durationMs: 100 })
    advance(50)
    machine.pause({ durationMs: 10 })
    advance(49)
    expect(machine.status).toBe('paused')
    advance(1)
    expect(machine.status).toBe('running')
  })

  test('what one held task does to the host stops the others', () => {
    const { host, advance } = makeWorld()
    const machine = host('machine')
    machine.boot(() => undefined)
    const done: string[] = []
    machine.pause()
    machine.execute(() => machine.crash())
    machine.execute(() => done.push('after the crash'))
    machine.resume()
    advance(10)
    expect([machine.status, done]).toEqual(['off', []])
  })
})

describe('a crash', () => {
  test('makes everything that its program still holds dead', () => {
    const { host, advance } = makeWorld()
    const lives: HostLife[] = []
    const heard: string[] = []
    const server = host('server')
    server.boot((life) => {
      lives.push(life)
      const name = `life ${life.incarnation}`
      life.network.listen('ws://server', () => ({
        opened: () => heard.push(`${name} opened`),
        message: () => heard.push(`${name} message`),
        closed: () => heard.push(`${name} closed`),
      }))
    })
    server.crash()
    expect(lives[0]?.isAlive).toBe(false)
    lives[0]?.network.listen('enet://server', () => {
      throw new Error('a dead program accepted')
    })
    const zombie = lives[0]?.network.connect('ws://server', {
      opened: () => heard.push('zombie opened'),
      message: () => undefined,
      closed: () => heard.push('zombie closed'),
    })
    zombie?.send(bytes)
    server.restart()
    expect(server.incarnation).toBe(2)
    const client = host('client')
    client.boot(({ network }) => {
      network.connect('ws://server', { opened: () => undefined, message: () => undefined, closed: () => undefined })
    })
    advance(1000)
    expect(heard).toEqual(['life 2 opened'])
  })

  test('gives the next life other random numbers', () => {
    const { host } = makeWorld()
    const drawn: number[] = []
    const server = host('server')
    server.boot((life) => void drawn.push(life.random('tokens').uint32()))
    server.crash()
    server.restart()
    expect(drawn[0]).not.toBe(drawn[1])
  })

  test('keeps the machine’s clock', () => {
    const { ground, network, advance } = makeWorld()
    const host = new Host(ground, network, { name: 'host', clockOffsetMs: 500 })
    host.boot(() => undefined)
    advance(100)
    host.jumpClock(1000)
    host.crash()
    advance(100)
    host.restart()
    expect(host.clock.now()).toBe(1700)
  })
})

test('a host that is off cannot be used, one that is on cannot boot, and names are unique', () => {
  const { host } = makeWorld()
  const machine = host('machine')
  const badOption: unknown = expect.objectContaining({ code: 'bad_option' })
  expect(() => machine.clock).toThrow(badOption)
  expect(() => machine.restart()).toThrow(badOption)
  machine.boot(() => undefined)
  expect(() => machine.boot(() => undefined)).toThrow(badOption)
  expect(() => host('machine')).toThrow(badOption)
  expect(() => host('no spaces')).toThrow(badOption)
})
