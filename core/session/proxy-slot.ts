/**
 * What a session's messages are delivered to at the moment, in which form, and how it is told whether that is still
 * there. Whether the session is connected, and what becomes of it, is decided in `session.ts`.
 */
import type { Outgoing } from '../app/outgoing.ts'
import { CloseCode } from '../close-codes.ts'
import { assert } from '../errors.ts'
import { afterWaitingInput } from '../turns/deadline.ts'
import type { HandlerFailure } from '../turns/handled.ts'
import type { Shell } from '../turns/shell.ts'
import type { TimerOwner } from '../turns/timer-owner.ts'
import type { Turns } from '../turns/turns.ts'
import type { ServerOptions } from '../options.ts'
import type { Report } from '../report.ts'
import type { Counters } from '../stats.ts'
import { Liveness } from '../liveness.ts'
import { encodeBeacon, encodeSessionNew, type DenialReason } from '../protocol.ts'
import { BeaconTimer } from './beacon-timer.ts'
import { ClientLink, type LinkOwner } from './client-link.ts'
import type { ProxyFacts } from './guards.ts'
import { Heartbeat } from './heartbeat.ts'
import type { InProcessProxy, Proxy, Serializer, ZoneView } from './views.ts'

/** What a proxy really is: nobody else makes connections. */
export type OwnProxy = ClientLink | InProcessProxy

export interface SlotParts {
  readonly options: Pick<ServerOptions, 'livenessTimeout' | 'beaconIntervalMs'>
  readonly turns: Turns
  readonly shell: Shell
  readonly counters: Counters
  /** `link` serves `session`, which its client has requested or was given. */
  placed(session: LinkOwner, link: ClientLink): void
  /** A callback threw, or returned a promise. `what` names it; `toReport` makes the report of an error. */
  reportFailure(failure: HandlerFailure, what: string, toReport: (error: unknown) => Report): void
}

export class ProxySlot {
  readonly #parts: SlotParts
  readonly #session: LinkOwner
  readonly #heartbeat = new Heartbeat()
  readonly #beaconTimer: BeaconTimer
  readonly #liveness: Liveness
  #proxy: OwnProxy | undefined
  #serializer: Serializer
  #latency: number | undefined

  /** `onSilent`: nothing was heard from a connection for the liveness timeout. */
  constructor(parts: SlotParts, session: LinkOwner, proxy: OwnProxy, serializer: Serializer, onSilent: () => void) {
    this.#parts = parts
    this.#session = session
    this.#proxy = proxy
    this.#serializer = proxy instanceof ClientLink ? 'protobuf' : serializer
    this.#beaconTimer = new BeaconTimer(parts.shell, parts.options.beaconIntervalMs, session.id, () =>
      this.sendBeacon(),
    )
    const silence: TimerOwner = { name: 'liveness', session: session.id }
    this.#liveness = new Liveness(parts.options.livenessTimeout, {
      now: () => parts.turns.now,
      setTimer: (delayMs, fire) => parts.shell.setTimer(silence, delayMs, fire),
      afterWaitingInput: (judge) => afterWaitingInput(parts.shell, silence, judge),
      onSilent,
    })
  }

  /** Undefined while the session is disconnected. */
  get proxy(): OwnProxy | undefined {
    return this.#proxy
  }

  /** Undefined without a proxy, and for a receiver within the process. */
  get link(): ClientLink | undefined {
    return this.#proxy instanceof ClientLink ? this.#proxy : undefined
  }

  get serializer(): Serializer {
    return this.#serializer
  }

  set serializer(serializer: Serializer) {
    this.#serializer = serializer
  }

  /** The most recent round trip in whole ms; undefined until the first ping. */
  get latency(): number | undefined {
    return this.#latency
  }

  /** There is none: `letGo` comes first. */
  adopt(proxy: OwnProxy): void {
    this.#proxy = proxy
    this.#latency = undefined
    if (proxy instanceof ClientLink) {
      proxy.serve(this.#session)
      this.#parts.placed(this.#session, proxy)
      this.#serializer = 'protobuf'
    } else {
      this.#serializer = undefined
    }
  }

  /** The proxy no longer touches the session; it is closed where `code` is given. */
  letGo(code: CloseCode | undefined): void {
    const proxy = this.#proxy
    this.#proxy = undefined
    if (proxy === undefined) return
    if (proxy instanceof ClientLink) {
      proxy.release()
      if (code !== undefined) proxy.close(code)
    } else {
      const { turns } = this.#parts
      turns.ask(() => this.#release(proxy, code ?? CloseCode.normal))
    }
  }

  #release(receiver: InProcessProxy, code: number): void {
    const { shell } = this.#parts
    if (shell.taps.isOn) shell.taps.emit.release(shell.numberOf(receiver), code)
    this.guard('closed', () => receiver.closed(code))
  }

  /** There is a proxy. */
  deliver(outgoing: Outgoing): void {
    const proxy = this.#proxy
    if (proxy === undefined) return
    if (proxy instanceof ClientLink) {
      proxy.send(outgoing)
      return
    }
    const payload = this.#serializer === 'protobuf' ? outgoing.bytes : outgoing.object
    this.#parts.counters.messagesOutTotal++
    // It is on its way now: like a connection's, it arrives even where the proxy is let go right after it.
    const { shell, turns } = this.#parts
    turns.ask(() => {
      const { app, type } = outgoing
      if (shell.taps.isOn) shell.taps.emit.deliver(shell.numberOf(proxy), this.#session, app, type, payload)
      this.guard('deliver', () => proxy.deliver(type, payload, app))
    })
  }

  /** Reliable on channel 0, like all of the protocol's own messages; only connections understand these. */
  sendProtocol(outgoing: Outgoing): void {
    if (this.#proxy instanceof ClientLink) this.#proxy.send(outgoing)
  }

  sendSessionNew(token: Uint8Array | undefined): void {
    assert(token !== undefined, 'session_new without a token')
    this.sendProtocol(encodeSessionNew(this.#session.id, token))
  }

  sendSessionState(zone: ZoneView | undefined): void {
    if (this.#proxy instanceof ClientLink) this.#proxy.sendSessionState(zone)
  }

  deny(reason: DenialReason): void {
    if (this.#proxy instanceof ClientLink) this.#proxy.deny(reason)
  }

  /** A change of connection forgets earlier beacons: an answer proves what was sent before on the same connection. */
  startHeartbeat(): void {
    this.#heartbeat.forget()
    this.#beaconTimer.start()
    this.#liveness.start()
  }

  stopHeartbeat(): void {
    this.#beaconTimer.stop()
    this.#liveness.stop()
  }

  sendBeacon(): void {
    const proxy = this.#proxy
    if (!(proxy instanceof ClientLink)) return
    // A connection that was given to this session may still bring answers to beacons of the one that had it.
    proxy.lastBeacon = this.#heartbeat.beacon(this.#parts.turns.now, proxy.lastBeacon)
    proxy.send(encodeBeacon(proxy.lastBeacon))
  }

  /** The round trip of a beacon that was answered; undefined where it is unknown, or was answered before. */
  answered(id: number): number | undefined {
    const latency = this.#heartbeat.answer(id, this.#parts.turns.now)
    if (latency === undefined) return undefined
    this.#latency = latency
    const { taps } = this.#parts.shell
    if (taps.isOn) taps.emit.latency(this.#session, latency)
    return latency
  }

  /** Something came from the client. */
  heard(): void {
    this.#liveness.heard()
  }

  /** Runs a callback of the session's owner: what it throws is reported, and so is a promise that it returns. */
  guard(callback: string, run: () => unknown): void {
    const handled = this.#parts.turns.handle(run)
    if (!handled.threw) return
    const session = this.#session
    this.#parts.reportFailure(handled, `${callback} of session ${session.id}`, (error) => {
      return { kind: 'callback_threw', callback, session, error }
    })
  }
}

/** For `proxyEvent`. */
export function kindOf(proxy: Proxy | undefined): ProxyFacts['proxy'] {
  if (proxy === undefined) return 'none'
  if (!(proxy instanceof ClientLink)) return 'receiver'
  return proxy.isClosing ? 'closed_connection' : 'connection'
}
