/** Tokens: at most two are valid, and no loss of a message ever strands a client or leaves an old token alive. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Random } from '../../../core/injected.ts'
import { Tokens, TOKEN_BYTES } from '../../../core/session/tokens.ts'
import type { LinkOwner } from '../../../core/session/client-link.ts'
import { SeededRandom } from '../support/seeded-random.ts'
import { ServerWorld, startWorld, type FakeClient } from '../support/server-world.ts'

const session = {} as LinkOwner

describe('tokens', () => {
  test('are 24 bytes from the injected randomness, equal for equal seeds', () => {
    const [a, b] = [1, 1].map((seed) => new Tokens(new SeededRandom(seed)).issue(session).current)
    expect(a).toHaveLength(TOKEN_BYTES)
    expect(a).toEqual(b)
    expect(new Tokens(new SeededRandom(2)).issue(session).current).not.toEqual(a)
  })

  test('a token is found by all of its bytes: each changed byte alone makes it bad', () => {
    const tokens = new Tokens(new SeededRandom())
    const { current } = tokens.issue(session)
    expect(tokens.find(current)).toBe(session)
    for (let i = 0; i < TOKEN_BYTES; i++) {
      const changed = current.slice()
      changed[i] = (changed[i] ?? 0) ^ 1
      expect(tokens.find(changed)).toBeUndefined()
    }
    expect(tokens.find(current.subarray(0, 23))).toBeUndefined()
    expect(tokens.find(new Uint8Array(0))).toBeUndefined()
    expect(tokens.find(Uint8Array.of(...current, 0))).toBeUndefined()
  })

  test('a token whose first eight bytes are taken is drawn again', () => {
    const draws = [1, 1, 2]
    const random: Random = { fill: (bytes) => bytes.fill(draws.shift() ?? 3), uint32: () => 0 }
    const tokens = new Tokens(random)
    expect(tokens.issue(session).current[0]).toBe(1)
    expect(tokens.issue(session).current[0]).toBe(2)
    expect(tokens.size).toBe(2)
  })

  test('what a caller does to session.token changes nothing', () => {
    const world = startWorld()
    const client = world.enter()
    client.session.token?.fill(0)
    expect(client.session.token).toEqual(client.token)
  })
})

describe('rotation', () => {
  test('the old token lives until the client has answered a beacon sent after session_new on that connection', () => {
    const { world, client: first } = lost()
    const second = world.connect()
    second.request(first.token)
    expect(world.gauges()).toMatchObject({ tokens: 2 })
    const third = world.connect()
    third.request(first.token)
    expect(third.sessionId).toBe(first.sessionId)
    expect(world.gauges()).toMatchObject({ tokens: 2 })
    third.ping()
    expect(world.gauges()).toMatchObject({ tokens: 1 })
    expect(isAccepted(world, first.token)).toBe(false)
    expect(isAccepted(world, second.token)).toBe(false)
  })

  test('coming back with the successor is proof as well', () => {
    const { world, client: first } = lost()
    const second = world.connect()
    second.request(first.token)
    const third = world.connect()
    third.request(second.token)
    expect(isAccepted(world, first.token)).toBe(false)
    expect(isAccepted(world, second.token)).toBe(true)
  })

  test('coming back with the old one kills the successor that was never received', () => {
    const { world, client: first } = lost()
    const second = world.connect()
    second.request(first.token)
    const third = world.connect()
    third.request(first.token)
    expect(isAccepted(world, second.token)).toBe(false)
    expect(isAccepted(world, first.token)).toBe(true)
  })

  test('a first token needs no proof: a ping changes nothing about it', () => {
    const world = startWorld()
    const client = world.connect()
    client.request()
    client.ping()
    expect(isAccepted(world, client.token)).toBe(true)
  })

  test('a client that loses any of the messages, again and again, is never stranded', () => {
    type Step = 'drop_before_new' | 'drop_after_new' | 'drop_after_ping' | 'take_over'
    const step = fc.constantFrom<Step>('drop_before_new', 'drop_after_new', 'drop_after_ping', 'take_over')
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.nat(), (steps, seed) => {
        const world = new ServerWorld({ seed })
        const first = world.enter()
        const dead: Uint8Array[] = []
        let held = first.token
        let open: FakeClient = first
        for (const what of steps) {
          if (what !== 'take_over') open.close()
          const client = world.connect()
          client.request(held)
          expect(client.sessionId).toBe(first.sessionId)
          if (what !== 'drop_before_new') {
            if (held !== undefined && what === 'drop_after_ping') dead.push(held)
            held = client.token
          }
          if (what === 'drop_after_ping') client.ping()
          expect(world.gauges()['tokens']).toBeLessThanOrEqual(2)
          open = client
        }
        for (const token of dead) expect(isAccepted(world, token)).toBe(false)
        world.server.stop()
        expect(world.gauges()).toMatchObject({ tokens: 0 })
      }),
      { numRuns: 200 },
    )
  })
})

describe('attempts', () => {
  test('a request as high as the highest accepted, or without a number, is no late one', () => {
    const world = startWorld()
    const first = world.connect()
    first.request(undefined, 7)
    for (const attempt of [7, undefined, 8]) {
      const next = world.connect()
      next.request(first.token, attempt)
      expect(next.sessionId).toBe(first.sessionId)
    }
    const late = world.connect()
    late.request(first.token, 7)
    expect(late.connection.closedWith).toBe(4501)
  })

  test('a guest with the previous token and a huge number is gone without a trace', () => {
    const world = startWorld()
    const owner = world.connect()
    owner.request(undefined, 1)
    const back = world.connect()
    back.request(owner.token, 2)
    const guest = world.connect()
    guest.request(owner.token, Number.MAX_SAFE_INTEGER)
    expect(guest.sessionId).toBe(owner.sessionId)
    guest.close()
    const late = world.connect()
    late.request(owner.token, 1)
    expect(late.connection.closedWith).toBe(4501)
    const again = world.connect()
    again.request(owner.token, 3)
    expect(again.sessionId).toBe(owner.sessionId)
  })

  test('a client with the previous token that has proven the current one makes earlier requests late, after a loss too', () => {
    const world = startWorld()
    const owner = world.connect()
    owner.request(undefined, 1)
    world.connect().request(owner.token, 2)
    const proven = world.connect()
    proven.request(owner.token, 9)
    proven.ping()
    const successor = proven.token
    proven.close()
    const late = world.connect()
    late.request(successor, 8)
    expect(late.connection.closedWith).toBe(4501)
  })

  test('a late request with a bad token is a bad token', () => {
    const world = startWorld()
    world.connect().request(undefined, 7)
    expect(world.connect().request(new Uint8Array(24), 1)).toMatchObject([{ message: { reason: 2 } }])
  })
})

function lost(): { readonly world: ServerWorld; readonly client: FakeClient } {
  const world = startWorld()
  const client = world.enter()
  client.close()
  return { world, client }
}

function isAccepted(world: ServerWorld, token: Uint8Array | undefined): boolean {
  const probe = world.connect()
  probe.request(token)
  return probe.sessionId !== undefined
}
