/**
 * What comes to a WebSocket server over HTTP and is no WebSocket, or not yet: what kind of request it is, and answers to those
 * for which `http` makes no response. Leaves out what is answered; see `websocket-server.ts`.
 */
import { ServerResponse } from 'node:http'
import type { HttpRequest, HttpResponse, StreamSocket } from './websocket-library.ts'

/** Where `http` has let go of the socket. */
export function answerAndClose(socket: StreamSocket, status: string): void {
  if (socket.destroyed) return
  socket.on('error', () => socket.destroy())
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/**
 * Whoever would like HTTP/2 as well says so, and goes on without (RFC 9110 section 7.8). `http` reads no body of what
 * offers an upgrade, so that only requests without one can be answered.
 */
export function isPlain({ headers }: HttpRequest): boolean {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  return !hasBody && String(headers['upgrade']).toLowerCase() !== 'websocket'
}

/** `http` makes no response for an upgrade. Once this one is finished, so is the connection. */
export function responseOn(request: HttpRequest, socket: StreamSocket): HttpResponse {
  const response = new ServerResponse(request as never)
  response.shouldKeepAlive = false
  response.assignSocket(socket as never)
  socket.on('error', () => socket.destroy())
  response.on('finish', () => {
    socket.once('finish', () => socket.destroy())
    socket.end('')
  })
  return response
}

export function pathOf(request: HttpRequest): string {
  return (request.url ?? '').split('?', 1)[0] ?? ''
}
