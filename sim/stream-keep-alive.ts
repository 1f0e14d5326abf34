/**
 * TCP keep-alive of one end (RFC 1122, section 4.2.3.6): once nothing has been heard for a while, and nothing waits for
 * an acknowledgement, the peer's system is asked for a sign of life, again and again. So an idle connection whose peer
 * has vanished is found, or one whose peer has rebooted. Off unless the settings say otherwise.
 */
import { Alarm } from './alarm.ts'
import type { StreamSettings } from './connection-settings.ts'
import type { EventQueue } from './event-queue.ts'
import type { Host } from './host.ts'

/** What it needs of the end that it watches for. */
export interface KeepAliveEnd {
  readonly host: Host
  /** As they are now. */
  readonly settings: StreamSettings
  /** Something that was sent is not acknowledged: retransmission watches over that. */
  readonly isWaiting: boolean
  /** When something was last acknowledged. */
  readonly acknowledgedAtUs: number
  probe(answered: () => void): void
  giveUp(): void
}

export class StreamKeepAlive {
  readonly #queue: EventQueue
  readonly #end: KeepAliveEnd
  readonly #alarm: Alarm
  readonly #answered = (): void => this.heard()
  #heardAtUs: number
  #unanswered = 0

  constructor(queue: EventQueue, end: KeepAliveEnd) {
    this.#queue = queue
    this.#end = end
    this.#heardAtUs = queue.nowUs
    this.#alarm = new Alarm(queue, () => this.#check())
    this.settingsChanged()
  }

  heard(): void {
    this.#heardAtUs = this.#queue.nowUs
    if (this.#unanswered === 0) return
    this.#unanswered = 0
    this.settingsChanged()
  }

  settingsChanged(): void {
    const { keepAliveMs } = this.#end.settings
    if (keepAliveMs === 0) this.#alarm.cancel()
    else this.#alarm.set(this.#heardAtUs + Math.ceil(keepAliveMs * 1000))
  }

  stop(): void {
    this.#alarm.cancel()
  }

  #check(): void {
    const { host, settings, isWaiting, acknowledgedAtUs } = this.#end
    if (!host.isReachable) {
      host.holdForSystem(this.#alarm.event)
      return
    }
    const { nowUs } = this.#queue
    const idleUs = Math.ceil(settings.keepAliveMs * 1000)
    const dueUs = isWaiting ? nowUs + idleUs : Math.max(this.#heardAtUs, acknowledgedAtUs) + idleUs
    if (this.#unanswered === 0 && nowUs < dueUs) {
      this.#alarm.set(dueUs)
    } else if (this.#unanswered === settings.keepAliveProbes) {
      this.#end.giveUp()
    } else {
      this.#unanswered += 1
      this.#alarm.set(nowUs + Math.ceil(settings.keepAliveIntervalMs * 1000))
      this.#end.probe(this.#answered)
    }
  }
}
