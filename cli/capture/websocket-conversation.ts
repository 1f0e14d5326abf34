/**
 * One TCP connection to a port for WebSocket: HTTP requests and their answers, the handshake, the messages of both sides,
 * and how it ended, told to a recording as a transport of the server would have told it.
 */
import type { Findings } from './findings.ts'
import { answerBody, requestBody } from './http-body.ts'
import type { HttpHead } from './http-head.ts'
import { BEGAN_BEFORE, isOurCloseCode, type ImportedConnection } from './imported-recording.ts'
import type { FrameEvents } from './websocket-frames.ts'
import { WebSocketSide, type AfterHead, type Side } from './websocket-side.ts'

interface Closing {
  readonly code: number
  readonly reason: string
}

export interface ConversationParts {
  /** `192.0.2.7:50123 at 1.250 s`, for people. */
  readonly where: () => string
  readonly findings: Findings
  readonly accept: () => ImportedConnection
  /** Whether a side has said something for which what came before it is still waited. */
  readonly isWaiting: () => boolean
}

/** One that has no answer yet. */
interface Request {
  readonly method: string
  readonly isUpgrade: boolean
}

const TLS_HANDSHAKE = 0x16
const ABNORMAL: Closing = { code: 1006, reason: '' }
/** Of an empty close frame, which `ws` tells as 1006. */
const NO_CODE = 1005
/** A client that sends more of them without an answer is none. */
const REQUESTS_MAX = 1_000

export class WebSocketConversation {
  readonly #parts: ConversationParts
  /** `http`: no WebSocket yet. */
  #status: 'http' | 'open' | 'else' | 'closed' = 'http'
  #requests: Request[] = []
  /** Answers that were captured before their requests. */
  #answersAhead = 0
  #connection: ImportedConnection | undefined
  #hasEnded = false
  #hasBegunBefore = false
  #clientClose: Closing | undefined
  /** By the server's program, or by the library under it. */
  #serverClose: Closing | undefined
  readonly client: WebSocketSide
  readonly server: WebSocketSide

  constructor(parts: ConversationParts) {
    this.#parts = parts
    const common = (side: Side) =>
      ({
        lost: (why) => this.#lost(side, why),
        noHttp: (first) => this.#noHttp(first),
        framesFollow: () => this.#status === 'open' || this.#requests.some(({ isUpgrade }) => isUpgrade),
        mayBeHttp: () => this.#status === 'http',
        gap: () => {
          this.#requests = []
          this.#answersAhead = 0
          this.#lost(side, 'missing')
        },
        ended: () => this.#ended(),
      }) satisfies Partial<ConstructorParameters<typeof WebSocketSide>[1]>
    this.client = new WebSocketSide('client', {
      ...common('client'),
      head: (head) => this.#request(head),
      message: (bytes, isText) => this.#fromClient(bytes, isText),
      close: (code, reason) => void (this.#clientClose ??= { code, reason }),
    })
    this.server = new WebSocketSide('server', {
      ...common('server'),
      head: (head) => this.#answer(head),
      message: (bytes, isText) => this.#fromServer(bytes, isText),
      close: (code, reason) => this.#closedByServer({ code, reason }),
    })
  }

  get isOpen(): boolean {
    return this.#status === 'open'
  }

  /** It had begun before the capture. */
  beganBefore(): void {
    this.#parts.findings.count('tcp_began_before', this.#parts.where())
    this.#hasBegunBefore = true
    this.client.seek()
    this.server.seek()
  }

  /** A side has ended its direction, and all that it said was heard. */
  #ended(): void {
    this.#hasEnded = true
    this.settle()
  }

  /** It is over once a side has ended it, and what the other side had said before is known, or will never be. */
  settle(): void {
    if (this.#hasEnded && this.#status !== 'closed' && !this.#parts.isWaiting()) this.over()
  }

  /** It was reset, or has ended. */
  over(): void {
    if (this.#status === 'open') {
      const { code, reason } = this.#clientClose?.code === NO_CODE ? ABNORMAL : (this.#clientClose ?? ABNORMAL)
      const closed = this.#serverClose ?? { code, reason }
      this.#connection?.closed(closed.code, closed.reason)
    }
    this.finish()
    this.#status = 'closed'
  }

  /** The capture has ended. */
  finish(): void {
    if (this.#status !== 'http') return
    const { findings, where } = this.#parts
    if (this.client.isWithinHead) findings.count('requests_unfinished', where())
    if (this.#requests.some(({ isUpgrade }) => isUpgrade)) findings.count('upgrades_unanswered', where())
    this.#requests = []
  }

  #request(head: HttpHead): AfterHead {
    const { findings, where } = this.#parts
    const [, method] = /^([A-Z]+) \S+ HTTP\/1\.[01]$/i.exec(head.firstLine) ?? []
    if (method === undefined) {
      if (this.#status === 'http') {
        findings.count(head.firstLine.startsWith('PRI * HTTP/2') ? 'http2' : 'no_websocket', where())
        this.#status = 'else'
      }
      return 'else'
    }
    const isUpgrade = head.headers.get('upgrade')?.toLowerCase() === 'websocket'
    if (this.#status === 'http' && !isUpgrade) findings.count('http_requests')
    if (this.#answersAhead > 0) this.#answersAhead--
    else if (this.#requests.length < REQUESTS_MAX) this.#requests.push({ method: method.toUpperCase(), isUpgrade })
    return isUpgrade ? 'undecided' : requestBody(head)
  }

  #answer(head: HttpHead): AfterHead {
    const { findings, where } = this.#parts
    const [, digits] = /^HTTP\/1\.[01] (\d{3})\b/.exec(head.firstLine) ?? []
    if (digits === undefined) {
      this.#noHttp(0)
      return 'else'
    }
    const status = Number(digits)
    // Such as "100 Continue": the answer itself follows.
    if (status < 200 && status !== 101) return answerBody(head, status, undefined)
    const request = this.#requests.shift()
    if (request === undefined) this.#answersAhead++
    const upgrade = head.headers.get('upgrade')?.toLowerCase()
    if (status === 101) {
      if (upgrade === undefined ? request?.isUpgrade === false : upgrade !== 'websocket') {
        this.#noHttp(0)
        return 'else'
      }
      if (/permessage-deflate/i.test(head.headers.get('sec-websocket-extensions') ?? '')) {
        findings.count('deflate_agreed', where())
      }
      // Only its TCP connection had begun before.
      this.#hasBegunBefore = false
      this.#opened()
      return 'frames'
    }
    if (request?.isUpgrade === true) findings.count('upgrades_refused', `${where()}: ${head.firstLine.slice(0, 60)}`)
    return answerBody(head, status, request?.method)
  }

  #noHttp(first: number): void {
    if (this.#status !== 'http') return
    this.#parts.findings.count(first === TLS_HANDSHAKE ? 'tls' : 'no_websocket', this.#parts.where())
    this.#status = 'else'
  }

  #lost(side: Side, why: Parameters<FrameEvents['lost']>[0]): void {
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

  #fromClient(bytes: Uint8Array, isText: boolean): void {
    const connection = this.#opened()
    if (this.#clientClose !== undefined) return
    if (!isText) connection?.heard(bytes)
    else {
      this.#text('client')
      connection?.ignored('text_frame')
    }
  }

  #fromServer(bytes: Uint8Array, isText: boolean): void {
    const connection = this.#opened()
    if (!isText) connection?.said(bytes)
    else {
      this.#text('server')
      connection?.missing('a text frame from the server')
    }
  }

  #text(side: Side): void {
    if (this.#status === 'open') this.#parts.findings.count('text_frames', `${this.#parts.where()}, from the ${side}`)
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
    if (this.#status === 'http') {
      this.#status = 'open'
      this.#connection = this.#parts.accept()
      if (this.#hasBegunBefore) this.#connection.missing(BEGAN_BEFORE)
    }
    return this.#connection
  }
}
