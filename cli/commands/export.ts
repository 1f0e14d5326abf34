/** `overworld export`: a recording as a packet capture, for Wireshark. */
import { existsSync } from 'node:fs'
import { RecordingFileReader, type RecordingSource } from '../../transports/index.ts'
import { RecordingExport, type ExportedCounts } from '../capture/export-recording.ts'
import { findHeadless } from '../capture/headless.ts'
import { CommandError, ExitCode, usageError } from '../exit-codes.ts'
import { findVersion } from '../find-version.ts'
import { NewFile } from '../new-file.ts'
import { formatCount, formatNumber } from '../numbers.ts'
import { describeDamage, recordingsAt } from '../recordings.ts'
import { watchForStop } from '../stop-signal.ts'
import type { Subcommand } from '../subcommand.ts'
import type { Terminal } from '../terminal.ts'
import { orRemove, takeSteps } from '../until-stopped.ts'

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

Exit codes: 0 written, 2 bad usage, 4 a file is damaged, or the first one is missing: what is there was written
(none where nothing could be read); 130 and 143 stopped by a signal, which leaves no file behind.`

async function exportAll(place: string, file: string, terminal: Terminal): Promise<ExitCode> {
  const sources = recordingsAt(place, terminal.err)
  for (const source of sources) refuseRedacted(source)
  if (existsSync(file)) throw usageError(`--pcapng: ${file} is there already`)
  const { version } = await findVersion()
  const stop = watchForStop()
  const capture = new NewFile(file)
  try {
    return await orRemove(
      () => capture.remove(),
      async () => {
        const exported = new RecordingExport(`overworld ${version}`, (bytes) => capture.write(bytes))
        const { read, isIntact } = await takeSteps(exportSources(sources, exported, terminal), stop)
        // Of recordings that cannot be read there is no capture, as there is none of those that are not there.
        if (read === 0) throw new CommandError(ExitCode.damagedFile, `${file} was not written: nothing could be read`)
        capture.close()
        for (const line of describe(file, exported.counts)) terminal.out(line)
        return isIntact ? ExitCode.ok : ExitCode.damagedFile
      },
    )
  } finally {
    stop.end()
  }
}

/** `read`: how many of the recordings could be, in part at least. */
function* exportSources(
  sources: readonly RecordingSource[],
  exported: RecordingExport,
  terminal: Terminal,
): Generator<void, { readonly read: number; readonly isIntact: boolean }> {
  let read = 0
  let isIntact = true
  for (const source of sources) {
    const one = yield* exportOne(source, exported, terminal)
    if (one.isRead) read++
    isIntact &&= one.isIntact
  }
  return { read, isIntact }
}

function refuseRedacted({ name, files }: RecordingSource): void {
  const reader = new RecordingFileReader(files)
  reader.blocks().next()
  if (reader.header?.isRedacted !== true) return
  throw usageError(`${name} is redacted: it has no messages that could be written; overworld inspect shows what it has`)
}

function* exportOne(
  { name, files }: RecordingSource,
  exported: RecordingExport,
  terminal: Terminal,
): Generator<void, { readonly isRead: boolean; readonly isIntact: boolean }> {
  const reader = new RecordingFileReader(files)
  let isFirst = true
  let isWhole = true
  for (const { header, entries } of reader.blocks()) {
    if (isFirst && header !== undefined) {
      const isHeadless = header.part > 0
      if (isHeadless) terminal.err(`${name}: its first file is missing, it begins with its file ${header.part + 1}`)
      exported.begin(header, isHeadless ? yield* findHeadless(new RecordingFileReader(files).blocks()) : undefined)
      isWhole = !isHeadless
    }
    isFirst = false
    for (const entry of entries) exported.handle(entry)
    terminal.progress(() => formatCount(exported.counts.packets, 'packet'))
    yield
  }
  if (reader.damage !== undefined) terminal.err(describeDamage(reader.damage))
  return { isRead: !isFirst, isIntact: isWhole && reader.damage === undefined }
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
