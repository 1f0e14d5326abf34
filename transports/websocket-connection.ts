/**
 * One WebSocket of `ws` as a `Connection`, on either side. `ws` answers pings and closing handshakes; this file adds
 * the contract's deadlines, its close codes, and plain bytes instead of `ws`'s views into the socket's buffers. It also
 * sees to it that nobody is kept busy with what no program hears of: control frames, and what comes after a close.
 * Leaves out how the socket came to be: see `websocket-server.ts` and `websocket-client.ts`.
 */
import { CloseCode } from '../core/close-codes.ts'
import { RELIABLE } from '../core/delivery.ts'
import type { Clock, Connection, Timer } from '../core/injected.ts'
import { CLOSE_GRACE_MS, checkCloseCode, truncateReason } from './closing.ts'
import type { GuardedHandler } from './guarded-handler.ts'
import { HeldWrites, type HoldableStream } from './held-writes.ts'
import { RateWindow } from './rate-window.ts'
import type { WebSocketLike } from './websocket-library.ts'

const OPEN = 1
/** Pings and pongs of a peer: more in a second break the connection. (Unanswered pings have a limit in `ws`, too.) */
const CONTROL_FRAMES_PER_SECOND_MAX = 1000
/** So many messages after one's own close are on their way, perhaps; who sends more is not read any more. */
const FRAMES_AFTER_CLOSE_MAX = 1000
const BINARY = Object.freeze({ binary: true as const })

/** What open WebSockets got and no program hears of. */
export interface WebSocketFrameCounters {
  websocketFramesRefusedTotal: number
  websocketPingsTotal: number
}

export interface WebSocketConnectionParts {
  readonly id: number
  readonly clock: Clock
  readonly socket: WebSocketLike
  readonly handler: GuardedHandler
  readonly remoteAddress: string
  readonly counters: WebSocketFrameCounters
  /** Below the socket. Undefined: each message leaves by itself. */
  readonly stream?: HoldableStream | undefined
  /** Runs before the handler's `closed`. */
  readonly onGone?: (() => void) | undefined
}

export class WebSocketConnection implements Connection {
  readonly id: number
  readonly transport = 'websocket'
  readonly remoteAddress: string
  readonly #clock: Clock
  readonly #socket: WebSocketLike
  readonly #handler: GuardedHandler
  readonly #counters: WebSocketFrameCounters
  readonly #heldWrites: HeldWrites | undefined
  readonly #onGone: (() => void) | undefined
  #hasBuffered = false
  /** Made when the first one comes. */
  #controlFrames: RateWindow | undefined
  #framesAfterClose = 0
  #cutTimer: Timer | undefined
  #ownClose: { readonly code: number; readonly reason: string } | undefined
  /** Why `ws` refused the peer's bytes, or could not connect. */
  #failure: { readonly code: number; readonly reason: string } | undefined

  constructor(parts: WebSocketConnectionParts) {
    this.id = parts.id
    this.remoteAddress = parts.remoteAddress
    this.#clock = parts.clock
    this.#socket = parts.socket
    this.#handler = parts.handler
    this.#counters = parts.counters
    if (parts.stream !== undefined) this.#heldWrites = new HeldWrites(parts.stream, () => this.#noteBuffered())
    this.#onGone = parts.onGone
    this.#listen()
  }

  get bufferedBytes(): number {
    if (this.#handler.status === 'closed') return 0
    return this.#socket.bufferedAmount - (this.#heldWrites?.bytes ?? 0)
  }

  send(message: Uint8Array): void {
    if (this.#handler.status !== 'open' || this.#socket.readyState !== OPEN) return
    this.#heldWrites?.hold(message.length)
    this.#socket.send(bufferOf(message), BINARY, this.#handler.hearsDrained ? this.#written : undefined)
    this.#noteBuffered()
  }

  close(code: number, reason = ''): void {
    if (this.#handler.isClosing) return
    checkCloseCode(code)
    const wasConnecting = this.#handler.status === 'connecting'
    this.#handler.closing()
    this.#ownClose = { code, reason: truncateReason(reason) }
    if (wasConnecting && this.#socket.readyState !== OPEN) {
      this.#socket.terminate()
      return
    }
    this.#socket.close(code, this.#ownClose.reason)
    this.#cutLater()
  }

  /** Breaks the connection without a word. */
  cut(): void {
    this.#socket.terminate()
  }

  #noteBuffered(): void {
    if (this.#handler.hearsDrained && this.bufferedBytes > 0) this.#hasBuffered = true
  }

  readonly #written = (): void => {
    if (!this.#hasBuffered || this.#socket.bufferedAmount > 0) return
    this.#hasBuffered = false
    this.#handler.drained()
  }

  #listen(): void {
    this.#socket.on('open', () => this.#handler.opened())
    this.#socket.on('message', (data, isBinary) => {
      if (this.#handler.isClosing) this.#countAfterClose()
      // A copy: `ws` hands out views into the 64 KiB blocks that the socket reads, which a kept token would keep too.
      if (isBinary) this.#handler.message(new Uint8Array(data), RELIABLE)
      else this.#handler.ignored('text_frame')
    })
    this.#socket.on('ping', () => {
      this.#counters.websocketPingsTotal++
      this.#countControlFrame()
    })
    this.#socket.on('pong', () => this.#countControlFrame())
    this.#socket.on('error', (error) => this.#failed(error))
    this.#socket.on('close', (code, reason) => this.#gone(code, reason))
  }

  /** What is written still leaves, and then the connection is cut: a peer that floods it does not answer anyway. */
  #countAfterClose(): void {
    if (++this.#framesAfterClose === FRAMES_AFTER_CLOSE_MAX) this.#socket.pause()
  }

  #countControlFrame(): void {
    this.#controlFrames ??= new RateWindow(this.#clock, CONTROL_FRAMES_PER_SECOND_MAX)
    if (!this.#controlFrames.isOver() || this.#failure !== undefined) return
    this.#counters.websocketFramesRefusedTotal++
    this.#failure = { code: CloseCode.abnormal, reason: 'too many pings or pongs' }
    this.#socket.terminate()
  }

  /** `ws` has begun to close by itself, and would wait 30 s for a peer that has just broken the protocol. */
  #failed(error: Error & { readonly code?: string }): void {
    if (error.code?.startsWith('WS_ERR_') === true) this.#counters.websocketFramesRefusedTotal++
    this.#failure ??= { code: failureCode(error), reason: error.message }
    this.#cutLater()
  }

  #cutLater(): void {
    this.#cutTimer ??= this.#clock.setTimer(CLOSE_GRACE_MS, () => this.#socket.terminate())
  }

  #gone(code: number, reason: Uint8Array): void {
    this.#cutTimer?.cancel()
    this.#onGone?.()
    const heard = code === 1005 || code === 1006 ? undefined : { code, reason: new TextDecoder().decode(reason) }
    const closed = this.#ownClose ?? heard ?? this.#failure ?? { code: CloseCode.abnormal, reason: '' }
    this.#handler.closed(closed.code, closed.reason)
  }
}

/** V8 keeps arrays of up to so many bytes among its own objects. Its `buffer` has to move out, which takes longer than a copy. */
const INLINE_BYTES_MAX = 64
let lastMessage: Uint8Array = new Uint8Array(0)
let lastBuffer: Buffer = Buffer.alloc(0)

/** `ws` makes a `Buffer` of all that it sends. A broadcast hands the same bytes to everybody: one of them is enough. */
function bufferOf(message: Uint8Array): Buffer {
  if (message !== lastMessage) {
    lastMessage = message
    lastBuffer =
      message.length <= INLINE_BYTES_MAX
        ? Buffer.from(message)
        : Buffer.from(message.buffer, message.byteOffset, message.byteLength)
  }
  return lastBuffer
}

/** The code that `ws` told the peer for what it refused (RFC 6455 section 7.4.1), which its own `close` event lacks. */
function failureCode(error: Error & { readonly code?: string }): number {
  switch (error.code) {
    case 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH':
    case 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH':
      return CloseCode.tooBig
    case 'WS_ERR_INVALID_UTF8':
      return 1007
    case 'WS_ERR_TOO_MANY_BUFFERED_PARTS':
      return 1008
    default:
      return error.code?.startsWith('WS_ERR_') === true ? 1002 : CloseCode.abnormal
  }
}
