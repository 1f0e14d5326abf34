/**
 * One direction of a path between two hosts: a chain of rules (`link-rules/`) that says for each packet whether and
 * when it arrives. It carries nothing itself: who sends a packet queues its arrival, so that messages, TCP segments
 * and datagrams use the same links.
 *
 * Jitter alone makes packets clump but never reorders them: none arrives before the one sent ahead of it, except
 * those that the `reorder` rule lets overtake. A packet under way when a link goes down still arrives.
 */
import { OverworldError } from '../core/errors.ts'
import { CorruptRule } from './link-rules/corrupt.ts'
import { DelayRule } from './link-rules/delay.ts'
import { DuplicateRule } from './link-rules/duplicate.ts'
import { LossRule } from './link-rules/loss.ts'
import { MtuRule } from './link-rules/mtu.ts'
import { RateRule } from './link-rules/rate.ts'
import { ReorderRule } from './link-rules/reorder.ts'
import { DROP, type LinkRule, type Transit, type Verdict } from './link-rules/rule.ts'
import { checkLinkSettings, CLEAN_LINK, type LinkSettings } from './link-settings.ts'
import type { RandomStreams } from './random-streams.ts'

/** When a packet arrives that does not. */
export const NEVER = Infinity

export class Link {
  /** Such as `alice>server`. */
  readonly name: string
  readonly #loss: LossRule
  readonly #duplicate: DuplicateRule
  readonly #corrupt: CorruptRule
  readonly #mtu = new MtuRule()
  readonly #rate = new RateRule()
  readonly #delay: DelayRule
  readonly #reorder: ReorderRule
  readonly #ownRules: LinkRule[] = []
  readonly #transit = new PacketTransit()
  #settings: LinkSettings
  /** How many faults keep it down at this moment. */
  #downCount = 0
  #cloggedUntilUs = 0
  #lastArrivalUs = 0
  #copyArrivalUs = NEVER

  constructor(name: string, streams: RandomStreams, settings: Partial<LinkSettings> = {}) {
    const stream = (purpose: string) => streams.stream(`link/${name}/${purpose}`)
    this.name = name
    this.#loss = new LossRule(stream('loss'), stream('weather'))
    this.#duplicate = new DuplicateRule(stream('duplicate'))
    this.#corrupt = new CorruptRule(stream('corrupt'))
    this.#delay = new DelayRule(stream('delay'), stream('copy'))
    this.#reorder = new ReorderRule(stream('reorder'))
    this.#settings = CLEAN_LINK
    this.set(settings)
  }

  get settings(): LinkSettings {
    return this.#settings
  }

  get isDown(): boolean {
    return this.#downCount > 0
  }

  /** How many packets were sent into it. */
  get packetCount(): number {
    return this.#transit.ordinal
  }

  /** Changes what is given and keeps the rest; packets under way are not touched. Throws `bad_option`. */
  set(settings: Partial<LinkSettings>): void {
    const all: LinkSettings = { ...this.#settings, ...settings }
    checkLinkSettings(all)
    this.#settings = all
    const rules = [this.#loss, this.#duplicate, this.#corrupt, this.#mtu, this.#rate, this.#delay, this.#reorder]
    for (const rule of rules) rule.configure(all)
  }

  /** Back to an instant and perfect link, or to `settings` on top of one. */
  reset(settings: Partial<LinkSettings> = {}): void {
    this.set({ ...CLEAN_LINK, ...settings })
  }

  /** Appends a rule of one's own to the chain. */
  addRule(rule: LinkRule): void {
    this.#ownRules.push(rule)
  }

  /** Everything sent from now on is lost until each `down` has had its `up`. */
  down(): void {
    this.#downCount += 1
  }

  up(): void {
    if (this.#downCount === 0) throw new OverworldError('bad_option', `link ${this.name} is up: take it down first`)
    this.#downCount -= 1
  }

  /**
   * Packets sent before `untilUs` wait until then, in order, and only then start on their way: one after another through
   * the bottleneck, if there is one. Throws `bad_option` unless it is a number from 0.
   */
  clog(untilUs: number): void {
    if (!(untilUs >= 0 && Number.isSafeInteger(untilUs))) {
      throw new OverworldError('bad_option', `clog until ${untilUs}: give whole microseconds from 0`)
    }
    this.#cloggedUntilUs = Math.max(this.#cloggedUntilUs, untilUs)
  }

  unclog(): void {
    this.#cloggedUntilUs = 0
  }

  /**
   * When a packet sent at `nowUs` arrives: whole microseconds, or `NEVER`. A corrupt one never does, as the
   * receiver's checksum refuses it; `isLastCorrupt` tells the difference. Throws `bad_option` for numbers below 0 and NaN.
   */
  send(nowUs: number, sizeBytes: number): number {
    if (!(nowUs >= 0 && sizeBytes >= 0)) {
      throw new OverworldError('bad_option', `send(${nowUs}, ${sizeBytes}): give numbers from 0`)
    }
    const transit = this.#transit
    // The clog lies in front of the bottleneck: to the rules a packet is sent when it starts on its way.
    const leavesAtUs = Math.max(nowUs, this.#cloggedUntilUs)
    transit.begin(leavesAtUs, sizeBytes, this.#downCount > 0)
    transit.apply(this.#loss.judge())
    transit.apply(this.#duplicate.judge(transit))
    transit.apply(this.#corrupt.judge(transit))
    transit.apply(this.#mtu.judge(transit))
    transit.apply(this.#rate.judge(transit))
    transit.apply(this.#delay.judge(transit))
    transit.apply(this.#reorder.judge(transit))
    for (const rule of this.#ownRules) transit.apply(checkVerdict(rule.judge(transit)))
    this.#copyArrivalUs = NEVER
    if (transit.isDropped) return NEVER
    const arrivalUs = transit.isOvertaking ? leavesAtUs : Math.max(leavesAtUs + transit.delayUs, this.#lastArrivalUs)
    if (!transit.isOvertaking) this.#lastArrivalUs = arrivalUs
    if (transit.isCorrupt) return NEVER
    if (transit.isDuplicated) this.#copyArrivalUs = arrivalUs + transit.copyDelayUs
    return arrivalUs
  }

  /** When the copy of the packet sent last arrives; `NEVER` where it was not duplicated. */
  get copyArrivalUs(): number {
    return this.#copyArrivalUs
  }

  get isLastCorrupt(): boolean {
    return this.#transit.isCorrupt && !this.#transit.isDropped
  }
}

/** Of a rule of one's own. */
function checkVerdict(verdict: Verdict): Verdict {
  if (verdict === DROP) return DROP
  if (!(verdict >= 0 && verdict < Infinity)) {
    throw new OverworldError('bad_option', `a link rule said ${verdict}: give microseconds from 0, or DROP`)
  }
  return Math.ceil(verdict)
}

class PacketTransit implements Transit {
  nowUs = 0
  sizeBytes = 0
  ordinal = 0
  isDropped = false
  delayUs = 0
  isDuplicated = false
  copyDelayUs = 0
  isCorrupt = false
  isOvertaking = false

  begin(nowUs: number, sizeBytes: number, isDropped: boolean): void {
    this.nowUs = nowUs
    this.sizeBytes = sizeBytes
    this.ordinal += 1
    this.isDropped = isDropped
    this.delayUs = 0
    this.isDuplicated = false
    this.copyDelayUs = 0
    this.isCorrupt = false
    this.isOvertaking = false
  }

  apply(verdict: Verdict): void {
    if (verdict === DROP) this.isDropped = true
    else this.delayUs += verdict
  }
}
