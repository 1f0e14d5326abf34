/** A recording, as bytes, of conversations as data. */
import type { Entry } from 'overworld'
import { ImportedRecording, type ImportedConnection } from '../../cli/capture/imported-recording.ts'
import { STARTED_AT } from './made-up.ts'

const ADDRESSES = { websocket: 'ws://127.0.0.1:8080/game', enet: 'enet://0.0.0.0:7777' } as const

export function recordingOf(
  entries: readonly Entry[],
  addresses: readonly string[] = Object.values(ADDRESSES),
): Uint8Array {
  return new Uint8Array(Buffer.concat(partsOf(entries, Infinity, addresses)))
}

/** Its files, each of at least `partBytesMax`. */
export function partsOf(
  entries: readonly Entry[],
  partBytesMax: number,
  addresses: readonly string[] = Object.values(ADDRESSES),
): readonly Uint8Array[] {
  const parts: Uint8Array[][] = []
  const recording = new ImportedRecording({
    sink: {
      append(bytes, startsPart) {
        if (startsPart) parts.push([])
        parts.at(-1)?.push(bytes)
      },
    },
    partBytesMax,
    recording: 'test',
    importedFrom: 'a test',
    startedAt: STARTED_AT,
    addresses,
  })
  const connections = new Map<number, ImportedConnection>()
  for (const entry of entries) {
    if ('atMs' in entry) recording.advanceTo(entry.atMs)
    const connection = 'connection' in entry ? connections.get(entry.connection) : undefined
    if (entry.kind === 'accepted' && entry.transport !== 'in-process') {
      const scheme = entry.transport === 'enet' ? 'enet:' : 'ws'
      const at = addresses.find((address) => address.startsWith(scheme)) ?? ''
      connections.set(entry.connection, recording.accept(at, entry.address))
    } else if (entry.kind === 'message') connection?.heard(entry.bytes, entry.delivery)
    else if (entry.kind === 'ignored') connection?.ignored('text_frame')
    else if (entry.kind === 'sent') connection?.said(entry.bytes, entry.delivery)
    else if (entry.kind === 'close') connection?.close(entry.code, entry.reason)
    else if (entry.kind === 'closed') connection?.closed(entry.code, entry.reason)
  }
  recording.end('the test is over')
  return parts.map((blocks) => new Uint8Array(Buffer.concat(blocks)))
}
