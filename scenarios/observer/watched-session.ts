/**
 * A session as the handlers of watched zones know it: itself, so that it stays the same key and the same member. Calls
 * that a handler makes of it are passed on, and written down; a receiver that it gives it is watched as well.
 *
 * All watched sessions share their methods: with methods of its own, each would be slow to look anything up in.
 */
import type { AnyApp, InProcessProxy, Proxy, Session, SessionDisconnect } from '../../core/index.ts'
import type { AskedCall, SessionCall } from './observation.ts'

/** The same callback, whose calls are seen. */
export type WatchCallback = (callback: SessionDisconnect) => SessionDisconnect

/** The same receiver, whose messages are seen; undefined: they are seen already. */
export type WatchReceiver = (receiver: InProcessProxy) => WatchedReceiver | undefined

interface WatchedReceiver {
  readonly number: number
  readonly proxy: InProcessProxy
}

/** Does what is asked of a session; `called`: what to write down of it, if anything, once it has not thrown. */
export type CallSession = (run: () => void, called: () => AskedCall | undefined) => void

interface Watch {
  readonly call: CallSession
  readonly watchReceiver: WatchReceiver
  readonly watchCallback: WatchCallback
  /** The callback that it was given, and what was set instead. */
  callback: { readonly given: SessionDisconnect; readonly set: SessionDisconnect } | undefined
  /** The zone's own code has set its `gameData`. */
  hasDataOfZone: boolean
  /** By the receiver that it was given. */
  readonly receivers: Map<Proxy, WatchedReceiver>
}

const WATCH = Symbol('watch')

type WatchedSession = Session & { readonly [WATCH]: Watch }

/** By the methods that they pass everything on to: a server of somebody's own may come with a library of its own. */
const watchedMethods = new Map<object, object>()

/** Who makes a call, a handler or somebody else, is the business of `call`. */
export function watchSession(session: Session, how: Pick<Watch, 'call' | 'watchReceiver' | 'watchCallback'>): void {
  if (WATCH in session) return
  const watch: Watch = { ...how, callback: undefined, hasDataOfZone: false, receivers: new Map() }
  Object.defineProperty(session, WATCH, { value: watch })
  const methods = Object.getPrototypeOf(session) as object
  const watched = watchedMethods.get(methods) ?? watchMethods(methods)
  watchedMethods.set(methods, watched)
  Object.setPrototypeOf(session, watched)
}

/** What its `gameData` is, only its zone knows. */
export function hasDataOfZone(session: Session): boolean {
  return WATCH in session && (session as WatchedSession)[WATCH].hasDataOfZone
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
  watchCallback(watched, methods)
  watchGameData(watched, methods)
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
      this[WATCH].call(
        () => original.apply(this, args),
        () => toCall(this, args),
      )
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
      this[WATCH].call(
        () => original?.set?.call(this, timeoutMs),
        () => ({ kind: 'set_timeout', session: this.id, timeoutMs }),
      )
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
      const { call, watchReceiver, receivers } = this[WATCH]
      if (proxy === undefined || 'connection' in proxy) {
        const giver = proxy?.session?.id
        call(
          () => original?.set?.call(this, proxy),
          () => {
            if (giver !== undefined) return { kind: 'give_connection', from: giver, to: id }
            return proxy === undefined ? { kind: 'drop_session', session: id } : undefined
          },
        )
        return
      }
      const known = receivers.get(proxy) ?? watchReceiver(proxy)
      if (known !== undefined) receivers.set(proxy, known)
      const isKept = presentOf(this) === (known?.proxy ?? proxy)
      call(
        () => original?.set?.call(this, known?.proxy ?? proxy),
        () => {
          if (known === undefined || isKept) return undefined
          return { kind: 'npc', what: 'return', session: id, app: '', receiver: known.number, error: undefined }
        },
      )
    },
  })
}

/** Whoever reads the property finds the callback that it has set. */
function watchCallback(watched: object, methods: object): void {
  const original = Object.getOwnPropertyDescriptor(methods, 'disconnectCallback')
  Object.defineProperty(watched, 'disconnectCallback', {
    get(this: WatchedSession) {
      const present = original?.get?.call(this) as SessionDisconnect | undefined
      const { callback } = this[WATCH]
      return callback !== undefined && callback.set === present ? callback.given : present
    },
    set(this: WatchedSession, given: SessionDisconnect | undefined) {
      const watch = this[WATCH]
      const set = typeof given === 'function' ? watch.watchCallback(given) : given
      const what = given === undefined ? 'unwatch' : 'watch'
      watch.call(
        () => original?.set?.call(this, set),
        () => ({ kind: 'npc', what, session: this.id, app: '', receiver: undefined, error: undefined }),
      )
      watch.callback = given !== undefined && set !== undefined ? { given, set } : undefined
    },
  })
}

function watchGameData(watched: object, methods: object): void {
  const original = Object.getOwnPropertyDescriptor(methods, 'gameData')
  Object.defineProperty(watched, 'gameData', {
    get(this: WatchedSession) {
      return original?.get?.call(this) as unknown
    },
    set(this: WatchedSession, data: unknown) {
      const watch = this[WATCH]
      watch.call(
        () => original?.set?.call(this, data),
        () => {
          watch.hasDataOfZone = true
          return undefined
        },
      )
    },
  })
}
