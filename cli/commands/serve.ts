/** `overworld serve`: the reference apps, or a program of the user's own, on real sockets, until a signal comes. */
import { lookup } from 'node:dns/promises'
import { accessSync, constants } from 'node:fs'
import { isIP } from 'node:net'
import path from 'node:path'
import process from 'node:process'
import { Option } from 'commander'
import {
  describeReport,
  OverworldError,
  strictProgram,
  type ServerDefaults,
  type ServerOptions,
} from '../../core/index.ts'
import { readServerOptions } from '../../core/options.ts'
import { CommandError, ExitCode, usageError } from '../exit-codes.ts'
import { readText } from '../kept-file.ts'
import { formatCount } from '../numbers.ts'
import { appendTo, parseCount, parseDuration, parsePort, parseTimeout } from '../parse.ts'
import { findVersion } from '../find-version.ts'
import { guarded, loadOwnProgram } from '../load-program.ts'
import { createProductionServer, type ProductionOptions, type ProductionServer } from '../server/production-server.ts'
import { referenceProgram, type ServedConfiguration } from '../server/reference-program.ts'
import { stopSignal, type StopSignal } from '../stop-signal.ts'
import type { Subcommand } from '../subcommand.ts'
import { writeError } from '../system-errors.ts'
import { linesOf, type Terminal } from '../terminal.ts'
import { makeFolder } from '../../transports/make-folder.ts'

interface ServeOptions {
  readonly host: string
  readonly ws: boolean
  readonly wsPort: number | undefined
  readonly enet: boolean
  readonly enetPort: number
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly allowedOrigin?: readonly string[]
  readonly trustedProxy?: readonly string[]
  readonly metricsPort?: number
  readonly metricsHost: string
  readonly maxSessions?: number
  readonly disconnectTimeout?: number
  readonly livenessTimeout?: number
  readonly beaconInterval?: number
  readonly drain: number
  readonly record?: string
  readonly redact?: boolean
}

/** For the last lines of the log. */
const LAST_LINES_MS = 1_000

export const serveCommand: Subcommand = {
  usage: 'serve',
  summary: 'Serve your own program, or the chat and the arena, over WebSocket and ENet',
  examples: [
    ['overworld serve', 'ws://127.0.0.1:4433/ws and enet://127.0.0.1:4483, for programs on this machine'],
    ['overworld serve --host 0.0.0.0 --tls-cert cert.pem --tls-key key.pem', 'for everybody, with wss:// on port 4434'],
    ['overworld serve --ws-port 0 --enet-port 0', 'on free ports; the lines printed say which'],
    ['overworld serve ./my-server.js --max-sessions 500', 'your own server program, with any of the options'],
    ['overworld serve --record recordings', 'everything that happens, for `overworld replay recordings`'],
    ['curl http://127.0.0.1:4433/metrics', 'the counters, for Prometheus; /healthz is for load balancers'],
    ['overworld serve --metrics-port 9100', 'the counters on another port, for this machine only'],
  ],
  define(command, terminal, exitWith) {
    command
      .argument('[program]', 'a module with your own server program (default: the chat and the arena)')
      .option('--host <address>', 'where to listen; 0.0.0.0 is every network', '127.0.0.1')
      .option('--ws-port <port>', 'for WebSocket, /healthz and /metrics (default: 4433, with TLS 4434)', parsePort)
      .option('--no-ws', 'no WebSocket, and so neither /healthz nor /metrics')
      .option('--enet-port <port>', 'for ENet (UDP)', parsePort, 4483)
      .option('--no-enet', 'no ENet')
      .option('--tls-cert <file>', 'PEM file of the certificate: wss:// instead of ws://')
      .option('--tls-key <file>', 'PEM file of its key')
      .option('--allowed-origin <origin>', 'pages that may connect (repeatable; default: all)', appendTo)
      .option('--trusted-proxy <range>', 'whose X-Forwarded-For is believed, such as 10.0.0.0/8 (repeatable)', appendTo)
      .option('--metrics-port <port>', '/metrics on a port of its own, instead of the WebSocket port', parsePort)
      .option('--metrics-host <address>', 'where that port listens', '127.0.0.1')
      .option('--max-sessions <number>', 'further clients are closed with 4010 (default: 10000)', parseCount)
      .option(
        '--disconnect-timeout <duration>',
        'how long a session outlives its connection (default: 5s)',
        parseTimeout,
      )
      .option(
        '--liveness-timeout <duration>',
        'how long a connection may be silent; 0: for ever (default: 10s)',
        parseDuration,
      )
      .option(
        '--beacon-interval <duration>',
        'how often each client gets a beacon, 250ms to 2s (default: 1s)',
        parseDuration,
      )
      .addOption(
        new Option('--drain <duration>', 'how long sessions may go on after SIGTERM or SIGINT')
          .argParser(parseDuration)
          .default(10_000, '10s'),
      )
      .option('--record <dir>', 'write down everything that happens, for `overworld replay`; it has tokens in it')
      .option('--redact', 'record tokens as aliases and messages as their lengths: to look at, not to replay')
      .addHelpText('after', SERVE_HELP)
      .action(async (program: string | undefined, options: ServeOptions) => {
        exitWith(await serve(program, options, terminal))
      })
  },
}

const SERVE_HELP = `
A program is what a module exports by default, { apps, boot(parts) }, or the \`program\` of what it exports. It listens at the
addresses that it is given (\`for (const address of addresses) server.listen(network, address)\`). --max-sessions and the
timeouts count where the program's own createServer says nothing of them; so do reports go to the log. docs/recording.md
has an example.

A first SIGTERM or SIGINT drains, a second ends at once.`

async function serve(file: string | undefined, options: ServeOptions, terminal: Terminal): Promise<ExitCode> {
  terminal.outlive?.()
  const server = serverOptionsOf(options)
  // What is wrong with a flag is not said of the program.
  readServerOptions({}, server)
  const addresses = addressesOf(options, await resolveHost(options.host))
  const configuration = { addresses, server, ...(file !== undefined && { program: file }) }
  const request: ProductionOptions = {
    program: referenceProgram(configuration),
    addresses,
    tls: tlsOf(options),
    allowedOrigins: options.allowedOrigin,
    trustedProxies: options.trustedProxy,
    metrics: metricsOf(options),
    server,
    onReport: (report) => say(terminal, describeReport(report)),
    onError: (error) => say(terminal, describeError(error)),
    recordTo: await recordingOf(options, configuration, terminal),
  }
  if (file === undefined) return await serveUntilStopped(request, options, terminal)
  try {
    const program = guarded(strictProgram(await loadOwnProgram(file, file)), file)
    return await serveUntilStopped({ ...request, program }, options, terminal)
  } finally {
    // Timers and sockets of the user's module must not keep a process whose work is done.
    terminal.leave?.(LAST_LINES_MS)
  }
}

async function serveUntilStopped(
  request: ProductionOptions,
  options: ServeOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const production = createProductionServer(request)
  for (const line of overriddenFlags(options, production.server.options)) terminal.err(line)
  if (production.recording !== undefined) terminal.err(`recording to ${options.record}/${production.recording}-*.owrec`)
  const signal = stopSignal()
  const idle = nothingLeftToDo()
  try {
    const { addresses, metrics } = await production.listen()
    for (const address of addresses) terminal.out(`listening on ${address}`)
    for (const address of request.addresses) {
      if (!production.listensAt(address)) terminal.err(`the program does not listen at ${address}`)
    }
    if (metrics !== undefined) terminal.out(`metrics on ${metrics}`)
  } catch (error) {
    await production.stop()
    if (error instanceof OverworldError) throw error
    throw new CommandError(ExitCode.failed, explainListening(error))
  }
  const received = await Promise.race([signal, idle])
  try {
    const code = await drainAfter(received, production, options.drain, terminal)
    // A reader that has stopped reading must not keep a server that has drained.
    if ((await terminal.written?.(LAST_LINES_MS)) === false) process.exit(code)
    return code
  } catch (error) {
    // Whatever went wrong, open sockets must not keep a server that was told to stop.
    say(terminal, describeError(error))
    process.exit(ExitCode.failed)
  }
}

/** Resolves once the process would end by itself: the program has stopped its server. */
function nothingLeftToDo(): Promise<undefined> {
  return new Promise((resolve) => process.once('beforeExit', () => resolve(undefined)))
}

/** ENet listens on IPv4 addresses in digits only, so that `localhost` means one and the same for both. */
async function resolveHost(host: string): Promise<string> {
  if (isIP(host) !== 0) return host
  try {
    return (await lookup(host, { family: 4 })).address
  } catch (error) {
    throw usageError(`--host ${host}: ${(error as Error).message}`)
  }
}

function addressesOf({ ws, enet, wsPort, enetPort, tlsCert }: ServeOptions, host: string): string[] {
  if (!ws && !enet) throw usageError('--no-ws and --no-enet leave nothing to serve')
  if (enet && host.includes(':')) throw usageError(`--host ${host}: ENet knows no IPv6, add --no-enet`)
  const authority = host.includes(':') ? `[${host}]` : host
  const addresses: string[] = []
  if (ws && tlsCert === undefined) addresses.push(`ws://${authority}:${wsPort ?? 4433}/ws`)
  if (ws && tlsCert !== undefined) addresses.push(`wss://${authority}:${wsPort ?? 4434}/ws`)
  if (enet) addresses.push(`enet://${authority}:${enetPort}`)
  return addresses
}

function tlsOf({ tlsCert, tlsKey }: ServeOptions): { certFile: string; keyFile: string } | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined
  if (tlsCert === undefined || tlsKey === undefined) {
    throw usageError('TLS takes both --tls-cert and --tls-key')
  }
  // Said now, with the name of the file: what listening throws is about ports.
  readText(tlsCert)
  readText(tlsKey)
  return { certFile: tlsCert, keyFile: tlsKey }
}

function metricsOf({ metricsHost: host, metricsPort: port }: ServeOptions): ProductionOptions['metrics'] {
  return port === undefined ? undefined : { host, port }
}

function serverOptionsOf({
  disconnectTimeout,
  livenessTimeout,
  beaconInterval,
  maxSessions,
}: ServeOptions): Omit<ServerDefaults, 'onReport'> {
  return {
    ...(disconnectTimeout !== undefined && { disconnectTimeout }),
    ...(livenessTimeout !== undefined && { livenessTimeout }),
    ...(beaconInterval !== undefined && { beaconIntervalMs: beaconInterval }),
    // Twice as many connections, so that who comes back finds a place beside the connection that it lost.
    ...(maxSessions !== undefined && { limits: { sessions: maxSessions, connections: 2 * maxSessions } }),
  }
}

/** Flags that have no effect, since the program's own `createServer` says otherwise. */
function overriddenFlags(
  { maxSessions, disconnectTimeout, livenessTimeout, beaconInterval }: ServeOptions,
  options: ServerOptions,
): readonly string[] {
  const flags: readonly (readonly [flag: string, value: number | undefined, option: string, inForce: number])[] = [
    ['--max-sessions', maxSessions, 'limits.sessions', options.limits.sessions],
    ['--disconnect-timeout', disconnectTimeout, 'disconnectTimeout', options.disconnectTimeout],
    ['--liveness-timeout', livenessTimeout, 'livenessTimeout', options.livenessTimeout],
    ['--beacon-interval', beaconInterval, 'beaconIntervalMs', options.beaconIntervalMs],
  ]
  return flags.flatMap(([flag, value, option, inForce]) =>
    value === undefined || value === inForce
      ? []
      : [`${flag} has no effect: the program itself says ${option}: ${inForce}`],
  )
}

async function drainAfter(
  signal: StopSignal | undefined,
  production: ProductionServer,
  drainMs: number,
  terminal: Terminal,
): Promise<ExitCode> {
  if (signal === undefined) {
    await production.drain(0)
    terminal.err(`${timestamp()} the program has stopped its server`)
    return ExitCode.ok
  }
  const { sessionsConnected, sessionsDisconnected } = production.server.stats()
  const sessions = sessionsConnected + sessionsDisconnected
  terminal.err(
    `${timestamp()} ${signal}: draining ${formatCount(sessions, 'session')} for up to ${drainMs / 1000} s; again to end at once`,
  )
  await production.drain(drainMs)
  terminal.err(`${timestamp()} drained`)
  return ExitCode.ok
}

async function recordingOf(
  { record: folder, redact = false }: ServeOptions,
  configuration: ServedConfiguration,
  terminal: Terminal,
): Promise<ProductionOptions['recordTo']> {
  if (folder === undefined) {
    if (redact) throw usageError('--redact is for --record')
    return undefined
  }
  try {
    makeFolder(folder, 0o700)
    accessSync(folder, constants.W_OK)
  } catch (error) {
    throw writeError(folder, error)
  }
  const onWarning = (warning: string): void => terminal.err(`${timestamp()} ${warning}`)
  const { program } = configuration
  const version = await (program === undefined ? findVersion() : findVersion(path.dirname(path.resolve(program))))
  return { folder, isRedacted: redact, onWarning, configuration, ...version }
}

function explainListening(error: unknown): string {
  const { code, message, port } = error as NodeJS.ErrnoException & { readonly port?: number }
  if (code === 'EADDRINUSE')
    return `${message}; choose another port with --ws-port, --enet-port or --metrics-port, ${port ?? 'this one'} is taken`
  if (code === 'EACCES') return `${message}; ports below 1024 may need privileges`
  return message
}

function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function say(terminal: Terminal, text: string): void {
  const [first = '', ...rest] = linesOf(text)
  terminal.err(`${timestamp()} ${first}`)
  for (const line of rest) terminal.err(line)
}

function timestamp(): string {
  return new Date().toISOString()
}
