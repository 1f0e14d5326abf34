/**
 * A TCP connection between two simulated hosts: the path it takes, its two endpoints, and the faults that can befall
 * it. Segments cross the links one by one; what arrives for an endpoint that is not there is answered with a reset.
 *
 * Endpoints are found by their connection rather than by addresses and ports, so that a port used again can never be
 * mistaken for its former user, and TIME_WAIT is not needed: a closed endpoint goes on acknowledging as long as
 * anything of it is under way.
 */
import type { Side } from '../connection-end.ts'
import type { StreamSettings } from '../connection-settings.ts'
import type { Ground } from '../ground.ts'
import type { ConnectionsAtCrash, Host } from '../host.ts'
import type { Lane } from '../lane.ts'
import { NEVER } from '../link.ts'
import { TraceKind } from '../trace.ts'
import type { Drain } from '../drain.ts'
import type { TcpEndpoint } from './tcp-endpoint.ts'
import { StreamMessages, type MessageUnderWay } from './wire-causes.ts'
import { ACK, NO_PAYLOAD, RST, SYN, TCP_HEADER_BYTES, TcpSegment, type SegmentTarget } from './tcp-segment.ts'

/** What all connections of a world have in common. */
export interface TcpEnvironment {
  readonly ground: Ground
  readonly drain: Drain
  /** As they are now: they can change while a connection lives. */
  readonly stream: StreamSettings
  /** Somebody asks for a connection to a port: the endpoint that answers; undefined where nobody listens. */
  acceptSyn(connection: TcpConnection): TcpEndpoint | undefined
  forget(connection: TcpConnection): void
}

const NO_MESSAGES: readonly MessageUnderWay[] = []

export class TcpConnection implements SegmentTarget {
  readonly transport = 'websocket'
  readonly environment: TcpEnvironment
  /** 1, 2, …: its number in the trace. */
  readonly ordinal: number
  readonly clientHost: Host
  readonly serverHost: Host
  readonly serverPort: number
  /** The client's address and port, as the server saw them first. */
  readonly clientAddress: string
  readonly clientPort: number
  readonly #toServer: Lane
  readonly #toClient: Lane
  #client: TcpEndpoint | undefined
  #server: TcpEndpoint | undefined
  /** By who has sent them; made where a tap wants causes. */
  readonly #messages: Record<Side, StreamMessages | undefined> = { client: undefined, server: undefined }

  constructor(
    environment: TcpEnvironment,
    ordinal: number,
    toServer: Lane,
    toClient: Lane,
    ports: { readonly client: number; readonly server: number },
  ) {
    this.environment = environment
    this.ordinal = ordinal
    this.#toServer = toServer
    this.#toClient = toClient
    this.clientHost = toServer.from
    this.serverHost = toServer.to
    this.clientAddress = toServer.from.address
    this.clientPort = ports.client
    this.serverPort = ports.server
  }

  end(side: Side): TcpEndpoint | undefined {
    return side === 'client' ? this.#client : this.#server
  }

  /** For the stack: the dialing side begins. */
  dial(client: TcpEndpoint): void {
    this.#client = client
    client.begin()
  }

  /** Whether both endpoints are there and can carry data. */
  get isOpen(): boolean {
    return this.#client?.isOpen === true && this.#server?.isOpen === true
  }

  settingsChanged(): void {
    this.#client?.settingsChanged()
    this.#server?.settingsChanged()
  }

  transmit(
    from: Side,
    flags: number,
    position: number,
    ack: number,
    windowBytes: number,
    echoUs: number,
    payload: Uint8Array,
  ): void {
    const lane = from === 'client' ? this.#toServer : this.#toClient
    const { queue } = this.environment.ground
    const { nowUs } = queue
    const arrivalUs = lane.send(nowUs, TCP_HEADER_BYTES + payload.length)
    if (arrivalUs === NEVER) return
    const to = from === 'client' ? 'server' : 'client'
    const again = (): TcpSegment => new TcpSegment(this, to, flags, position, ack, windowBytes, nowUs, echoUs, payload)
    queue.add(again(), arrivalUs)
    const copyUs = lane.link.copyArrivalUs
    if (copyUs !== NEVER) queue.add(again(), copyUs)
  }

  /** A segment's own: it has crossed the link. */
  arrive(segment: TcpSegment): void {
    const lane = segment.to === 'server' ? this.#toServer : this.#toClient
    if (!lane.isOpen) return
    let endpoint = this.end(segment.to)
    if ((endpoint === undefined || endpoint.isGone) && segment.to === 'server' && segment.flags === SYN) {
      // One that comes late, when its sender has long heard an answer, opens nothing.
      endpoint = this.#client?.isConnecting === true ? this.environment.acceptSyn(this) : undefined
      if (endpoint !== undefined) this.#server = endpoint
    }
    if (endpoint !== undefined && !endpoint.isGone) endpoint.handle(segment)
    else if ((segment.flags & RST) === 0) this.sendReset(segment.to, segment.ack)
  }

  sendReset(from: Side, position: number): void {
    this.transmit(from, RST | ACK, position, 0, 0, 0, NO_PAYLOAD)
  }

  /** For the endpoints: nothing is left of one of them. */
  endpointGone(): void {
    const isOver = (endpoint: TcpEndpoint | undefined): boolean => endpoint === undefined || endpoint.isOver
    if (isOver(this.#client) && isOver(this.#server)) this.environment.forget(this)
  }

  /** What `by` has written up to this offset belongs to `message`, or to those before it. */
  noteMessage(by: Side, message: MessageUnderWay, endBytes: number): void {
    const messages = (this.#messages[by] ??= new StreamMessages())
    messages.note(message, endBytes)
  }

  /** The messages whose last byte has come to `at` with the bytes up to this offset. */
  takeMessages(at: Side, endBytes: number): readonly MessageUnderWay[] {
    return this.#messages[other(at)]?.take(endBytes) ?? NO_MESSAGES
  }

  // Faults

  /** One end breaks, what is unread is lost; its peer is told by a segment, which can be lost. */
  reset(side: Side = 'client'): void {
    this.#record('reset', side)
    const { queue } = this.environment.ground
    queue.push(queue.nowUs, () => {
      const endpoint = this.end(side)
      if (endpoint !== undefined && !endpoint.isOver) endpoint.break()
      else this.end(other(side))?.hearReset()
    })
  }

  /** The stream that this side sends ends without a goodbye (FIN); nothing that its program still writes is sent. */
  halfClose(side: Side = 'client'): void {
    this.#record('half-close', side)
    const { queue } = this.environment.ground
    queue.push(queue.nowUs, () => {
      const endpoint = this.end(side)
      if (endpoint?.isOpen === true) endpoint.finish()
    })
  }

  /** Both directions go silent for ever; neither end is told. */
  halfOpen(): void {
    this.#record('half-open', 'client')
    this.sever()
  }

  /** What one side sends is lost from now on, what it is sent is not. */
  cut(sender: Side): void {
    this.#record('cut', sender)
    const lane = sender === 'client' ? this.#toServer : this.#toClient
    lane.isCut = true
  }

  /** A slow reader: that side's program reads nothing until it does again. */
  setReading(side: Side, isReading: boolean): void {
    this.#record(isReading ? 'reads' : 'reads no more', side)
    this.end(side)?.setReading(isReading)
  }

  /** For the network: as `halfOpen`, as a part of another fault. */
  sever(): void {
    this.#toServer.isCut = true
    this.#toClient.isCut = true
  }

  /** For the network: the machine of that side lost its memory. */
  crash(side: Side, connections: ConnectionsAtCrash): void {
    const endpoint = this.end(side)
    if (endpoint === undefined || endpoint.isGone) return
    if (connections === 'reset' && !endpoint.isOver) endpoint.sendReset()
    endpoint.die()
  }

  #record(what: string, side: Side): void {
    const host = side === 'client' ? this.clientHost : this.serverHost
    this.environment.ground.trace.record(TraceKind.fault, host.ordinal, this.ordinal, 0, undefined, what)
  }
}

function other(side: Side): Side {
  return side === 'client' ? 'server' : 'client'
}
