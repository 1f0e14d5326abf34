/**
 * Why a connection was closed: the WebSocket close code, and the same number as ENet's disconnect data.
 * 40xx: the client may come back. 45xx: it must not try again by itself.
 */
export const CloseCode = Object.freeze({
  /** WebSocket's own "normal closure": an adapter's default, never chosen by the core. */
  normal: 1000,
  /** The connection broke without a word (WebSocket's reserved code; ENet's 0 reads as this). */
  abnormal: 1006,
  /** A frame above the size limit was refused by `ws` itself. */
  tooBig: 1009,
  /** Ended by the client: its session is over at once, without grace. */
  ended: 4000,
  /** No session was requested in time. */
  requestTimeout: 4002,
  /** Nothing was heard for the liveness timeout. */
  livenessTimeout: 4004,
  /** The client reads too slowly: too many bytes are waiting for it. */
  slowReader: 4005,
  /** Too many messages a second, or too many connections waiting from one address. */
  tooMany: 4007,
  /** The server is draining. */
  draining: 4009,
  /** The server is full: new sessions only, never a resume. */
  full: 4010,
  /** The server process ends, or gives up its sessions (`server.stop()`): the client reconnects. */
  restarting: 4011,
  /**
   * The server cannot serve this connection now: the client keeps its token and reconnects. Sent over ENet without memory, and
   * where an input met a bug of the server (`internal`).
   */
  trouble: 4012,
  /** The server has ended this session (`session.stop()`). */
  stopped: 4500,
  /** Taken over by another connection of the same client. */
  takenOver: 4501,
  /** Too many bad tokens. */
  badTokens: 4503,
  /** Malformed or oversized input. */
  malformed: 4506,
})
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode]

/** Whether a client that was closed with `code` may dial again by itself. */
export function mayComeBack(code: number): boolean {
  return code < 4500 || code > 4599
}
