/** `overworld export`: a recording as a packet capture, for Wireshark. */
import { existsSync } from 'node:fs'
import type { Entry } from '../../core/index.ts'
import { RecordingFileReader, type RecordingSource } from '../../transports/index.ts'
import { RecordingExport, type ExportedCounts } from '../capture/export-recording.ts'
import { findHeadless } from '../capture/headless.ts'
import { ExitCode, usageError } from '../exit-codes.ts'
import { findVersion } from '../find-version.ts'
import { NewFile } from '../new-file.ts'
import { formatCount, formatNumber } from '../numbers.ts'
import { describeDamage, recordingsAt } from '../recordings.ts'
import type { Subcommand } from '../subcommand.ts'
import type { Terminal } from '../terminal.ts'

export const exportCommand: Subcommand = {
  usage: 'export',
  summary: 'Write a recording as a packet capture, which Wireshark opens',
  examples: [
    ['overworld export recordings --pcapng day.pcapng', 'all recordings in a folder, in one capture'],
    ['tshark -r day.pcapng -Y websocket', 'each message over WebSocket, as Wireshark sees it'],
    ['overworld import day.pcapng', 'and back'],
  ],
  define(command, terminal, exitWith) {
    command
      .argument('<file|dir>', 'a recording, or a folder of them')
      .requiredOption('--pcapng <file>', 'the capture to write')
      .addHelpText('after', EXPORT_EXIT_CODES)
      .action(async (place: string, { pcapng }: { readonly pcapng: string }) => {
        exitWith(await exportAll(place, pcapng, terminal))
      })
  },
}

const EXPORT_EXIT_CODES = `
Messages, addresses, times and close codes are those of the recording. What it does not have is made up: ports,
sequence numbers, masks, handshakes, acknowledgements.

Exit codes: 0 written, 2 bad usage, 4 a file is damaged, or the first one is missing: what is there was written.`

async function exportAll(place: string, file: string, terminal: Terminal): Promise<ExitCode> {
  const sources = recordingsAt(place, terminal.err)
  for (const source of sources) refuseRedacted(source)
  if (existsSync(file)) throw usageError(`--pcapng: ${file} is there already`)
  const { version } = await findVersion()
  let isIntact = true
  const capture = new NewFile(file)
  try {
    const exported = new RecordingExport(`overworld ${version}`, (bytes) => capture.write(bytes))
    for (const source of sources) isIntact = exportOne(source, exported, terminal) && isIntact
    capture.close()
    for (const line of describe(file, exported.counts)) terminal.out(line)
  } catch (error) {
    capture.remove()
    throw error
  }
  return isIntact ? ExitCode.ok : ExitCode.damagedFile
}

function refuseRedacted({ name, files }: RecordingSource): void {
  const reader = new RecordingFileReader(files)
  reader.blocks().next()
  if (reader.header?.isRedacted !== true) return
  throw usageError(`${name} is redacted: it has no messages that could be written; overworld inspect shows what it has`)
}

/** Whether it was intact. */
function exportOne({ name, files }: RecordingSource, exported: RecordingExport, terminal: Terminal): boolean {
  const reader = new RecordingFileReader(files)
  let isFirst = true
  let isWhole = true
  for (const { header, entries } of reader.blocks()) {
    if (isFirst && header !== undefined) {
      const isHeadless = header.part > 0
      if (isHeadless) terminal.err(`${name}: its first file is missing, it begins with its file ${header.part + 1}`)
      exported.begin(header, isHeadless ? findHeadless(entriesOf(new RecordingFileReader(files))) : undefined)
      isWhole = !isHeadless
    }
    isFirst = false
    for (const entry of entries) exported.handle(entry)
    terminal.progress(() => formatCount(exported.counts.packets, 'packet'))
  }
  if (reader.damage === undefined) return isWhole
  terminal.err(describeDamage(reader.damage))
  return false
}

function* entriesOf(reader: RecordingFileReader): Generator<Entry, void> {
  for (const { entries } of reader.blocks()) yield* entries
}

function* describe(file: string, counts: ExportedCounts): Generator<string, void> {
  const { packets, websocket, enet, beganBefore, inProcess, leftOut, missing } = counts
  yield `${file}: ${formatNumber(packets)} packets of ${formatCount(websocket, 'connection')} over WebSocket and ${formatNumber(enet)} over ENet`
  if (beganBefore > 0) {
    yield `${formatCount(beganBefore, 'connection')} had begun before the first file that is there: what they said later was written, as over WebSocket where nothing shows that it was ENet; their addresses are made up`
  }
  if (inProcess > 0)
    yield `${formatCount(inProcess, 'connection')} within the process are on no wire, and were left out`
  if (leftOut > 0) {
    yield `${formatCount(leftOut, 'message')} or closes of connections that were closed already, or never accepted, were left out`
  }
  if (missing > 0)
    yield `${formatNumber(missing)} times the recording says that something is missing: the capture has nothing there`
}
