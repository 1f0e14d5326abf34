/**
 * Handlers and callbacks of users are synchronous. A turn is over before a promise can settle, so the server cannot use
 * what it resolves to, and a rejection that nobody catches ends a Node process. So a promise is refused twice: by the
 * types, and at run time, where it is reported and its rejection is caught.
 */
import { OverworldError } from './errors.ts'

/** What a callback may return: anything but a promise. The value is not used. */
export type Synchronous =
  | void
  | undefined
  | null
  | string
  | number
  | bigint
  | boolean
  | symbol
  | { readonly then?: undefined; toString(): string }

/** A promise of any make. */
export interface Thenable {
  then(resolved: undefined, rejected: (error: unknown) => void): unknown
}

export function isThenable(value: unknown): value is Thenable {
  const mayHaveMembers = (typeof value === 'object' && value !== null) || typeof value === 'function'
  return mayHaveMembers && typeof (value as { readonly then?: unknown }).then === 'function'
}

/** `what`: the handler or the callback that returned a promise. */
export function asyncError(what: string): OverworldError {
  return new OverworldError(
    'async_handler',
    `${what} returned a promise: handlers are synchronous; send the result in with zone.tell`,
  )
}

/** Tells `rejected` if the promise is rejected. Never throws. */
export function catchRejection(promise: Thenable, rejected: (error: unknown) => void): void {
  try {
    promise.then(undefined, rejected)
  } catch (error) {
    rejected(error)
  }
}
