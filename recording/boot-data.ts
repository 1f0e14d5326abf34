/**
 * What a program was given when it booted (its addresses, and the defaults of its server's options), as the JSON of the `boot`
 * record. Leaves out whether the options are valid: `createServer` checks them when the program boots again.
 */
import type { BootData } from './entries.ts'

/** Empty: the program was given nothing. */
export function encodeBoot({ addresses, options }: BootData): string {
  const given = { ...(addresses !== undefined && { addresses }), ...(options !== undefined && { options }) }
  return Object.keys(given).length === 0 ? '' : JSON.stringify(given, writable)
}

/** Throws `TypeError` or `SyntaxError` for what `encodeBoot` does not write. */
export function decodeBoot(text: string): BootData {
  if (text === '') return {}
  const given: unknown = JSON.parse(text, (_, value: unknown) => (value === 'never' ? Infinity : value))
  if (!isObject(given)) throw new TypeError('what the program was given is no object')
  const { addresses, options } = given
  if (addresses !== undefined && !(Array.isArray(addresses) && addresses.every((each) => typeof each === 'string')))
    throw new TypeError('the addresses that the program was given are no texts')
  if (options !== undefined && !isObject(options)) throw new TypeError('the options of the server are no object')
  return { ...(addresses !== undefined && { addresses }), ...(options !== undefined && { options }) }
}

/** JSON has no Infinity. */
export function writable(_name: string, value: unknown): unknown {
  return value === Infinity ? 'never' : value
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
