/** The promise layer, against a real server on real networks; what the client itself does is tested in core. */
import { afterEach, describe, expect, test } from 'vitest'
import { createServer, type Server } from '../../core/server.ts'
import { createClient, storageStore, whenConnected, type StorageLike } from '../../transports/client.ts'
import { enetNetwork } from '../../transports/enet-network.ts'
import { networkByScheme } from '../../transports/network-by-scheme.ts'
import { connectionIds } from '../../transports/options.ts'
import { systemClock } from '../../transports/system-clock.ts'
import { systemRandom } from '../../transports/system-random.ts'
import { webSocketNetwork } from '../../transports/websocket-network.ts'
import { until } from './real-time.ts'

const servers: Server[] = []

afterEach(async () => {
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
    onReport: (report) => expect.fail(report.kind),
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
  expect(await whenConnected(client)).toEqual({ id, resumed: true })
  client.connect({ address: webSocketAddress })
  expect(await whenConnected(client)).toEqual({ id, resumed: true })
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
    expect(await whenConnected(after)).toEqual({ id, resumed: true })
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

test('networkByScheme refuses a scheme that it does not know', async () => {
  const { network } = await start()
  const handler = { opened: () => undefined, message: () => undefined, closed: () => undefined }
  expect(() => network.connect('gopher://127.0.0.1:70', handler)).toThrow(
    expect.objectContaining({ code: 'bad_address' }),
  )
})
