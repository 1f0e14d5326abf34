/**
 * A session as the handlers of watched zones know it: itself, so that it stays the same key and the same member. Calls
 * that a handler makes of it are passed on, and written down; a receiver that it gives it is watched as well.
 *
 * All watched sessions share their methods: with methods of its own, each would be slow to look anything up in.
 */
import type { AnyApp, InProcessProxy, Proxy, Session } from '../../core/index.ts'
import type { AskedCall, SessionCall } from './observation.ts'

/** The same receiver, whose messages are seen; undefined: they are seen already. */
export type WatchReceiver = (receiver: InProcessProxy) => WatchedReceiver | undefined

interface WatchedReceiver {
  readonly number: number
  readonly proxy: InProcessProxy
}

interface Watch {
  readonly write: (call: AskedCall) => void
  readonly watchReceiver: WatchReceiver
  /** By the receiver that it was given. */
  readonly receivers: Map<Proxy, WatchedReceiver>
}

const WATCH = Symbol('watch')

type WatchedSession = Session & { readonly [WATCH]: Watch }

/** By the methods that they pass everything on to: a server of somebody's own may come with a library of its own. */
const watchedMethods = new Map<object, object>()

/** `write` hears of calls that did not throw; whether a handler made them is its business. */
export function watchSession(session: Session, write: (call: AskedCall) => void, watchReceiver: WatchReceiver): void {
  if (WATCH in session) return
  const watch: Watch = { write, watchReceiver, receivers: new Map() }
  Object.defineProperty(session, WATCH, { value: watch })
  const methods = Object.getPrototypeOf(session) as object
  const watched = watchedMethods.get(methods) ?? watchMethods(methods)
  watchedMethods.set(methods, watched)
  Object.setPrototypeOf(session, watched)
}

function watchMethods(methods: object): object {
  const watched = Object.create(methods) as object
  watchCall(watched, 'stop', ({ id }) => ({ kind: 'stop_session', session: id }))
  watchCall(watched, 'disconnect', ({ id }) => ({ kind: 'drop_session', session: id }))
  watchCall(watched, 'join', ({ id }) => ({ kind: 'act', session: id, what: 'join' }))
  watchCall(watched, 'part', ({ id }) => ({ kind: 'act', session: id, what: 'part' }))
  watchCall(watched, 'send', ({ id }, [app, type]) => {
    return { kind: 'send', session: id, type: type as string, delivery: (app as AnyApp).deliveryOf(type as string) }
  })
  watchCall(watched, 'rpc', ({ id }, [, type]) => ({ kind: 'act', session: id, what: `rpc.${String(type)}` }))
  watchTimeout(watched, methods)
  watchProxy(watched, methods)
  return watched
}

function watchCall(
  watched: object,
  name: string,
  toCall: (session: Session, args: readonly unknown[]) => SessionCall,
): void {
  const original = Reflect.get(watched, name) as (...args: unknown[]) => void
  Object.defineProperty(watched, name, {
    value(this: WatchedSession, ...args: unknown[]) {
      original.apply(this, args)
      this[WATCH].write(toCall(this, args))
    },
  })
}

function watchTimeout(watched: object, methods: object): void {
  const original = Object.getOwnPropertyDescriptor(methods, 'disconnectTimeout')
  Object.defineProperty(watched, 'disconnectTimeout', {
    get(this: WatchedSession) {
      return original?.get?.call(this) as unknown
    },
    set(this: WatchedSession, timeoutMs: number) {
      original?.set?.call(this, timeoutMs)
      this[WATCH].write({ kind: 'set_timeout', session: this.id, timeoutMs })
    },
  })
}

/** Whoever reads the property finds the receiver that it has set. */
function watchProxy(watched: object, methods: object): void {
  const original = Object.getOwnPropertyDescriptor(methods, 'proxy')
  const presentOf = (session: Session): Proxy | undefined => original?.get?.call(session) as Proxy | undefined
  Object.defineProperty(watched, 'proxy', {
    get(this: WatchedSession) {
      const proxy = presentOf(this)
      for (const [given, { proxy: known }] of this[WATCH].receivers) if (known === proxy) return given
      return proxy
    },
    set(this: WatchedSession, proxy: Proxy | undefined) {
      const { id } = this
      const { write, watchReceiver, receivers } = this[WATCH]
      if (proxy === undefined || 'connection' in proxy) {
        const giver = proxy?.session?.id
        original?.set?.call(this, proxy)
        if (giver !== undefined) write({ kind: 'give_connection', from: giver, to: id })
        else if (proxy === undefined) write({ kind: 'drop_session', session: id })
        return
      }
      const known = receivers.get(proxy) ?? watchReceiver(proxy)
      if (known !== undefined) receivers.set(proxy, known)
      const isKept = presentOf(this) === (known?.proxy ?? proxy)
      original?.set?.call(this, known?.proxy ?? proxy)
      if (known === undefined || isKept) return
      write({ kind: 'npc', what: 'return', session: id, app: '', receiver: known.number, error: undefined })
    },
  })
}
