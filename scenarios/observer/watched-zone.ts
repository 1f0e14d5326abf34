/**
 * A zone as its handlers see it while it is watched: everything is passed on, and what is asked of it is written down.
 * It is the same for all handlers of one zone, as the zone itself would be.
 */
import type { AnyApp, Outcome, PartReason, Random, Session, Timer, TypedZone, ZoneView } from '../../core/index.ts'
import type { Asked, Output } from './observation.ts'

type ForeignZone = TypedZone<never, unknown>
type Message = never

export interface ZoneWatcher {
  /** Does what somebody asks of the zone, and writes down what that was. */
  perform(run: () => void, asked: () => Output): void
  /** Runs what a timer fires as a handler of this zone. */
  fired(zone: ZoneView, timer: number, fire: () => Outcome): Outcome
}

export class WatchedZone implements ForeignZone {
  readonly #zone: ForeignZone
  readonly #watcher: ZoneWatcher
  readonly #numberTimer: () => number

  constructor(zone: ZoneView, watcher: ZoneWatcher, numberTimer: () => number) {
    // Which messages it knows does not matter for passing them on.
    this.#zone = zone as ForeignZone
    this.#watcher = watcher
    this.#numberTimer = numberTimer
  }

  get name(): string {
    return this.#zone.name
  }

  get app(): AnyApp {
    return this.#zone.app
  }

  get members(): ReadonlySet<Session> {
    return this.#zone.members
  }

  get frame(): number {
    return this.#zone.frame
  }

  get isStopped(): boolean {
    return this.#zone.isStopped
  }

  get random(): Random {
    return this.#zone.random
  }

  now(): number {
    return this.#zone.now()
  }

  send(sessions: Iterable<Session>, type: string, message: Message): void {
    const recipients = [...sessions]
    this.#watcher.perform(
      () => this.#zone.send(recipients, type as never, message),
      () => this.#asked('send', type, { session: undefined, sessions: recipients.map(({ id }) => id) }),
    )
  }

  broadcast(type: string, message: Message, options?: { readonly except?: Session | undefined }): void {
    this.#watcher.perform(
      () => this.#zone.broadcast(type as never, message, options),
      () => this.#asked('broadcast', type, { session: options?.except?.id }),
    )
  }

  remove(session: Session, reason?: PartReason): void {
    const { name: zone } = this
    this.#watcher.perform(
      () => this.#zone.remove(session, reason),
      () => ({ kind: 'asked_to_remove', zone, session: session.id, reason: reason ?? 'removed' }),
    )
  }

  tell(message: unknown): void {
    this.#watcher.perform(
      () => this.#zone.tell(message),
      () => ({ kind: 'told', zone: this.name }),
    )
  }

  setTimer(delayMs: number, fire: () => Outcome): Timer {
    const number = this.#numberTimer()
    let timer: Timer | undefined
    this.#watcher.perform(
      () => (timer = this.#zone.setTimer(delayMs, () => this.#watcher.fired(this, number, fire))),
      () => ({ kind: 'timer_set', zone: this.name, timer: number, delayMs }),
    )
    return {
      cancel: () => {
        this.#watcher.perform(
          () => timer?.cancel(),
          () => ({ kind: 'timer_cancelled', timer: number }),
        )
      },
    }
  }

  stop(): void {
    this.#watcher.perform(
      () => this.#zone.stop(),
      () => ({ kind: 'called', call: { kind: 'stop_zone', zone: this.name } }),
    )
  }

  #asked(action: Asked['action'], type: string, whom: Pick<Asked, 'session' | 'sessions'>): Asked {
    const delivery = this.app.deliveryOf(type)
    return { kind: 'asked', zone: this.name, action, type, delivery, ...whom }
  }
}
