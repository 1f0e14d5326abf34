/**
 * An ENet-like connection (`enet-half.ts`): four channels, each message with its own delivery. Opening is ENet's
 * handshake: the client opens when its connect was verified, the server when that was acknowledged. Closing carries
 * the code as disconnect data and no reason; it goes once everything before it was acknowledged, and is cut after a
 * second without an answer. Nobody is told of an end that is gone: its peer pings in vain and times out.
 */
import type { Delivery } from '../core/delivery.ts'
import type { ConnectionHandler, Timer } from '../core/injected.ts'
import { ConnectionEnd, type EndOptions, type Farewell, type Side } from './connection-end.ts'
import type { CommandKind, CommandPool } from './enet-command.ts'
import { EnetHalf, type EnetPeers } from './enet-half.ts'
import { ReusableEvent } from './event-queue.ts'
import type { HostLife } from './host.ts'
import { SimulatedConnection, type ConnectionOptions } from './simulated-connection.ts'

/** As with our adapter, a program hears that its peer lives at most so often. */
const SIGN_EACH_US = 500_000

export class EnetConnection extends SimulatedConnection implements EnetPeers {
  readonly transport = 'enet'
  readonly #client: EnetEnd
  #server: EnetEnd | undefined
  readonly #up: EnetHalf
  readonly #down: EnetHalf
  #isOver = false

  constructor(options: ConnectionOptions, life: HostLife, handler: ConnectionHandler, pool: CommandPool) {
    super(options)
    const { toServer, toClient, environment } = this
    this.#up = new EnetHalf(environment, toServer, toClient, this, 'client', pool)
    this.#down = new EnetHalf(environment, toClient, toServer, this, 'server', pool)
    this.#client = new EnetEnd(this, this.#up, this.endOptions('client', life), handler)
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
    this.#client.giveUpAfter(this.environment.enet.connectTimeoutMs)
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

  protected lanesWereCut(): void {
    if (this.toClient.isCut) {
      this.#up.loseAcks()
      this.#client.loseSign()
    }
    if (this.toServer.isCut) {
      this.#down.loseAcks()
      this.#server?.loseSign()
    }
  }

  protected endStreamOf(_side: Side): void {
    // There is no stream.
  }

  protected sayReset(_side: Side): void {
    // UDP has no words for it.
  }

  // What the halves ask and tell

  takes(to: Side, kind: CommandKind, sizeBytes: number): boolean {
    if (kind === 'connect') return this.#takesConnect()
    const end = this.end(to)
    if (end === undefined || end.isGone) return false
    // Only a peer whose connect was verified and acknowledged takes messages.
    if (end.isNew && (kind === 'disconnect' || isMessage(kind))) return false
    return end.unreadBytes === 0 || end.unreadBytes + sizeBytes <= this.environment.enet.receiveBufferBytes
  }

  receive(to: Side, bytes: Uint8Array, delivery: Delivery): void {
    this.end(to)?.hearMessage(bytes, delivery)
  }

  receiveControl(to: Side, kind: CommandKind, code: number): void {
    if (kind === 'connect') {
      this.#handleConnect()
    } else if (kind === 'verify') {
      // It has not heard an acknowledgement for as long as it can think.
      this.#up.sendControl('ping')
      this.#client.hearOpened()
    } else if (kind === 'disconnect') {
      this.end(to)?.hearFarewell(code, '')
    } else if (kind === 'cut') {
      this.end(to)?.hearCut(code)
    }
  }

  acknowledged(from: Side, kind: CommandKind): void {
    if (kind === 'verify') {
      this.#meet()
    } else if (kind === 'disconnect') {
      this.end(from)?.finish()
    }
  }

  heard(to: Side, atUs: number): void {
    this.end(to)?.expectSign(atUs)
  }

  patienceMs(of: Side): number {
    return this.end(of)?.patienceMs ?? 0
  }

  timedOut(from: Side): void {
    this.end(from)?.break(1006, 'timeout')
  }

  drained(from: Side): void {
    this.end(from)?.hearDrained()
  }

  #takesConnect(): boolean {
    if (this.#server !== undefined) return !this.#server.isGone
    return this.environment.findListener(this.serverHost, this.address) !== undefined
  }

  /** The handshake is over: the server's program meets the connection as soon as it runs. */
  #meet(): void {
    if (!this.serverHost.isFree) {
      this.serverHost.hold('input', { perform: () => this.#meet() })
      return
    }
    const found = this.environment.findListener(this.serverHost, this.address)
    if (found === undefined) this.#server?.break(1006, 'refused')
    else this.#server?.accept(found.accept)
  }

  #handleConnect(): void {
    const found = this.environment.findListener(this.serverHost, this.address)
    if (found === undefined || this.#server !== undefined) return
    this.#server = new EnetEnd(this, this.#down, this.endOptions('server', found.life))
    this.#down.sendControl('verify')
  }
}

function isMessage(kind: CommandKind): boolean {
  return kind === 'reliable' || kind === 'part' || kind === 'unreliable' || kind === 'unsequenced'
}

export class EnetEnd extends ConnectionEnd {
  readonly transport = 'enet'
  readonly #connection: EnetConnection
  readonly #outgoing: EnetHalf
  readonly #ping: ReusableEvent
  readonly #sign: ReusableEvent
  /** When its program last heard that its peer lives. */
  #toldAtUs = -SIGN_EACH_US
  #patience: Timer | undefined

  constructor(connection: EnetConnection, outgoing: EnetHalf, options: EndOptions, handler?: ConnectionHandler) {
    super(options, handler)
    this.#connection = connection
    this.#outgoing = outgoing
    this.#ping = new ReusableEvent(() => this.#handlePingTimer())
    this.#sign = new ReusableEvent(() => this.#handleSign())
    this.queue.add(this.#ping, this.queue.nowUs + connection.pingIntervalUs)
  }

  get bufferedBytes(): number {
    return this.isGone ? 0 : this.#outgoing.bufferedBytes
  }

  /** Something reaches it then. Where its program has just heard of its peer, as with our adapter, that is not worth an event. */
  expectSign(atUs: number): void {
    if (this.isNew || this.isGone || atUs - this.#toldAtUs < SIGN_EACH_US || this.#sign.isQueued) return
    this.queue.add(this.#sign, atUs)
  }

  /** What was under way to it is lost. */
  loseSign(): void {
    if (this.#sign.isQueued) this.queue.cancel(this.#sign)
  }

  override hearMessage(bytes: Uint8Array, delivery: Delivery): void {
    this.#toldAtUs = this.queue.nowUs
    super.hearMessage(bytes, delivery)
  }

  /** Its dial is given up unless it has opened by then. */
  giveUpAfter(ms: number): void {
    this.#patience = this.setTimer(ms, () => {
      if (!this.isNew || this.isGone) return
      this.#outgoing.cut(0)
      this.break(1006, 'connect timeout')
    })
  }

  /** The peer has gone without waiting for anything: what was not read is lost. */
  hearCut(code: number): void {
    if (this.isNew) {
      // Whoever stands still may have a finished handshake to hear of first.
      if (this.host.isFree) this.forget()
      else this.host.hold('input', { perform: () => this.hearCut(code) })
      return
    }
    this.loseUnread()
    this.hearFarewell(code === 0 ? 1006 : code, '')
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

  protected cut(farewell?: Farewell): void {
    this.#outgoing.cut(farewell?.code ?? 0)
    this.break()
  }

  protected override abandon(farewell: Farewell): void {
    this.cut(farewell)
  }

  protected release(): void {
    this.queue.cancel(this.#ping)
    this.loseSign()
    this.#patience?.cancel()
    this.#outgoing.stop()
    this.#connection.checkOver()
  }

  protected madeRoom(): void {
    // What found no room was dropped, and is sent again.
  }

  #handleSign(): void {
    if (this.queue.nowUs - this.#toldAtUs < SIGN_EACH_US) return
    this.#toldAtUs = this.queue.nowUs
    this.hearAlive()
  }

  /** Asks a peer that has acknowledged nothing for a while; resends in vain are the end. */
  #handlePingTimer(): void {
    const { nowUs } = this.queue
    const intervalUs = this.#connection.pingIntervalUs
    const isIdle = this.#outgoing.isIdle
    // It may just have learned that its goodbye was answered.
    if (this.isGone) return
    const dueUs = this.#outgoing.heardAtUs + intervalUs
    const isDue = nowUs >= dueUs
    if (isDue && isIdle && !this.isNew && this.host.isFree) this.#outgoing.sendControl('ping')
    this.queue.add(this.#ping, isDue ? nowUs + intervalUs : dueUs)
  }
}
