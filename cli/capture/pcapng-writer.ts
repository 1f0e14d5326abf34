/** Writes captures in the format pcapng: one section, one interface of raw IP packets, times in nanoseconds. */

import { joinBytes, NO_BYTES } from './bytes.ts'

const SECTION = 0x0a0d_0d0a
const INTERFACE = 1
const PACKET = 6
const BYTE_ORDER = 0x1a2b_3c4d
const RAW_IP = 101
const OPTION_APPLICATION = 4
const OPTION_TIME_UNIT = 9
const NANOSECONDS = 9

/** What a file begins with. */
export function pcapngHead(application: string): Uint8Array {
  const section = new Uint8Array(16)
  const view = new DataView(section.buffer)
  view.setUint32(0, BYTE_ORDER, true)
  view.setUint16(4, 1, true)
  // The length of the section is not known.
  view.setBigInt64(8, -1n, true)
  const face = new Uint8Array(8)
  new DataView(face.buffer).setUint16(0, RAW_IP, true)
  return joinBytes([
    block(SECTION, [section, option(OPTION_APPLICATION, new TextEncoder().encode(application)), option(0, NO_BYTES)]),
    block(INTERFACE, [face, option(OPTION_TIME_UNIT, Uint8Array.of(NANOSECONDS)), option(0, NO_BYTES)]),
  ])
}

/** `packet` begins with its IP header. */
export function pcapngPacket(atNs: bigint, packet: Uint8Array): Uint8Array {
  const head = new Uint8Array(20)
  const view = new DataView(head.buffer)
  view.setUint32(4, Number(atNs >> 32n), true)
  view.setUint32(8, Number(atNs & 0xffff_ffffn), true)
  view.setUint32(12, packet.length, true)
  view.setUint32(16, packet.length, true)
  return block(PACKET, [head, padded(packet)])
}

function option(code: number, value: Uint8Array): Uint8Array {
  const head = new Uint8Array(4)
  new DataView(head.buffer).setUint16(0, code, true)
  new DataView(head.buffer).setUint16(2, value.length, true)
  return joinBytes([head, padded(value)])
}

function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const body = joinBytes(parts)
  const whole = new Uint8Array(body.length + 12)
  const view = new DataView(whole.buffer)
  view.setUint32(0, type, true)
  view.setUint32(4, whole.length, true)
  whole.set(body, 8)
  view.setUint32(whole.length - 4, whole.length, true)
  return whole
}

function padded(bytes: Uint8Array): Uint8Array {
  if (bytes.length % 4 === 0) return bytes
  const longer = new Uint8Array(Math.ceil(bytes.length / 4) * 4)
  longer.set(bytes)
  return longer
}
