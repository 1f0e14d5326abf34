/**
 * A session as the handlers of watched zones know it: itself, so that it stays the same key and the same member. Calls
 * that a handler makes of it are passed on, and written down; a receiver that it gives it is watched as well.
 */
import type { AnyApp, InProcessProxy, Proxy, Session } from '../../core/index.ts'
import type { AskedCall, SessionCall } from './observation.ts'

/** The same receiver, whose messages are seen; undefined: they are seen already. */
export type WatchReceiver = (
  receiver: InProcessProxy,
) => { readonly number: number; readonly proxy: InProcessProxy } | undefined

/** `write` hears of calls that did not throw; whether a handler made them is its business. */
export function watchSession(session: Session, write: (call: AskedCall) => void, watchReceiver: WatchReceiver): void {
  if (Object.hasOwn(session, 'stop')) return
  const methods = Object.getPrototypeOf(session) as object
  const watch = (name: string, toCall: (args: readonly unknown[]) => SessionCall): void => {
    const original = Reflect.get(methods, name) as (...args: unknown[]) => void
    Object.defineProperty(session, name, {
      value: (...args: unknown[]) => {
        original.apply(session, args)
        write(toCall(args))
      },
    })
  }
  const { id } = session
  watch('stop', () => ({ kind: 'stop_session', session: id }))
  watch('disconnect', () => ({ kind: 'drop_session', session: id }))
  watch('join', () => ({ kind: 'act', session: id, what: 'join' }))
  watch('part', () => ({ kind: 'act', session: id, what: 'part' }))
  watch('send', ([app, type]) => {
    return { kind: 'send', session: id, type: type as string, delivery: (app as AnyApp).deliveryOf(type as string) }
  })
  watch('rpc', ([, type]) => ({ kind: 'act', session: id, what: `rpc.${String(type)}` }))
  const watchProperty = (name: string, toCall: (value: unknown) => SessionCall | undefined): void => {
    const original = Object.getOwnPropertyDescriptor(methods, name)
    Object.defineProperty(session, name, {
      get: () => original?.get?.call(session) as unknown,
      set(value: unknown) {
        original?.set?.call(session, value)
        const call = toCall(value)
        if (call !== undefined) write(call)
      },
    })
  }
  watchProperty('disconnectTimeout', (timeoutMs) => ({
    kind: 'set_timeout',
    session: id,
    timeoutMs: timeoutMs as number,
  }))
  watchProxy(session, methods, write, watchReceiver)
}

/** Whoever reads the property finds the receiver that it has set. */
function watchProxy(
  session: Session,
  methods: object,
  write: (call: AskedCall) => void,
  watchReceiver: WatchReceiver,
): void {
  const original = Object.getOwnPropertyDescriptor(methods, 'proxy')
  const { id } = session
  const watched = new Map<Proxy, { readonly number: number; readonly proxy: InProcessProxy }>()
  const present = (): Proxy | undefined => original?.get?.call(session) as Proxy | undefined
  Object.defineProperty(session, 'proxy', {
    get: () => {
      const proxy = present()
      for (const [given, { proxy: known }] of watched) if (known === proxy) return given
      return proxy
    },
    set(proxy: Proxy | undefined) {
      if (proxy === undefined || 'connection' in proxy) {
        const giver = proxy?.session?.id
        original?.set?.call(session, proxy)
        if (giver !== undefined) write({ kind: 'give_connection', from: giver, to: id })
        else if (proxy === undefined) write({ kind: 'drop_session', session: id })
        return
      }
      const known = watched.get(proxy) ?? watchReceiver(proxy)
      if (known !== undefined) watched.set(proxy, known)
      const isKept = present() === (known?.proxy ?? proxy)
      original?.set?.call(session, known?.proxy ?? proxy)
      if (known === undefined || isKept) return
      write({ kind: 'npc', what: 'return', session: id, app: '', receiver: known.number, error: undefined })
    },
  })
}
