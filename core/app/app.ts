/**
 * An application: a protobuf schema with a 16-bit prefix, and how each of its messages travels. The same definition
 * types zones on the server and rooms on the client, so it knows neither.
 */
import { CHANNEL_COUNT, RELIABLE, type Delivery, type DeliveryMode } from '../delivery.ts'
import { OverworldError } from '../errors.ts'
import type { Session } from '../session/session.ts'
import type { ZoneDefinition } from '../zone/zone-definition.ts'
import { createCodec, obstacleTo, type Codec } from './codec.ts'
import type { MessageName, RpcName, Schema, Sendable } from './message-types.ts'
import type { Action } from './actions.ts'

export interface AppOptions<S extends Schema> {
  /** For people: in errors, logs and lists. */
  readonly name: string
  /** 0 to 65535; 100 is Overworld's own. */
  readonly prefix: number
  /** The generated class of the message that holds `oneof msg`. */
  readonly schema: S
  /** How each message travels, in both directions. Default: reliable on channel 0. */
  readonly messages?: { readonly [Name in MessageName<S>]?: MessageOptions }
}

export interface MessageOptions {
  /** Default `'reliable'`. */
  readonly delivery?: DeliveryMode
  /** 0 to 3; default 0. */
  readonly channel?: number
}

/** What the core knows of any app, whatever its messages are. */
export interface AnyApp {
  readonly name: string
  readonly prefix: number
  readonly codec: Codec
  /** The messages that some zone of this app handles: `join`, `part` and every rpc. */
  readonly handled: ReadonlySet<string>
  deliveryOf(type: string): Delivery
}

export interface App<S extends Schema> extends AnyApp {
  readonly schema: S
  /** Describes a kind of zone; `server.zones.start` makes one. */
  defineZone<State, Info = never>(definition: ZoneOptions<S, State, Info>): ZoneDefinition<S, State, Info>
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

/** Throws `bad_app` where the prefix, the schema or a channel is wrong. */
export function defineApp<S extends Schema>(options: AppOptions<S>): App<S> {
  const { name, prefix, schema } = options
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > 0xffff) {
    throw new OverworldError('bad_app', `app '${name}': prefix must be an integer from 0 to 65535, not ${prefix}`)
  }
  assertReadable(name, schema)
  const deliveries = readDeliveries(name, options.messages ?? {})
  const handled = new Set<string>(['join', 'part'])
  const app: App<S> = {
    name,
    prefix,
    schema,
    codec: createCodec(name, prefix, schema),
    handled,
    deliveryOf: (type) => deliveries.get(type) ?? RELIABLE,
    defineZone(definition) {
      for (const type of Object.keys(definition.rpc ?? {})) handled.add(type)
      return Object.freeze({ ...definition, app })
    },
    reply: (type, message) => ({ kind: 'reply', app, type, message }),
    broadcast: (type, message) => ({ kind: 'broadcast', app, type, message, except: undefined }),
    send: (sessions, type, message) => ({ kind: 'send', app, sessions: [...sessions], type, message }),
    refuse: (type, message) => ({ kind: 'refuse', app, type, message }),
  }
  return Object.freeze(app)
}

function assertReadable(app: string, schema: Schema): void {
  const obstacle = obstacleTo(schema)
  if (obstacle === undefined) return
  throw new OverworldError(
    'bad_app',
    `app '${app}': its schema cannot be read (${obstacle}). It must be the class that \`overworld proto\` makes of the ` +
      'message with `oneof msg`, and use the copy of protobufjs that overworld itself uses: `npm ls protobufjs` must show one',
  )
}

function readDeliveries(
  app: string,
  messages: { readonly [name: string]: MessageOptions | undefined },
): ReadonlyMap<string, Delivery> {
  const deliveries = new Map<string, Delivery>()
  for (const [type, options] of Object.entries(messages)) {
    const channel = options?.channel ?? 0
    if (!Number.isInteger(channel) || channel < 0 || channel >= CHANNEL_COUNT) {
      throw new OverworldError('bad_app', `app '${app}': channel of '${type}' must be 0 to ${CHANNEL_COUNT - 1}`)
    }
    deliveries.set(type, Object.freeze({ mode: options?.delivery ?? 'reliable', channel }))
  }
  return deliveries
}
