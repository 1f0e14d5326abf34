/** What a stranger does over a connection of its own, from the machine of a client: it never has a session. */
import { protocol, type AnyApp, type Connection, type ConnectionHandler, type Stored } from '../../core/index.ts'
import { SERVER_ADDRESSES, type SimulatedClient } from '../../sim/index.ts'
import type { Misbehaviour } from '../scenario.ts'

const TOKEN_BYTES = 24
const GUESSES = 3
/** The bytes of a token that find its session. */
const FINDER_BYTES = 8

/** The client whose machine it is. */
export interface StrangersHost {
  readonly machine: SimulatedClient
  /** Connections of strangers, which stay open. */
  readonly strangers: Connection[]
  readonly stored: Stored | undefined
  readonly attemptAccepted: number
}

export interface Stranger {
  readonly host: StrangersHost
  /** One that the server has. */
  readonly app: AnyApp
  /** Tells one stranger from the next. */
  readonly number: number
}

/** False: that is no misbehaviour of strangers. */
export function misbehaveAsStranger(how: Misbehaviour, stranger: Stranger): boolean {
  const { host, app, number } = stranger
  switch (how) {
    case 'malformed_without_session':
      asStranger(host, () => [malformed(app.prefix)])
      return true
    case 'guess_tokens':
      asStranger(host, () => Array.from({ length: GUESSES }, (_, i) => request({ reconnect_token: guess(number + i) })))
      return true
    case 'forge_token':
      asStranger(host, () => {
        const token = host.stored?.session?.token
        if (token === undefined) return []
        const wrong = FINDER_BYTES + ((number * 5) % (TOKEN_BYTES - FINDER_BYTES))
        const forged = token.map((byte, index) => (index === wrong ? byte ^ 1 : byte))
        return [request({ reconnect_token: forged })]
      })
      return true
    case 'late_request':
      asStranger(host, () => {
        const token = host.stored?.session?.token
        const attempt = Math.max(0, host.attemptAccepted - 1)
        return token === undefined ? [] : [request({ reconnect_token: token, attempt })]
      })
      return true
    case 'say_nothing':
      asStranger(host, () => [])
      return true
    default:
      return false
  }
}

/** Another connection from the same machine; it never answers anything, and stays until everybody leaves. */
export function asStranger({ machine, strangers }: StrangersHost, messages: () => readonly Uint8Array[]): void {
  machine.host.execute(() => {
    if (!machine.isUp) return
    const handler: ConnectionHandler = {
      opened: () => {
        for (const message of messages()) connection.send(message)
      },
      message: () => {},
      closed: () => {},
    }
    const connection = machine.host.network.connect(SERVER_ADDRESSES[machine.transport], handler)
    strangers.push(connection)
  })
}

export function request(message: { readonly reconnect_token?: Uint8Array; readonly attempt?: number }): Uint8Array {
  return protocol.codec.encode('session_request', message)
}

/** A token that nobody has. */
export function guess(number: number): Uint8Array {
  return Uint8Array.from({ length: TOKEN_BYTES }, (_, index) => (number * 31 + index * 7) & 0xff)
}

/** A field that announces more bytes than there are. Some apps have a message of its number, most have none. */
export function malformed(prefix: number): Uint8Array {
  return Uint8Array.of(prefix >> 8, prefix & 0xff, 0x7a, 0x7f)
}
