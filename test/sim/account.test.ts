/** The account of a simulated world. */
import { expect, test } from 'vitest'
import { chat, chatZone } from 'overworld/scenarios'
import {
  simulate,
  type SimulatedClient,
  type SimulatedClientOptions,
  type SimulateOptions,
  type World,
} from 'overworld/sim'

function chatWorld(options: Partial<SimulateOptions> = {}): World {
  return simulate({ seed: 1, apps: [chat], zones: [chatZone], account: true, ...options })
}

function join(world: World, name: string, options: SimulatedClientOptions = {}): void {
  const machine = world.client(name, options)
  machine.client.on('session', ({ zone }) => zone ?? machine.room(chat).join({ handle: name }))
  machine.connect()
}

function tellZone(world: World, message: unknown): void {
  for (const zone of world.server.zones.list(chat)) (zone as unknown as { tell(told: unknown): void }).tell(message)
}

/** Everything that an account has a line for. */
function eventfulWorld(options: Partial<SimulateOptions> = {}): World {
  const zone = chat.defineZone({
    ...chatZone,
    handleJoin(message, session, zone, state) {
      if (message.handle === 'mallory') return chat.refuse('channel_msg', { handle: 'chat', text: 'not you' })
      return chatZone.handleJoin?.(message, session, zone, state)
    },
    handleInfo: () => undefined,
    rpc: {
      channel_msg(message, session, zone, state) {
        if (message.text === 'crash') throw new TypeError('cannot read what is not there')
        return chatZone.rpc?.channel_msg?.(message, session, zone, state)
      },
    },
  })
  const world = chatWorld({ zones: [zone], onReport: () => undefined, ...options })
  join(world, 'alice')
  join(world, 'bob', { transport: 'enet' })
  join(world, 'carol', { preset: '4g' })
  join(world, 'mallory')
  world.advance(1_000)
  const machine = (name: string): SimulatedClient => {
    const there = world.clients.get(name)
    if (there === undefined) throw new Error(`no ${name}`)
    return there
  }
  const say = (name: string, text: string): void => void machine(name).room(chat).send('channel_msg', { text })
  say('alice', 'hello, everybody, this is a line that is far too long to be printed as it is')
  world.advance(500)
  machine('bob').halfOpen()
  say('alice', 'are you there?')
  world.advance(2_000)
  machine('alice').drop(3_000)
  machine('carol').drop(100, 'up')
  machine('carol').clog(200)
  world.advance(500)
  say('alice', 'in the tunnel')
  say('carol', 'crash')
  world.advance(10_000)
  machine('carol').host.pause({ durationMs: 1_000 })
  world.advance(1_000)
  machine('carol').kill()
  world.advance(1_000)
  machine('carol').restart()
  say('carol', 'too early')
  machine('bob').host.jumpClock(2_000)
  machine('bob').rebind('10.9.9.9')
  world.advance(10_000)
  tellZone(world, { weather: 'fine', map: new Uint8Array(1_000) })
  machine('alice').reset()
  world.advance(1)
  machine('mallory').client.end()
  world.advance(1_000)
  world.crashServer({ connections: 'reset' })
  world.advance(2_000)
  world.restartServer()
  world.advance(8_000)
  for (const session of world.server.sessions) if (session.zone !== undefined) session.disconnect()
  world.advance(1_000)
  world.server.stop()
  world.advance(100)
  return world
}

test('an eventful life, in words', async () => {
  const account = eventfulWorld().account({ last: Infinity })
  await expect(account.replaceAll(/ at \S.*:\d+:\d+\)?/g, ' at …')).toMatchFileSnapshot('golden/account.txt')
})

test('keeping an account changes nothing', () => {
  expect(eventfulWorld().fingerprint).toBe(eventfulWorld({ account: false }).fingerprint)
})

test('the last lines, and no more events than were asked for', () => {
  const world = eventfulWorld()
  const lines = world.account({ last: Infinity }).split('\n')
  expect(lines[0]).toBe('World with seed 1 at 38.101 s:')
  const last = world.account({ last: 3 }).split('\n')
  expect(last[0]).toBe('World with seed 1 at 38.101 s, the last 3 lines of what happened:')
  expect(last.slice(1)).toEqual(lines.slice(-3))
  const few = eventfulWorld({ account: 10 }).account({ last: Infinity }).split('\n')
  expect(few.length).toBeLessThanOrEqual(11)
  const spaced = (line: string): string => line.replaceAll(/ +/g, ' ')
  expect(few.slice(-3).map(spaced)).toEqual(lines.slice(-3).map(spaced))
  expect(() => chatWorld({ account: 0.5 })).toThrow(expect.objectContaining({ code: 'bad_option' }))
  expect(simulate({ apps: [chat] }).account()).toContain('simulate({ account: true })')
})

test('values that cannot be looked at harm no world', () => {
  const world = chatWorld({ onReport: () => undefined })
  join(world, 'alice')
  world.advance(500)
  const hostile = {
    get name(): string {
      throw new Error('not for you')
    },
  }
  tellZone(world, hostile)
  for (const session of world.server.sessions) session.gameData = hostile
  expect(world.account()).toContain('something that cannot be described')
})

test("sessions of the game's own, calls from outside, and what is not sent", () => {
  const world = chatWorld({ onReport: () => undefined })
  join(world, 'alice')
  world.advance(500)
  const parrot = world.server.sessions.start({ proxy: { deliver: () => undefined, closed: () => undefined } })
  parrot.join(chat, { handle: 'parrot' })
  expect(() => parrot.join(chat, { handle: 'parrot' })).toThrow(expect.objectContaining({ code: 'already_joined' }))
  const alice = world.clients.get('alice')?.client
  expect(() => alice?.app(chat).send('nonsense' as never, {} as never)).toThrow(
    expect.objectContaining({ code: 'bad_message' }),
  )
  parrot.proxy = undefined
  alice?.disconnect()
  alice?.app(chat).send('channel_msg', { text: 'too late' })
  const lines = world.account({ last: 13 }).split('\n').slice(1)
  expect(lines.map((line) => line.replace(/^ +0.500 s {2}/, ''))).toEqual([
    'server  call from outside of handlers: sessions.start({ proxy: { deliver: a function, closed: a function } })',
    'server  session 2 begins',
    'server  call from outside of handlers: session.join(chat, { handle: "parrot" }) of session 2',
    "server  session 2 joins zone 'chat'",
    'server  sends chat.sync { handles: ["alice", "parrot"] } to alice (not received yet)',
    'server  delivers chat.sync { handles: ["alice", "parrot"] } to session 2, within this process',
    'server  call from outside of handlers: session.join(chat, { handle: "parrot" }) of session 2',
    `server  session.join(chat, { handle: "parrot" }) of session 2 throws: OverworldError: session 2 is in zone 'chat' already`,
    "alice   send throws: OverworldError: app 'chat' has no message 'nonsense'",
    'server  call from outside of handlers: session.proxy = undefined of session 2',
    'server  session 2 has no connection any more (session.disconnect() was called, or its proxy was taken away); it is kept for 5 s',
    'alice   disconnects',
    'alice   wants to send chat.channel_msg { text: "too late" }, and has no session: it is not sent',
  ])
})
