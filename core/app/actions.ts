/** What a handler may return: messages to be sent after it, in order. Made by `app.reply`, `app.broadcast`, … */
import type { Session } from '../session/session.ts'
import type { AnyApp } from './app.ts'

interface Message {
  readonly app: AnyApp
  readonly type: string
  readonly message: object
}

export type Action =
  | (Message & { readonly kind: 'reply' })
  | (Message & { readonly kind: 'broadcast'; readonly except: Session | undefined })
  | (Message & { readonly kind: 'send'; readonly sessions: readonly Session[] })
  | (Message & { readonly kind: 'refuse' })

/** Nothing, one action, or several. */
export type Outcome = Action | readonly Action[] | undefined | void

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
