/** The TCP connections to a server's ports for WebSocket, found among its segments. */
import type { Findings } from './findings.ts'
import type { ImportedRecording } from './imported-recording.ts'
import { formatIp, type IpPacket } from './ip.ts'
import { keyOfEndpoint } from './keys.ts'
import type { TcpSegment } from './tcp-segment.ts'
import { TcpStream } from './tcp-stream.ts'
import { WebSocketConversation } from './websocket-conversation.ts'

/** A connection that is over is remembered for what still comes of it: a segment that is sent again, an acknowledgement. */
const REMEMBERED_MS = 60_000

interface TcpConnection {
  readonly conversation: WebSocketConversation
  readonly client: TcpStream
  readonly server: TcpStream
  /** Of the client's SYN; undefined: it had begun before the capture. */
  readonly synSequence: number | undefined
  overSinceMs: number | undefined
  finsMissing: Set<'client' | 'server'>
}

export class TcpTraffic {
  readonly #ports: ReadonlyMap<number, string>
  readonly #recording: ImportedRecording
  readonly #findings: Findings
  readonly #connections = new Map<string, TcpConnection>()

  /** `ports`: with the address that each was imported as. */
  constructor(ports: ReadonlyMap<number, string>, recording: ImportedRecording, findings: Findings) {
    this.#ports = ports
    this.#recording = recording
    this.#findings = findings
  }

  segment({ source, destination }: IpPacket, segment: TcpSegment): void {
    const { sourcePort, destinationPort } = segment
    const toServer = keyOfEndpoint(source, sourcePort) + keyOfEndpoint(destination, destinationPort)
    const toClient = keyOfEndpoint(destination, destinationPort) + keyOfEndpoint(source, sourcePort)
    // Where both ports are a server's, who has begun knows better.
    const isToServer =
      this.#ports.has(destinationPort) && !(this.#ports.has(sourcePort) && this.#connections.has(toClient))
    const [key, client, clientPort, port] = isToServer
      ? [toServer, source, sourcePort, destinationPort]
      : [toClient, destination, destinationPort, sourcePort]
    const who = `${formatIp(client)}:${clientPort}`
    const connection = this.#find(key, segment, isToServer) ?? this.#begin(key, who, port, segment, isToServer)
    if (connection !== undefined) this.#handle(connection, segment, isToServer)
  }

  /** Gives up waiting, and forgets, where it is time. */
  sweep(nowMs: number): void {
    for (const [key, { client, server, overSinceMs }] of this.#connections) {
      if (overSinceMs === undefined) {
        client.check(nowMs)
        server.check(nowMs)
      } else if (nowMs - overSinceMs > REMEMBERED_MS) this.#connections.delete(key)
    }
  }

  /** The capture has ended. */
  finish(): void {
    for (const { client, server, conversation } of this.#connections.values()) {
      client.finish()
      server.finish()
      if (conversation.isOpen) this.#findings.count('open_at_end')
    }
  }

  /** Undefined: there is none, or it is another one that begins between the same two ends. */
  #find(key: string, { isSyn, sequence }: TcpSegment, isToServer: boolean): TcpConnection | undefined {
    const known = this.#connections.get(key)
    if (known === undefined || !isSyn || !isToServer || known.synSequence === sequence) return known
    this.#end(known)
    return undefined
  }

  #begin(key: string, who: string, port: number, segment: TcpSegment, isToServer: boolean): TcpConnection | undefined {
    const { isSyn, isReset, length, sequence } = segment
    // The last words of a connection are no connection.
    if (isReset || (!isSyn && length === 0)) return undefined
    const recording = this.#recording
    const conversation = new WebSocketConversation({
      findings: this.#findings,
      where: () => `${who} at ${(recording.nowMs / 1000).toFixed(3)} s`,
      accept: () => recording.accept(this.#ports.get(port) ?? '', who.slice(0, who.lastIndexOf(':'))),
    })
    if (!isSyn) conversation.beganBefore()
    const connection: TcpConnection = {
      conversation,
      client: new TcpStream(conversation.client, this.#findings),
      server: new TcpStream(conversation.server, this.#findings),
      synSequence: isSyn && isToServer ? sequence : undefined,
      overSinceMs: undefined,
      finsMissing: new Set(['client', 'server']),
    }
    this.#connections.delete(key)
    this.#connections.set(key, connection)
    return connection
  }

  #handle(connection: TcpConnection, segment: TcpSegment, isToServer: boolean): void {
    const { sequence, acknowledged, isSyn, isFin, isReset, payload, length } = segment
    const { nowMs } = this.#recording
    const [stream, opposite] = isToServer
      ? [connection.client, connection.server]
      : [connection.server, connection.client]
    if (isReset) {
      this.#end(connection)
      return
    }
    if (acknowledged !== undefined) opposite.acknowledge(acknowledged, nowMs)
    const dataAt = isSyn ? sequence + 1 : sequence
    if (isSyn) stream.beginAt(dataAt)
    stream.segment(dataAt, payload, length, nowMs)
    if (isFin) stream.fin(dataAt + length)
    if (isFin) connection.finsMissing.delete(isToServer ? 'client' : 'server')
    if (connection.finsMissing.size === 0) connection.overSinceMs ??= nowMs
  }

  /** It was reset, or forgotten by both ends. */
  #end(connection: TcpConnection): void {
    connection.client.finish()
    connection.server.finish()
    connection.conversation.over()
    connection.overSinceMs ??= this.#recording.nowMs
  }
}
