/**
 * One ENet connection to a server: told to a recording as the server's transport would have told it. It opens when the
 * client acknowledges the server's answer, and is over when one side has disconnected and the other has heard of it.
 */
import { CloseCode } from '../../core/index.ts'
import { CONTROL_CHANNEL, type EnetCommand } from './enet-datagram.ts'
import { EnetReceiver } from './enet-receiver.ts'
import type { Findings } from './findings.ts'
import { BEGAN_BEFORE, isOurCloseCode, type ImportedConnection } from './imported-recording.ts'

export interface EnetConversationParts {
  /** `192.0.2.7:50123 at 1.250 s`, for people. */
  readonly where: () => string
  readonly findings: Findings
  readonly accept: () => ImportedConnection
  readonly nowMs: () => number
}

/** By which the datagrams of each direction can be known; undefined: not captured yet. */
export interface EnetIdentity {
  /** ENet's own name of the connection. */
  readonly connectId: number | undefined
  serverPeerId: number | undefined
  clientPeerId: number | undefined
  /** Sessions tell a connection from an earlier one with the same peer ids. */
  serverSession: number | undefined
  clientSession: number | undefined
}

export class EnetConversation {
  readonly identity: EnetIdentity
  readonly #parts: EnetConversationParts
  readonly #beganBefore: boolean
  readonly #client: EnetReceiver
  readonly #server: EnetReceiver
  #connection: ImportedConnection | undefined
  #status: 'connecting' | 'open' | 'over' = 'connecting'
  /** The server's own, and the number of the command that tells it. */
  #serverClose: { readonly code: number; readonly sequence: number } | undefined
  #silentMs = 0
  /** What a side says is missing only where that side was captured at all. */
  readonly #hasHeard = { client: false, server: false }

  constructor(identity: EnetIdentity, beganBefore: boolean, parts: EnetConversationParts) {
    this.identity = identity
    this.#parts = parts
    this.#beganBefore = beganBefore
    this.#client = new EnetReceiver(
      beganBefore,
      {
        message: (bytes, delivery) => this.#connection?.heard(bytes, delivery),
        missing: (what) => this.#missing(what, 'client'),
      },
      parts.findings,
    )
    this.#server = new EnetReceiver(
      beganBefore,
      {
        message: (bytes, delivery) => this.#connection?.said(bytes, delivery),
        missing: (what) => this.#missing(what, 'server'),
      },
      parts.findings,
    )
    if (beganBefore) parts.findings.count('enet_began_before', parts.where())
  }

  get isOver(): boolean {
    return this.#status === 'over'
  }

  get isOpen(): boolean {
    return this.#status === 'open'
  }

  /** How long the client has said nothing. */
  get silentMs(): number {
    return this.#silentMs
  }

  fromClient(commands: readonly EnetCommand[]): void {
    this.#silentMs = 0
    this.#hasHeard.client = true
    for (const command of commands) {
      if (this.#status === 'over') return
      // Whatever it says to this peer, it has heard the server's answer.
      this.#opened()
      if (command.kind === 'acknowledge') this.#acknowledgedByClient(command.channel, command.acknowledged)
      else if (command.kind === 'disconnect') this.#disconnectedByClient(command.data)
      else this.#client.handle(command, this.#parts.nowMs())
    }
    this.#server.check(this.#parts.nowMs())
  }

  fromServer(commands: readonly EnetCommand[]): void {
    const nowMs = this.#parts.nowMs()
    this.#hasHeard.server = true
    for (const command of commands) {
      if (this.#status === 'over') return
      if (command.kind === 'acknowledge') {
        if (command.channel !== CONTROL_CHANNEL && this.#hasHeard.client)
          this.#client.acknowledge(command.channel, command.acknowledged, nowMs)
      } else if (command.kind === 'disconnect') {
        this.#disconnectedByServer(command)
      } else if (command.kind.startsWith('send_')) {
        // A server sends nothing to a connection that has not opened: what opened it is not in the capture.
        this.#opened()
        this.#server.handle(command, nowMs)
      }
    }
    this.#client.check(nowMs)
  }

  /** `passedMs` have passed. */
  check(nowMs: number, passedMs: number): void {
    this.#silentMs += passedMs
    this.#client.check(nowMs)
    this.#server.check(nowMs)
  }

  /** It is over without that anybody said so. */
  lost(): void {
    this.finish()
    this.#over(this.#serverClose?.code ?? CloseCode.abnormal)
  }

  /** Uses what is held, for nothing more comes. */
  finish(): void {
    if (this.#status !== 'open') return
    this.#client.finish()
    this.#server.finish()
  }

  #opened(): void {
    if (this.#status !== 'connecting') return
    this.#status = 'open'
    this.#connection = this.#parts.accept()
    if (this.#beganBefore) this.#connection.missing(BEGAN_BEFORE)
  }

  #acknowledgedByClient(channel: number, sequence: number): void {
    if (channel !== CONTROL_CHANNEL) {
      if (this.#hasHeard.server) this.#server.acknowledge(channel, sequence, this.#parts.nowMs())
    } else if (this.#serverClose?.sequence === sequence) this.#over(this.#serverClose.code)
  }

  #disconnectedByClient(data: number): void {
    this.finish()
    this.#over(this.#serverClose?.code ?? codeOf(data))
  }

  #disconnectedByServer({ data, reliableSequence, isAcknowledged }: EnetCommand & { kind: 'disconnect' }): void {
    if (this.#status === 'open' && this.#serverClose === undefined) {
      this.finish()
      this.#serverClose = { code: codeOf(data), sequence: reliableSequence }
      if (isOurCloseCode(data)) this.#connection?.close(data, '')
    }
    // Nobody is to acknowledge it: the server has forgotten the connection already.
    if (!isAcknowledged) this.#over(this.#serverClose?.code ?? codeOf(data))
  }

  #over(code: number): void {
    if (this.#status === 'open') this.#connection?.closed(code, '')
    this.#status = 'over'
  }

  #missing(what: string, side: 'client' | 'server'): void {
    this.#parts.findings.count('enet_missing', `${this.#parts.where()}, from the ${side}: ${what}`)
    this.#connection?.missing(`${what} from the ${side}: not in the capture`)
  }
}

function codeOf(data: number): number {
  return isOurCloseCode(data) ? data : CloseCode.abnormal
}
