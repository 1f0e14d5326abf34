/** What a client does and hears, for the account of its world. One tap for each life of its program. */
import { CloseCode } from '../../core/close-codes.ts'
import type { ClientEvents, ClientStatus, SessionEstablished } from '../../core/client/client-events.ts'
import type { ClientCall, ClientTap } from '../../core/client/client-tap.ts'
import { protocol } from '../../core/protocol.ts'
import type { Moment } from '../../core/turns/moment.ts'
import type { AccountLink } from './event-ring.ts'
import { describeCode, describeMs, describeThrown, describeValue } from './words.ts'
import type { WorldAccount } from './world-account.ts'

const CALLS = {
  disconnect: 'disconnects',
  end: 'ends its session',
  wake: 'wakes up (client.wake)',
} as const

/** Why a client gives up a connection by itself. */
const GIVEN_UP: ReadonlyMap<string, string> = new Map([
  ['silent', 'it has heard nothing for too long'],
  ['no_sign', 'the server gave no sign of life'],
  ['connect_timeout', 'it got no session in time'],
])

export function accountOfClient(account: WorldAccount, name: string): ClientTap {
  const tell = (text: string): void => account.tell(name, text)
  const links = new Map<number, AccountLink>()
  let moment: Moment = { number: 0, cause: 0 }
  let unsent: Extract<ClientCall, { method: 'send' }> | undefined
  let givenUp: string | undefined
  let statusBefore: ClientStatus['kind'] = 'idle'

  const handleCall = (call: ClientCall): void => {
    tellUnsent()
    if (call.method === 'send') unsent = call
    else if (call.method !== 'connect') tell(CALLS[call.method])
  }
  const tellUnsent = (): void => {
    if (unsent === undefined) return
    const { app, type, message } = unsent
    unsent = undefined
    tell(`wants to send ${app.name}.${type} ${describeValue(message)}, and has no session: it is not sent`)
  }
  const handleStatus = (status: ClientStatus): void => {
    switch (status.kind) {
      case 'waiting': {
        const why =
          givenUp ?? `closed with ${describeCode(status.code)}${status.reason === '' ? '' : `, ${status.reason}`}`
        const what = statusBefore === 'connected' ? 'loses its connection' : 'gets no connection'
        tell(`${what}: ${why}; dials again in ${describeMs(status.retryInMs)}`)
        break
      }
      case 'ended':
        // It has said so itself.
        if (status.code === CloseCode.ended) break
        tell(
          `has ended, and does not come back by itself: ${describeCode(status.code)}${status.reason === '' ? '' : `, ${status.reason}`}`,
        )
        break
      case 'idle':
      case 'connecting':
      case 'connected':
        break
    }
    givenUp = undefined
    statusBefore = status.kind
  }
  return {
    attached(shared) {
      moment = shared
    },
    called: handleCall,
    apiCalled: handleCall,
    callThrew(call, error) {
      unsent = undefined
      tell(`${call.method} throws: ${describeThrown(error)}`)
    },
    turnEnds: tellUnsent,
    dialled(link, address) {
      links.set(link, { client: name, isClosed: false })
      tell(`dials ${address}`)
    },
    dialThrew(_link, error) {
      tell(`cannot dial: ${describeThrown(error)}`)
    },
    closed(link) {
      const known = links.get(link)
      if (known !== undefined) known.isClosed = true
      links.delete(link)
    },
    message() {
      account.received(moment.cause)
    },
    send(link, bytes, _delivery, app, type) {
      const to = links.get(link)
      // By its request the server's side learns whose connection it is.
      if (to === undefined || (app === protocol && type !== 'session_request')) return
      if (app !== protocol) unsent = undefined
      account.sent(moment.number, name, to, app, bytes)
    },
    decided(event) {
      givenUp = GIVEN_UP.get(event) ?? givenUp
    },
    emitted(event, value) {
      switch (event) {
        case 'status':
          handleStatus(value as ClientStatus)
          break
        case 'session':
          tell(describeSession(value as SessionEstablished))
          break
        case 'session_lost':
          tell(`is told that its session ${(value as ClientEvents['session_lost']).id} is over; asks for a new one`)
          break
        case 'denied':
          tell(`is denied what it asked for: ${(value as ClientEvents['denied']).reason}`)
          break
        case 'undecodable':
          tell('gets a message that it cannot decode')
          break
        default:
          break
      }
    },
  }
}

function describeSession({ id, resumed, zone, isZoneKnown }: SessionEstablished): string {
  const where = zone !== undefined ? `in zone '${zone.name}'` : isZoneKnown ? 'in no zone' : 'in a zone or not'
  return resumed ? `is back in session ${id}, ${where}` : `has a new session ${id}, ${where}`
}
