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
/** One on which there is no WebSocket, and nothing is said for so long, is forgotten. */
const IDLE_MS_MAX = 600_000
/** Between two looks, which come each second as long as there are packets; more is a clock that was set. */
const PASSED_MS_MAX = 2_000
/** The copy of a first segment, behind an address translation, comes at once. */
const COPY_MS_MAX = 3_000

interface TcpConnection {
  readonly keys: string[]
  readonly beganAtMs: number
  readonly clientEnd: string
  readonly clientAddress: string
  readonly clientPort: number
  /** With its port. */
  readonly serverEnd: string
  idleMs: number
  readonly conversation: WebSocketConversation
  readonly client: TcpStream
  readonly server: TcpStream
  /** Of the client's SYN; undefined: it had begun before the capture. */
  readonly synSequence: number | undefined
  overSinceMs: number | undefined
  finsMissing: Set<'client' | 'server'>
}

interface Ends {
  readonly key: string
  readonly client: Uint8Array
  readonly clientPort: number
  readonly server: Uint8Array
  /** The server's. */
  readonly port: number
}

export class TcpTraffic {
  readonly #ports: ReadonlyMap<number, string>
  readonly #recording: ImportedRecording
  readonly #findings: Findings
  readonly #connections = new Map<string, TcpConnection>()
  /** By the number of the client's first segment, for as long as a copy of it may come. */
  readonly #bySyn = new Map<number, TcpConnection>()
  /** Those that had begun before, by the client's end. */
  readonly #byClient = new Map<string, TcpConnection>()
  #sweptAtMs = 0

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
    const ends = { key, client, clientPort, server: isToServer ? destination : source, port }
    const connection =
      this.#find(key, segment, isToServer) ??
      this.#findCopied(ends, segment, isToServer) ??
      this.#begin(ends, segment, isToServer)
    if (connection !== undefined) this.#handle(connection, segment, isToServer)
  }

  /** Gives up waiting, and forgets, where it is time. */
  sweep(nowMs: number): void {
    const passedMs = Math.min(nowMs - this.#sweptAtMs, PASSED_MS_MAX)
    this.#sweptAtMs = nowMs
    for (const [sequence, { beganAtMs }] of this.#bySyn) {
      if (nowMs - beganAtMs > COPY_MS_MAX) this.#bySyn.delete(sequence)
    }
    for (const [key, connection] of this.#connections) {
      if (connection.keys[0] !== key) continue
      const { client, server, conversation, overSinceMs } = connection
      connection.idleMs += passedMs
      if (overSinceMs === undefined) {
        client.check(nowMs)
        server.check(nowMs)
        this.#settle(connection, nowMs)
        if (!conversation.isOpen && connection.idleMs > IDLE_MS_MAX) this.#forget(connection)
      } else if (nowMs - overSinceMs > REMEMBERED_MS) this.#forget(connection)
    }
  }

  /** The capture has ended. */
  finish(): void {
    for (const [key, { keys, client, server, conversation }] of this.#connections) {
      if (keys[0] !== key) continue
      client.finish()
      server.finish()
      conversation.settle()
      if (conversation.isOpen) this.#findings.count('open_at_end')
      conversation.finish()
    }
  }

  /** Undefined: there is none, or it is another one that begins between the same two ends. */
  #find(key: string, { isSyn, sequence }: TcpSegment, isToServer: boolean): TcpConnection | undefined {
    const known = this.#connections.get(key)
    if (known === undefined || !isSyn || !isToServer || known.synSequence === sequence) return known
    this.#end(known)
    // Under its other addresses it is over, too.
    this.#forget(known)
    return undefined
  }

  /**
   * Where a capture of all interfaces has the same packet under two addresses, before and after they were translated: the
   * numbers of the segments stay the same.
   */
  #findCopied(ends: Ends, { isSyn, sequence, length }: TcpSegment, isToServer: boolean): TcpConnection | undefined {
    const { key, client, clientPort, server, port } = ends
    let found: TcpConnection | undefined
    if (isSyn) {
      const begun = isToServer ? this.#bySyn.get(sequence) : undefined
      const isNear = begun !== undefined && this.#recording.nowMs - begun.beganAtMs <= COPY_MS_MAX
      if (isNear && (begun.clientPort === clientPort || begun.clientAddress === formatIp(client))) found = begun
    } else if (length > 0) {
      const known = this.#byClient.get(keyOfEndpoint(client, clientPort))
      const stream = isToServer ? known?.client : known?.server
      if (stream?.endsWith(sequence + length) === true) found = known
    }
    if (found === undefined || found.serverEnd === `${formatIp(server)}:${port}`) return undefined
    const where = `${found.clientAddress}:${found.clientPort} at ${this.#seconds()}, also at ${formatIp(server)}:${port}`
    this.#findings.count('captured_twice', where)
    found.keys.push(key)
    this.#connections.set(key, found)
    return found
  }

  #begin(ends: Ends, segment: TcpSegment, isToServer: boolean): TcpConnection | undefined {
    const { key, client, clientPort, server, port } = ends
    const { isSyn, isReset, length, sequence } = segment
    // The last words of a connection are no connection.
    if (isReset || (!isSyn && length === 0)) return undefined
    const address = formatIp(client)
    const recording = this.#recording
    const conversation: WebSocketConversation = new WebSocketConversation({
      isWaiting: () => connection.client.isWaiting || connection.server.isWaiting,
      findings: this.#findings,
      where: () => `${address}:${clientPort} at ${this.#seconds()}`,
      accept: () => recording.accept(this.#ports.get(port) ?? '', address),
    })
    if (!isSyn) conversation.beganBefore()
    const connection: TcpConnection = {
      keys: [key],
      beganAtMs: recording.nowMs,
      clientEnd: keyOfEndpoint(client, clientPort),
      clientAddress: address,
      clientPort,
      serverEnd: `${formatIp(server)}:${port}`,
      idleMs: 0,
      conversation,
      client: new TcpStream(conversation.client, this.#findings),
      server: new TcpStream(conversation.server, this.#findings),
      synSequence: isSyn && isToServer ? sequence : undefined,
      overSinceMs: undefined,
      finsMissing: new Set(['client', 'server']),
    }
    this.#connections.set(key, connection)
    if (!isSyn) this.#byClient.set(connection.clientEnd, connection)
    else if (isToServer) this.#bySyn.set(sequence, connection)
    return connection
  }

  #handle(connection: TcpConnection, segment: TcpSegment, isToServer: boolean): void {
    const { sequence, acknowledged, isSyn, isFin, isReset, payload, length } = segment
    const { nowMs } = this.#recording
    connection.idleMs = 0
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
    this.#settle(connection, nowMs)
  }

  #settle(connection: TcpConnection, nowMs: number): void {
    const { conversation, finsMissing, client, server } = connection
    conversation.settle()
    if (finsMissing.size === 0 && !client.isWaiting && !server.isWaiting) connection.overSinceMs ??= nowMs
  }

  #forget(connection: TcpConnection): void {
    connection.conversation.finish()
    for (const key of connection.keys) if (this.#connections.get(key) === connection) this.#connections.delete(key)
    if (this.#byClient.get(connection.clientEnd) === connection) this.#byClient.delete(connection.clientEnd)
  }

  #seconds(): string {
    return `${(this.#recording.nowMs / 1000).toFixed(3)} s`
  }

  /** It was reset, or forgotten by both ends. */
  #end(connection: TcpConnection): void {
    connection.client.finish()
    connection.server.finish()
    connection.conversation.over()
    connection.overSinceMs ??= this.#recording.nowMs
  }
}
