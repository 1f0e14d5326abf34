/**
 * Makes ENet's numbers hard to guess. ENet 1.3 numbers its peers from 0, and takes an acknowledgement of its first
 * command, which is always 1, for a proof of the address that it came from: whoever forges addresses can finish
 * handshakes without seeing an answer, and speak for others. The adapter sees both directions, so that it tells peers
 * other numbers, and puts ENet's own back where they come in:
 *
 * - the number that a peer's datagrams name (12 bits), and in answers the session number beside it (2 bits), are random;
 * - so are the sequence number and the time in the answer to a connect (31 bits), which the acknowledgement has to repeat.
 *
 * Any ENet 1.3 repeats these without looking at them. Leaves out what only the peer's other numbers tell; see
 * `enet-intake.ts`.
 */
import type { Clock, Random } from '../core/injected.ts'
import {
  ACKNOWLEDGE,
  AT_ACKNOWLEDGED_SEQUENCE,
  AT_ACKNOWLEDGED_TIME,
  AT_OUTGOING_SESSION,
  AT_PEER_NUMBER,
  AT_SEQUENCE,
  claimedPeer,
  CONTROL_CHANNEL,
  DatagramReader,
  hasSentTime,
  NO_PEER,
  VERIFY_CONNECT,
} from './enet-protocol.ts'

/** ENet's own number of the command that answers a connect: the first of each peer. */
const ANSWER_SEQUENCE = 1
/** In answers it is told at least this: ENet's own sequence numbers get there after hours, and answers are acknowledged within seconds. */
const TOLD_SEQUENCE_MIN = 0x8000
/** How long after its handshake a peer may still acknowledge a repeated answer. */
const PROOF_MS = 60_000
/** A number is not told again so soon: its last peer may still use it. */
const RETIRED_MS = 30_000
/** At least half of all numbers can be told. */
const RETIRED_MAX = 1024

export type Proof = 'proven' | 'wrong' | 'none'

/** What an answer was sent with. */
interface AnswerTimes {
  readonly told: number
  readonly sent: number
}

interface Place {
  readonly peerId: number
  readonly number: number
  readonly sinceMs: number
  /** Of a peer that asked us; a peer that we ask chooses these itself. */
  readonly answer:
    | {
        readonly toldSession: number
        readonly session: number
        readonly sequence: number
        readonly times: AnswerTimes[]
      }
    | undefined
}

export class EnetDisguise {
  readonly #clock: Clock
  readonly #random: Random
  readonly #byPeer = new Map<number, Place>()
  readonly #byNumber = new Map<number, Place>()
  /** Numbers that were told until then, by number, oldest first. */
  readonly #retired = new Map<number, number>()

  constructor(clock: Clock, random: Random) {
    this.#clock = clock
    this.#random = random
  }

  /** The peer that a datagram claims to be of, by ENet's number; undefined: none that was told these numbers. */
  claimed(bytes: Uint8Array): number | undefined {
    const { peerId: number, sessionId } = claimedPeer(bytes)
    const place = this.#byNumber.get(number)
    if (place === undefined) return undefined
    return place.answer === undefined || place.answer.toldSession === sessionId ? place.peerId : undefined
  }

  /** Whether a datagram names a number that somebody was told until a moment ago. */
  isRetired(bytes: Uint8Array): boolean {
    const untilMs = this.#retired.get(claimedPeer(bytes).peerId)
    return untilMs !== undefined && this.#clock.now() - untilMs < RETIRED_MS
  }

  /** Puts ENet's numbers into a datagram of this peer, which is changed. */
  reveal(bytes: Uint8Array, peerId: number): Proof {
    const place = this.#byPeer.get(peerId)
    if (place === undefined) return 'none'
    const session = place.answer?.session ?? claimedPeer(bytes).sessionId
    bytes[0] = ((bytes[0] ?? 0) & 0xc0) | (session << 4) | (peerId >> 8)
    bytes[1] = peerId & 0xff
    const isRecent = this.#clock.now() - place.sinceMs < PROOF_MS
    return place.answer === undefined || !isRecent ? 'none' : revealAcknowledgements(bytes, place.answer)
  }

  /** Changes a connect that we send: the peer is to name another number than ENet's. */
  connect(bytes: Uint8Array): void {
    const reader = new DatagramReader(bytes)
    if (!reader.next()) return
    const peerId = reader.uint16(AT_PEER_NUMBER)
    const { number } = this.#byPeer.get(peerId) ?? this.#add(peerId, undefined)
    reader.view.setUint16(reader.at + AT_PEER_NUMBER, number)
  }

  /** Changes the answer to a connect; `isNew`: it is the first one. */
  answer(bytes: Uint8Array, isNew: boolean): void {
    const reader = new DatagramReader(bytes)
    if (!reader.next() || reader.command !== VERIFY_CONNECT || !hasSentTime(bytes)) return
    const { view, at } = reader
    const peerId = reader.uint16(AT_PEER_NUMBER)
    if (isNew) this.retire(peerId)
    const draw = this.#random.uint32()
    const place =
      this.#byPeer.get(peerId) ??
      this.#add(peerId, {
        toldSession: draw >>> 30,
        session: view.getUint8(at + AT_OUTGOING_SESSION) & 3,
        sequence: TOLD_SEQUENCE_MIN + (draw & 0x7fff),
        times: [],
      })
    if (place.answer === undefined) return
    const { toldSession, sequence, times } = place.answer
    const told = this.#random.uint32() & 0xffff
    times.push({ told, sent: view.getUint16(2) })
    view.setUint16(2, told)
    view.setUint16(at + AT_SEQUENCE, sequence)
    view.setUint16(at + AT_PEER_NUMBER, place.number)
    view.setUint8(at + AT_OUTGOING_SESSION, toldSession)
  }

  /** The peer is gone, or has become another one. */
  retire(peerId: number): void {
    const place = this.#byPeer.get(peerId)
    if (place === undefined) return
    this.#byPeer.delete(peerId)
    this.#byNumber.delete(place.number)
    this.#retired.delete(place.number)
    this.#retired.set(place.number, this.#clock.now())
    const [oldest] = this.#retired.keys()
    if (this.#retired.size > RETIRED_MAX && oldest !== undefined) this.#retired.delete(oldest)
  }

  #add(peerId: number, answer: Place['answer']): Place {
    const place = { peerId, number: this.#freeNumber(), sinceMs: this.#clock.now(), answer }
    this.#byPeer.set(peerId, place)
    this.#byNumber.set(place.number, place)
    return place
  }

  /** From a random one on the first that nobody has; ENet has no more peers than there are numbers. */
  #freeNumber(): number {
    const start = this.#random.uint32() % NO_PEER
    for (let i = 0; i < NO_PEER; i++) {
      const number = (start + i) % NO_PEER
      if (!this.#byNumber.has(number) && !this.#retired.has(number)) return number
    }
    for (let i = 0; i < NO_PEER; i++) {
      const number = (start + i) % NO_PEER
      if (!this.#byNumber.has(number)) return number
    }
    return start
  }
}

function revealAcknowledgements(bytes: Uint8Array, answer: NonNullable<Place['answer']>): Proof {
  const reader = new DatagramReader(bytes)
  let proof: Proof = 'none'
  while (reader.next()) {
    if (reader.command !== ACKNOWLEDGE || reader.channel !== CONTROL_CHANNEL) continue
    const { view, at } = reader
    const time = reader.uint16(AT_ACKNOWLEDGED_TIME)
    const isOfAnswer = reader.uint16(AT_ACKNOWLEDGED_SEQUENCE) === answer.sequence
    const times = isOfAnswer ? answer.times.find(({ told }) => told === time) : undefined
    if (times === undefined) {
      if (proof === 'none') proof = 'wrong'
      continue
    }
    view.setUint16(at + AT_SEQUENCE, ANSWER_SEQUENCE)
    view.setUint16(at + AT_ACKNOWLEDGED_SEQUENCE, ANSWER_SEQUENCE)
    view.setUint16(at + AT_ACKNOWLEDGED_TIME, times.sent)
    proof = 'proven'
  }
  return proof
}
