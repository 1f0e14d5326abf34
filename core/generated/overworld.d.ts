// Generated from core/generated/overworld.proto by `npm run generate`: edit that file, not this one.
import type { Reader as $Reader, Writer as $Writer } from "protobufjs/minimal.js";

declare enum $overworld_protocol$session_denied$Reason {
  no_session = 1,
  bad_token = 2,
  already_in_session = 3,
  no_zone = 4,
  already_joined = 5,
  unknown_zone = 6,
}

interface $overworld_protocol$overworld {
  /** client to server */
  readonly session_request?: $overworld_protocol$session_request | undefined;
  /** server to client */
  readonly session_new?: $overworld_protocol$session_new | undefined;
  /** server to client */
  readonly session_beacon?: $overworld_protocol$session_beacon | undefined;
  /** client to server */
  readonly session_ping?: $overworld_protocol$session_ping | undefined;
  /** server to client */
  readonly session_pong?: $overworld_protocol$session_pong | undefined;
  /** server to client */
  readonly session_denied?: $overworld_protocol$session_denied | undefined;
  /** server to client, directly after session_new */
  readonly session_state?: $overworld_protocol$session_state | undefined;
}
declare class $overworld_protocol$overworld {
  private constructor();
  static encode(message: $overworld_protocol$overworld$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $overworld_protocol$overworld;
  static readonly $app: { readonly hash: string };
}
interface $overworld_protocol$overworld$Properties {
  /** client to server */
  readonly session_request?: $overworld_protocol$session_request$Properties | undefined;
  /** server to client */
  readonly session_new?: $overworld_protocol$session_new$Properties | undefined;
  /** server to client */
  readonly session_beacon?: $overworld_protocol$session_beacon$Properties | undefined;
  /** client to server */
  readonly session_ping?: $overworld_protocol$session_ping$Properties | undefined;
  /** server to client */
  readonly session_pong?: $overworld_protocol$session_pong$Properties | undefined;
  /** server to client */
  readonly session_denied?: $overworld_protocol$session_denied$Properties | undefined;
  /** server to client, directly after session_new */
  readonly session_state?: $overworld_protocol$session_state$Properties | undefined;
}
declare namespace $overworld_protocol$overworld {
  export { $overworld_protocol$overworld$Properties as $Properties };
}

interface $overworld_protocol$session_request {
  /** absent or empty: a new session */
  readonly reconnect_token?: Uint8Array | undefined;
  /** counted up by the client; old clients send none */
  readonly attempt?: number | undefined;
  /**
   * Each a `Schema`, and on the wire what `repeated Schema schemas = 4` would be. It is read by hand: a hash is more than
   * a number can hold. The server sends messages from 7 on only to a client that has sent at least one.
   */
  readonly schemas: readonly Uint8Array[];
}
declare class $overworld_protocol$session_request {
  private constructor();
  static encode(message: $overworld_protocol$session_request$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $overworld_protocol$session_request;
}
interface $overworld_protocol$session_request$Properties {
  /** absent or empty: a new session */
  readonly reconnect_token?: Uint8Array | undefined;
  /** counted up by the client; old clients send none */
  readonly attempt?: number | undefined;
  /**
   * Each a `Schema`, and on the wire what `repeated Schema schemas = 4` would be. It is read by hand: a hash is more than
   * a number can hold. The server sends messages from 7 on only to a client that has sent at least one.
   */
  readonly schemas?: readonly Uint8Array[] | undefined;
}
declare namespace $overworld_protocol$session_request {
  export { $overworld_protocol$session_request$Properties as $Properties };
}

/** An app of the client. */
interface $overworld_protocol$Schema {
  readonly prefix: number;
  /** what `overworld proto` writes into the generated code, as a big-endian number */
  readonly hash: number;
}
declare class $overworld_protocol$Schema {
  private constructor();
  static encode(message: $overworld_protocol$Schema$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $overworld_protocol$Schema;
}
interface $overworld_protocol$Schema$Properties {
  readonly prefix: number;
  /** what `overworld proto` writes into the generated code, as a big-endian number */
  readonly hash: number;
}
declare namespace $overworld_protocol$Schema {
  export { $overworld_protocol$Schema$Properties as $Properties };
}

interface $overworld_protocol$session_new {
  readonly id: number;
  readonly reconnect_token: Uint8Array;
}
declare class $overworld_protocol$session_new {
  private constructor();
  static encode(message: $overworld_protocol$session_new$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $overworld_protocol$session_new;
}
interface $overworld_protocol$session_new$Properties {
  readonly id: number;
  readonly reconnect_token: Uint8Array;
}
declare namespace $overworld_protocol$session_new {
  export { $overworld_protocol$session_new$Properties as $Properties };
}

interface $overworld_protocol$session_beacon {
  readonly id: number;
}
declare class $overworld_protocol$session_beacon {
  private constructor();
  static encode(message: $overworld_protocol$session_beacon$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $overworld_protocol$session_beacon;
}
interface $overworld_protocol$session_beacon$Properties {
  readonly id: number;
}
declare namespace $overworld_protocol$session_beacon {
  export { $overworld_protocol$session_beacon$Properties as $Properties };
}

interface $overworld_protocol$session_ping {
  /** of the beacon that is answered */
  readonly id: number;
}
declare class $overworld_protocol$session_ping {
  private constructor();
  static encode(message: $overworld_protocol$session_ping$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $overworld_protocol$session_ping;
}
interface $overworld_protocol$session_ping$Properties {
  /** of the beacon that is answered */
  readonly id: number;
}
declare namespace $overworld_protocol$session_ping {
  export { $overworld_protocol$session_ping$Properties as $Properties };
}

interface $overworld_protocol$session_pong {
  /** milliseconds */
  readonly latency: number;
}
declare class $overworld_protocol$session_pong {
  private constructor();
  static encode(message: $overworld_protocol$session_pong$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $overworld_protocol$session_pong;
}
interface $overworld_protocol$session_pong$Properties {
  /** milliseconds */
  readonly latency: number;
}
declare namespace $overworld_protocol$session_pong {
  export { $overworld_protocol$session_pong$Properties as $Properties };
}

interface $overworld_protocol$session_state {
  /** the prefix of the app of the zone that the session is in */
  readonly zone_app?: number | undefined;
  /** its name; both are absent where the session is in none */
  readonly zone?: string | undefined;
  /** prefixes that the client has announced and whose schema the server has otherwise */
  readonly skewed: readonly number[];
}
declare class $overworld_protocol$session_state {
  private constructor();
  static encode(message: $overworld_protocol$session_state$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $overworld_protocol$session_state;
}
interface $overworld_protocol$session_state$Properties {
  /** the prefix of the app of the zone that the session is in */
  readonly zone_app?: number | undefined;
  /** its name; both are absent where the session is in none */
  readonly zone?: string | undefined;
  /** prefixes that the client has announced and whose schema the server has otherwise */
  readonly skewed?: readonly number[] | undefined;
}
declare namespace $overworld_protocol$session_state {
  export { $overworld_protocol$session_state$Properties as $Properties };
}

interface $overworld_protocol$session_denied {
  readonly reason: $overworld_protocol$session_denied$Reason;
}
declare class $overworld_protocol$session_denied {
  private constructor();
  static encode(message: $overworld_protocol$session_denied$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $overworld_protocol$session_denied;
}
interface $overworld_protocol$session_denied$Properties {
  readonly reason: $overworld_protocol$session_denied$Reason;
}
declare namespace $overworld_protocol$session_denied {
  export { $overworld_protocol$session_denied$Reason as Reason, $overworld_protocol$session_denied$Properties as $Properties };
}

declare namespace $overworld_protocol {
  export { $overworld_protocol$overworld as overworld, $overworld_protocol$session_request as session_request, $overworld_protocol$Schema as Schema, $overworld_protocol$session_new as session_new, $overworld_protocol$session_beacon as session_beacon, $overworld_protocol$session_ping as session_ping, $overworld_protocol$session_pong as session_pong, $overworld_protocol$session_state as session_state, $overworld_protocol$session_denied as session_denied };
}

export { $overworld_protocol as overworld_protocol };
