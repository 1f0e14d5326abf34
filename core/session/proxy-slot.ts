/**
 * What a session's messages are delivered to at the moment, in which form, and how it is told whether that is still
 * there. Whether the session is connected, and what becomes of it, is decided in `session.ts`.
 */
import type { Outgoing } from '../app/outgoing.ts'
import { CloseCode } from '../close-codes.ts'
import type { Context } from '../context.ts'
import { afterWaitingInput } from '../deadline.ts'
import { Liveness } from '../liveness.ts'
import { encodeBeacon, type DenialReason } from '../protocol.ts'
import { BeaconTimer } from './beacon-timer.ts'
import { ClientLink } from './client-link.ts'
import { Heartbeat } from './heartbeat.ts'
import type { Proxy, Serializer } from './proxy.ts'
import type { ZoneView } from '../zone/zone.ts'
import type { Session } from './session.ts'

export class ProxySlot {
  readonly #context: Context
  readonly #session: Session
  readonly #heartbeat = new Heartbeat()
  readonly #beaconTimer: BeaconTimer
  readonly #liveness: Liveness
  #proxy: Proxy | undefined
  #serializer: Serializer
  #latency: number | undefined

  /** `onSilent`: nothing was heard from a connection for the liveness timeout. */
  constructor(context: Context, session: Session, proxy: Proxy, serializer: Serializer, onSilent: () => void) {
    this.#context = context
    this.#session = session
    this.#proxy = proxy
    this.#serializer = proxy instanceof ClientLink ? 'protobuf' : serializer
    this.#beaconTimer = new BeaconTimer(context, session.id, () => this.sendBeacon())
    this.#liveness = new Liveness(context.options.livenessTimeout, {
      now: () => context.turns.now,
      setTimer: (delayMs, fire) => context.setTimer(delayMs, fire),
      afterWaitingInput: (judge) => afterWaitingInput(context, judge),
      onSilent,
    })
  }

  /** Undefined while the session is disconnected. */
  get proxy(): Proxy | undefined {
    return this.#proxy
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
  adopt(proxy: Proxy): void {
    this.#proxy = proxy
    this.#latency = undefined
    if (proxy instanceof ClientLink) {
      proxy.serve(this.#session)
      this.#serializer = 'protobuf'
    } else {
      this.#serializer = undefined
    }
  }

  /** The proxy no longer touches the session; it is closed where `code` is given. */
  letGo(code: number | undefined, reason = ''): void {
    const proxy = this.#proxy
    this.#proxy = undefined
    if (proxy === undefined) return
    if (proxy instanceof ClientLink) {
      proxy.release()
      if (code !== undefined) proxy.close(code, reason)
    } else {
      this.#context.turns.ask(() => this.guard('closed', () => proxy.closed(code ?? CloseCode.normal)))
    }
  }

  /** There is a proxy. */
  deliver(outgoing: Outgoing): void {
    const proxy = this.#proxy
    if (proxy === undefined) return
    if (proxy instanceof ClientLink) {
      proxy.send(outgoing.bytes, outgoing.delivery)
      return
    }
    const payload = this.#serializer === 'protobuf' ? outgoing.bytes : outgoing.object
    this.#context.counters.messagesOutTotal++
    // It is on its way now: like a connection's, it arrives even where the proxy is let go right after it.
    this.#context.turns.ask(() => this.guard('deliver', () => proxy.deliver(outgoing.type, payload, outgoing.app)))
  }

  /** Reliable on channel 0, like all of the protocol's own messages; only connections understand these. */
  sendBytes(bytes: Uint8Array): void {
    if (this.#proxy instanceof ClientLink) this.#proxy.send(bytes)
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
    proxy.lastBeacon = this.#heartbeat.beacon(this.#context.turns.now, proxy.lastBeacon)
    proxy.send(encodeBeacon(proxy.lastBeacon))
  }

  /** The round trip of a beacon that was answered; undefined where it is unknown, or was answered before. */
  answered(id: number): number | undefined {
    const latency = this.#heartbeat.answer(id, this.#context.turns.now)
    if (latency !== undefined) this.#latency = latency
    return latency
  }

  /** Something came from the client. */
  heard(): void {
    this.#liveness.heard()
  }

  /** Runs a callback of the session's owner: what it throws is reported, and so is a promise that it returns. */
  guard(callback: string, run: () => unknown): void {
    const handled = this.#context.turns.handle(run)
    if (!handled.threw) return
    const session = this.#session
    this.#context.reportFailure(handled, `${callback} of session ${session.id}`, (error) => {
      return { kind: 'callback_threw', callback, session, error }
    })
  }
}
