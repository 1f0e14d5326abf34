/** Two programs with one store (two tabs, or two pages of one tab): one session, and the last one has it. */
import { expect, test } from 'vitest'
import type { Stored, TokenStore } from '../../../core/client/token-store.ts'
import { startClient, type ClientWorld } from '../support/client-world.ts'
import { Dial } from '../support/fake-network.ts'

const token = (n: number): Uint8Array => Dial.token(n)

class SharedStore {
  stored: Stored | undefined
  readonly watchers = new Set<() => void>()

  /** For one of the programs. */
  tab(): TokenStore {
    return {
      load: () => this.stored,
      save: (stored) => {
        this.stored = stored
      },
      watch: (onChange) => {
        this.watchers.add(onChange)
        return () => this.watchers.delete(onChange)
      },
    }
  }

  tell(): void {
    for (const each of this.watchers) each()
  }
}

function tabs(): readonly [ClientWorld, ClientWorld, SharedStore] {
  const store = new SharedStore()
  return [startClient({ store: store.tab() }), startClient({ store: store.tab() }), store]
}

function request(world: ClientWorld): unknown {
  return world.network.last.heard()[0]?.message
}

test('a page brings the token that another page has stored since', () => {
  const [lobby, game] = tabs()
  lobby.client.connect()
  lobby.network.last.establish(1, token(1))
  game.client.connect()
  game.network.last.establish(1, token(2))
  lobby.network.last.breakOff(4501)
  expect(lobby.client.status.kind).toBe('ended')
  lobby.client.connect()
  lobby.network.last.open()
  expect(request(lobby)).toMatchObject({ reconnect_token: token(2), attempt: 3 })
  lobby.network.last.sessionNew(1, token(3))
  expect(lobby.events.at(-1)).toMatchObject(['session', { id: 1, resumed: true }])
})

test('the answer to an earlier request does not replace the token of a later one', () => {
  const [slow, fast, store] = tabs()
  slow.client.connect()
  slow.network.last.open()
  fast.client.connect()
  fast.network.last.establish(1, token(2))
  slow.network.last.sessionNew(1, token(1))
  expect(store.stored).toEqual({ session: { sessionId: 1, token: token(2), attempt: 2 }, attempt: 2 })
})

test('a token that was denied although another page has its successor is no lost session', () => {
  const [slow, fast] = tabs()
  slow.client.connect()
  slow.network.last.establish(1, token(1))
  slow.network.last.breakOff()
  slow.clock.advance(500)
  slow.network.last.open()
  fast.client.connect()
  fast.network.last.establish(1, token(2))
  slow.network.last.take()
  slow.network.last.deny('bad_token')
  expect(request(slow)).toMatchObject({ reconnect_token: token(2), attempt: 4 })
  expect(slow.events.map(([name]) => name)).not.toContain('session_lost')
})

test('a page that was taken over and ends leaves the session to the page that has it', () => {
  const [first, second, store] = tabs()
  first.client.connect()
  first.network.last.establish(1, token(1))
  second.client.connect()
  second.network.last.establish(1, token(2))
  first.network.last.breakOff(4501)
  first.client.end()
  expect(store.stored?.session?.token).toEqual(token(2))
  second.client.end()
  expect(store.stored).toEqual({ session: undefined, attempt: 2 })
})

test('of two pages that begin a session each at the same time the earlier one ends', () => {
  const [first, second, store] = tabs()
  for (const { client } of [first, second]) client.connect()
  for (const { network } of [first, second]) network.last.open()
  first.network.last.sessionNew(1, token(1))
  store.tell()
  second.network.last.sessionNew(2, token(2))
  store.tell()
  expect(second.client.status).toEqual({ kind: 'connected', sessionId: 2 })
  expect(first.client.status).toMatchObject({ kind: 'ended', code: 4501 })
  expect(first.network.last.closedWith).toBe(4000)
  expect(store.stored?.session?.sessionId).toBe(2)
})

test('a store is watched from the first dial until the client has ended or is idle', () => {
  const [first, , store] = tabs()
  expect(store.watchers.size).toBe(0)
  first.client.connect()
  first.network.last.establish(1, token(1))
  first.network.last.breakOff()
  expect(store.watchers.size).toBe(1)
  first.client.disconnect()
  expect(store.watchers.size).toBe(0)
  first.client.connect()
  expect(store.watchers.size).toBe(1)
  first.client.end()
  expect(store.watchers.size).toBe(0)
})

test('a client that is connected has its own session, whatever another page has stored', () => {
  const [lobby, game] = tabs()
  lobby.client.connect()
  lobby.network.last.open()
  game.client.connect()
  game.network.last.open()
  lobby.network.last.sessionNew(1, token(1))
  game.network.last.sessionNew(2, token(2))
  expect([lobby.client.sessionId, game.client.sessionId]).toEqual([1, 2])
})
