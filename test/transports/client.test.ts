/** The promise layer, against a real server on real networks; what the client itself does is tested in core. */
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createServer, type Server } from '../../core/server.ts'
import { chat } from '../../scenarios/apps/chat.ts'
import { createClient, nextMessage, storageStore, whenConnected, type StorageLike } from '../../transports/client.ts'
import { enetNetwork } from '../../transports/enet-network.ts'
import { networkByScheme } from '../../transports/network-by-scheme.ts'
import { connectionIds } from '../../transports/options.ts'
import { systemClock } from '../../transports/system-clock.ts'
import { systemRandom } from '../../transports/system-random.ts'
import { webSocketNetwork } from '../../transports/websocket-network.ts'
import { until } from './real-time.ts'

const servers: Server[] = []

afterEach(async () => {
  vi.unstubAllGlobals()
  for (const server of servers.splice(0)) await new Promise<void>((resolve) => server.stop(resolve))
})

const clock = systemClock()

async function start() {
  const options = { clock, nextConnectionId: connectionIds() }
  const webSocket = webSocketNetwork(options)
  const network = networkByScheme({ ws: webSocket, wss: webSocket, enet: enetNetwork(options) })
  const server = createServer({
    clock,
    random: systemRandom(),
    apps: [],
    onReport: ({ kind }) => onTestFinished(() => expect.fail(kind)),
  })
  servers.push(server)
  const bound: string[] = []
  server.listen(network, 'ws://127.0.0.1:0/ws', { listening: (address) => bound.push(address) })
  await until(() => bound.length === 1)
  server.listen(network, 'enet://127.0.0.1:0', { listening: (address) => bound.push(address) })
  await until(() => bound.length === 2)
  return { server, network, webSocketAddress: bound[0] ?? '', enetAddress: bound[1] ?? '' }
}

describe('whenConnected', () => {
  test('resolves with the session, and at once where there is one already', async () => {
    const { network, webSocketAddress } = await start()
    const client = createClient({ address: webSocketAddress, network })
    client.connect()
    const session = await whenConnected(client)
    expect(session.resumed).toBe(false)
    expect((await whenConnected(client)).id).toBe(session.id)
    client.end()
  })

  test('rejects with client_ended once the client has ended, and at once where it has', async () => {
    const { network, webSocketAddress } = await start()
    const client = createClient({ address: webSocketAddress, network })
    client.connect()
    const connecting = whenConnected(client)
    client.end()
    await expect(connecting).rejects.toMatchObject({ code: 'client_ended' })
    await expect(whenConnected(client)).rejects.toMatchObject({ code: 'client_ended' })
  })
})

test('a session that began over WebSocket is resumed over ENet, and back', async () => {
  const { server, network, webSocketAddress, enetAddress } = await start()
  const client = createClient({ address: webSocketAddress, network })
  client.connect()
  const { id } = await whenConnected(client)
  client.disconnect()
  await until(() => server.stats().sessionsDisconnected === 1)
  client.connect({ address: enetAddress })
  expect(await whenConnected(client)).toMatchObject({ id, resumed: true })
  client.connect({ address: webSocketAddress })
  expect(await whenConnected(client)).toMatchObject({ id, resumed: true })
  const { sessionsResumedTotal, sessionsTakenOverTotal } = server.stats()
  expect(sessionsResumedTotal + sessionsTakenOverTotal).toBe(2)
  client.end()
  await until(() => server.stats().sessions === 0 && server.stats().connections === 0)
})

describe('storageStore', () => {
  function storage(): StorageLike & { readonly kept: Map<string, string> } {
    const kept = new Map<string, string>()
    return { kept, getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) }
  }

  test('lets a page that is loaded again resume its session', async () => {
    const { network, webSocketAddress } = await start()
    const shared = storage()
    const before = createClient({ address: webSocketAddress, network, store: storageStore(shared) })
    before.connect()
    const { id } = await whenConnected(before)
    const after = createClient({ address: webSocketAddress, network, store: storageStore(shared) })
    after.connect()
    expect(await whenConnected(after)).toMatchObject({ id, resumed: true })
    after.end()
    await until(() => before.status.kind === 'ended')
  })

  test('reads what it wrote, with a session and without', () => {
    const shared = storage()
    const session = { sessionId: 7, token: Uint8Array.of(0, 127, 255) }
    storageStore(shared).save({ session, attempt: 3 })
    expect(storageStore(shared).load()).toEqual({ session, attempt: 3 })
    storageStore(shared).save({ session: undefined, attempt: 4 })
    expect(storageStore(shared).load()).toEqual({ session: undefined, attempt: 4 })
  })

  test('treats what it cannot read as nothing', () => {
    const values = [
      '',
      'x',
      '1',
      '{}',
      '{"attempt":"1"}',
      '{"attempt":1,"sessionId":2}',
      '{"attempt":1,"sessionId":2,"token":["a"]}',
    ]
    for (const value of values) {
      const shared = storage()
      shared.kept.set('overworld', value)
      expect(storageStore(shared).load()).toBeUndefined()
    }
  })

  test('reads what another page has written since', () => {
    const shared = storage()
    const [first, second] = [storageStore(shared), storageStore(shared)]
    first.save({ session: { sessionId: 7, token: Uint8Array.of(1) }, attempt: 3 })
    const session = { sessionId: 7, token: Uint8Array.of(2), attempt: 4 }
    second.save({ session, attempt: 4 })
    expect(first.load()).toEqual({ session, attempt: 4 })
  })

  test('a page whose write was refused goes on with what it has, until another page has written', () => {
    const shared = storage()
    const { setItem } = shared
    const [first, second] = [storageStore(shared), storageStore(shared)]
    first.save({ session: undefined, attempt: 1 })
    shared.setItem = () => {
      throw new Error('full')
    }
    first.save({ session: undefined, attempt: 2 })
    expect(first.load()).toEqual({ session: undefined, attempt: 2 })
    shared.setItem = () => undefined
    first.save({ session: undefined, attempt: 3 })
    expect(first.load()).toEqual({ session: undefined, attempt: 3 })
    shared.setItem = setItem
    second.save({ session: undefined, attempt: 9 })
    expect(first.load()).toEqual({ session: undefined, attempt: 9 })
  })

  test('takes a name or a function, and works where the storage itself may not be touched', () => {
    const shared = storage()
    vi.stubGlobal('sessionStorage', shared)
    storageStore('sessionStorage').save({ session: undefined, attempt: 5 })
    expect(storageStore(() => shared).load()).toEqual({ session: undefined, attempt: 5 })
    Object.defineProperty(globalThis, 'sessionStorage', {
      configurable: true,
      get: () => {
        throw new Error('sandboxed')
      },
    })
    const store = storageStore('sessionStorage')
    expect(store.load()).toBeUndefined()
    store.save({ session: undefined, attempt: 1 })
    expect(store.load()).toEqual({ session: undefined, attempt: 1 })
    for (const source of ['cookies', undefined, {}]) {
      expect(() => storageStore(source as never)).toThrow(expect.objectContaining({ code: 'bad_option' }))
    }
  })

  test('tells what other pages write, until it is told to stop', () => {
    const platform = new EventTarget()
    vi.stubGlobal('addEventListener', platform.addEventListener.bind(platform))
    vi.stubGlobal('removeEventListener', platform.removeEventListener.bind(platform))
    const written = (key: string | null, storageArea?: unknown): void => {
      platform.dispatchEvent(Object.assign(new Event('storage'), { key, storageArea }))
    }
    const shared = storage()
    let changes = 0
    const unwatch = storageStore(shared).watch?.(() => changes++)
    written('other')
    written('overworld', storage())
    expect(changes).toBe(0)
    written('overworld', shared)
    written(null, shared)
    expect(changes).toBe(2)
    unwatch?.()
    written('overworld', shared)
    expect(changes).toBe(2)
  })

  test('goes on where nothing can be kept', () => {
    const refuse = (): never => {
      throw new Error('forbidden')
    }
    const store = storageStore({ getItem: refuse, setItem: refuse })
    expect(store.load()).toBeUndefined()
    store.save({ session: undefined, attempt: 1 })
    expect(store.load()).toEqual({ session: undefined, attempt: 1 })
  })
})

describe('nextMessage', () => {
  test('rejects with client_ended once the client has ended, and at once where it has', async () => {
    const { network, webSocketAddress } = await start()
    const client = createClient({ address: webSocketAddress, network })
    const next = nextMessage(client.app(chat), 'channel_msg')
    client.end()
    await expect(next).rejects.toMatchObject({ code: 'client_ended' })
    await expect(nextMessage(client.app(chat), 'channel_msg')).rejects.toMatchObject({ code: 'client_ended' })
  })
})

test('a platform without crypto.getRandomValues is refused when the client is made', () => {
  vi.stubGlobal('crypto', undefined)
  const network = webSocketNetwork({ clock })
  expect(() => createClient({ address: 'ws://127.0.0.1:1/ws', network })).toThrow(
    expect.objectContaining({ code: 'library_missing', message: expect.stringContaining('polyfill') as string }),
  )
})

test('networkByScheme refuses a scheme that it does not know', async () => {
  const { network } = await start()
  const handler = { opened: () => undefined, message: () => undefined, closed: () => undefined }
  expect(() => network.connect('gopher://127.0.0.1:70', handler)).toThrow(
    expect.objectContaining({ code: 'bad_address' }),
  )
})
