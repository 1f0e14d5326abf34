/**
 * A session as the handlers of watched zones know it: itself, so that it stays the same key and the same member. Calls
 * that a handler makes of it are passed on, and written down. Leaves out another receiver as its `proxy`.
 */
import type { Session } from '../../core/index.ts'
import type { SessionCall } from './observation.ts'

/** `write` hears of calls that did not throw; whether a handler made them is its business. */
export function watchSession(session: Session, write: (call: SessionCall) => void): void {
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
  watchProperty('proxy', (proxy) => (proxy === undefined ? { kind: 'drop_session', session: id } : undefined))
}
