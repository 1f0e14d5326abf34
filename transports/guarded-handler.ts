/**
 * Stands between a transport and a `ConnectionHandler`, and keeps the promises of `core/injected.ts` whatever the
 * transport does: `opened` once and first, nothing but `closed` after one's own close, `closed` once and last. A
 * handler that throws is reported and harms no other connection.
 * Leaves out deferral: a transport must not call in here from inside `send`, `close`, `connect` or `listen`.
 */
import type { ConnectionHandler } from '../core/injected.ts'
import type { Delivery } from '../core/delivery.ts'

/** Told of everything that a handler throws and of trouble on sockets. Default: `console.error`. */
export type ReportError = (error: unknown) => void

export type HandlerStatus = 'connecting' | 'open' | 'closing' | 'closed'

export class GuardedHandler {
  readonly #report: ReportError
  #handler: ConnectionHandler | undefined
  #status: HandlerStatus = 'connecting'

  constructor(report: ReportError, handler?: ConnectionHandler) {
    this.#report = report
    this.#handler = handler
  }

  get status(): HandlerStatus {
    return this.#status
  }

  /** Closing by one's own wish, or closed. */
  get isClosing(): boolean {
    return this.#status === 'closing' || this.#status === 'closed'
  }

  /** How long a silent peer is waited for, in ms; undefined: as long as the transport does. */
  get patienceMs(): number | undefined {
    return this.#handler?.patienceMs
  }

  /** Whether anybody wants to know when what was buffered has left. */
  get hearsDrained(): boolean {
    return this.#handler?.drained !== undefined
  }

  /** For accepted connections, whose handler is only known once `accept` has seen the connection. */
  attach(handler: ConnectionHandler): void {
    this.#handler = handler
  }

  opened(): void {
    if (this.#status !== 'connecting') return
    this.#status = 'open'
    try {
      this.#handler?.opened()
    } catch (error) {
      this.#report(error)
    }
  }

  message(bytes: Uint8Array, delivery: Delivery): void {
    if (this.#status !== 'open') return
    try {
      this.#handler?.message(bytes, delivery)
    } catch (error) {
      this.#report(error)
    }
  }

  drained(): void {
    if (this.#status !== 'open') return
    try {
      this.#handler?.drained?.()
    } catch (error) {
      this.#report(error)
    }
  }

  alive(): void {
    if (this.#status !== 'open') return
    try {
      this.#handler?.alive?.()
    } catch (error) {
      this.#report(error)
    }
  }

  ignored(what: 'text_frame'): void {
    if (this.#status !== 'open') return
    try {
      this.#handler?.ignored?.(what)
    } catch (error) {
      this.#report(error)
    }
  }

  /** One's own close: false if it was closed or closing before. */
  closing(): boolean {
    if (this.isClosing) return false
    this.#status = 'closing'
    return true
  }

  closed(code: number, reason: string): void {
    if (this.#status === 'closed') return
    this.#status = 'closed'
    try {
      this.#handler?.closed(code, reason)
    } catch (error) {
      this.#report(error)
    }
  }
}

/** `onError` made safe to call from anywhere: what it throws itself is dropped. */
export function errorReporter(onError: ReportError | undefined): ReportError {
  if (onError === undefined) return (error) => console.error(error)
  return (error) => {
    try {
      onError(error)
    } catch {
      // There is nobody left to tell.
    }
  }
}
