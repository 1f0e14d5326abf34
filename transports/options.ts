/** Options that the transports share, and the checks on their values. Leaves out what only one transport has. */
import { OverworldError } from '../core/errors.ts'
import type { Clock } from '../core/injected.ts'
import type { OptionNames } from '../core/option-names.ts'
import type { ReportError } from './guarded-handler.ts'

/** Where nothing else is said, a message has at most 64 KiB. */
export const MESSAGE_BYTES_MAX_DEFAULT: number = 64 * 1024

export interface TransportOptions {
  /** Everything timed runs on it. */
  readonly clock: Clock
  /** Told of what handlers throw and of trouble on sockets that is nobody's message. Default: `console.error`. */
  readonly onError?: ReportError | undefined
  /**
   * The longest message taken from a peer, in bytes; 1 or more. Default 65,536; Infinity = no limit. A peer that
   * sends a longer one is closed: by WebSocket with 1009, by ENet with 4506.
   */
  readonly messageBytesMax?: number | undefined
  /** Ids for connections. Share one between networks whose connections must not be mixed up. Default: 1, 2, 3 … */
  readonly nextConnectionId?: (() => number) | undefined
}

export const TRANSPORT_OPTION_NAMES: OptionNames<TransportOptions> = {
  clock: true,
  onError: true,
  messageBytesMax: true,
  nextConnectionId: true,
}

/**
 * The limit of a listener: the network's own, if it was given one; otherwise what the program behind the listener wants, and
 * at least the default. Throws `OverworldError` `bad_option`.
 */
export function listenerMessageBytesMax(own: number | undefined, wanted: number | undefined): number {
  const byDefault = Math.max(MESSAGE_BYTES_MAX_DEFAULT, wanted ?? 0)
  return limitOption('messageBytesMax', own, byDefault)
}

/** 1, 2, 3 … */
export function connectionIds(): () => number {
  let last = 0
  return () => ++last
}

/** A count or size of 1 or more; Infinity = no limit. Throws `OverworldError` `bad_option` on anything else. */
export function limitOption(name: string, value: number | undefined, byDefault: number): number {
  const limit = value ?? byDefault
  if (limit === Infinity || (Number.isSafeInteger(limit) && limit >= 1)) return limit
  throw new OverworldError('bad_option', `${name} must be a whole number of 1 or more, or Infinity, not ${limit}`)
}

/** A time in ms above 0; Infinity = never. Throws `OverworldError` `bad_option` on anything else. */
export function durationOption(name: string, value: number | undefined, byDefault: number): number {
  const duration = value ?? byDefault
  if (duration > 0) return duration
  throw new OverworldError('bad_option', `${name} must be above 0 ms, or Infinity, not ${duration}`)
}
