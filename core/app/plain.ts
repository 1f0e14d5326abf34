/** Messages as plain objects: nothing inherited, nothing shared, and for in-process receivers nothing that can be changed. */

/** A message without its type, as handlers get it. */
export type PlainMessage = { readonly [field: string]: unknown }

/** A copy of a decoded message that inherits nothing. */
export function toPlain(message: object): PlainMessage {
  const plain: { [field: string]: unknown } = {}
  for (const field of Object.keys(message)) {
    const value: unknown = (message as PlainMessage)[field]
    const isFlat = typeof value !== 'object' || value === null
    setField(plain, field, isFlat ? value : valueToPlain(value))
  }
  return plain
}

function valueToPlain(value: object): unknown {
  if (value instanceof Uint8Array) return bytesToPlain(value)
  if (!Array.isArray(value)) return toPlain(value)
  for (let index = 0; index < value.length; index++) {
    const item: unknown = value[index]
    if (typeof item === 'object' && item !== null) value[index] = valueToPlain(item)
  }
  return value
}

/** Node's `Buffer`, which protobufjs hands out there, is told apart by some methods (its `slice` does not copy). */
function bytesToPlain(bytes: Uint8Array): Uint8Array {
  if (bytes.constructor === Uint8Array) return bytes
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** A deep copy that nobody can change, for in-process receivers. Byte arrays are copied, but cannot be frozen. */
export function frozenCopy(message: object): PlainMessage {
  const copy: { [field: string]: unknown } = {}
  for (const field of Object.keys(message)) {
    const value: unknown = (message as PlainMessage)[field]
    // A field that is absent on the wire is absent here.
    if (value !== undefined && value !== null) setField(copy, field, frozenValue(value))
  }
  return Object.freeze(copy)
}

function frozenValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return Uint8Array.from(value)
  if (Array.isArray(value)) return Object.freeze(value.map(frozenValue))
  return frozenCopy(value)
}

/** A peer chooses the keys of a protobuf map: none may become a prototype. */
function setField(object: { [field: string]: unknown }, field: string, value: unknown): void {
  if (field !== '__proto__') object[field] = value
  else Object.defineProperty(object, field, { value, enumerable: true, writable: true, configurable: true })
}
