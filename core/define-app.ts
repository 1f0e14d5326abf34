/** An app with what makes zones of it: how they are defined, and what their handlers return. */
import { assertKnown, createApp, type AppOptions, type SchemaApp } from './app/app.ts'
import { messageNamesOf } from './app/codec.ts'
import type { Complaint, RpcName, Schema, Sendable } from './app/message-types.ts'
import { OverworldError } from './errors.ts'
import { PROTOCOL_PREFIX } from './protocol-prefix.ts'
import type { Action, Session } from './session/views.ts'
import type { Synchronous } from './synchronous.ts'
import type { ZoneDefinition } from './zone/zone-definition.ts'

export interface App<S extends Schema> extends SchemaApp<S> {
  /** Describes a kind of zone; `server.zones.start` makes one. The state that `init` makes must not be a promise. */
  defineZone<State extends Synchronous, Info = never>(
    definition: ZoneOptions<S, State, Info>,
  ): ZoneDefinition<S, State, Info>
  /** To the session that the handler was called for. */
  reply<Name extends RpcName<S>>(type: Name, message: Sendable<S, Name>): Action
  /** To every member of the zone that is connected when this is carried out. */
  broadcast<Name extends RpcName<S>>(type: Name, message: Sendable<S, Name>): Action
  /** To these members of the zone. */
  send<Name extends RpcName<S>>(sessions: Iterable<Session>, type: Name, message: Sendable<S, Name>): Action
  /** From `handleJoin`: the session does not become a member, and gets this message. */
  refuse<Name extends RpcName<S>>(type: Name, message: Sendable<S, Name>): Action
}

/** What describes a kind of zone, but for its app. */
export type ZoneOptions<S extends Schema, State, Info> = Omit<ZoneDefinition<S, State, Info>, 'app'>

/**
 * Throws `bad_app` where the prefix, the schema, a channel or the name of a message is wrong. `defineZone` throws it where
 * there is no message for an rpc.
 */
export function defineApp<S extends Schema>(options: AppOptions<S> & Complaint<S>): App<S> {
  const { name, prefix, schema } = options
  if (prefix === PROTOCOL_PREFIX) {
    throw new OverworldError('bad_app', `app '${name}': prefix ${PROTOCOL_PREFIX} is Overworld's own`)
  }
  const handled = new Set<string>(['join', 'part'])
  const known = messageNamesOf(schema)
  const app: App<S> = {
    ...createApp(options, ['join', 'part'], handled),
    defineZone(definition) {
      const types = Object.keys(definition.rpc ?? {})
      assertRpcs(name, known, types)
      for (const type of types) handled.add(type)
      return Object.freeze({ ...definition, app })
    },
    reply: (type, message) => ({ kind: 'reply', app, type, message }),
    broadcast: (type, message) => ({ kind: 'broadcast', app, type, message, except: undefined }),
    send: (sessions, type, message) => ({ kind: 'send', app, sessions: [...sessions], type, message }),
    refuse: (type, message) => ({ kind: 'refuse', app, type, message }),
  }
  return Object.freeze(app)
}

function assertRpcs(app: string, known: readonly string[] | undefined, names: readonly string[]): void {
  assertKnown(`app '${app}': rpc`, known, names)
  const taken = names.find((type) => type === 'join' || type === 'part')
  if (taken === undefined) return
  const handler = taken === 'join' ? 'handleJoin' : 'handlePart'
  throw new OverworldError('bad_app', `app '${app}': '${taken}' is no rpc: its handler is \`${handler}\``)
}
