/**
 * Runs a recording again: the same core gets the recorded inputs in virtual time, reads what was read, and everything
 * that it does, as a tap tells it, is compared with what it did, byte for byte. The first difference ends it.
 *
 * Equal inputs give equal outputs, as long as the program draws time and randomness from what it is handed; where it
 * does not, or where it is not the program that was recorded, this finds it. A recorded server is replayed from its
 * boot on: what it knew lies in its memory, not in the recording.
 */
import { OverworldError, type AnyApp, type Server } from '../../core/index.ts'
import type { ServerProgram } from '../../core/index.ts'
import { findCommand } from '../../core/program.ts'
import {
  decodeValue,
  isInput,
  type CallData,
  type Entry,
  type Input,
  type Output,
  type Read,
  type ReadingReferences,
  type ValueData,
  isSet,
  SIGN_OF_LIFE,
} from '../index.ts'
import type { Session } from '../../core/session/views.ts'
import type { Shell } from '../../core/turns/shell.ts'
import { describeTimer, type TimerOwner } from '../../core/turns/timer-owner.ts'
import { EntryTap } from '../entry-tap.ts'
import { describeEntry } from './describe.ts'
import { explainDifference, type Difference } from './difference.ts'
import { FollowedTurns } from './followed-turns.ts'
import { ReplayedParts, type Supply } from './replayed-parts.ts'

export interface ReplayOptions {
  /** Ends before the first input after this time (ms since the boot). Default Infinity. */
  readonly untilMs?: number
  /** Sees each input, with the server, once it was carried out: for looking around. */
  readonly onInput?: (input: Input, server: Server | undefined) => void
  /** Receives the shell of the server before its program boots, for taps. */
  readonly onShell?: (shell: Shell) => void
  /**
   * What the server does is not compared; only the random values that it reads must be those of the recording. A program that
   * has changed since can be followed so, as long as it reads the same. Default false.
   */
  readonly ignoresOutputs?: boolean
}

export interface ReplayResult {
  /** No difference was found. */
  readonly identical: boolean
  readonly inputs: number
  /** Compared and found equal. */
  readonly outputs: number
  /** From the boot to the last input that was replayed. */
  readonly recordedSeconds: number
  readonly divergence: Divergence | undefined
  /** Why it went no further. `cut_off`: the recording has no end; `unrecordable`: what follows cannot be replayed. */
  readonly end: 'ended' | 'cut_off' | 'until' | 'unrecordable' | 'diverged'
  /** The recording's own words for an end. */
  readonly endWhy: string
}

export interface Divergence extends Difference {
  /** Since the boot. */
  readonly atMs: number
  /** How manieth, from 1. */
  readonly input: number
  readonly connection: number | undefined
  readonly session: number | undefined
  readonly zone: string | undefined
  /** The last lines before it that concern the same connection, and all of its turn. */
  readonly ledTo: readonly string[]
}

/** Throws what `program.boot` throws. */
export function replay(entries: Iterable<Entry>, program: ServerProgram, options: ReplayOptions = {}): ReplayResult {
  const steps = replaySteps(entries, program, options)
  let step = steps.next()
  while (step.done !== true) step = steps.next()
  return step.value
}

/** The same, an input at a time: whoever drives it may do something else in between, or not go on. */
export function replaySteps(
  entries: Iterable<Entry>,
  program: ServerProgram,
  options: ReplayOptions = {},
): Generator<void, ReplayResult> {
  return new Replay(program, options).steps(entries)
}

/** So many entries are remembered, to say what led to a divergence; and so many of them are told. */
const REMEMBERED = 400
const TOLD = 14

/** One input, and what followed from it. */
interface Turn {
  readonly input: Input
  readonly effects: (Read | Output)[]
}

class Replay implements Supply {
  readonly #program: ServerProgram
  readonly #options: ReplayOptions
  readonly #parts: ReplayedParts
  /** What the server does now comes by it. */
  readonly #tap: EntryTap
  /** Whose messages each connection carries. */
  readonly #served = new Map<number, Session>()
  /** Where outputs are ignored. */
  readonly #followed: FollowedTurns | undefined
  #server: Server | undefined
  #turn: Turn | undefined
  #cursor = 0
  #inputs = 0
  #outputs = 0
  #startMs: number | undefined
  #lastMs = 0
  #divergence: Divergence | undefined
  readonly #remembered: { readonly atMs: number; readonly entry: Entry }[] = []
  #isLast = false

  constructor(program: ServerProgram, options: ReplayOptions) {
    this.#program = program
    this.#options = options
    this.#parts = new ReplayedParts(this)
    this.#tap = new EntryTap(program.apps, (entry) => {
      if (isOutput(entry)) this.#did(entry)
    })
    const { taps } = this.#parts.shell
    if (options.ignoresOutputs === true) this.#followed = new FollowedTurns()
    taps.add(this.#tap)
    options.onShell?.(this.#parts.shell)
    taps.add({
      setTimer: (timer, owner) => this.#followed?.timerSet(timer, owner),
      cancelTimer: (timer) => this.#followed?.timerCancelled(timer),
      serves: (link, session) => {
        if (session === undefined) this.#served.delete(link)
        else this.#served.set(link, session)
      },
    })
  }

  *steps(entries: Iterable<Entry>): Generator<void, ReplayResult> {
    const { untilMs = Infinity } = this.#options
    let turn: Turn | undefined
    for (const entry of entries) {
      if (entry.kind === 'ended' || entry.kind === 'unrecordable') {
        // A call that could not be written down, which cannot be repeated, or one of which nothing came.
        const isOpen = entry.kind === 'unrecordable' && turn?.input.kind === 'called' && turn.effects.length === 0
        if (turn !== undefined && !isOpen) this.#perform(turn)
        return this.#result(entry.kind, entry.why)
      }
      if (!isInput(entry)) {
        turn?.effects.push(entry)
        continue
      }
      if (turn !== undefined) this.#perform(turn)
      yield
      if (this.#divergence !== undefined) return this.#result('diverged', '')
      this.#startMs ??= entry.atMs
      if (entry.atMs - this.#startMs > untilMs) return this.#result('until', '')
      turn = { input: entry, effects: [] }
    }
    // What was cut off may have cut this turn in two.
    this.#isLast = true
    if (turn !== undefined) this.#perform(turn)
    return this.#result('cut_off', '')
  }

  // The server reads what it read then, and what it does is held against the recording.

  get nowMs(): number {
    return this.#turn?.input.atMs ?? this.#lastMs
  }

  read<K extends Read['kind']>(
    kind: K,
    isIt: (read: Extract<Read, { kind: K }>) => boolean,
  ): Extract<Read, { kind: K }> | undefined {
    if (this.#followed !== undefined) return this.#followed.read(kind, isIt)
    const next = this.#turn?.effects[this.#cursor]
    if (next?.kind !== kind || !isIt(next as Extract<Read, { kind: K }>)) return undefined
    this.#remember(next)
    this.#cursor++
    return next as Extract<Read, { kind: K }>
  }

  differs(now: Read): void {
    if (this.#isCutOff) return
    this.#diverge(now, describeEntry(now, this.#program.apps))
  }

  #did(output: Output): void {
    if (this.#divergence !== undefined || this.#followed !== undefined) return
    if (this.#isCutOff) return
    const recorded = this.#turn?.effects[this.#cursor]
    if (recorded === undefined || !isSame(recorded, output)) {
      this.#diverge(output, describeEntry(output, this.#program.apps))
      return
    }
    this.#remember(recorded)
    this.#cursor++
    this.#outputs++
  }

  /** What happens now was not recorded any more. */
  get #isCutOff(): boolean {
    if (this.#followed !== undefined) return this.#isLast && this.#followed.isOver
    return this.#isLast && this.#turn?.effects[this.#cursor] === undefined
  }

  // Inputs

  #perform(turn: Turn): void {
    if (this.#divergence !== undefined) return
    const effects =
      this.#followed?.begin(turn.effects) ?? turn.effects.filter((effect) => !this.#isIdle(effect, turn.input))
    this.#turn = { input: turn.input, effects }
    this.#cursor = 0
    this.#inputs++
    this.#lastMs = turn.input.atMs
    this.#remember(turn.input)
    const impossible = this.#carryOut(turn.input)
    if (impossible !== undefined) this.#diverge(undefined, impossible)
    else if (this.#followed?.isOver !== true && this.#cursor < effects.length) this.#diverge(undefined, 'nothing more')
    this.#options.onInput?.(turn.input, this.#server)
    this.#turn = undefined
  }

  /** In recordings of format 1 the program also cancels timers that have fired, of which nothing comes. */
  #isIdle(effect: Read | Output, input: Input): boolean {
    if (effect.kind !== 'cancelled' || effect.owner !== undefined) return false
    return this.#parts.isOver(effect.timer) || (input.kind === 'fired' && input.timer === effect.timer)
  }

  /** In words, why this cannot happen to the server of now. */
  #carryOut(input: Input): string | undefined {
    const parts = this.#parts
    switch (input.kind) {
      case 'boot': {
        const { shell, network } = parts
        const { clock, random } = shell
        const { addresses = this.#listenedAtBoot() } = input
        // What went wrong then was reported then.
        shell.defaults = { ...input.options, onReport: () => undefined }
        this.#server = shell.boot(() => this.#program.boot({ clock, random, network, addresses, shell, calls: shell }))
        return undefined
      }
      case 'accepted':
        return parts.accept(this.#followed === undefined ? input : { ...input, listener: 0 }, this.#server)
      case 'opened':
        return parts.on(input.connection, (handler) => handler.opened())
      case 'message':
        return parts.on(input.connection, (handler) => handler.message(input.bytes, input.delivery))
      case 'closed':
        return parts.closed(input.connection, input.code, input.reason)
      case 'drained':
        return parts.on(input.connection, (handler) => handler.drained?.())
      case 'ignored':
        return parts.on(input.connection, (handler) => {
          if (input.what === SIGN_OF_LIFE) handler.alive?.()
          else handler.ignored?.('text_frame')
        })
      case 'fired':
        return parts.fire(this.#followed?.timerOf(input) ?? input.timer)
      case 'listening':
      case 'listen_failed':
        // The core does nothing about them, and what the program calls of the server because of them was recorded.
        return undefined
      case 'listener_closed':
        return this.#followed === undefined ? parts.listenerClosed(input.listener) : undefined
      case 'called':
        return this.#call(input.call)
      case 'elapsed':
      case 'missing':
        return 'this is an import, which does not know what the server read'
    }
  }

  /** For recordings of programs that had addresses of their own, and may get them from their parts now. */
  #listenedAtBoot(): readonly string[] {
    return (this.#turn?.effects ?? []).flatMap((effect) => (effect.kind === 'listened' ? [effect.address] : []))
  }

  #call(call: CallData): string | undefined {
    const server = this.#server
    if (server === undefined) return 'there is no server yet'
    const args = (call.args ?? []).map((arg) => decodeValue(arg, this.#references))
    if (call.on.place === 'program') {
      const command = findCommand(this.#program, call.method)
      if (command === undefined) return `the program has no command '${call.method}'`
      swallow(() => this.#parts.shell.program(call.method, args, () => command(server, ...(args as never[]))))
      return undefined
    }
    const target = this.#targetOf(call.on.place, decodeValue(call.on, this.#references), server)
    if (!METHODS.has(call.method)) return `there is no call ${call.method}`
    // A session or a zone that is gone, a connection that has closed: nothing happened then either.
    if (target === undefined || call.args?.some((arg) => this.#hasClosed(arg)) === true) return undefined
    swallow(() => {
      if (call.method.startsWith('set ')) Reflect.set(target, call.method.slice(4), args[0])
      else (target[call.method as keyof typeof target] as (...args: unknown[]) => void).apply(target, args)
    })
    return undefined
  }

  #hasClosed({ connection }: ValueData): boolean {
    return isSet(connection) && this.#parts.linkOf(connection) === undefined
  }

  #targetOf(place: string | null | undefined, value: unknown, server: Server): object | undefined {
    if (place === 'server') return server
    if (place === 'sessions') return server.sessions
    if (place === 'zones') return server.zones
    return typeof value === 'object' && value !== null ? value : undefined
  }

  readonly #references: ReadingReferences = {
    session: (id) => this.#server?.sessions.get(id),
    zone: (prefix, name) => {
      const app = this.#appOf(prefix)
      return app === undefined ? undefined : this.#server?.zones.find(app, name)
    },
    app: (prefix) => this.#appOf(prefix),
    connection: (number) => this.#parts.linkOf(number),
    definition: (number) => this.#tap.definition(number),
  }

  #appOf(prefix: number): AnyApp | undefined {
    return this.#program.apps.find((app) => app.prefix === prefix)
  }

  // Divergence

  #diverge(now: Read | Output | undefined, nowText: string): void {
    if (this.#divergence !== undefined || this.#turn === undefined) return
    const { input, effects } = this.#turn
    const recorded = effects[this.#followed?.cursor ?? this.#cursor]
    const { apps } = this.#program
    const recordedText = recorded === undefined ? 'nothing more' : describeEntry(recorded, apps)
    const connection = connectionOf(now) ?? connectionOf(recorded) ?? connectionOf(input)
    const ofTimer = sessionOf(now) ?? sessionOf(recorded) ?? sessionOf(input)
    const served = connection === undefined ? undefined : this.#served.get(connection)
    const session = served ?? (ofTimer === undefined ? undefined : this.#server?.sessions.get(ofTimer))
    this.#divergence = {
      ...explainDifference(recorded, recordedText, now, nowText),
      atMs: input.atMs - (this.#startMs ?? 0),
      input: this.#inputs,
      connection,
      session: session?.id ?? ofTimer,
      zone: session?.zone?.name,
      ledTo: this.#ledTo(connection, session?.id ?? ofTimer, input),
    }
  }

  #ledTo(connection: number | undefined, session: number | undefined, input: Input): string[] {
    const from = this.#remembered.findLastIndex(({ entry }) => entry === input)
    const told = this.#remembered.filter(({ entry }, index) => {
      if (index >= from || (connection !== undefined && connectionOf(entry) === connection)) return true
      return session !== undefined && sessionOf(entry) === session
    })
    return told.slice(-TOLD).map(({ atMs, entry }) => {
      return `${((atMs - (this.#startMs ?? 0)) / 1000).toFixed(3)} s  ${isInput(entry) ? '' : '  '}${describeEntry(entry, this.#program.apps)}`
    })
  }

  #remember(entry: Entry): void {
    this.#remembered.push({ atMs: this.#lastMs, entry })
    if (this.#remembered.length > 2 * REMEMBERED) this.#remembered.splice(0, REMEMBERED)
  }

  #result(end: ReplayResult['end'], endWhy: string): ReplayResult {
    return {
      identical: this.#divergence === undefined,
      inputs: this.#inputs,
      outputs: this.#outputs,
      recordedSeconds: (this.#lastMs - (this.#startMs ?? this.#lastMs)) / 1000,
      divergence: this.#divergence,
      end: this.#divergence === undefined ? end : 'diverged',
      endWhy,
    }
  }
}

/** What a recording may call: it comes from a file. */
const METHODS: ReadonlySet<string> = new Set(
  (
    'drain,start,stop,route,tell,send,broadcast,remove,join,part,rpc,disconnect,' +
    'set proxy,set serializer,set disconnectCallback,set gameData,set disconnectTimeout'
  ).split(','),
)

function swallow(call: () => void): void {
  try {
    call()
  } catch (error) {
    // It was thrown at the caller, who is not here; that it is a mistake of ours is worth knowing.
    if (error instanceof OverworldError && error.code === 'internal') throw error
  }
}

function connectionOf(entry: Entry | undefined): number | undefined {
  return entry !== undefined && 'connection' in entry ? entry.connection : undefined
}

/** The session that a timer belongs to. */
function sessionOf(entry: Entry | undefined): number | undefined {
  if (entry === undefined || !('owner' in entry) || entry.owner === undefined) return undefined
  return 'session' in entry.owner ? entry.owner.session : undefined
}

function isOutput(entry: Entry): entry is Output {
  return OUTPUTS.has(entry.kind)
}

const OUTPUTS: ReadonlySet<Entry['kind']> = new Set<Output['kind']>([
  'sent',
  'close',
  'set_timer',
  'cancelled',
  'listened',
  'close_listener',
])

function isSame(recorded: Read | Output, now: Output): boolean {
  switch (recorded.kind) {
    case 'sent':
      return (
        now.kind === 'sent' &&
        recorded.connection === now.connection &&
        recorded.delivery.mode === now.delivery.mode &&
        recorded.delivery.channel === now.delivery.channel &&
        equalBytes(recorded.bytes, now.bytes)
      )
    case 'close':
      return (
        now.kind === 'close' &&
        recorded.connection === now.connection &&
        recorded.code === now.code &&
        recorded.reason === now.reason
      )
    case 'set_timer':
      return (
        now.kind === 'set_timer' && Object.is(recorded.delayMs, now.delayMs) && isSameOwner(recorded.owner, now.owner)
      )
    case 'cancelled':
      return now.kind === 'cancelled' && recorded.timer === now.timer
    case 'listened':
      return now.kind === 'listened' && recorded.address === now.address
    case 'close_listener':
      return now.kind === 'close_listener' && recorded.listener === now.listener
    default:
      return false
  }
}

/** A recording of format 1 has no owners. */
function isSameOwner(recorded: TimerOwner | undefined, now: TimerOwner | undefined): boolean {
  if (recorded === undefined || now === undefined) return true
  return describeTimer(recorded) === describeTimer(now)
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false
  return true
}
