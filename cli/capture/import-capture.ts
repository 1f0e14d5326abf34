/**
 * Turns a packet capture, taken on a server's ports, into a recording of what the server heard and said: packets, IP,
 * then TCP with WebSockets or UDP with ENet. It goes through the capture once, in memory that does not grow with it.
 */
import type { RecordingSink } from '../../recording/index.ts'
import { CaptureClock } from './capture-clock.ts'
import { EnetTraffic } from './enet-traffic.ts'
import { Findings, type Finding } from './findings.ts'
import { ImportedRecording } from './imported-recording.ts'
import { IpFragments } from './ip-fragments.ts'
import { Protocol, readIp, type IpPacket } from './ip.ts'
import { MergedCaptures, type CaptureSource, type CaptureSummary } from './merged-captures.ts'
import { findIp, type Carried } from './link-layer.ts'
import { PACKET_BYTES_MAX, type CaptureDamage, type CapturedPacket } from './packet.ts'
import { TcpTraffic } from './tcp-traffic.ts'
import { readTcp } from './tcp-segment.ts'
import { findTunnel, findUdpTunnel } from './tunnel.ts'

export interface ImportOptions {
  /** At least one. */
  readonly captures: readonly CaptureSource[]
  readonly wsPorts: readonly number[]
  readonly enetPorts: readonly number[]
  readonly sink: RecordingSink
  /** The recording's own name. */
  readonly recording: string
  /** The capture's name. */
  readonly importedFrom: string
  readonly version?: string
  readonly commit?: string
  readonly partBytesMax?: number
  readonly isRedacted?: boolean
  readonly onPacket?: (packets: number) => void
}

export interface ImportResult {
  readonly packets: number
  /** Of those, on the server's ports. */
  readonly ownPackets: number
  readonly bytesRead: number
  /** From the first packet to the last. */
  readonly seconds: number
  readonly connections: { readonly websocket: number; readonly enet: number }
  readonly messages: { readonly heard: number; readonly said: number }
  readonly findings: readonly Finding[]
  /** Of the first capture that is damaged. */
  readonly damage: CaptureDamage | undefined
  /** In the order in which they begin. */
  readonly captures: readonly CaptureSummary[]
  /** Where no packet was on the server's ports: which others there are, the busiest first. */
  readonly otherPorts: readonly string[]
}

/** Nothing in a capture makes it throw. Throws what `onPacket` throws. */
export function importCapture(options: ImportOptions): ImportResult {
  const steps = importSteps(options)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** The same, a packet at each step, for who does something else in between. */
export function importSteps(options: ImportOptions): Generator<void, ImportResult> {
  return new Import(options).run()
}

const SWEEP_EVERY_MS = 1_000
const OTHER_PORTS_MAX = 5
const PORTS_COUNTED_MAX = 1_000
const UDP_HEADER_BYTES = 8
/** Within each other. */
const TUNNELS_MAX = 4

interface Traffic {
  readonly recording: ImportedRecording
  readonly tcp: TcpTraffic
  readonly enet: EnetTraffic
}

class Import {
  readonly #options: ImportOptions
  readonly #captures: MergedCaptures
  readonly #findings = new Findings()
  readonly #clock = new CaptureClock(this.#findings)
  readonly #fragments = new IpFragments((protocol, beginning) => this.#incomplete(protocol, beginning))
  readonly #wsPorts: ReadonlyMap<number, string>
  readonly #enetPorts: ReadonlyMap<number, string>
  readonly #otherPorts = new Map<string, number>()
  #traffic: Traffic | undefined
  #nowMs = 0
  #sweptAtMs = 0
  #packets = 0
  #ownPackets = 0
  readonly #directions = new Set<string>()

  constructor(options: ImportOptions) {
    this.#options = options
    this.#captures = new MergedCaptures(options.captures, this.#findings)
    this.#wsPorts = new Map(options.wsPorts.map((port) => [port, `ws://0.0.0.0:${port}/ws`]))
    this.#enetPorts = new Map(options.enetPorts.map((port) => [port, `enet://0.0.0.0:${port}`]))
  }

  *run(): Generator<void, ImportResult> {
    for (const { packet, nowMs } of this.#clock.time(this.#captures.packets())) {
      this.#packets++
      this.#guard(() => this.#advance(nowMs))
      this.#guard(() => this.#handle(packet))
      this.#options.onPacket?.(this.#packets)
      yield
    }
    this.#finish()
    return this.#result()
  }

  /** A mistake of this importer costs the packet that shows it, not what was read before and comes after. */
  #guard(step: () => void): void {
    try {
      step()
    } catch (error) {
      const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
      this.#findings.count('packets_failed', `packet ${this.#packets} at ${(this.#nowMs / 1000).toFixed(3)} s: ${what}`)
    }
  }

  #advance(nowMs: number): void {
    this.#nowMs = nowMs
    if (this.#nowMs - this.#sweptAtMs < SWEEP_EVERY_MS) return
    this.#sweptAtMs = this.#nowMs
    this.#fragments.expire(this.#nowMs)
    if (this.#traffic === undefined) return
    this.#traffic.recording.advanceTo(this.#nowMs)
    this.#traffic.tcp.sweep(this.#nowMs)
    this.#traffic.enet.sweep(this.#nowMs)
  }

  #handle(packet: CapturedPacket): void {
    const { bytes, length } = packet
    this.#handleCarried(findIp(packet), bytes, Math.min(length, PACKET_BYTES_MAX), 0)
  }

  /** `length`: of `bytes` on the wire. `depth`: of tunnels. */
  #handleCarried(carried: Carried, bytes: Uint8Array, length: number, depth: number): void {
    switch (carried.kind) {
      case 'ip':
        this.#handleIp(bytes.subarray(carried.at), length - carried.at, depth)
        return
      case 'unknown_link':
        this.#findings.count('links_unknown', carried.name)
        return
      case 'unread':
        this.#findings.count('not_read', carried.name)
        return
      case 'silent':
    }
  }

  #handleIp(bytes: Uint8Array, length: number, depth: number): void {
    const part = readIp(bytes, length)
    if (part === undefined) {
      this.#findings.count(bytes.length < length ? 'packets_cut' : 'packets_unreadable')
      return
    }
    const whole = this.#fragments.add(part, this.#nowMs)
    if (whole === undefined) return
    const { protocol, payload } = whole
    if (protocol === Protocol.tcp) this.#handleTcp(whole)
    else if (protocol === Protocol.udp) this.#handleUdp(whole, depth)
    else if (depth < TUNNELS_MAX) this.#handleCarried(findTunnel(whole), payload, whole.length, depth + 1)
  }

  #handleTcp(packet: IpPacket): void {
    if (!this.#isOwn(packet, 'TCP', this.#wsPorts)) return
    const segment = readTcp(packet)
    if (segment === undefined || segment.payload.length < segment.length) this.#unreadable(packet)
    if (segment !== undefined) this.#trafficNow().tcp.segment(packet, segment)
  }

  #handleUdp(packet: IpPacket, depth: number): void {
    const { payload } = packet
    if (!this.#isOwn(packet, 'UDP', this.#enetPorts)) {
      if (depth < TUNNELS_MAX) this.#handleCarried(findUdpTunnel(payload), payload, packet.length, depth + 1)
      return
    }
    if (payload.length < packet.length || payload.length < UDP_HEADER_BYTES) this.#unreadable(packet)
    if (payload.length < UDP_HEADER_BYTES) return
    const length = packet.length - UDP_HEADER_BYTES
    const ports = { sourcePort: portAt(payload, 0), destinationPort: portAt(payload, 2) }
    this.#trafficNow().enet.datagram(packet, ports, payload.subarray(UDP_HEADER_BYTES), length)
  }

  #unreadable({ payload, length }: IpPacket): void {
    this.#findings.count(payload.length < length ? 'packets_cut' : 'packets_unreadable')
  }

  #isOwn(packet: IpPacket, protocol: 'TCP' | 'UDP', ports: ReadonlyMap<number, string>): boolean {
    const { payload } = packet
    const [source, destination] = [portAt(payload, 0), portAt(payload, 2)]
    if (payload.length < 4) {
      this.#unreadable(packet)
      return false
    }
    if (ports.has(source) || ports.has(destination)) {
      this.#ownPackets++
      this.#directions.add(`${protocol} ${ports.has(destination) ? 'to' : 'from'} the server`)
      return true
    }
    // Of two ends the one with the lower port is likely the server.
    const port = `${protocol} port ${Math.min(source, destination)}`
    const count = this.#otherPorts.get(port)
    if (count !== undefined || this.#otherPorts.size < PORTS_COUNTED_MAX) this.#otherPorts.set(port, (count ?? 0) + 1)
    return false
  }

  #incomplete(protocol: number, beginning: Uint8Array | undefined): void {
    const ports = protocol === Protocol.tcp ? this.#wsPorts : this.#enetPorts
    const isOthers = beginning !== undefined && !ports.has(portAt(beginning, 0)) && !ports.has(portAt(beginning, 2))
    if (!isOthers) this.#findings.count('fragments_incomplete')
  }

  /** The recording begins with the first packet on the server's ports; its time with the first of the capture. */
  #trafficNow(): Traffic {
    this.#traffic ??= this.#begin()
    this.#traffic.recording.advanceTo(this.#nowMs)
    return this.#traffic
  }

  #begin(): Traffic {
    const { sink, recording: name, importedFrom, version, commit, partBytesMax, isRedacted } = this.#options
    const recording = new ImportedRecording({
      sink,
      recording: name,
      importedFrom,
      startedAt: Number(this.#clock.startNs ?? 0n) / 1e6,
      addresses: [...this.#wsPorts.values(), ...this.#enetPorts.values()],
      ...(version === undefined ? {} : { version }),
      ...(commit === undefined ? {} : { commit }),
      ...(partBytesMax === undefined ? {} : { partBytesMax }),
      ...(isRedacted === undefined ? {} : { isRedacted }),
    })
    const { nowMs } = recording
    this.#sweptAtMs = Math.max(this.#sweptAtMs, nowMs)
    return {
      recording,
      tcp: new TcpTraffic(this.#wsPorts, recording, this.#findings),
      enet: new EnetTraffic(this.#enetPorts, recording, this.#findings),
    }
  }

  #finish(): void {
    this.#guard(() => this.#fragments.expire(Infinity))
    if (this.#traffic === undefined) return
    const { recording, tcp, enet } = this.#traffic
    recording.advanceTo(this.#nowMs)
    for (const protocol of ['TCP', 'UDP']) {
      const only = [...this.#directions].filter((direction) => direction.startsWith(protocol))
      if (only.length === 1) this.#findings.count('one_direction', `only ${only.join('')}`)
    }
    this.#guard(() => tcp.finish())
    this.#guard(() => enet.finish())
    const damage = this.#damage()
    recording.end(damage === undefined ? 'the capture ends' : `the capture: ${damage.message}`)
  }

  #damage(): CaptureDamage | undefined {
    return this.#captures.summaries.find(({ damage }) => damage !== undefined)?.damage
  }

  #result(): ImportResult {
    const { recording } = this.#traffic ?? {}
    const captures = this.#captures.summaries
    const others = [...this.#otherPorts].sort(([, a], [, b]) => b - a).map(([port]) => port)
    return {
      packets: this.#packets,
      ownPackets: this.#ownPackets,
      bytesRead: captures.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
      seconds: this.#nowMs / 1000,
      connections: recording?.connections ?? { websocket: 0, enet: 0 },
      messages: { heard: recording?.heard ?? 0, said: recording?.said ?? 0 },
      findings: this.#findings.list(),
      damage: this.#damage(),
      captures,
      otherPorts: this.#ownPackets > 0 ? [] : others.slice(0, OTHER_PORTS_MAX),
    }
  }
}

function portAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
}
