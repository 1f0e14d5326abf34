/**
 * Tells what happened in a run, in lines that a person can read: what each client and the server did, message by
 * message, from what the observers saw.
 */
import { CloseCode, protocol, readDenialReason, type AnyApp, type Delivery } from '../core/index.ts'
import type { ClientNote } from './observer/client-note.ts'
import type { Output, ServerCall, Turn } from './observer/observation.ts'
import { prefixOf, readSessionFrame } from './observer/wire.ts'
import type { RunEvent } from './runner/run-result.ts'
import type { Step } from './scenario.ts'

export interface AccountLine {
  readonly atMs: number
  /** `scenario`, `server`, or a client's name. */
  readonly who: string
  readonly text: string
  /** Beacons, ticks and what zones send all the time: left out of a short account. */
  readonly isRoutine: boolean
  /** A tick, which says nothing of itself. */
  readonly isTick?: boolean
}

/** `steps`: what the scenario and its clients did. `messages`: every message too. `all`: routine as well. */
export type AccountDetail = 'steps' | 'messages' | 'all'

/** The lines of one event. Which of them to show is `detail`'s choice. */
export function describeEvent(event: RunEvent, apps: readonly AnyApp[], detail: AccountDetail): readonly AccountLine[] {
  const line = (who: string, text: string, isRoutine = false): AccountLine => ({
    atMs: event.atMs,
    who,
    text,
    isRoutine,
  })
  switch (event.kind) {
    case 'step':
      return [line('scenario', describeStep(event.step), event.step.do === 'send' || event.step.do === 'send_bytes')]
    case 'phase':
      return [line('scenario', PHASES[event.phase])]
    case 'view':
      return []
    case 'client':
      return describeNote(event.note, apps, detail).map(({ text, isRoutine }) => line(event.client, text, isRoutine))
    case 'turn':
      return detail === 'steps'
        ? describeLifecycle(event.turn).map((text) => line('server', text))
        : describeTurn(event.turn, apps).map(({ text, isRoutine, isTick }) => {
            return { ...line('server', text, isRoutine), ...(isTick === true && { isTick }) }
          })
  }
}

/** One line for a terminal: `  4.120 s  alice    connected, session 3`. */
export function formatLine({ atMs, who, text }: AccountLine, whoWidth = 8): string {
  return `${(atMs / 1000).toFixed(3).padStart(9)} s  ${who.padEnd(whoWidth)}  ${text}`
}

/** A step in words, as its scenario has it. */
export function describeStep(step: Step): string {
  const { atMs: _atMs, do: what, ...rest } = step
  const details = Object.entries(rest).map(([name, value]) => {
    return name === 'client' || name === 'host'
      ? String(value)
      : `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`
  })
  return [what.replaceAll('_', ' '), ...details].join(', ')
}

const PHASES = {
  healed: 'the network is well again: everybody who wants to must get back',
  leaving: 'everybody leaves: nothing may remain',
  stopped: 'the server stops',
} as const

interface Described {
  readonly text: string
  readonly isRoutine: boolean
  readonly isTick?: boolean
}

function describeNote(note: ClientNote, apps: readonly AnyApp[], detail: AccountDetail): Described[] {
  switch (note.kind) {
    case 'status': {
      const { status } = note
      const details =
        status.kind === 'connected'
          ? `, session ${status.sessionId}`
          : status.kind === 'waiting'
            ? ` ${Math.round(status.retryInMs)} ms before it dials again (closed with ${status.code}${status.reason === '' ? '' : `: ${status.reason}`})`
            : status.kind === 'ended'
              ? ` for good (${status.code}${status.reason === '' ? '' : `: ${status.reason}`})`
              : ''
      return [{ text: `${status.kind}${details}`, isRoutine: false }]
    }
    case 'dial':
      return [{ text: `dials ${note.address} (its connection ${note.connection})`, isRoutine: false }]
    case 'closed':
      return [
        {
          text: `connection ${note.connection} closed with ${named(note.code)}${note.isCurrent ? '' : ' (it had given it up)'}`,
          isRoutine: !note.isCurrent,
        },
      ]
    case 'opened':
      return detail === 'steps' ? [] : [{ text: `connection ${note.connection} is open`, isRoutine: false }]
    case 'heard':
    case 'said': {
      if (detail === 'steps' || note.bytes === undefined) return []
      const { text, isRoutine } = describeFrame(note.bytes, apps)
      return [{ text: `${note.kind === 'heard' ? '<-' : '->'} ${text}`, isRoutine }]
    }
  }
}

/** What the server did with sessions, without its messages. */
function describeLifecycle({ outputs }: Turn): string[] {
  const lines: string[] = []
  for (const output of outputs) {
    if (output.kind === 'handler' && output.handler !== 'handleTick' && !output.handler.startsWith('rpc.')) {
      lines.push(describeOutput(output, []).text)
    } else if (output.kind === 'close' || output.kind === 'report') {
      lines.push(describeOutput(output, []).text)
    }
  }
  return lines
}

function describeTurn({ input, outputs }: Turn, apps: readonly AnyApp[]): Described[] {
  const lines: Described[] = []
  switch (input.kind) {
    case 'opened':
      lines.push({ text: `connection ${input.connection} opened, from ${input.from}`, isRoutine: false })
      break
    case 'closed':
      lines.push({ text: `connection ${input.connection} closed with ${named(input.code)}`, isRoutine: false })
      break
    case 'message': {
      const { text, isRoutine } = describeFrame(input.bytes, apps)
      lines.push({ text: `connection ${input.connection} <- ${text}`, isRoutine })
      break
    }
    case 'call':
      lines.push({ text: `its own code: ${describeCall(input.call)}`, isRoutine: false })
      break
    case 'alive':
    case 'timer':
      break
  }
  for (const output of outputs) {
    if (output.kind !== 'asked' && output.kind !== 'routed') lines.push(describeOutput(output, apps))
  }
  return lines
}

function describeCall(call: ServerCall): string {
  const { kind, ...all } = call
  const rest = Object.entries(all).filter(([, value]) => value !== undefined && value !== '')
  return [kind.replaceAll('_', ' '), ...rest.map(([name, value]) => `${name} ${inWords(value)}`)].join(', ')
}

function inWords(value: string | number | Delivery | undefined): string {
  return typeof value === 'object' ? `${value.mode} on channel ${value.channel}` : String(value)
}

function describeOutput(output: Output, apps: readonly AnyApp[]): Described {
  switch (output.kind) {
    case 'send': {
      const { text, isRoutine } = describeFrame(output.bytes, apps)
      return { text: `connection ${output.connection} -> ${text}`, isRoutine }
    }
    case 'close':
      return { text: `closes connection ${output.connection} with ${named(output.code)}`, isRoutine: false }
    case 'handler': {
      const session = output.session === undefined ? '' : ` for session ${output.session}`
      const reason = output.reason === undefined ? '' : `, reason ${output.reason}`
      const failed = output.failure === undefined ? '' : `, which ${output.failure}`
      const isRoutine = output.handler === 'handleTick' || output.handler.startsWith('rpc.')
      const text = `zone '${output.zone}' runs ${output.handler}${session}${reason}${failed}`
      return { text, isRoutine, isTick: output.handler === 'handleTick' && output.failure === undefined }
    }
    case 'callback':
      return {
        text: `disconnectCallback${output.callback === 'server' ? '' : ` (${output.callback})`} for session ${output.session}, code ${output.code}`,
        isRoutine: false,
      }
    case 'report':
      return { text: output.text, isRoutine: false }
    case 'delivered':
      return { text: `receiver ${output.receiver} <- ${output.type}, ${output.form}`, isRoutine: true }
    case 'drain_done':
      return { text: 'says that it has drained', isRoutine: false }
    case 'let_go':
      return { text: `lets receiver ${output.receiver} go with ${named(output.code)}`, isRoutine: false }
    case 'asked_to_remove':
      return { text: `zone '${output.zone}' removes session ${output.session}`, isRoutine: false }
    case 'called':
      return { text: `a handler asks for: ${describeCall(output.call)}`, isRoutine: false }
    case 'told':
      return { text: `zone '${output.zone}' is told something`, isRoutine: true }
    case 'timer_set':
      return { text: `zone '${output.zone}' sets timer ${output.timer}, ${output.delayMs} ms`, isRoutine: false }
    case 'timer_cancelled':
      return { text: `cancels timer ${output.timer}`, isRoutine: false }
    case 'routed':
      return { text: `the route picks ${output.zone ?? 'no zone'} for session ${output.session}`, isRoutine: true }
    case 'undecodable':
      return {
        text: `reports that it cannot decode a message of app ${output.prefix} (${output.why})`,
        isRoutine: false,
      }
    case 'asked':
      return { text: `asks for a ${output.action} of ${output.type}`, isRoutine: true }
  }
}

/** `4009 (draining)` */
function named(code: number): string {
  const name = Object.entries(CloseCode).find(([, known]) => known === code)?.[0]
  return name === undefined
    ? String(code)
    : `${code} (${name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)})`
}

function describeFrame(bytes: Uint8Array, apps: readonly AnyApp[]): Described {
  const prefix = prefixOf(bytes)
  if (prefix === protocol.prefix) return describeSessionFrame(bytes)
  const app = apps.find((each) => each.prefix === prefix)
  const decoded = app?.codec.decode(bytes)
  if (app === undefined || decoded === undefined) {
    return { text: `${bytes.length} bytes that belong to no app`, isRoutine: false }
  }
  if (typeof decoded === 'string') return { text: `${bytes.length} ${decoded} bytes for ${app.name}`, isRoutine: false }
  const isRoutine = decoded.type !== 'join' && decoded.type !== 'part'
  return { text: `${app.name} ${decoded.type} ${JSON.stringify(decoded.message)}`, isRoutine }
}

function describeSessionFrame(bytes: Uint8Array): Described {
  const frame = readSessionFrame(bytes)
  switch (frame.type) {
    case 'request': {
      const token = frame.token === '' ? 'without a token' : `with token ${short(frame.token)}`
      const attempt = frame.attempt === undefined ? '' : `, attempt ${frame.attempt}`
      const apps = frame.schemas.length === 0 ? '' : `, apps ${frame.schemas.map(({ prefix }) => prefix).join(' ')}`
      return { text: `session_request ${token}${attempt}${apps}`, isRoutine: false }
    }
    case 'new':
      return { text: `session_new ${frame.id}, token ${short(frame.token)}`, isRoutine: false }
    case 'beacon':
      return { text: `session_beacon ${frame.id}`, isRoutine: true }
    case 'ping':
      return { text: `session_ping ${frame.id}`, isRoutine: true }
    case 'pong':
      return { text: `session_pong ${frame.latency} ms`, isRoutine: true }
    case 'denied':
      return { text: `session_denied ${readDenialReason(frame.reason) ?? frame.reason}`, isRoutine: false }
    case 'state': {
      const where = frame.zone === undefined ? 'in no zone' : `in zone '${frame.zone}' of app ${frame.zoneApp}`
      const skewed = frame.skewed.length === 0 ? '' : `, other schemas of apps ${frame.skewed.join(' ')}`
      return { text: `session_state: ${where}${skewed}`, isRoutine: false }
    }
    case 'other':
      return { text: `${bytes.length} bytes of the session protocol`, isRoutine: false }
  }
}

function short(token: string): string {
  return `${token.slice(0, 8)}…`
}
