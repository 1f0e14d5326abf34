/** Telling whether what a handler returns is an action: JavaScript handlers may return anything. */
import type { Action } from '../session/views.ts'

const KINDS: ReadonlySet<unknown> = new Set<Action['kind']>(['reply', 'broadcast', 'send', 'refuse'])

/** Whether it was made by an app: JavaScript handlers may return anything. */
export function isAction(value: unknown): value is Action {
  if (typeof value !== 'object' || value === null) return false
  const { kind, app } = value as Partial<Action>
  return KINDS.has(kind) && typeof app?.deliveryOf === 'function'
}

/** What a user's code returned, for an error. Never throws. */
export function inWords(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object' && value !== null) return 'an object'
  return String(value)
}
