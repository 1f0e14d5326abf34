/** Imports a capture that is in memory. */
import { BlockReader, type Entry, type RecordingHeader } from 'overworld'
import { importCapture, type ImportResult } from '../../cli/capture/import-capture.ts'

export interface Imported {
  readonly result: ImportResult
  readonly entries: readonly Entry[]
  readonly header: RecordingHeader | undefined
  /** Kind to how many. */
  readonly findings: Readonly<Record<string, number>>
}

export interface ImportSettings {
  readonly wsPorts?: readonly number[]
  readonly enetPorts?: readonly number[]
  /** The capture comes in pieces of so many bytes. */
  readonly pieceBytes?: number
}

export function importBytes(capture: Uint8Array, settings: ImportSettings = {}): Imported {
  const { wsPorts = [4433], enetPorts = [4483], pieceBytes = capture.length } = settings
  const pieces: Uint8Array[] = []
  for (let at = 0; at < capture.length; at += pieceBytes) pieces.push(capture.slice(at, at + pieceBytes))
  const reader = new BlockReader()
  const entries: Entry[] = []
  let header: RecordingHeader | undefined
  const result = importCapture({
    captures: [{ name: 'test.pcap', pieces: () => pieces }],
    wsPorts,
    enetPorts,
    recording: 'test',
    importedFrom: 'test.pcap',
    sink: {
      append(bytes) {
        for (const block of reader.push(bytes)) {
          header ??= block.header
          entries.push(...block.entries)
        }
      },
    },
  })
  if (reader.damage !== undefined) throw new Error(`the recording is damaged: ${reader.damage.message}`)
  const findings = Object.fromEntries(result.findings.map(({ kind, count }) => [kind, count]))
  return { result, entries, header, findings }
}
