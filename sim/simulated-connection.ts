/**
 * A connection between two simulated hosts: its two ends, its two lanes, and the faults that can befall it. Each kind
 * (`stream-connection.ts`, `enet-connection.ts`) adds its protocol.
 */
import type { Accept, TransportName } from '../core/injected.ts'
import type { Address } from './address.ts'
import type { ConnectionEnd, EndOptions, Side } from './connection-end.ts'
import type { EnetSettings, StreamSettings } from './connection-settings.ts'
import type { Ground } from './ground.ts'
import type { ConnectionsAtCrash, Host, HostLife } from './host.ts'
import type { Lane } from './lane.ts'
import { MessageCauses } from './message-causes.ts'
import { TraceKind } from './trace.ts'

/** What a connection needs of its network. */
export interface ConnectionEnvironment {
  readonly ground: Ground
  /** As they are now: they can change while the connection lives. */
  readonly stream: StreamSettings
  readonly enet: EnetSettings
  /** Hears what a program's handler threw. */
  readonly onError: (error: unknown) => void
  findListener(host: Host, address: Address): FoundListener | undefined
  /** Nothing of the connection is left. */
  forget(connection: SimulatedConnection): void
}

export interface FoundListener {
  readonly accept: Accept
  /** The life of the host whose program listens. */
  readonly life: HostLife
}

export interface ConnectionOptions {
  readonly environment: ConnectionEnvironment
  readonly ordinal: number
  readonly address: Address
  readonly toServer: Lane
  readonly toClient: Lane
}

export abstract class SimulatedConnection {
  abstract readonly transport: TransportName
  /** 1, 2, …: its number in the trace. */
  readonly ordinal: number
  readonly address: Address
  readonly clientHost: Host
  readonly serverHost: Host
  protected readonly environment: ConnectionEnvironment
  protected readonly toServer: Lane
  protected readonly toClient: Lane
  readonly #causes: MessageCauses

  constructor({ environment, ordinal, address, toServer, toClient }: ConnectionOptions) {
    this.environment = environment
    this.ordinal = ordinal
    this.address = address
    this.toServer = toServer
    this.toClient = toClient
    this.#causes = new MessageCauses(environment.ground.causes)
    this.clientHost = toServer.from
    this.serverHost = toServer.to
  }

  /** For its end on `side`, whose program has this life. */
  protected endOptions(side: Side, life: HostLife): EndOptions {
    const { ground, onError } = this.environment
    const { queue, trace } = ground
    const { address: remoteAddress } = side === 'client' ? this.serverHost : this.clientHost
    return { queue, trace, life, ordinal: this.ordinal, side, remoteAddress, onError, causes: this.#causes }
  }

  /** Undefined on the server's side until a packet of it has come that far. */
  abstract end(side: Side): ConnectionEnd | undefined
  /** A limit changed: what waits for longer than it now allows must not. */
  abstract settingsChanged(): void
  protected abstract resetFrom(side: Side): void
  /** What is under way on a lane that was cut never arrives. */
  protected abstract lanesWereCut(): void
  /** As `halfClose`, where the protocol has such a thing. */
  protected abstract endStreamOf(side: Side): void
  /** The system of a program that died tells the peer, where the protocol has words for it. */
  protected abstract sayReset(side: Side): void

  /** Whether both programs can still use it. */
  get isOpen(): boolean {
    return this.end('client')?.isOpen === true && this.end('server')?.isOpen === true
  }

  /**
   * One end of a stream breaks (closed with 1006, what is unread lost) and tells its peer, whose end breaks when that
   * packet arrives, if it does. ENet has no word for it: both directions go silent, and the peers time out.
   */
  reset(side: Side = 'client'): void {
    this.#record('reset', side)
    const { queue } = this.environment.ground
    queue.push(queue.nowUs, () => this.resetFrom(side))
  }

  /**
   * The stream that this side sends ends without a goodbye (FIN), as where a proxy gives up; its peer hears 1006. ENet
   * has no such thing: there nothing happens.
   */
  halfClose(side: Side = 'client'): void {
    this.#record('half-close', side)
    const { queue } = this.environment.ground
    queue.push(queue.nowUs, () => this.endStreamOf(side))
  }

  /** Both directions go silent for ever; neither end is told. */
  halfOpen(): void {
    this.#record('half-open', 'client')
    this.sever()
  }

  /** What one side sends is lost from now on, what it is sent is not. */
  cut(sender: Side): void {
    this.#record('cut', sender)
    const lane = sender === 'client' ? this.toServer : this.toClient
    lane.isCut = true
    this.lanesWereCut()
  }

  /** A slow reader: that side's program reads nothing until it does again. */
  setReading(side: Side, isReading: boolean): void {
    this.#record(isReading ? 'reads' : 'reads no more', side)
    this.end(side)?.setReading(isReading)
  }

  /** For the network: the host of that side crashed. */
  crash(side: Side, connections: ConnectionsAtCrash): void {
    const end = this.end(side)
    if (end === undefined || end.isGone) return
    if (connections === 'reset') this.sayReset(side)
    end.die()
  }

  /** For the network: as `halfOpen`, as a part of another fault. */
  sever(): void {
    this.toServer.isCut = true
    this.toClient.isCut = true
    this.lanesWereCut()
  }

  #record(what: string, side: Side): void {
    const host = side === 'client' ? this.clientHost : this.serverHost
    this.environment.ground.trace.record(TraceKind.fault, host.ordinal, this.ordinal, 0, undefined, what)
  }
}
