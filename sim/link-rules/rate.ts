/**
 * A bottleneck with a queue in front: packets leave one after another at the link's rate; those for which the queue
 * has no room are dropped at the tail. A large limit shows bufferbloat, a small one loss.
 */
import type { LinkSettings } from '../link-settings.ts'
import { DROP, PASS, type LinkRule, type Transit, type Verdict } from './rule.ts'

interface Waiting {
  readonly leavesAtUs: number
  readonly sizeBytes: number
}

export class RateRule implements LinkRule {
  #usPerByte = 0
  #limitPackets = 0
  #limitBytes = 0
  #freeAtUs = 0
  #waiting: Waiting[] = []
  #waitingFrom = 0
  #waitingBytes = 0

  configure({ rateBytesPerSecond, limitPackets, limitBytes }: LinkSettings): void {
    this.#usPerByte = rateBytesPerSecond === 0 ? 0 : 1_000_000 / rateBytesPerSecond
    this.#limitPackets = limitPackets === 0 ? Infinity : limitPackets
    this.#limitBytes = limitBytes === 0 ? Infinity : limitBytes
  }

  judge({ nowUs, sizeBytes, isDropped }: Transit): Verdict {
    if (this.#usPerByte === 0 || isDropped) return PASS
    this.#forgetWhatLeft(nowUs)
    const waitingPackets = this.#waiting.length - this.#waitingFrom
    if (waitingPackets >= this.#limitPackets || this.#waitingBytes + sizeBytes > this.#limitBytes) return DROP
    const leavesAtUs = Math.max(this.#freeAtUs, nowUs) + Math.ceil(sizeBytes * this.#usPerByte)
    this.#freeAtUs = leavesAtUs
    this.#waiting.push({ leavesAtUs, sizeBytes })
    this.#waitingBytes += sizeBytes
    return leavesAtUs - nowUs
  }

  #forgetWhatLeft(nowUs: number): void {
    let first = this.#waiting[this.#waitingFrom]
    while (first !== undefined && first.leavesAtUs <= nowUs) {
      this.#waitingBytes -= first.sizeBytes
      first = this.#waiting[++this.#waitingFrom]
    }
    if (this.#waitingFrom * 2 < this.#waiting.length) return
    this.#waiting = this.#waiting.slice(this.#waitingFrom)
    this.#waitingFrom = 0
  }
}
