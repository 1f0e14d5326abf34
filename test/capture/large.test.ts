/** A capture of hundreds of megabytes is read in memory that does not grow with it. */
import { memoryUsage } from 'node:process'
import { expect, it } from 'vitest'
import { importCapture } from '../../cli/capture/import-capture.ts'
import { tcpPacket } from '../../cli/capture/ip-writer.ts'
import { frame } from '../../cli/capture/websocket-writer.ts'
import { packetsOf, pcap, Script, someBytes, STARTED_AT, type TestPacket } from './made-up.ts'

const PIECES = 300
const PACKETS_A_PIECE = 500
const MESSAGE_BYTES = 2_000
const MIB = 1024 * 1024

/** A client that talks without end, and a server that acknowledges; now and then the capture lacks a segment. */
function* endlessTalk(): Generator<Uint8Array, void> {
  const script = new Script()
  script.accept('websocket', '192.0.2.7')
  const opening = packetsOf(script.entries)
  yield pcap(opening)
  const last = opening.findLast(({ bytes }) => bytes[22] === 4433 >> 8 && bytes[23] === (4433 & 0xff))?.bytes
  if (last === undefined) throw new Error('there is no opening')
  const view = new DataView(last.buffer, last.byteOffset)
  const client = { address: last.slice(12, 16), port: view.getUint16(20) }
  const server = { address: last.slice(16, 20), port: 4433 }
  let sequence = view.getUint32(24) + last.length - 40
  const payload = frame(2, someBytes(MESSAGE_BYTES, 1), Uint8Array.of(1, 2, 3, 4))
  // One piece is made, and then only its sequence numbers and times are changed: checksums are nobody's concern.
  const packets: TestPacket[] = []
  for (let index = 0; index < PACKETS_A_PIECE; index++) {
    const said = { sequence: 0, acknowledged: view.getUint32(28), payload }
    if (index !== 77) packets.push({ atMs: index, bytes: tcpPacket(client, server, said) })
    if (index % 10 === 9)
      packets.push({ atMs: index, bytes: tcpPacket(server, client, { sequence: 1, acknowledged: 0 }) })
  }
  const template = pcap(packets).subarray(24)
  for (let piece = 0; piece < PIECES; piece++) {
    const bytes = template.slice()
    const changed = new DataView(bytes.buffer)
    let at = 0
    for (const { atMs, bytes: packet } of packets) {
      const microseconds = 1_000_000 + piece * 100_000 + atMs * 200
      changed.setUint32(at, STARTED_AT / 1000 + Math.floor(microseconds / 1_000_000), true)
      changed.setUint32(at + 4, microseconds % 1_000_000, true)
      const isFromServer = packet.length === 40
      // The position in the stream is the index in the piece.
      const position = (sequence + (atMs + (isFromServer ? 1 : 0)) * payload.length) >>> 0
      changed.setUint32(at + 16 + (isFromServer ? 28 : 24), position)
      at += 16 + packet.length
    }
    sequence = (sequence + PACKETS_A_PIECE * payload.length) >>> 0
    yield bytes
  }
}

it('hundreds of megabytes, with gaps, are imported in constant memory', () => {
  let read = 0
  let written = 0
  let peak = 0
  let before = 0
  function* measured(): Generator<Uint8Array, void> {
    let pieces = 0
    for (const piece of endlessTalk()) {
      read += piece.length
      const { heapUsed, arrayBuffers } = memoryUsage()
      // Once everything is warm.
      if (++pieces === 30) before = heapUsed + arrayBuffers
      if (pieces > 30) peak = Math.max(peak, heapUsed + arrayBuffers)
      yield piece
    }
  }
  const result = importCapture({
    captures: [{ name: 'endless', pieces: measured }],
    wsPorts: [4433],
    enetPorts: [],
    recording: 'large',
    importedFrom: 'large.pcap',
    sink: { append: (bytes) => void (written += bytes.length) },
  })
  expect(read).toBeGreaterThan(290 * MIB)
  expect(written).toBeGreaterThan(280 * MIB)
  expect(result.damage).toBeUndefined()
  expect(result.messages.heard).toBe(PIECES * (PACKETS_A_PIECE - 1))
  expect(result.findings.find(({ kind }) => kind === 'tcp_missing')?.count).toBe(PIECES)
  expect(peak - before).toBeLessThan(100 * MIB)
})
