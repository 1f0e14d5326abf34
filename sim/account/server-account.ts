/** What a server does and hears, for the account of its world. One tap for each life of the server. */
import type { Action, Outcome, Session } from '../../core/session/views.ts'
import type { SessionEvent, SessionStatus } from '../../core/session/session-events.ts'
import { protocol } from '../../core/protocol.ts'
import { summarizeReport } from '../../core/report.ts'
import type { Moment } from '../../core/turns/moment.ts'
import type { OutsideCall } from '../../core/turns/outside-calls.ts'
import type { Tap } from '../../core/turns/tap.ts'
import type { AccountLink } from './event-ring.ts'
import { describeCode, describeMs, describeThrown, describeValue, safely, whereOf } from './words.ts'
import type { WorldAccount } from './world-account.ts'

export function accountOfServer(account: WorldAccount, whoIsAt: (address: string) => string | undefined): Tap {
  const tell = (text: string): void => account.tell('server', text)
  const links = new Map<number, AccountLink>()
  /** By session. */
  const names = new Map<number, string>()
  let moment: Moment = { number: 0, cause: 0 }
  let sender: AccountLink | undefined

  const nameOf = (session: Session | undefined): string => {
    if (session === undefined) return 'nobody'
    const name = names.get(session.id)
    return name === undefined ? `session ${session.id}` : name
  }
  const bothOf = (session: Session): string => {
    const name = names.get(session.id)
    return name === undefined ? `session ${session.id}` : `session ${session.id} of ${name}`
  }
  return {
    attached(shared) {
      moment = shared
    },
    boot: () => tell('starts'),
    zoneStarted: ({ name, app }) => tell(`starts zone '${name}' of app '${app.name}'`),
    zoneStopped: ({ name }) => tell(`stops zone '${name}'`),
    accepted(link, _listener, { remoteAddress }) {
      links.set(link, { client: whoIsAt(remoteAddress), isClosed: false })
    },
    message(link) {
      sender = links.get(link)
      const message = account.received(moment.cause)
      if (sender !== undefined && message !== undefined) sender.client = message.from
    },
    turnEnds() {
      sender = undefined
    },
    serves(link, session) {
      const name = links.get(link)?.client
      if (session !== undefined && name !== undefined) names.set(session.id, name)
    },
    closed(link) {
      const known = links.get(link)
      if (known !== undefined) known.isClosed = true
      links.delete(link)
    },
    close(link, code, reason) {
      const whose = links.get(link)?.client ?? 'somebody'
      tell(`closes the connection of ${whose}: ${describeCode(code)}${reason === '' ? '' : `, ${reason}`}`)
    },
    send(link, bytes, _delivery, message) {
      const to = links.get(link)
      if (to === undefined || message?.app === protocol) return
      account.sent(moment.number, 'server', to, message?.app, bytes)
    },
    deliver(_receiver, session, app, type, message) {
      tell(`delivers ${app.name}.${type} ${describeValue(message)} to ${bothOf(session)}, within this process`)
    },
    status(session, from, to, event) {
      if (sender?.client !== undefined && !names.has(session.id)) names.set(session.id, sender.client)
      const what = describeStatus(session, from, to, event)
      if (what !== undefined) tell(`${bothOf(session)} ${what}`)
    },
    handlerBegins(zone, name, session, message, reason) {
      if (name === 'handlePart') tell(`${nameOf(session)} leaves zone '${zone.name}' (${reason ?? 'left'})`)
      else if (name === 'handleInfo') tell(`zone '${zone.name}' is told ${describeValue(message)}`)
      else if (name === 'setTimer') tell(`a timer of zone '${zone.name}' is over`)
    },
    handlerEnds(zone, name, session, outcome, thrown) {
      if (name !== 'handleJoin' || thrown !== undefined) return
      const refusal = findRefusal(outcome)
      if (refusal === undefined) tell(`${nameOf(session)} joins zone '${zone.name}'`)
      else tell(`zone '${zone.name}' refuses ${nameOf(session)}: ${refusal.type} ${describeValue(refusal.message)}`)
    },
    called: (call) => tell(`call from outside of handlers: ${describeCall(call, bothOf)}`),
    callThrew: (call, error) => tell(`${describeCall(call, bothOf)} throws: ${describeThrown(error)}`),
    report(report) {
      if (report.kind === 'handler_threw') {
        const { handler, zone, session, error } = report
        const whose = session === undefined ? '' : ` for ${bothOf(session)}`
        tell(`${handler} of zone '${zone.name}' threw${whose}: ${describeThrown(error)}`)
        return
      }
      tell(`${summarizeReport(report)}${'error' in report ? whereOf(report.error) : ''}`)
    },
  }
}

/** Undefined: not worth a line. */
function describeStatus(
  { disconnectTimeout }: Session,
  from: SessionStatus | undefined,
  to: SessionStatus,
  event: SessionEvent | undefined,
): string | undefined {
  const why = event === undefined ? '' : (WHY.get(event) ?? event.replaceAll('_', ' '))
  switch (to) {
    case 'preconnect':
      return undefined
    case 'connected':
      if (event === 'receiver_set') return 'gets a receiver within this process'
      if (event === 'connection_set') return 'is given the connection of another session'
      if (from === 'preconnect' || from === undefined) return 'begins'
      return from === 'disconnected' ? 'has a connection again' : 'goes over to a new connection'
    case 'disconnected':
      return `has no connection any more (${why}); it is kept for ${describeMs(disconnectTimeout)}`
    case 'gone':
      return from === 'preconnect' && event === 'request_resume' ? undefined : `ends (${why})`
  }
}

/** Those whose names do not say enough. */
const WHY: ReadonlyMap<SessionEvent, string> = new Map<SessionEvent, string>([
  ['connection_closed', 'its connection closed'],
  ['liveness_timeout', 'nothing was heard of its client for too long'],
  ['grace_over', 'its client was not back in time'],
  ['client_ended', 'its client ended it'],
  ['stop', 'session.stop() was called'],
  ['server_stop', 'server.stop() was called'],
  ['drain_over', 'the time of server.drain() is over'],
  ['disconnect_called', 'session.disconnect() was called, or its proxy was taken away'],
  ['slow_reader', 'its client reads too slowly'],
  ['bad_input', 'its client sent malformed or oversized input'],
  ['request_timeout', 'no session was requested in time'],
])

function findRefusal(outcome: Outcome): Action | undefined {
  const actions: readonly (Action | null | undefined)[] = Array.isArray(outcome) ? outcome : [outcome as Action]
  return actions.find((action) => action?.kind === 'refuse') ?? undefined
}

function describeCall({ on, method, args }: OutsideCall, nameOf: (session: Session) => string): string {
  const given = args.slice(0, args.findLastIndex((argument) => argument !== undefined) + 1).map(describeArgument)
  const called = method.startsWith('set ')
    ? `${method.slice('set '.length)} = ${given[0] ?? 'undefined'}`
    : `${method}(${given.join(', ')})`
  if (typeof on === 'string') return `${on}.${called}`
  return 'status' in on ? `session.${called} of ${nameOf(on)}` : `zone.${called} of zone '${on.name}'`
}

/** An app, a session or a zone by its name: each of them is large, and refers to others. */
function describeArgument(value: unknown): string {
  if (typeof value !== 'object' || value === null) return describeValue(value)
  return safely(() => {
    const { name, id } = value as { readonly name?: unknown; readonly id?: unknown }
    if (typeof name === 'string') return name
    return typeof id === 'number' && 'status' in value ? `session ${id}` : describeValue(value)
  })
}
