/** Places for each address: who gives up one on a full server, and who is refused. */
import { describe, expect, test } from 'vitest'
import { startWorld, type FakeClient, type ServerWorld } from '../support/server-world.ts'

const CROWDED = '192.0.2.1'
const NEWCOMER = '198.51.100.7'

function full(sessions: number, limits: object = {}): { readonly world: ServerWorld; readonly clients: FakeClient[] } {
  const world = startWorld({ limits: { sessions, sessionsPerAddress: Infinity, ...limits } })
  return { world, clients: Array.from({ length: sessions }, () => world.enter(CROWDED)) }
}

function request(world: ServerWorld, address: string, token?: Uint8Array): FakeClient {
  const client = world.connect(address)
  client.request(token)
  return client
}

describe('a full server', () => {
  test('one address cannot shut the others out by sessions that wait in grace', () => {
    const { world, clients } = full(100)
    for (const client of clients) client.close()
    const newcomers = Array.from({ length: 20 }, (_, i) => request(world, `198.51.100.${i}`))
    expect(newcomers.every(({ sessionId }) => sessionId !== undefined)).toBe(true)
    expect(world.server.stats()).toMatchObject({ sessionsEvictedTotal: 20, sessionsDisconnected: 80 })
    // Those of the crowded address that are left are resumed; newer ones went first.
    expect(request(world, CROWDED, clients[0]?.token).sessionId).toBe(clients[0]?.sessionId)
    expect(request(world, CROWDED, clients[79]?.token).sessionId).toBe(clients[79]?.sessionId)
  })

  test('connected sessions give no place, nor does an address with as many as the newcomer has', () => {
    const { world, clients } = full(3)
    expect(request(world, NEWCOMER).connection.closedWith).toBe(4010)
    clients[0]?.close()
    expect(request(world, NEWCOMER).connection.closedWith).toBe(4010)
    clients[1]?.close()
    expect(request(world, NEWCOMER).sessionId).toBeDefined()
    expect(request(world, NEWCOMER).connection.closedWith).toBe(4010)
  })

  test('a client of the crowded address itself is refused', () => {
    const { world, clients } = full(4)
    for (const client of clients) client.close()
    expect(request(world, CROWDED).connection.closedWith).toBe(4010)
  })

  test('a session counts for the address that it came back from', () => {
    const { world, clients } = full(4)
    for (const client of clients) client.close()
    const back = clients.slice(0, 3).map((client, i) => request(world, `203.0.113.${i}`, client.token))
    for (const client of back) client.close()
    // Four addresses with one each: nobody is crowded.
    expect(request(world, NEWCOMER).connection.closedWith).toBe(4010)
  })

  test('a repeated request costs nobody a place', () => {
    const { world, clients } = full(3)
    const own = request(world, CROWDED, clients[0]?.token)
    for (const client of clients.slice(1)) client.close()
    own.request()
    expect(world.server.stats()).toMatchObject({ sessionsEvictedTotal: 0, sessions: 3 })
  })

  test('IPv6 addresses of one /64 are one address', () => {
    const world = startWorld({ limits: { sessions: 3, sessionsPerAddress: Infinity } })
    for (let i = 1; i <= 3; i++) world.enter(`2001:db8::${i}`).close()
    expect(request(world, NEWCOMER).sessionId).toBeDefined()
    expect(request(world, '2001:db8::9').connection.closedWith).toBe(4010)
  })
})

describe('sessionsPerAddress', () => {
  test('is half of the sessions by default; one more is closed with 4010, and a resume is not', () => {
    const world = startWorld({ limits: { sessions: 4 } })
    const [first] = [world.enter(CROWDED), world.enter(CROWDED)]
    expect(request(world, CROWDED).connection.closedWith).toBe(4010)
    first?.close()
    expect(request(world, CROWDED, first?.token).sessionId).toBe(first?.sessionId)
    expect(request(world, NEWCOMER).sessionId).toBeDefined()
  })

  test('a session that has ended counts no more', () => {
    const world = startWorld({ limits: { sessions: 10, sessionsPerAddress: 1 } })
    for (let i = 0; i < 5; i++) {
      const client = request(world, CROWDED)
      expect(client.sessionId).toBeDefined()
      client.close(4000)
    }
  })
})
