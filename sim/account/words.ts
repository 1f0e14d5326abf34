/** Values, codes and times as an account of a world prints them: short, and on one line. */
import { CloseCode } from '../../core/close-codes.ts'
import { OverworldError } from '../../core/errors.ts'
import { printable } from '../../core/printable.ts'

const TEXT_LENGTH_MAX = 120
const STRING_LENGTH_MAX = 40
const ITEMS_MAX = 8
const DEPTH_MAX = 4

/** `4009 (draining)` */
export function describeCode(code: number): string {
  const name = Object.entries(CloseCode).find(([, known]) => known === code)?.[0]
  return name === undefined
    ? String(code)
    : `${code} (${name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)})`
}

/** `1.045 s` */
export function describeTime(atUs: number): string {
  return `${(atUs / 1_000_000).toFixed(3)} s`
}

/** `512 ms`, `5 s` */
export function describeMs(ms: number): string {
  return ms >= 1_000 && ms % 100 === 0 ? `${ms / 1_000} s` : `${Math.round(ms)} ms`
}

/** As JSON, but shortened; byte arrays by their length. Never throws. */
export function describeValue(value: unknown): string {
  return safely(() => {
    const text = shortened(value, 0)
    return text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX)}…` : text
  })
}

/** An error, and where it was thrown. Never throws. */
export function describeThrown(error: unknown): string {
  return error instanceof Error ? safely(() => `${String(error)}${whereOf(error)}`) : describeValue(error)
}

/** ` at press (game.ts:12:3)`: the first line of its stack; empty where there is none, or where this library threw. Never throws. */
export function whereOf(error: unknown): string {
  return safely(() => {
    if (error instanceof OverworldError) return ''
    const { stack = '' } = error instanceof Error ? error : {}
    const where = /^\s+at .*$/m.exec(stack)?.[0].trim()
    return where === undefined ? '' : ` ${where}`
  })
}

/** Values of a program can throw where they are looked at. */
export function safely(describe: () => string): string {
  try {
    return printable(describe())
  } catch {
    return 'something that cannot be described'
  }
}

function shortened(value: unknown, depth: number): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > STRING_LENGTH_MAX ? `${value.slice(0, STRING_LENGTH_MAX)}…` : value)
  }
  if (typeof value === 'function') return 'a function'
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof Uint8Array) return `<${value.length} bytes>`
  if (depth >= DEPTH_MAX) return '…'
  if (Array.isArray(value)) {
    const items = value.slice(0, ITEMS_MAX).map((item) => shortened(item, depth + 1))
    if (value.length > ITEMS_MAX) items.push(`… ${value.length} in all`)
    return `[${items.join(', ')}]`
  }
  const entries = Object.entries(value).slice(0, ITEMS_MAX)
  return entries.length === 0
    ? '{}'
    : `{ ${entries.map(([name, item]) => `${name}: ${shortened(item, depth + 1)}`).join(', ')} }`
}
