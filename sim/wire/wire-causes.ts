/**
 * Which `send` a message follows from, at wire level. An adapter may put several messages in one write, a write may be cut
 * into any number of segments, and a datagram may be lost and its contents sent again: so a message is followed to its last
 * byte. A stream notes at which offset it ends; the read that has this byte names it. A datagram carries the messages of
 * which it has a part.
 *
 * What has arrived waits here until the program is handed the same bytes. A message that an adapter has made up, or that was
 * changed on its way, has no known cause. Kept only while a tap wants causes.
 */
import type { Causes } from '../../core/turns/taps.ts'

/** A message that a program has handed to its network. */
export interface MessageUnderWay {
  /** The number of its `send`; 0: nobody watches the sender. */
  readonly cause: number
  readonly bytes: Uint8Array
  /** The address of the machine that it is for. */
  readonly to: string
  /** The other end's program has been handed it. */
  isHeard: boolean
}

/** One direction of a stream. */
export class StreamMessages {
  readonly #messages: { readonly message: MessageUnderWay; endBytes: number }[] = []

  /** All that was written up to this offset belongs to `message`, or to those before it. */
  note(message: MessageUnderWay, endBytes: number): void {
    const last = this.#messages.at(-1)
    if (last?.message === message) last.endBytes = endBytes
    else this.#messages.push({ message, endBytes })
  }

  /** Those whose last byte lies before this offset; each is taken once. */
  take(endBytes: number): readonly MessageUnderWay[] {
    const count = this.#messages.findIndex((each) => each.endBytes > endBytes)
    return this.#messages.splice(0, count === -1 ? this.#messages.length : count).map(({ message }) => message)
  }
}

/** What a datagram has of the messages that its sender has handed over. Known by who knows its format. */
export interface DatagramMessages {
  /** A datagram leaves. Undefined: nobody wants causes. */
  of(bytes: Uint8Array, to: { readonly address: string; readonly port: number }): readonly MessageUnderWay[] | undefined
  /** A datagram with these has been read. */
  arrived(messages: readonly MessageUnderWay[], from: string): void
}

/** So many messages of one machine wait to be heard at most, and so many to be seen in a datagram: some never are. */
const WAITING_MAX = 1024

/** The causes of one life of a host. */
export class LifeCauses {
  readonly #causes: Causes
  readonly #addressOf: (name: string) => string | undefined
  #sending: MessageUnderWay | undefined
  /** Not seen in any datagram yet. */
  readonly #unsent: MessageUnderWay[] = []
  /** Of the stream that was read last. */
  #ofStream: MessageUnderWay[] = []
  readonly #ofDatagrams = new Map<string, MessageUnderWay[]>()

  /** `addressOf`: of a machine, by its name or its address. */
  constructor(causes: Causes, addressOf: (name: string) => string | undefined) {
    this.#causes = causes
    this.#addressOf = addressOf
  }

  get isKept(): boolean {
    return this.#causes.isKept
  }

  /** The message that an adapter is handed at the moment. */
  get sending(): MessageUnderWay | undefined {
    return this.#sending
  }

  /** A program hands an adapter a message: `send`. */
  hand(bytes: Uint8Array, to: string, transport: string, send: () => void): void {
    const message = { cause: this.#causes.sending, bytes, to: this.#addressOf(to) ?? to, isHeard: false }
    if (transport === 'enet') add(this.#unsent, message)
    else this.#sending = message
    try {
      send()
    } finally {
      this.#sending = undefined
    }
  }

  /** The first message that no datagram has had yet and that is this one; from now on it has. */
  takeUnsent(is: (message: MessageUnderWay) => boolean): MessageUnderWay | undefined {
    const index = this.#unsent.findIndex(is)
    return index === -1 ? undefined : this.#unsent.splice(index, 1)[0]
  }

  /** A stream was read. `messages`: those of it that wait. */
  readStream(messages: MessageUnderWay[]): void {
    this.#ofStream = messages
  }

  readDatagram(messages: readonly MessageUnderWay[], from: string): void {
    const waiting = this.#ofDatagrams.get(from) ?? []
    this.#ofDatagrams.set(from, waiting)
    // Each fragment names its message, and so does what is sent again.
    for (const message of messages) if (!message.isHeard && !waiting.includes(message)) add(waiting, message)
  }

  /** An adapter hands its program this message: `hear` is what follows from it. */
  hear(bytes: Uint8Array, from: string, transport: string, hear: () => void): void {
    this.#causes.arriving = this.#causeOf(bytes, from, transport)
    try {
      hear()
    } finally {
      this.#causes.arriving = 0
    }
  }

  #causeOf(bytes: Uint8Array, from: string, transport: string): number {
    const isStream = transport !== 'enet'
    const waiting = isStream ? this.#ofStream : (this.#ofDatagrams.get(this.#addressOf(from) ?? from) ?? [])
    const index = waiting.findIndex((message) => isSame(message.bytes, bytes))
    const message = waiting[index]
    if (message === undefined) return 0
    message.isHeard = true
    // What comes before it in a stream is heard before it, or never.
    waiting.splice(isStream ? 0 : index, isStream ? index + 1 : 1)
    return message.cause
  }
}

function add(messages: MessageUnderWay[], message: MessageUnderWay): void {
  messages.push(message)
  if (messages.length > WAITING_MAX) messages.shift()
}

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
