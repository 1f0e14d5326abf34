/** How the simulated streams and ENet peers behave: plain data, changeable at run time, defaults as on real systems. */
import { OverworldError } from '../core/errors.ts'
import { checkVirtualMs } from './virtual-time.ts'

/** TCP under a WebSocket. */
export interface StreamSettings {
  /** A dial that no machine has answered by then is closed with 1006. */
  readonly connectTimeoutMs: number
  /** Retransmission timeouts (RFC 6298): Linux's least, */
  readonly retransmitTimeoutMsMin: number
  /** and the most that back-off leads to. A healed network sets 1,000 so that waiting ends soon. */
  readonly retransmitTimeoutMsMax: number
  /** Data that is not acknowledged for that long breaks the connection on its sender's side (TCP_USER_TIMEOUT). */
  readonly userTimeoutMs: number
  /** Keep-alive: an idle connection's peer is probed after that long. 0: never, as with Node unless it is asked to. */
  readonly keepAliveMs: number
  /** Between one probe and the next (Linux's 75 s). */
  readonly keepAliveIntervalMs: number
  /** So many unanswered probes, and an interval more, break the connection on this side (Linux's 9). */
  readonly keepAliveProbes: number
  /** What the sender's system takes before `bufferedBytes` grows. */
  readonly sendBufferBytes: number
  /** What the receiver's system takes from a peer that is not read. */
  readonly receiveBufferBytes: number
}

export const STREAM_DEFAULTS: StreamSettings = Object.freeze({
  connectTimeoutMs: 15_000,
  retransmitTimeoutMsMin: 200,
  retransmitTimeoutMsMax: 60_000,
  userTimeoutMs: 120_000,
  keepAliveMs: 0,
  keepAliveIntervalMs: 75_000,
  keepAliveProbes: 9,
  sendBufferBytes: 65_536,
  receiveBufferBytes: 65_536,
})

/** ENet's own constants (`enet.h`), our adapter's patience with a dial, and the socket buffer under it. */
export interface EnetSettings {
  /** A dial that is not open by then is closed with 1006. */
  readonly connectTimeoutMs: number
  /** A silent peer is pinged after that long. */
  readonly pingIntervalMs: number
  /** A peer times out after `timeoutMsMin` once a resend's timeout has grown `timeoutLimit`-fold, */
  readonly timeoutLimit: number
  readonly timeoutMsMin: number
  /** and after that long in any case. */
  readonly timeoutMsMax: number
  /** The most that back-off leads to. A healed network sets 1,000. */
  readonly retransmitTimeoutMsMax: number
  /** Reliable bytes under way at a time; what exceeds it waits and counts as `bufferedBytes`. */
  readonly windowBytes: number
  /** What the receiver's system takes while it is not read; more is dropped. */
  readonly receiveBufferBytes: number
}

export const ENET_DEFAULTS: EnetSettings = Object.freeze({
  connectTimeoutMs: 5000,
  pingIntervalMs: 500,
  timeoutLimit: 32,
  timeoutMsMin: 5000,
  timeoutMsMax: 30_000,
  retransmitTimeoutMsMax: 60_000,
  windowBytes: 65_536,
  receiveBufferBytes: 212_992,
})

/** What 0 switches off. */
const CAN_BE_OFF: ReadonlySet<string> = new Set(['keepAliveMs'])

/** `changes` on top of `settings`; throws `bad_option` for an unknown name or what is no positive number. */
export function changeSettings<Settings extends object>(settings: Settings, changes: Partial<Settings>): Settings {
  for (const [name, value] of Object.entries(changes)) {
    if (!Object.hasOwn(settings, name)) {
      const known = Object.keys(settings).join(', ')
      throw new OverworldError('bad_option', `no such connection setting: ${name}; there are ${known}`)
    }
    if (value === 0 && CAN_BE_OFF.has(name)) continue
    if (!(typeof value === 'number' && value > 0)) {
      throw new OverworldError('bad_option', `connection setting ${name} is ${String(value)}: give a number above 0`)
    }
    if (/Ms(Min|Max)?$/.test(name)) checkVirtualMs(`connection setting ${name}`, value)
  }
  return { ...settings, ...changes }
}
