/** Addresses as keys of maps: cheaper than text that people can read. */

export function keyOfBytes(bytes: Uint8Array): string {
  let key = ''
  for (const byte of bytes) key += String.fromCharCode(byte)
  return key
}

export function keyOfEndpoint(address: Uint8Array, port: number): string {
  return keyOfBytes(address) + String.fromCharCode(port)
}
