/**
 * TCP keep-alive of one endpoint (RFC 1122, section 4.2.3.6): once nothing has been heard for a while, and nothing waits
 * for an acknowledgement, the peer's system is asked for a sign of life, again and again. A program may ask for it on its
 * own socket; the settings may for all of them.
 */
import type { StreamSettings } from '../connection-settings.ts'
import { ReusableEvent, type EventQueue } from '../event-queue.ts'
import type { Host } from '../host.ts'

/** What it needs of the endpoint that it watches for. */
export interface KeepAliveEndpoint {
  readonly queue: EventQueue
  readonly host: Host
  /** As they are now. */
  readonly settings: StreamSettings
  readonly isOver: boolean
  /** Something waits for its acknowledgement: retransmission watches over that. */
  readonly isWaiting: boolean
  /** A position that the peer has, and nothing in it: it is acknowledged again. */
  probe(): void
  giveUp(): void
}

export class TcpKeepAlive {
  readonly #endpoint: KeepAliveEndpoint
  #idleUs = 0
  #probes = 0
  #heardAtUs = 0
  #event: ReusableEvent | undefined

  constructor(endpoint: KeepAliveEndpoint) {
    this.#endpoint = endpoint
  }

  get isOn(): boolean {
    return this.#idleUs > 0
  }

  /** `idleMs` 0: off. */
  set(idleMs: number): void {
    const { queue, isOver } = this.#endpoint
    this.#idleUs = Math.ceil(idleMs * 1000)
    this.#probes = 0
    this.stop()
    if (!this.isOn || isOver) return
    this.#event = new ReusableEvent(() => this.#check())
    queue.add(this.#event, queue.nowUs + this.#idleUs)
  }

  heard(): void {
    this.#heardAtUs = this.#endpoint.queue.nowUs
    this.#probes = 0
  }

  stop(): void {
    if (this.#event !== undefined) this.#endpoint.queue.cancel(this.#event)
  }

  #check(): void {
    const event = this.#event
    const { queue, host, settings, isOver, isWaiting } = this.#endpoint
    if (event === undefined || isOver) return
    if (!host.isReachable) {
      host.holdForSystem(event)
      return
    }
    const { nowUs } = queue
    const dueUs = (isWaiting ? nowUs : this.#heardAtUs) + this.#idleUs
    if (this.#probes === 0 && nowUs < dueUs) {
      queue.add(event, dueUs)
    } else if (this.#probes >= settings.keepAliveProbes) {
      this.#endpoint.giveUp()
    } else {
      this.#probes += 1
      this.#endpoint.probe()
      queue.add(event, nowUs + Math.ceil(settings.keepAliveIntervalMs * 1000))
    }
  }
}
