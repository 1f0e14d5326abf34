/**
 * One direction of one channel of an ENet connection, as ENet's receiver hands it on: reliable messages in order and
 * once, an unreliable one after the reliable ones that were sent before it and never after a later one, fragments put
 * together. What the capture lacks, and the receiver has acknowledged, is passed over and told.
 */
import type { DeliveryMode } from '../../core/index.ts'
import { joinBytes, NO_BYTES } from './bytes.ts'
import { MESSAGE_BYTES_MAX, type EnetFragment } from './enet-datagram.ts'
import type { Findings } from './findings.ts'

export interface ChannelEvents {
  message(bytes: Uint8Array, mode: DeliveryMode): void
  missing(what: string): void
}

/** Sequence numbers go round after 2^16; one that lies further ahead than this lies behind. */
const AHEAD_MAX = 0x7000
const WAITING_MAX = 256
/** After its receiver has acknowledged something, the capture may still have it out of order. */
const WAIT_ACKNOWLEDGED_MS = 1_000
/** After this ENet itself would have given up: it has come, though neither it nor its acknowledgement was captured. */
const WAIT_UNKNOWN_MS = 30_000
/** So many reliable messages are held at most while one before them is missing: ENet itself holds fewer. */
const HELD_MAX = 4_096

interface Parts {
  readonly count: number
  readonly totalLength: number
  readonly parts: Map<number, Uint8Array>
  isCut: boolean
}

interface Unreliable extends Parts {
  readonly reliableSequence: number
  readonly unreliableSequence: number
}

export class EnetChannel {
  readonly #events: ChannelEvents
  readonly #findings: Findings
  /** Of the last reliable message that was handed on; undefined: the capture began later. */
  #reliable: number | undefined
  #unreliable = 0
  readonly #held = new Map<number, Parts>()
  readonly #unreliables: Unreliable[] = []
  readonly #acknowledged = new Set<number>()
  #hearsReceiver = false
  #waitingSinceMs: number | undefined

  constructor(beganBefore: boolean, events: ChannelEvents, findings: Findings) {
    this.#reliable = beganBefore ? undefined : 0
    this.#events = events
    this.#findings = findings
  }

  reliable(sequence: number, data: Uint8Array | undefined, nowMs: number): void {
    const whole = { fragmentCount: 1, fragmentNumber: 0, totalLength: data?.length ?? 0, data }
    this.reliableFragment({ ...whole, startSequence: sequence }, nowMs)
  }

  reliableFragment(fragment: EnetFragment, nowMs: number): void {
    const { startSequence, fragmentCount, fragmentNumber } = fragment
    this.#beginWith(startSequence, fragmentNumber > 0 ? fragmentCount : 0)
    const held = this.#held.get(startSequence) ?? newParts(fragment)
    if (this.#isPast(startSequence) || held.parts.has(fragmentNumber) || held.count !== fragmentCount) {
      this.#findings.count('enet_repeated')
      return
    }
    this.#held.set(startSequence, held)
    this.#acknowledged.delete((startSequence + fragmentNumber) & 0xffff)
    addPart(held, fragment)
    this.#handOn()
    this.check(nowMs)
  }

  /** Where the capture began later: with this message, or after it, if the first of its fragments was before. */
  #beginWith(startSequence: number, fragmentsPast: number): void {
    if (this.#reliable !== undefined) return
    this.#reliable = (startSequence - 1 + fragmentsPast) & 0xffff
    if (fragmentsPast > 0) this.#events.missing('a reliable message that had begun before')
  }

  unreliable(reliableSequence: number, fragment: EnetFragment): void {
    const { startSequence: unreliableSequence, fragmentNumber } = fragment
    if (this.#reliable === undefined) {
      this.#reliable = reliableSequence
      this.#unreliable = unreliableSequence - 1
    }
    const ahead = this.#ahead(reliableSequence)
    if (ahead >= AHEAD_MAX || (ahead === 0 && unreliableSequence <= this.#unreliable)) {
      this.#findings.count('enet_late')
      return
    }
    let waiting = this.#unreliables.find(
      (each) => each.reliableSequence === reliableSequence && each.unreliableSequence === unreliableSequence,
    )
    if (waiting?.parts.has(fragmentNumber) === true) {
      this.#findings.count('enet_repeated')
      return
    }
    if (waiting === undefined) {
      waiting = { ...newParts(fragment), reliableSequence, unreliableSequence }
      this.#unreliables.push(waiting)
      if (this.#unreliables.length > WAITING_MAX) this.#unreliables.shift()
    }
    addPart(waiting, fragment)
    this.#handOnUnreliable()
  }

  /** Its receiver has the reliable command `sequence`. */
  acknowledge(sequence: number, nowMs: number): void {
    this.#hearsReceiver = true
    if (this.#reliable === undefined) return
    if (this.#isPast(sequence) || this.#hasPart(sequence)) return
    this.#acknowledged.add(sequence)
    this.check(nowMs)
  }

  /** Gives up waiting where it is time. */
  check(nowMs: number): void {
    if (this.#held.size === 0 && this.#acknowledged.size === 0) {
      this.#waitingSinceMs = undefined
      return
    }
    this.#waitingSinceMs ??= nowMs
    const waitedMs = nowMs - this.#waitingSinceMs
    const isKnown = this.#acknowledged.has(this.#lacking())
    const isFull = this.#held.size > HELD_MAX
    if (isFull || waitedMs >= (isKnown ? WAIT_ACKNOWLEDGED_MS : WAIT_UNKNOWN_MS)) this.#passOver()
  }

  /** Nothing more comes: uses what is held, as far as its receiver had it. */
  finish(): void {
    while (this.#held.size + this.#acknowledged.size > 0) {
      if (this.#hearsReceiver && !this.#acknowledged.has(this.#lacking())) return
      this.#passOver()
    }
  }

  #ahead(sequence: number): number {
    return (sequence - (this.#reliable ?? 0)) & 0xffff
  }

  #handOn(): void {
    for (;;) {
      const next = ((this.#reliable ?? 0) + 1) & 0xffff
      const held = this.#held.get(next)
      if (held === undefined || held.parts.size < held.count) break
      this.#held.delete(next)
      this.#moveTo((next + held.count - 1) & 0xffff)
      this.#tell(held, 'reliable')
      this.#handOnUnreliable()
    }
  }

  #moveTo(sequence: number): void {
    this.#reliable = sequence
    this.#unreliable = 0
    this.#waitingSinceMs = undefined
    for (const each of this.#acknowledged) if (this.#isPast(each)) this.#acknowledged.delete(each)
    for (const start of this.#held.keys()) if (this.#isPast(start)) this.#held.delete(start)
  }

  #isPast(sequence: number): boolean {
    const ahead = this.#ahead(sequence)
    return ahead === 0 || ahead >= AHEAD_MAX
  }

  /** Those that are whole and whose turn it is; those before them that are not whole never will be handed on. */
  #handOnUnreliable(): void {
    const ready = this.#unreliables
      .filter((each) => this.#ahead(each.reliableSequence) === 0 && each.parts.size === each.count)
      .sort((a, b) => a.unreliableSequence - b.unreliableSequence)
    for (const each of ready) {
      this.#unreliable = each.unreliableSequence
      this.#tell(each, 'unreliable')
    }
    for (let index = this.#unreliables.length - 1; index >= 0; index--) {
      const { reliableSequence = 0, unreliableSequence = 0, parts, count = 0 } = this.#unreliables[index] ?? {}
      const ahead = this.#ahead(reliableSequence)
      const isPast = ahead >= AHEAD_MAX || (ahead === 0 && unreliableSequence <= this.#unreliable)
      if (!isPast) continue
      this.#unreliables.splice(index, 1)
      if (ahead >= AHEAD_MAX && parts?.size === count) this.#findings.count('enet_late')
    }
  }

  #tell(message: Parts, mode: DeliveryMode): void {
    if (message.isCut) {
      this.#events.missing(`a message that was cut short when it was captured (${mode})`)
      return
    }
    const ordered = [...message.parts].sort(([a], [b]) => a - b).map(([, part]) => part)
    this.#events.message(joinBytes(ordered), mode)
  }

  /** The first sequence number of which there is nothing. */
  #lacking(): number {
    const next = ((this.#reliable ?? 0) + 1) & 0xffff
    const held = this.#held.get(next)
    if (held === undefined) return next
    let number = 0
    while (held.parts.has(number)) number++
    return (next + number) & 0xffff
  }

  #hasPart(sequence: number): boolean {
    for (const [start, { parts }] of this.#held) if (parts.has((sequence - start) & 0xffff)) return true
    return false
  }

  /** The last of the acknowledged numbers that follow each other from `sequence` on, and of which nothing is held. */
  #lastAcknowledgedFrom(sequence: number): number {
    let last = sequence
    for (;;) {
      const next = (last + 1) & 0xffff
      if (!this.#acknowledged.has(next) || this.#held.has(next)) return last
      last = next
    }
  }

  /** Goes on after what is not there. */
  #passOver(): void {
    const next = ((this.#reliable ?? 0) + 1) & 0xffff
    const unfinished = this.#held.get(next)
    let last = next
    if (unfinished !== undefined) {
      this.#held.delete(next)
      last = (next + unfinished.count - 1) & 0xffff
      this.#events.missing(`a reliable message, for ${unfinished.count - unfinished.parts.size} of its fragments,`)
    } else {
      const known = [...this.#held.keys(), ...this.#acknowledged].filter((sequence) => sequence !== next)
      const nearest = known.reduce((best, sequence) => Math.min(best, this.#ahead(sequence)), Infinity)
      const isNearestHeld = nearest !== Infinity && this.#held.has(((this.#reliable ?? 0) + nearest) & 0xffff)
      if (isNearestHeld) last = ((this.#reliable ?? 0) + nearest - 1) & 0xffff
      else if (this.#acknowledged.has(next)) last = this.#lastAcknowledgedFrom(next)
      const count = ((last - next) & 0xffff) + 1
      this.#events.missing(count === 1 ? 'a reliable message' : `${count} reliable messages or fragments`)
    }
    this.#moveTo(last)
    this.#handOnUnreliable()
    this.#handOn()
  }
}

function newParts({ fragmentCount, totalLength }: EnetFragment): Parts {
  return { count: fragmentCount, totalLength, parts: new Map(), isCut: totalLength > MESSAGE_BYTES_MAX }
}

function addPart(message: Parts, { fragmentNumber, data }: EnetFragment): void {
  if (data === undefined) message.isCut = true
  message.parts.set(fragmentNumber, message.isCut || data === undefined ? NO_BYTES : data)
}
