/** What a recording says, in words: a line for each entry, its messages decoded by their schema. */
import { protocol, readDenialReason, type AnyApp } from '../../core/index.ts'
import { describeTimer } from '../../core/turns/timer-owner.ts'
import { writable } from '../boot-data.ts'
import { isSet, type BootData, type Entry, type TimerData, type Payload, type ValueData } from '../index.ts'

export function describeEntry(entry: Entry, apps: readonly AnyApp[]): string {
  switch (entry.kind) {
    case 'boot':
      return describeBoot(entry)
    case 'accepted':
      return `connection ${entry.connection} comes from ${entry.address} (${entry.transport}, id ${entry.id})`
    case 'opened':
      return `connection ${entry.connection} opens`
    case 'message':
      return `connection ${entry.connection} <- ${describeMessage(entry, apps)}`
    case 'closed':
      return `connection ${entry.connection} closed with ${entry.code}${withReason(entry.reason)}`
    case 'drained':
      return `connection ${entry.connection} has drained`
    case 'ignored':
      return `connection ${entry.connection} <- a ${entry.what.replaceAll('_', ' ')}, ignored`
    case 'fired':
      return describeFired(entry)
    case 'listening':
      return `listener ${entry.listener} is bound${entry.address === '' ? '' : ` to ${entry.address}`}`
    case 'listen_failed':
      return `listener ${entry.listener} failed${withReason(entry.message)}`
    case 'listener_closed':
      return `listener ${entry.listener} has closed`
    case 'called': {
      const args = (entry.call.args ?? []).map(describeValue).join(', ')
      return `called from outside: ${describeValue(entry.call.on)} ${entry.call.method}(${args})`
    }
    case 'elapsed':
      return 'nothing is known to come in'
    case 'missing':
      return `connection ${entry.connection}: ${entry.what}`
    case 'random_bytes':
      return `reads ${entry.length} random bytes`
    case 'random_number':
      return `reads the random number ${entry.number}`
    case 'buffered':
      return `sees ${entry.size} bytes waiting for connection ${entry.connection}`
    case 'sent':
      return `connection ${entry.connection} -> ${describeMessage(entry, apps)}`
    case 'close':
      return `closes connection ${entry.connection} with ${entry.code}${withReason(entry.reason)}`
    case 'set_timer':
      if (entry.owner === undefined) return `sets a timer of ${entry.delayMs} ms`
      return `sets timer ${entry.timer}, ${describeTimer(entry.owner)}, to ${entry.delayMs} ms`
    case 'cancelled':
      return `cancels timer ${entry.timer}${entry.owner === undefined ? '' : `, ${describeTimer(entry.owner)}`}`
    case 'listened':
      return `listens on ${entry.address}`
    case 'close_listener':
      return `closes listener ${entry.listener}`
    case 'unrecordable':
      return `cannot be replayed from here: ${entry.why}`
    case 'ended':
      return `the recording ends: ${entry.why}`
  }
}

/** `timer 12: grace of session 7 is over` */
function describeBoot({ addresses, options }: BootData): string {
  const given = [
    ...(addresses === undefined ? [] : [`listens at ${addresses.join(' and ') || 'no address'}`]),
    ...(options === undefined ? [] : [`has the options ${JSON.stringify(options, writable)}`]),
  ]
  return given.length === 0
    ? 'the server boots'
    : `the server boots; its program is told that it ${given.join(', and ')}`
}

function describeFired({ timer, owner }: TimerData): string {
  if (owner === undefined) return `timer ${timer} fires`
  const ending = owner.name === 'beacon' || owner.name === 'tick' || owner.name === 'timer' ? 'is due' : 'is over'
  return `timer ${timer}: ${describeTimer(owner)} ${ending}`
}

/** `chat channel_msg {"text":"hello"} (unreliable, channel 1)` */
export function describeMessage({ bytes, delivery, length }: Payload, apps: readonly AnyApp[]): string {
  const { mode, channel } = delivery
  const how = mode === 'reliable' && channel === 0 ? '' : ` (${mode}, channel ${channel})`
  return `${describeBytes(bytes, length, apps)}${how}`
}

function describeBytes(bytes: Uint8Array, length: number, apps: readonly AnyApp[]): string {
  const [high = 0, low = 0] = bytes
  const prefix = (high << 8) | low
  const app = prefix === protocol.prefix ? protocol : apps.find((each) => each.prefix === prefix)
  if (bytes.length < length && app !== protocol) {
    return `${bytes.length < 2 ? '' : `${app?.name ?? `prefix ${prefix}`}: `}${length} bytes, redacted`
  }
  if (bytes.length < 2) return `${length} bytes, too short for a message`
  if (app === undefined) return `${length} bytes for prefix ${prefix}, which no app has: ${hexOfRaw(bytes)}`
  const decoded = app.codec.decode(bytes)
  if (typeof decoded === 'string') return `${length} bytes for ${app.name}, ${decoded}`
  const { type, message } = decoded
  if (app === protocol) return `${type} ${JSON.stringify(message, readableOfProtocol)}`
  return `${app.name} ${type} ${JSON.stringify(message, readable)}`
}

const RAW_BYTES_SHOWN = 32

function hexOfRaw(bytes: Uint8Array): string {
  const shown = [...bytes.subarray(0, RAW_BYTES_SHOWN)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  return bytes.length > RAW_BYTES_SHOWN ? `${shown} …` : shown
}

const BYTES_SHOWN = 4

/** Bytes are shown by their beginning: enough to tell tokens apart, and too little to use one. */
function readable(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? describeHex(value) : value
}

/** The session protocol's reasons have names. */
function readableOfProtocol(name: string, value: unknown): unknown {
  return name === 'reason' ? (readDenialReason(value) ?? value) : readable(name, value)
}

function describeHex(bytes: Uint8Array): string {
  const shown = [...bytes.subarray(0, BYTES_SHOWN)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return bytes.length > BYTES_SHOWN ? `${shown}…` : shown
}

function describeValue(value: ValueData): string {
  if (isSet(value.number)) return String(value.number)
  if (isSet(value.text)) return JSON.stringify(value.text)
  if (isSet(value.flag)) return String(value.flag)
  if (isSet(value.bytes)) return `${value.bytes.length} bytes`
  if (isSet(value.list)) return `[${(value.list.items ?? []).map(describeValue).join(', ')}]`
  if (isSet(value.object)) {
    const { names = [], values = [] } = value.object
    return `{ ${(names ?? []).map((name, index) => `${name}: ${describeValue(values?.[index] ?? {})}`).join(', ')} }`
  }
  if (isSet(value.null)) return 'null'
  if (isSet(value.session)) return `session ${value.session}`
  if (isSet(value.zone)) return `zone '${value.zone.name}'`
  if (isSet(value.app)) return `the app with prefix ${value.app}`
  if (isSet(value.connection)) return `connection ${value.connection}`
  if (isSet(value.definition)) return `zone definition ${value.definition}`
  if (isSet(value.place)) return value.place
  if (isSet(value.bigint)) return `${value.bigint}n`
  return 'undefined'
}

function withReason(reason: string): string {
  return reason === '' ? '' : ` (${reason})`
}
