/**
 * The time of an import, which only goes forward, of packets whose times do what clocks do: they jump when a clock is
 * set, and single ones are wrong.
 */
import type { Findings } from './findings.ts'
import type { CapturedPacket } from './packet.ts'

export interface TimedPacket {
  readonly packet: CapturedPacket
  /** Since the first packet that has a time. */
  readonly nowMs: number
}

/** Packets that were captured by several processors at once are out of order by less. */
const DISORDER_NS = 1_000_000_000n
/** Nothing at all for longer is named. */
const JUMP_NS = 3_600n * 1_000_000_000n

export class CaptureClock {
  readonly #findings: Findings
  #startNs: bigint | undefined
  /** Of the latest packet, by the clock of the capture. */
  #latestNs = 0n
  /** What the clock was set back so far. */
  #setBackNs = 0n

  constructor(findings: Findings) {
    this.#findings = findings
  }

  /** Of the first packet that has a time; undefined: there was none. */
  get startNs(): bigint | undefined {
    return this.#startNs
  }

  /** Each packet with its time; looks one packet ahead. */
  *time(packets: Iterable<CapturedPacket>): Generator<TimedPacket, void> {
    let held: CapturedPacket | undefined
    for (const packet of packets) {
      if (held !== undefined) yield { packet: held, nowMs: this.#advance(held.atNs, packet.atNs) }
      held = packet
    }
    if (held !== undefined) yield { packet: held, nowMs: this.#advance(held.atNs, undefined) }
  }

  #advance(atNs: bigint | undefined, nextNs: bigint | undefined): number {
    if (atNs === undefined) return this.#nowMs()
    if (this.#startNs === undefined) {
      // The first of all may be the one that is wrong.
      const isAlone = nextNs !== undefined && isJump(nextNs - atNs)
      this.#startNs = isAlone ? nextNs : atNs
      this.#latestNs = this.#startNs
      if (isAlone) this.#findings.count('times_impossible', 'the first packet')
      return this.#nowMs()
    }
    const passedNs = atNs - this.#latestNs
    if (isJump(passedNs) && nextNs !== undefined && !isJump(nextNs - this.#latestNs)) {
      this.#findings.count('times_impossible', `at ${this.#seconds()}: ${describe(passedNs)}`)
      return this.#nowMs()
    }
    if (passedNs < -DISORDER_NS) {
      this.#findings.count('clock_set_back', `at ${this.#seconds()}: ${describe(passedNs)}`)
      this.#setBackNs -= passedNs
    } else if (passedNs < 0n) {
      this.#findings.count('packets_back_in_time')
      return this.#nowMs()
    } else if (passedNs > JUMP_NS) this.#findings.count('clock_jumped', `at ${this.#seconds()}: ${describe(passedNs)}`)
    this.#latestNs = atNs
    return this.#nowMs()
  }

  #nowMs(): number {
    return Number(this.#latestNs - (this.#startNs ?? this.#latestNs) + this.#setBackNs) / 1e6
  }

  #seconds(): string {
    return `${(this.#nowMs() / 1000).toFixed(3)} s`
  }
}

function isJump(passedNs: bigint): boolean {
  return passedNs < -DISORDER_NS || passedNs > JUMP_NS
}

/** `1,234.5 s later`, `365.0 days earlier`. */
function describe(passedNs: bigint): string {
  const seconds = Math.abs(Number(passedNs)) / 1e9
  const span = seconds < 86_400 ? `${seconds.toFixed(1)} s` : `${(seconds / 86_400).toFixed(1)} days`
  return `${span} ${passedNs < 0n ? 'earlier' : 'later'}`
}
