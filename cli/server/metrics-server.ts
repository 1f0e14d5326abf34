/**
 * `/metrics` and `/healthz` on a port of their own, so that players need not be able to reach the numbers. Leaves out TLS and
 * authentication: it listens on this machine only unless another address is asked for.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RequestHandler } from '../../transports/index.ts'

/** More at a time are refused: a scraper needs one. */
const CONNECTIONS_MAX = 64

export interface MetricsServer {
  /** Such as `http://127.0.0.1:9100/metrics`. Rejects where the port cannot be bound. */
  readonly bound: Promise<string>
  /** Cuts open requests, too. */
  close(): void
}

export function startMetricsServer(host: string, port: number, handle: RequestHandler): MetricsServer {
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    if (handle(request, response)) return
    response.writeHead(404, { 'Content-Type': 'text/plain' })
    response.end('Not Found\n')
  })
  server.maxRequestsPerSocket = 1
  server.maxConnections = CONNECTIONS_MAX
  // The process may end once nothing else is left to do.
  server.unref()
  const bound = new Promise<string>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const authority = host.includes(':') ? `[${host}]` : host
      resolve(`http://${authority}:${(server.address() as AddressInfo).port}/metrics`)
    })
  })
  return {
    bound,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
