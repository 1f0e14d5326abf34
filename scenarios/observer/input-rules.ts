/**
 * What must come of an input to a server: of a request, a ping, an app's message, a lost connection, a call of its API.
 * The rules are written from the design alone (sections 5 to 7) and share no code with the core.
 */
import { protocol, type AnyApp } from '../../core/index.ts'
import type { EndRules } from './end-rules.ts'
import type { JoinRules } from './join-rules.ts'
import { LimitRules } from './limit-rules.ts'
import { closingKey, nameOf } from './in-words.ts'
import { newConnection, type ModelConnection, type ModelSession } from './model-entities.ts'
import { JOINING_MS, type ModelState } from './model-state.ts'
import type { NpcRules } from './npc-rules.ts'
import { askedDirectly, rpcOf, type AskedCall, type Output, type ServerCall, type Turn } from './observation.ts'
import type { ServerTap } from './server-tap.ts'
import { DENIED, prefixOf, readSessionFrame, type AnnouncedSchema, type SessionFrame } from './wire.ts'

const BAD_TOKENS_MAX = 3
const SLOW_READER = 4005

/** What some inputs are passed on to. */
interface OtherRules {
  readonly ends: EndRules
  readonly joins: JoinRules
  readonly npcs: NpcRules
}

export class InputRules {
  readonly #state: ModelState
  readonly #ends: EndRules
  readonly #limits: LimitRules
  readonly #joins: JoinRules
  readonly #npcs: NpcRules
  readonly #typeByTag = new Map<number, string>()
  #lastTokenUse: { readonly token: string; readonly atMs: number; readonly connection: number } | undefined

  constructor(state: ModelState, { ends, joins, npcs }: OtherRules) {
    this.#state = state
    this.#ends = ends
    this.#limits = new LimitRules(state, ends)
    this.#joins = joins
    this.#npcs = npcs
  }

  /** What must come of this turn's input. */
  handle({ input, outputs }: Turn, observer: ServerTap): void {
    switch (input.kind) {
      case 'opened':
        this.#handleOpened(input.connection, observer)
        return
      case 'message': {
        const connection = this.#state.connections.get(input.connection)
        if (connection !== undefined && !connection.isOver) this.#handleMessage(connection, input.bytes, outputs)
        return
      }
      case 'closed':
        this.#handleClosed(this.#state.connections.get(input.connection), input.code)
        this.#state.connections.delete(input.connection)
        return
      case 'call':
        this.#handleCall(input.call, outputs)
        return
      case 'alive': {
        const connection = this.#state.connections.get(input.connection)
        if (connection === undefined) return
        connection.heardAtMs = this.#state.nowMs
        connection.lastHeardAtMs = this.#state.nowMs
        return
      }
      case 'timer':
        return
    }
  }

  #handleOpened(number: number, observer: ServerTap): void {
    const { transport = '', remoteAddress = '' } = observer.link(number) ?? {}
    const connection = newConnection(number, { transport, address: remoteAddress, nowMs: this.#state.nowMs })
    this.#state.connections.set(number, connection)
    this.#limits.opened(connection)
  }

  #handleMessage(connection: ModelConnection, bytes: Uint8Array, outputs: readonly Output[]): void {
    connection.heardAtMs = this.#state.nowMs
    connection.lastHeardAtMs = this.#state.nowMs
    this.#state.counts.messagesInTotal++
    this.#state.counts.bytesInTotal += bytes.length
    if (this.#limits.isTooMany(connection, bytes.length, outputs)) return
    if (connection.session !== undefined && !this.#state.isLenient) {
      const since = this.#state.nowMs - connection.lastBeaconAtMs
      if (since > this.#state.options.beaconMs + this.#state.lateMs) {
        this.#state.fail('beacon-rhythm', `no beacon to ${nameOf(connection)} for ${since} ms`)
      }
      this.#state.pass('beacon-rhythm')
    }
    const prefix = prefixOf(bytes)
    if (bytes.length > this.#state.options.messageBytesMax) this.#handleMalformed(connection)
    else if (prefix === protocol.prefix) this.#handleSessionFrame(connection, readSessionFrame(bytes), bytes, outputs)
    else this.#handleAppFrame(connection, this.#state.apps.get(prefix), bytes, outputs)
  }

  #handleSessionFrame(
    connection: ModelConnection,
    frame: SessionFrame,
    bytes: Uint8Array,
    outputs: readonly Output[],
  ): void {
    if (frame.type === 'request') {
      noteSchemas(connection, frame.schemas, this.#state.apps)
      this.#handleRequest(connection, frame.token, frame.attempt, outputs)
    } else if (frame.type === 'ping' && !Number.isSafeInteger(frame.id)) {
      this.#handleMalformed(connection)
    } else if (frame.type === 'ping') {
      if (connection.session === undefined)
        this.#state.expect(`denied ${connection.number} ${DENIED.no_session}`, 'denied-without-session')
      else this.#handlePing(connection, connection.session, frame.id)
    } else if (frame.type === 'other' && protocol.codec.decode(bytes) === 'malformed') {
      this.#handleMalformed(connection)
    }
  }

  #handlePing(connection: ModelConnection, session: ModelSession, id: number): void {
    const sentAtMs = connection.beacons.get(id)
    if (sentAtMs === undefined) return
    connection.beacons.delete(id)
    session.attemptBefore = undefined
    if (session.previousToken !== undefined) {
      this.#state.byToken.delete(session.previousToken)
      session.previousToken = undefined
      this.#state.goals.reach('token proven')
    }
    session.latency = Math.round(this.#state.nowMs - sentAtMs)
    this.#state.expectPong(connection, session.latency)
  }

  #handleRequest(
    connection: ModelConnection,
    token: string,
    attempt: number | undefined,
    outputs: readonly Output[],
  ): void {
    const present = connection.session
    if (present !== undefined) {
      if (token === '') {
        acceptAttempt(present, attempt)
        this.#state.expect(`new ${connection.number} ${present.id} ${present.token}`, 'same-answer')
      } else {
        this.#state.expect(`denied ${connection.number} ${DENIED.already_in_session}`, 'resume-honoured')
      }
      return
    }
    if (token === '') {
      if (this.#ends.refuses(connection.number) || this.#limits.refusesSession(connection, outputs)) return
      this.#state.answering = { connection, resumed: undefined, usedToken: '', attempt }
      this.#state.expect(`new ${connection.number}`, 'new-session')
      this.#state.expect(`beacon ${connection.number}`, 'new-session')
      return
    }
    const { nowMs, stoodStillUntilMs, expiredOnWaking } = this.#state
    const expired = nowMs === stoodStillUntilMs ? expiredOnWaking.get(token) : undefined
    this.#state.check('grace-period', expired === undefined, () => {
      return `session ${expired} expired when the server had stood still, before the request to resume it was read that was waiting`
    })
    const session = this.#state.byToken.get(token)
    if (session === undefined || this.#hasExpired(session, connection, outputs)) this.#expectBadToken(connection)
    else if (attempt !== undefined && attempt < session.attempt) {
      this.#state.goals.reach('late request')
      this.#state.counts.lateRequestsTotal++
      this.#state.expect(`close ${connection.number} 4501`, 'late-request-closed')
    } else this.#expectResume(connection, session, token, attempt)
  }

  #expectBadToken(connection: ModelConnection): void {
    this.#state.goals.reach('bad token')
    this.#state.counts.badTokensTotal++
    connection.badTokens++
    this.#state.expect(`denied ${connection.number} ${DENIED.bad_token}`, 'bad-token-denied')
    if (connection.badTokens < BAD_TOKENS_MAX) return
    this.#state.goals.reach('closed for bad tokens')
    this.#state.expect(`close ${connection.number} 4503`, 'bad-token-denied')
  }

  #expectResume(connection: ModelConnection, session: ModelSession, token: string, attempt: number | undefined): void {
    this.#noteResume(connection, session, token)
    session.attemptBefore = token === session.token ? undefined : (session.attemptBefore ?? session.attempt)
    acceptAttempt(session, attempt)
    const old = session.connection
    if (old !== undefined) {
      old.session = undefined
      this.#state.expect(closingKey(old, 4501), 'takeover-silent')
    }
    session.connection = undefined
    session.latency = undefined
    this.#state.answering = { connection, resumed: session, usedToken: token, attempt }
    this.#state.expect(`new ${connection.number}`, 'resume-honoured')
    this.#state.expect(`beacon ${connection.number}`, 'resume-honoured')
    if (session.zone !== undefined) this.#state.expect(`handler handleReconnect ${session.id}`, 'resume-honoured')
  }

  #noteResume(connection: ModelConnection, session: ModelSession, token: string): void {
    const goals = this.#state.goals
    const old = session.connection
    if (old === undefined) this.#state.counts.sessionsResumedTotal++
    else this.#state.counts.sessionsTakenOverTotal++
    if (old === undefined) {
      goals.reach('resume in time')
      if (session.lostTransport !== connection.transport) goals.reach('resume over the other transport')
      const left = session.lostAtMs + session.timeoutMs - this.#state.nowMs
      if (left <= 50) goals.reach('resume at the end of the grace')
      if (session.zone !== undefined) goals.reach('reconnect into a zone')
    } else {
      goals.reach('takeover')
      if (this.#state.nowMs - old.heardAtMs >= 2_000) goals.reach('takeover of a mute connection')
      if (old.transport !== connection.transport) goals.reach('resume over the other transport')
      if (session.zone !== undefined) {
        goals.reach('takeover of a member')
        if (this.#state.nowMs - session.zone.joinedAtMs <= JOINING_MS) goals.reach('taken over while joining')
      }
    }
    if (this.#state.drainsUntilMs !== undefined) goals.reach('resume while draining')
    if (this.#state.sessions.size >= this.#state.options.sessionsMax) goals.reach('resume on a full server')
    if (token === session.previousToken) goals.reach('resume with the old token')
    const last = this.#lastTokenUse
    if (last?.token === token && last.connection !== connection.number && this.#state.nowMs - last.atMs < 1_000) {
      goals.reach('two connections with one token')
    }
    this.#lastTokenUse = { token, atMs: this.#state.nowMs, connection: connection.number }
  }

  #hasExpired(session: ModelSession, connection: ModelConnection, outputs: readonly Output[]): boolean {
    const leftMs = session.lostAtMs + session.timeoutMs - this.#state.nowMs
    if (session.connection === undefined && Math.abs(leftMs) <= 1)
      this.#state.goals.reach('resume on the very deadline')
    const isExpired =
      this.#state.isExpired(session, this.#state.nowMs) ??
      (outputs.some((output) => isDenial(output, connection, DENIED.bad_token)) ||
        (outputs.some((output) => isCutAsSlow(output, connection)) &&
          !outputs.some((output) => isHeardOf(output, session))))
    // A member is forgotten when its zone is told; who is in no zone goes silently.
    if (isExpired && session.zone === undefined) this.#state.forget(session)
    return isExpired
  }

  #handleAppFrame(
    connection: ModelConnection,
    app: AnyApp | undefined,
    bytes: Uint8Array,
    outputs: readonly Output[],
  ): void {
    if (bytes.length < 2) {
      this.#handleMalformed(connection)
      return
    }
    if (app === undefined) return
    const isSkewed = connection.skewed?.includes(app.prefix) === true
    const type = this.#typeOf(app, bytes, isSkewed)
    if (type === 'malformed' || type === undefined) this.#handleUndecodable(connection, app, type, isSkewed)
    else if (!app.handled.has(type)) return
    else if (connection.session === undefined) {
      this.#state.expect(`denied ${connection.number} ${DENIED.no_session}`, 'denied-without-session')
    } else if (type === 'join') this.#handleJoin(connection, connection.session, app, outputs)
    else this.#handleAppMessage(connection, connection.session, app, type)
  }

  /** Of a client that has said that its schema is another one it is no reason to throw it out. */
  #handleUndecodable(connection: ModelConnection, app: AnyApp, type: 'malformed' | undefined, isSkewed: boolean): void {
    const state = this.#state
    state.counts.undecodableTotal++
    if (isSkewed) state.goals.reach('undecodable for skew')
    const kind = `${app.prefix} ${type ?? 'unknown_message'} ${isSkewed}`
    if (!state.undecodable.has(kind)) state.expect(`undecodable ${kind}`, 'undecodable-reported')
    state.undecodable.add(kind)
    if (type === 'malformed' && !isSkewed) this.#handleMalformed(connection)
  }

  #handleJoin(connection: ModelConnection, session: ModelSession, app: AnyApp, outputs: readonly Output[]): void {
    const state = this.#state
    if (session.zone !== undefined) {
      state.goals.reach('joined twice')
      state.check('join-judged', !outputs.some(({ kind }) => kind === 'routed'), () => {
        return `the route of app '${app.name}' was asked for session ${session.id}, which is in a zone`
      })
      state.expect(`denied ${connection.number} ${DENIED.already_joined}`, 'join-judged')
      return
    }
    const zone = this.#joins.zoneFor(session.id, app.name, outputs)
    if (zone !== undefined) {
      state.expect(`join ${session.id} ${zone}`, 'join-judged')
      return
    }
    state.goals.reach('no zone to join')
    state.expect(`denied ${connection.number} ${DENIED.unknown_zone}`, 'join-judged')
  }

  #handleAppMessage(connection: ModelConnection, session: ModelSession, app: AnyApp, type: string): void {
    const zone = session.zone
    if (zone === undefined || zone.app !== app.name) {
      this.#state.expect(`denied ${connection.number} ${DENIED.no_zone}`, 'rpc-judged')
    } else if (type === 'part') {
      this.#state.expect(`part ${session.id} left`, 'rpc-judged')
    } else {
      this.#state.expectRpc(rpcOf(type), session)
    }
  }

  /**
   * The first tag names the type: what our clients send holds one field, and the odd messages of a scenario begin with
   * tags of their own or say more than there is. So only the first message of a type is decoded here, unless anything may be
   * said.
   */
  #typeOf(app: AnyApp, bytes: Uint8Array, isSkewed: boolean): string | undefined {
    const [, , first = 0, second = 0] = bytes
    // Tags of fields from 16 on have two bytes.
    const key = (app.prefix << 16) | (first << 8) | (first < 0x80 ? 0 : second)
    const known = this.#state.options.anythingIsSaid || isSkewed ? undefined : this.#typeByTag.get(key)
    if (known !== undefined && isWhole(bytes, first < 0x80 ? 3 : 4)) return known
    const decoded = app.codec.decode(bytes)
    if (decoded === 'malformed') return 'malformed'
    if (decoded === 'empty') return undefined
    this.#typeByTag.set(key, decoded.type)
    return decoded.type
  }

  #handleMalformed(connection: ModelConnection): void {
    this.#state.goals.reach('malformed input')
    this.#state.expect(`close ${connection.number} 4506`, 'malformed-closed')
    if (connection.session !== undefined) this.#state.lose(connection.session, 4506)
  }

  #handleClosed(connection: ModelConnection | undefined, code: number): void {
    if (connection === undefined) return
    const session = connection.session
    const wasOver = connection.isOver
    connection.isOver = true
    connection.session = undefined
    if (session === undefined || wasOver) return
    if (code === 4000) {
      this.#state.goals.reach('ended by the client')
      this.#state.counts.sessionsEndedTotal++
      this.#state.expectCallback(session, code, 'ended-at-once')
      this.#state.expectPart(session, 'ended', 'ended-at-once')
      this.#state.forget(session)
    } else {
      this.#state.lose(session, code)
    }
  }

  /** A handler called this: it is carried out in this turn. */
  handleAsked(call: AskedCall): void {
    this.#handleCall(call, [])
  }

  #handleCall(call: ServerCall, outputs: readonly Output[]): void {
    switch (call.kind) {
      case 'stop_session': {
        const session = this.#state.sessions.get(call.session)
        if (session !== undefined) this.#ends.stop(session)
        return
      }
      case 'stop_server':
        this.#ends.stopAll(outputs)
        return
      case 'drain':
        this.#ends.drain(call.drainMs, outputs)
        return
      case 'drop_session': {
        const session = this.#state.sessions.get(call.session)
        if (session?.connection === undefined) return
        this.#state.expect(closingKey(session.connection, 1000), 'disconnect-told')
        this.#state.lose(session, 1000)
        return
      }
      case 'refuse_stranger':
        if (call.how === 'stop') this.#state.expect(`close ${call.connection} 4500`, 'stop-is-final')
        else this.#state.expect(`close ${call.connection} 1000`, 'disconnect-told')
        return
      case 'set_timeout': {
        const session = this.#state.sessions.get(call.session)
        if (session === undefined) return
        session.timeoutMs = call.timeoutMs
        if (session.connection !== undefined) return
        this.#state.goals.reach('disconnect while away changed the deadline')
        if (session.lostAtMs + session.timeoutMs <= this.#state.nowMs) this.#state.expectExpiry(session)
        return
      }
      case 'remove': {
        const session = this.#state.sessions.get(call.session)
        if (session !== undefined) this.#state.expectPart(session, 'removed', 'one-membership')
        return
      }
      case 'stop_zone':
        for (const session of this.#state.sessions.values()) {
          if (session.zone?.zone === call.zone) this.#state.expectPart(session, 'zone_stopped', 'one-membership')
        }
        this.#state.forgetZone(call.zone)
        return
      case 'start_zone':
        this.#state.zones.set(call.zone, { name: call.zone, app: call.app })
        this.#state.ticks.set(call.zone, { frame: 0, multiple: -1, startedAtMs: this.#state.nowMs })
        return
      case 'act':
        this.#state.allow(call.what === 'part' ? `part ${call.session} left` : `${call.what} ${call.session}`)
        return
      case 'npc':
        this.#npcs.handleCall(call, outputs)
        return
      case 'misuse':
        this.#npcs.handleMisuse(call)
        return
      case 'give_connection':
        this.#npcs.giveConnection(call)
        return
      case 'send':
        this.#state.leavers.add(call.session)
        this.#state.reach.ask(askedDirectly(call))
        this.#npcs.ask(askedDirectly(call))
        return
      case 'tell':
        this.#state.goals.reach('zone told')
        this.#state.expect(`info ${call.zone}`, 'told-once')
        return
    }
  }
}

function isDenial(output: Output, { number }: ModelConnection, reason: number): boolean {
  if (output.kind !== 'send' || output.connection !== number || prefixOf(output.bytes) !== protocol.prefix) return false
  const frame = readSessionFrame(output.bytes)
  return frame.type === 'denied' && frame.reason === reason
}

/** There was no room for the answer. */
function isCutAsSlow(output: Output, { number }: ModelConnection): boolean {
  return output.kind === 'close' && output.connection === number && output.code === SLOW_READER
}

/** Had it come back, it would have been lost again with that connection, and somebody had been told. */
function isHeardOf(output: Output, { id }: ModelSession): boolean {
  return (output.kind === 'callback' || output.kind === 'handler') && output.session === id
}

function acceptAttempt(session: ModelSession, attempt: number | undefined): void {
  if (attempt !== undefined && attempt > session.attempt) session.attempt = attempt
}

/** Of several entries for one app the last one counts; apps that the server does not have differ from nothing. */
function noteSchemas(
  connection: ModelConnection,
  schemas: readonly AnnouncedSchema[],
  apps: ReadonlyMap<number, AnyApp>,
): void {
  if (schemas.length === 0) return
  const last = new Map(schemas.map(({ prefix, hash }) => [prefix, hash]))
  connection.skewed = [...last.keys()]
    .filter((prefix) => {
      const own = apps.get(prefix)?.schemaHash
      return own !== undefined && last.get(prefix) !== reversed(own)
    })
    .sort((a, b) => a - b)
}

/** Hexadecimal digits from the last byte to the first. */
function reversed(digits: string): string {
  return digits.match(/../g)?.reverse().join('') ?? ''
}

/** From `at` on there is a length, and as many bytes as it says. */
function isWhole(bytes: Uint8Array, at: number): boolean {
  let length = 0
  for (let index = at, scale = 1; index < bytes.length; index++, scale *= 0x80) {
    const byte = bytes[index] ?? 0
    length += (byte & 0x7f) * scale
    if (byte < 0x80) return index + 1 + length === bytes.length
  }
  return false
}
