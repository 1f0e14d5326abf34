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
