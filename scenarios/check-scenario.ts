/**
 * Reads a scenario from JSON: says what is wrong and where, and changes nothing. Unknown fields are refused, so that a
 * misspelt fault is not a fault that never happens.
 */
import { CHANNEL_COUNT, OverworldError } from '../core/index.ts'
import { decodeBase64 } from './base64.ts'
import { checkLinkSettings, CLEAN_LINK, NETWORK_PRESETS, type LinkSettings } from '../sim/index.ts'
import { MISBEHAVIOURS, MISUSES, NPC_ACTIONS, ODD_MOMENTS, ODDITIES, type Scenario, type Step } from './scenario.ts'

/** Throws `bad_option` with the path of what is wrong, such as `steps[3].forMs`. */
export function readScenario(json: unknown): Scenario {
  const scenario = readObject(json, 'scenario', SCENARIO_FIELDS)
  const clients = readList(scenario['clients'], 'clients')
  const names = new Set<string>()
  for (const [index, client] of clients.entries()) {
    const { name, tabOf } = readObject(client, `clients[${index}]`, CLIENT_FIELDS)
    if (tabOf !== undefined && !names.has(tabOf as string)) {
      refuse(`clients[${index}].tabOf`, `there is no earlier client ${show(tabOf)}`)
    }
    if (names.has(name as string)) refuse(`clients[${index}].name`, `'${String(name)}' is taken`)
    names.add(name as string)
  }
  const steps = readList(scenario['steps'], 'steps')
  for (const [index, step] of steps.entries()) checkStep(step, `steps[${index}]`, names)
  readObject(scenario['server'], 'server', SERVER_FIELDS)
  return json as Scenario
}

type Check = (value: unknown, path: string) => void

interface Field {
  readonly check: Check
  readonly isOptional?: true
}

const seed: Check = (value, path) => {
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > 0xffff_ffff) {
    refuse(path, 'must be an integer from 0 to 4294967295')
  }
}
const text: Check = (value, path) => {
  if (typeof value !== 'string' || value === '') refuse(path, 'must be a text')
}
const ms: Check = (value, path) => {
  if (typeof value !== 'number' || !(value >= 0) || value > DAY_MS) refuse(path, `must be a number from 0 to ${DAY_MS}`)
}
const count: Check = (value, path) => {
  if (!Number.isInteger(value) || (value as number) < 1) refuse(path, 'must be an integer from 1')
}
const timeout: Check = (value, path) => {
  if (value !== 'never') ms(value, path)
}
const anyMs: Check = (value, path) => {
  if (typeof value !== 'number' || !(Math.abs(value) <= DAY_MS)) {
    refuse(path, `must be a number from -${DAY_MS} to ${DAY_MS}`)
  }
}
const ppm: Check = (value, path) => {
  if (typeof value !== 'number' || !(Math.abs(value) <= 100_000))
    refuse(path, 'must be a number from -100000 to 100000')
}
const link: Check = (value, path) => {
  if (typeof value !== 'object' || value === null) refuse(path, 'must be an object of link settings')
  try {
    checkLinkSettings({ ...CLEAN_LINK, ...(value as Partial<LinkSettings>) })
  } catch (error) {
    refuse(path, error instanceof Error ? error.message : String(error))
  }
}
const flag: Check = (value, path) => {
  if (typeof value !== 'boolean') refuse(path, 'must be true or false')
}
const message: Check = (value, path) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(path, 'must be an object')
}
const list: Check = (value, path) => {
  if (!Array.isArray(value)) refuse(path, 'must be a list')
}
const base64: Check = (value, path) => {
  if (typeof value !== 'string' || decodeBase64(value) === undefined) refuse(path, 'must be bytes in base64')
}
const delivery: Check = (value, path) => {
  readObject(value, path, DELIVERY_FIELDS)
}
const anything: Check = () => {}
const history: Check = (value, path) => {
  const { places } = readObject(value, path, HISTORY_FIELDS)
  for (const [index, place] of readList(places, `${path}.places`).entries()) {
    const at = `${path}.places[${index}]`
    const { events } = readObject(place, at, PLACE_FIELDS)
    for (const [number, event] of readList(events, `${at}.events`).entries()) {
      const { drawn = [] } = readObject(event, `${at}.events[${number}]`, EVENT_FIELDS)
      for (const value of readList(drawn, `${at}.events[${number}].drawn`)) {
        if (typeof value === 'number') seed(value, `${at}.events[${number}].drawn`)
        else base64(value, `${at}.events[${number}].drawn`)
      }
    }
  }
}

const DAY_MS = 86_400_000

function oneOf(...choices: readonly string[]): Check {
  return (value, path) => {
    if (!choices.includes(value as string)) refuse(path, `must be one of ${choices.join(', ')}, not ${show(value)}`)
  }
}

const required = (check: Check): Field => ({ check })
const optional = (check: Check): Field => ({ check, isOptional: true })
type Fields = Readonly<Record<string, Field>>

const transport = oneOf('websocket', 'enet')

const DELIVERY_FIELDS: Fields = {
  mode: required(oneOf('reliable', 'unreliable', 'unsequenced')),
  channel: required((value, path) => {
    if (!Number.isInteger(value) || (value as number) < 0 || (value as number) >= CHANNEL_COUNT) {
      refuse(path, `must be an integer from 0 to ${CHANNEL_COUNT - 1}`)
    }
  }),
}

const SCENARIO_FIELDS: Fields = {
  version: required((value, path) => {
    if (value !== 1) refuse(path, `must be 1, the version that this program reads, not ${show(value)}`)
  }),
  name: required(text),
  description: optional(text),
  seed: required(seed),
  durationMs: required(ms),
  server: required(anything),
  clients: required(anything),
  steps: required(anything),
  history: optional(history),
  isEndurance: optional(flag),
  breaks: optional(anything),
}

const HISTORY_FIELDS: Fields = { places: required(list), knownUntilMs: optional(anyMs) }
const PLACE_FIELDS: Fields = { app: optional(text), zone: optional(text), events: required(list) }
const EVENT_FIELDS: Fields = {
  atMs: required(anyMs),
  what: required(text),
  who: optional(text),
  message: optional(anything),
  drawn: optional(list),
}

const SERVER_FIELDS: Fields = {
  disconnectTimeoutMs: optional(timeout),
  livenessTimeoutMs: optional(ms),
  beaconIntervalMs: optional(ms),
  tickMs: optional(ms),
  bufferBytes: optional(count),
  sessionsMax: optional(count),
  connectionsMax: optional(count),
  preconnectsPerAddressMax: optional(count),
  messagesPerSecondMax: optional(count),
  bytesPerSecondMax: optional(count),
  timersLateMs: optional(ms),
  closesLateMs: optional(ms),
}

const CLIENT_FIELDS: Fields = {
  name: required((value, path) => {
    if (typeof value !== 'string' || !/^[\w.-]+$/.test(value)) refuse(path, 'must be letters, digits, "-", "_" and "."')
    if (value === 'server') refuse(path, "is the server's own")
  }),
  app: required(text),
  scripted: optional(flag),
  transport: required(transport),
  version: optional(oneOf('older', 'newer')),
  announcesNothing: optional(flag),
  startAtMs: optional(ms),
  actEveryMs: optional(ms),
  tabOf: optional(text),
  listenersFailEvery: optional(count),
  preset: optional((value, path) => {
    const names = NETWORK_PRESETS.map(({ name }) => name)
    if (!names.includes(value as string)) refuse(path, `must be one of ${names.join(', ')}, not ${show(value)}`)
  }),
  link: optional(link),
  downlink: optional(link),
  driftPpm: optional(ppm),
}

/** The fields of each step, besides `atMs` and `do`. `client` and `host` are looked up as well. */
const STEP_FIELDS: Readonly<Record<Step['do'], Fields>> = {
  connect: { client: required(text), transport: optional(transport) },
  disconnect: { client: required(text) },
  end: { client: required(text) },
  join: { client: required(text), app: optional(text), message: optional(message) },
  part: { client: required(text), app: optional(text), message: optional(message) },
  send: {
    client: required(text),
    app: optional(text),
    type: required(text),
    message: required(message),
    delivery: optional(delivery),
  },
  send_bytes: { client: required(text), base64: required(base64), delivery: optional(delivery) },
  act: { client: required(text) },
  duplicate: { client: required(text) },
  reload: { client: required(text), afterMs: required(ms), store: required(oneOf('kept', 'lost')) },
  misbehave: { client: required(text), how: required(oneOf(...MISBEHAVIOURS)) },
  oddity: { client: required(text), what: required(oneOf(...ODDITIES)), when: optional(oneOf(...ODD_MOMENTS)) },
  mute_beacons: { client: required(text), forMs: required(ms) },
  partition: { clients: required(anything), forMs: required(ms) },
  mass_disconnect: {},
  cut: { client: required(text), forMs: required(ms), direction: optional(oneOf('both', 'up', 'down')) },
  clog: { client: required(text), forMs: required(ms) },
  reset: { client: required(text) },
  half_close: { client: required(text), side: optional(oneOf('client', 'server')) },
  half_open: { client: required(text) },
  rebind: { client: required(text) },
  link: { client: required(text), link: required(link) },
  slow_reader: { client: required(text), forMs: required(ms) },
  pause: { host: required(text), forMs: required(ms), what: optional(oneOf('process', 'machine')) },
  crash: {
    host: required(oneOf('server')),
    forMs: required(ms),
    connections: optional(oneOf('silent', 'reset')),
    slowStartMs: optional(ms),
  },
  wake: { client: required(text) },
  break_dials: { client: required(text), forMs: required(ms) },
  late_timers: { host: required(text), everyMs: required(count), forMs: required(ms) },
  drift: { host: required(text), ppm: required(ppm) },
  clock_jump: { host: required(text), forwardMs: required(ms) },
  set_wall_clock: { host: required(text), byMs: required(anyMs) },
  stop_session: { client: required(text) },
  drop_session: { client: required(text) },
  set_timeout: { client: required(text), timeoutMs: required(timeout) },
  remove: { client: required(text) },
  drain: { drainMs: required(ms), forMs: required(ms) },
  stop_server: { forMs: required(ms) },
  npc: { name: required(text), app: required(text), what: required(oneOf(...NPC_ACTIONS)) },
  give_receiver: { client: required(text) },
  give_connection: { client: required(text), to: required(text) },
  give_stranger: { client: required(text) },
  refuse_stranger: { client: required(text), how: required(oneOf('stop', 'disconnect')) },
  send_directly: { client: required(text) },
  misuse: { client: required(text), how: required(oneOf(...MISUSES)) },
  extra_zone: { app: required(text), forMs: required(ms) },
  stop_zone: { app: required(text), forMs: required(ms) },
  restart_zone: { app: required(text) },
  tell: { app: required(text), zone: optional(text), message: optional(anything) },
  command: { name: required(text), args: required(list) },
}

function checkStep(step: unknown, path: string, clients: ReadonlySet<string>): void {
  if (typeof step !== 'object' || step === null) refuse(path, 'must be an object')
  const kind = (step as { readonly do?: unknown }).do
  if (typeof kind !== 'string' || !Object.hasOwn(STEP_FIELDS, kind)) {
    refuse(`${path}.do`, `must be one of ${Object.keys(STEP_FIELDS).join(', ')}, not ${show(kind)}`)
  }
  const fields = { atMs: required(ms), do: required(text), ...STEP_FIELDS[kind as Step['do']] }
  const { client, host, clients: group } = readObject(step, path, fields)
  if (group !== undefined) {
    for (const each of readList(group, `${path}.clients`)) {
      if (!clients.has(each as string)) refuse(`${path}.clients`, `there is no client ${show(each)}`)
    }
  }
  if (client !== undefined && !clients.has(client as string))
    refuse(`${path}.client`, `there is no client ${show(client)}`)
  if (host !== undefined && host !== 'server' && !clients.has(host as string)) {
    refuse(`${path}.host`, `there is no host ${show(host)}`)
  }
}

function readObject(value: unknown, path: string, fields: Fields): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(path, 'must be an object')
  const object = value as Readonly<Record<string, unknown>>
  const prefix = path === 'scenario' ? '' : `${path}.`
  for (const name of Object.keys(object)) {
    if (!Object.hasOwn(fields, name))
      refuse(`${prefix}${name}`, `is unknown; there are ${Object.keys(fields).join(', ')}`)
  }
  for (const [name, { check, isOptional }] of Object.entries(fields)) {
    if (object[name] !== undefined) check(object[name], `${prefix}${name}`)
    else if (isOptional !== true) refuse(`${prefix}${name}`, 'is missing')
  }
  return object
}

function readList(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) refuse(path, 'must be a list')
  return value as readonly unknown[]
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value)
}

function refuse(path: string, why: string): never {
  throw new OverworldError('bad_option', `this is no scenario: ${path} ${why}`)
}
