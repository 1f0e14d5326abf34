/**
 * One TCP connection to a port for WebSocket: the handshake, the messages of both sides, and how it ended, told to a
 * recording as a transport of the server would have told it.
 */
import type { Findings } from './findings.ts'
import { HeadReader, type HttpHead } from './http-head.ts'
import { isOurCloseCode, type ImportedConnection } from './imported-recording.ts'
import type { StreamReader } from './tcp-stream.ts'
import { FrameReader, type FrameEvents } from './websocket-frames.ts'

interface Closing {
  readonly code: number
  readonly reason: string
}

type Side = 'client' | 'server'

export interface ConversationParts {
  /** `192.0.2.7:50123 at 1.250 s`, for people. */
  readonly where: () => string
  readonly findings: Findings
  readonly accept: () => ImportedConnection
}

const TLS_HANDSHAKE = 0x16
const ABNORMAL: Closing = { code: 1006, reason: '' }
/** Of an empty close frame, which `ws` tells as 1006. */
const NO_CODE = 1005

export class WebSocketConversation {
  readonly #parts: ConversationParts
  #status: 'handshake' | 'open' | 'else' | 'closed' = 'handshake'
  #connection: ImportedConnection | undefined
  #clientClose: Closing | undefined
  /** By the server's program, or by the library under it. */
  #serverClose: Closing | undefined
  readonly client: SideReader
  readonly server: SideReader

  constructor(parts: ConversationParts) {
    this.#parts = parts
    this.client = new SideReader('client', this, {
      message: (bytes, isText) => this.#fromClient(bytes, isText),
      close: (code, reason) => void (this.#clientClose ??= { code, reason }),
      lost: (why) => this.lost('client', why),
    })
    this.server = new SideReader('server', this, {
      message: (bytes, isText) => {
        if (!isText) this.#opened()?.said(bytes)
      },
      close: (code, reason) => this.#closedByServer({ code, reason }),
      lost: (why) => this.lost('server', why),
    })
  }

  get isOpen(): boolean {
    return this.#status === 'open'
  }

  /** It had begun before the capture. */
  beganBefore(): void {
    this.#parts.findings.count('tcp_began_before', this.#parts.where())
    this.client.seek()
    this.server.seek()
  }

  head(side: Side, head: HttpHead | 'no_http', firstByte: number): void {
    if (this.#status !== 'handshake') return
    const { findings, where } = this.#parts
    if (head === 'no_http') {
      findings.count(firstByte === TLS_HANDSHAKE ? 'tls' : 'no_websocket', where())
      this.#status = 'else'
    } else if (side === 'client') {
      if (head.headers.get('upgrade')?.toLowerCase() === 'websocket') return
      findings.count('http_requests')
      this.#status = 'else'
    } else if (/^HTTP\/1\.[01] 101\b/.test(head.firstLine)) this.#opened()
    else {
      findings.count('upgrades_refused', `${where()}: ${head.firstLine.slice(0, 60)}`)
      this.#status = 'else'
    }
  }

  lost(side: Side, why: Parameters<FrameEvents['lost']>[0]): void {
    if (this.#status === 'else' || this.#status === 'closed') return
    const { findings, where } = this.#parts
    const kinds = {
      compressed: 'websocket_compressed',
      too_long: 'messages_too_long',
      unreadable: 'websocket_unreadable',
      missing: 'tcp_missing',
    } as const
    const words = {
      compressed: 'a compressed message',
      too_long: 'a message that is too long',
      unreadable: 'bytes that are no WebSocket frame',
      missing: 'bytes that are not in the capture',
    } as const
    findings.count(kinds[why], `${where()}, from the ${side}`)
    this.#connection?.missing(`${words[why]} from the ${side}`)
  }

  /** A side has ended its direction, and all that it said was heard; or the connection was reset. */
  over(): void {
    if (this.#status === 'open') {
      const { code, reason } = this.#clientClose?.code === NO_CODE ? ABNORMAL : (this.#clientClose ?? ABNORMAL)
      const closed = this.#serverClose ?? { code, reason }
      this.#connection?.closed(closed.code, closed.reason)
    }
    this.#status = 'closed'
  }

  #fromClient(bytes: Uint8Array, isText: boolean): void {
    const connection = this.#opened()
    if (this.#clientClose !== undefined) return
    if (isText) connection?.ignored('text_frame')
    else connection?.heard(bytes)
  }

  #closedByServer(closing: Closing): void {
    const connection = this.#opened()
    if (this.#serverClose !== undefined || closing.code === this.#clientClose?.code) return
    this.#serverClose = closing
    if (isOurCloseCode(closing.code)) connection?.close(closing.code, closing.reason)
    // The library's own reason does not travel.
    else this.#serverClose = { code: closing.code, reason: '' }
  }

  /** A frame proves that it is open, whatever is missing of the handshake. */
  #opened(): ImportedConnection | undefined {
    if (this.#status === 'handshake') {
      this.#status = 'open'
      this.#connection = this.#parts.accept()
    }
    return this.#connection
  }
}

/** One side's bytes: a head, then frames. */
class SideReader implements StreamReader {
  readonly #side: Side
  readonly #conversation: WebSocketConversation
  readonly #frames: FrameReader
  #head: HeadReader | undefined = new HeadReader()
  #isElse = false

  constructor(side: Side, conversation: WebSocketConversation, events: FrameEvents) {
    this.#side = side
    this.#conversation = conversation
    this.#frames = new FrameReader(side === 'client', events)
  }

  bytes(bytes: Uint8Array): void {
    if (this.#isElse) return
    if (this.#head === undefined) {
      this.#frames.push(bytes)
      return
    }
    const head = this.#head.push(bytes)
    if (head === 'incomplete') return
    this.#conversation.head(this.#side, head, bytes[0] ?? 0)
    this.#head = undefined
    if (head === 'no_http') this.#isElse = true
    else if (head.rest.length > 0) this.#frames.push(head.rest)
  }

  missing(count: number): void {
    if (this.#isElse) return
    if (this.#head === undefined) {
      this.#frames.missing(count)
      return
    }
    this.seek()
    this.#conversation.lost(this.#side, 'missing')
  }

  ended(): void {
    this.#conversation.over()
  }

  seek(): void {
    this.#head = undefined
    this.#frames.seek()
  }
}
