/**
 * An ENet-like connection (`enet-half.ts`): four channels, each message with its own delivery. Opening is ENet's
 * handshake: the client opens when its connect was verified, the server when that was acknowledged. Closing carries
 * the code as disconnect data and no reason; it goes once everything before it was acknowledged, and is cut after a
 * second without an answer. Nobody is told of an end that is gone: its peer pings in vain and times out.
 */
import type { Delivery } from '../core/delivery.ts'
import type { ConnectionHandler } from '../core/injected.ts'
import { ConnectionEnd, type EndOptions, type Farewell, type Side } from './connection-end.ts'
import type { CommandKind, CommandPool } from './enet-command.ts'
import { EnetHalf, type EnetPeers } from './enet-half.ts'
import { ReusableEvent } from './event-queue.ts'
import type { HostLife } from './host.ts'
import { SimulatedConnection, type ConnectionOptions } from './simulated-connection.ts'

export class EnetConnection extends SimulatedConnection {
  readonly transport = 'enet'
  readonly #client: EnetEnd
  #server: EnetEnd | undefined
  readonly #up: EnetHalf
  readonly #down: EnetHalf
  #isOver = false

  constructor(options: ConnectionOptions, life: HostLife, handler: ConnectionHandler, pool: CommandPool) {
    super(options)
    const { toServer, toClient, environment } = this
    this.#up = new EnetHalf(environment, toServer, toClient, this.#peersOf('server'), pool)
    this.#down = new EnetHalf(environment, toClient, toServer, this.#peersOf('client'), pool)
    this.#client = new EnetEnd(this, this.#up, this.#endOptions('client', life), handler)
  }

  get client(): EnetEnd {
    return this.#client
  }

  end(side: Side): EnetEnd | undefined {
    return side === 'client' ? this.#client : this.#server
  }

  settingsChanged(): void {
    this.#up.settingsChanged()
    this.#down.settingsChanged()
  }

  dial(): void {
    this.#up.sendControl('connect')
  }

  get pingIntervalUs(): number {
    return Math.ceil(this.environment.enet.pingIntervalMs * 1000)
  }

  checkOver(): void {
    if (this.#isOver || !this.#client.isGone || this.#server?.isGone === false) return
    this.#isOver = true
    this.#up.release()
    this.#down.release()
    this.environment.forget(this)
  }

  /** UDP has no words for it. */
  protected resetFrom(_side: Side): void {
    this.sever()
  }

  protected endStreamOf(_side: Side): void {
    // There is no stream.
  }

  protected sayReset(_side: Side): void {
    // UDP has no words for it.
  }

  #endOptions(side: Side, life: HostLife): EndOptions {
    const { ground, onError } = this.environment
    const { queue, trace } = ground
    const peer = side === 'client' ? this.serverHost : this.clientHost
    return { queue, trace, life, ordinal: this.ordinal, side, remoteAddress: peer.address, onError }
  }

  /** The direction towards `side`. */
  #peersOf(side: Side): EnetPeers {
    const sender: Side = side === 'client' ? 'server' : 'client'
    return {
      takes: (kind, sizeBytes) => this.#takes(side, kind, sizeBytes),
      receive: (bytes, delivery) => this.end(side)?.hearMessage(bytes, delivery),
      receiveControl: (kind, code) => this.#receiveControl(side, kind, code),
      heard: () => this.end(side)?.heardPeer(),
      acknowledged: (kind) => this.#acknowledged(sender, kind),
      timedOut: () => this.end(sender)?.break(1006, 'timeout'),
      drained: () => this.end(sender)?.hearDrained(),
    }
  }

  #takes(side: Side, kind: CommandKind, sizeBytes: number): boolean {
    if (kind === 'connect') return this.#takesConnect()
    const end = this.end(side)
    if (end === undefined || end.isGone) return false
    // Only a peer whose connect was verified and acknowledged takes messages.
    if (end.isNew && kind !== 'verify' && kind !== 'ping') return false
    return end.unreadBytes === 0 || end.unreadBytes + sizeBytes <= this.environment.enet.receiveBufferBytes
  }

  #takesConnect(): boolean {
    if (this.#server !== undefined) return !this.#server.isGone
    return this.environment.findListener(this.serverHost, this.address) !== undefined
  }

  #receiveControl(side: Side, kind: CommandKind, code: number): void {
    if (kind === 'connect') this.#handleConnect()
    else if (kind === 'verify') this.#client.hearOpened()
    else if (kind === 'disconnect') this.end(side)?.hearFarewell(code, '')
  }

  #handleConnect(): void {
    const found = this.environment.findListener(this.serverHost, this.address)
    if (found === undefined || this.#server !== undefined) return
    this.#server = new EnetEnd(this, this.#down, this.#endOptions('server', found.life))
    this.#down.sendControl('verify')
  }

  #acknowledged(sender: Side, kind: CommandKind): void {
    if (kind === 'verify') {
      const found = this.environment.findListener(this.serverHost, this.address)
      if (found === undefined) this.#server?.break(1006, 'refused')
      else this.#server?.accept(found.accept)
    } else if (kind === 'disconnect') {
      this.end(sender)?.finish()
    }
  }
}

export class EnetEnd extends ConnectionEnd {
  readonly transport = 'enet'
  readonly #connection: EnetConnection
  readonly #outgoing: EnetHalf
  readonly #ping: ReusableEvent
  #heardAtUs = 0

  constructor(connection: EnetConnection, outgoing: EnetHalf, options: EndOptions, handler?: ConnectionHandler) {
    super(options, handler)
    this.#connection = connection
    this.#outgoing = outgoing
    this.#ping = new ReusableEvent(() => this.#handlePingTimer())
    this.heardPeer()
    this.queue.add(this.#ping, this.queue.nowUs + connection.pingIntervalUs)
  }

  get bufferedBytes(): number {
    return this.isGone ? 0 : this.#outgoing.bufferedBytes
  }

  heardPeer(): void {
    this.#heardAtUs = this.queue.nowUs
  }

  protected transmit(message: Uint8Array, delivery: Delivery): void {
    this.#outgoing.send(message, delivery)
  }

  protected sendFarewell(code: number, _reason: string): void {
    this.#outgoing.sendControl('disconnect', code)
  }

  /** The acknowledgement was the answer. */
  protected answerFarewell({ code, reason }: Farewell): void {
    this.forget()
    this.tellClosed(code, reason)
  }

  protected answerEnd(): void {
    // There is no stream that could end.
  }

  protected cut(): void {
    this.break()
  }

  protected release(): void {
    this.queue.cancel(this.#ping)
    this.#outgoing.stop()
    this.#connection.checkOver()
  }

  protected madeRoom(): void {
    // What found no room was dropped, and is sent again.
  }

  /** Asks a silent peer for a sign of life; its acknowledgement is one, and resends in vain are the end. */
  #handlePingTimer(): void {
    const { nowUs } = this.queue
    const intervalUs = this.#connection.pingIntervalUs
    const isIdle = this.#outgoing.isIdle
    const heardAtUs = Math.max(this.#heardAtUs, this.#outgoing.heardAtUs)
    const isSilent = nowUs - heardAtUs >= intervalUs
    if (isSilent && isIdle && !this.isNew && this.host.isFree) this.#outgoing.sendControl('ping')
    this.queue.add(this.#ping, isSilent ? nowUs + intervalUs : heardAtUs + intervalUs)
  }
}
