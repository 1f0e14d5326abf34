/** What all transports have in common when a connection is closed. Leaves out how each of them does it. */
import { CloseCode } from '../core/close-codes.ts'
import { OverworldError } from '../core/errors.ts'

/** How long `close` waits for earlier messages and for the peer's answer before it cuts, in ms (design section 4). */
export const CLOSE_GRACE_MS = 1000

/** What fits beside the code in a WebSocket close frame (RFC 6455 section 5.5). */
const REASON_BYTES_MAX = 123

/** Throws `OverworldError` `bad_option` unless a connection may be closed with `code`: 1000 or 4000–4999. */
export function checkCloseCode(code: number): void {
  if (code === CloseCode.normal || (Number.isInteger(code) && code >= 4000 && code <= 4999)) return
  throw new OverworldError('bad_option', `a connection is closed with 1000 or 4000 to 4999, not with ${code}`)
}

/** The longest beginning of `reason` that fits into a close frame, cut between characters. */
export function truncateReason(reason: string): string {
  if (reason.length * 3 <= REASON_BYTES_MAX) return reason
  const { read } = new TextEncoder().encodeInto(reason, new Uint8Array(REASON_BYTES_MAX))
  return reason.slice(0, read)
}
