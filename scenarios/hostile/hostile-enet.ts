/**
 * A peer that breaks the rules from within: real clients of ours, whose sockets say more than they should. What the
 * adapter sends goes out as it is, so that the handshake is done and the conversation goes on; in between come
 * mutations of it from the same address, for the same peer and session, which ENet cannot tell from the real ones.
 */
import { Client, type Clock, type Random } from '../../core/index.ts'
import type { RandomStream } from '../../sim/index.ts'
import { enetNetwork, type EnetLibrary, type UdpSocket, type UdpStack } from '../../transports/index.ts'
import { chat } from '../apps/chat.ts'
import { DatagramMutator } from './mutate-datagram.ts'

export interface HostileEnetParts {
  readonly clock: Clock
  readonly random: Random
  readonly stack: UdpStack
  readonly loadLibrary?: (() => EnetLibrary) | undefined
  readonly address: string
  readonly corpus: readonly Uint8Array[]
  readonly mutations: RandomStream
}

/** Of its own datagrams the latest so many are mutated. */
const OWN_MAX = 32
const TALK_MS = 50
const AGAIN_MS = 200

export class HostileEnet {
  readonly #parts: HostileEnetParts
  readonly #mutator: DatagramMutator
  readonly #client: Client
  readonly #own: Uint8Array[] = []
  #say: ((bytes: Uint8Array) => void) | undefined
  #isOver = false
  sent = 0

  constructor(parts: HostileEnetParts) {
    this.#parts = parts
    this.#mutator = new DatagramMutator(parts.corpus, parts.mutations)
    const { clock, random, address, loadLibrary } = parts
    const onError = (): void => undefined
    const network = enetNetwork({ clock, random, stack: this.#talkativeStack(), loadLibrary, onError })
    this.#client = new Client({ clock, random, network, address })
    const room = this.#client.app(chat)
    this.#client.on('session', () => room.join({ handle: 'enemy' }))
    this.#client.on('status', ({ kind }) => {
      // Told not to come back: it does.
      if (kind === 'ended' && !this.#isOver) clock.setTimer(AGAIN_MS, () => this.#dial())
    })
    const talk = (): void => {
      if (this.#isOver) return
      room.send('channel_msg', { text: 'from somebody who means no good' })
      clock.setTimer(TALK_MS, talk)
    }
    talk()
    this.#dial()
  }

  /** Sends so many hostile datagrams, if it has a socket at the moment. */
  attack(datagrams: number): void {
    for (let left = datagrams; left > 0 && this.#say !== undefined && this.#own.length > 0; left--) {
      const own = this.#own[this.#parts.mutations.below(this.#own.length)] ?? new Uint8Array(0)
      const isOwn = this.#parts.mutations.below(2) === 0
      this.#say(this.#mutator.mutate(isOwn ? own : this.#mutator.disguised(own)))
      this.sent++
    }
  }

  stop(): void {
    this.#isOver = true
    this.#client.end()
  }

  #dial(): void {
    if (!this.#isOver) this.#client.connect()
  }

  #talkativeStack(): UdpStack {
    const { stack } = this.#parts
    return {
      resolve: (host, resolved) => stack.resolve(host, resolved),
      createSocket: () => {
        const socket = stack.createSocket()
        this.#overhear(socket)
        return socket
      },
    }
  }

  #overhear(socket: UdpSocket): void {
    const send = socket.send.bind(socket)
    socket.send = (bytes, offset, length, port, host, sent) => {
      this.#own.push(new Uint8Array(bytes.subarray(offset, offset + length)))
      if (this.#own.length > OWN_MAX) this.#own.shift()
      this.#say = (hostile) => send(hostile, 0, hostile.length, port, host, () => undefined)
      send(bytes, offset, length, port, host, sent)
    }
    socket.on('close', () => (this.#say = undefined))
  }
}
