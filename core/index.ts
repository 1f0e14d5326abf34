/** The session system, server and client, against an injected clock, randomness and network. The package's entry is `/index.ts`. */
export type {
  Accept,
  Clock,
  Connection,
  ConnectionHandler,
  Listener,
  ListenerEvents,
  Network,
  Random,
  Timer,
  TransportName,
} from './injected.ts'
export { CHANNEL_COUNT, RELIABLE, type Delivery, type DeliveryMode } from './delivery.ts'
export { CloseCode, mayComeBack } from './close-codes.ts'
export { OverworldError, type ErrorCode } from './errors.ts'
export { createServer, type Server, type ServerInit } from './server.ts'
export {
  DEFAULT_LIMITS,
  type Limits,
  type PartialServerOptions,
  type ServerDefaults,
  type ServerOptions,
} from './options.ts'
export type { Synchronous } from './synchronous.ts'
export { describeReport, summarizeReport, type OnReport, type Report, type Undecodable } from './report.ts'
export { COUNTER_NAMES, GAUGE_NAMES, type CounterName, type GaugeName, type ServerStats } from './stats.ts'
export type { AnyApp, AppOptions, MessageOptions, SchemaApp } from './app/app.ts'
export { defineApp, type App, type ZoneOptions } from './define-app.ts'
export type { Codec, DecodedMessage } from './app/codec.ts'
export type { PlainMessage } from './app/plain.ts'
export type { MessageName, Received, RpcName, Schema, Sendable } from './app/message-types.ts'
export { protocol, PROTOCOL_PREFIX, readDenialReason, type DenialReason } from './protocol.ts'
export type { SessionOptions } from './session/session-options.ts'
export type {
  Action,
  ConnectionProxy,
  InProcessProxy,
  Outcome,
  PartReason,
  Proxy,
  Serializer,
  Session,
  SessionDisconnect,
  SessionId,
  ZoneView,
} from './session/views.ts'
export type { Sessions, StartOptions } from './session/sessions.ts'
export type { SessionEffect, SessionEvent, SessionStatus } from './session/session-events.ts'
export { IGNORED_PAIRS, TRANSITIONS, type IgnoredPair, type Transition } from './session/transitions.ts'
export type { TypedZone, ZoneDefinition } from './zone/zone-definition.ts'
export type { Route, Zones } from './zone/zones.ts'
export {
  Client,
  type ClientEvents,
  type ClientInit,
  type ClientStatus,
  type SessionEstablished,
  type SessionZone,
} from './client/client.ts'
export type { ClientCall, ClientTap, ClientTimerOwner } from './client/client-tap.ts'
export type { ClientEvent, ClientState } from './client/client-words.ts'
export type { Room } from './client/room.ts'
export type { UndecodableMessage, UndecodableWhy } from './client/undecodable.ts'
export { memoryStore, type Stored, type StoredSession, type TokenStore } from './client/token-store.ts'
export type { CallTarget, OutsideCall } from './turns/outside-calls.ts'
export type { ProgramParts, ServerCommand, ServerProgram } from './program.ts'
export { strictProgram } from './strict-program.ts'
export type { Moment } from './turns/moment.ts'
export type { LiveZone, Peer, SentMessage, Tap } from './turns/tap.ts'
export type { Thrown } from './turns/user-code.ts'
export { createCauses, type Causes } from './turns/taps.ts'
export { describeTimer, type TimerOwner } from './turns/timer-owner.ts'
export { Shell, type CallWitness, type ShellOwner, type ShellParts } from './turns/shell.ts'
