/**
 * What a client must survive of its platform and its peer, although neither should do it: messages that no server of this
 * version sends at that time, a network that tells things in the wrong order, a clock whose cancelled timers fire. Each
 * happens once: now, or at the next moment of a kind.
 *
 * There is one object for each life of a client's program. It sits between the client and its network and clock.
 */
import { CloseCode, OverworldError, protocol, type Clock, type Network } from '../../core/index.ts'
import { encodeBeacon, encodeDenied, encodePong, encodeSessionNew } from '../../core/protocol.ts'
import { forgive, forgiving } from '../observer/failing-listeners.ts'
import { prefixOf } from '../observer/wire.ts'
import type { Oddity, OddMoment } from '../scenario.ts'
import { NO_TIMER, OddClock } from './odd-clock.ts'
import { OddHandler } from './odd-connection.ts'

/** What the user and the program of the client do. */
export interface OddActions {
  readonly wake: () => void
  readonly connect: () => void
  readonly disconnect: () => void
  readonly end: () => void
  /** The client could not set a timer for its next dial, and has stopped dialling. */
  readonly stopped: () => void
  /** Other programs use the same store. */
  readonly sharesStore: () => boolean
}

type OfConnection = Exclude<Oddity, 'wake' | 'connect' | 'disconnect' | 'end' | 'cancelled_timer' | 'late_message'>

/** `session_denied` with a reason of a later protocol. */
const UNKNOWN_DENIAL = Uint8Array.of(0x00, 0x64, 0x32, 0x02, 0x08, 0x07)
const UNDECODABLE = Uint8Array.of(0x00, 0x64, 0xff)
const UNKNOWN_APP = Uint8Array.of(0xff, 0xfd, 0x0a, 0x00)
/** Two more than a client holds. */
const MANY = 66
const ODD_BEACON = 900_001
const ODD_SESSION = 999_999
const ODD_TOKEN = new Uint8Array(24).fill(0xee)

/** A message that only oddities bring: it belongs to no app. */
export function isOddMessage(bytes: Uint8Array): boolean {
  return prefixOf(bytes) === prefixOf(UNKNOWN_APP)
}

export class Oddities {
  readonly clock: OddClock
  readonly #hostClock: Clock
  readonly #actions: OddActions
  readonly #armed: { readonly what: Oddity; readonly when: OddMoment }[] = []
  #last: OddHandler | undefined
  #before: OddHandler | undefined
  /** The last `session_new` that this program has heard. */
  #sessionNew: Uint8Array | undefined

  /** `inner`: the client's clock; `hostClock`: that of its machine. */
  constructor(inner: Clock, hostClock: Clock, actions: OddActions) {
    this.clock = new OddClock(inner)
    this.#hostClock = hostClock
    this.#actions = actions
  }

  network(inner: Network): Network {
    return {
      listen: (address, accept, events) => inner.listen(address, accept, events),
      connect: (address, handler) => {
        const odd = new OddHandler(handler, {
          opened: () => this.#reached('opened', odd),
          sessionNew: (bytes) => {
            this.#sessionNew = bytes
            this.#reached('session_new', odd)
          },
        })
        const connection = odd.keep(inner.connect(address, odd))
        this.#before = this.#last
        this.#last = odd
        if (this.#armed.some(({ when }) => when === 'dialled')) {
          this.#hostClock.setTimer(0, () => {
            if (odd.isUnopened && !odd.isOver) forgiving(() => this.#reached('dialled', odd))
          })
        }
        return connection
      },
    }
  }

  /** Returns how to disarm it. */
  do(what: Oddity, when: OddMoment): () => void {
    if (when === 'now') {
      forgiving(() => this.#happen(what))
      return () => undefined
    }
    const armed = { what, when }
    this.#armed.push(armed)
    return () => this.#disarm(armed)
  }

  #disarm(armed: { readonly what: Oddity; readonly when: OddMoment }): void {
    const index = this.#armed.indexOf(armed)
    if (index !== -1) this.#armed.splice(index, 1)
  }

  #reached(moment: OddMoment, handler: OddHandler): void {
    if (handler !== this.#last) return
    const due = this.#armed.filter(({ when }) => when === moment)
    for (const each of due) this.#disarm(each)
    for (const { what } of due) this.#happen(what)
  }

  #happen(what: Oddity): void {
    switch (what) {
      case 'wake':
      case 'connect':
      case 'disconnect':
      case 'end':
        this.#actions[what]()
        return
      case 'cancelled_timer':
        this.clock.fireCancelled()
        return
      case 'late_message':
        this.#before?.bringLate(encodePong(1).bytes)
        return
      default:
        if (this.#last !== undefined && !this.#last.isOver) this.#happenOn(this.#last, what)
    }
  }

  #happenOn(handler: OddHandler, what: OfConnection): void {
    switch (what) {
      case 'chatter':
        this.#chatter(handler)
        return
      case 'many_messages':
        for (let count = 0; count < MANY; count++) handler.bring(UNKNOWN_APP)
        return
      case 'other_session':
        if (handler.sessionNew === undefined || this.#actions.sharesStore()) return
        handler.bring(encodeSessionNew(ODD_SESSION, ODD_TOKEN).bytes)
        handler.bring(handler.sessionNew)
        return
      case 'opened_twice':
        if (!handler.isUnopened) failing(() => handler.openAgain())
        return
      case 'closed':
        handler.closeWith(CloseCode.abnormal)
        return
      case 'closed_for_good':
        handler.closeWith(CloseCode.stopped)
        return
      case 'closed_without_timer':
        this.clock.isBroken = true
        failing(() => handler.closeWith(CloseCode.abnormal))
        this.clock.isBroken = false
        this.#actions.stopped()
        return
      case 'silence':
        handler.isDeaf = true
        return
    }
  }

  /** Between `session_new` and what says where the session is, only what does not stand for the latter. */
  #chatter(handler: OddHandler): void {
    const { isUntold } = handler
    handler.beAlive()
    handler.bring(UNDECODABLE)
    handler.bring(UNKNOWN_APP)
    const sessionNew = handler.isUnopened ? this.#sessionNew : handler.sessionNew
    if (sessionNew !== undefined) handler.bring(sessionNew)
    if (isUntold) return
    handler.bring(UNKNOWN_DENIAL)
    handler.bring(encodeDenied('already_in_session').bytes)
    handler.bring(encodePong(1).bytes)
    handler.bring(protocol.codec.encode('session_state', {}))
    handler.bring(encodeBeacon(ODD_BEACON).bytes)
  }
}

/** What comes out of the client is what the oddity has caused. */
function failing(run: () => void): void {
  try {
    run()
  } catch (error) {
    const isOwn = error instanceof OverworldError && error.code === 'internal' && error.message.includes("'opened'")
    if (error !== NO_TIMER && !isOwn) forgive(error)
  }
}
