/** A peer that we did not write, on native libenet, against our server and our client. */
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createServer, type Server } from '../../core/index.ts'
import { chat, chatZone } from '../../scenarios/index.ts'
import { createClient, whenConnected } from '../../transports/client.ts'
import { enetNetwork, systemClock, systemRandom, type EnetOptions } from '../../transports/index.ts'
import { until } from '../transports/real-time.ts'
import { buildNativeEnet, missingForNativeEnet, NativeEnet } from './native-enet.ts'

const missing = missingForNativeEnet()
if (missing !== undefined) console.log(`skipped: ${missing}`)

const REQUEST = '00640a00'
const JOIN_ALICE = '00000a070a05616c696365'
const SESSION_NEW = '006412'
const BEACON = '00641a'
const PONG = '00642a'
const PING = '006422'
const SYNC = '000022'
const CHANNEL_MSG = '00001a'

/** Of a `session_new`: the id's varint and the token. */
function readSessionNew(hex: string): { readonly id: string; readonly token: string } {
  const match = /^006412..08([0-9a-f]+?)1218([0-9a-f]{48})$/.exec(hex)
  if (match?.[1] === undefined || match[2] === undefined) throw new Error(`no session_new: ${hex}`)
  return { id: match[1], token: match[2] }
}

describe.skipIf(missing !== undefined)('native libenet', () => {
  let program = ''
  const cleanUps: (() => void)[] = []

  beforeAll(() => {
    program = buildNativeEnet()
  })

  afterEach(() => {
    for (const cleanUp of cleanUps.splice(0)) cleanUp()
  })

  function start(...args: string[]): NativeEnet {
    const peer = new NativeEnet(program, args)
    cleanUps.push(() => peer.kill())
    return peer
  }

  async function startServer(
    options: Partial<EnetOptions> = {},
  ): Promise<{ readonly server: Server; readonly port: string }> {
    const clock = systemClock()
    const server = createServer({ clock, random: systemRandom(), apps: [chat], onReport: console.error })
    server.zones.start(chatZone)
    cleanUps.push(() => server.stop())
    const address = await new Promise<string>((listening, failed) => {
      server.listen(enetNetwork({ clock, ...options }), 'enet://127.0.0.1:0', { listening, failed })
    })
    return { server, port: new URL(address).port }
  }

  test('as a client: connects, joins, is killed, and comes back with its token', async () => {
    const { server, port } = await startServer()
    const first = start('connect', '127.0.0.1', port)
    await first.line('connected')
    first.send(REQUEST)
    const granted = readSessionNew(await first.received(SESSION_NEW))
    const beacon = await first.received(BEACON)
    first.send(beacon.replace(/^00641a/, '006422'))
    expect(await first.received(PONG)).toMatch(/^00642a/)
    first.send(JOIN_ALICE)
    expect(await first.received(SYNC)).toContain(Buffer.from('alice').toString('hex'))
    first.kill()

    const second = start('connect', '127.0.0.1', port)
    await second.line('connected')
    second.send(`00640a1a0a18${granted.token}`)
    const resumed = readSessionNew(await second.received(SESSION_NEW))
    expect(resumed.id).toBe(granted.id)
    expect(resumed.token).not.toBe(granted.token)
    // Still a member: what it says is broadcast, to itself too.
    second.send(`00001a041202${Buffer.from('hi').toString('hex')}`)
    expect(await second.received(CHANNEL_MSG)).toContain(Buffer.from('alice').toString('hex'))
    expect(server.stats()).toMatchObject({ sessions: 1, zoneMembers: 1, sessionsTakenOverTotal: 1 })
    second.disconnect(4000)
    await second.line('disconnected')
    expect(server.stats()).toMatchObject({ sessions: 0, sessionsEndedTotal: 1, tokens: 0 })
  })

  test('as a client: a close code arrives as disconnect data', async () => {
    const { port } = await startServer()
    const peer = start('connect', '127.0.0.1', port)
    await peer.line('connected')
    peer.send('00')
    expect(await peer.line('disconnected')).toBe('disconnected 4506')
  })

  test.each([
    ['checksum', 'CRC-32'],
    ['compress', 'range coder'],
  ])('as a client that switches its %s on: the reason why it cannot connect is reported once', async (what, named) => {
    const errors: string[] = []
    const { port } = await startServer({ onError: (error) => errors.push(String(error)) })
    start('connect', '127.0.0.1', port, what)
    start('connect', '127.0.0.1', port, what)
    await until(() => errors.length > 0)
    // ENet asks at 0, 0.5 and 1.5 s: by now the second client has been recognised as well.
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect(errors).toEqual([expect.stringContaining(named)])
    expect(errors[0]).toContain('127.0.0.1 cannot connect')
  })

  test('as a server: our client connects, requests a session and answers its beacons', async () => {
    const server = start('listen', '0')
    const port = (await server.line('listening')).split(' ')[1]
    const client = createClient({ address: `enet://127.0.0.1:${port}`, network: enetNetwork({ clock: systemClock() }) })
    cleanUps.push(() => client.disconnect())
    client.connect()
    await server.line('connected')
    // The first attempt, and what else a request has.
    expect(await server.received(REQUEST.slice(0, 6))).toMatch(/^00640a..1001/)
    const token = 'ab'.repeat(24)
    server.send(`0064121c08071218${token}`)
    server.send('00641a020842')
    await whenConnected(client)
    expect(client.sessionId).toBe(7)
    expect(await server.received(PING)).toBe('006422020842')
  })
})
