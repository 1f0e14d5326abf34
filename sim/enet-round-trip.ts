/**
 * How long ENet waits for an acknowledgement, and for how long it goes on sending again: `enet_protocol_handle_acknowledge`
 * and `enet_protocol_check_timeouts` of the ENet 1.3 that the npm package `enet` contains. It assumes a round trip of
 * half a second and comes closer to the truth with each acknowledgement, so that a young peer is given up late.
 */
import type { EnetSettings } from './connection-settings.ts'

const FIRST_ROUND_TRIP_US = 500_000

export class EnetRoundTrip {
  #roundTripUs = FIRST_ROUND_TRIP_US
  #variationUs = 0
  /** When the first of the resends that are unanswered until now was sent. 0: none. */
  #earliestTimeoutUs = 0
  #heardAtUs = 0

  /** When the peer last acknowledged something: nothing else is a sign of life to ENet. */
  get heardAtUs(): number {
    return this.#heardAtUs
  }

  /** What a command that is sent for the first time waits for. */
  get timeoutUs(): number {
    return this.#roundTripUs + 4 * this.#variationUs
  }

  measure(roundTripUs: number): void {
    const difference = Math.abs(roundTripUs - this.#roundTripUs)
    this.#roundTripUs += roundTripUs >= this.#roundTripUs ? difference >> 3 : -(difference >> 3)
    this.#variationUs -= this.#variationUs >> 2
    this.#variationUs += Math.abs(roundTripUs - this.#roundTripUs) >> 2
  }

  acknowledged(atUs: number): void {
    this.#earliestTimeoutUs = 0
    this.#heardAtUs = Math.max(this.#heardAtUs, atUs)
  }

  /** Whether a command that is overdue is one too many. */
  isOutOfPatience(sentAtUs: number, resendCount: number, nowUs: number, settings: EnetSettings): boolean {
    if (this.#earliestTimeoutUs === 0 || sentAtUs < this.#earliestTimeoutUs) this.#earliestTimeoutUs = sentAtUs
    const silentMs = (nowUs - this.#earliestTimeoutUs) / 1000
    const hasGrownEnough = 1 << Math.min(resendCount, 30) >= settings.timeoutLimit
    return silentMs >= settings.timeoutMsMax || (hasGrownEnough && silentMs >= settings.timeoutMsMin)
  }
}
