/**
 * The sending half of a TCP endpoint: cuts bytes into segments, keeps them until they are acknowledged and sends them
 * again where that takes too long: after a timeout that backs off, or after three repeated acknowledgements (RFC
 * 5681, with NewReno's partial acknowledgements). Each acknowledgement says when what it answers was sent (RFC 7323), so
 * that a path which has become slow is soon known, though everything on it was sent twice. A congestion window and the peer's window bound what is under way;
 * a closed window is probed with nothing, as Linux does. SYN and FIN count as one position each, as everywhere in TCP.
 *
 * Left out: selective acknowledgements, pacing, tail loss probes, slow start after idleness, window scaling (windows
 * are whole numbers of bytes without a limit), path MTU discovery.
 */
import type { StreamSettings } from '../connection-settings.ts'
import { ReusableEvent, type EventQueue } from '../event-queue.ts'
import type { Host } from '../host.ts'
import { CongestionWindow } from '../congestion-window.ts'
import { RoundTrip } from '../round-trip.ts'
import { ByteQueue } from './byte-queue.ts'
import { ACK, FIN, NO_PAYLOAD, PAYLOAD_BYTES_MAX, SYN, type SegmentFields } from './tcp-segment.ts'

/** What the sender needs of its endpoint. */
export interface SenderHost {
  readonly queue: EventQueue
  readonly host: Host
  readonly settings: StreamSettings
  /** Sends a segment now; `ACK` and what goes with it are the endpoint's business. */
  transmit(flags: number, position: number, payload: Uint8Array): void
  /** Nothing was acknowledged for as long as the settings allow. */
  giveUp(): void
}

const REPEATED_ACKS = 3

export class TcpSender {
  readonly #endpoint: SenderHost
  readonly #bytes = new ByteQueue()
  readonly #roundTrip = new RoundTrip()
  /** The first position not acknowledged; the next to send; one past the last ever sent. */
  #unacknowledged = 0
  #next = 0
  #sentEnd = 0
  /** One past the last position that the program has handed over: its SYN, its bytes, its FIN. */
  #end = 1
  #hasFin = false
  #isOpen = false
  #peerWindowBytes = 0
  readonly #window = new CongestionWindow()
  #repeatedAcks = 0
  /** While what was sent before this position is not acknowledged, a loss is being repaired. */
  #recoverUntil = 0
  #isRecovering = false
  #isCoalescing = true
  readonly #timeout: ReusableEvent
  #deadlineUs = Infinity
  #wakeAtUs = 0
  /** Since then nothing new was acknowledged although something was under way, or nobody has answered a probe. */
  #stalledSinceUs = 0
  #isProbing = false
  #progressAtUs = 0

  constructor(endpoint: SenderHost) {
    this.#endpoint = endpoint
    this.#timeout = new ReusableEvent(() => this.#handleTimeout())
  }

  /** Handed over by the program and not yet acknowledged. */
  get bufferedBytes(): number {
    return this.#bytes.length
  }

  /** All that was handed over, the FIN included, has been acknowledged. */
  get isFinished(): boolean {
    return this.#hasFin && this.#unacknowledged === this.#end
  }

  /** Something of it is under way, or lost; be it the question whether there is room. */
  get isWaiting(): boolean {
    return this.#unacknowledged < this.#sentEnd || this.#isProbing
  }

  /** When something new was acknowledged last. */
  get progressAtUs(): number {
    return this.#progressAtUs
  }

  get isSynAcknowledged(): boolean {
    return this.#unacknowledged > 0
  }

  /** The next position, for segments that carry nothing. */
  get next(): number {
    return this.#next
  }

  /** Nagle's algorithm: small segments wait while others are under way. On by default, as in every system. */
  setCoalescing(isCoalescing: boolean): void {
    this.#isCoalescing = isCoalescing
    if (!isCoalescing) this.pump()
  }

  /** Sends the SYN, on both sides. */
  begin(): void {
    this.#send(0, 1)
  }

  /** The handshake is done. */
  open(): void {
    this.#isOpen = true
    this.pump()
  }

  /** After `finish` it is in vain. */
  write(bytes: Uint8Array): void {
    if (this.#hasFin) return
    this.#bytes.push(bytes)
    this.#end += bytes.length
    this.pump()
  }

  finish(): void {
    if (this.#hasFin) return
    this.#hasFin = true
    this.#end += 1
    this.pump()
  }

  /** `repeats`: the segment carried nothing but this acknowledgement. */
  acknowledge({ ack: position, windowBytes, echoUs }: SegmentFields, repeats: boolean): void {
    if (position > this.#sentEnd) return
    const isSameWindow = windowBytes === this.#peerWindowBytes
    if (position >= this.#unacknowledged) this.#peerWindowBytes = windowBytes
    if (position > this.#unacknowledged) this.#advance(position, echoUs)
    else if (repeats && isSameWindow && windowBytes > 0 && position === this.#unacknowledged) this.#repeated()
    // Who says that there is no room is there.
    if (windowBytes === 0) this.#stalledSinceUs = this.#endpoint.queue.nowUs
    else if (this.#isProbing) this.#stopProbing()
    if (this.#isOpen) this.pump()
  }

  /** Sends the first unacknowledged segment again: the peer asked for it. */
  repeatFirst(): void {
    if (this.#unacknowledged < this.#sentEnd) this.#sendFirstAgain()
  }

  /** Sends as much as may go. */
  pump(): void {
    if (!this.#isOpen) return
    while (this.#next < this.#end) {
      const lengthMax = this.#lengthThatMayGo()
      if (lengthMax <= 0) break
      this.#send(this.#next, lengthMax)
    }
    const waits = this.#next < this.#end || this.#unacknowledged < this.#next
    if (waits && this.#deadlineUs === Infinity) this.#setDeadline()
  }

  /** A limit changed: what waits for longer than it now allows must not. */
  settingsChanged(): void {
    if (this.#deadlineUs === Infinity) return
    const limitUs = this.#endpoint.queue.nowUs + this.#roundTrip.timeoutUs(this.#endpoint.settings)
    if (this.#deadlineUs <= limitUs) return
    this.#deadlineUs = limitUs
    this.#wakeAt(limitUs)
  }

  stop(): void {
    this.#isOpen = false
    this.#deadlineUs = Infinity
    this.#endpoint.queue.cancel(this.#timeout)
    this.#bytes.clear()
  }

  /** How many positions the next segment may cover; 0: none yet. */
  #lengthThatMayGo(): number {
    const inFlightBytes = this.#next - this.#unacknowledged
    const dataLeft = this.#dataEnd - this.#next
    // A FIN alone is not subject to windows.
    if (dataLeft <= 0) return 1
    const allowed = Math.min(this.#window.bytes, this.#peerWindowBytes) - inFlightBytes
    if (allowed <= 0) return 0
    const length = Math.min(PAYLOAD_BYTES_MAX, dataLeft, allowed)
    if (length < PAYLOAD_BYTES_MAX && inFlightBytes > 0) {
      const isSilly = length < dataLeft
      if (isSilly || (this.#isCoalescing && !this.#hasFin)) return 0
    }
    return length === dataLeft && this.#hasFin ? length + 1 : length
  }

  get #dataEnd(): number {
    return this.#hasFin ? this.#end - 1 : this.#end
  }

  /** Sends what lies at `position`, `length` positions of it. */
  #send(position: number, length: number): void {
    const { queue } = this.#endpoint
    const end = position + length
    if (this.#unacknowledged === this.#sentEnd) this.#stalledSinceUs = queue.nowUs
    this.#next = Math.max(this.#next, end)
    this.#sentEnd = Math.max(this.#sentEnd, end)
    if (this.#deadlineUs === Infinity) this.#setDeadline()
    if (position === 0) {
      this.#endpoint.transmit(SYN, 0, NO_PAYLOAD)
      return
    }
    const hasFin = this.#hasFin && end === this.#end
    const dataBytes = hasFin ? length - 1 : length
    const first = Math.max(this.#unacknowledged, 1)
    const payload = dataBytes === 0 ? NO_PAYLOAD : this.#bytes.slice(position - first, dataBytes)
    this.#endpoint.transmit(hasFin ? FIN | ACK : ACK, position, payload)
  }

  #advance(position: number, echoUs: number): void {
    const { queue } = this.#endpoint
    const ackedBytes = position - this.#unacknowledged
    const firstData = Math.max(this.#unacknowledged, 1)
    this.#bytes.drop(Math.max(0, Math.min(position, this.#dataEnd) - firstData))
    this.#unacknowledged = position
    if (this.#next < position) this.#next = position
    this.#roundTrip.measure(queue.nowUs - echoUs)
    this.#roundTrip.progress()
    this.#repeatedAcks = 0
    this.#progressAtUs = queue.nowUs
    this.#stalledSinceUs = queue.nowUs
    if (this.#isRecovering) this.#repair(position, ackedBytes)
    else this.#window.acknowledged(ackedBytes)
    if (position === this.#sentEnd) this.#deadlineUs = Infinity
    else this.#setDeadline()
  }

  /** A partial acknowledgement shows the next hole. */
  #repair(position: number, ackedBytes: number): void {
    if (position >= this.#recoverUntil) {
      this.#isRecovering = false
      this.#window.repaired()
    } else {
      this.#window.deflate(ackedBytes)
      this.#sendFirstAgain()
    }
  }

  #repeated(): void {
    if (this.#next === this.#unacknowledged) return
    this.#repeatedAcks += 1
    if (this.#isRecovering) {
      this.#window.inflate()
    } else if (this.#repeatedAcks === REPEATED_ACKS && this.#unacknowledged >= this.#recoverUntil) {
      this.#window.lossProven(this.#next - this.#unacknowledged, REPEATED_ACKS * PAYLOAD_BYTES_MAX)
      this.#isRecovering = true
      this.#recoverUntil = this.#sentEnd
      this.#sendFirstAgain()
    }
  }

  #sendFirstAgain(): void {
    const position = this.#unacknowledged
    const isSyn = position === 0
    this.#send(position, isSyn ? 1 : Math.min(PAYLOAD_BYTES_MAX, this.#sentEnd - position))
  }

  /** The timer that runs is left alone while it is early enough: most deadlines move before they are met. */
  #setDeadline(): void {
    const { queue, settings } = this.#endpoint
    const giveUpAtUs = this.#stalledSinceUs + Math.ceil(settings.userTimeoutMs * 1000)
    this.#deadlineUs = queue.nowUs + this.#roundTrip.timeoutUs(settings)
    this.#wakeAt(Math.max(queue.nowUs, Math.min(this.#deadlineUs, giveUpAtUs)))
  }

  #wakeAt(atUs: number): void {
    const { queue } = this.#endpoint
    if (this.#timeout.isQueued && this.#wakeAtUs <= atUs) return
    queue.cancel(this.#timeout)
    this.#wakeAtUs = atUs
    queue.add(this.#timeout, atUs)
  }

  #handleTimeout(): void {
    if (this.#deadlineUs === Infinity) return
    const { queue, host, settings } = this.#endpoint
    if (!host.isReachable) {
      host.holdForSystem(this.#timeout)
      return
    }
    const giveUpAtUs = this.#stalledSinceUs + Math.ceil(settings.userTimeoutMs * 1000)
    if (queue.nowUs >= giveUpAtUs && this.isWaiting) {
      this.#endpoint.giveUp()
      return
    }
    if (queue.nowUs < this.#deadlineUs) {
      this.#wakeAt(Math.max(queue.nowUs, Math.min(this.#deadlineUs, giveUpAtUs)))
      return
    }
    this.#roundTrip.backOff()
    if (this.#unacknowledged < this.#sentEnd) this.#startOver()
    else if (this.#next < this.#end) this.#probe()
    this.#setDeadline()
  }

  /** Whatever is under way counts as lost; what the peer has after all, its acknowledgements will skip. */
  #startOver(): void {
    this.#window.timedOut(this.#next - this.#unacknowledged)
    this.#isRecovering = false
    this.#recoverUntil = this.#sentEnd
    this.#repeatedAcks = 0
    this.#sendFirstAgain()
    this.#next = Math.min(this.#sentEnd, this.#unacknowledged + PAYLOAD_BYTES_MAX)
  }

  /** Asks whether there is still no room: a segment that has nothing new in it is answered. */
  #probe(): void {
    if (!this.#isProbing) this.#stalledSinceUs = this.#endpoint.queue.nowUs
    this.#isProbing = true
    this.#endpoint.transmit(ACK, this.#next - 1, NO_PAYLOAD)
  }

  #stopProbing(): void {
    this.#isProbing = false
    this.#roundTrip.progress()
    this.#deadlineUs = Infinity
  }
}
