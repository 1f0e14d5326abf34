/**
 * Makes a scenario of a recording: its clients say what they said when they said it, come and go as they did, and the
 * server's own code does what was called from outside. Over the links of a scenario that says nothing of its own, all of
 * it reaches the server when it did then, to the millisecond.
 *
 * What cannot be done again is left out, and named: `omissions`.
 */
import { OverworldError, type AnyApp } from '../../core/index.ts'
import {
  type BootData,
  type Entry,
  type RecordingHeader,
  isSet,
  type Payload,
  type ValueData,
} from '../../recording/index.ts'
import { encodeBase64 } from '../base64.ts'
import { fromJsonMessage, toJsonMessage } from '../json-message.ts'
import { prefixOf } from '../observer/wire.ts'
import {
  DEFAULT_LINK,
  DIAL_MS,
  GOODBYE_MS,
  type ClientSetup,
  type Scenario,
  type ServerSetup,
  type Step,
  type StepAction,
  type TransportChoice,
} from '../scenario.ts'
import type { SimulatedApp } from '../simulated-app.ts'
import { historyOf, readHistory, type ReadHistory } from './read-history.ts'
import type { RecordedHistory } from './recorded-history.ts'
import { noticeBoot, readOptions, serverOptionsOf, toTimeout } from './server-configuration.ts'
import { findQuietTimes, QUIET_MS_MAX } from './quiet-times.ts'
import {
  readClients,
  type Recorded,
  type RecordedCall,
  type RecordedClient,
  type RecordedEvent,
} from './recorded-clients.ts'

export interface RecordingScenarioOptions {
  readonly header: RecordingHeader
  readonly entries: Iterable<Entry>
  /** The apps that say what the messages mean, and take part in the run. */
  readonly apps: readonly AnyApp[]
  /**
   * The server of the run is the program that was recorded, or what has become of it (`appsOfProgram`): it has options of
   * its own, and its commands are run again. Default false.
   */
  readonly isOfProgram?: boolean
  /**
   * The same apps as the run has them. The scenario then has the recording's `history`: what its zones drew at random, and what
   * for. To learn that, the server of the run gets all of the recording once. Not of an import, which has no random values, nor
   * where the first file is missing or a zone uses the clock of the process. Default: the run draws other random values.
   */
  readonly keepRandom?: readonly SimulatedApp[]
  /** Default 1. */
  readonly seed?: number
  /** Ends with what was recorded up to then (ms since the boot). Default: all of it. */
  readonly untilMs?: number
}

export interface RecordingScenario {
  readonly scenario: Scenario
  /** So much (ms) the scenario's times are less than those since the recorded boot, up to the first quiet time that was cut. */
  readonly offsetMs: number
  /** What there was and is not in the scenario, in words. */
  readonly omissions: readonly string[]
}

/** Nothing more happens after the last step for so long (ms) than a scenario waits for it. */
const TAIL_MS = 30_000
const CROSSING_MS = DEFAULT_LINK.delayMs ?? 0

/** Throws `bad_option` where the recording is redacted, has no client in it, or is of apps that are not there. */
export function scenarioOfRecording(options: RecordingScenarioOptions): RecordingScenario {
  const { header, entries, apps, isOfProgram = false, seed = 1, untilMs, keepRandom } = options
  checkHeader(header, apps)
  const recordedOptions = serverOptionsOf(header.configuration)
  const canFollow = header.importedFrom === '' && header.part === 0 && keepRandom?.some(isAmbient) !== true
  let read: ReadHistory | undefined
  const follow = (all: Iterable<Entry>): void => {
    read = readHistory(all, keepRandom ?? [], readOptions(recordedOptions).server)
  }
  let toldAtBoot: BootData = {}
  const noticing = noticeBoot(entries, (told) => (toldAtBoot = told))
  const recorded = readClients(noticing, {
    ...(untilMs !== undefined && { untilMs }),
    ...(keepRandom !== undefined && canFollow && { follow }),
  })
  const [app] = apps
  if (recorded.clients.length === 0 || app === undefined) {
    throw new OverworldError('bad_option', 'nobody in this recording requested a session: there is nothing to do again')
  }
  const omissions: string[] = []
  // Not by a spread: a recording may have more clients than a call takes arguments.
  const firstMs = recorded.clients.reduce(
    (earliest, { events: [first] }) => Math.min(earliest, (first?.atMs ?? 0) - DIAL_MS.websocket),
    Infinity,
  )
  const toScenario = (atMs: number): number => Math.max(0, Math.round(atMs - firstMs))
  let clients: ClientSetup[] = []
  const seen: SeenStep[] = []
  for (const client of recorded.clients) {
    const script = scriptOf(client, apps, toScenario)
    clients.push(script.setup)
    for (const step of script.steps) seen.push(step)
  }
  for (const call of recorded.calls) {
    const step = stepOfCall(call, { recorded, apps, isOfProgram })
    if (step === undefined) omissions.push(`a call of ${nameOfCall(call)} from outside`)
    else seen.push({ step: { atMs: toScenario(call.atMs), ...step }, seenMs: call.atMs })
  }
  // Within a millisecond what the server saw first comes first. A stable sort: what it saw at the same time keeps its order.
  seen.sort((a, b) => a.step.atMs - b.step.atMs || a.seenMs - b.seenMs)
  let steps = seen.map(({ step }) => step)
  // A program has what it says itself, and for the rest what it was told when it was recorded.
  const { server, unknown } = readOptions(isOfProgram ? toldAtBoot.options : recordedOptions)
  const quiet = findQuietTimes(
    [...clients.map(({ startAtMs = 0 }) => startAtMs), ...steps.map(({ atMs }) => atMs)],
    quietMsMaxFor(server),
  )
  if (quiet.omission !== undefined) {
    omissions.push(quiet.omission)
    steps = steps.map((step) => ({ ...step, atMs: quiet.shorten(step.atMs) }))
    clients = clients.map(({ startAtMs, ...client }) =>
      startAtMs === undefined ? client : { ...client, startAtMs: quiet.shorten(startAtMs) },
    )
  }
  const lastMs = steps.at(-1)?.atMs ?? 0
  const inScenario = (atMs: number): number => quiet.shorten(toScenario(atMs))
  const history = keptHistory(read, recorded, inScenario)
  const scenario: Scenario = {
    version: 1,
    name: nameOfRecording(header),
    seed,
    durationMs: Math.max(lastMs + 1, Math.min(quiet.shorten(toScenario(recorded.endMs)), lastMs + TAIL_MS)),
    server,
    clients,
    steps,
    ...(history.kept !== undefined && { history: history.kept }),
  }
  const offsetMs = firstMs - recorded.startMs
  return {
    scenario,
    offsetMs,
    omissions: [
      ...namesOfOmissions(recorded),
      ...unknown,
      ...history.omissions,
      ...counted([...recorded.missing, ...omissions]),
    ],
  }
}

function isAmbient(app: SimulatedApp): boolean {
  return app.isAmbient === true
}

function keptHistory(
  read: ReadHistory | undefined,
  { clientOfConnection, lastDrawnMs = -Infinity }: Recorded,
  toScenario: (atMs: number) => number,
): { readonly kept: RecordedHistory | undefined; readonly omissions: readonly string[] } {
  if (read === undefined) return { kept: undefined, omissions: [] }
  const clientOf = (connection: number): string | undefined => {
    const client = clientOfConnection.get(connection)
    return client === undefined ? undefined : nameOf(client)
  }
  const kept = historyOf(read, { clientOf, toScenario })
  const { lost } = read
  if (lost === undefined || lastDrawnMs < lost.atMs) return { kept, omissions: [] }
  const since = kept === undefined ? '' : ` after ${(toScenario(lost.atMs) / 1000).toFixed(3)} s`
  return { kept, omissions: [`the random values that were drawn${since} (${lost.why})`] }
}

/** A session that a timeout has ended during a quiet time must end in a shorter one, too. */
function quietMsMaxFor({ disconnectTimeoutMs }: ServerSetup): number {
  const isFinite = typeof disconnectTimeoutMs === 'number' && disconnectTimeoutMs <= 12 * QUIET_MS_MAX
  return isFinite ? Math.max(QUIET_MS_MAX, 2 * disconnectTimeoutMs) : QUIET_MS_MAX
}

function checkHeader({ isRedacted, apps: recorded }: RecordingHeader, apps: readonly AnyApp[]): void {
  if (isRedacted) {
    throw new OverworldError('bad_option', 'this recording is redacted: what its clients said is not in it')
  }
  const missing = recorded.filter(({ prefix }) => !apps.some((app) => app.prefix === prefix))
  if (missing.length === 0) return
  const names = missing.map(({ name, prefix }) => `'${name}' (prefix ${prefix})`).join(', ')
  throw new OverworldError('bad_option', `this recording is of ${names}, which is not among the apps that there are`)
}

function nameOfRecording({ recording }: RecordingHeader): string {
  return recording === '' ? 'recording' : `recording-${recording}`
}

interface Script {
  readonly setup: ClientSetup
  readonly steps: readonly SeenStep[]
}

interface SeenStep {
  readonly step: Step
  /** When the server saw it, by its clock. */
  readonly seenMs: number
}

/** What one client did. Each thing is done so much earlier than the server saw it as it takes to get there. */
function scriptOf(
  { number, events }: RecordedClient,
  apps: readonly AnyApp[],
  toScenario: (atMs: number) => number,
): Script {
  const client = nameOf({ number })
  const steps: SeenStep[] = []
  let transport: TransportChoice | undefined
  let startAtMs = 0
  let lastMs = 0
  const app = appOf(events, apps)
  for (const event of events) {
    const atMs = Math.max(lastMs, toScenario(event.atMs - leadOf(event, transport)))
    lastMs = atMs
    const add = (action: StepAction): void => void steps.push({ step: { atMs, ...action }, seenMs: event.atMs })
    switch (event.kind) {
      case 'connect':
        if (transport === undefined) startAtMs = atMs
        else if (event.transport === transport) add({ do: 'connect', client })
        else add({ do: 'connect', client, transport: event.transport })
        transport = event.transport
        break
      case 'say':
        add(stepOfMessage(event.payload, client, app, transport ?? 'websocket', apps))
        break
      case 'leave':
        // Who was lost stays away until the recording has it back, rather than to come back by itself.
        if (event.how === 'lost') add({ do: 'reset', client })
        if (event.how === 'silent') add({ do: 'half_open', client })
        add({ do: event.how === 'ended' ? 'end' : 'disconnect', client })
        break
    }
  }
  const setup: ClientSetup = {
    name: client,
    app: app.name,
    transport: transportOf(events),
    scripted: true,
    ...(startAtMs > 0 && { startAtMs }),
  }
  return { setup, steps }
}

function nameOf({ number }: Pick<RecordedClient, 'number'>): string {
  return `client${number}`
}

/** How long it takes until the server sees it, over the default link. */
function leadOf(event: RecordedEvent, transport: TransportChoice = 'websocket'): number {
  if (event.kind === 'connect') return DIAL_MS[event.transport]
  return event.kind === 'leave' ? GOODBYE_MS[transport] : CROSSING_MS
}

/** The first that it spoke to. */
function appOf(events: RecordedClient['events'], apps: readonly AnyApp[]): AnyApp {
  for (const event of events) {
    const app = event.kind === 'say' ? apps.find(({ prefix }) => prefix === prefixOf(event.payload.bytes)) : undefined
    if (app !== undefined) return app
  }
  const [first] = apps
  if (first === undefined) throw new OverworldError('bad_option', 'there are no apps')
  return first
}

function transportOf(events: RecordedClient['events']): TransportChoice {
  for (const event of events) if (event.kind === 'connect') return event.transport
  return 'websocket'
}

/** Readable where reading it back gives the same bytes; as they are where not. */
function stepOfMessage(
  { bytes, delivery }: Payload,
  client: string,
  own: AnyApp,
  transport: TransportChoice,
  apps: readonly AnyApp[],
): StepAction {
  const app = apps.find(({ prefix }) => prefix === prefixOf(bytes))
  const decoded = app?.codec.decode(bytes)
  const isDelivered = (usual: { readonly mode: string; readonly channel: number }): boolean =>
    transport === 'websocket' || (usual.mode === delivery.mode && usual.channel === delivery.channel)
  if (app !== undefined && typeof decoded === 'object') {
    const { type } = decoded
    const message = toJsonMessage(decoded.message)
    if (isSameAgain(app, type, message, bytes)) {
      const isUsual = isDelivered(app.deliveryOf(type))
      const ofApp = { client, ...(app !== own && { app: app.name }) }
      if (isUsual && type === 'join') return { do: 'join', ...ofApp, message }
      if (isUsual && type === 'part') return { do: 'part', ...ofApp, message }
      return { do: 'send', ...ofApp, type, message, ...(!isUsual && { delivery }) }
    }
  }
  const isUsual = isDelivered({ mode: 'reliable', channel: 0 })
  return { do: 'send_bytes', client, base64: encodeBase64(bytes), ...(!isUsual && { delivery }) }
}

function isSameAgain(app: AnyApp, type: string, message: object, bytes: Uint8Array): boolean {
  try {
    const readBack = fromJsonMessage(JSON.parse(JSON.stringify(message)) as Record<string, unknown>)
    const again = app.codec.encode(type, readBack)
    return again.length === bytes.length && again.every((byte, at) => byte === bytes[at])
  } catch {
    return false
  }
}

// What was called from outside

interface CallSetting {
  readonly recorded: Recorded
  readonly apps: readonly AnyApp[]
  readonly isOfProgram: boolean
}

/** Undefined: a scenario has no words for it. */
function stepOfCall({ call }: RecordedCall, { recorded, apps, isOfProgram }: CallSetting): StepAction | undefined {
  const { on, method } = call
  if (on.place === 'program' && isOfProgram) {
    const args = (call.args ?? []).map(plainOf)
    return args.includes(undefined) ? undefined : { do: 'command', name: method, args }
  }
  const [argument = {}] = call.args ?? []
  const clientOf = (session: unknown): string | undefined => {
    const client = recorded.clientOfSession.get(Number(session))
    return client === undefined ? undefined : nameOf(client)
  }
  if (isSet(on.session)) {
    const client = clientOf(on.session)
    if (client === undefined) return undefined
    if (method === 'stop') return { do: 'stop_session', client }
    if (method === 'disconnect') return { do: 'drop_session', client }
    if (method !== 'set disconnectTimeout' || !isSet(argument.number)) return undefined
    return { do: 'set_timeout', client, timeoutMs: toTimeout(argument.number) }
  }
  if (!isSet(on.zone)) return undefined
  if (method === 'remove' && isSet(argument.session)) {
    const client = clientOf(argument.session)
    return client === undefined ? undefined : { do: 'remove', client }
  }
  const app = apps.find(({ prefix }) => prefix === on.zone?.app)
  const message = plainOf(argument)
  if (method !== 'tell' || app === undefined || message === undefined) return undefined
  return { do: 'tell', app: app.name, zone: on.zone.name, message }
}

/** The argument as JSON; undefined: it is none. */
function plainOf(value: ValueData): unknown {
  if (isSet(value.number)) return Number.isFinite(value.number) ? value.number : undefined
  if (isSet(value.text)) return value.text
  if (isSet(value.flag)) return value.flag
  if (isSet(value.null)) return null
  if (isSet(value.list)) {
    const items = (value.list.items ?? []).map(plainOf)
    return items.includes(undefined) ? undefined : items
  }
  if (!isSet(value.object)) return undefined
  const { names, values } = value.object
  const fields = (names ?? []).map((name, index): [string, unknown] => [name, plainOf(values?.[index] ?? {})])
  return fields.some(([, field]) => field === undefined) ? undefined : Object.fromEntries(fields)
}

function nameOfCall({ call: { on, method } }: RecordedCall): string {
  const place = isSet(on.place) ? on.place : isSet(on.session) ? 'session' : 'zone'
  return `${place}.${method.replace(/^set /, '')}`
}

// What is left out

function namesOfOmissions({ strangers, ignoredFrames, headless }: Recorded): string[] {
  const names: string[] = []
  const { connections, messages } = strangers
  if (connections > 0) {
    names.push(`${count(connections, 'connection')} without a session, with ${count(messages, 'message')} on them`)
  }
  if (ignoredFrames > 0) names.push(count(ignoredFrames, 'text frame'))
  if (headless > 0) {
    names.push(`how ${count(headless, 'connection')} came about: the recording lacks its beginning`)
  }
  return names
}

/** The same words are said once. */
function counted(names: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].map(([name, times]) => (times === 1 ? name : `${name} (${times} times)`))
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
