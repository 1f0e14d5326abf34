/** CRC-32 (the polynomial of zlib and PNG), four bytes at a time: it finds a flipped bit, not a forger. */

const [T0, T1, T2, T3] = createTables() as [Int32Array, Int32Array, Int32Array, Int32Array]

/** Goes on from `crc`, the checksum of what came before; a uint32. */
export function crc32(bytes: Uint8Array, crc: number = 0): number {
  const t0 = T0
  const t1 = T1
  const t2 = T2
  const t3 = T3
  let value = ~crc
  let at = 0
  // Every index below is masked to the size of its table, or checked against the length.
  for (const end = bytes.length - 3; at < end; at += 4) {
    value ^=
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)
    value =
      (t3[value & 0xff] as number) ^
      (t2[(value >>> 8) & 0xff] as number) ^
      (t1[(value >>> 16) & 0xff] as number) ^
      (t0[value >>> 24] as number)
  }
  for (; at < bytes.length; at++) value = (t0[(value ^ (bytes[at] as number)) & 0xff] as number) ^ (value >>> 8)
  return ~value >>> 0
}

function createTables(): readonly Int32Array[] {
  const first = Int32Array.from({ length: 256 }, (_, byte) => {
    let value = byte
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
    return value
  })
  const tables = [first]
  for (let before = first; tables.length < 4; tables.push(before)) {
    before = before.map((value) => (first[value & 0xff] as number) ^ (value >>> 8))
  }
  return tables
}
