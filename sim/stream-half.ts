/**
 * One direction of a stream connection: TCP, reduced to what a program can notice. Messages are cut into segments that
 * cross the lane one by one; lost ones are sent again (after a timeout from the smoothed round trip that backs off, or
 * at once after three later arrivals), and those behind wait for them. Acknowledgements cross the opposite lane and
 * can be lost too. A congestion window and the receiver's buffer bound what is under way.
 *
 * It costs one event a segment: when an acknowledgement arrives is worked out as it leaves, and looked up by the
 * sender the next time it matters. Timers run only where one is known to be needed. Left out: Nagle, delayed
 * acknowledgements and coalescing, spurious retransmission of what is merely late, tail loss probes.
 */
import type { ConnectionEnvironment } from './simulated-connection.ts'
import { AckRing } from './ack-ring.ts'
import { CongestionWindow, SEGMENT_BYTES_MAX } from './congestion-window.ts'
import { SegmentRing } from './segment-ring.ts'
import { Alarm } from './alarm.ts'
import type { Lane } from './lane.ts'
import { NEVER } from './link.ts'
import { RoundTrip } from './round-trip.ts'
import type { Segment, SegmentKind, SegmentPool } from './stream-segment.ts'

/** The end that sends in this direction. */
export interface StreamSender {
  /** Nothing was acknowledged for the user timeout. */
  giveUp(): void
  /** `bufferedBytes` fell to 0. */
  drained(): void
  /** All of a stream that has ended was acknowledged. */
  checkFinished(): void
}

/** The end that this direction leads to. */
export interface StreamReceiver {
  readonly isGone: boolean
  /** Nobody reads any more: what comes is refused, unless it is the end of the stream. */
  readonly isOrphan: boolean
  readonly unreadBytes: number
  /** In order, each once. */
  receive(kind: SegmentKind, bytes: Uint8Array, code: number, reason: string): void
  /** Something came that nobody will read. */
  refuse(): void
}

/** Headers of IP and TCP. */
export const STREAM_HEADER_BYTES = 40
/** Later arrivals that prove a loss (RFC 5681). */
const LATER_ARRIVALS = 3
const NO_BYTES = new Uint8Array(0)

export class StreamHalf {
  readonly #environment: ConnectionEnvironment
  readonly #lane: Lane
  readonly #backLane: Lane
  readonly #pool: SegmentPool

  /** The half of the other direction, whose acknowledgements travel with what is sent in this one. */
  opposite: StreamHalf | undefined = undefined
  #sender: StreamSender | undefined
  /** Undefined until a packet has come that far. */
  receiver: StreamReceiver | undefined = undefined

  /** From `#head` to `#tail`. */
  readonly #ring = new SegmentRing()
  /** The first not acknowledged; the first never sent; the next to be added; the next that the receiver expects. */
  #head = 0
  #unsent = 0
  #tail = 0
  #received = 0
  #pendingBytes = 0
  #inFlightBytes = 0
  #lostCount = 0
  #laterArrivals = 0
  /** Losses before this position are known to the sender, and sent again without waiting for a timeout. */
  #recoverUntil = 0
  #isLossProven = false
  /** Something was acknowledged since losses were last looked after. */
  #hasAdvanced = false

  #acknowledgedAtUs = 0
  readonly #acks = new AckRing()
  readonly #window = new CongestionWindow()
  readonly #roundTrip = new RoundTrip()
  #isAboveBuffer = false
  #hasEnded = false
  #isStopped = false

  readonly #timeout: Alarm
  readonly #continuation: Alarm

  constructor(environment: ConnectionEnvironment, lane: Lane, backLane: Lane, pool: SegmentPool) {
    this.#environment = environment
    this.#lane = lane
    this.#backLane = backLane
    this.#pool = pool
    const { queue } = environment.ground
    this.#timeout = new Alarm(queue, () => this.#handleTimeout())
    this.#continuation = new Alarm(queue, () => this.#handleContinuation())
  }

  /** Who sends from now on: where a host has rebooted meanwhile, not whoever tried before. */
  begin(sender: StreamSender): void {
    this.#sender = sender
    this.#isStopped = false
  }

  /** What exceeds the system's send buffer. */
  get bufferedBytes(): number {
    this.#settleAcks()
    return Math.max(0, this.#pendingBytes - this.#environment.stream.sendBufferBytes)
  }

  send(kind: SegmentKind, bytes: Uint8Array, frameBytes: number, code: number = 0, reason: string = ''): void {
    if (this.#isStopped) return
    let restBytes = bytes.length + frameBytes
    while (restBytes > SEGMENT_BYTES_MAX) {
      this.#append('part', NO_BYTES, SEGMENT_BYTES_MAX, 0, '')
      restBytes -= SEGMENT_BYTES_MAX
    }
    this.#append(kind, bytes, restBytes, code, reason)
    this.#settleAcks()
    this.#sendWhatMayGo()
    if (this.#pendingBytes > this.#environment.stream.sendBufferBytes) this.#isAboveBuffer = true
    this.#awaitAck()
  }

  /** The end of the stream (FIN), after everything sent before. */
  finish(): void {
    this.#hasEnded = true
    this.send('fin', NO_BYTES, 0)
  }

  get isAcknowledged(): boolean {
    this.#settleAcks()
    return this.#head === this.#tail
  }

  /** What the receiver has got without a gap. */
  get received(): number {
    return this.#received
  }

  /** With something that was sent in the opposite direction the news arrived that everything before `position` did. */
  acknowledged(position: number): void {
    if (position <= this.#head) return
    this.#settleAcks()
    if (position <= this.#head) return
    this.#forgetUpTo(position, this.#environment.ground.queue.nowUs)
    this.#continueAt(this.#environment.ground.queue.nowUs)
  }

  /** When something new was last acknowledged. */
  get acknowledgedAtUs(): number {
    return this.#acknowledgedAtUs
  }

  /** What was measured by opening the connection. */
  measure(roundTripUs: number): void {
    this.#roundTrip.measure(roundTripUs)
  }

  /** The receiver has read something: a sender that waits for room is told, if the news arrives. */
  madeRoom(): void {
    if (this.#isStopped || this.#unsent === this.#tail) return
    const { nowUs } = this.#environment.ground.queue
    const arrivalUs = this.#backLane.send(nowUs, STREAM_HEADER_BYTES)
    // Else the sender asks again after a timeout (the persist timer).
    this.#continueAt(arrivalUs === NEVER ? nowUs + this.#timeoutUs() : arrivalUs)
  }

  /** Acknowledgements under way are lost with the lane that they are on. */
  loseAcks(): void {
    this.#settleAcks()
    this.#acks.clear()
    if (this.#head < this.#unsent) this.#expectTimeout(this.#ring.at(this.#head))
  }

  /** A timeout that was set under a longer limit is brought forward. */
  settingsChanged(): void {
    if (this.#timeout.isQueued) this.#timeout.setBy(this.#environment.ground.queue.nowUs + this.#timeoutUs())
  }

  /** The sender is gone; what is under way still arrives. */
  stop(): void {
    this.#isStopped = true
    this.#timeout.cancel()
    this.#continuation.cancel()
  }

  /** Both ends are gone: give everything back. What is still under way gives itself back when it arrives. */
  release(): void {
    this.stop()
    for (let position = this.#head; position < this.#tail; position++) this.#free(this.#ring.at(position))
    this.#head = this.#tail
    this.#received = this.#tail
  }

  #append(kind: SegmentKind, bytes: Uint8Array, sizeBytes: number, code: number, reason: string): void {
    const segment = this.#pool.take()
    segment.half = this
    segment.kind = kind
    segment.bytes = bytes
    segment.sizeBytes = sizeBytes
    segment.code = code
    segment.reason = reason
    segment.position = this.#tail
    this.#ring.add(segment, this.#head, this.#tail)
    this.#tail += 1
    this.#pendingBytes += sizeBytes
  }

  #sendWhatMayGo(): void {
    while (this.#unsent < this.#tail) {
      const segment = this.#ring.at(this.#unsent)
      if (!this.#hasRoomFor(segment.sizeBytes)) return
      this.#unsent += 1
      this.#inFlightBytes += segment.sizeBytes
      segment.firstSentAtUs = this.#environment.ground.queue.nowUs
      this.#transmit(segment)
    }
  }

  #hasRoomFor(sizeBytes: number): boolean {
    const unreadBytes = this.receiver?.unreadBytes ?? 0
    // One segment may always be under way, or a small window would be a closed one.
    if (this.#inFlightBytes === 0 && unreadBytes === 0) return true
    const receiverBytes = this.#environment.stream.receiveBufferBytes - unreadBytes
    return this.#inFlightBytes + sizeBytes <= Math.min(this.#window.bytes, receiverBytes)
  }

  #transmit(segment: Segment): void {
    const { queue } = this.#environment.ground
    const { nowUs } = queue
    if (segment.isLost) {
      segment.isLost = false
      this.#lostCount -= 1
    }
    segment.sentAtUs = nowUs
    segment.sendCount += 1
    segment.acknowledges = this.opposite?.received ?? 0
    const arrivalUs = this.#lane.send(nowUs, segment.sizeBytes + STREAM_HEADER_BYTES)
    if (arrivalUs === NEVER) {
      this.#lose(segment)
    } else {
      segment.isFlying = true
      queue.add(segment, arrivalUs)
      if (arrivalUs - nowUs > this.#timeoutUs()) this.#expectTimeout(segment)
    }
  }

  /** A segment's own: it has crossed the lane. */
  arrive(segment: Segment): void {
    segment.isFlying = false
    if (segment.isFreed) {
      this.#pool.give(segment)
      return
    }
    if (!this.#lane.isOpen) {
      this.#lose(segment)
      return
    }
    const { receiver } = this
    if (receiver === undefined || receiver.isGone || this.#isUnwanted(segment, receiver)) {
      this.#lose(segment)
      receiver?.refuse()
      return
    }
    segment.hasArrived = true
    this.opposite?.acknowledged(segment.acknowledges)
    let expected = this.#received
    while (expected < this.#unsent && this.#ring.at(expected).hasArrived) expected += 1
    if (expected > this.#received) this.#laterArrivals = 0
    else if (segment.position > this.#received) this.#laterArrivals += 1
    this.#acknowledge(segment, expected)
    this.#deliverUpTo(expected, receiver)
  }

  #isUnwanted({ kind, hasArrived }: Segment, { isOrphan }: StreamReceiver): boolean {
    return isOrphan && !hasArrived && kind !== 'fin'
  }

  /** What a program does with a message can end everything: each step looks again. */
  #deliverUpTo(expected: number, receiver: StreamReceiver): void {
    while (this.#received < expected && this.#received < this.#tail) {
      const { kind, bytes, code, reason } = this.#ring.at(this.#received)
      this.#received += 1
      if (kind !== 'part') receiver.receive(kind, bytes, code, reason)
    }
  }

  /** The receiver says what it expects next. */
  #acknowledge(segment: Segment, expected: number): void {
    const { nowUs } = this.#environment.ground.queue
    const arrivalUs = this.#backLane.send(nowUs, STREAM_HEADER_BYTES)
    if (this.#isStopped) return
    if (arrivalUs === NEVER) {
      this.#expectTimeout(segment)
      return
    }
    if (!this.#acks.covers(expected - 1)) this.#acks.push(expected, arrivalUs)
    if (this.#laterArrivals >= LATER_ARRIVALS) this.#isLossProven = true
    const senderWaits = this.#unsent < this.#tail || this.#isAboveBuffer || this.#hasEnded
    if (senderWaits || (this.#lostCount > 0 && (this.#isLossProven || this.#head < this.#recoverUntil))) {
      this.#continueAt(arrivalUs)
    }
    if (arrivalUs - segment.sentAtUs > this.#timeoutUs()) this.#expectTimeout(segment)
  }

  /** Looks up which acknowledgements have arrived by now. */
  #settleAcks(): void {
    const { nowUs } = this.#environment.ground.queue
    while (this.#acks.hasArrivedBy(nowUs) && this.#acks.firstPosition <= this.#received) {
      const { firstPosition: position, firstAtUs: atUs } = this.#acks
      this.#acks.shift()
      if (position > this.#head) this.#forgetUpTo(position, atUs)
    }
  }

  #forgetUpTo(position: number, atUs: number): void {
    this.#acknowledgedAtUs = atUs
    let ackedBytes = 0
    while (this.#head < position) {
      const segment = this.#ring.at(this.#head)
      // A segment sent twice tells nothing about the round trip (Karn).
      if (segment.sendCount === 1) this.#roundTrip.measure(atUs - segment.sentAtUs)
      ackedBytes += segment.sizeBytes
      this.#ring.forget(this.#head)
      this.#head += 1
      this.#free(segment)
    }
    this.#pendingBytes -= ackedBytes
    this.#inFlightBytes -= ackedBytes
    this.#roundTrip.progress()
    this.#hasAdvanced = true
    this.#window.acknowledged(ackedBytes)
  }

  #timeoutUs(): number {
    return this.#roundTrip.timeoutUs(this.#environment.stream)
  }

  #lose(segment: Segment): void {
    if (!segment.hasArrived && !segment.isLost) {
      segment.isLost = true
      this.#lostCount += 1
    }
    this.#expectTimeout(segment)
  }

  /** No acknowledgement of this segment will come in time. */
  #expectTimeout(segment: Segment): void {
    if (!this.#isStopped) this.#timeout.setBy(segment.sentAtUs + this.#timeoutUs())
  }

  #handleTimeout(): void {
    // A machine that slept may have kept this for a connection that has ended meanwhile.
    if (this.#isStopped) return
    if (!this.#lane.from.isReachable) {
      this.#lane.from.holdForSystem(this.#timeout.event)
      return
    }
    this.#settleAcks()
    if (this.#head === this.#unsent) return
    const first = this.#ring.at(this.#head)
    const { nowUs } = this.#environment.ground.queue
    const giveUpAtUs = first.firstSentAtUs + Math.ceil(this.#environment.stream.userTimeoutMs * 1000)
    if (nowUs >= giveUpAtUs) {
      this.#sender?.giveUp()
      return
    }
    const dueUs = first.sentAtUs + this.#timeoutUs()
    if (nowUs < dueUs) {
      this.#timeout.set(Math.min(dueUs, giveUpAtUs))
      return
    }
    this.#window.timedOut(this.#inFlightBytes)
    this.#roundTrip.backOff()
    this.#recoverUntil = this.#unsent
    this.#hasAdvanced = false
    // What is merely late is not sent again: the copy would arrive behind it.
    const isUnderWay = first.isFlying || this.#acks.covers(this.#head)
    if (!isUnderWay) this.#sendAgainFrom(this.#head)
    this.#timeout.set(Math.min(nowUs + this.#timeoutUs(), giveUpAtUs))
  }

  /** Small segments that were lost in a row go together: what is sent again is cut anew. */
  #sendAgainFrom(position: number): void {
    let roomBytes = SEGMENT_BYTES_MAX
    for (let at = position; at < this.#unsent; at++) {
      const segment = this.#ring.at(at)
      roomBytes -= segment.sizeBytes
      if (at > position && (roomBytes < 0 || !segment.isLost)) return
      this.#transmit(segment)
    }
  }

  #awaitAck(): void {
    const isWaiting = this.#unsent < this.#tail || this.#isAboveBuffer || this.#hasEnded
    if (isWaiting && !this.#acks.isEmpty) this.#continueAt(this.#acks.firstAtUs)
  }

  #continueAt(atUs: number): void {
    if (!this.#isStopped) this.#continuation.setBy(atUs)
  }

  /** An acknowledgement that somebody waited for has arrived, or room was made. */
  #handleContinuation(): void {
    if (this.#isStopped) return
    if (!this.#lane.from.isReachable) {
      this.#lane.from.holdForSystem(this.#continuation.event)
      return
    }
    this.#settleAcks()
    if (this.#lostCount > 0 && (this.#isLossProven || this.#hasAdvanced)) this.#sendLostAgain()
    this.#hasAdvanced = false
    this.#sendWhatMayGo()
    this.#awaitAck()
    if (this.#isAboveBuffer && this.bufferedBytes === 0) {
      this.#isAboveBuffer = false
      this.#sender?.drained()
    }
    if (this.#hasEnded && this.#head === this.#tail) this.#sender?.checkFinished()
  }

  #sendLostAgain(): void {
    if (this.#isLossProven) {
      this.#isLossProven = false
      this.#laterArrivals = 0
      if (this.#head >= this.#recoverUntil) this.#window.lossProven(this.#inFlightBytes, 0)
      this.#recoverUntil = this.#unsent
    }
    let budgetBytes = Math.max(this.#window.bytes, SEGMENT_BYTES_MAX)
    for (let position = this.#head; position < this.#recoverUntil && budgetBytes > 0; position++) {
      const segment = this.#ring.at(position)
      if (!segment.isLost) continue
      budgetBytes -= segment.sizeBytes
      this.#transmit(segment)
    }
  }

  #free(segment: Segment): void {
    if (segment.isLost) this.#lostCount -= 1
    if (segment.isFlying) segment.isFreed = true
    else this.#pool.give(segment)
  }
}
