/** Every pair of a status and an event: a transition, an ignored pair, or an assertion before any effect. */
import { expect, test } from 'vitest'
import { CloseCode } from '../../../core/close-codes.ts'
import { ClientLink } from '../../../core/session/client-link.ts'
import { SessionCore } from '../../../core/session/session.ts'
import { SESSION_EVENTS, type SessionEvent, type SessionStatus } from '../../../core/session/session-events.ts'
import { findRow, IGNORED_PAIRS } from '../../../core/session/transitions.ts'
import type { Turns } from '../../../core/turns/turns.ts'
import { startMembership } from '../support/membership.ts'
import type { FakeClient, ServerWorld } from '../support/server-world.ts'

const STATUSES: readonly SessionStatus[] = ['preconnect', 'connected', 'disconnected', 'gone']

const unexpected = STATUSES.flatMap((from) =>
  SESSION_EVENTS.filter((on) => findRow(from, on) === undefined).map((on) => [from, on] as const),
)

test.each(unexpected)('%s, on %s, changes nothing: reported, and the connection closed with 4012', (from, on) => {
  const { world, client, session } = sessionThatIs(from)
  const before = stateOf(world, session)
  const sentBefore = client.connection.take().length
  turnsOf(world).run(() => session.apply(on))
  expect(stateOf(world, session)).toEqual(before)
  expect(client.connection.take()).toHaveLength(0)
  expect(sentBefore).toBe(0)
  expect(world.reports).toMatchObject([{ kind: 'internal', error: { code: 'internal' } }])
  const hasConnection = from === 'preconnect' || from === 'connected'
  expect(client.connection.closedWith).toBe(hasConnection ? CloseCode.trouble : undefined)
})

test('a client whose connection was closed with 4012 resumes its session', () => {
  const { world, client, session } = sessionThatIs('connected')
  turnsOf(world).run(() => session.apply('grace_over'))
  const back = world.connect()
  back.request(client.token)
  expect(back.session).toBe(session)
})

test('a resume that cannot be closes the connection that asked for it, and touches neither session', () => {
  const { world, session } = sessionThatIs('gone')
  const other = world.connect()
  const provisional = [...world.server.sessions].find(({ status }) => status === 'preconnect')
  const link = provisional?.proxy
  if (!(provisional instanceof SessionCore) || !(link instanceof ClientLink)) throw new Error('no provisional session')
  turnsOf(world).run(() => session.resume(link, provisional, new Uint8Array(24), 1))
  expect(provisional.status).toBe('preconnect')
  expect(session.status).toBe('gone')
  expect(other.connection.closedWith).toBe(CloseCode.trouble)
  expect(world.reports).toMatchObject([{ kind: 'internal' }])
})

/** How each ignored pair occurs. */
const occasions: Readonly<Record<string, (session: SessionCore) => void>> = {
  'disconnected disconnect_called': (session) => session.disconnect(),
  'gone disconnect_called': (session) => session.disconnect(),
  'gone stop': (session) => session.stop(),
}

test.each(IGNORED_PAIRS.map(({ from, on }) => [from, on] as const))('%s, on %s, is ignored', (from, on) => {
  const { world, session } = sessionThatIs(from)
  const before = stateOf(world, session)
  const occasion = occasions[`${from} ${on}`]
  if (occasion === undefined) throw new Error('nothing in this file makes this pair occur')
  let applied: SessionEvent | undefined
  const spied = session.apply.bind(session)
  Object.defineProperty(session, 'apply', {
    value: (event: SessionEvent) => {
      applied = event
      spied(event)
    },
  })
  occasion(session)
  expect(applied).toBe(on)
  expect(stateOf(world, session)).toEqual(before)
  expect(world.reports).toEqual([])
})

test('each ignored pair has a reason, in a sentence', () => {
  for (const { because } of IGNORED_PAIRS) expect(because).toMatch(/^[A-Z].{20,}\.$/)
})

interface Subject {
  readonly world: ServerWorld
  readonly client: FakeClient
  readonly session: SessionCore
}

function sessionThatIs(status: SessionStatus): Subject {
  const { world, member } = startMembership({ expectReports: true, requestTimeout: 60_000 })
  if (status === 'preconnect') {
    const client = world.connect()
    const session = [...world.server.sessions].find((each) => each.status === status)
    if (!(session instanceof SessionCore)) throw new Error('no provisional session')
    return { world, client, session }
  }
  const { session } = member
  if (!(session instanceof SessionCore)) throw new Error('no session')
  if (status === 'disconnected') member.close()
  if (status === 'gone') member.close(CloseCode.ended)
  return { world, client: member, session }
}

/** Everything of a session and its server that an effect changes. */
function stateOf(world: ServerWorld, session: SessionCore): unknown {
  const { status, token, zone, latency, proxy, serializer } = session
  return { status, token, zone: zone?.name, latency, proxy, serializer, stats: world.server.stats() }
}

function turnsOf(world: ServerWorld): Turns {
  return (world.server as unknown as { readonly turns: Turns }).turns
}
