/**
 * A tap that tells what a server reads and does as entries: what a recorder writes, and what a replay compares.
 *
 * Entries are inputs, reads, outputs, and notes of what makes a recording unrepeatable: a call from outside whose arguments
 * cannot be written, or an output that no input has caused. Internal events of the server are left out: they follow from the
 * inputs and reads.
 */
import type { AnyApp } from '../core/app/app.ts'
import type { Delivery } from '../core/delivery.ts'
import type { ClientLink } from '../core/session/client-link.ts'
import type { OutsideCall } from '../core/turns/outside-calls.ts'
import type { Peer, Tap } from '../core/turns/tap.ts'
import type { TimerOwner } from '../core/turns/timer-owner.ts'
import { SIGN_OF_LIFE, type Entry, type Output, type Read } from './entries.ts'
import { describeThrown } from './harmless.ts'
import { encodeArguments, encodeTarget, Unrecordable, type WritingReferences } from './values.ts'

type OnSent = (connection: number, bytes: Uint8Array, delivery: Delivery) => void

export class EntryTap implements Tap {
  readonly #apps: readonly AnyApp[]
  readonly #onEntry: (entry: Entry) => void
  readonly #onSent: OnSent
  /** The time of the turn. */
  #nowMs = 0
  /** The turn has had its input; false between turns. */
  #hasInput = false
  readonly #definitions: object[] = []

  /**
   * `onEntry` and `onSent` must not throw. `onSent`: is called instead of `onEntry` for entries of the kind `sent`, without an object
   * for each. Default: `onEntry` is called for them too.
   */
  constructor(apps: readonly AnyApp[], onEntry: (entry: Entry) => void, onSent?: OnSent) {
    this.#apps = apps
    this.#onEntry = onEntry
    this.#onSent =
      onSent ??
      ((connection, bytes, delivery) => onEntry({ kind: 'sent', connection, bytes, delivery, length: bytes.length }))
  }

  /** The `number`-th zone definition, from 1, that the program has started a zone of. */
  definition(number: number): object | undefined {
    return this.#definitions[number - 1]
  }

  turnBegins(_turn: number, nowMs: number): void {
    this.#nowMs = nowMs
    this.#hasInput = false
  }

  turnEnds(): void {
    this.#hasInput = false
  }

  // Inputs

  boot(): void {
    this.#hasInput = true
    this.#onEntry({ kind: 'boot', atMs: this.#nowMs })
  }

  listening(listener: number, address: string): void {
    this.#hasInput = true
    this.#onEntry({ kind: 'listening', atMs: this.#nowMs, listener, address })
  }

  listenFailed(listener: number, error: Error): void {
    this.#hasInput = true
    this.#onEntry({ kind: 'listen_failed', atMs: this.#nowMs, listener, message: describeThrown(error) })
  }

  listenerClosed(listener: number): void {
    this.#hasInput = true
    this.#onEntry({ kind: 'listener_closed', atMs: this.#nowMs, listener })
  }

  accepted(link: number, listener: number, { id, transport, remoteAddress }: Peer): void {
    this.#hasInput = true
    const atMs = this.#nowMs
    this.#onEntry({ kind: 'accepted', atMs, connection: link, listener, id, transport, address: remoteAddress })
  }

  opened(link: number): void {
    this.#hasInput = true
    this.#onEntry({ kind: 'opened', atMs: this.#nowMs, connection: link })
  }

  message(link: number, bytes: Uint8Array, delivery: Delivery): void {
    this.#hasInput = true
    const { length } = bytes
    this.#onEntry({ kind: 'message', atMs: this.#nowMs, connection: link, bytes, delivery, length })
  }

  ignored(link: number, what: 'text_frame' | 'sign_of_life'): void {
    this.#hasInput = true
    const named = what === 'sign_of_life' ? SIGN_OF_LIFE : what
    this.#onEntry({ kind: 'ignored', atMs: this.#nowMs, connection: link, what: named })
  }

  closed(link: number, code: number, reason: string): void {
    this.#hasInput = true
    this.#onEntry({ kind: 'closed', atMs: this.#nowMs, connection: link, code, reason })
  }

  drained(link: number): void {
    this.#hasInput = true
    this.#onEntry({ kind: 'drained', atMs: this.#nowMs, connection: link })
  }

  fired(timer: number, owner: TimerOwner): void {
    this.#hasInput = true
    this.#onEntry({ kind: 'fired', atMs: this.#nowMs, timer, owner })
  }

  called({ on, method, args }: OutsideCall): void {
    this.#hasInput = true
    const atMs = this.#nowMs
    try {
      const call = { on: encodeTarget(on), method, args: encodeArguments(args, this.#references) }
      this.#onEntry({ kind: 'called', atMs, call })
    } catch (error) {
      const what = error instanceof Unrecordable ? error.what : `an argument that throws (${describeThrown(error)})`
      this.#onEntry({ kind: 'called', atMs, call: { on: encodeTarget(on), method, args: [] } })
      this.#onEntry({ kind: 'unrecordable', why: `${method} was called from outside with ${what}` })
    }
  }

  /** Of the program's own calls, those count that start zones: a later call from outside may name their definitions. */
  apiCalled({ on, method, args: [definition] }: OutsideCall): void {
    if (on !== 'zones' || method !== 'start' || typeof definition !== 'object' || definition === null) return
    if (!this.#definitions.includes(definition)) this.#definitions.push(definition)
  }

  readonly #references: WritingReferences = {
    appPrefix: (value) => this.#apps.find((app) => app === value)?.prefix,
    connectionNumber: (link: ClientLink) => link.connection.number,
    definitionNumber: (definition) => {
      const at = this.#definitions.indexOf(definition)
      return at < 0 ? undefined : at + 1
    },
  }

  // Reads. Outside of a turn they are of no consequence, and a replay does not repeat them.

  random(bytes: Uint8Array): void {
    this.#read({ kind: 'random_bytes', bytes, length: bytes.length })
  }

  randomNumber(number: number): void {
    this.#read({ kind: 'random_number', number })
  }

  buffered(link: number, size: number): void {
    this.#read({ kind: 'buffered', connection: link, size })
  }

  // Outputs

  listen(_listener: number, address: string): void {
    this.#output({ kind: 'listened', address })
  }

  closeListener(listener: number): void {
    this.#output({ kind: 'close_listener', listener })
  }

  send(link: number, bytes: Uint8Array, delivery: Delivery): void {
    if (this.#hasInput) this.#onSent(link, bytes, delivery)
    else this.#noCause('sent')
  }

  close(link: number, code: number, reason: string): void {
    this.#output({ kind: 'close', connection: link, code, reason })
  }

  setTimer(timer: number, owner: TimerOwner, delayMs: number): void {
    this.#output({ kind: 'set_timer', timer, owner, delayMs })
  }

  cancelTimer(timer: number, owner: TimerOwner): void {
    this.#output({ kind: 'cancelled', timer, owner })
  }

  #read(read: Read): void {
    if (this.#hasInput) this.#onEntry(read)
  }

  /** An output outside of a turn has a cause that no tap sees, such as code of the game that a timer of its own runs. */
  #output(output: Output): void {
    if (this.#hasInput) this.#onEntry(output)
    else this.#noCause(output.kind)
  }

  #noCause(kind: Output['kind']): void {
    this.#onEntry({ kind: 'unrecordable', why: `the server did something (${kind}) outside of a turn` })
  }
}
