/**
 * One direction of an ENet peer, from its sender: its commands, each a datagram of its own. Reliable ones are numbered
 * for each channel, acknowledged, and sent again after a timeout that doubles (`enet-round-trip.ts`) until the peer is
 * given up. Unreliable ones carry the number of the last reliable one of their channel. What the receiving side makes
 * of it is `enet-receiver.ts`.
 *
 * As in ENet, a message larger than a fragment goes as reliable fragments, whatever it asked for. All of it runs in
 * the program, so that a paused process acknowledges nothing. Left out: the packet throttle (it drops unreliable
 * packets on congested links), bundling of commands into datagrams, bandwidth limits, ENet's own checksum.
 */
import type { Delivery, DeliveryMode } from '../core/delivery.ts'
import { Alarm } from './alarm.ts'
import type { Side } from './connection-end.ts'
import type { EnetSettings } from './connection-settings.ts'
import { ACK_BYTES, deliveryOf, wireBytesOf, type Command, type CommandKind, type CommandPool } from './enet-command.ts'
import { CommandQueue } from './enet-command-queue.ts'
import { EnetReceiver, type EnetReader } from './enet-receiver.ts'
import { EnetRoundTrip } from './enet-round-trip.ts'
import type { Lane } from './lane.ts'
import { NEVER } from './link.ts'
import type { ConnectionEnvironment } from './simulated-connection.ts'

/** What a half needs of the connection that it is a direction of. */
export interface EnetPeers extends EnetReader {
  /** Whether that end takes this command now; what it does not take is as good as lost. */
  takes(to: Side, kind: CommandKind, sizeBytes: number): boolean
  /** `connect`, `verify`, `disconnect` or `cut` has arrived. */
  receiveControl(to: Side, kind: CommandKind, code: number): void
  /** A reliable command of that end was acknowledged. */
  acknowledged(from: Side, kind: CommandKind): void
  /** A command, or an acknowledgement, reaches that end then. */
  heard(to: Side, atUs: number): void
  /** How long the program of that end waits for a silent peer, in ms. */
  patienceMs(of: Side): number
  timedOut(from: Side): void
  drained(from: Side): void
}

/** As our adapter's. */
const PATIENCE_MARGIN_MS = 2000
const FRAGMENT_BYTES_MAX = 1364
const NO_BYTES = new Uint8Array(0)

export class EnetHalf {
  readonly #environment: ConnectionEnvironment
  readonly #lane: Lane
  readonly #backLane: Lane
  readonly #peers: EnetPeers
  readonly #from: Side
  readonly #to: Side
  readonly #receiver: EnetReceiver
  readonly #pool: CommandPool

  /** By channel: the number of the last reliable message, and of the last unreliable one. */
  readonly #sentReliable: number[] = []
  readonly #sentUnreliable: number[] = []
  readonly #reliable = new CommandQueue()
  readonly #roundTrip = new EnetRoundTrip()
  /** A `cut` waits with what was held for the program: ENet then throws all of it away. */
  #isHeldInVain = false
  #isStopped = false
  readonly #service: Alarm
  readonly #continuation: Alarm

  constructor(
    environment: ConnectionEnvironment,
    lane: Lane,
    backLane: Lane,
    peers: EnetPeers,
    from: Side,
    pool: CommandPool,
  ) {
    const { queue } = environment.ground
    this.#environment = environment
    this.#lane = lane
    this.#backLane = backLane
    this.#peers = peers
    this.#from = from
    this.#to = from === 'client' ? 'server' : 'client'
    this.#receiver = new EnetReceiver(peers, this.#to)
    this.#pool = pool
    this.#service = new Alarm(queue, () => this.#handleService())
    this.#continuation = new Alarm(queue, () => this.#handleContinuation())
  }

  /** Reliable bytes that wait for the window. */
  get bufferedBytes(): number {
    return this.#reliable.waitingBytes
  }

  /** Whether every reliable command was acknowledged. */
  get isIdle(): boolean {
    this.#settleAcks()
    return this.#reliable.isEmpty
  }

  /** When the sending end last learned that its peer lives. */
  get heardAtUs(): number {
    return this.#roundTrip.heardAtUs
  }

  send(bytes: Uint8Array, { mode, channel }: Delivery): void {
    if (this.#isStopped) return
    if (bytes.length > FRAGMENT_BYTES_MAX) {
      let restBytes = bytes.length
      for (; restBytes > FRAGMENT_BYTES_MAX; restBytes -= FRAGMENT_BYTES_MAX) {
        this.#appendReliable('part', NO_BYTES, FRAGMENT_BYTES_MAX, mode, channel)
      }
      this.#appendReliable('reliable', bytes, restBytes, mode, channel)
      this.#sendWhatMayGo()
    } else if (mode === 'reliable') {
      this.#appendReliable('reliable', bytes, bytes.length, mode, channel)
      this.#sendWhatMayGo()
    } else {
      this.#sendOnce(mode, bytes, channel)
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

  /** Acknowledgements under way are lost with the lane that they are on. */
  loseAcks(): void {
    const { nowUs } = this.#environment.ground.queue
    for (let index = 0; index < this.#reliable.inFlightCount; index++) {
      const command = this.#reliable.inFlight(index)
      if (command.ackAtUs <= nowUs || command.ackAtUs === NEVER) continue
      command.ackAtUs = NEVER
      this.#expectTimeout(command)
    }
  }

  /** Says goodbye at once, and only once (`enet_peer_disconnect_now`). */
  cut(code: number): void {
    const { queue } = this.#environment.ground
    if (this.#isStopped) return
    const arrivalUs = this.#lane.send(queue.nowUs, wireBytesOf('cut', 0))
    if (arrivalUs === NEVER) return
    const command = this.#pool.take()
    command.half = this
    command.kind = 'cut'
    command.code = code
    command.isFlying = true
    queue.add(command, arrivalUs)
  }

  settingsChanged(): void {
    if (this.#service.isQueued) this.#service.setBy(this.#environment.ground.queue.nowUs)
  }

  stop(): void {
    this.#isStopped = true
    this.#service.cancel()
    this.#continuation.cancel()
  }

  release(): void {
    this.stop()
    for (const command of this.#reliable.clear()) this.#free(command)
  }

  #appendReliable(
    kind: 'part' | 'reliable',
    bytes: Uint8Array,
    sizeBytes: number,
    mode: DeliveryMode,
    channel: number,
  ): void {
    const command = this.#pool.take()
    const number = (this.#sentReliable[channel] ?? 0) + 1
    this.#sentReliable[channel] = number
    command.half = this
    command.kind = kind
    command.bytes = bytes
    command.sizeBytes = sizeBytes
    command.delivery = deliveryOf(mode, channel)
    command.reliableNumber = number
    this.#append(command)
  }

  #append(command: Command): void {
    command.isReliable = true
    this.#reliable.add(command)
  }

  #sendOnce(mode: 'unreliable' | 'unsequenced', bytes: Uint8Array, channel: number): void {
    const { queue } = this.#environment.ground
    const arrivalUs = this.#lane.send(queue.nowUs, wireBytesOf(mode, bytes.length))
    const copyArrivalUs = this.#lane.link.copyArrivalUs
    if (mode === 'unreliable') this.#sentUnreliable[channel] = (this.#sentUnreliable[channel] ?? 0) + 1
    if (arrivalUs === NEVER) return
    this.#fly(mode, bytes, channel, arrivalUs)
    if (copyArrivalUs !== NEVER) this.#fly(mode, bytes, channel, copyArrivalUs)
  }

  #fly(mode: 'unreliable' | 'unsequenced', bytes: Uint8Array, channel: number, arrivalUs: number): void {
    const command = this.#pool.take()
    command.half = this
    command.kind = mode
    command.bytes = bytes
    command.sizeBytes = bytes.length
    command.delivery = deliveryOf(mode, channel)
    command.reliableNumber = this.#sentReliable[channel] ?? 0
    command.unreliableNumber = this.#sentUnreliable[channel] ?? 0
    command.isFlying = true
    this.#environment.ground.queue.add(command, arrivalUs)
  }

  #sendWhatMayGo(): void {
    this.#settleAcks()
    while (this.#reliable.isWaiting) {
      const command = this.#reliable.firstWaiting
      if (!this.#mayGo(command)) {
        this.#awaitAck()
        return
      }
      this.#reliable.send()
      command.timeoutUs = this.#roundTrip.timeoutUs
      command.resendCount = 0
      this.#transmit(command)
    }
  }

  #mayGo(command: Command): boolean {
    if (this.#reliable.inFlightCount === 0) return true
    if (command.kind === 'disconnect') return false
    return this.#reliable.inFlightBytes + command.sizeBytes <= this.#environment.enet.windowBytes
  }

  #transmit(command: Command): void {
    const { queue } = this.#environment.ground
    command.sentAtUs = queue.nowUs
    const arrivalUs = this.#lane.send(queue.nowUs, wireBytesOf(command.kind, command.sizeBytes))
    if (arrivalUs !== NEVER) {
      command.isFlying = true
      queue.add(command, arrivalUs)
    }
    if (arrivalUs - queue.nowUs > command.timeoutUs) this.#expectTimeout(command)
  }

  /** A command's own: it has crossed the lane. */
  arrive(command: Command): void {
    const host = this.#lane.to
    if (!this.#lane.isOpen) {
      this.#lose(command)
    } else if (host.isFree || command.isFreed) {
      this.handle(command)
    } else {
      // In the socket's buffer until the program runs again; its sender learns nothing meanwhile.
      host.hold('input', command)
      if (command.isReliable) this.#expectTimeout(command)
      else if (command.kind === 'cut') this.#isHeldInVain = true
    }
  }

  handle(command: Command): void {
    command.isFlying = false
    if (command.isFreed) {
      this.#pool.give(command)
    } else if (!this.#peers.takes(this.#to, command.kind, command.sizeBytes)) {
      this.#lose(command)
    } else {
      if (command.isReliable) this.#handleReliable(command)
      else this.#handleOnce(command)
      // After its message: of a peer that has sent one there is nothing more to say.
      this.#peers.heard(this.#to, this.#environment.ground.queue.nowUs)
    }
  }

  #lose(command: Command): void {
    command.isFlying = false
    if (command.isReliable && !command.isFreed) this.#expectTimeout(command)
    else this.#pool.give(command)
  }

  #handleReliable(command: Command): void {
    const isRepeated = command.hasArrived
    command.hasArrived = true
    const { kind, code } = command
    this.#acknowledge(command)
    if (isRepeated || kind === 'ping' || this.#isHeldInVain) return
    if (kind === 'reliable' || kind === 'part') this.#receiver.takeReliable(command)
    else this.#peers.receiveControl(this.#to, kind, code)
  }

  #handleOnce(command: Command): void {
    const { kind, bytes, delivery, code, reliableNumber, unreliableNumber } = command
    this.#pool.give(command)
    if (kind === 'cut') {
      this.#isHeldInVain = true
      this.#peers.receiveControl(this.#to, kind, code)
    } else if (this.#isHeldInVain) {
      return
    } else if (kind === 'unsequenced') {
      this.#receiver.takeUnsequenced(bytes, delivery)
    } else {
      this.#receiver.takeUnreliable(bytes, delivery, reliableNumber, unreliableNumber)
    }
  }

  #acknowledge(command: Command): void {
    const arrivalUs = this.#backLane.send(this.#environment.ground.queue.nowUs, ACK_BYTES)
    if (this.#isStopped) return
    if (arrivalUs !== NEVER) {
      command.ackAtUs = Math.min(command.ackAtUs, arrivalUs)
      this.#peers.heard(this.#from, arrivalUs)
      const isAwaited = command.kind === 'verify' || command.kind === 'disconnect'
      if (isAwaited || this.#reliable.isWaiting) this.#continuation.setBy(arrivalUs)
    }
    if (arrivalUs - command.sentAtUs > command.timeoutUs) this.#expectTimeout(command)
  }

  /** Looks up which acknowledgements have arrived by now, at the front of the list. */
  #settleAcks(): void {
    const { nowUs } = this.#environment.ground.queue
    while (this.#reliable.inFlightCount > 0) {
      const command = this.#reliable.inFlight(0)
      if (command.ackAtUs > nowUs) break
      this.#reliable.shift()
      this.#countAck(command)
      this.#free(command)
    }
    this.#reliable.forgetDone()
  }

  /** ENet learns nothing about the round trip from its `connect`, and we nothing from what was sent twice. */
  #countAck(command: Command): void {
    if (command.isAckCounted) return
    command.isAckCounted = true
    const { kind, ackAtUs, sentAtUs, resendCount } = command
    if (kind === 'connect') return
    this.#roundTrip.acknowledged(ackAtUs)
    if (resendCount === 0) this.#roundTrip.measure(ackAtUs - sentAtUs)
  }

  /** No acknowledgement of this command will come in time. */
  #expectTimeout(command: Command): void {
    if (!this.#isStopped) this.#service.setBy(command.sentAtUs + this.#timeoutOf(command))
  }

  #timeoutOf(command: Command): number {
    return Math.min(command.timeoutUs, Math.ceil(this.#environment.enet.retransmitTimeoutMsMax * 1000))
  }

  #handleService(): void {
    if (this.#waitsForProgram(this.#service)) return
    this.#settleAcks()
    const { nowUs } = this.#environment.ground.queue
    let nextUs = Infinity
    for (let index = 0; index < this.#reliable.inFlightCount; index++) {
      const command = this.#reliable.inFlight(index)
      if (command.ackAtUs <= nowUs) {
        this.#countAck(command)
        continue
      }
      if (command.sentAtUs + this.#timeoutOf(command) <= nowUs) {
        const { sentAtUs, resendCount } = command
        if (this.#roundTrip.isOutOfPatience(sentAtUs, resendCount, nowUs, this.#patience())) {
          this.#peers.timedOut(this.#from)
          return
        }
        this.#resend(command, nowUs)
      }
      nextUs = Math.min(nextUs, command.sentAtUs + this.#timeoutOf(command))
    }
    if (nextUs !== Infinity) this.#service.setBy(nextUs)
  }

  /** Not sooner than its program would give the peer up. */
  #patience(): EnetSettings {
    const { enet } = this.#environment
    const patienceMs = this.#peers.patienceMs(this.#from)
    if (patienceMs === 0) return enet
    const leastMs = patienceMs + PATIENCE_MARGIN_MS
    return {
      ...enet,
      timeoutMsMin: Math.max(enet.timeoutMsMin, leastMs),
      timeoutMsMax: Math.max(enet.timeoutMsMax, leastMs),
    }
  }

  #resend(command: Command, nowUs: number): void {
    command.resendCount += 1
    command.timeoutUs *= 2
    // What is merely late is not sent again: the copy would arrive behind it.
    if (command.isFlying || command.ackAtUs !== NEVER) command.sentAtUs = nowUs
    else this.#transmit(command)
  }

  /** When the next acknowledgement arrives that makes room. */
  #awaitAck(): void {
    const first = this.#reliable.inFlight(0)
    if (first.ackAtUs !== NEVER) this.#continuation.setBy(first.ackAtUs)
  }

  #handleContinuation(): void {
    if (this.#waitsForProgram(this.#continuation)) return
    const wasWaiting = this.#reliable.waitingBytes > 0
    this.#settleAcks()
    if (this.#isStopped) return
    this.#sendWhatMayGo()
    if (wasWaiting && this.#reliable.waitingBytes === 0) this.#peers.drained(this.#from)
  }

  /** ENet has no life of its own: while the program stands still, so do its timers. */
  #waitsForProgram(alarm: Alarm): boolean {
    const host = this.#lane.from
    if (host.isFree) return false
    host.hold('timer', {
      perform: () => {
        if (!this.#isStopped && !alarm.isQueued) alarm.event.run()
      },
    })
    return true
  }

  #free(command: Command): void {
    const { kind } = command
    if (command.isFlying) command.isFreed = true
    else this.#pool.give(command)
    if (!this.#isStopped) this.#peers.acknowledged(this.#from, kind)
  }
}
