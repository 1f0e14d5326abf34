/**
 * A WebSocket-like connection: one ordered stream in each direction (`stream-half.ts`), whatever delivery a message
 * asks for. Opening takes two round trips (TCP's handshake, then the upgrade request and its answer), so that the
 * server meets the connection half a round trip before the client may use it. Closing is WebSocket's handshake: the
 * close frame comes after the messages sent before; an end that gets no answer within a second cuts.
 *
 * Where nobody listens the dial is refused; where no machine answers it runs into its timeout. An end that is gone
 * answers whatever arrives with a reset. Left out: TLS (a `wss` address behaves as `ws`), half-close, proxies.
 */
import { RELIABLE, type Delivery } from '../core/delivery.ts'
import type { ConnectionHandler } from '../core/injected.ts'
import { ConnectionEnd, type EndOptions, type Side } from './connection-end.ts'
import { ReusableEvent, type EventHandle } from './event-queue.ts'
import type { HostLife } from './host.ts'
import { NEVER } from './link.ts'
import type { Lane } from './lane.ts'
import { SimulatedConnection, type ConnectionOptions } from './simulated-connection.ts'
import { STREAM_HEADER_BYTES, StreamHalf, type StreamPeers } from './stream-half.ts'
import type { SegmentKind, SegmentPool } from './stream-segment.ts'

const NO_BYTES = new Uint8Array(0)
/** What an upgrade request and its answer typically measure. */
const REQUEST_BYTES = 250
const RESPONSE_BYTES = 130
/** A client masks its frames with four bytes (RFC 6455, section 5.3). */
const MASK_BYTES = 4
const FIRST_RETRY_US = 1_000_000

export class StreamConnection extends SimulatedConnection {
  readonly transport = 'websocket'
  readonly #client: StreamEnd
  #server: StreamEnd | undefined
  readonly #up: StreamHalf
  readonly #down: StreamHalf
  #isEstablished = false
  #isOver = false

  readonly #requestArrival: ReusableEvent
  readonly #answerArrival: ReusableEvent
  #answer: 'accepted' | 'refused' = 'accepted'
  readonly #retry: ReusableEvent
  #retryAfterUs = FIRST_RETRY_US
  #deadline: EventHandle | undefined

  constructor(options: ConnectionOptions, life: HostLife, handler: ConnectionHandler, pool: SegmentPool) {
    super(options)
    const { toServer, toClient, environment } = this
    this.#up = new StreamHalf(environment, toServer, toClient, this.#peersOf('server'), pool)
    this.#down = new StreamHalf(environment, toClient, toServer, this.#peersOf('client'), pool)
    this.#client = new StreamEnd(this, this.#up, this.#down, this.#endOptions('client', life), handler)
    this.#requestArrival = new ReusableEvent(() => this.#handleSyn())
    this.#answerArrival = new ReusableEvent(() => this.#handleSynAnswer())
    this.#retry = new ReusableEvent(() => this.#sendSyn())
  }

  get client(): StreamEnd {
    return this.#client
  }

  end(side: Side): StreamEnd | undefined {
    return side === 'client' ? this.#client : this.#server
  }

  settingsChanged(): void {
    this.#up.settingsChanged()
    this.#down.settingsChanged()
  }

  dial(): void {
    const { queue } = this.environment.ground
    const deadlineUs = queue.nowUs + Math.ceil(this.environment.stream.connectTimeoutMs * 1000)
    this.#deadline = queue.push(deadlineUs, () => {
      if (this.#client.isNew) this.breakFrom('client', 'connect timeout')
    })
    this.#sendSyn()
  }

  /** The end breaks; its peer is told by a reset, which can be lost. */
  breakFrom(side: Side, reason: string = ''): void {
    const end = this.end(side)
    if (end === undefined || end.isGone) return
    this.#sendReset(side)
    end.break(1006, reason)
  }

  /** What the ends call when they are gone. */
  checkOver(): void {
    if (this.#isOver) return
    const { queue } = this.environment.ground
    if (this.#client.isGone) {
      queue.cancel(this.#retry)
      queue.cancel(this.#answerArrival)
      this.#deadline?.cancel()
    }
    if (!this.#client.isGone || this.#server?.isGone === false) return
    this.#isOver = true
    queue.cancel(this.#requestArrival)
    this.#up.release()
    this.#down.release()
    this.environment.forget(this)
  }

  protected resetFrom(side: Side): void {
    // A side that does not exist yet, or no more, can still be the one whose peer breaks.
    if (this.end(side)?.isGone === false) this.breakFrom(side, 'reset')
    else this.end(other(side))?.break(1006, 'reset')
  }

  protected sayReset(side: Side): void {
    this.#sendReset(side)
  }

  #sendSyn(): void {
    if (this.#client.isGone) return
    if (!this.clientHost.isReachable) {
      this.clientHost.holdForSystem(this.#retry)
      return
    }
    const { queue } = this.environment.ground
    const arrivalUs = this.toServer.send(queue.nowUs, STREAM_HEADER_BYTES)
    if (arrivalUs !== NEVER && !this.#requestArrival.isQueued) queue.add(this.#requestArrival, arrivalUs)
    queue.add(this.#retry, queue.nowUs + this.#retryAfterUs)
    const limitUs = Math.ceil(this.environment.stream.retransmitTimeoutMsMax * 1000)
    this.#retryAfterUs = Math.min(this.#retryAfterUs * 2, limitUs)
  }

  #handleSyn(): void {
    if (!this.toServer.isOpen) return
    const found = this.environment.findListener(this.serverHost, this.address)
    if (found === undefined) {
      this.#answer = 'refused'
    } else {
      this.#answer = 'accepted'
      // A host that has rebooted since knows nothing of an earlier attempt.
      if (this.#server === undefined || this.#server.isGone) this.#server = this.#newServerEnd(found.life)
    }
    const { queue } = this.environment.ground
    const arrivalUs = this.toClient.send(queue.nowUs, STREAM_HEADER_BYTES)
    if (arrivalUs !== NEVER && !this.#answerArrival.isQueued) queue.add(this.#answerArrival, arrivalUs)
  }

  #handleSynAnswer(): void {
    if (!this.toClient.isOpen || this.#isEstablished || this.#client.isGone) return
    this.environment.ground.queue.cancel(this.#retry)
    if (this.#answer === 'refused') {
      this.#client.break(1006, 'refused')
    } else {
      this.#isEstablished = true
      this.#up.send('request', NO_BYTES, REQUEST_BYTES)
    }
  }

  #newServerEnd(life: HostLife): StreamEnd {
    return new StreamEnd(this, this.#down, this.#up, this.#endOptions('server', life))
  }

  #endOptions(side: Side, life: HostLife): EndOptions {
    const { ground, onError } = this.environment
    const { queue, trace } = ground
    const peer = side === 'client' ? this.serverHost : this.clientHost
    return { queue, trace, life, ordinal: this.ordinal, side, remoteAddress: peer.address, onError }
  }

  /** The direction towards `side`. */
  #peersOf(side: Side): StreamPeers {
    const sender = other(side)
    return {
      findReceiver: () => (this.end(side)?.isGone === false ? 'ready' : 'gone'),
      receiverUnreadBytes: () => this.end(side)?.unreadBytes ?? 0,
      receive: (kind, bytes, code, reason) => this.#receive(side, kind, bytes, code, reason),
      refuse: () => this.#sendReset(side),
      giveUp: () => this.end(sender)?.break(1006, 'timeout'),
      drained: () => this.end(sender)?.hearDrained(),
    }
  }

  #receive(side: Side, kind: SegmentKind, bytes: Uint8Array, code: number, reason: string): void {
    const end = this.end(side)
    if (end === undefined) return
    switch (kind) {
      case 'message':
        end.hearMessage(bytes, RELIABLE)
        break
      case 'close':
        end.hearFarewell(code, reason)
        break
      case 'request':
        this.#acceptRequest(end)
        break
      case 'response':
        this.#deadline?.cancel()
        end.hearOpened()
        break
      case 'part':
        break
    }
  }

  /** The upgrade request has come: the server's program meets the connection as soon as it runs. */
  #acceptRequest(end: StreamEnd): void {
    if (!this.serverHost.isFree) {
      this.serverHost.hold('input', { perform: () => this.#acceptRequest(end) })
      return
    }
    if (end.isGone) return
    const found = this.environment.findListener(this.serverHost, this.address)
    if (found === undefined) {
      this.breakFrom('server', 'refused')
      return
    }
    this.#down.send('response', NO_BYTES, RESPONSE_BYTES)
    end.accept(found.accept)
  }

  /** From that side's machine: whoever gets it breaks at once. */
  #sendReset(from: Side): void {
    const lane: Lane = from === 'client' ? this.toServer : this.toClient
    const receiver = this.end(other(from))
    if (receiver === undefined || receiver.isGone || lane.from.status === 'asleep') return
    const { queue } = this.environment.ground
    const arrivalUs = lane.send(queue.nowUs, STREAM_HEADER_BYTES)
    if (arrivalUs === NEVER) return
    queue.push(arrivalUs, () => {
      if (lane.isOpen) receiver.break(1006, 'reset')
    })
  }
}

export class StreamEnd extends ConnectionEnd {
  readonly transport = 'websocket'
  readonly #connection: StreamConnection
  readonly #outgoing: StreamHalf
  readonly #incoming: StreamHalf
  #lingering: EventHandle | undefined

  constructor(
    connection: StreamConnection,
    outgoing: StreamHalf,
    incoming: StreamHalf,
    options: EndOptions,
    handler?: ConnectionHandler,
  ) {
    super(options, handler)
    this.#connection = connection
    this.#outgoing = outgoing
    this.#incoming = incoming
  }

  get bufferedBytes(): number {
    return this.isGone ? 0 : this.#outgoing.bufferedBytes
  }

  protected transmit(message: Uint8Array, _delivery: Delivery): void {
    this.#outgoing.send('message', message, this.#frameBytesOf(message.length))
  }

  protected sendFarewell(code: number, reason: string): void {
    const carried = shortened(reason)
    const payloadBytes = 2 + utf8BytesOf(carried)
    this.#outgoing.send('close', NO_BYTES, this.#frameBytesOf(payloadBytes) + payloadBytes, code, carried)
  }

  /** Answers with the same code, then waits a moment for the answer to get through. */
  protected answerFarewell(code: number, reason: string): void {
    this.sendFarewell(code, reason)
    this.#lingering = this.queue.push(this.queue.nowUs + LINGER_US, () => this.forget())
  }

  protected cut(): void {
    this.#connection.breakFrom(this.side)
  }

  protected override abandon(): void {
    this.#connection.breakFrom(this.side)
  }

  protected release(): void {
    this.#lingering?.cancel()
    this.#outgoing.stop()
    this.#connection.checkOver()
  }

  protected madeRoom(): void {
    this.#incoming.madeRoom()
  }

  #frameBytesOf(payloadBytes: number): number {
    const lengthBytes = payloadBytes < 126 ? 2 : payloadBytes < 65_536 ? 4 : 10
    return lengthBytes + (this.side === 'client' ? MASK_BYTES : 0)
  }
}

const LINGER_US = 1_000_000

/** A control frame's payload is at most 125 bytes, two of which are the code (RFC 6455, section 5.5). */
const REASON_BYTES_MAX = 123

function shortened(reason: string): string {
  if (reason.length * 3 <= REASON_BYTES_MAX) return reason
  let carried = ''
  let bytes = 0
  for (const character of reason) {
    bytes += utf8BytesOf(character)
    if (bytes > REASON_BYTES_MAX) break
    carried += character
  }
  return carried
}

function utf8BytesOf(text: string): number {
  let bytes = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4
  }
  return bytes
}

function other(side: Side): Side {
  return side === 'client' ? 'server' : 'client'
}
