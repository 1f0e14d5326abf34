/** One TCP connection to a port for WebSocket, of bytes as they are said. */
import { TcpWriter, type Side } from '../../cli/capture/tcp-writer.ts'
import { pcap, type TestPacket } from './made-up.ts'

export const CLIENT = { address: Uint8Array.of(192, 0, 2, 7), port: 50_000 }
export const SERVER = { address: Uint8Array.of(192, 0, 2, 1), port: 4433 }
export const MASK = Uint8Array.of(1, 2, 3, 4)
export const UPGRADE = 'GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'
export const SWITCHING = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n'

export type Said = readonly [Side, Uint8Array | string]

/** A millisecond after each other. `piece`: segments of so many bytes at most. */
export function packetsOfExchange(said: readonly Said[], piece = Infinity): readonly TestPacket[] {
  const made: TestPacket[] = []
  const tcp = new TcpWriter(CLIENT, SERVER, 0xffff_fff0, (bytes) => made.push({ atMs: made.length, bytes }))
  tcp.open()
  for (const [side, words] of said) {
    const bytes = typeof words === 'string' ? Buffer.from(words, 'latin1') : words
    for (let at = 0; at < bytes.length; at += piece)
      tcp.send(side, bytes.subarray(at, Math.min(bytes.length, at + piece)))
  }
  tcp.end('client')
  return made
}

export function exchange(...said: readonly Said[]): Uint8Array {
  return pcap(packetsOfExchange(said))
}
