/**
 * One direction of an ENet peer: its commands, each a datagram of its own. Reliable ones are numbered for each
 * channel, acknowledged, and sent again after a timeout that doubles; a peer whose resends stay unanswered times out
 * by ENet's own rule (`enet_protocol_check_timeouts`). Unreliable ones carry the number of the last reliable one of
 * their channel: a late one is dropped, none overtakes. Unsequenced ones are free.
 *
 * As in ENet, a message larger than a fragment goes as reliable fragments, whatever it asked for. All of it runs in
 * the program, so that a paused process acknowledges nothing. Left out: the packet throttle (it drops unreliable
 * packets on congested links), bundling of commands into datagrams, bandwidth limits, ENet's own checksum.
 */
import type { Delivery, DeliveryMode } from '../core/delivery.ts'
import { EnetChannel, type Arrived } from './enet-channel.ts'
import type { Command, CommandKind, CommandPool } from './enet-command.ts'
import { ReusableEvent } from './event-queue.ts'
import type { Lane } from './lane.ts'
import { NEVER } from './link.ts'
import type { ConnectionEnvironment } from './simulated-connection.ts'

/** What a half needs of the connection that it is a direction of. */
export interface EnetPeers {
  /** Whether the receiving end takes this command now; what it does not take is as good as lost. */
  takes(kind: CommandKind, sizeBytes: number): boolean
  receive(bytes: Uint8Array, delivery: Delivery): void
  /** `connect`, `verify` or `disconnect` has arrived. */
  receiveControl(kind: CommandKind, code: number): void
  /** Anything at all has arrived at the receiving end. */
  heard(): void
  /** A reliable command of the sending end was acknowledged. */
  acknowledged(kind: CommandKind): void
  timedOut(): void
  drained(): void
}

/** IP and UDP, and ENet's own datagram header. */
const HEADER_BYTES = 32
const ACK_BYTES = HEADER_BYTES + 8
const FRAGMENT_BYTES_MAX = 1364
const FIRST_ROUND_TRIP_US = 500_000
/** ENet counts in milliseconds, from 1. */
const ROUND_TRIP_US_MIN = 1000
const NO_BYTES = new Uint8Array(0)

const COMMAND_BYTES: Readonly<Record<CommandKind, number>> = {
  reliable: 6,
  unreliable: 8,
  unsequenced: 8,
  part: 24,
  connect: 48,
  verify: 44,
  disconnect: 8,
  ping: 4,
}

export class EnetHalf {
  readonly #environment: ConnectionEnvironment
  readonly #lane: Lane
  readonly #backLane: Lane
  readonly #peers: EnetPeers
  readonly #pool: CommandPool
  readonly #channels: EnetChannel[] = []

  /** Reliable commands in the order of sending; the entries before `#head` are done. */
  #reliable: Command[] = []
  #head = 0
  #unsent = 0
  #waitingBytes = 0
  #inFlightBytes = 0
  #roundTripUs = FIRST_ROUND_TRIP_US
  #roundTripVariationUs = 0
  #isMeasured = false
  /** When the first of the resends that are unanswered until now was sent. 0: none. */
  #earliestTimeoutUs = 0
  #heardAtUs = 0
  #isStopped = false

  readonly #service: ReusableEvent
  #serviceAtUs = 0
  readonly #continuation: ReusableEvent
  #continuationAtUs = 0

  constructor(environment: ConnectionEnvironment, lane: Lane, backLane: Lane, peers: EnetPeers, pool: CommandPool) {
    this.#environment = environment
    this.#lane = lane
    this.#backLane = backLane
    this.#peers = peers
    this.#pool = pool
    this.#service = new ReusableEvent(() => this.#runInProgram(this.#service, () => this.#handleService()))
    this.#continuation = new ReusableEvent(() =>
      this.#runInProgram(this.#continuation, () => this.#handleContinuation()),
    )
  }

  /** Reliable bytes that wait for the window. */
  get bufferedBytes(): number {
    return this.#waitingBytes
  }

  /** Whether every reliable command was acknowledged. */
  get isIdle(): boolean {
    this.#settleAcks()
    return this.#head === this.#reliable.length
  }

  /** When the sending end last learned that its peer lives. */
  get heardAtUs(): number {
    return this.#heardAtUs
  }

  send(bytes: Uint8Array, { mode, channel: channelNumber }: Delivery): void {
    if (this.#isStopped) return
    const channel = this.#channel(channelNumber)
    if (bytes.length > FRAGMENT_BYTES_MAX) {
      for (let rest = bytes.length; rest > FRAGMENT_BYTES_MAX; rest -= FRAGMENT_BYTES_MAX) {
        this.#appendReliable('part', NO_BYTES, FRAGMENT_BYTES_MAX, channelNumber, channel)
      }
      this.#appendReliable('reliable', bytes, bytes.length % FRAGMENT_BYTES_MAX, channelNumber, channel, mode)
      this.#sendWhatMayGo()
    } else if (mode === 'reliable') {
      this.#appendReliable('reliable', bytes, bytes.length, channelNumber, channel)
      this.#sendWhatMayGo()
    } else {
      this.#sendOnce(mode, bytes, channelNumber, channel)
    }
  }

  /** `disconnect` goes when everything before it was acknowledged (`enet_peer_disconnect_later`). */
  sendControl(kind: 'connect' | 'verify' | 'disconnect' | 'ping', code: number = 0): void {
    if (this.#isStopped) return
    const command = this.#pool.take()
    command.half = this
    command.kind = kind
    command.code = code
    command.sizeBytes = 0
    this.#append(command)
    this.#sendWhatMayGo()
  }

  settingsChanged(): void {
    if (this.#service.isQueued) this.#serviceAt(this.#environment.ground.queue.nowUs)
  }

  stop(): void {
    this.#isStopped = true
    this.#environment.ground.queue.cancel(this.#service)
    this.#environment.ground.queue.cancel(this.#continuation)
  }

  release(): void {
    this.stop()
    for (let at = this.#head; at < this.#reliable.length; at++) this.#free(this.#commandAt(at))
    this.#reliable = []
    this.#head = 0
    this.#unsent = 0
  }

  #channel(number: number): EnetChannel {
    const channel = this.#channels[number] ?? new EnetChannel()
    this.#channels[number] = channel
    return channel
  }

  #appendReliable(
    kind: 'part' | 'reliable',
    bytes: Uint8Array,
    sizeBytes: number,
    channelNumber: number,
    channel: EnetChannel,
    mode: DeliveryMode = 'reliable',
  ): void {
    const command = this.#pool.take()
    command.half = this
    command.kind = kind
    command.bytes = bytes
    command.sizeBytes = sizeBytes
    command.delivery = channel.deliveryOf(mode, channelNumber)
    command.reliableNumber = ++channel.sentReliable
    this.#append(command)
  }

  #append(command: Command): void {
    command.isReliable = true
    this.#reliable.push(command)
    this.#waitingBytes += command.sizeBytes
  }

  #sendOnce(mode: 'unreliable' | 'unsequenced', bytes: Uint8Array, channelNumber: number, channel: EnetChannel): void {
    const { queue } = this.#environment.ground
    const arrivalUs = this.#lane.send(queue.nowUs, bytes.length + COMMAND_BYTES[mode] + HEADER_BYTES)
    const copyArrivalUs = this.#lane.link.copyArrivalUs
    if (mode === 'unreliable') channel.sentUnreliable += 1
    if (arrivalUs === NEVER) return
    this.#fly(mode, bytes, channelNumber, channel, arrivalUs)
    if (copyArrivalUs !== NEVER) this.#fly(mode, bytes, channelNumber, channel, copyArrivalUs)
  }

  #fly(
    mode: 'unreliable' | 'unsequenced',
    bytes: Uint8Array,
    channelNumber: number,
    channel: EnetChannel,
    arrivalUs: number,
  ): void {
    const command = this.#pool.take()
    command.half = this
    command.kind = mode
    command.bytes = bytes
    command.sizeBytes = bytes.length
    command.delivery = channel.deliveryOf(mode, channelNumber)
    command.reliableNumber = channel.sentReliable
    command.unreliableNumber = channel.sentUnreliable
    command.isFlying = true
    this.#environment.ground.queue.add(command, arrivalUs)
  }

  #sendWhatMayGo(): void {
    this.#settleAcks()
    while (this.#unsent < this.#reliable.length) {
      const command = this.#commandAt(this.#unsent)
      if (!this.#mayGo(command)) {
        this.#awaitAck()
        return
      }
      this.#unsent += 1
      this.#waitingBytes -= command.sizeBytes
      this.#inFlightBytes += command.sizeBytes
      command.timeoutUs = this.#roundTripUs + 4 * this.#roundTripVariationUs
      command.resendCount = 0
      this.#transmit(command)
    }
  }

  #mayGo(command: Command): boolean {
    if (this.#head === this.#unsent) return true
    if (command.kind === 'disconnect') return false
    return this.#inFlightBytes + command.sizeBytes <= this.#environment.enet.windowBytes
  }

  #transmit(command: Command): void {
    const { queue } = this.#environment.ground
    command.sentAtUs = queue.nowUs
    const wireBytes = command.sizeBytes + COMMAND_BYTES[command.kind] + HEADER_BYTES
    const arrivalUs = this.#lane.send(queue.nowUs, wireBytes)
    if (arrivalUs !== NEVER) {
      command.isFlying = true
      queue.add(command, arrivalUs)
    }
    if (arrivalUs - queue.nowUs > command.timeoutUs) this.#expectTimeout(command)
  }

  /** A command's own: it has crossed the lane. */
  arrive(command: Command): void {
    const host = this.#lane.to
    if (this.#lane.isOpen && !host.isFree && !command.isFreed) {
      // In the socket's buffer until the program runs again; its sender learns nothing meanwhile.
      host.hold('input', command)
      if (command.isReliable) this.#expectTimeout(command)
      return
    }
    this.handle(command)
  }

  handle(command: Command): void {
    command.isFlying = false
    if (command.isFreed) {
      this.#pool.give(command)
    } else if (!this.#lane.isOpen || !this.#peers.takes(command.kind, command.sizeBytes)) {
      if (command.isReliable) this.#expectTimeout(command)
      else this.#pool.give(command)
    } else if (command.isReliable) {
      this.#handleReliable(command)
    } else {
      this.#handleOnce(command)
    }
  }

  #handleReliable(command: Command): void {
    this.#peers.heard()
    const isRepeated = command.hasArrived
    command.hasArrived = true
    const { kind, bytes, code, delivery, reliableNumber } = command
    this.#acknowledge(command)
    if (isRepeated || kind === 'ping') return
    if (kind === 'reliable' || kind === 'part') {
      const channel = this.#channel(delivery.channel)
      const arrived: Arrived = { kind, bytes, delivery, reliableNumber, unreliableNumber: 0 }
      if (reliableNumber === channel.received + 1) this.#deliverReliable(channel, arrived)
      else channel.waiting.push(arrived)
    } else {
      this.#peers.receiveControl(kind, code)
    }
  }

  /** And everything that waited for it. */
  #deliverReliable(channel: EnetChannel, first: Arrived): void {
    for (let next: Arrived | undefined = first; next !== undefined; next = channel.takeReliable()) {
      channel.received += 1
      channel.receivedUnreliable = Math.max(channel.receivedUnreliable, next.unreliableNumber)
      if (next.kind === 'reliable') this.#peers.receive(next.bytes, next.delivery)
      if (channel.waiting.length === 0) return
      for (const late of channel.takeUnreliable()) {
        channel.receivedUnreliable = late.unreliableNumber
        this.#peers.receive(late.bytes, late.delivery)
      }
    }
  }

  #handleOnce(command: Command): void {
    this.#peers.heard()
    const { kind, bytes, delivery, reliableNumber, unreliableNumber } = command
    this.#pool.give(command)
    const channel = this.#channel(delivery.channel)
    if (kind === 'unsequenced') {
      this.#peers.receive(bytes, delivery)
    } else if (reliableNumber > channel.received) {
      channel.waiting.push({ kind, bytes, delivery, reliableNumber, unreliableNumber })
    } else if (reliableNumber === channel.received && unreliableNumber > channel.receivedUnreliable) {
      channel.receivedUnreliable = unreliableNumber
      this.#peers.receive(bytes, delivery)
    }
  }

  #acknowledge(command: Command): void {
    const arrivalUs = this.#backLane.send(this.#environment.ground.queue.nowUs, ACK_BYTES)
    if (this.#isStopped) return
    if (arrivalUs !== NEVER) {
      command.ackAtUs = Math.min(command.ackAtUs, arrivalUs)
      const isAwaited = command.kind === 'verify' || command.kind === 'disconnect'
      if (isAwaited || this.#unsent < this.#reliable.length) this.#continueAt(arrivalUs)
    }
    if (arrivalUs - command.sentAtUs > command.timeoutUs) this.#expectTimeout(command)
  }

  /** Looks up which acknowledgements have arrived by now, at the front of the list. */
  #settleAcks(): void {
    const { nowUs } = this.#environment.ground.queue
    while (this.#head < this.#unsent) {
      const command = this.#commandAt(this.#head)
      if (command.ackAtUs > nowUs) break
      this.#head += 1
      this.#inFlightBytes -= command.sizeBytes
      this.#countAck(command)
      this.#free(command)
    }
    if (this.#head >= 16 && this.#head * 2 >= this.#reliable.length) {
      this.#reliable.splice(0, this.#head)
      this.#unsent -= this.#head
      this.#head = 0
    }
  }

  #countAck(command: Command): void {
    if (command.isAckCounted) return
    command.isAckCounted = true
    this.#earliestTimeoutUs = 0
    this.#heardAtUs = Math.max(this.#heardAtUs, command.ackAtUs)
    if (command.resendCount === 0) this.#measure(command.ackAtUs - command.sentAtUs)
  }

  /** `enet_protocol_handle_acknowledge`. */
  #measure(roundTripUs: number): void {
    if (!this.#isMeasured) {
      this.#isMeasured = true
      this.#roundTripUs = Math.max(roundTripUs, ROUND_TRIP_US_MIN)
      this.#roundTripVariationUs = (roundTripUs + 1) >> 1
      return
    }
    const difference = Math.abs(roundTripUs - this.#roundTripUs)
    this.#roundTripVariationUs += (difference >> 2) - (this.#roundTripVariationUs >> 2)
    this.#roundTripUs += roundTripUs >= this.#roundTripUs ? difference >> 3 : -(difference >> 3)
    this.#roundTripUs = Math.max(this.#roundTripUs, ROUND_TRIP_US_MIN)
  }

  /** No acknowledgement of this command will come in time. */
  #expectTimeout(command: Command): void {
    if (!this.#isStopped) this.#serviceAt(command.sentAtUs + this.#timeoutOf(command))
  }

  #timeoutOf(command: Command): number {
    return Math.min(command.timeoutUs, Math.ceil(this.#environment.enet.retransmitTimeoutMsMax * 1000))
  }

  #handleService(): void {
    this.#settleAcks()
    const { nowUs } = this.#environment.ground.queue
    let nextUs = Infinity
    for (let at = this.#head; at < this.#unsent; at++) {
      const command = this.#commandAt(at)
      if (command.ackAtUs <= nowUs) {
        this.#countAck(command)
        continue
      }
      if (command.sentAtUs + this.#timeoutOf(command) <= nowUs) {
        if (this.#isOutOfPatience(command, nowUs)) {
          this.#peers.timedOut()
          return
        }
        this.#resend(command, nowUs)
      }
      nextUs = Math.min(nextUs, command.sentAtUs + this.#timeoutOf(command))
    }
    if (nextUs !== Infinity) this.#serviceAt(nextUs)
  }

  #isOutOfPatience(command: Command, nowUs: number): boolean {
    const { timeoutLimit, timeoutMsMin, timeoutMsMax } = this.#environment.enet
    if (this.#earliestTimeoutUs === 0 || command.sentAtUs < this.#earliestTimeoutUs) {
      this.#earliestTimeoutUs = command.sentAtUs
    }
    const silentMs = (nowUs - this.#earliestTimeoutUs) / 1000
    const hasGrownEnough = 1 << Math.min(command.resendCount, 30) >= timeoutLimit
    return silentMs >= timeoutMsMax || (hasGrownEnough && silentMs >= timeoutMsMin)
  }

  #resend(command: Command, nowUs: number): void {
    command.resendCount += 1
    command.timeoutUs *= 2
    // What is merely late is not sent again: the copy would arrive behind it.
    if (command.isFlying || command.ackAtUs !== NEVER) command.sentAtUs = nowUs
    else this.#transmit(command)
  }

  #serviceAt(atUs: number): void {
    const { queue } = this.#environment.ground
    if (this.#service.isQueued) {
      if (this.#serviceAtUs <= atUs) return
      queue.cancel(this.#service)
    }
    this.#serviceAtUs = Math.max(atUs, queue.nowUs)
    queue.add(this.#service, this.#serviceAtUs)
  }

  /** When the next acknowledgement arrives that makes room. */
  #awaitAck(): void {
    const { nowUs } = this.#environment.ground.queue
    const first = this.#commandAt(this.#head)
    if (first.ackAtUs !== NEVER) this.#continueAt(Math.max(first.ackAtUs, nowUs))
  }

  #continueAt(atUs: number): void {
    const { queue } = this.#environment.ground
    if (this.#continuation.isQueued) {
      if (this.#continuationAtUs <= atUs) return
      queue.cancel(this.#continuation)
    }
    this.#continuationAtUs = atUs
    queue.add(this.#continuation, atUs)
  }

  #handleContinuation(): void {
    const wasWaiting = this.#waitingBytes > 0
    this.#settleAcks()
    if (this.#isStopped) return
    this.#sendWhatMayGo()
    if (wasWaiting && this.#waitingBytes === 0) this.#peers.drained()
  }

  /** ENet has no life of its own: while the program stands still, so do its timers. */
  #runInProgram(event: ReusableEvent, run: () => void): void {
    const host = this.#lane.from
    if (host.isFree) run()
    else host.hold('timer', { perform: () => (this.#isStopped || event.isQueued ? undefined : run()) })
  }

  #commandAt(at: number): Command {
    return this.#reliable[at] as Command
  }

  #free(command: Command): void {
    const { kind } = command
    if (command.isFlying) command.isFreed = true
    else this.#pool.give(command)
    if (!this.#isStopped) this.#peers.acknowledged(kind)
  }
}
