/**
 * One direction of a TCP connection to a port for WebSocket: HTTP messages, one after the other, until one of them makes
 * a WebSocket of the connection, and frames from there on.
 */
import { BodyReader, type BodyLength } from './http-body.ts'
import { HeadReader, type HttpHead } from './http-head.ts'
import type { StreamReader } from './tcp-stream.ts'
import { FrameReader, type FrameEvents } from './websocket-frames.ts'

export type Side = 'client' | 'server'

/** What follows a head: a body, frames, what only its first byte shows, or nothing that is read here. */
export type AfterHead = BodyLength | 'frames' | 'undecided' | 'else'

export interface SideEvents extends FrameEvents {
  head(head: HttpHead): AfterHead
  /** It is not HTTP; `first` is its first byte. */
  noHttp(first: number): void
  /** What follows an upgrade's request is frames. False: it was refused. */
  framesFollow(): boolean
  /** So far it may still be HTTP. */
  mayBeHttp(): boolean
  /** Bytes of HTTP are missing. */
  gap(): void
  ended(): void
}

const HTTP_START: Readonly<Record<Side, RegExp>> = {
  client: /^[A-Z]{3,10} [^\s]/,
  server: /^HTTP\/1\.[01] \d/,
}
const HTTP_START_BYTES = 16
const CAPITAL_A = 0x41
const CAPITAL_Z = 0x5a
/** The bit of a frame's second byte that each frame of a client has. */
const MASKED = 0x80

type State =
  | { readonly kind: 'head'; readonly reader: HeadReader }
  | { readonly kind: 'body'; readonly reader: BodyReader }
  | { readonly kind: 'undecided' | 'frames' | 'seeking' | 'else' }

export class WebSocketSide implements StreamReader {
  readonly #side: Side
  readonly #events: SideEvents
  readonly #frames: FrameReader
  #state: State = { kind: 'head', reader: new HeadReader() }

  constructor(side: Side, events: SideEvents) {
    this.#side = side
    this.#events = events
    this.#frames = new FrameReader(side === 'client', events)
  }

  /** Within the head of a request, or of an answer. */
  get isWithinHead(): boolean {
    return this.#state.kind === 'head' && this.#state.reader.hasBegun
  }

  bytes(bytes: Uint8Array): void {
    let rest: Uint8Array | undefined = bytes
    while (rest !== undefined && rest.length > 0) rest = this.#read(this.#state, rest)
  }

  missing(count: number): void {
    const state = this.#state
    if (state.kind === 'frames' || state.kind === 'seeking') this.#frames.missing(count)
    else if (state.kind === 'body' && state.reader.missing(count)) return
    else if (state.kind !== 'else') {
      this.seek()
      this.#events.gap()
    }
  }

  ended(): void {
    this.#events.ended()
  }

  /** What comes next is not known: frames, or an HTTP message. */
  seek(): void {
    this.#state = { kind: 'seeking' }
    this.#frames.seek()
  }

  /** The rest that is still to be read. */
  #read(state: State, bytes: Uint8Array): Uint8Array | undefined {
    switch (state.kind) {
      case 'head':
        return this.#readHead(state.reader, bytes)
      case 'body': {
        const rest = state.reader.push(bytes)
        if (rest === 'more') return undefined
        if (rest === 'wrong') this.#state = { kind: 'else' }
        else this.#state = newHead()
        return rest === 'wrong' ? undefined : rest
      }
      case 'undecided':
        this.#state = this.#decide(bytes)
        return bytes
      case 'seeking':
        if (this.#events.mayBeHttp() && isHttpStart(this.#side, bytes)) {
          this.#state = newHead()
          return bytes
        }
        this.#frames.push(bytes)
        return undefined
      case 'frames':
        this.#frames.push(bytes)
        return undefined
      case 'else':
        return undefined
    }
  }

  #readHead(reader: HeadReader, bytes: Uint8Array): Uint8Array | undefined {
    const head = reader.push(bytes)
    if (head === 'incomplete') return undefined
    if (head === 'no_http') {
      this.#state = { kind: 'else' }
      this.#events.noHttp(bytes[0] ?? 0)
      return undefined
    }
    const after = this.#events.head(head)
    if (typeof after === 'object') this.#state = { kind: 'body', reader: new BodyReader(after) }
    else this.#state = { kind: after }
    // A body may be empty: then the next head begins at once.
    return head.rest
  }

  /** A frame of a client never begins like a request. */
  #decide(bytes: Uint8Array): State {
    const [first = 0, second = 0] = bytes
    if (first >= CAPITAL_A && first <= CAPITAL_Z && second < MASKED) return newHead()
    if (this.#events.framesFollow()) return { kind: 'frames' }
    this.#events.noHttp(bytes[0] ?? 0)
    return { kind: 'else' }
  }
}

function newHead(): State {
  return { kind: 'head', reader: new HeadReader() }
}

function isHttpStart(side: Side, bytes: Uint8Array): boolean {
  return HTTP_START[side].test(new TextDecoder('latin1').decode(bytes.subarray(0, HTTP_START_BYTES)))
}
