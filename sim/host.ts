/**
 * A simulated machine. It has a name, an address and a clock of its own, and runs one program at a time. It can be
 * paused (nothing runs; what comes due meanwhile runs afterwards), it can crash (memory, timers and connections are
 * gone) and boot again: a new incarnation with new random streams. What an earlier incarnation still calls does nothing.
 *
 * Which network it is plugged into is its maker's choice (`Fabric`). Left out on purpose: several programs on one
 * machine, disks, CPU time.
 */
import { OverworldError } from '../core/errors.ts'
import { checkVirtualMs } from './virtual-time.ts'
import type { Clock, Network } from '../core/injected.ts'
import type { Drain } from './drain.ts'
import { drainingClock, drainingNetwork } from './draining-parts.ts'
import { ReusableEvent, type EventHandle, type QueuedEvent } from './event-queue.ts'
import type { Ground } from './ground.ts'
import { HostClock, type HeldTask, type HostGate } from './host-clock.ts'
import { MachineTime } from './machine-time.ts'
import type { RandomStream } from './random-streams.ts'
import { TraceKind } from './trace.ts'

/** Which simulated network gives a host its connections. */
export interface Fabric {
  addHost(host: Host): void
  /** The network of a new incarnation. */
  startNetwork(life: HostLife): Network
  /** The incarnation is over. */
  stopNetwork(life: HostLife, connections: ConnectionsAtCrash): void
  /** The machine gets another address: whoever had a connection to the old one hears nothing more. */
  changeAddress(host: Host, address: string): void
}

export interface HostOptions {
  /** Letters, digits, `-`, `_` and `.`; unique in its world. */
  readonly name: string
  /** An address without port; default `10.0.0.<ordinal>`. Several hosts may share one (a NAT). */
  readonly address?: string
  /** What the clock shows at the start of the run. Default 0. */
  readonly clockOffsetMs?: number
  /** How much faster (or, negative, slower) than true time the clock runs, in parts per million. Default 0. */
  readonly driftPpm?: number
  /**
   * Its programs use promises: whatever runs in them marks the drain of the world, which is then driven with waiting
   * (`wire/drain.ts`). Default: false.
   */
  readonly promises?: boolean
}

/** What a program gets when its host boots. After a crash all of it is dead: every call does nothing. */
export interface HostLife {
  readonly host: Host
  /** 1 for the first boot. */
  readonly incarnation: number
  readonly clock: Clock
  readonly network: Network
  readonly isAlive: boolean
  /** The stream `host/incarnation/purpose`; each purpose can be taken once in a life. */
  random(purpose: string): RandomStream
}

export type HostProgram = (life: HostLife) => void

/** A crash leaves peers without a word (power cut), or the system says goodbye for the dead program (reset). */
export type ConnectionsAtCrash = 'silent' | 'reset'

export interface PauseOptions {
  /** Default: until `resume()`. */
  readonly durationMs?: number
  /**
   * `process` (default): the program stands still, the system under it still acknowledges what arrives (a long
   * garbage collection, a frozen tab). `machine`: everything stands still, packets for it are lost (a closed lid).
   */
  readonly what?: 'process' | 'machine'
  /** What runs first afterwards. Default `timers-first`, as in Node's event loop. */
  readonly order?: 'timers-first' | 'input-first' | 'as-they-came'
}

export type HostStatus = 'off' | 'running' | 'paused' | 'asleep'

interface Held {
  readonly kind: 'timer' | 'input'
  readonly task: HeldTask
}

export class Host implements HostGate {
  readonly name: string
  /** Its number in the trace. */
  readonly ordinal: number
  readonly #ground: Ground
  readonly #fabric: Fabric
  readonly #time: MachineTime
  /** Undefined: its programs do not use promises. */
  readonly #drain: Drain | undefined
  #address: string
  #status: HostStatus = 'off'
  #incarnation = 0
  #program: HostProgram | undefined
  #life: Life | undefined
  /** The program runs, and nothing waits in front of what comes now. A plain field: it is read for every message. */
  isFree = false
  #held: Held[] = []
  #heldOfSystem: QueuedEvent[] = []
  /** What was held, in the order in which it runs now that the host has resumed. */
  #backlog: Held[] = []
  #backlogNext = 0
  readonly #backlogEvent: ReusableEvent
  #order: NonNullable<PauseOptions['order']> = 'timers-first'
  #wakeUp: EventHandle | undefined
  #wakeUpAtUs = 0

  constructor(ground: Ground, fabric: Fabric, options: HostOptions) {
    const { name, address, clockOffsetMs = 0, driftPpm = 0, promises = false } = options
    if (!/^[\w.-]+$/.test(name)) {
      throw new OverworldError('bad_option', `host name "${name}": use letters, digits, "-", "_" and "."`)
    }
    this.name = name
    this.#time = new MachineTime(clockOffsetMs, driftPpm)
    this.#ground = ground
    this.#drain = promises ? ground.drain : undefined
    this.#fabric = fabric
    this.#backlogEvent = new ReusableEvent(() => this.#runBacklog())
    this.ordinal = ground.trace.addHost(name)
    this.#address = address ?? `10.0.${this.ordinal >> 8}.${this.ordinal & 0xff}`
    fabric.addHost(this)
  }

  get address(): string {
    return this.#address
  }

  get status(): HostStatus {
    return this.#status
  }

  /** How often it has booted. */
  get incarnation(): number {
    return this.#incarnation
  }

  /** The life that runs now; throws `bad_option` while the host is off. */
  get life(): HostLife {
    if (this.#life === undefined) throw new OverworldError('bad_option', `host "${this.name}" is off: boot it first`)
    return this.#life
  }

  get clock(): Clock {
    return this.life.clock
  }

  get network(): Network {
    return this.life.network
  }

  /** Whether packets can reach it: neither off nor asleep. */
  get isReachable(): boolean {
    return this.#status === 'running' || this.#status === 'paused'
  }

  /** Starts a new incarnation and calls `program` with what it may use. The host must be off (`bad_option`). */
  boot(program: HostProgram): void {
    if (this.#status !== 'off') {
      throw new OverworldError('bad_option', `host "${this.name}" is ${this.#status}: crash it before it boots again`)
    }
    this.#program = program
    this.#incarnation += 1
    this.#status = 'running'
    this.isFree = true
    this.#ground.trace.record(TraceKind.boot, this.ordinal, 0, this.#incarnation)
    const clock = new HostClock(this.#ground.queue, this.#time, this)
    this.#life = new Life(this, this.#incarnation, clock, this.#ground, this.#drain)
    this.#life.start(this.#fabric)
    this.#drain?.need()
    program(this.#life)
  }

  /** Boots the program of the last boot again. */
  restart(): void {
    if (this.#program === undefined) {
      throw new OverworldError('bad_option', `host "${this.name}" has never booted: boot it with a program`)
    }
    this.boot(this.#program)
  }

  /** Memory is lost, timers die, connections break. Does nothing while the host is off. */
  crash({ connections = 'silent' }: { readonly connections?: ConnectionsAtCrash } = {}): void {
    const life = this.#life
    if (life === undefined) return
    this.#ground.trace.record(TraceKind.crash, this.ordinal, 0, this.#incarnation)
    this.#status = 'off'
    this.isFree = false
    this.#life = undefined
    this.#forgetPause()
    this.#held = []
    this.#heldOfSystem = []
    this.#backlog = []
    this.#backlogNext = 0
    this.#ground.queue.cancel(this.#backlogEvent)
    life.end(this.#fabric, connections)
  }

  /** Does nothing while the host is off. A pause within a pause: the later end counts, and `machine` wins. */
  pause({ durationMs, what = 'process', order = 'timers-first' }: PauseOptions = {}): void {
    if (durationMs !== undefined && durationMs !== Infinity) checkVirtualMs('pause', durationMs)
    if (this.#status === 'off') return
    if (this.#status === 'running') this.#ground.trace.record(TraceKind.pause, this.ordinal)
    const isEndless = this.#status !== 'running' && this.#wakeUp === undefined
    this.#status = what === 'machine' || this.#status === 'asleep' ? 'asleep' : 'paused'
    this.isFree = false
    this.#order = order
    this.#putBacklogBack()
    if (durationMs === undefined || durationMs === Infinity) this.#forgetPause()
    else if (!isEndless) this.#wakeUpAt(this.#ground.queue.nowUs + Math.ceil(durationMs * 1000))
  }

  /** Ends a pause before its time. Does nothing while the host is not paused. */
  resume(): void {
    if (this.#status !== 'paused' && this.#status !== 'asleep') return
    this.#forgetPause()
    this.#ground.trace.record(TraceKind.resume, this.ordinal)
    this.#status = 'running'
    const { queue } = this.#ground
    for (const event of this.#heldOfSystem.splice(0)) if (!event.isQueued) queue.add(event, queue.nowUs)
    this.#backlog = inOrder(this.#held, this.#order)
    this.#backlogNext = 0
    this.#held = []
    if (this.#backlog.length === 0) this.isFree = true
    else queue.add(this.#backlogEvent, queue.nowUs)
  }

  /**
   * Something from outside the machine for its program to do (a user clicks): at once, or after its pause. Whoever
   * gives it to a host that is off, or crashes before, gives it in vain.
   */
  execute(action: () => void): void {
    if (this.#status === 'off') return
    const perform = (): void => {
      this.#drain?.need()
      action()
    }
    if (this.isFree) perform()
    else this.hold('input', { perform })
  }

  /** From now on the clock runs faster or slower (parts per million). */
  setDrift(driftPpm: number): void {
    this.#time.setDrift(this.#ground.queue.nowUs, driftPpm)
    this.#life?.machineClock.reschedule()
    this.#ground.trace.record(TraceKind.fault, this.ordinal, 0, driftPpm, undefined, 'clock drift')
  }

  /** The clock leaps forward; timers whose deadline it has passed are due at once, the most overdue first. */
  jumpClock(forwardMs: number): void {
    this.#time.jump(forwardMs)
    this.#life?.machineClock.reschedule()
    this.#ground.trace.record(TraceKind.fault, this.ordinal, 0, forwardMs, undefined, 'clock jump')
  }

  /** What its wall clock shows, in ms from 0 at the start of the run: its clock, and what it was set by since. */
  get wallClockMs(): number {
    return this.#time.wallMsAt(this.#ground.queue.nowUs)
  }

  /**
   * Somebody (NTP, a user) sets the wall clock by so much, forward or (below 0) back. `Clock` and its timers do not notice:
   * they count what has passed. `Date` does, in ambient mode.
   */
  setWallClock(byMs: number): void {
    this.#time.setWall(byMs)
    this.#ground.trace.record(TraceKind.fault, this.ordinal, 0, byMs, undefined, 'wall clock set')
  }

  /**
   * NAT rebinding, Wi-Fi to cellular: existing connections go silent in both directions without a close, new ones
   * come from the new address.
   */
  changeAddress(address: string): void {
    this.#address = address
    this.#ground.trace.record(TraceKind.fault, this.ordinal, 0, 0, undefined, `address ${address}`)
    this.#fabric.changeAddress(this, address)
  }

  /** For clock and network: what the program cannot run now. */
  hold(kind: 'timer' | 'input', task: HeldTask): void {
    if (this.#status === 'off') return
    if (this.#status === 'running') this.#backlog.push({ kind, task })
    else this.#held.push({ kind, task })
  }

  /** For the network: what the system under the program cannot do before the machine wakes up. */
  holdForSystem(event: QueuedEvent): void {
    if (this.#status === 'asleep' && !this.#heldOfSystem.includes(event)) this.#heldOfSystem.push(event)
  }

  /**
   * One event for each task, so that what one of them causes at once keeps its place behind them. A task runs as on a
   * free host, whatever is waiting behind it: one that asked again whether it may run would wait for ever.
   */
  #runBacklog(): void {
    const held = this.#backlog[this.#backlogNext++]
    const isLast = this.#backlogNext >= this.#backlog.length
    if (isLast) {
      this.#backlog = []
      this.#backlogNext = 0
    } else {
      this.#ground.queue.add(this.#backlogEvent, this.#ground.queue.nowUs)
    }
    this.isFree = true
    held?.task.perform()
    // The task may have paused or crashed the host, or made others wait.
    this.isFree = this.#status === 'running' && this.#backlog.length === 0
  }

  #putBacklogBack(): void {
    this.#ground.queue.cancel(this.#backlogEvent)
    this.#held.push(...this.#backlog.slice(this.#backlogNext))
    this.#backlog = []
    this.#backlogNext = 0
  }

  #wakeUpAt(atUs: number): void {
    if (this.#wakeUp !== undefined && this.#wakeUpAtUs >= atUs) return
    this.#wakeUp?.cancel()
    this.#wakeUpAtUs = atUs
    this.#wakeUp = this.#ground.queue.push(atUs, () => this.resume())
  }

  #forgetPause(): void {
    this.#wakeUp?.cancel()
    this.#wakeUp = undefined
  }
}

function inOrder(held: readonly Held[], order: NonNullable<PauseOptions['order']>): Held[] {
  if (order === 'as-they-came') return [...held]
  const first = order === 'timers-first' ? 'timer' : 'input'
  const isFirst = ({ kind }: Held): boolean => kind === first
  return [...held.filter(isFirst), ...held.filter((entry) => !isFirst(entry))]
}

class Life implements HostLife {
  readonly host: Host
  readonly incarnation: number
  readonly machineClock: HostClock
  /** As its program has it. */
  readonly clock: Clock
  readonly #ground: Ground
  readonly #drain: Drain | undefined
  #network: Network | undefined
  #isAlive = true

  constructor(host: Host, incarnation: number, clock: HostClock, ground: Ground, drain: Drain | undefined) {
    this.host = host
    this.incarnation = incarnation
    this.machineClock = clock
    this.clock = drain === undefined ? clock : drainingClock(clock, drain)
    this.#ground = ground
    this.#drain = drain
  }

  get network(): Network {
    if (this.#network === undefined) throw new OverworldError('internal', 'a host that is booting has no network yet')
    return this.#network
  }

  get isAlive(): boolean {
    return this.#isAlive
  }

  random(purpose: string): RandomStream {
    return this.#ground.streams.stream(`${this.host.name}/${this.incarnation}/${purpose}`)
  }

  start(fabric: Fabric): void {
    const network = fabric.startNetwork(this)
    this.#network = this.#drain === undefined ? network : drainingNetwork(network, this.#drain)
  }

  end(fabric: Fabric, connections: ConnectionsAtCrash): void {
    this.#isAlive = false
    this.machineClock.stop()
    fabric.stopNetwork(this, connections)
  }
}
