/**
 * What a server may send and close: the answers that its clients were owed, beacons in their rhythm, a zone's messages
 * to its members; and nothing on a connection that is over.
 */
import { addressKey } from '../../core/address-key.ts'
import { protocol } from '../../core/index.ts'
import type { InvariantName } from '../invariants.ts'
import { inWords, nameOf } from './in-words.ts'
import type { ModelConnection, ModelSession } from './model-entities.ts'
import { SLACK_MS, type Answering, type Buffers, type ModelState } from './model-state.ts'
import type { Output } from './observation.ts'
import type { ServerTap } from './server-tap.ts'
import { DENIED, prefixOf, readSessionFrame, type SessionFrame } from './wire.ts'

const BEACONS_REMEMBERED = 25
/** So much (ms) lies between the beacons of two sessions that began one after the other: a good deal less than it is. */
const APART_MS_MIN = 20
/** What a transport adds to a message, and what may be sent in the same turn. */
const FRAMING_BYTES_MAX = 256
/** Which rule says who is denied for what. */
const DENIAL_RULES: ReadonlyMap<number, InvariantName> = new Map([
  [DENIED.no_session, 'denied-without-session'],
  [DENIED.bad_token, 'bad-token-denied'],
  [DENIED.already_in_session, 'resume-honoured'],
  [DENIED.no_zone, 'rpc-judged'],
  [DENIED.already_joined, 'join-judged'],
  [DENIED.unknown_zone, 'join-judged'],
])

/** Which rule a close with this code breaks where nothing called for it. */
const RULE_OF_CODE: ReadonlyMap<number, InvariantName> = new Map([
  [4007, 'rate-limit'],
  [4009, 'drain'],
  [4010, 'full-server'],
  [4011, 'stop-is-no-end'],
  [4500, 'stop-is-final'],
  [4501, 'takeover-silent'],
])

/** That a session lost its connection of whose beginning nobody was told. */
const UNTOLD = 'callback untold'

type Sent = Extract<Output, { readonly kind: 'send' }>

export class MessageRules {
  readonly #state: ModelState

  constructor(state: ModelState) {
    this.#state = state
  }

  /** The server sent something. */
  handleSend(sent: Sent, observer: ServerTap): void {
    const { connection: number, bytes } = sent
    const connection = this.#state.connections.get(number)
    if (connection === undefined || connection.isOver) {
      this.#state.fail('silence-after-close', `a message was sent to connection ${number}, which is closed`)
    }
    this.#state.pass('silence-after-close')
    this.#state.counts.messagesOutTotal++
    this.#state.counts.bytesOutTotal += bytes.length
    const frame = prefixOf(bytes) === protocol.prefix ? readSessionFrame(bytes) : undefined
    if (connection.owesState && frame?.type !== 'state') {
      const what = frame?.type ?? "a zone's message"
      this.#state.fail(
        'session-state',
        `${nameOf(connection)} was sent ${what} between its session_new and its session_state`,
      )
    }
    if (frame !== undefined) this.#handleProtocolSend(connection, frame)
    else this.#handleAppSend(connection, sent, observer)
  }

  /** It was sent a `session_new`: if its client has announced its apps, what follows at once is where the session is. */
  #expectState(connection: ModelConnection, { zone }: ModelSession): void {
    if (connection.skewed === undefined) return
    connection.owesState = true
    const where = `${zone === undefined ? '-' : this.#state.prefixOf(zone.app)} ${zone?.zone ?? '-'}`
    this.#state.expect(`state ${connection.number} ${where} ${connection.skewed.join(',')}`, 'session-state')
  }

  #handleState(connection: ModelConnection, { zoneApp, zone, skewed }: Extract<SessionFrame, { type: 'state' }>): void {
    connection.owesState = false
    const where = `${zoneApp ?? '-'} ${zone ?? '-'}`
    if (skewed.length > 0) this.#state.goals.reach('skewed client told')
    if (zone !== undefined) this.#state.goals.reach('told that it is in a zone')
    this.#state.consume(`state ${connection.number} ${where} ${skewed.join(',')}`, 'session-state', () => {
      return `${nameOf(connection)} was told that it is at ${where}, with other schemas of apps ${skewed.join(' ')}`
    })
  }

  #handleProtocolSend(connection: ModelConnection, frame: SessionFrame): void {
    switch (frame.type) {
      case 'new':
        this.#handleSessionNew(connection, frame.id, frame.token)
        return
      case 'state':
        this.#handleState(connection, frame)
        return
      case 'beacon':
        this.#handleBeacon(connection, frame.id)
        return
      case 'pong':
        this.#state.consumePong(connection, frame.latency, () => {
          return `${nameOf(connection)} got a pong of ${frame.latency} ms`
        })
        return
      case 'denied':
        this.#handleDenial(connection, frame.reason)
        return
      default:
        this.#state.fail('session-new-first', `${nameOf(connection)} was sent a frame that no client understands`)
    }
  }

  #handleDenial(connection: ModelConnection, reason: number): void {
    this.#state.counts.denialsTotal++
    const resumed = this.#state.answering?.connection === connection ? this.#state.answering.resumed : undefined
    this.#state.check('resume-honoured', resumed === undefined, () => {
      return `${nameOf(connection)} brought a token that is valid for session ${resumed?.id}, and was denied (reason ${reason})`
    })
    const key = `denied ${connection.number} ${reason}`
    this.#state.consume(
      key,
      DENIAL_RULES.get(reason) ?? 'denied-without-session',
      () => `${nameOf(connection)} was denied with reason ${reason}`,
    )
  }

  #handleSessionNew(connection: ModelConnection, id: number, token: string): void {
    const answering = this.#state.answering
    if (answering === undefined || answering.connection !== connection) {
      const refusal = this.#state.expectedOf('bad-token-denied') ?? this.#state.closeOf(connection)
      if (refusal !== undefined) {
        const what = `${nameOf(connection)} was given session ${id}, and had to be turned away`
        this.#state.fail(refusal.invariant, `${what}; right was: ${inWords(refusal.key)}`)
      }
      this.#state.consume(
        `new ${connection.number} ${id} ${token}`,
        'same-answer',
        () => `${nameOf(connection)} got session_new ${id}`,
      )
      if (connection.session !== undefined) this.#expectState(connection, connection.session)
      return
    }
    this.#state.answering = undefined
    const what = `${nameOf(connection)} got session_new ${id}`
    const { resumed } = answering
    const invariant = resumed === undefined ? 'new-session' : 'resume-honoured'
    this.#state.consume(`new ${connection.number}`, invariant, () => what)
    this.#state.check(
      invariant,
      !this.#state.tokensEver.has(token),
      () => `${what} with a token that was issued before`,
    )
    this.#state.tokensEver.add(token)
    if (resumed === undefined) this.#startSession(answering, id, token)
    else this.#resumeSession(answering, resumed, id, token)
    if (connection.session !== undefined) this.#expectState(connection, connection.session)
  }

  #startSession({ connection, attempt = 0 }: Answering, id: number, token: string): void {
    connection.session = this.#newSession(id, connection, token, attempt)
    connection.isWaiting = false
    this.#state.byToken.set(token, connection.session)
  }

  #newSession(id: number, connection: ModelConnection | undefined, token: string, attempt: number): ModelSession {
    this.#state.check('new-session', !this.#state.idsEver.has(id), () => `id ${id} was given to another session before`)
    this.#state.idsEver.add(id)
    this.#state.counts.sessionsStartedTotal++
    const session: ModelSession = {
      id,
      connection,
      token,
      previousToken: undefined,
      attempt,
      attemptBefore: undefined,
      lostOrder: 0,
      address: connection === undefined ? '' : addressKey(connection.address),
      timeoutMs: this.#state.options.disconnectTimeoutMs,
      lostAtMs: 0,
      lostTransport: '',
      callback: 'server',
      lastBeacon: 0,
      beaconAtMs: NaN,
      latency: undefined,
      zone: undefined,
    }
    this.#state.sessions.set(id, session)
    return session
  }

  #resumeSession({ connection, usedToken }: Answering, session: ModelSession, id: number, token: string): void {
    this.#state.check(
      'resume-honoured',
      id === session.id,
      () => `the token of session ${session.id} resumed session ${id}`,
    )
    const unused = usedToken === session.token ? session.previousToken : session.token
    if (unused !== undefined) this.#state.byToken.delete(unused)
    session.previousToken = usedToken === '' ? undefined : usedToken
    session.token = token
    session.connection = connection
    session.address = addressKey(connection.address)
    connection.session = session
    connection.isWaiting = false
    this.#state.byToken.set(token, session)
  }

  #handleBeacon(connection: ModelConnection, id: number): void {
    if (connection.beaconCount === 0) {
      this.#state.check(
        'session-new-first',
        this.#state.answering?.connection !== connection,
        () => `${nameOf(connection)} got a beacon before its session_new`,
      )
      this.#state.consume(
        `beacon ${connection.number}`,
        'session-new-first',
        () => `${nameOf(connection)} got a beacon without a session`,
      )
    } else {
      const since = this.#state.nowMs - connection.lastBeaconAtMs
      const isRegular = connection.beaconCount > 1
      const isInTime = since <= this.#state.options.beaconMs + this.#state.lateMs || this.#state.isLenient
      const isNotEarly =
        !isRegular || since >= this.#state.options.beaconMs - this.#state.lateMs || this.#state.isLenient
      this.#state.check(
        'beacon-rhythm',
        isInTime && isNotEarly && connection.session !== undefined,
        () => `${nameOf(connection)} got a beacon ${since} ms after the one before`,
      )
      if (isRegular && connection.session !== undefined) this.#checkSpread(connection.session)
    }
    if (id <= connection.lastBeacon) {
      const before = `beacon ${id} after beacon ${connection.lastBeacon}`
      this.#state.fail('beacon-rhythm', `${nameOf(connection)} got ${before}: an old answer would count for it`)
    }
    connection.lastBeacon = id
    this.#checkNumber(connection, id)
    connection.beaconCount++
    connection.lastBeaconAtMs = this.#state.nowMs
    connection.beacons.set(id, this.#state.nowMs)
    connection.beacons.delete(id - BEACONS_REMEMBERED)
  }

  /** Neighbours by number are those that began together, and must not get their beacons together for ever. */
  #checkSpread(session: ModelSession): void {
    const { nowMs, isLenient, options, sessions } = this.#state
    if (isLenient || options.timersLateMs > 0) return
    session.beaconAtMs = nowMs
    const neighbour = sessions.get(session.id - 1)
    if (neighbour?.connection === undefined) return
    const apartMs = nowMs - neighbour.beaconAtMs
    // One of before the clock was changed, or none yet, says nothing.
    if (!(apartMs <= options.beaconMs)) return
    if (apartMs >= APART_MS_MIN && apartMs <= options.beaconMs - APART_MS_MIN) return
    const what = `sessions ${neighbour.id} and ${session.id} get their beacons at the same time of the second`
    this.#state.fail('beacon-rhythm', `${what}: those of all who come at once come at once`)
  }

  /** A session goes on counting over its next connection: an answer of before does not count there. */
  #checkNumber({ session }: ModelConnection, id: number): void {
    if (session === undefined) return
    if (id <= session.lastBeacon) {
      const before = `beacon ${id} after beacon ${session.lastBeacon}`
      this.#state.fail(
        'beacon-rhythm',
        `session ${session.id} sent ${before}: an answer to one would count for the other`,
      )
    }
    session.lastBeacon = id
  }

  #handleAppSend(connection: ModelConnection, { bytes, delivery }: Sent, observer: ServerTap): void {
    const session = connection.session
    if (session === undefined) {
      this.#state.fail('session-new-first', `${nameOf(connection)} got a zone's message without a session`)
    }
    this.#state.pass('session-new-first')
    if (session.zone === undefined && !this.#state.leavers.has(session.id)) {
      this.#state.fail('members-only', `session ${session.id} got a zone's message, and is in no zone`)
    }
    this.#state.pass('members-only')
    this.#checkBuffer(connection, bytes, observer)
    this.#state.reach.sent(connection, delivery, observer)
  }

  /** What was above the limit before this message should have closed the connection instead. */
  #checkBuffer(connection: ModelConnection, bytes: Uint8Array, observer: ServerTap): void {
    const { buffers } = this.#state.options
    if (buffers !== undefined) this.#checkWaiting(connection, bytes, observer, buffers)
  }

  #checkWaiting(connection: ModelConnection, bytes: Uint8Array, observer: ServerTap, buffers: Buffers): void {
    const waiting = (observer.link(connection.number)?.bufferedBytes ?? 0) - bytes.length - FRAMING_BYTES_MAX
    this.#state.check('slow-reader', waiting <= buffers.hardBytes, () => {
      return `${nameOf(connection)} was sent a message although ${waiting} bytes were waiting; the limit is ${buffers.hardBytes}`
    })
  }

  /** The server closed a connection. */
  handleClose(number: number, code: number, observer: ServerTap): void {
    const connection = this.#state.connections.get(number)
    if (connection === undefined) return
    const wasExpected = this.#state.take(`close ${number} ${code}`)
    if (code === 4005) this.#answerUntold(connection)
    const session = connection.session
    connection.isOver = true
    connection.owesState = false
    connection.session = undefined
    if (wasExpected) return
    switch (code) {
      case 4004:
        this.#state.counts.livenessTimeoutsTotal++
        this.#checkLiveness(connection, session)
        break
      case 4002: {
        const waited = this.#state.nowMs - connection.openedAtMs
        this.#state.goals.reach('no session requested')
        this.#state.check(
          'request-timeout',
          session === undefined && waited >= this.#state.options.requestTimeoutMs - SLACK_MS,
          () => `${nameOf(connection)} was closed with 4002 after ${waited} ms`,
        )
        break
      }
      case 4005: {
        const buffered = observer.link(number)?.bufferedBytes ?? 0
        this.#state.goals.reach('too slow a reader')
        this.#state.counts.slowReadersTotal++
        this.#state.dropAnswers(number)
        // Whatever else it was to be closed for in this turn came too late.
        this.#state.dropClose(number)
        this.#state.check(
          'slow-reader',
          buffered > (this.#state.options.buffers?.softBytes ?? 0),
          () => `${nameOf(connection)} was closed as too slow with ${buffered} bytes waiting`,
        )
        break
      }
      default: {
        const what = `${nameOf(connection)} was closed with ${code}`
        // It had to be turned away, or closed for something else, and was not: that is the rule that broke.
        const right = this.#state.closeOf(connection) ?? this.#state.expectedOf('bad-token-denied')
        if (right !== undefined) this.#state.fail(right.invariant, `${what}; right was: ${inWords(right.key)}`)
        const invariant = RULE_OF_CODE.get(code) ?? 'disconnect-has-a-cause'
        this.#state.fail(invariant, `${what}, and nothing called for it`)
      }
    }
    if (session !== undefined) this.#state.lose(session, code)
  }

  /** Its `session_new` was too much for it: the session has begun, or is resumed, and the client will not hear so. */
  #answerUntold(connection: ModelConnection): void {
    const { answering } = this.#state
    if (answering?.connection !== connection) return
    this.#state.answering = undefined
    if (answering.resumed === undefined) this.#state.expect(UNTOLD, 'disconnect-told')
    else this.#resumeSession(answering, answering.resumed, answering.resumed.id, '')
  }

  /** Session `id` has lost its connection. False: it is known, or nobody can have begun it untold. */
  handleUntold(id: number): boolean {
    if (this.#state.sessions.has(id) || !this.#state.take(UNTOLD)) return false
    const session = this.#newSession(id, undefined, '', 0)
    session.lostAtMs = this.#state.nowMs
    this.#state.counts.sessionsDisconnectedTotal++
    if (session.timeoutMs === 0) this.#state.forget(session)
    return true
  }

  #checkLiveness(connection: ModelConnection, session: ModelSession | undefined): void {
    this.#state.goals.reach('found half-open')
    const silentMs = this.#state.nowMs - connection.heardAtMs
    const limit = this.#state.options.livenessTimeoutMs
    const isInTime = silentMs <= limit + this.#state.lateMs || this.#state.isLenient
    const since =
      connection.heardAtMs === this.#state.stoodStillUntilMs ? ' since the server itself had stood still' : ''
    this.#state.check(
      'liveness',
      session !== undefined && limit > 0 && silentMs >= limit - SLACK_MS && isInTime,
      () => `${nameOf(connection)} was given up after ${silentMs} ms of silence${since}; the limit is ${limit} ms`,
    )
  }
}
