/** Overworld's own messages (prefix 100), which every client and server speak whatever their apps are. */
import { PROTOCOL_PREFIX } from './protocol-prefix.ts'
import { overworld_protocol } from './generated/overworld.js'
import { createApp, type AnyApp, type SchemaApp } from './app/app.ts'
import type { Received } from './app/message-types.ts'
import { Outgoing } from './app/outgoing.ts'

export { PROTOCOL_PREFIX }

type ProtocolSchema = typeof overworld_protocol.overworld

export const protocol: SchemaApp<ProtocolSchema> = createApp(
  { name: 'overworld', prefix: PROTOCOL_PREFIX, schema: overworld_protocol.overworld },
  [],
)

export type SessionRequest = Received<ProtocolSchema, 'session_request'>
export type SessionNew = Received<ProtocolSchema, 'session_new'>
export type SessionState = Received<ProtocolSchema, 'session_state'>

/** Why a server would not do what a client asked for; values stay below 8 (design section 7). */
export type DenialReason =
  'no_session' | 'bad_token' | 'already_in_session' | 'no_zone' | 'already_joined' | 'unknown_zone'

const REASON_NUMBERS: ReadonlyMap<DenialReason, number> = new Map([
  ['no_session', 1],
  ['bad_token', 2],
  ['already_in_session', 3],
  ['no_zone', 4],
  ['already_joined', 5],
  ['unknown_zone', 6],
])
const REASON_NAMES: ReadonlyMap<number, DenialReason> = new Map([...REASON_NUMBERS].map(([name, n]) => [n, name]))

export function encodeSessionNew(id: number, token: Uint8Array): Outgoing {
  return new Outgoing(protocol, 'session_new', { id, reconnect_token: token })
}

/** `zone`: where the session is, if it is in a zone. `skewed`: as `findSkewed` says. */
export function encodeSessionState(
  zone: { readonly app: AnyApp; readonly name: string } | undefined,
  skewed: readonly number[],
): Outgoing {
  const state = zone === undefined ? { skewed } : { zone_app: zone.app.prefix, zone: zone.name, skewed }
  return new Outgoing(protocol, 'session_state', state)
}

export function encodeBeacon(id: number): Outgoing {
  return new Outgoing(protocol, 'session_beacon', { id })
}

export function encodePong(latency: number): Outgoing {
  return new Outgoing(protocol, 'session_pong', { latency })
}

export function encodeDenied(reason: DenialReason): Outgoing {
  return new Outgoing(protocol, 'session_denied', { reason: REASON_NUMBERS.get(reason) })
}

/** Undefined for a reason of a newer server. */
export function readDenialReason(value: unknown): DenialReason | undefined {
  return typeof value === 'number' ? REASON_NAMES.get(value) : undefined
}

/** The messages of the protocol that a client sends. */
export type ClientMessage =
  | { readonly type: 'session_request'; readonly message: SessionRequest }
  | { readonly type: 'session_ping'; readonly message: { readonly id: number } }

/** Undefined for a message that only a server sends, `'empty'` and `'malformed'` as the codec says. */
export function decodeClientMessage(frame: Uint8Array): ClientMessage | undefined | 'empty' | 'malformed' {
  const decoded = protocol.codec.decode(frame)
  if (typeof decoded === 'string') return decoded
  if (decoded.type !== 'session_request' && decoded.type !== 'session_ping') return undefined
  return decoded as ClientMessage
}

export type ServerMessage =
  | { readonly type: 'session_new'; readonly message: SessionNew }
  | { readonly type: 'session_beacon'; readonly message: { readonly id: number } }
  | { readonly type: 'session_pong'; readonly message: { readonly latency: number } }
  | { readonly type: 'session_denied'; readonly message: { readonly reason: number } }
  | { readonly type: 'session_state'; readonly message: SessionState }

/** Undefined for a message that only a client sends, `'empty'` and `'malformed'` as the codec says. */
export function decodeServerMessage(frame: Uint8Array): ServerMessage | undefined | 'empty' | 'malformed' {
  const decoded = protocol.codec.decode(frame)
  if (typeof decoded === 'string') return decoded
  if (decoded.type === 'session_request' || decoded.type === 'session_ping') return undefined
  return decoded as ServerMessage
}
