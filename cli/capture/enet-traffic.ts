/** The ENet connections to a server's ports, found among its datagrams by the address and the peer ids of both ends. */
import { EnetConversation, type EnetIdentity } from './enet-conversation.ts'
import { NO_PEER, readEnetDatagram, type EnetCommand, type EnetDatagram } from './enet-datagram.ts'
import type { Findings } from './findings.ts'
import type { ImportedRecording } from './imported-recording.ts'
import { formatIp, type IpPacket } from './ip.ts'
import { keyOfEndpoint } from './keys.ts'

/** A connection that is over is remembered for what is still sent again. */
const REMEMBERED_MS = 60_000
/** ENet's own limit: after this a server has given up a client that says nothing. */
const SILENCE_MS = 30_000
/** Between two looks, which come each second as long as there are packets. */
const PASSED_MS_MAX = 2_000

interface Client {
  readonly address: string
  readonly port: number
  readonly serverAddress: string
  readonly serverPort: number
  /** The latest is last. */
  conversations: EnetConversation[]
}

export interface UdpPorts {
  readonly sourcePort: number
  readonly destinationPort: number
}

export class EnetTraffic {
  readonly #ports: ReadonlyMap<number, string>
  readonly #recording: ImportedRecording
  readonly #findings: Findings
  readonly #clients = new Map<string, Client>()
  /** Other addresses under which the datagrams of a client were captured as well. */
  readonly #copies = new Map<string, Client>()
  #sweptAtMs = 0

  /** `ports`: with the address that each was imported as. */
  constructor(ports: ReadonlyMap<number, string>, recording: ImportedRecording, findings: Findings) {
    this.#ports = ports
    this.#recording = recording
    this.#findings = findings
  }

  /** `length`: of the payload; more than it has where it was cut short. */
  datagram({ source, destination }: IpPacket, ports: UdpPorts, payload: Uint8Array, length: number): void {
    const datagram = readEnetDatagram(payload, length)
    const isToServer = this.#ports.has(ports.destinationPort)
    const [client, clientPort, serverPort] = isToServer
      ? [source, ports.sourcePort, ports.destinationPort]
      : [destination, ports.destinationPort, ports.sourcePort]
    if (typeof datagram === 'string') {
      const kind = datagram === 'compressed' ? 'enet_compressed' : 'enet_unreadable'
      this.#findings.count(kind, `${formatIp(client)}:${clientPort} at ${this.#seconds()}`)
      return
    }
    const key = keyOfEndpoint(client, clientPort) + String.fromCharCode(serverPort)
    let known =
      this.#clients.get(key) ??
      this.#copies.get(key) ??
      (isToServer ? this.#findCopied(key, datagram, { source, destination }, ports) : undefined)
    if (known === undefined) {
      known = {
        address: formatIp(client),
        port: clientPort,
        serverAddress: formatIp(isToServer ? destination : source),
        serverPort,
        conversations: [],
      }
      this.#clients.set(key, known)
    }
    if (isToServer) this.#fromClient(known, datagram)
    else this.#fromServer(known, datagram)
  }

  /** Gives up waiting, and forgets, where it is time. */
  sweep(nowMs: number): void {
    // Where nobody at all says anything, a clock was set, or a machine slept.
    const passedMs = Math.min(nowMs - this.#sweptAtMs, PASSED_MS_MAX)
    this.#sweptAtMs = nowMs
    for (const [key, client] of this.#clients) {
      for (const conversation of client.conversations) {
        conversation.check(nowMs, passedMs)
        if (conversation.isOver || conversation.silentMs < SILENCE_MS) continue
        if (conversation.isOpen) this.#findings.count('enet_timed_out', this.#whereOf(client))
        conversation.lost()
      }
      client.conversations = client.conversations.filter(({ isOver, silentMs }) => !isOver || silentMs < REMEMBERED_MS)
      if (client.conversations.length === 0) this.#clients.delete(key)
    }
    for (const [key, { conversations }] of this.#copies) if (conversations.length === 0) this.#copies.delete(key)
  }

  /** The capture has ended. */
  finish(): void {
    for (const conversation of [...this.#clients.values()].flatMap(({ conversations }) => conversations)) {
      conversation.finish()
      if (conversation.isOpen) this.#findings.count('open_at_end')
    }
  }

  /** Where addresses are translated on the way, the connection's own number, which was drawn by chance, stays. */
  #findCopied(
    key: string,
    { peerId, commands }: EnetDatagram,
    { source, destination }: Pick<IpPacket, 'source' | 'destination'>,
    { sourcePort, destinationPort }: UdpPorts,
  ): Client | undefined {
    const connect = peerId === NO_PEER ? commands.find((command) => command.kind === 'connect') : undefined
    if (connect === undefined) return undefined
    for (const client of this.#clients.values()) {
      const isNear = client.port === sourcePort || client.address === formatIp(source)
      if (client.serverAddress === formatIp(destination) && client.serverPort === destinationPort) continue
      const latest = client.conversations.at(-1)
      if (!isNear || latest?.identity.connectId !== connect.connectId || latest.isOver) continue
      this.#findings.count(
        'captured_twice',
        `${this.#whereOf(client)}, also at ${formatIp(destination)}:${destinationPort}`,
      )
      this.#copies.set(key, client)
      return client
    }
    return undefined
  }

  #fromClient(client: Client, { peerId, sessionId, commands }: EnetDatagram): void {
    if (peerId === NO_PEER) {
      const connect = commands.find((command) => command.kind === 'connect')
      if (connect !== undefined) this.#dials(client, connect.connectId, connect.outgoingPeerId)
      return
    }
    const found =
      client.conversations.findLast(({ identity }) =>
        matches(identity.serverPeerId, identity.clientSession, peerId, sessionId),
      ) ?? this.#adopt(client, commands, { serverPeerId: peerId, clientSession: sessionId })
    found?.fromClient(commands)
  }

  #fromServer(client: Client, { peerId, sessionId, commands }: EnetDatagram): void {
    const verify = commands.find((command) => command.kind === 'verify_connect')
    if (verify !== undefined) this.#answers(client, verify, peerId)
    const found =
      client.conversations.findLast(({ identity }) =>
        matches(identity.clientPeerId, identity.serverSession, peerId, sessionId),
      ) ?? this.#adopt(client, commands, { clientPeerId: peerId, serverSession: sessionId })
    found?.fromServer(commands)
  }

  #dials(client: Client, connectId: number, clientPeerId: number): void {
    if (client.conversations.some(({ identity }) => identity.connectId === connectId)) return
    this.#add(client, { ...UNKNOWN, connectId, clientPeerId }, false)
  }

  #answers(client: Client, verify: EnetCommand & { kind: 'verify_connect' }, clientPeerId: number): void {
    const { connectId, outgoingPeerId: serverPeerId, clientSession, serverSession } = verify
    const known = client.conversations.find(({ identity }) => identity.connectId === connectId)
    if (known?.identity.serverPeerId !== undefined) return
    for (const other of client.conversations) {
      // The server has given its number to another: it was gone.
      if (other !== known && other.identity.serverPeerId === serverPeerId) other.lost()
    }
    const identity = { connectId, clientPeerId, serverPeerId, clientSession, serverSession }
    if (known !== undefined) Object.assign(known.identity, identity)
    else this.#add(client, identity, false)
  }

  /**
   * Whose a datagram is that nobody is known to have sent: of a connection of which this direction was not captured
   * yet, or of one that had begun before.
   */
  #adopt(client: Client, commands: readonly EnetCommand[], found: Partial<EnetIdentity>): EnetConversation | undefined {
    const own = Object.keys(found) as (keyof EnetIdentity)[]
    const known = client.conversations.findLast(
      ({ identity, isOver }) =>
        !isOver && own.every((name) => identity[name] === undefined || identity[name] === found[name]),
    )
    if (known !== undefined) {
      Object.assign(known.identity, found)
      return known
    }
    // The last words of a connection are no connection.
    if (!commands.some(({ kind }) => kind.startsWith('send_') || kind === 'ping')) return undefined
    return this.#add(client, { ...UNKNOWN, ...found }, true)
  }

  #add(client: Client, identity: EnetIdentity, beganBefore: boolean): EnetConversation {
    const recording = this.#recording
    const conversation = new EnetConversation(identity, beganBefore, {
      findings: this.#findings,
      where: () => this.#whereOf(client),
      accept: () => recording.accept(this.#ports.get(client.serverPort) ?? '', client.address),
      nowMs: () => recording.nowMs,
    })
    client.conversations.push(conversation)
    return conversation
  }

  #whereOf({ address, port }: Client): string {
    return `${address}:${port} at ${this.#seconds()}`
  }

  #seconds(): string {
    return `${(this.#recording.nowMs / 1000).toFixed(3)} s`
  }
}

const UNKNOWN: EnetIdentity = {
  connectId: undefined,
  serverPeerId: undefined,
  clientPeerId: undefined,
  serverSession: undefined,
  clientSession: undefined,
}

function matches(ownPeer: number | undefined, ownSession: number | undefined, peer: number, session: number): boolean {
  return ownPeer === peer && (ownSession === undefined || ownSession === session)
}
