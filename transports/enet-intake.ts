/**
 * What ENet may see of one peer's datagrams. ENet 1.3 keeps what it cannot hand out yet in sorted lists, of any length, and
 * walks them for every further command: 14,000 messages that wait for one that never comes make each repetition cost
 * 86 µs. So it is given only what keeps its lists short:
 *
 * - of a reliable message: not far ahead of the next one that is missing, and at most twice. What is dropped is sent
 *   again by an honest peer; a further repetition is made a ping with the same number, which ENet only acknowledges;
 * - of unreliable ones that have to wait: a limited number. They may be lost anyway;
 * - of a disconnect: a plausible one (see `#disconnect`).
 *
 * ENet's own memory says which reliable message is missing. Leaves out rates (`enet-gate.ts`) and bytes
 * (`enet-waiting-budget.ts`).
 */
import { CloseCode } from '../core/close-codes.ts'
import type { Clock } from '../core/injected.ts'
import {
  aheadOf,
  AT_DISCONNECT_DATA,
  AT_FRAGMENT_NUMBER,
  AT_START_SEQUENCE,
  BEHIND,
  CONTROL_CHANNEL,
  DatagramReader,
  DISCONNECT,
  FLAG_ACKNOWLEDGE,
  hasSentTime,
  headerBytes,
  PING,
  PING_BYTES,
  SEND_FRAGMENT,
  SEND_RELIABLE,
  SEND_UNRELIABLE,
  SEND_UNRELIABLE_FRAGMENT,
  SEND_UNSEQUENCED,
  VERIFY_CONNECT,
} from './enet-protocol.ts'
import type { EnetLibrary, PeerPointer } from './enet-library.ts'
import { channelCount, incomingReliable, waitingUnreliable } from './enet-peer-memory.ts'

/** Reliable messages (or their fragments) of a channel beyond the missing one; a power of 2. */
export const RELIABLE_AHEAD_MAX = 1024
/** So often ENet is given one of them: once more than needed, should it have had no memory for the first. */
const COPIES_MAX = 2
/** Unreliable messages of a channel that wait for a reliable one, or for their other fragments. */
export const UNRELIABLE_WAITING_MAX = 256
/** So many commands in one turn may make a message look far ahead that is not: ENet then works first. */
const CATCH_UP_COMMANDS = 128
/** A disconnect is so many control commands ahead of the last one that came in, at most: the others were lost. */
const CONTROL_AHEAD_MAX = 64
/** By so much a peer's clock may seem to have run back, or to have run ahead of ours, since its last datagram. */
const TIME_BACK_MS_MAX = 1000
const TIME_AHEAD_MS_MAX = 5000
/** After so many wrong guesses of its number a datagram that says that this peer has ended its session is not believed. */
const GUESSES_MAX = 4

export interface IntakeCounters {
  enetCommandsFarAheadTotal: number
  enetCommandsRepeatedTotal: number
  enetUnreliableWaitingTotal: number
  enetDisconnectsRefusedTotal: number
  enetDisconnectsDoubtedTotal: number
}

export interface IntakeParts {
  readonly library: EnetLibrary
  readonly peer: PeerPointer
  readonly clock: Clock
  readonly counters: IntakeCounters
  /** The number of the turn in which ENet worked last. */
  readonly turns: () => number
  /** Has ENet work now. */
  readonly catchUp: () => void
}

/** What is known of one channel. */
class ChannelIntake {
  /** ENet's number of the last reliable message that it has handed out, when it was last looked up. */
  received = 0
  /** How often each message ahead of it was passed, by its number modulo the length. */
  readonly copies = new Uint8Array(RELIABLE_AHEAD_MAX)
  /** Unreliable ones passed since ENet's list was last measured, and what it had then. */
  unreliable = 0

  advance(received: number): void {
    const steps = aheadOf(this.received, received)
    if (steps >= RELIABLE_AHEAD_MAX) this.copies.fill(0)
    else for (let i = 1; i <= steps; i++) this.copies[(this.received + i) % RELIABLE_AHEAD_MAX] = 0
    this.received = received
  }
}

type Fate = 'pass' | 'drop' | 'ping'

export class EnetIntake {
  readonly #parts: IntakeParts
  readonly #channels: (ChannelIntake | undefined)[] = []
  /** Of the last control command; a connect is the first. */
  #control = 1
  #guesses = 0
  #hasAnswer = false
  #turn = -1
  #commandsThisTurn = 0
  /** The peer's time in its last datagram that had one, and ours. */
  #peersTime: { readonly sent: number; readonly atMs: number } | undefined

  constructor(parts: IntakeParts) {
    this.#parts = parts
  }

  /** A datagram came from the peer's address that did not know the peer's number. */
  guessed(): void {
    this.#guesses++
  }

  /** `bytes`, which are changed, without what ENet must not see; undefined: nothing is left. */
  take(bytes: Uint8Array): Uint8Array | undefined {
    this.#noteTurn()
    const header = headerBytes(bytes)
    const reader = new DatagramReader(bytes)
    let length = header
    while (reader.next()) {
      const { at } = reader
      const end = Math.min(reader.end, bytes.length)
      const fate = this.#judge(reader, bytes)
      if (fate === 'drop') continue
      const kept = fate === 'ping' ? PING_BYTES : end - at
      if (length !== at) bytes.copyWithin(length, at, at + kept)
      if (fate === 'ping') bytes[length] = PING | FLAG_ACKNOWLEDGE
      length += kept
      this.#commandsThisTurn++
    }
    if (!this.#hasAnswer) this.#noteTime(bytes)
    this.#hasAnswer = false
    // What follows the last whole command is nothing to ENet either.
    return length === header ? undefined : bytes.subarray(0, length)
  }

  #judge(reader: DatagramReader, bytes: Uint8Array): Fate {
    switch (reader.command) {
      case SEND_RELIABLE:
        return this.#reliable(reader, reader.sequence)
      case SEND_FRAGMENT: {
        const start = reader.uint16(AT_START_SEQUENCE)
        const isOfMessage = reader.sequence === ((start + reader.uint32(AT_FRAGMENT_NUMBER)) & 0xffff)
        return isOfMessage ? this.#reliable(reader, start) : 'drop'
      }
      case SEND_UNRELIABLE:
      case SEND_UNRELIABLE_FRAGMENT:
        return this.#unreliable(reader)
      case SEND_UNSEQUENCED:
        return this.#waiting(reader.channel)
      case DISCONNECT:
        return this.#disconnect(reader, bytes)
      default:
        // The number of an answer to our own connect is a random one, and so is its time; see `enet-disguise.ts`.
        if (reader.command === VERIFY_CONNECT) this.#hasAnswer = true
        else if (reader.channel === CONTROL_CHANNEL && reader.wantsAcknowledgement) this.#noteControl(reader.sequence)
        return 'pass'
    }
  }

  /** `start`: the number of its message, which is its own unless it is a fragment. */
  #reliable(reader: DatagramReader, start: number): Fate {
    const channel = this.#channel(reader.channel)
    // ENet refuses it, and with it the rest of the datagram.
    if (channel === undefined) return 'pass'
    const { counters } = this.#parts
    const { sequence } = reader
    let ahead = aheadOf(channel.received, start)
    if (ahead > RELIABLE_AHEAD_MAX && ahead < BEHIND && this.#commandsThisTurn >= CATCH_UP_COMMANDS) {
      this.#parts.catchUp()
      this.#noteTurn()
      ahead = aheadOf(channel.received, start)
    }
    if (ahead === 0 || ahead >= BEHIND) {
      counters.enetCommandsRepeatedTotal++
      return 'ping'
    }
    if (ahead > RELIABLE_AHEAD_MAX) {
      counters.enetCommandsFarAheadTotal++
      return 'drop'
    }
    // Of a message with more fragments than that the last ones are not remembered: ENet finds them at once.
    if (aheadOf(channel.received, sequence) > RELIABLE_AHEAD_MAX) return 'pass'
    const place = sequence % RELIABLE_AHEAD_MAX
    const copies = channel.copies[place] ?? 0
    if (copies >= COPIES_MAX) {
      counters.enetCommandsRepeatedTotal++
      return 'ping'
    }
    channel.copies[place] = copies + 1
    return 'pass'
  }

  #unreliable(reader: DatagramReader): Fate {
    const channel = this.#channel(reader.channel)
    if (channel === undefined) return 'pass'
    const ahead = aheadOf(channel.received, reader.sequence)
    if (ahead === 0 && reader.command === SEND_UNRELIABLE) return 'pass'
    // Too late: ENet would drop it.
    if (ahead >= BEHIND) return 'drop'
    if (ahead > RELIABLE_AHEAD_MAX) {
      this.#parts.counters.enetCommandsFarAheadTotal++
      return 'drop'
    }
    return this.#waiting(reader.channel)
  }

  /** One of those that may have to wait in ENet's list. */
  #waiting(channelId: number): Fate {
    const channel = this.#channel(channelId)
    if (channel === undefined) return 'pass'
    if (channel.unreliable >= UNRELIABLE_WAITING_MAX) {
      const { library, peer } = this.#parts
      channel.unreliable = waitingUnreliable(library, peer, channelId, UNRELIABLE_WAITING_MAX)
      if (channel.unreliable >= UNRELIABLE_WAITING_MAX) {
        this.#parts.counters.enetUnreliableWaitingTotal++
        return 'drop'
      }
    }
    channel.unreliable++
    return 'pass'
  }

  /**
   * Ends the connection, and with the right data the session. Whoever forges one has to know the peer's number, which
   * only its datagrams and our answer to its connect have told. One whose own number cannot be right is dropped. Where
   * somebody has been guessing, or the time in the datagram is not the peer's, the connection is lost, which the session
   * survives, rather than ended.
   */
  #disconnect(reader: DatagramReader, bytes: Uint8Array): Fate {
    const { counters } = this.#parts
    if (aheadOf(this.#control, reader.sequence) > CONTROL_AHEAD_MAX) {
      counters.enetDisconnectsRefusedTotal++
      return 'drop'
    }
    this.#noteControl(reader.sequence)
    const isTrusted = this.#guesses < GUESSES_MAX && this.#isTimePlausible(bytes)
    if (!isTrusted && reader.uint32(AT_DISCONNECT_DATA) === CloseCode.ended) {
      counters.enetDisconnectsDoubtedTotal++
      reader.view.setUint32(reader.at + AT_DISCONNECT_DATA, 0)
    }
    return 'pass'
  }

  #noteControl(sequence: number): void {
    if (aheadOf(this.#control, sequence) < BEHIND) this.#control = sequence
  }

  #noteTime(bytes: Uint8Array): void {
    if (!hasSentTime(bytes)) return
    const sent = ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0)
    this.#peersTime = { sent, atMs: this.#parts.clock.now() }
  }

  /** A peer that stood still may be behind: the time of our own clients stands still with them. */
  #isTimePlausible(bytes: Uint8Array): boolean {
    const before = this.#peersTime
    if (!hasSentTime(bytes) || before === undefined) return true
    const sent = ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0)
    const elapsedMs = Math.ceil(this.#parts.clock.now() - before.atMs)
    return aheadOf(before.sent - TIME_BACK_MS_MAX, sent) <= TIME_BACK_MS_MAX + elapsedMs + TIME_AHEAD_MS_MAX
  }

  #noteTurn(): void {
    const turn = this.#parts.turns()
    if (turn === this.#turn) return
    this.#turn = turn
    this.#commandsThisTurn = 0
    const { library, peer } = this.#parts
    // A peer that is leaving has no channels any more.
    const count = channelCount(library, peer)
    for (let id = 0; id < this.#channels.length && id < count; id++) {
      this.#channels[id]?.advance(incomingReliable(library, peer, id))
    }
  }

  /** Undefined: the peer has no such channel. */
  #channel(id: number): ChannelIntake | undefined {
    const { library, peer } = this.#parts
    // A peer that is leaving has none any more: its lists are freed memory, through which a walk may never end.
    if (id >= channelCount(library, peer)) return undefined
    const channel = this.#channels[id]
    if (channel !== undefined) return channel
    const created = new ChannelIntake()
    created.received = incomingReliable(library, peer, id)
    this.#channels[id] = created
    return created
  }
}
