/** What the compiler infers from a schema: message names and shapes, from handler to client. Checked by `tsc`. */
import { expectTypeOf, test } from 'vitest'
import { Client, type Room } from '../../core/index.ts'
import type { Received, RpcName, Sendable } from '../../core/index.ts'
import { arena } from '../../scenarios/apps/arena.ts'
import { chat } from '../../scenarios/apps/chat.ts'
import { memoryStore } from '../../core/client/token-store.ts'
import { startZoneWorld } from './support/membership.ts'
import { Receiver } from './support/receiver.ts'

type Arena = typeof arena.schema
type Chat = typeof chat.schema

test('what is received: optional fields are T | undefined, uint64 is a number, lists are always there', () => {
  expectTypeOf<Received<Chat, 'channel_msg'>>().toEqualTypeOf<{
    readonly handle?: string | undefined
    readonly text?: string | undefined
  }>()
  expectTypeOf<Received<Chat, 'sync'>['handles']>().toEqualTypeOf<readonly string[]>()
  expectTypeOf<Received<Arena, 'snapshot'>['entities'][number]['id']>().toEqualTypeOf<number>()
  expectTypeOf<Received<Arena, 'snapshot'>['entities'][number]['last_seq']>().toEqualTypeOf<number | undefined>()
  expectTypeOf<Received<Arena, 'input'>['seq']>().toEqualTypeOf<number>()
  expectTypeOf<Received<Arena, 'input'>['fire']>().toEqualTypeOf<boolean | undefined>()
})

test('what is sent: required fields are required, lists may be left out', () => {
  expectTypeOf<Record<never, never>>().toExtend<Sendable<Chat, 'sync'>>()
  expectTypeOf<{ seq: number }>().toExtend<Sendable<Arena, 'input'>>()
  expectTypeOf<Record<never, never>>().not.toExtend<Sendable<Arena, 'input'>>()
  expectTypeOf<{ seq: string }>().not.toExtend<Sendable<Arena, 'input'>>()
})

test('join and part are the zone’s, everything else is an rpc', () => {
  expectTypeOf<RpcName<Chat>>().toEqualTypeOf<'channel_msg' | 'sync'>()
  expectTypeOf<RpcName<Arena>>().toEqualTypeOf<'input' | 'snapshot' | 'event'>()
})

test('handlers are typed by their app, their state and what they are told', () => {
  const { world } = startZoneWorld()
  const zone = world.server.zones.start(
    arena.defineZone<{ count: number }, { readonly tick: number }>({
      init: () => ({ count: 0 }),
      handleJoin(message, session, zone, state) {
        expectTypeOf(message.handle).toEqualTypeOf<string | undefined>()
        expectTypeOf(session.id).toExtend<number>()
        expectTypeOf(state).toEqualTypeOf<{ count: number }>()
        zone.broadcast('event', { number: 1, kind: 1 })
        // @ts-expect-error a required field is missing
        if (state.count < 0) zone.broadcast('event', { number: 1 })
        // @ts-expect-error a message of another app
        if (state.count < 0) zone.broadcast('channel_msg', {})
      },
      handlePart(message, _session, _zone, _state, reason) {
        expectTypeOf(message).toExtend<object | undefined>()
        expectTypeOf(reason).toEqualTypeOf<
          'left' | 'disconnect' | 'timeout' | 'ended' | 'stopped' | 'removed' | 'zone_stopped'
        >()
      },
      handleInfo(message) {
        expectTypeOf(message).toEqualTypeOf<{ readonly tick: number }>()
      },
      rpc: {
        input(message) {
          expectTypeOf(message.seq).toEqualTypeOf<number>()
        },
      },
    }),
    { name: 'typed' },
  )
  // Never run: `defineZone` throws as well.
  const never = (): void => {
    arena.defineZone({
      init: () => undefined,
      rpc: {
        // @ts-expect-error no message of this app
        channel_msg() {},
      },
    })
  }
  expectTypeOf(never).toBeFunction()
  zone.tell({ tick: 1 })
  // @ts-expect-error not what this zone is told
  zone.tell('tick')
  // @ts-expect-error handlers are not asynchronous: they come back in by zone.tell
  arena.defineZone({ init: () => undefined, handleTick: async () => {} })
})

test('a session sends and calls what an app has', () => {
  const { world } = startZoneWorld()
  const session = world.server.sessions.start({ proxy: new Receiver() })
  session.send(chat, 'sync', { handles: ['a'] })
  // Never run: what does not compile is what is tested.
  const never = (): void => {
    // @ts-expect-error not a list of strings
    session.send(chat, 'sync', { handles: [1] })
    // @ts-expect-error a required field is missing
    session.rpc(arena, 'input', {})
    // @ts-expect-error a message of another app
    session.send(chat, 'input', { seq: 1 })
    // @ts-expect-error join and part are no rpcs
    session.rpc(chat, 'join', {})
    // @ts-expect-error not a string
    session.join(chat, { handle: 5 })
    // @ts-expect-error not a list of strings
    chat.reply('sync', { handles: [1] })
    // @ts-expect-error a message of another app
    chat.broadcast('input', { seq: 1 })
  }
  expectTypeOf(never).toBeFunction()
  // @ts-expect-error a plain number is no session id
  expectTypeOf<number>().toEqualTypeOf<typeof session.id>()
  session.join(chat, { handle: 'a' })
  session.rpc(chat, 'channel_msg', { text: 'a' })
})

test('a client’s room is typed by the same definition', () => {
  expectTypeOf(Client.prototype.app<Chat>).returns.toEqualTypeOf<Room<Chat>>()
  expectTypeOf<Room<Chat>['join']>().parameter(0).toEqualTypeOf<{ readonly handle?: string | undefined }>()
  expectTypeOf<Parameters<Room<Chat>['on']>[0]>().toEqualTypeOf<'channel_msg' | 'sync'>()
  const never = (room: Room<Chat>): void => {
    // @ts-expect-error not a string
    room.send('channel_msg', { text: 5 })
    // @ts-expect-error a message of another app
    room.on('snapshot', () => undefined)
  }
  expectTypeOf(never).toBeFunction()
  const { load } = memoryStore()
  expectTypeOf(load()?.session?.token).toEqualTypeOf<Uint8Array | undefined>()
})
