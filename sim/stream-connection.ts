/**
 * A WebSocket-like connection: one ordered stream in each direction (`stream-half.ts`), whatever delivery a message
 * asks for. Opening takes two round trips (TCP's handshake, then the upgrade request and its answer), so that the
 * server meets the connection half a round trip before the client may use it. How it closes is `stream-end.ts`.
 *
 * Where nobody listens the dial is refused; where no machine answers it runs into its timeout. An end that is gone
 * answers whatever arrives with a reset. Left out: TLS (a `wss` address behaves as `ws`), proxies.
 */
import type { ConnectionHandler } from '../core/injected.ts'
import type { Side } from './connection-end.ts'
import type { StreamSettings } from './connection-settings.ts'
import { ReusableEvent, type EventHandle } from './event-queue.ts'
import type { HostLife } from './host.ts'
import { NEVER } from './link.ts'
import type { Lane } from './lane.ts'
import { SimulatedConnection, type ConnectionOptions } from './simulated-connection.ts'
import { StreamEnd, type StreamOfEnd } from './stream-end.ts'
import { STREAM_HEADER_BYTES, StreamHalf } from './stream-half.ts'
import type { SegmentPool } from './stream-segment.ts'

const NO_BYTES = new Uint8Array(0)
/** What an upgrade request and its answer typically measure. */
const REQUEST_BYTES = 250
const RESPONSE_BYTES = 130
const FIRST_RETRY_US = 1_000_000

export class StreamConnection extends SimulatedConnection implements StreamOfEnd {
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
  #synCount = 0
  #synSentAtUs = 0
  readonly #answerRetry: ReusableEvent
  #answerRetryAfterUs = FIRST_RETRY_US
  #answerCount = 0
  #firstAnswerAtUs = 0
  #isRequestHeld = false
  #deadline: EventHandle | undefined

  constructor(options: ConnectionOptions, life: HostLife, handler: ConnectionHandler, pool: SegmentPool) {
    super(options)
    const { toServer, toClient, environment } = this
    this.#up = new StreamHalf(environment, toServer, toClient, pool)
    this.#down = new StreamHalf(environment, toClient, toServer, pool)
    this.#up.opposite = this.#down
    this.#down.opposite = this.#up
    this.#client = new StreamEnd(this, this.#up, this.#down, this.endOptions('client', life), handler)
    this.#requestArrival = new ReusableEvent(() => this.#handleSyn())
    this.#answerArrival = new ReusableEvent(() => this.#handleSynAnswer())
    this.#retry = new ReusableEvent(() => this.#sendSyn())
    this.#answerRetry = new ReusableEvent(() => this.#answerAgain())
  }

  get client(): StreamEnd {
    return this.#client
  }

  end(side: Side): StreamEnd | undefined {
    return side === 'client' ? this.#client : this.#server
  }

  get settings(): StreamSettings {
    return this.environment.stream
  }

  settingsChanged(): void {
    if (this.#isEstablished && !this.#client.isGone) this.#client.watchPeer()
    if (this.#server?.isGone === false) this.#server.watchPeer()
    this.#up.settingsChanged()
    this.#down.settingsChanged()
  }

  dial(): void {
    const { queue } = this.environment.ground
    const deadlineUs = queue.nowUs + Math.ceil(this.environment.stream.connectTimeoutMs * 1000)
    this.#deadline = queue.push(deadlineUs, () => this.abandon('connect timeout'))
    this.#sendSyn()
  }

  /** The client's program has lost its patience while it dialled. */
  abandon(reason: string = ''): void {
    if (this.#isEstablished) this.#client.letGo(reason)
    else this.#breakFrom('client', reason)
  }

  /** The end breaks; its peer is told by a reset, which can be lost. */
  #breakFrom(side: Side, reason: string = ''): void {
    const end = this.end(side)
    if (end === undefined || end.isGone) return
    this.sendReset(side)
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
    queue.cancel(this.#answerRetry)
    this.#up.release()
    this.#down.release()
    this.environment.forget(this)
  }

  protected resetFrom(side: Side): void {
    // A side that does not exist yet, or no more, can still be the one whose peer breaks.
    if (this.end(side)?.isGone === false) this.#breakFrom(side, 'reset')
    else this.end(other(side))?.break(1006, 'reset')
  }

  protected sayReset(side: Side): void {
    this.sendReset(side)
  }

  protected lanesWereCut(): void {
    if (this.toClient.isCut) this.#up.loseAcks()
    if (this.toServer.isCut) this.#down.loseAcks()
  }

  protected endStreamOf(side: Side): void {
    const end = this.end(side)
    if (this.#isEstablished && end?.isGone === false) end.endStream()
  }

  #sendSyn(): void {
    if (this.#client.isGone) return
    if (!this.clientHost.isReachable) {
      this.clientHost.holdForSystem(this.#retry)
      return
    }
    const { queue } = this.environment.ground
    this.#synCount += 1
    this.#synSentAtUs = queue.nowUs
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
      if (this.#server === undefined || this.#server.isGone) this.#beginServerEnd(found.life)
    }
    this.#sendAnswer()
  }

  #sendAnswer(): void {
    const { queue } = this.environment.ground
    this.#answerCount += 1
    const arrivalUs = this.toClient.send(queue.nowUs, STREAM_HEADER_BYTES)
    if (arrivalUs !== NEVER && !this.#answerArrival.isQueued) queue.add(this.#answerArrival, arrivalUs)
  }

  /** Nothing has come of the answer: it is sent again, until the server's system has enough of waiting. */
  #answerAgain(): void {
    if (this.#server === undefined || this.#server.isGone) return
    if (!this.serverHost.isReachable) {
      this.serverHost.holdForSystem(this.#answerRetry)
      return
    }
    const { ground, stream } = this.environment
    const { queue } = ground
    if (queue.nowUs - this.#firstAnswerAtUs >= Math.ceil(stream.userTimeoutMs * 1000)) {
      this.#server.forget()
      return
    }
    this.#sendAnswer()
    this.#answerRetryAfterUs = Math.min(this.#answerRetryAfterUs * 2, Math.ceil(stream.retransmitTimeoutMsMax * 1000))
    queue.add(this.#answerRetry, queue.nowUs + this.#answerRetryAfterUs)
  }

  #handleSynAnswer(): void {
    if (!this.toClient.isOpen || this.#client.isGone) return
    if (this.#isEstablished) {
      if (this.#isRequestHeld) this.#acknowledgeAnswer()
      return
    }
    this.environment.ground.queue.cancel(this.#retry)
    if (this.#answer === 'refused') {
      this.#client.break(1006, 'refused')
    } else {
      this.#isEstablished = true
      this.#deadline?.cancel()
      this.#client.watchPeer()
      // What was sent twice tells nothing about the round trip (Karn).
      if (this.#synCount === 1) this.#up.measure(this.environment.ground.queue.nowUs - this.#synSentAtUs)
      if (this.clientHost.isFree) this.#request()
      else this.#requestLater()
    }
  }

  #request(): void {
    this.#isRequestHeld = false
    if (this.#client.isNew) this.#up.send('request', NO_BYTES, REQUEST_BYTES)
  }

  /** It is the program that asks for the upgrade; while it stands still its system says that it is connected. */
  #requestLater(): void {
    this.#isRequestHeld = true
    this.clientHost.hold('input', { perform: () => this.#request() })
    this.#acknowledgeAnswer()
  }

  #acknowledgeAnswer(): void {
    this.#cross(this.toServer, () => this.#answered())
  }

  #beginServerEnd(life: HostLife): void {
    const { queue } = this.environment.ground
    this.#server = new StreamEnd(this, this.#down, this.#up, this.endOptions('server', life))
    this.#answerCount = 0
    this.#firstAnswerAtUs = queue.nowUs
    this.#answerRetryAfterUs = FIRST_RETRY_US
    queue.cancel(this.#answerRetry)
    queue.add(this.#answerRetry, queue.nowUs + FIRST_RETRY_US)
  }

  /** The server's program meets the connection as soon as it runs. */
  requested(): void {
    const end = this.#server
    if (end === undefined) return
    this.#answered()
    if (this.serverHost.isFree) this.#accept(end)
    else this.serverHost.hold('input', { perform: () => this.#accept(end) })
  }

  /** For the server's system TCP's handshake is done. */
  #answered(): void {
    const { queue } = this.environment.ground
    if (this.#server === undefined || !this.#answerRetry.isQueued) return
    queue.cancel(this.#answerRetry)
    this.#server.watchPeer()
    if (this.#answerCount === 1) this.#down.measure(queue.nowUs - this.#firstAnswerAtUs)
  }

  #accept(end: StreamEnd): void {
    if (end.isGone) return
    const found = this.environment.findListener(this.serverHost, this.address)
    if (found === undefined) {
      this.#breakFrom('server', 'refused')
      return
    }
    this.#down.send('response', NO_BYTES, RESPONSE_BYTES)
    end.accept(found.accept)
  }

  /** From that side's machine: whoever gets it breaks at once. */
  sendReset(from: Side): void {
    const lane = this.#laneFrom(from)
    const receiver = this.end(other(from))
    if (receiver === undefined || receiver.isGone || lane.from.status === 'asleep') return
    this.#cross(lane, () => receiver.break(1006, 'reset'))
  }

  /** A segment with nothing in it, which is acknowledged all the same. */
  probe(from: Side, answered: () => void): void {
    const side = other(from)
    this.#cross(this.#laneFrom(from), () => {
      const end = this.end(side)
      if (end === undefined || end.isGone) {
        this.sendReset(side)
      } else {
        end.heardPeer()
        this.#cross(this.#laneFrom(side), answered)
      }
    })
  }

  #cross(lane: Lane, arrived: () => void): void {
    const { queue } = this.environment.ground
    const arrivalUs = lane.send(queue.nowUs, STREAM_HEADER_BYTES)
    if (arrivalUs === NEVER) return
    queue.push(arrivalUs, () => {
      if (lane.isOpen) arrived()
    })
  }

  #laneFrom(side: Side): Lane {
    return side === 'client' ? this.toServer : this.toClient
  }
}

function other(side: Side): Side {
  return side === 'client' ? 'server' : 'client'
}
