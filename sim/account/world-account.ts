/**
 * Tells what has happened in a simulated world, for a test that failed: who connected, lost a connection and came back,
 * which messages were sent and which of them arrived, what was done to machines and to the network. Each line says when
 * (virtual time), who, and what; the newest is the last.
 *
 * Everything is heard by taps, and kept in a ring; messages are decoded only when the account is read. Left out: the
 * messages of the session protocol, beacons, ticks of zones, and settings of links.
 */
import type { AnyApp } from '../../core/app/app.ts'
import { protocol } from '../../core/protocol.ts'
import type { Ground } from '../ground.ts'
import { EventRing, type AccountEvent, type AccountLink, type MessageEvent } from './event-ring.ts'
import { describeFault } from './fault-words.ts'
import { describeTime, describeValue } from './words.ts'

/** Kept with `account: true`. */
export const ACCOUNT_EVENTS = 2_000
const LINES = 100
const NAMES_MAX = 8

export interface AccountOptions {
  /** How many lines, from the newest back. Default 100. */
  readonly last?: number
}

interface Line {
  readonly atUs: number
  readonly who: string
  readonly text: string
}

export class WorldAccount {
  readonly #ground: Ground
  readonly #ring: EventRing
  readonly #seed: number

  constructor(ground: Ground, seed: number, size: number) {
    this.#ground = ground
    this.#seed = seed
    this.#ring = new EventRing(size)
    ground.trace.tellFaults((fault) => {
      const told = describeFault(fault)
      if (told !== undefined) this.tell(told.who, told.text)
    })
  }

  tell(who: string, text: string): void {
    this.#ring.add({ kind: 'text', atUs: this.#ground.queue.nowUs, who, text })
  }

  /** `number`: of the `send` that the sender's tap was told. */
  sent(number: number, from: string, link: AccountLink, app: AnyApp | undefined, bytes: Uint8Array): void {
    const atUs = this.#ground.queue.nowUs
    this.#ring.add({ kind: 'message', atUs, from, link, app, bytes, number, receivedAtUs: undefined })
  }

  /** The program at the other end gets the message that was sent with `number`. */
  received(number: number): MessageEvent | undefined {
    return this.#ring.received(number, this.#ground.queue.nowUs)
  }

  describe({ last = LINES }: AccountOptions = {}): string {
    const { count, events } = this.#ring
    const lines = linesOf(events)
    const shown = last > 0 ? lines.slice(-last) : []
    const width = lines.reduce((widest, { who }) => Math.max(widest, who.length), 0)
    const notShown =
      lines.length > shown.length || count > events.length ? `, the last ${shown.length} lines of what happened` : ''
    const title = `World with seed ${this.#seed} at ${describeTime(this.#ground.queue.nowUs)}${notShown}:`
    return [
      title,
      ...shown.map(({ atUs, who, text }) => `${describeTime(atUs).padStart(11)}  ${who.padEnd(width)}  ${text}`),
    ].join('\n')
  }
}

/** One message that one sender sends to many at once is one line. */
function linesOf(events: readonly AccountEvent[]): Line[] {
  const lines: Line[] = []
  for (let index = 0; index < events.length; index++) {
    const event = events[index] as AccountEvent
    if (event.kind === 'message' && event.app === protocol) continue
    if (event.kind === 'text') {
      lines.push(event)
      continue
    }
    const copies = [event]
    for (;;) {
      const next = events[index + 1]
      if (next?.kind !== 'message' || !isCopy(next, event)) break
      copies.push(next)
      index += 1
    }
    lines.push({ atUs: event.atUs, who: event.from, text: describeMessage(event, copies) })
  }
  return lines
}

function isCopy(a: MessageEvent, b: MessageEvent): boolean {
  return (
    a.from === b.from &&
    a.atUs === b.atUs &&
    a.app === b.app &&
    a.bytes.length === b.bytes.length &&
    a.bytes.every((byte, index) => byte === b.bytes[index])
  )
}

function describeMessage(message: MessageEvent, copies: readonly MessageEvent[]): string {
  const what = contentOf(message)
  if (message.from !== 'server') return `sends ${what} (${fateOf(message)})`
  const byFate = new Map<string, string[]>()
  for (const copy of copies) {
    const fate = fateOf(copy)
    const names = byFate.get(fate) ?? []
    byFate.set(fate, names)
    names.push(copy.link.client ?? 'somebody')
  }
  const receivers = [...byFate].map(([fate, names]) => `${listed(names)} (${fate})`)
  return `sends ${what} to ${receivers.join(', ')}`
}

function listed(names: readonly string[]): string {
  if (names.length <= NAMES_MAX) return names.join(', ')
  return `${names.slice(0, NAMES_MAX - 1).join(', ')} and ${names.length - NAMES_MAX + 1} others`
}

function contentOf({ app, bytes }: MessageEvent): string {
  const decoded = app?.codec.decode(bytes)
  if (app === undefined || typeof decoded !== 'object') return `${bytes.length} bytes`
  return `${app.name}.${decoded.type} ${describeValue(decoded.message)}`
}

function fateOf({ receivedAtUs, link }: MessageEvent): string {
  if (receivedAtUs !== undefined) return `received at ${describeTime(receivedAtUs)}`
  return link.isClosed ? 'never received' : 'not received yet'
}
