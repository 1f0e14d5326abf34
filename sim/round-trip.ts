/**
 * How long a sender of a stream waits for an acknowledgement: the smoothed round trip and its variation (RFC 6298,
 * section 2), bounded as the settings say, doubled for each timeout in a row. Shared by the two models of TCP: that
 * of messages (`stream-half.ts`) and that of bytes (`wire/tcp-sender.ts`).
 */
import type { StreamSettings } from './connection-settings.ts'

const FIRST_TIMEOUT_US = 1_000_000
const BACK_OFF_MAX = 20

export class RoundTrip {
  #smoothedUs = 0
  #variationUs = 0
  #backOff = 0

  /** `roundTripUs`: of something of which it is known which of its copies was answered (Karn). */
  measure(roundTripUs: number): void {
    if (this.#smoothedUs === 0) {
      this.#smoothedUs = roundTripUs
      this.#variationUs = roundTripUs >> 1
    } else {
      const difference = Math.abs(this.#smoothedUs - roundTripUs)
      this.#variationUs += Math.floor((difference - this.#variationUs) / 4)
      this.#smoothedUs += Math.floor((roundTripUs - this.#smoothedUs) / 8)
    }
  }

  backOff(): void {
    this.#backOff += 1
  }

  /** Something new was acknowledged. */
  progress(): void {
    this.#backOff = 0
  }

  timeoutUs({ retransmitTimeoutMsMin, retransmitTimeoutMsMax }: StreamSettings): number {
    const measuredUs =
      this.#smoothedUs === 0 ? FIRST_TIMEOUT_US : this.#smoothedUs + Math.max(1000, 4 * this.#variationUs)
    const leastUs = Math.max(measuredUs, Math.ceil(retransmitTimeoutMsMin * 1000))
    return Math.min(leastUs * (1 << Math.min(this.#backOff, BACK_OFF_MAX)), Math.ceil(retransmitTimeoutMsMax * 1000))
  }
}
