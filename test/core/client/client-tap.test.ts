/** Taps of a client: what they are told and in which order, and that none of them can do harm. */
import { describe, expect, test } from 'vitest'
import type { ClientTap } from '../../../core/index.ts'
import { chat } from '../../../scenarios/apps/chat.ts'
import { startClient, type ClientWorld } from '../support/client-world.ts'
import { Dial } from '../support/fake-network.ts'
import { everything, type Told } from '../support/everything-tap.ts'

function namesOf(told: readonly Told[]): readonly string[] {
  return told.map(({ event }) => event)
}

function connected(told: Told[]): ClientWorld {
  const world = startClient({ taps: [everything(told)] })
  world.client.app(chat)
  world.client.connect()
  world.network.last.establish(1, Dial.token(1))
  told.length = 0
  return world
}

/** One line for each input and output. */
function printTap(print: (line: string) => void): ClientTap {
  return {
    called: ({ method }) => print(`< ${method} was called`),
    opened: (link) => print(`< link ${link} is open`),
    message: (link, bytes) => print(`< link ${link}: ${bytes.length} bytes`),
    closed: (link, code) => print(`< link ${link} closed: ${code}`),
    fired: (_timer, { name }) => print(`< ${name} timer`),
    dialled: (link, address) => print(`> link ${link} to ${address}`),
    send: (link, _bytes, _delivery, _app, type) => print(`> link ${link}: ${type}`),
    close: (link, code) => print(`> link ${link} shall close: ${code}`),
    setTimer: (_timer, { name }, delayMs) => print(`> ${name} timer in ${Math.round(delayMs)} ms`),
    cancelTimer: (_timer, { name }) => print(`> ${name} timer is cancelled`),
    stored: ({ session, attempt }) => print(`> stored: attempt ${attempt}, session ${session?.sessionId}`),
  }
}

describe('what a tap is told', () => {
  test('every input and output of a lost connection and the return, by name', () => {
    const lines: string[] = []
    const { client, clock, network } = startClient({ taps: [printTap((line) => lines.push(line))] })
    client.connect()
    network.last.establish(1, Dial.token(1))
    network.last.breakOff(1006)
    clock.advance(500)
    expect(lines.map((line) => line.replace(/retry timer in \d+/, 'retry timer in some'))).toEqual([
      '< connect was called',
      '> connect timer in 5000 ms',
      '> link 1 to ws://server/ws',
      '< link 1 is open',
      '> stored: attempt 1, session undefined',
      '> link 1: session_request',
      '< link 1: 32 bytes',
      '> stored: attempt 1, session 1',
      '< link 1: 4 bytes',
      '> connect timer is cancelled',
      '> liveness timer in 5000 ms',
      '< link 1 closed: 1006',
      '> liveness timer is cancelled',
      '> retry timer in some ms',
      '< retry timer',
      '> connect timer in 5000 ms',
      '> link 2 to ws://server/ws',
    ])
  })

  test('a turn begins, has its input, what follows from it, and ends', () => {
    const told: Told[] = []
    const { clock, network } = connected(told)
    network.last.beacon(3)
    expect(namesOf(told)).toEqual(['turnBegins', 'message', 'decided', 'decoded', 'decided', 'send', 'turnEnds'])
    expect(told[0]?.args[1]).toBe(clock.now())
    const [, input] = told
    expect(told.find(({ event }) => event === 'send')?.cause).toBe(input?.number)
    told.length = 0
    network.last.handler?.alive?.()
    network.last.handler?.ignored?.('text_frame')
    network.last.handler?.drained?.()
    const inputs = told.filter(({ event }) => event === 'ignored' || event === 'drained')
    expect(inputs.map(({ args }) => args[1])).toEqual(['sign_of_life', 'text_frame', undefined])
  })

  test('the table decides by name, and ignored events are told', () => {
    const told: Told[] = []
    const { client, network } = connected(told)
    const old = network.last
    client.disconnect()
    old.beacon(1)
    const decided = told.filter(({ event }) => event === 'decided').map(({ args }) => args.join(' '))
    expect(decided).toEqual(['disconnect_called connected idle', 'stale_link idle '])
  })

  test('the cause of a timer that fires is its setting; waits and reads are told', () => {
    const told: Told[] = []
    const { clock, network } = connected(told)
    network.last.breakOff()
    clock.advance(500)
    network.last.open()
    const fired = told.find(({ event }) => event === 'fired')
    const set = told.find(({ event, args }) => event === 'setTimer' && args[0] === fired?.args[0])
    expect(fired?.cause).toBe(set?.number)
    const retry = told.find(({ event }) => event === 'retryAt')
    expect(Number(retry?.args[0]) - Number(retry?.args[1])).toBe(clock.now() - 500)
    expect(namesOf(told)).toEqual(expect.arrayContaining(['randomNumber', 'loaded', 'emitted', 'dialled']))
  })

  test('a dial that throws, and a call that throws', () => {
    const told: Told[] = []
    const { client, network } = startClient({ taps: [everything(told)] })
    network.failure = new Error('bad address')
    expect(() => client.connect({ address: 'x' })).toThrow('bad address')
    expect(told.find(({ event }) => event === 'called')?.args[0]).toEqual({ method: 'connect', address: 'x' })
    expect(namesOf(told)).toEqual(expect.arrayContaining(['dialThrew', 'callThrew']))
    expect(namesOf(told).at(-1)).toBe('turnEnds')
  })

  test('what a listener calls is part of the turn', () => {
    const told: Told[] = []
    const { client, network } = connected(told)
    client.app(chat).on('channel_msg', () => void client.app(chat).send('channel_msg', { text: 'answer' }))
    network.last.say(chat, 'channel_msg', { text: 'question' })
    const names = namesOf(told)
    expect(names.filter((each) => each === 'turnBegins')).toHaveLength(1)
    expect(names.indexOf('apiCalled')).toBeGreaterThan(names.indexOf('decoded'))
    expect(told.find(({ event }) => event === 'send')?.args.slice(3)).toEqual([chat, 'channel_msg', { text: 'answer' }])
  })

  test('nothing any more once it is removed', () => {
    const told: Told[] = []
    const { client } = startClient()
    const remove = client.tap(everything(told))
    client.connect()
    const before = told.length
    expect(before).toBeGreaterThan(0)
    remove()
    client.disconnect()
    expect(told).toHaveLength(before)
  })
})

describe('a tap that misbehaves', () => {
  test('that throws is removed, and its error comes out once, as those of listeners do', () => {
    const { client, network } = startClient()
    let told = 0
    client.tap({
      opened: () => {
        told++
        throw new Error('tap')
      },
    })
    const stop = client.on('session', () => {
      throw new Error('listener')
    })
    client.connect()
    expect(() => network.last.open()).toThrow('tap')
    expect(network.last.heard()).toMatchObject([{ type: 'session_request' }])
    expect(() => network.last.sessionNew(1, Dial.token(1))).toThrow('listener')
    stop()
    client.connect()
    network.last.open()
    expect(told).toBe(1)
  })

  test.each(['connect', 'disconnect', 'end', 'wake', 'send'] as const)('that calls %s: called_from_tap', (method) => {
    const { client, network } = startClient()
    const room = client.app(chat)
    client.tap({
      opened: () => {
        if (method === 'send') room.send('channel_msg', { text: 'a' })
        else client[method]()
      },
    })
    client.connect()
    expect(() => network.last.open()).toThrow(expect.objectContaining({ code: 'called_from_tap' }))
    expect(client.status.kind).toBe('connecting')
    expect(network.dials).toHaveLength(1)
  })
})
