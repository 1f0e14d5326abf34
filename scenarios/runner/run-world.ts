/**
 * What the world of any run has, whatever its clients are and whoever judges it: the simulated server and its machine,
 * the clients, the checks. Steps and phases work on this.
 */
import { OverworldError, type Client, type Server, type ServerProgram, type Session } from '../../core/index.ts'
import type { Host, Outage, SimulatedClient, World } from '../../sim/index.ts'
import type { Goals } from '../goals.ts'
import type { Checks } from '../invariants.ts'
import type { CallbackFailure, ServerCall } from '../observer/observation.ts'
import type { KeptRandom } from '../recorded/kept-random.ts'
import { toMs, type Misbehaviour, type Scenario, type TransportChoice } from '../scenario.ts'
import type { Draining } from './draining.ts'
import type { RunPhase } from './run-result.ts'

/** A part of a run. Yields how many ms are to pass. */
export type Phase = Generator<number, void, void>

/** A client of a run, as far as steps and phases go. */
export interface Player {
  readonly name: string
  readonly machine: SimulatedClient
  /** Of its program's present life; undefined while that is dead. */
  readonly client: Client | undefined
  /** The id of the session that its client has, or would come back to. */
  readonly sessionId: number | undefined
  /** It means to be connected, and is not. */
  readonly isOnItsWay: boolean
  /** It does not come back by itself: ended by its user, or closed for good. */
  readonly hasEnded: boolean
  connect(transport?: TransportChoice): void
  disconnect(): void
  end(): void
  /** Its page is shown again, or its machine has a network again. */
  wake(): void
  /** Its program dies. What it stored is kept, or lost too. */
  kill(store: 'kept' | 'lost'): void
  restart(): void
  /** Its timers come at whole multiples of `everyMs` only, until this is healed. */
  delayTimers(everyMs: number): Outage
  /** Its dials throw, until this is healed. */
  breakDials(): Outage
  /** Its answers to beacons do not leave its machine, until this is healed. */
  muteBeacons(): Outage
  /** Its machine stands still for so long (ms), or its clock has leapt. */
  disturbed(forMs: number): void
  /** However late its timers are, it must not stay on a connection on which nothing is heard. */
  checkSilence(): void
  /** It acts from time to time, so that it notices where it is not. */
  beLively(): void
  /** The connections that the scenario has made from its machine are closed where the server could not find them out. */
  seeStrangersOff(): void
}

export abstract class RunWorld<P extends Player = Player> {
  readonly scenario: Scenario
  abstract readonly world: World
  abstract readonly checks: Checks
  abstract readonly goals: Goals
  abstract readonly draining: Draining
  /** The server, where it is one of somebody's own. */
  abstract readonly program: ServerProgram | undefined
  /** Undefined: the scenario has no recorded history. */
  abstract readonly kept: KeptRandom | undefined
  readonly players = new Map<string, P>()

  /** What was found while the first server booted: the world is made by then, and not known here. */
  #earlyBreach: { readonly error: unknown } | undefined

  constructor(scenario: Scenario) {
    this.scenario = scenario
  }

  /** Virtual time in ms; 0 while the first server boots, when there is no world yet. */
  protected get nowMs(): number {
    return (this.world as World | undefined)?.nowMs ?? 0
  }

  /** For what a tap finds: a server only reports what a tap throws. The run ends with it, as soon as this event is over. */
  protected breakWith(error: unknown): void {
    const world = this.world as World | undefined
    if (world === undefined) {
      this.#earlyBreach ??= { error }
      return
    }
    world.after(0, () => {
      throw error
    })
  }

  /** To be called once there is a world. */
  protected throwEarlyBreach(): void {
    if (this.#earlyBreach === undefined) return
    this.end()
    throw this.#earlyBreach.error
  }

  /** The client whose machine has this address, or the address. */
  protected whoIsAt(address: string): string {
    return this.playerAt(address) ?? address
  }

  protected playerAt(address: string): string | undefined {
    for (const { name, machine } of this.players.values()) if (machine.host.address === address) return name
    return undefined
  }

  /** Messages sent by clients and server so far. */
  abstract get messages(): number
  /** At the server's present life. */
  abstract get openConnections(): number
  /** Whether no session can be alive; undefined where nobody can tell, or being late proves nothing now. */
  abstract get isEmpty(): boolean | undefined
  /** How long (ms) the server waits for a sign of life; 0: for ever. */
  abstract get livenessTimeoutMs(): number
  /** Sessions without a connection that the scenario has started. */
  abstract get npcs(): Iterable<{ do(what: 'stop'): void }>
  /** Sends what our client would never send. `number`: tells one stranger from the next. */
  abstract misbehave(how: Misbehaviour, player: P, number: number): void
  /** Adds a client that a step makes, beginning with a copy of what `original` stores. */
  abstract duplicate(original: P, name: string): void
  /** A call of the server's API by the scenario. */
  abstract call(call: ServerCall, run: () => void): void
  /** Within `done` of a drain: fails in the way that it is told. */
  abstract failAsDone(failure: CallbackFailure | undefined): undefined
  /** What the server has counted must be so. */
  abstract checkCounters(): void
  /** From now on the server stands still, or its clock is about to leap. */
  abstract standsStill(): void
  /** It has, until now: being late proves nothing for a while. */
  abstract disturbed(): void
  /** From now on the server's timers come at whole multiples of `everyMs` only; 0: in time. */
  abstract setServerTimersEvery(everyMs: number): void
  abstract tellPhase(phase: RunPhase): void
  /** What is to happen first, */
  abstract beforeSteps(): Phase
  /** once everybody is back, */
  abstract whenHealed(): Phase
  /** once everybody has gone, */
  abstract whenGone(): Phase
  /** and once the server has stopped. */
  abstract whenStopped(): Phase
  /** What clients and server do not agree on, in words; undefined: nothing. Asked once the network is well again. */
  abstract findDisagreement(): string | undefined
  /** Whether the game has taken this session in hand, so that its client does not decide alone where it is. */
  abstract isInHand(session: number): boolean
  /** Whatever it has of the process is given back. */
  abstract end(): void

  /** Throws `bad_option` where the scenario has no such client. */
  player(name: string): P {
    const player = this.players.get(name)
    if (player !== undefined) return player
    const known = [...this.players.keys()].join(', ')
    throw new OverworldError('bad_option', `a step names client '${name}'; there are ${known}`)
  }

  /** `server`, or that of a client. */
  host(name: string): Host {
    return name === 'server' ? this.world.serverHost : this.player(name).machine.host
  }

  get isServerPaused(): boolean {
    const { status } = this.world.serverHost
    return status === 'paused' || status === 'asleep'
  }

  /** Those that a client may have: a program's own sessions stay as long as it likes. */
  *clientSessions(): Generator<Session, void> {
    for (const session of this.world.server.sessions) {
      if (this.program === undefined || session.token !== undefined) yield session
    }
  }

  /** As the server's own code: at once, or after its pause; not at all while it is down. */
  onServer(run: (server: Server) => void): void {
    this.world.serverHost.execute(() => run(this.world.server))
  }

  /** Runs a command of the server's program. Default: like any other call from outside. */
  asCommand(_name: string, _args: readonly unknown[], run: () => void): void {
    run()
  }

  /** The same with the session that a client has, if it has one. */
  withSession(client: string, run: (session: Session) => void): void {
    this.onServer((server) => {
      const id = this.player(client).sessionId
      const session = id === undefined ? undefined : server.sessions.get(id)
      if (session !== undefined && session.status !== 'preconnect') run(session)
    })
  }

  restartServer(): void {
    if (this.world.isServerUp) return
    this.goals.reach('server restarted')
    this.world.restartServer()
  }

  /** How long (ms) a session outlives its connection, as far as the scenario or the program says. */
  protected get disconnectTimeoutMs(): number {
    if (this.program !== undefined && this.world.isServerUp) return this.world.server.options.disconnectTimeout
    return toMs(this.scenario.server.disconnectTimeoutMs ?? 5_000)
  }
}

/** Whether the server has no place for one more: whoever waits for a place then is right. */
export function isFull({ world: { server }, openConnections }: RunWorld): boolean {
  const { limits } = server.options
  if (openConnections >= limits.connections) return true
  let sessions = 0
  for (const { status } of server.sessions) if (status !== 'preconnect') sessions++
  return sessions >= limits.sessions
}
