/** What was recorded and what came now, side by side. */
import type { Output, Read } from '../index.ts'

export interface Difference {
  /** In words, decoded. */
  readonly recorded: string
  readonly now: string
  /** Of two messages: where the first differs, counted from 0, with the bytes around it in hex. */
  readonly bytes: { readonly at: number; readonly recorded: string; readonly now: string } | undefined
}

const AROUND = 8

export function explainDifference(
  recorded: Read | Output | undefined,
  recordedText: string,
  now: Read | Output | undefined,
  nowText: string,
): Difference {
  const isSameLine = recordedText === nowText
  const a = bytesOf(recorded)
  const b = bytesOf(now)
  const bytes = a === undefined || b === undefined || recorded?.kind !== now?.kind ? undefined : compare(a, b)
  // Two messages may read the same and yet differ in their bytes.
  const hint = isSameLine && bytes !== undefined ? ' (in other bytes)' : ''
  return { recorded: recordedText, now: `${nowText}${hint}`, bytes }
}

function compare(a: Uint8Array, b: Uint8Array): Difference['bytes'] {
  let at = 0
  while (at < a.length && at < b.length && a[at] === b[at]) at++
  return at === a.length && at === b.length ? undefined : { at, recorded: hexAround(a, at), now: hexAround(b, at) }
}

/** `…08 0a [62] 6f…`: the byte in question in brackets, `[]` where there is none. */
function hexAround(bytes: Uint8Array, at: number): string {
  const from = Math.max(0, at - AROUND)
  const to = Math.min(bytes.length, at + AROUND + 1)
  const hex = (part: Uint8Array): string => [...part].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  const before = `${from > 0 ? '…' : ''}${hex(bytes.subarray(from, at))}`
  const after = `${hex(bytes.subarray(at + 1, to))}${to < bytes.length ? '…' : ''}`
  return [before, `[${hex(bytes.subarray(at, at + 1))}]`, after].filter((part) => part !== '').join(' ')
}

function bytesOf(entry: Read | Output | undefined): Uint8Array | undefined {
  return entry?.kind === 'sent' ? entry.bytes : undefined
}
