/** The zones of a server: made, listed, found and stopped at run time; and which of them a message is for. */
import type { AnyApp, SchemaApp } from '../app/app.ts'
import { copyAsReceived } from '../app/codec.ts'
import type { MessageName, Received, Schema } from '../app/message-types.ts'
import { OverworldError } from '../errors.ts'
import type { OutsideCall } from '../turns/outside-calls.ts'
import type { DenialReason } from '../protocol.ts'
import type { Member } from '../session/membership.ts'
import type { Session, ZoneView } from '../session/views.ts'
import { isThenable } from '../synchronous.ts'
import { runUserCode } from '../turns/user-code.ts'
import type { ErasedDefinition, TypedZone, ZoneDefinition } from './zone-definition.ts'
import { inWords } from './actions.ts'
import { Zone, type ZoneParts } from './zone.ts'

/** Picks the zone for a join. Undefined: there is none, and the joiner is told `unknown_zone`. */
export type Route<S extends Schema> = (
  message: Received<S, 'join' & MessageName<S>>,
  session: Session,
) => ZoneView | undefined

/** What users see: `server.zones`. */
export interface Zones {
  /**
   * Makes a zone. `name` (default: the app's, numbered from the second on) is unique within its app.
   * Throws `app_unknown`, `zone_name_taken`, `server_stopped`, and what `init` throws.
   */
  start<S extends Schema, State, Info>(
    definition: ZoneDefinition<S, State, Info>,
    options?: { readonly name?: string },
  ): TypedZone<S, Info>
  /** All zones, or those of one app, in the order in which they were made. */
  list(app?: AnyApp): readonly ZoneView[]
  find(app: AnyApp, name: string): ZoneView | undefined
  /** Decides which zone a join is for. Default: the app's only one. */
  route<S extends Schema>(app: SchemaApp<S>, route: Route<S>): void
}

export interface RegistryParts extends ZoneParts {
  /** By prefix. */
  readonly apps: ReadonlyMap<number, AnyApp>
}

export class ZoneRegistry implements Zones {
  readonly #parts: RegistryParts
  readonly #isStopped: () => boolean
  readonly #zones = new Set<Zone>()
  readonly #routes = new Map<AnyApp, (message: object, session: Session) => ZoneView | undefined>()

  constructor(parts: RegistryParts, isStopped: () => boolean) {
    this.#parts = parts
    this.#isStopped = isStopped
  }

  get size(): number {
    return this.#zones.size
  }

  get memberCount(): number {
    let count = 0
    for (const zone of this.#zones) count += zone.members.size
    return count
  }

  start<S extends Schema, State, Info>(
    definition: ZoneDefinition<S, State, Info>,
    options: { readonly name?: string } = {},
  ): TypedZone<S, Info> {
    if (this.#isStopped()) throw new OverworldError('server_stopped', 'the server has stopped: it takes no zones')
    // The handlers' types belong to this app's messages, and only this app's messages are ever handed to them.
    const erased = definition as unknown as ErasedDefinition
    this.#assertKnown(erased.app)
    const name = options.name ?? this.#defaultName(erased.app)
    if (this.find(erased.app, name) !== undefined) {
      throw new OverworldError('zone_name_taken', `app '${erased.app.name}' already has a zone named '${name}'`)
    }
    const outside: OutsideCall = { on: 'zones', method: 'start', args: [definition, { name }] }
    const zone = this.#parts.turns.enter(() => {
      const made: Zone = new Zone(this.#parts, erased, name, () => this.#zones.delete(made))
      this.#zones.add(made)
      const { taps } = this.#parts.shell
      if (taps.isOn) taps.emit.zoneStarted(made)
      return made
    }, outside)
    return zone
  }

  list(app?: AnyApp): readonly Zone[] {
    return [...this.#zones].filter((zone) => app === undefined || zone.app === app)
  }

  find(app: AnyApp, name: string): Zone | undefined {
    for (const zone of this.#zones) if (zone.app === app && zone.name === name) return zone
    return undefined
  }

  route<S extends Schema>(app: SchemaApp<S>, route: Route<S>): void {
    this.#assertKnown(app)
    const outside: OutsideCall = { on: 'zones', method: 'route', args: [app, route] }
    this.#parts.turns.set(() => {
      this.#routes.set(app, route as (message: object, session: Session) => ZoneView | undefined)
    }, outside)
  }

  // What follows is for the rest of the core.

  /** A message from a client; what it is denied for comes back. */
  handle(session: Member, app: AnyApp, type: string, message: object): DenialReason | undefined {
    if (type === 'join') return this.#join(session, app, message, undefined)
    const zone = session.zone
    if (zone === undefined || zone.app !== app) return 'no_zone'
    if (type === 'part') zone.memberLeft(session, 'left', message)
    else if (!zone.callRpc(session, type, message)) this.#parts.counters.unexpectedMessageTotal++
    return undefined
  }

  /** The same from within the server: throws instead. */
  call(session: Member, app: AnyApp, type: string, message: object, zone?: ZoneView): void {
    this.#assertKnown(app)
    if (session.status !== 'connected') {
      throw new OverworldError('not_connected', `session ${session.id} is ${session.status}: it cannot ${type}`)
    }
    const copy = copyAsReceived(app.codec, type, message)
    const denial = type === 'join' ? this.#join(session, app, copy, zone) : this.handle(session, app, type, copy)
    if (denial === undefined) return
    switch (denial) {
      case 'already_joined':
        throw new OverworldError('already_joined', `session ${session.id} is in zone '${session.zone?.name}' already`)
      case 'unknown_zone':
        throw new OverworldError('unknown_zone', `app '${app.name}' has no zone for this join`)
      default:
        throw new OverworldError('not_in_zone', `session ${session.id} is in no zone of app '${app.name}'`)
    }
  }

  stopAll(): void {
    for (const zone of this.#zones) zone.stopNow()
  }

  #join(session: Member, app: AnyApp, message: object, wanted: ZoneView | undefined): DenialReason | undefined {
    if (session.zone !== undefined) return 'already_joined'
    const zone = wanted ?? this.#pick(app, message, session)
    if (!(zone instanceof Zone) || zone.isStopped || zone.app !== app) return 'unknown_zone'
    zone.admit(session, message)
    return undefined
  }

  #pick(app: AnyApp, message: object, session: Session): ZoneView | undefined {
    const route = this.#routes.get(app)
    if (route === undefined) {
      const zones = this.list(app)
      return zones.length === 1 ? zones[0] : undefined
    }
    const { taps } = this.#parts.shell
    let picked: ZoneView | undefined
    const what = `the route of app '${app.name}'`
    const handled = this.#parts.turns.handle(() => {
      const returned: unknown = taps.isOn
        ? runUserCode(
            () => route(message, session),
            (zone, thrown) => taps.emit.routed(app, session, zone, thrown),
          )
        : route(message, session)
      if (isThenable(returned)) return returned
      if (returned instanceof Zone || returned === undefined) picked = returned
      else
        throw new OverworldError('bad_action', `${what} returned ${inWords(returned)}, which is no zone of this server`)
      return undefined
    })
    if (!handled.threw) return picked
    this.#parts.reportFailure(handled, what, (error) => ({ kind: 'route_threw', app, session, error }))
    return undefined
  }

  #defaultName(app: AnyApp): string {
    for (let number = 1; ; number++) {
      const name = number === 1 ? app.name : `${app.name}-${number}`
      if (this.find(app, name) === undefined) return name
    }
  }

  #assertKnown(app: AnyApp): void {
    if (this.#parts.apps.get(app.prefix) === app) return
    throw new OverworldError('app_unknown', `app '${app.name}' was not given to this server`)
  }
}
