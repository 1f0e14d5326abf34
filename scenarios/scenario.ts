/**
 * The scenario language: who is there, over which links, and what happens when. Plain data, so that a failing run can
 * be kept in a file, shrunk and read.
 *
 * A scenario has a fault phase (`durationMs` long, in which the steps happen), then a healed one: links clean, hosts
 * up, everybody back; then all leave, and nothing may remain. `check-scenario.ts` reads one from JSON.
 */
import type { Delivery } from '../core/index.ts'
import type { LinkSettings } from '../sim/index.ts'
import type { JsonMessage } from './json-message.ts'
import type { RecordedHistory } from './recorded/recorded-history.ts'

export interface Scenario {
  readonly version: 1
  readonly name: string
  /** Where people meet this, and what they expect. */
  readonly description?: string
  /** A uint32: every random choice of the run is drawn from it. */
  readonly seed: number
  /** The length of the fault phase. */
  readonly durationMs: number
  readonly server: ServerSetup
  readonly clients: readonly ClientSetup[]
  readonly steps: readonly Step[]
  /**
   * Of a scenario that was made of a recording: what its zones drew at random, and what for. The server is given the same as long
   * as the history is the same. Default: it draws everything from the seed.
   */
  readonly history?: RecordedHistory
  /**
   * Of a game: before its steps, its clients come and go until zones have seen many joins, and what grows with each of them
   * is found. Default false.
   */
  readonly isEndurance?: boolean
  /** In a file that the fuzzer wrote: what it broke when it was found. */
  readonly breaks?: { readonly invariant: string; readonly message: string }
}

export interface ServerSetup {
  /** How long (ms) a session outlives its connection; default 5000. */
  readonly disconnectTimeoutMs?: Timeout
  /** Default 10000; 0: off. */
  readonly livenessTimeoutMs?: number
  /** How often a connected client gets a beacon; default 1000, from 250 to 2000 and at most a third of `livenessTimeoutMs`. */
  readonly beaconIntervalMs?: number
  /** The arena's tick; default 100. */
  readonly tickMs?: number
  /**
   * Small buffers: systems take so many bytes of a stream that is not read, the server drops what is unreliable above
   * as many waiting, and closes with 4005 above twice as many. Default: all of them too large to be met.
   */
  readonly bufferBytes?: number
  /** So many sessions make it full. Default: more than there are. */
  readonly sessionsMax?: number
  /**
   * As many connections may be open: for a further one, the one that has waited longest without a session makes place.
   * Default: more than there are.
   */
  readonly connectionsMax?: number
  /** As many connections without a session may come from one address. Default: more than do. */
  readonly preconnectsPerAddressMax?: number
  /** More messages than that within a second close a connection with 4007. Default: more than anybody sends. */
  readonly messagesPerSecondMax?: number
  /** The same for bytes. Default: the server's own. */
  readonly bytesPerSecondMax?: number
  /** Timers of server and clients come up to so much later than they should (legally, if unkindly); default 0. */
  readonly timersLateMs?: number
  /** Closed connections are reported up to so much later; default 0. */
  readonly closesLateMs?: number
}

/** JSON has no Infinity. */
export type Timeout = number | 'never'

export type AppName = string
export type TransportChoice = 'websocket' | 'enet'

export interface ClientSetup {
  readonly name: string
  /** The app whose zone it joins, and whose messages its steps have where they name no other. */
  readonly app: AppName
  /**
   * It joins and says what its steps say, and nothing by itself: a client out of a recording. Default false: the bot
   * of its app plays it.
   */
  readonly scripted?: boolean
  readonly transport: TransportChoice
  /** Its schema is another than the server's: it is a page of yesterday or of tomorrow. Only where its app has such a version. */
  readonly version?: 'older' | 'newer'
  /**
   * It announces no schemas: to the server a client of an earlier version, and for the client a server of one, which does
   * not say in which zone a session is. Default false.
   */
  readonly announcesNothing?: boolean
  /** When it first connects; default 0. */
  readonly startAtMs?: number
  /** How often it says something; default 1000, 0: never. */
  readonly actEveryMs?: number
  /** An earlier client whose store it uses: another tab of the same browser, or the next page of the same tab. */
  readonly tabOf?: string
  /** One in so many events that it tells its program makes a listener throw; default: none does. */
  readonly listenersFailEvery?: number
  /** A network by name, such as `4g` or `starlink`: instead of links. */
  readonly preset?: string
  /** Both directions alike; default: 20 ms, without faults. */
  readonly link?: Partial<LinkSettings>
  /** Only towards the client. Default: as `link`. */
  readonly downlink?: Partial<LinkSettings>
  /** How much faster than true time its clock runs, in parts per million; default 0. */
  readonly driftPpm?: number
}

/** Something that happens at a virtual time. */
export type Step = { readonly atMs: number } & StepAction

export type StepAction = ClientAction | NetworkFault | HostFault | ServerAction

/** What a user does, or what happens to a client's program. */
export type ClientAction =
  /** Connects (anew), over another transport if it is given. While it is connected: a takeover by itself. */
  | { readonly do: 'connect'; readonly client: string; readonly transport?: TransportChoice }
  /** Closes the connection, keeps the session. */
  | { readonly do: 'disconnect'; readonly client: string }
  /** Ends the session. */
  | { readonly do: 'end'; readonly client: string }
  /** Joins, with `message` or what its bot joins with. It means to be there from now on, whatever is lost meanwhile. */
  | { readonly do: 'join'; readonly client: string; readonly app?: AppName; readonly message?: JsonMessage }
  | { readonly do: 'part'; readonly client: string; readonly app?: AppName; readonly message?: JsonMessage }
  /** Says this. Without a session it is lost, except that a scripted client on its way to one says it once it is there. */
  | {
      readonly do: 'send'
      readonly client: string
      readonly app?: AppName
      readonly type: string
      readonly message: JsonMessage
      /** Default: as the app says. Matters over ENet only. */
      readonly delivery?: Delivery
    }
  /** The same with bytes as they are: what belongs to no app, or is no message. */
  | {
      readonly do: 'send_bytes'
      readonly client: string
      readonly base64: string
      /** Default: reliable, on channel 0. */
      readonly delivery?: Delivery
    }
  /** Says something now. */
  | { readonly do: 'act'; readonly client: string }
  /** Another program with a copy of what the client keeps (a duplicated tab) comes with its token. */
  | { readonly do: 'duplicate'; readonly client: string }
  /** Its page is shown again, or its machine has a network again: `client.wake()`. */
  | { readonly do: 'wake'; readonly client: string }
  /** Its dials throw for a while. */
  | { readonly do: 'break_dials'; readonly client: string; readonly forMs: number }
  /** Its program dies and starts again: with what it kept (a page reload), or without. */
  | { readonly do: 'reload'; readonly client: string; readonly afterMs: number; readonly store: 'kept' | 'lost' }
  /** Its answers to beacons are lost for a while; everything else arrives (a proxy that filters what it does not know). */
  | { readonly do: 'mute_beacons'; readonly client: string; readonly forMs: number }
  /** Bytes that our client would never send, over a connection of their own or the client's. */
  | { readonly do: 'misbehave'; readonly client: string; readonly how: Misbehaviour }
  /** Something that the client's platform or its peer should never do happens once. Default for `when`: now. */
  | { readonly do: 'oddity'; readonly client: string; readonly what: Oddity; readonly when?: OddMoment }

/** When an oddity happens. Another one than `now` is waited for. */
export const ODD_MOMENTS = ['now', 'dialled', 'opened', 'session_new'] as const

export type OddMoment = (typeof ODD_MOMENTS)[number]

/** What a client's network, clock, peer or program does once. */
export const ODDITIES = [
  /** A sign of life, and one message of each kind, which nobody has sent: some unknown, some undecodable, some out of place. */
  'chatter',
  /** More messages of an app that it does not have than a client holds. */
  'many_messages',
  /** `session_new` of a session that does not exist, and then the last one again; nothing where the store is shared. */
  'other_session',
  /** The network says twice that the connection is open. */
  'opened_twice',
  /** A message over the connection before the present one, also where that was closed. */
  'late_message',
  /** The timer that was cancelled last fires. */
  'cancelled_timer',
  /** The connection is closed by nobody, with 1006. */
  'closed',
  /** The same with 4500, after which a client does not come back by itself. */
  'closed_for_good',
  /** The same with 1006, while the clock cannot set a timer; its user connects again a second later. */
  'closed_without_timer',
  /** From now on nothing is heard over the connection. */
  'silence',
  /** `client.wake()` */
  'wake',
  /** `client.connect()` */
  'connect',
  /** `client.disconnect()` */
  'disconnect',
  /** `client.end()` */
  'end',
] as const

export type Oddity = (typeof ODDITIES)[number]

/** What our client would never do; each with what comes over the wire. */
export const MISBEHAVIOURS = [
  /** Requests a session once more, without a token. */
  'request_again',
  /** The same with a token of no bytes, as some clients write "none". */
  'request_with_empty_token',
  /** The same behind the answer to a beacon, in one message: of two members of a oneof the last one counts. */
  'request_behind_ping',
  /** The same with an attempt number of long ago. */
  'request_with_old_attempt',
  /** Requests a session with a token, although it has one. */
  'request_with_token',
  /** Another connection brings a token that nobody has; three times. */
  'guess_tokens',
  /** Another connection brings this client's token, of which one bit is wrong, after the eight bytes that find it. */
  'forge_token',
  /** Another connection brings this client's token with an attempt number of the past. */
  'late_request',
  /** Another connection brings the token that this client had before its present one. */
  'old_token',
  /** The same, or its present one while it is not connected, with the highest attempt number that there is; it goes as soon as it is in. */
  'old_token_and_gone',
  /** Its machine begins four sessions and loses their connections: they wait in grace. */
  'hoard_sessions',
  /** Another connection opens and says nothing. */
  'say_nothing',
  /** Another connection sends an app's message without a session. */
  'skip_request',
  /** Other connections that are open send 150 of those at once. */
  'skip_request_often',
  /** Other connections that are open end their session, which they do not have. */
  'end_without_session',
  /** Joins its zone although it is in it. */
  'join_twice',
  /** Another connection gets a session and joins the zone of this app, then that of another, with what bots join with. */
  'join_two_zones',
  /** Leaves the zone of an app that it is not in; nothing where there is no other app. */
  'part_elsewhere',
  /** Leaves its zone twice. */
  'part_twice',
  /** Answers a beacon that was never sent. */
  'ping_unknown',
  /** Answers beacons of long ago, of earlier connections too. */
  'ping_old',
  /** A message of an app that nobody has. */
  'unknown_prefix',
  /** A message of its app's prefix, and nothing else. */
  'empty_message',
  /** A pong, which only a server sends. */
  'server_only_message',
  /** The app's message that the server has sent it last, where only servers send that. */
  'repeat_server',
  /** A message as large as one may be, of an app that nobody has. */
  'largest_message',
  /** Bytes that cannot be decoded. */
  'malformed',
  /** The same with the prefix of the session protocol. */
  'malformed_protocol',
  /** The same over another connection, which has no session. */
  'malformed_without_session',
  /** A message of one byte, which is no prefix. */
  'short_message',
  /** An answer to a beacon whose number is above 2^53 - 1. */
  'huge_number',
  /** A message that is one byte too large. */
  'oversized',
  /** A hundred messages at once. */
  'flood',
] as const

export type Misbehaviour = (typeof MISBEHAVIOURS)[number]

export type NetworkFault =
  /** Packets of these clients are lost at once (a router fails, a region is cut off). */
  | { readonly do: 'partition'; readonly clients: readonly string[]; readonly forMs: number }
  /** The connections of everybody break at once, and all are told (a load balancer restarts). */
  | { readonly do: 'mass_disconnect' }
  /** Packets of this client are lost, both ways or one way. */
  | { readonly do: 'cut'; readonly client: string; readonly forMs: number; readonly direction?: 'both' | 'up' | 'down' }
  /** Packets of this client wait, then arrive together. */
  | { readonly do: 'clog'; readonly client: string; readonly forMs: number }
  /** Its connections break, and both ends are told (ENet has no word for it: both go silent). */
  | { readonly do: 'reset'; readonly client: string }
  /** What `side` sends over its WebSocket ends without a goodbye (FIN); default: the client. */
  | { readonly do: 'half_close'; readonly client: string; readonly side?: 'client' | 'server' }
  /** Its connections go silent for ever, and nobody is told. */
  | { readonly do: 'half_open'; readonly client: string }
  /** Its address changes (NAT rebinding, Wi-Fi to cellular): what is open goes silent, what comes is new. */
  | { readonly do: 'rebind'; readonly client: string }
  /** The link is like this from now on. */
  | { readonly do: 'link'; readonly client: string; readonly link: Partial<LinkSettings> }
  /** Its program reads nothing for a while. */
  | { readonly do: 'slow_reader'; readonly client: string; readonly forMs: number }

/** `host`: a client's name, or `server`. */
export type HostFault =
  | { readonly do: 'pause'; readonly host: string; readonly forMs: number; readonly what?: 'process' | 'machine' }
  | {
      readonly do: 'crash'
      readonly host: 'server'
      readonly forMs: number
      readonly connections?: 'silent' | 'reset'
      /** Its program takes so long to begin, once its machine is up: connections wait for it. Default 0. */
      readonly slowStartMs?: number
    }
  /** Timers come at whole multiples of `everyMs` only: a hidden tab, an event loop that lags. Input is not held up. */
  | { readonly do: 'late_timers'; readonly host: string; readonly everyMs: number; readonly forMs: number }
  | { readonly do: 'drift'; readonly host: string; readonly ppm: number }
  | { readonly do: 'clock_jump'; readonly host: string; readonly forwardMs: number }
  /** `Date` is set by so much, forward or back; see ambient mode. Nothing else notices. */
  | { readonly do: 'set_wall_clock'; readonly host: string; readonly byMs: number }

/** What the server's own code does. */
export type ServerAction =
  /** `session.stop()` for the client's session. */
  | { readonly do: 'stop_session'; readonly client: string }
  /** `session.disconnect()`. */
  | { readonly do: 'drop_session'; readonly client: string }
  /** `session.disconnectTimeout = …` */
  | { readonly do: 'set_timeout'; readonly client: string; readonly timeoutMs: Timeout }
  /** The zone removes the client. */
  | { readonly do: 'remove'; readonly client: string }
  /** The server drains for so long, then its program ends; another one starts `forMs` later (a rolling update). */
  | { readonly do: 'drain'; readonly drainMs: number; readonly forMs: number }
  /** `server.stop()`: its program ends once that is done; another one starts `forMs` later (Ctrl-C, a redeployment). */
  | { readonly do: 'stop_server'; readonly forMs: number }
  /** What the game's own code does with a session of its own, which has no connection. */
  | { readonly do: 'npc'; readonly name: string; readonly app: AppName; readonly what: NpcAction }
  /** `session.proxy = …` with a receiver within the process: from now on the game's own code plays it. */
  | { readonly do: 'give_receiver'; readonly client: string }
  /** `session.proxy = …` of another client's session, or of an NPC's, with the connection of this client, which plays that one from now on. */
  | { readonly do: 'give_connection'; readonly client: string; readonly to: string }
  /** The same with a connection from the client's machine that has not asked for a session; nothing where there is none. */
  | { readonly do: 'give_stranger'; readonly client: string }
  /** `session.stop()` or `session.disconnect()` of the session of such a connection. */
  | { readonly do: 'refuse_stranger'; readonly client: string; readonly how: 'stop' | 'disconnect' }
  /** `session.send(…)`, with what the app says that may be sent so; nothing where it says nothing. */
  | { readonly do: 'send_directly'; readonly client: string }
  /** With the client's session: what must throw. */
  | { readonly do: 'misuse'; readonly client: string; readonly how: Misuse }
  /** One more zone of an app for a while: who joins is told unknown_zone where no route picks one. */
  | { readonly do: 'extra_zone'; readonly app: AppName; readonly forMs: number }
  /** An app's first zone stops, and another one starts after a while. */
  | { readonly do: 'stop_zone'; readonly app: AppName; readonly forMs: number }
  /** The same at once. */
  | { readonly do: 'restart_zone'; readonly app: AppName }
  /**
   * `zone.tell(message)`, for the zone of that name or the first of the app. Default: what the app's zones are told, if
   * it says so.
   */
  | { readonly do: 'tell'; readonly app: AppName; readonly zone?: string; readonly message?: unknown }
  /** One of the commands of the server's own program (`ServerProgram`), with these arguments. */
  | { readonly do: 'command'; readonly name: string; readonly args: readonly unknown[] }

/** Before it is started nothing of it can be done, and nothing happens. */
export const NPC_ACTIONS = [
  /** `server.sessions.start`, once. */
  'start',
  /** `session.join`; as in all of these, what cannot be done throws. */
  'join',
  /** `session.part` */
  'part',
  /** `session.rpc`, as its app's bot would. */
  'act',
  /** `session.proxy = undefined` */
  'lose',
  /** `session.proxy = …`: another receiver. */
  'return',
  /** `session.proxy = …`: the receiver that it has. */
  'keep',
  /** `session.serializer = 'protobuf'`: bytes instead of objects. */
  'want_bytes',
  /** `session.join` into the last zone of its app, whatever the route would pick. */
  'join_last',
  /** `session.disconnectCallback = …` */
  'watch',
  /** The same with one that throws. */
  'watch_badly',
  /** `session.disconnectCallback = undefined` */
  'unwatch',
  /** `session.gameData = …` */
  'remember',
  /** `session.disconnect()` */
  'disconnect',
  /** `session.stop()` */
  'stop',
] as const

export type NpcAction = (typeof NPC_ACTIONS)[number]

/** What the game's own code must not do; each throws at once, and changes nothing. */
export const MISUSES = [
  /** `session.disconnectTimeout = -1` */
  'negative_timeout',
  /** Objects instead of bytes over a connection: `session.serializer = undefined`. */
  'foreign_serializer',
  /** `session.join` of an app that the server was not given. */
  'unknown_app',
  /** `session.send` of a message that its app does not have, or that has a field which its schema does not have. */
  'unknown_message',
  /** `zone.setTimer(-1, …)` */
  'negative_delay',
  /** `server.zones.start` with the name of a zone that runs. */
  'take_zone_name',
  /** `zone.tell` after `zone.stop`. */
  'tell_stopped_zone',
  /** `session.join` into a zone that has stopped. */
  'join_stopped_zone',
  /** `session.join` into a zone of another app. */
  'join_foreign_zone',
  /** A receiver for a session that its client has not requested yet. */
  'use_provisional',
  /** A connection that has closed as the proxy of a session. */
  'use_closed_connection',
] as const

export type Misuse = (typeof MISUSES)[number]

/** The link of a client that says nothing about it. */
export const DEFAULT_LINK: Partial<LinkSettings> = Object.freeze({ delayMs: 20 })

/** A dial and its request take that long (ms) over the default link: four crossings and the request's own. */
export const DIAL_MS = Object.freeze({ websocket: 100, enet: 80 })
/** And so long until the server hears that its client has closed: ENet's goodbye is one packet, `ws` waits for the stream's end. */
export const GOODBYE_MS = Object.freeze({ websocket: 60, enet: 20 })

export function toMs(timeout: Timeout): number {
  return timeout === 'never' ? Infinity : timeout
}
