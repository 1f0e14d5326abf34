/** `overworld import`: what `tcpdump` took on a server's ports becomes a recording. */
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import path from 'node:path'
import { RECORDING_SUFFIX } from '../../transports/index.ts'
import { importCapture, type ImportResult } from '../capture/import-capture.ts'
import { RecordingFile } from '../capture/recording-file.ts'
import { CommandError, ExitCode, usageError } from '../exit-codes.ts'
import { findVersion } from '../find-version.ts'
import { formatCount, formatNumber, formatSeconds } from '../numbers.ts'
import { parsePorts } from '../parse.ts'
import type { Subcommand } from '../subcommand.ts'
import type { Terminal } from '../terminal.ts'

interface ImportCommandOptions {
  readonly wsPort: readonly number[]
  readonly enetPort: readonly number[]
  readonly out?: string
  readonly redact?: boolean
  readonly json?: boolean
}

export const importCommand: Subcommand = {
  usage: 'import',
  summary: "Make a recording of a packet capture, which tcpdump took on a server's ports",
  examples: [
    ['overworld import day.pcap', 'makes day.owrec of it, for overworld inspect'],
    ['tcpdump -i any -s 0 -w day.pcap port 4433 or port 4483', 'takes one, on the machine of the server'],
    [
      'overworld import day.pcapng --ws-port 8080,8081 --enet-port 7777 --out recordings',
      'of other ports, into a folder',
    ],
    ['overworld import day.pcap --json | jq .findings', 'what was missing or unusual, for programs'],
  ],
  define(command, terminal, exitWith) {
    command
      .argument('<capture>', 'a file in the format pcap or pcapng')
      .option('--ws-port <ports>', "the server's ports for WebSocket, such as 4433,8080", parsePorts, [4433])
      .option('--enet-port <ports>', "the server's ports for ENet (UDP)", parsePorts, [4483])
      .option('--out <file|dir>', `a file *${RECORDING_SUFFIX}, or a folder (default: the capture's name, here)`)
      .option('--redact', 'keep tokens as aliases and messages as their lengths')
      .option('--json', 'end with the result as one JSON object; everything else goes to standard error')
      .addHelpText('after', IMPORT_EXIT_CODES)
      .action(async (capture: string, options: ImportCommandOptions) => {
        exitWith(await importOne(capture, options, terminal))
      })
  },
}

const IMPORT_EXIT_CODES = `
It has what went over the wire: overworld inspect shows it; it cannot be replayed exactly, for what the server
drew by chance and its timers are not in it. What is missing in the capture is named, in it too.

Exit codes: 0 imported, 2 bad usage, 4 a damaged capture, whose intact part was imported, or one without the ports.`

const PIECE_BYTES = 256 * 1024

async function importOne(capture: string, options: ImportCommandOptions, terminal: Terminal): Promise<ExitCode> {
  if (!existsSync(capture)) throw usageError(`there is no file ${capture}`)
  if (statSync(capture).isDirectory()) throw usageError(`${capture} is a folder: name one capture`)
  const name = path.parse(capture).name
  const file = new RecordingFile(options.out ?? `${name}${RECORDING_SUFFIX}`, name)
  const result = importCapture({
    pieces: piecesOf(capture),
    wsPorts: options.wsPort,
    enetPorts: options.enetPort,
    sink: file,
    recording: `${name}-${randomBytes(4).toString('hex')}`,
    importedFrom: path.basename(capture),
    ...(await findVersion()),
    ...(file.isSingle ? { partBytesMax: Infinity } : {}),
    isRedacted: options.redact === true,
    onPacket(packets) {
      refuseFailed(file)
      terminal.progress(() => formatCount(packets, 'packet'))
    },
  })
  file.close()
  refuseFailed(file)
  const say = options.json === true ? terminal.err : terminal.out
  for (const line of describe(capture, result, file.files)) say(line)
  const problem = problemOf(capture, result, options)
  if (problem !== undefined) terminal.err(problem)
  if (options.json === true) terminal.out(JSON.stringify({ ...toJson(result), files: file.files }))
  return problem === undefined ? ExitCode.ok : ExitCode.damagedFile
}

function refuseFailed({ failure }: RecordingFile): void {
  if (failure !== undefined) throw new CommandError(ExitCode.failed, `it could not be written: ${failure.message}`)
}

function* piecesOf(file: string): Generator<Uint8Array, void> {
  const descriptor = openSync(file, 'r')
  try {
    for (;;) {
      const piece = new Uint8Array(PIECE_BYTES)
      const count = readSync(descriptor, piece, 0, piece.length, null)
      if (count === 0) return
      yield piece.subarray(0, count)
    }
  } finally {
    closeSync(descriptor)
  }
}

function* describe(capture: string, result: ImportResult, files: readonly string[]): Generator<string, void> {
  const { packets, ownPackets, seconds, connections, messages, findings } = result
  yield `${capture}: ${formatCount(packets, 'packet')} in ${formatSeconds(seconds)}, ${formatNumber(ownPackets)} of them on the server's ports`
  if (files.length === 0) return
  const { websocket, enet } = connections
  const { heard, said } = messages
  yield `${formatCount(websocket, 'connection')} over WebSocket and ${formatNumber(enet)} over ENet, ${formatCount(heard, 'message')} heard and ${formatNumber(said)} sent`
  for (const { count, text, where } of findings) {
    yield `${formatNumber(count).padStart(9)}  ${text}`
    for (const place of where) yield `${' '.repeat(13)}${place}`
  }
  yield `written to ${files.join(', ')}`
}

/** What was read up to where; undefined: all was well. */
function problemOf(capture: string, result: ImportResult, options: ImportCommandOptions): string | undefined {
  const { damage, packets, ownPackets, bytesRead, otherPorts } = result
  if (damage?.kind === 'empty' || damage?.kind === 'no_capture') return `error: ${capture}: ${damage.message}`
  const problems: string[] = []
  if (damage !== undefined) {
    problems.push(`${capture} is damaged: ${damage.message}; the ${formatNumber(damage.at)} bytes before it were used`)
  }
  if (ownPackets === 0) {
    const wanted = [
      ...options.wsPort.map((port) => `TCP port ${port}`),
      ...options.enetPort.map((port) => `UDP port ${port}`),
    ]
    const others = otherPorts.length === 0 ? '' : `; there are packets of ${otherPorts.join(', ')}`
    const read = `${formatCount(packets, 'packet')} (${formatNumber(bytesRead)} bytes) read`
    problems.push(
      `${capture}: ${read}, and none of them is of ${wanted.join(' or ')}${others}: say --ws-port and --enet-port`,
    )
  }
  return problems.length === 0 ? undefined : `error: ${problems.join('\n')}`
}

function toJson({ damage, ...result }: ImportResult): object {
  return { ...result, damage: damage ?? null }
}
