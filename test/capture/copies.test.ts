/** A capture of all interfaces of a machine that translates addresses has each packet twice, under two addresses. */
import { expect, it } from 'vitest'
import { conversationsOf } from './conversations.ts'
import { importBytes } from './import-bytes.ts'
import { isTcp, packetsOf, pcap, talk, type TestPacket } from './made-up.ts'

const entries = talk()
const packets = packetsOf(entries)
const expected = conversationsOf(entries)
const SERVER_ADDRESS = [192, 0, 2, 1]

interface Translation {
  readonly server?: readonly number[]
  readonly serverPorts?: Readonly<Record<number, number>>
  readonly client?: readonly number[]
}

/** As it is behind the translation; checksums are not read. */
function translated({ bytes, atMs }: TestPacket, { server, serverPorts = {}, client }: Translation): TestPacket {
  const copy = bytes.slice()
  const view = new DataView(copy.buffer)
  for (const [addressAt, portAt] of [
    [12, 20],
    [16, 22],
  ] as const) {
    const isServer = SERVER_ADDRESS.every((byte, at) => copy[addressAt + at] === byte)
    const address = isServer ? server : client
    if (address !== undefined) copy.set(address, addressAt)
    if (isServer) view.setUint16(portAt, serverPorts[view.getUint16(portAt)] ?? view.getUint16(portAt))
  }
  return { bytes: copy, atMs: atMs + 0.01 }
}

const isFromServer = ({ bytes }: TestPacket): boolean => SERVER_ADDRESS.every((byte, at) => bytes[12 + at] === byte)

/** What the server says comes through the inner interface first. */
function both(translation: Translation, from = 0): Uint8Array {
  return pcap(
    packets.slice(from).flatMap((packet) => {
      const copy = translated(packet, translation)
      const first = { ...copy, atMs: packet.atMs }
      return isFromServer(packet) ? [first, { ...packet, atMs: copy.atMs }] : [packet, copy]
    }),
  )
}

const translations: readonly (readonly [string, Translation])[] = [
  ['another address of the server', { server: [172, 17, 0, 2] }],
  ['other ports of the server', { server: [172, 17, 0, 2], serverPorts: { 4433: 8080, 4483: 7777 } }],
  ['other addresses of both', { server: [172, 17, 0, 2], client: [172, 17, 0, 1] }],
]

it.each(translations)('%s: each connection is taken once, and said to be there twice', (_, translation) => {
  const imported = importBytes(both(translation), { wsPorts: [4433, 8080], enetPorts: [4483, 7777] })
  expect(conversationsOf(imported.entries)).toEqual(expected)
  expect(imported.findings['captured_twice']).toBeGreaterThanOrEqual(2)
  const where = imported.result.findings.find(({ kind }) => kind === 'captured_twice')?.where
  expect(where?.[0]).toMatch(/^192\.0\.2\.7:\d+ at \d\.\d{3} s, also at 172\.17\.0\.2:(4433|8080)$/)
})

it('connections that had begun before are taken once as well', () => {
  const imported = importBytes(both({ server: [172, 17, 0, 2] }, 40))
  const alone = importBytes(pcap(packets.slice(40)))
  expect(conversationsOf(imported.entries)).toEqual(conversationsOf(alone.entries))
  expect(imported.findings['captured_twice']).toBe(2)
})

it('what one of the two interfaces lacks is taken from the other', () => {
  const lacking = packets.flatMap((packet, index) => {
    const copy = translated(packet, { server: [172, 17, 0, 2] })
    // The first segments are on both.
    if (index < 20 || !isTcp(packet.bytes)) return [packet, copy]
    return index % 2 === 0 ? [packet] : [copy]
  })
  const { entries: found, findings } = importBytes(pcap(lacking))
  expect(findings['tcp_missing']).toBeUndefined()
  expect(conversationsOf(found)).toEqual(expected)
})

it('two clients with the same port are two, and so is a client that comes again', () => {
  const others = packets.map((packet) => translated(packet, { client: [192, 0, 2, 8] }))
  const changed = others.map(({ bytes, atMs }) => {
    const copy = bytes.slice()
    // Another number of the first segment, as each connection draws its own.
    const view = new DataView(copy.buffer)
    const at = isFromServer({ bytes, atMs }) ? [24, 28] : [28, 24]
    if (isTcp(copy))
      for (const [index, where] of at.entries()) view.setUint32(where, view.getUint32(where) + 77 * (1 - index) + 1000)
    return { bytes: copy, atMs }
  })
  const both = packets
    .flatMap((packet, index) => [packet, changed[index] ?? packet])
    .filter(({ bytes }) => isTcp(bytes))
  const { entries: found, findings } = importBytes(pcap(both))
  expect(findings['captured_twice']).toBeUndefined()
  expect(
    conversationsOf(found)
      .map(({ address }) => address)
      .sort(),
  ).toEqual(['192.0.2.7', '192.0.2.7', '192.0.2.8', '192.0.2.8'])
})
