/**
 * What the ENet adapter uses of the package `enet`: its compiled library (`enet/build/enet.js`) without the package's
 * JavaScript layer, which polls every 10 ms, prints errors, and is dead for ever once a handler has thrown.
 *
 * An instance has its own memory and 64 file descriptors, so `EnetInstances` opens another one when it is full.
 * `Date` is the injected clock's, so that a step of the system's clock does not time peers out; its origin is
 * random, because ENet draws its connection ids from the time.
 */
import { assert } from '../core/errors.ts'
import type { Clock, Random } from '../core/injected.ts'
import { loadLibrary } from './library-loader.ts'
import { libraryWorld } from './library-world.ts'
import { steadyClock } from './steady-clock.ts'

/** Pointers into the library's memory. */
export type HostPointer = number
export type PeerPointer = number
export type PacketPointer = number

/** `enet/build/enet.js`; the arguments are those of the C functions of the same names. */
export interface EnetLibrary {
  /** Replaced whenever the memory grows: never keep it. */
  readonly HEAPU8: Uint8Array
  readonly HEAPU32: Uint32Array
  readonly jsapi: {
    init(packetFilter: number): void
    enet_host_from_socket(
      socket: number,
      address: number,
      peers: number,
      channels: number,
      bytesPerSecondIn: number,
      bytesPerSecondOut: number,
    ): HostPointer
    enet_host_bind(host: HostPointer): void
    enet_host_connect(host: HostPointer, ip: number, port: number, channels: number, data: number): PeerPointer
    event_new(): number
    event_get_type(event: number): number
    event_get_peer(event: number): PeerPointer
    event_get_packet(event: number): PacketPointer
    event_get_channelID(event: number): number
    event_get_data(event: number): number
    peer_get_address(peer: PeerPointer): number
    peer_get_state(peer: PeerPointer): number
    address_get_host(address: number): number
    address_get_port(address: number): number
    packet_get_data(packet: PacketPointer): number
    packet_get_dataLength(packet: PacketPointer): number
    packet_flags(packet: PacketPointer): number
    packet_set_free_callback(packet: PacketPointer, callback: number): void
  }
  readonly libenet: {
    host_service(host: HostPointer, event: number, timeoutMs: number): number
    host_flush(host: HostPointer): void
    host_destroy(host: HostPointer): void
    packet_create(data: number, length: number, flags: number): PacketPointer
    packet_destroy(packet: PacketPointer): void
    peer_send(peer: PeerPointer, channel: number, packet: PacketPointer): number
    peer_reset(peer: PeerPointer): void
    peer_disconnect(peer: PeerPointer, data: number): void
    peer_disconnect_now(peer: PeerPointer, data: number): void
    peer_disconnect_later(peer: PeerPointer, data: number): void
  }
  createStreamFromSocket(socket: object): number
  Runtime_addFunction(callback: (pointer: number) => void): number
}

/** Hosts in one instance: it has 64 file descriptors, of which it keeps three, and some room. */
const HOSTS_MAX = 56

/** Told when the library has let go of a packet: acknowledged, sent, or given up. */
export interface PacketOwner {
  packetFreed(bytes: number): void
}

/** One private copy of the library. */
export class EnetInstance {
  readonly library: EnetLibrary
  /** Where the library writes its events; services are never nested, so one is enough. */
  readonly event: number
  readonly #owners = new Map<PacketPointer, PacketOwner>()
  readonly #freeCallback: number
  hosts = 0

  constructor(library: EnetLibrary) {
    this.library = library
    library.jsapi.init(0)
    this.event = library.jsapi.event_new()
    this.#freeCallback = library.Runtime_addFunction((packet) => this.#packetFreed(packet))
  }

  /** A packet with a copy of `bytes`, or 0 where memory has run out. */
  createPacket(bytes: Uint8Array, flags: number, owner: PacketOwner): PacketPointer {
    const { libenet, jsapi } = this.library
    const packet = libenet.packet_create(0, bytes.length, flags)
    if (packet === 0) return 0
    if (bytes.length > 0) this.library.HEAPU8.set(bytes, jsapi.packet_get_data(packet))
    this.#owners.set(packet, owner)
    jsapi.packet_set_free_callback(packet, this.#freeCallback)
    return packet
  }

  /** A copy of a packet's bytes: the library reuses the memory. */
  copyPacket(packet: PacketPointer): Uint8Array {
    const { jsapi } = this.library
    const start = jsapi.packet_get_data(packet)
    return this.library.HEAPU8.slice(start, start + jsapi.packet_get_dataLength(packet))
  }

  #packetFreed(packet: PacketPointer): void {
    const owner = this.#owners.get(packet)
    this.#owners.delete(packet)
    owner?.packetFreed(this.library.jsapi.packet_get_dataLength(packet))
  }
}

/** As many instances as the open hosts need. */
export class EnetInstances {
  readonly #load: () => EnetLibrary
  #instances: EnetInstance[] = []

  constructor(load: () => EnetLibrary) {
    this.#load = load
  }

  /** An instance with room for one more host, which counts from now on. */
  take(): EnetInstance {
    let instance = this.#instances.find(({ hosts }) => hosts < HOSTS_MAX)
    if (instance === undefined) {
      instance = new EnetInstance(this.#load())
      this.#instances.push(instance)
    }
    instance.hosts++
    return instance
  }

  /** The host is gone. One empty instance is kept for the next. */
  release(instance: EnetInstance): void {
    instance.hosts--
    assert(instance.hosts >= 0, 'an ENet instance was released more often than taken')
    const isSpare = instance.hosts === 0 && this.#instances.some((each) => each !== instance && each.hosts < HOSTS_MAX)
    if (isSpare) this.discard(instance)
  }

  /** Never hands `instance` out again: it is broken, or not needed. */
  discard(instance: EnetInstance): void {
    this.#instances = this.#instances.filter((each) => each !== instance)
  }

  get hosts(): number {
    return this.#instances.reduce((sum, { hosts }) => sum + hosts, 0)
  }
}

/** An open host asks for the time at each of its ticks, which are a quarter of this apart at most. */
const STEP_MS_MAX = 1000

/** The time as ENet may know it: a pause of the process is none to it. */
export function enetClock(clock: Clock): Clock {
  return steadyClock(clock, STEP_MS_MAX)
}

/** A private instance on the injected clock and randomness. `clock`: of `enetClock`. */
export function loadEnetLibrary(clock: Clock, random: Random): EnetLibrary {
  // Up to 31 bits of seconds, less room for years of uptime.
  const epochMs = (random.uint32() >>> 2) * 1000
  const world = libraryWorld({ clock, random, epochMs })
  return loadLibrary('enet/build/enet.js', {
    ...world,
    globals: { ...world.globals, ArrayBuffer: PagedArrayBuffer },
  }) as EnetLibrary
}

const WASM_PAGE_BYTES = 65_536
/** Of every platform that the library runs on, but not in the types of Node 20. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer }
}

/**
 * The library's memory is 16 MiB, of which it uses the least part. As a plain `ArrayBuffer` glibc, which soon keeps
 * blocks of that size for the next one, has to clear all of it each time: a process that goes through many instances grew to
 * hundreds of megabytes, with a few of them alive. The memory of a WebAssembly instance comes as untouched pages from
 * the system, and goes back there.
 */
const PagedArrayBuffer = new Proxy(ArrayBuffer, {
  construct(plain, [bytes]: [number], target): object {
    if (bytes >= WASM_PAGE_BYTES && bytes % WASM_PAGE_BYTES === 0) {
      try {
        return new WebAssembly.Memory({ initial: bytes / WASM_PAGE_BYTES }).buffer
      } catch {
        // The address space is limited: it has to be a plain one.
      }
    }
    return Reflect.construct(plain, [bytes], target) as object
  },
})
