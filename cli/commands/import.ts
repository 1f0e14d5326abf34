/** `overworld import`: what `tcpdump` took on a server's ports becomes a recording. */
import { randomBytes } from 'node:crypto'
import { closeSync, readSync } from 'node:fs'
import path from 'node:path'
import { RECORDING_SUFFIX } from '../../transports/index.ts'
import type { FindingKind } from '../capture/findings.ts'
import { isGzip, unpack } from '../capture/gunzip.ts'
import { importSteps, type ImportResult } from '../capture/import-capture.ts'
import type { CaptureSource } from '../capture/merged-captures.ts'
import type { CaptureDamage } from '../capture/packet.ts'
import { RecordingFile } from '../capture/recording-file.ts'
import { CommandError, ExitCode, usageError } from '../exit-codes.ts'
import { findVersion } from '../find-version.ts'
import { openToRead, statNamed } from '../kept-file.ts'
import { formatCount, formatNumber, formatSeconds } from '../numbers.ts'
import { parsePorts } from '../parse.ts'
import { watchForStop, type StopWatch } from '../stop-signal.ts'
import type { Subcommand } from '../subcommand.ts'
import { describeSystemError, isSystemError } from '../system-errors.ts'
import type { Terminal } from '../terminal.ts'
import { orRemove, refuseStopped, takeSteps } from '../until-stopped.ts'

interface ImportCommandOptions {
  readonly wsPort: readonly number[]
  readonly enetPort: readonly number[]
  readonly out?: string
  readonly redact?: boolean
  readonly json?: boolean
}

export const importCommand: Subcommand = {
  usage: 'import',
  summary: "Make a recording of packet captures, which tcpdump took on a server's ports",
  examples: [
    ['overworld import day.pcap', 'makes day.owrec of it, for overworld inspect'],
    ['tcpdump -i any -s 0 -w day.pcap port 4433 or port 4483', 'takes one, on the machine of the server'],
    [
      'overworld import day.pcapng --ws-port 8080,8081 --enet-port 7777 --out recordings',
      'of other ports, into a folder',
    ],
    ['overworld import day.pcap0 day.pcap1 day.pcap2.gz', 'files of one tcpdump that were rotated, also packed'],
    ['overworld import day.pcap --json | jq .findings', 'what was missing or unusual, for programs'],
  ],
  define(command, terminal, exitWith) {
    command
      .argument('<captures...>', 'files in the format pcap or pcapng, also packed with gzip')
      .option('--ws-port <ports>', "the server's ports for WebSocket, such as 4433,8080", parsePorts, [4433])
      .option('--enet-port <ports>', "the server's ports for ENet (UDP)", parsePorts, [4483])
      .option('--out <file|dir>', `a file *${RECORDING_SUFFIX}, or a folder (default: the first capture's name, here)`)
      .option('--redact', 'keep tokens as aliases and messages as their lengths')
      .option('--json', 'end with the result as one JSON object; everything else goes to standard error')
      .addHelpText('after', IMPORT_EXIT_CODES)
      .action(async (captures: string[], options: ImportCommandOptions) => {
        exitWith(await importAll(captures, options, terminal))
      })
  },
}

const IMPORT_EXIT_CODES = `
It has what went over the wire: overworld inspect shows it; it cannot be replayed exactly, for what the server
drew by chance and its timers are not in it. What is missing in the capture is named, in it too.
Several captures become one recording, in the order of their times: a connection may begin in one and end in another.

Exit codes: 0 imported, 2 bad usage, 4 a damaged capture, whose intact parts were imported, or none with the ports;
130 and 143 stopped by a signal, which leaves no file behind.`

const PIECE_BYTES = 256 * 1024

async function importAll(
  captures: readonly string[],
  options: ImportCommandOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const opened: OpenCapture[] = []
  const stop = watchForStop()
  try {
    for (const capture of captures) opened.push(await open(capture, stop))
    return await importOpened(opened, options, terminal, stop)
  } finally {
    stop.end()
    for (const { descriptor } of opened) if (descriptor !== undefined) closeSync(descriptor)
  }
}

interface OpenCapture extends CaptureSource {
  /** Of what was unpacked. */
  readonly descriptor: number | undefined
}

async function open(capture: string, stop: StopWatch): Promise<OpenCapture> {
  if (statNamed(capture).isDirectory()) throw usageError(`${capture} is a folder: name captures`)
  if (!isGzip(capture)) return { name: capture, descriptor: undefined, pieces: () => piecesOf(capture) }
  const { descriptor, problem } = await unpack(capture, () => refuseStopped(stop))
  return { name: capture, descriptor, pieces: () => piecesOfUnpacked(descriptor, problem) }
}

async function importOpened(
  captures: readonly CaptureSource[],
  options: ImportCommandOptions,
  terminal: Terminal,
  stop: StopWatch,
): Promise<ExitCode> {
  const [first = ''] = captures.map(({ name }) => name)
  const name = path.parse(first.replace(/\.gz$/i, '')).name
  const file = new RecordingFile(options.out ?? `${name}${RECORDING_SUFFIX}`, name)
  const steps = importSteps({
    captures,
    wsPorts: options.wsPort,
    enetPorts: options.enetPort,
    sink: file,
    recording: `${name}-${randomBytes(4).toString('hex')}`,
    importedFrom: captures.map((capture) => path.basename(capture.name)).join(', '),
    ...(await findVersion()),
    ...(file.isSingle ? { partBytesMax: Infinity } : {}),
    isRedacted: options.redact === true,
    onPacket(packets) {
      refuseFailed(file)
      terminal.progress(() => formatCount(packets, 'packet'))
    },
  })
  const result = await orRemove(
    () => file.remove(),
    async () => {
      const taken = await takeSteps(steps, stop)
      file.close()
      refuseFailed(file)
      return taken
    },
  )
  const say = options.json === true ? terminal.err : terminal.out
  for (const line of describe(result, file.files)) say(line)
  const problems = problemsOf(result, options)
  for (const [at, problem] of problems.entries()) terminal.err(at === 0 ? `error: ${problem}` : problem)
  if (options.json === true) terminal.out(JSON.stringify({ ...toJson(result), files: file.files }))
  return problems.length === 0 ? ExitCode.ok : ExitCode.damagedFile
}

function refuseFailed(file: RecordingFile): void {
  if (file.failure === undefined) return
  const { cause } = file.failure
  if (!isSystemError(cause)) throw file.failure
  const where = cause.path === undefined ? '' : ` (${cause.path})`
  throw new CommandError(ExitCode.failed, `it could not be written: ${describeSystemError(cause)}${where}`)
}

function* piecesOf(file: string): Generator<Uint8Array, void> {
  const descriptor = openToRead(file)
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

/** Throws, after what could be unpacked, why the rest could not. */
function* piecesOfUnpacked(descriptor: number, problem: string | undefined): Generator<Uint8Array, void> {
  for (let at = 0; ;) {
    const piece = new Uint8Array(PIECE_BYTES)
    const count = readSync(descriptor, piece, 0, piece.length, at)
    if (count === 0) break
    at += count
    yield piece.subarray(0, count)
  }
  if (problem !== undefined) throw new Error(`it cannot be unpacked: ${problem}`)
}

function* describe(result: ImportResult, files: readonly string[]): Generator<string, void> {
  const { packets, ownPackets, seconds, connections, messages, findings, captures } = result
  for (const { name, packets: some } of captures.length > 1 ? captures : []) {
    yield `${name}: ${formatCount(some, 'packet')}`
  }
  const names = captures.length > 1 ? `${captures.length} captures` : captures.map(({ name }) => name).join('')
  yield `${names}: ${formatCount(packets, 'packet')} in ${formatSeconds(seconds)}, ${formatNumber(ownPackets)} of them on the server's ports`
  const { websocket, enet } = connections
  const { heard, said } = messages
  if (files.length > 0) {
    yield `${formatCount(websocket, 'connection')} over WebSocket and ${formatNumber(enet)} over ENet, ${formatCount(heard, 'message')} heard and ${formatNumber(said)} sent`
  }
  for (const { count, text, where } of findings) {
    yield `${formatNumber(count).padStart(9)}  ${text}`
    for (const place of where) yield `${' '.repeat(13)}${place}`
  }
  if (files.length > 0) yield `written to ${files.join(', ')}`
}

/** What was read up to where, and why nothing came of it. */
function problemsOf(result: ImportResult, options: ImportCommandOptions): readonly string[] {
  const { captures, packets, ownPackets } = result
  const problems = captures.flatMap(({ name, damage }) => (damage === undefined ? [] : [describeDamage(name, damage)]))
  if (ownPackets > 0 || (packets === 0 && problems.length > 0)) return problems
  const names = captures.map(({ name }) => name).join(', ')
  return [...problems, `${names}: ${whyNothing(result, options)}`]
}

function describeDamage(capture: string, { kind, at, message, resumedAt }: CaptureDamage): string {
  if (kind === 'empty' || kind === 'no_capture' || at === 0) return `${capture}: ${message}`
  const before = `the ${formatNumber(at)} bytes before it were used`
  const after = resumedAt === undefined ? '' : `, and so was what could be read from byte ${formatNumber(resumedAt)} on`
  return `${capture} is damaged: ${message}; ${before}${after}`
}

/** These leave out packets that may be of the server's ports. */
const HIDING: ReadonlySet<FindingKind> = new Set([
  'links_unknown',
  'not_read',
  'packets_cut',
  'packets_unreadable',
  'fragments_incomplete',
])

function whyNothing(result: ImportResult, options: ImportCommandOptions): string {
  const { packets, bytesRead, otherPorts, findings } = result
  const wanted = [
    ...options.wsPort.map((port) => `TCP port ${port}`),
    ...options.enetPort.map((port) => `UDP port ${port}`),
  ]
  const read = `${formatCount(packets, 'packet')} (${formatNumber(bytesRead)} bytes) read, and none of them is of ${wanted.join(' or ')}`
  const hidden = findings
    .filter(({ kind }) => HIDING.has(kind))
    .map(
      ({ count, text, where }) => `${formatNumber(count)} ${text}${where.length === 0 ? '' : ` (${where.join(', ')})`}`,
    )
  const hint = `; there are packets of ${otherPorts.join(', ')}: say --ws-port and --enet-port`
  const reasons = hidden.length === 0 ? '' : `; ${hidden.join('; ')}`
  if (otherPorts.length === 0) return `${read}${reasons === '' ? ': there is no TCP and no UDP in it' : reasons}`
  return `${read}${reasons}${hint}`
}

function toJson({ damage, ...result }: ImportResult): object {
  return { ...result, damage: damage ?? null }
}
