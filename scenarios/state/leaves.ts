/**
 * When two values are equal although they are not the same, because a message between them may not tell them apart: what is
 * absent, −0, and integers in other forms.
 */

/** Equal as they are; nothing is said of what two objects hold. */
export function isSameLeaf(expected: unknown, actual: unknown): boolean {
  // `===` for −0, which is 0 for integers of a message.
  if (expected === actual || Object.is(expected, actual)) return true
  if (isNothing(expected) || isNothing(actual)) return isNothing(expected) && isNothing(actual)
  if (typeof expected === 'number' && typeof actual === 'number') return false
  const integer = integerOf(expected)
  return integer !== undefined && integer === integerOf(actual)
}

/** A message cannot say `null`: its field is absent. */
export function isNothing(value: unknown): boolean {
  return value === undefined || value === null
}

/** A bigint, a number without a fraction, or a `Long`, as protobufjs has it for fields of 64 bits. */
function integerOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined
  if (typeof value !== 'object' || value === null) return undefined
  const { low, high, unsigned } = value as {
    readonly low?: unknown
    readonly high?: unknown
    readonly unsigned?: unknown
  }
  const isLong = typeof low === 'number' && typeof high === 'number' && typeof unsigned === 'boolean'
  if (!isLong || Object.keys(value).length !== 3) return undefined
  return (BigInt(unsigned ? high >>> 0 : high | 0) << 32n) | BigInt(low >>> 0)
}
