/** What a handler of a zone has called of the server's API, as the rules know it. */
import type { AnyApp, InProcessProxy, OutsideCall, PartReason, Proxy, Session, ZoneView } from '../../core/index.ts'
import type { AskedCall, Output } from './observation.ts'

export interface CallReaderParts {
  /** The number of a receiver as the scenario counts them; undefined for its own ones. */
  readonly numberOf: (receiver: InProcessProxy) => number | undefined
  /** A zone's own code has set the `gameData` of a session. */
  readonly onGameData: (session: Session) => void
}

export class CallReader {
  readonly #parts: CallReaderParts

  constructor(parts: CallReaderParts) {
    this.#parts = parts
  }

  /** Undefined: nothing that a rule is about. It has not been carried out yet. */
  read({ on, method, args }: OutsideCall): Output | undefined {
    if (typeof on === 'string') return undefined
    return 'members' in on ? readZoneCall(on, method, args) : this.#readSessionCall(on, method, args)
  }

  #readSessionCall(session: Session, method: string, args: readonly unknown[]): Output | undefined {
    const { id } = session
    switch (method) {
      case 'stop':
        return called({ kind: 'stop_session', session: id })
      case 'disconnect':
        return called({ kind: 'drop_session', session: id })
      case 'join':
      case 'part':
        return called({ kind: 'act', session: id, what: method })
      case 'send': {
        const [app, type] = args as [AnyApp, string]
        return { kind: 'asked', zone: undefined, action: 'reply', session: id, type, delivery: app.deliveryOf(type) }
      }
      case 'rpc':
        return called({ kind: 'act', session: id, what: `rpc.${String(args[1])}` })
      case 'set disconnectTimeout':
        return called({ kind: 'set_timeout', session: id, timeoutMs: args[0] as number })
      case 'set proxy':
        return this.#readProxy(session, args[0] as Proxy | undefined)
      case 'set disconnectCallback': {
        const what = args[0] === undefined ? 'unwatch' : 'watch'
        return called({ kind: 'npc', what, session: id, app: '', receiver: undefined, error: undefined })
      }
      case 'set gameData':
        this.#parts.onGameData(session)
        return undefined
      default:
        return undefined
    }
  }

  #readProxy(session: Session, proxy: Proxy | undefined): Output | undefined {
    const { id } = session
    if (proxy === undefined) return called({ kind: 'drop_session', session: id })
    if ('connection' in proxy) {
      const from = proxy.session?.id
      return from === undefined ? undefined : called({ kind: 'give_connection', from, to: id })
    }
    const receiver = this.#parts.numberOf(proxy)
    if (receiver === undefined || session.proxy === proxy) return undefined
    return called({ kind: 'npc', what: 'return', session: id, app: '', receiver, error: undefined })
  }
}

function called(call: AskedCall): Output {
  return { kind: 'called', call }
}

function readZoneCall({ name: zone, app }: ZoneView, method: string, args: readonly unknown[]): Output | undefined {
  switch (method) {
    case 'send': {
      const [sessions, type] = args as [readonly Session[], string]
      const delivery = app.deliveryOf(type)
      const ids = sessions.map(({ id }) => id)
      return { kind: 'asked', zone, action: 'send', session: undefined, type, delivery, sessions: ids }
    }
    case 'broadcast': {
      const [type, , options] = args as [string, object, { readonly except?: Session | undefined } | undefined]
      const delivery = app.deliveryOf(type)
      return { kind: 'asked', zone, action: 'broadcast', session: options?.except?.id, type, delivery }
    }
    case 'remove': {
      const [session, reason] = args as [Session, PartReason | undefined]
      return { kind: 'asked_to_remove', zone, session: session.id, reason: reason ?? 'removed' }
    }
    case 'tell':
      return { kind: 'told', zone }
    case 'stop':
      return called({ kind: 'stop_zone', zone })
    default:
      return undefined
  }
}
