/** Every row of the table in `core/session/transitions.ts`, as seen from outside; a new row without a fact here fails. */
// oxlint-disable vitest/no-standalone-expect -- the facts below are run by `test.each` over the table
import { describe, expect, test } from 'vitest'
import { CloseCode } from '../../../core/close-codes.ts'
import type { Session } from '../../../core/session/views.ts'
import type { SessionEvent, SessionStatus } from '../../../core/session/session-events.ts'
import { TRANSITIONS } from '../../../core/session/transitions.ts'
import { protocol } from '../../../core/protocol.ts'
import { chat } from '../../../scenarios/apps/chat.ts'
import { journalZone } from '../support/journal-zone.ts'
import { startMembership, startZoneWorld } from '../support/membership.ts'
import { Receiver } from '../support/receiver.ts'
import { startWorld, type FakeClient, type ServerWorld, type WorldOptions } from '../support/server-world.ts'

interface Fact {
  readonly name: string
  check(): void
}

const facts: ReadonlyMap<string, Fact> = new Map(
  Object.entries({
    'preconnect request_new': {
      name: 'a request without a token gets session_new, then a beacon',
      check() {
        const { client } = provisional()
        const heard = client.request(new Uint8Array(0))
        expect(heard.map(({ type }) => type)).toEqual(['session_new', 'session_beacon'])
        expect(heard[0]?.message).toEqual({ id: client.session.id, reconnect_token: client.session.token })
        expect(client.session.status).toBe('connected')
      },
    },
    'preconnect request_while_full': {
      name: 'a new session beyond the limit is turned away with 4010',
      check() {
        const { world, client } = provisional({ limits: { sessions: 1 } })
        world.enter()
        expect(client.request()).toEqual([])
        expect(client.connection.closedWith).toBe(CloseCode.full)
        expect(world.gauges()).toMatchObject({ sessions: 1, sessionsPreconnect: 0 })
      },
    },
    'preconnect request_resume': {
      name: 'the provisional session of a connection that resumes another vanishes without a trace',
      check() {
        const { world, member } = startMembership()
        member.close()
        const provisionalId = lastSessionId(world) + 1
        const back = world.connect()
        expect(world.server.sessions.get(provisionalId)?.status).toBe('preconnect')
        back.request(member.token)
        expect(world.server.sessions.get(provisionalId)).toBeUndefined()
        expect(back.connection.isOpen).toBe(true)
        expect(back.sessionId).toBe(member.sessionId)
      },
    },
    'preconnect request_late': {
      name: 'a late request loses its own connection with 4501 and changes nothing else',
      check() {
        const { world, journal } = startZoneWorld()
        const owner = world.connect()
        owner.request(undefined, 5)
        owner.say(chat, 'join', {})
        const before = journal.length
        const late = world.connect()
        expect(late.request(owner.token, 4)).toEqual([])
        expect(late.connection.closedWith).toBe(CloseCode.takenOver)
        expect(owner.connection.isOpen).toBe(true)
        expect(owner.session.token).toEqual(owner.token)
        expect(journal.length).toBe(before)
        expect(world.server.stats().lateRequestsTotal).toBe(1)
      },
    },
    'preconnect request_bad_token': {
      name: 'a bad token is denied, and the connection stays for a new session',
      check() {
        const { world, client } = provisional()
        expect(client.request(new Uint8Array(24))).toMatchObject([{ type: 'session_denied', message: { reason: 2 } }])
        expect(client.request(new Uint8Array(3))).toMatchObject([{ type: 'session_denied', message: { reason: 2 } }])
        expect(client.connection.isOpen).toBe(true)
        expect(world.server.stats().badTokensTotal).toBe(2)
        client.request()
        expect(client.session.status).toBe('connected')
      },
    },
    'preconnect request_bad_token_last': {
      name: 'the third bad token is denied and closes with 4503',
      check() {
        const { world, client } = provisional()
        for (let i = 0; i < 3; i++) client.say(protocol, 'session_request', { reconnect_token: new Uint8Array(24) })
        expect(client.hearTypes()).toEqual(['session_denied', 'session_denied', 'session_denied'])
        expect(client.connection.closedWith).toBe(CloseCode.badTokens)
        expect(world.gauges()).toMatchObject({ sessions: 0 })
      },
    },
    'preconnect other_message': {
      name: 'any other message is denied with no_session',
      check() {
        const { world, client } = provisional()
        world.server.zones.start(journalZone([]))
        client.ping(1)
        client.say(chat, 'join', {})
        client.say(chat, 'channel_msg', { text: 'hi' })
        const heard = client.hear()
        expect(heard.map(({ type, message }) => [type, message['reason']])).toEqual([
          ['session_denied', 1],
          ['session_denied', 1],
          ['session_denied', 1],
        ])
        expect(world.server.stats().denialsTotal).toBe(3)
        expect(client.connection.isOpen).toBe(true)
      },
    },
    'preconnect request_timeout': {
      name: 'who requests nothing within requestTimeout is closed with 4002',
      check() {
        const { world, client } = provisional({ requestTimeout: 700 })
        world.clock.advance(699)
        expect(client.connection.isOpen).toBe(true)
        world.clock.advance(1)
        expect(client.connection.closedWith).toBe(CloseCode.requestTimeout)
        expect(world.gauges()).toMatchObject({ sessions: 0, timers: 0 })
      },
    },
    'preconnect request_while_draining': {
      name: 'a new session on a draining server is turned away with 4009',
      check() {
        const { world, client } = provisional()
        world.enter()
        world.server.drain(1_000)
        expect(client.request()).toEqual([])
        expect(client.connection.closedWith).toBe(CloseCode.draining)
        expect(world.gauges()).toMatchObject({ sessions: 1, sessionsPreconnect: 0 })
      },
    },
    'preconnect crowded_out': {
      name: 'one connection too many closes the one that has waited longest with 4010',
      check() {
        const { world, client } = provisional({ limits: { connections: 1 } })
        const second = world.connect('192.0.2.2')
        expect(client.connection.closedWith).toBe(CloseCode.full)
        expect(second.connection.isOpen).toBe(true)
        expect(world.server.stats()).toMatchObject({ sessions: 1, connectionsRefusedTotal: 1 })
      },
    },
    'preconnect crowded_out_of_address': {
      name: 'one connection too many of an address closes its oldest with 4007',
      check() {
        const { world, client } = provisional({ limits: { preconnectsPerAddress: 1 } })
        const second = world.connect()
        expect(client.connection.closedWith).toBe(CloseCode.tooMany)
        expect(second.connection.isOpen).toBe(true)
        expect(world.server.stats()).toMatchObject({ sessions: 1, connectionsRefusedTotal: 1 })
      },
    },
    'preconnect bad_input': {
      name: 'malformed input before a session closes with 4506 and leaves nothing',
      check() {
        const { world, client } = provisional()
        client.connection.receive(Uint8Array.of(1))
        expect(client.connection.closedWith).toBe(CloseCode.malformed)
        expect(world.server.stats()).toMatchObject({ sessions: 0, timers: 0, malformedTotal: 1 })
      },
    },
    'preconnect too_many_messages': {
      name: 'too many messages before a session close with 4007 and leave nothing',
      check() {
        const { world, client } = provisional({ limits: { messagesPerSecond: 2 } })
        for (let i = 0; i < 3; i++) client.ping(1)
        expect(client.connection.closedWith).toBe(CloseCode.tooMany)
        expect(world.server.stats()).toMatchObject({ sessions: 0, timers: 0, rateLimitedTotal: 1 })
      },
    },
    'preconnect slow_reader': {
      name: 'a reader that is too slow for a denial is closed with 4005 and leaves nothing',
      check() {
        const { world, client } = provisional()
        client.connection.bufferedBytes = SLOW_BYTES
        client.ping(1)
        expect(client.connection.closedWith).toBe(CloseCode.slowReader)
        expect(world.server.stats()).toMatchObject({ sessions: 0, timers: 0, slowReadersTotal: 1 })
      },
    },
    'preconnect server_stop': {
      name: 'a server that stops closes a connection without a session with 4011',
      check() {
        const { world, client } = provisional()
        world.server.stop()
        expect(client.connection.closedWith).toBe(CloseCode.restarting)
        expect(world.server.stats().sessionsStoppedTotal).toBe(0)
      },
    },
    'preconnect drain_over': {
      name: 'at the end of a drain a connection without a session is closed with 4009',
      check() {
        const { world, client } = provisional({ requestTimeout: 10_000 })
        world.enter()
        world.server.drain(1_000)
        world.clock.advance(1_000)
        expect(client.connection.closedWith).toBe(CloseCode.draining)
        expect(world.gauges()).toMatchObject({ sessions: 0, timers: 0 })
      },
    },
    'preconnect connection_closed': {
      name: 'a connection that closes before its request leaves nothing',
      check() {
        const { world, client } = provisional()
        client.close(1006)
        expect(world.gauges()).toMatchObject({ sessions: 0, timers: 0, connections: 0 })
        expect(client.connection.closes).toEqual([])
      },
    },
    'preconnect client_ended': {
      name: 'a connection that its client ends before its request leaves nothing, and no session was ended',
      check() {
        const { world, client } = provisional()
        client.close(CloseCode.ended)
        expect(world.gauges()).toMatchObject({ sessions: 0, timers: 0, connections: 0 })
        expect(world.server.stats().sessionsEndedTotal).toBe(0)
      },
    },
    'preconnect connection_taken': {
      name: 'a session without request whose connection is given to another vanishes, and the connection stays open',
      check() {
        const { world, client } = provisional()
        const other = world.enter()
        other.session.proxy = onlyProvisional(world).proxy
        expect(client.hearTypes()).toEqual(['session_new', 'session_beacon'])
        expect(client.sessionId).toBe(other.sessionId)
        expect(client.connection.isOpen).toBe(true)
        expect(world.gauges()).toMatchObject({ sessions: 1, sessionsPreconnect: 0 })
      },
    },
    'preconnect disconnect_called': {
      name: 'disconnect() on a session that was not requested yet closes its connection and leaves nothing',
      check() {
        const { world, client } = provisional()
        onlyProvisional(world).disconnect()
        expect(client.connection.closedWith).toBe(CloseCode.normal)
        expect(world.gauges()).toMatchObject({ sessions: 0, timers: 0 })
      },
    },
    'preconnect stop': {
      name: 'stop() on a session that was not requested yet closes its connection with 4500',
      check() {
        const { world, client } = provisional()
        onlyProvisional(world).stop()
        expect(client.connection.closedWith).toBe(CloseCode.stopped)
        expect(world.gauges()).toMatchObject({ sessions: 0, timers: 0 })
        expect(world.server.stats().sessionsStoppedTotal).toBe(0)
      },
    },

    'connected request_repeated': {
      name: 'a repeated request is answered with the same id and token, and beacons do not double',
      check() {
        const { world, member } = startMembership()
        const { sessionId, token } = member
        expect(member.request().map(({ type }) => type)).toEqual(['session_new'])
        expect(member.sessionId).toBe(sessionId)
        expect(member.token).toEqual(token)
        expect(world.gauges()).toMatchObject({ tokens: 1, sessions: 1 })
        world.clock.advance(3_000)
        expect(member.hearTypes()).toEqual(['session_beacon', 'session_beacon', 'session_beacon'])
      },
    },
    'connected request_again': {
      name: 'a request with a token is denied with already_in_session, even where the token is its own',
      check() {
        const { member, journal } = startMembership()
        const { token } = member
        expect(member.request(token)).toMatchObject([{ type: 'session_denied', message: { reason: 3 } }])
        expect(member.request(new Uint8Array(24))).toMatchObject([{ type: 'session_denied', message: { reason: 3 } }])
        expect(member.session.token).toEqual(token)
        expect(journal).toEqual(['join 1'])
      },
    },
    'connected connection_closed': {
      name: 'a connection that breaks leaves its session disconnected: callback, then zone, with the close code',
      check() {
        const { world, member, journal } = startMembership()
        const { session } = member
        session.disconnectCallback = (lost, code) => journal.push(`callback ${lost.id} ${code} ${lost.status}`)
        member.close(1006)
        expect(journal).toEqual(['join 1', 'callback 1 1006 disconnected', 'disconnect 1'])
        expect(session.proxy).toBeUndefined()
        expect(world.gauges()).toMatchObject({ sessionsDisconnected: 1, tokens: 1, zoneMembers: 1, timers: 1 })
      },
    },
    'connected bad_input': {
      name: 'malformed input closes with 4506, and the session waits for its client',
      check() {
        const { world, member, journal } = startMembership()
        tellOf(member.session, journal)
        member.connection.receive(Uint8Array.of(1))
        expect(member.connection.closedWith).toBe(CloseCode.malformed)
        expect(journal).toEqual(['join 1', 'callback 1 4506 disconnected', 'disconnect 1'])
        expect(world.gauges()).toMatchObject({ sessionsDisconnected: 1, zoneMembers: 1 })
      },
    },
    'connected too_many_messages': {
      name: 'too many messages close with 4007, and the session waits for its client',
      check() {
        const { world, member, journal } = startMembership({ limits: { messagesPerSecond: 4 } })
        tellOf(member.session, journal)
        for (let i = 0; i < 3; i++) member.ping(1)
        expect(member.connection.closedWith).toBe(CloseCode.tooMany)
        expect(journal).toEqual(['join 1', 'callback 1 4007 disconnected', 'disconnect 1'])
        expect(world.server.stats()).toMatchObject({ sessionsDisconnected: 1, rateLimitedTotal: 1 })
      },
    },
    'connected slow_reader': {
      name: 'a reader that is too slow is closed with 4005, and the session waits for its client',
      check() {
        const { world, member, journal } = startMembership()
        tellOf(member.session, journal)
        member.connection.bufferedBytes = SLOW_BYTES
        member.session.send(chat, 'channel_msg', { text: 'too much' })
        expect(member.connection.closedWith).toBe(CloseCode.slowReader)
        expect(journal).toEqual(['join 1', 'callback 1 4005 disconnected', 'disconnect 1'])
        expect(world.server.stats()).toMatchObject({ sessionsDisconnected: 1, slowReadersTotal: 1 })
      },
    },
    'connected server_stop': {
      name: 'a server that stops parts its sessions with stopped and closes them with 4011',
      check() {
        const { world, member, journal } = startMembership()
        tellOf(member.session, journal)
        world.server.stop()
        expect(member.connection.closedWith).toBe(CloseCode.restarting)
        expect(journal).toEqual(['join 1', 'part 1 stopped'])
        expect(world.gauges()).toMatchObject({ sessions: 0, tokens: 0, timers: 0 })
      },
    },
    'connected drain_over': {
      name: 'at the end of a drain a session is parted with stopped and closed with 4009',
      check() {
        const { world, member, journal } = startMembership()
        tellOf(member.session, journal)
        world.server.drain(1_000)
        world.clock.advance(1_000)
        expect(member.connection.closedWith).toBe(CloseCode.draining)
        expect(journal).toEqual(['join 1', 'part 1 stopped'])
        expect(world.gauges()).toMatchObject({ sessions: 0, tokens: 0, timers: 0 })
      },
    },
    'connected liveness_timeout': {
      name: 'a silent connection is given up with 4004, without waiting for its close',
      check() {
        const { world, member, journal } = startMembership({ livenessTimeout: 3_000 })
        const { session } = member
        world.clock.advance(2_999)
        expect(session.status).toBe('connected')
        world.clock.advance(1)
        expect(session.status).toBe('disconnected')
        expect(member.connection.closedWith).toBe(CloseCode.livenessTimeout)
        expect(journal).toEqual(['join 1', 'disconnect 1'])
        expect(world.server.stats().livenessTimeoutsTotal).toBe(1)
      },
    },
    'connected disconnect_called': {
      name: 'disconnect() closes the connection, and the session waits for its client',
      check() {
        const { world, member, journal } = startMembership()
        const { session } = member
        session.disconnect()
        expect(member.connection.closedWith).toBe(CloseCode.normal)
        expect(session.status).toBe('disconnected')
        expect(journal).toEqual(['join 1', 'disconnect 1'])
        const back = world.connect()
        back.request(member.token)
        expect(back.session).toBe(session)
      },
    },
    'connected client_ended': {
      name: 'a close with 4000 ends the session: callback, then part with ended, and nothing waits',
      check() {
        const { world, member, journal } = startMembership()
        const { session } = member
        session.disconnectCallback = (ended, code) => journal.push(`callback ${ended.id} ${code} ${ended.status}`)
        member.close(CloseCode.ended)
        expect(journal).toEqual(['join 1', 'callback 1 4000 gone', 'part 1 ended'])
        expect(world.gauges()).toMatchObject({ sessions: 0, tokens: 0, timers: 0, zoneMembers: 0 })
        expect(world.server.stats().sessionsEndedTotal).toBe(1)
      },
    },
    'connected resume': {
      name: 'a token used while the first connection is open takes the session over: 4501, reconnect alone',
      check() {
        const { world, member, journal } = startMembership()
        const { session } = member
        session.disconnectCallback = () => journal.push('callback')
        const second = world.connect()
        const types = second.request(member.token).map(({ type }) => type)
        expect(types).toEqual(['session_new', 'session_beacon'])
        expect(second.session).toBe(session)
        expect(second.token).not.toEqual(member.token)
        expect(member.connection.closedWith).toBe(CloseCode.takenOver)
        expect(journal).toEqual(['join 1', 'reconnect 1'])
        expect(world.server.stats()).toMatchObject({ sessionsTakenOverTotal: 1, sessionsDisconnectedTotal: 0 })
      },
    },
    'connected receiver_set': {
      name: 'an in-process proxy takes a networked session over: 4501, no beacons, reconnect alone',
      check() {
        const { world, member, journal } = startMembership()
        const { session } = member
        const receiver = new Receiver()
        session.proxy = receiver
        expect(member.connection.closedWith).toBe(CloseCode.takenOver)
        expect(session.serializer).toBeUndefined()
        expect(journal).toEqual(['join 1', 'reconnect 1'])
        world.clock.advance(100)
        expect(world.gauges()).toMatchObject({ timers: 0, sessionsConnected: 1, connections: 0 })
        session.send(chat, 'channel_msg', { text: 'to the bot' })
        expect(receiver.heard).toEqual(['channel_msg'])
      },
    },
    'connected connection_set': {
      name: "a session given another's connection by hand takes it over, with the token it had",
      check() {
        const { world, member, journal } = startMembership()
        const other = world.enter()
        const { session } = member
        session.proxy = other.session.proxy
        expect(other.hear()).toMatchObject([
          { type: 'session_new', message: { id: session.id, reconnect_token: member.token } },
          { type: 'session_beacon' },
        ])
        expect(member.connection.closedWith).toBe(CloseCode.takenOver)
        expect(journal).toEqual(['join 1', 'reconnect 1'])
        other.say(chat, 'channel_msg', { text: 'I am 1 now' })
        expect(journal.at(-1)).toBe('channel_msg 1 I am 1 now')
      },
    },
    'connected connection_taken': {
      name: 'a session whose connection is given to another is disconnected, its connection open',
      check() {
        const { world, member, journal } = startMembership()
        const { session } = member
        const other = world.enter()
        other.session.proxy = session.proxy
        expect(session.status).toBe('disconnected')
        expect(journal).toEqual(['join 1', 'disconnect 1'])
        expect(member.connection.isOpen).toBe(true)
        member.close()
        expect(other.session.status).toBe('disconnected')
        world.clock.advance(5_000)
        expect(journal).toEqual(['join 1', 'disconnect 1', 'part 1 timeout'])
      },
    },
    'connected stop': {
      name: 'stop() parts with stopped, closes with 4500, revokes the token, and calls no callback',
      check() {
        const { world, member, journal } = startMembership()
        const { session } = member
        session.disconnectCallback = () => journal.push('callback')
        session.stop()
        expect(session.status).toBe('gone')
        expect(member.connection.closedWith).toBe(CloseCode.stopped)
        expect(journal).toEqual(['join 1', 'part 1 stopped'])
        expect(world.gauges()).toMatchObject({ sessions: 0, tokens: 0, timers: 0, zoneMembers: 0 })
        expect(world.server.stats().sessionsStoppedTotal).toBe(1)
      },
    },

    'disconnected resume': {
      name: 'a token brings a disconnected session back: id, new token, beacon, then the zone',
      check() {
        const { world, member, journal } = startMembership()
        const { session } = member
        member.close()
        world.clock.advance(4_999)
        const back = world.connect()
        const heard = back.request(member.token)
        expect(heard.map(({ type }) => type)).toEqual(['session_new', 'session_beacon'])
        expect(heard[0]?.message['id']).toBe(session.id)
        expect(back.token).not.toEqual(member.token)
        expect(session.status).toBe('connected')
        expect(journal).toEqual(['join 1', 'disconnect 1', 'reconnect 1'])
        back.answerBeacons()
        world.clock.advance(9_000)
        expect(session.status).toBe('connected')
        expect(world.server.stats()).toMatchObject({ sessionsResumedTotal: 1, sessionsTakenOverTotal: 0 })
      },
    },
    'disconnected receiver_set': {
      name: 'an in-process proxy set on a disconnected session resumes it, and its client can still come back',
      check() {
        const { world, member, journal } = startMembership()
        const { session } = member
        const bot = new Receiver()
        member.close()
        session.proxy = bot
        expect(session.status).toBe('connected')
        world.clock.advance(60_000)
        expect(journal).toEqual(['join 1', 'disconnect 1', 'reconnect 1'])
        const back = world.connect()
        back.request(member.token)
        expect(back.session).toBe(session)
        expect(bot.heard).toEqual(['closed 4501'])
        expect(session.serializer).toBe('protobuf')
        expect(journal).toEqual(['join 1', 'disconnect 1', 'reconnect 1', 'reconnect 1'])
      },
    },
    'disconnected connection_set': {
      name: "a disconnected session given another's connection by hand is back, with the token it had",
      check() {
        const { world, member, journal } = startMembership()
        const { session } = member
        member.close()
        const other = world.enter()
        session.proxy = other.session.proxy
        expect(other.hear()).toMatchObject([
          { type: 'session_new', message: { id: session.id, reconnect_token: member.token } },
          { type: 'session_beacon' },
        ])
        expect(session.status).toBe('connected')
        expect(journal).toEqual(['join 1', 'disconnect 1', 'reconnect 1'])
        expect(world.server.stats().sessionsResumedTotal).toBe(1)
      },
    },
    'disconnected grace_over': {
      name: 'disconnectTimeout after the disconnect the session is parted with timeout and gone',
      check() {
        const { world, member, journal } = startMembership({ disconnectTimeout: 1_500 })
        const { session, token } = member
        world.clock.advance(4_000)
        member.close()
        world.clock.advance(1_499)
        expect(session.status).toBe('disconnected')
        world.clock.advance(1)
        expect(session.status).toBe('gone')
        expect(journal).toEqual(['join 1', 'disconnect 1', 'part 1 timeout'])
        expect(world.gauges()).toMatchObject({ sessions: 0, tokens: 0, timers: 0, zoneMembers: 0 })
        expect(world.connect().request(token)).toMatchObject([{ type: 'session_denied', message: { reason: 2 } }])
      },
    },
    'disconnected place_given': {
      name: 'on a full server the newest session in grace of a crowded address gives its place to a client of another address',
      check() {
        const { world, member, journal } = startMembership({ limits: { sessions: 3, sessionsPerAddress: Infinity } })
        const others = [world.enter(), world.enter()]
        const { session, token } = member
        for (const client of [...others, member]) client.close()
        const newcomer = world.connect('198.51.100.7')
        newcomer.request()
        expect(newcomer.sessionId).toBeDefined()
        expect(session.status).toBe('gone')
        expect(journal).toEqual(['join 1', 'disconnect 1', 'part 1 timeout'])
        expect(world.server.stats().sessionsEvictedTotal).toBe(1)
        expect(world.connect().request(token)).toMatchObject([{ type: 'session_denied', message: { reason: 2 } }])
        // The others are resumed as before.
        expect(world.connect().request(others[0]?.token)).toMatchObject([{ type: 'session_new' }, {}])
      },
    },
    'disconnected server_stop': {
      name: 'a server that stops ends disconnected sessions',
      check() {
        const { world, member, journal } = startMembership()
        member.close()
        world.server.stop()
        expect(journal).toEqual(['join 1', 'disconnect 1', 'part 1 stopped'])
        expect(world.gauges()).toMatchObject({ sessions: 0, tokens: 0, timers: 0 })
      },
    },
    'disconnected drain_over': {
      name: 'the end of a drain ends disconnected sessions',
      check() {
        const { world, member, journal } = startMembership()
        member.close()
        world.server.drain(1_000)
        world.clock.advance(1_000)
        expect(journal).toEqual(['join 1', 'disconnect 1', 'part 1 stopped'])
        expect(world.gauges()).toMatchObject({ sessions: 0, tokens: 0, timers: 0 })
      },
    },
    'disconnected stop': {
      name: 'stop() ends a disconnected session at once',
      check() {
        const { world, member, journal } = startMembership()
        const { session } = member
        member.close()
        session.stop()
        expect(session.status).toBe('gone')
        expect(journal).toEqual(['join 1', 'disconnect 1', 'part 1 stopped'])
        expect(world.gauges()).toMatchObject({ sessions: 0, tokens: 0, timers: 0 })
      },
    },
  } satisfies Partial<Record<`${SessionStatus} ${SessionEvent}`, Fact>>),
)

describe('the table', () => {
  test.each(TRANSITIONS.map(({ from, on, to }) => [from, on, to]))('%s, on %s, becomes %s', (from, on) => {
    const fact = facts.get(`${from} ${on}`)
    if (fact === undefined) throw new Error(`the row '${from} ${on}' has no fact in this file`)
    fact.check()
  })

  test('has a row for every fact, and no row twice', () => {
    const rows = TRANSITIONS.map(({ from, on }) => `${from} ${on}`)
    expect([...rows].sort()).toEqual([...facts.keys()].sort())
  })

  test('nothing happens to a session that is gone', () => {
    expect(TRANSITIONS.filter(({ from }) => from === 'gone')).toEqual([])
  })

  test('each row that closes a connection has the code that the design names, and no other row has one', () => {
    const closes = TRANSITIONS.flatMap(({ from, on, closes: code }) =>
      code === undefined ? [] : [[`${from} ${on}`, code]],
    )
    expect(Object.fromEntries(closes)).toEqual({
      'preconnect request_while_draining': 4009,
      'preconnect request_while_full': 4010,
      'preconnect request_late': 4501,
      'preconnect request_bad_token_last': 4503,
      'preconnect request_timeout': 4002,
      'preconnect crowded_out': 4010,
      'preconnect crowded_out_of_address': 4007,
      'preconnect bad_input': 4506,
      'preconnect too_many_messages': 4007,
      'preconnect slow_reader': 4005,
      'preconnect disconnect_called': 1000,
      'preconnect stop': 4500,
      'preconnect server_stop': 4011,
      'preconnect drain_over': 4009,
      'connected bad_input': 4506,
      'connected too_many_messages': 4007,
      'connected slow_reader': 4005,
      'connected liveness_timeout': 4004,
      'connected disconnect_called': 1000,
      'connected resume': 4501,
      'connected receiver_set': 4501,
      'connected connection_set': 4501,
      'connected stop': 4500,
      'connected server_stop': 4011,
      'connected drain_over': 4009,
    })
  })

  test('each row after which the session is in no zone says why, and no other row does', () => {
    for (const { effects, parts } of TRANSITIONS) expect(parts !== undefined).toBe(effects.includes('leave_zone'))
  })

  test('whatever leads to a session that is gone frees its timers, its tokens and its zone', () => {
    for (const { from, to, effects } of TRANSITIONS) {
      if (to !== 'gone') continue
      const freed =
        from === 'preconnect'
          ? ['cancel_request_timer', 'drop_proxy']
          : ['cancel_grace', 'stop_heartbeat', 'revoke_tokens', 'leave_zone']
      expect(effects).toEqual(expect.arrayContaining(freed))
    }
  })
})

/** Above the hard limit. */
const SLOW_BYTES = 2 ** 21

function tellOf(session: Session, journal: string[]): void {
  session.disconnectCallback = (lost, code) => journal.push(`callback ${lost.id} ${code} ${lost.status}`)
}

/** A world with one connection that has requested nothing. */
function provisional(options?: WorldOptions): { readonly world: ServerWorld; readonly client: FakeClient } {
  const world = startWorld(options)
  return { world, client: world.connect() }
}

function onlyProvisional(world: ServerWorld): Session {
  const found = [...world.server.sessions].filter(({ status }) => status === 'preconnect')
  const [only] = found
  if (only === undefined || found.length > 1) throw new Error(`${found.length} sessions wait for their request`)
  return only
}

function lastSessionId(world: ServerWorld): number {
  return Math.max(...[...world.server.sessions].map(({ id }) => id))
}
