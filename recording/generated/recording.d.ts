// Generated from recording/recording.proto by `npm run generate`: edit that file, not this one.
import type { Reader as $Reader, Writer as $Writer } from "protobufjs/minimal.js";

declare enum $overworld_recording$kind {
  /** Inputs. What follows one, up to the next, is what the server read and did because of it. */
  boot = 1,
  /** connection, listener, id, transport, text: the peer's address */
  accepted = 2,
  /** connection */
  opened = 3,
  /** connection, bytes, mode, channel */
  message = 4,
  /** connection, code, text: the reason */
  closed = 5,
  /** connection */
  drained = 6,
  /** connection, text: what */
  ignored = 7,
  /** timer */
  fired = 8,
  /** listener */
  listener_closed = 9,
  /** call */
  called = 10,
  /** listener, text: the bound address; not in what is redacted */
  listening = 13,
  /** listener, text: the error's message */
  listen_failed = 14,
  /** Only of what was imported: */
  elapsed = 11,
  /** connection, text: what came in or went out, and is not known */
  missing = 12,
  /** What it read. */
  random_bytes = 20,
  /** number */
  random_number = 21,
  /** connection, number: only where it differs from what was read last; 0 at first */
  buffered = 22,
  /** What it did. */
  sent = 30,
  /** connection: the same as the last `sent` */
  sent_again = 31,
  /** connection, code, text: the reason */
  close = 32,
  /** timer, number: the delay in milliseconds, owner and what it needs; format 1 has the delay alone */
  set_timer = 33,
  /** timer */
  cancelled = 34,
  /** text: the address; the first listener is 1, the next is 2, … */
  listened = 35,
  /** listener */
  close_listener = 36,
  /** Of the recording itself. */
  unrecordable = 50,
  /** text: why; without one the recording was cut off */
  ended = 51,
}

/** What a timer is for. */
declare enum $overworld_recording$owner {
  /** session */
  request = 1,
  /** session */
  grace = 2,
  /** session */
  beacon = 3,
  /** session */
  liveness = 4,
  /** app, zone; neither is in what is redacted */
  tick = 5,
  /** app, zone, zone_timer */
  zone_timer = 6,
  drain = 7,
  program = 8,
}

declare enum $overworld_recording$mode {
  reliable = 0,
  unreliable = 1,
  unsequenced = 2,
}

declare enum $overworld_recording$transport {
  websocket = 0,
  enet = 1,
  in_process = 2,
}

interface $overworld_recording$block {
  /** from 0, one up each time, through all the files of a recording */
  readonly number?: number | undefined;
  /** in the first block of each file */
  readonly header?: $overworld_recording$header | undefined;
  readonly records: readonly $overworld_recording$record[];
}
declare class $overworld_recording$block {
  private constructor();
  static encode(message: $overworld_recording$block$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $overworld_recording$block;
}
interface $overworld_recording$block$Properties {
  /** from 0, one up each time, through all the files of a recording */
  readonly number?: number | undefined;
  /** in the first block of each file */
  readonly header?: $overworld_recording$header$Properties | undefined;
  readonly records?: readonly $overworld_recording$record$Properties[] | undefined;
}
declare namespace $overworld_recording$block {
  export { $overworld_recording$block$Properties as $Properties };
}

interface $overworld_recording$header {
  /** the same in all files of a recording, and in no other recording */
  readonly recording?: string | undefined;
  /** the number of the file, from 0 */
  readonly part?: number | undefined;
  /** of this library */
  readonly version?: string | undefined;
  readonly commit?: string | undefined;
  /** milliseconds since 1970, UTC */
  readonly started_at?: number | undefined;
  /** JSON, Infinity as "never" */
  readonly configuration?: string | undefined;
  readonly apps: readonly $overworld_recording$app[];
  /** tokens are aliases, and payloads have only their lengths: cannot be replayed */
  readonly redacted?: boolean | undefined;
  /** the recorded server's own clock at `started_at`, milliseconds */
  readonly clock?: number | undefined;
  /** what else it was made from than a server, such as a packet capture: its name */
  readonly imported_from?: string | undefined;
}
declare class $overworld_recording$header {
  private constructor();
  static encode(message: $overworld_recording$header$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $overworld_recording$header;
}
interface $overworld_recording$header$Properties {
  /** the same in all files of a recording, and in no other recording */
  readonly recording?: string | undefined;
  /** the number of the file, from 0 */
  readonly part?: number | undefined;
  /** of this library */
  readonly version?: string | undefined;
  readonly commit?: string | undefined;
  /** milliseconds since 1970, UTC */
  readonly started_at?: number | undefined;
  /** JSON, Infinity as "never" */
  readonly configuration?: string | undefined;
  readonly apps?: readonly $overworld_recording$app$Properties[] | undefined;
  /** tokens are aliases, and payloads have only their lengths: cannot be replayed */
  readonly redacted?: boolean | undefined;
  /** the recorded server's own clock at `started_at`, milliseconds */
  readonly clock?: number | undefined;
  /** what else it was made from than a server, such as a packet capture: its name */
  readonly imported_from?: string | undefined;
}
declare namespace $overworld_recording$header {
  export { $overworld_recording$header$Properties as $Properties };
}

interface $overworld_recording$app {
  readonly name?: string | undefined;
  readonly prefix?: number | undefined;
  /** of the generated code's text: written by earlier versions, not read any more */
  readonly schema_hash?: string | undefined;
  /** `app.schemaHash`: 16 hexadecimal digits, absent where it is unknown */
  readonly schema?: string | undefined;
}
declare class $overworld_recording$app {
  private constructor();
  static encode(message: $overworld_recording$app$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $overworld_recording$app;
}
interface $overworld_recording$app$Properties {
  readonly name?: string | undefined;
  readonly prefix?: number | undefined;
  /** of the generated code's text: written by earlier versions, not read any more */
  readonly schema_hash?: string | undefined;
  /** `app.schemaHash`: 16 hexadecimal digits, absent where it is unknown */
  readonly schema?: string | undefined;
}
declare namespace $overworld_recording$app {
  export { $overworld_recording$app$Properties as $Properties };
}

interface $overworld_recording$record {
  readonly kind: $overworld_recording$kind;
  /** of an input, by the server's clock (ms); absent: the same as the input's before */
  readonly time?: number | undefined;
  /** its number in this recording, from 1 */
  readonly connection?: number | undefined;
  readonly listener?: number | undefined;
  readonly timer?: number | undefined;
  readonly bytes?: Uint8Array | undefined;
  /** absent: reliable */
  readonly mode?: $overworld_recording$mode | undefined;
  /** absent: 0 */
  readonly channel?: number | undefined;
  readonly code?: number | undefined;
  readonly text?: string | undefined;
  readonly transport?: $overworld_recording$transport | undefined;
  readonly id?: number | undefined;
  readonly number?: number | undefined;
  readonly call?: $overworld_recording$call | undefined;
  /** where redaction has taken the bytes away: how many there were */
  readonly length?: number | undefined;
  /** of a timer */
  readonly owner?: $overworld_recording$owner | undefined;
  /** by its id */
  readonly session?: number | undefined;
  /** by its name */
  readonly app?: string | undefined;
  /** by its name */
  readonly zone?: string | undefined;
  /** of the timers that the server's zones have set: the how manieth */
  readonly zone_timer?: number | undefined;
}
declare class $overworld_recording$record {
  private constructor();
  static encode(message: $overworld_recording$record$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $overworld_recording$record;
}
interface $overworld_recording$record$Properties {
  readonly kind: $overworld_recording$kind;
  /** of an input, by the server's clock (ms); absent: the same as the input's before */
  readonly time?: number | undefined;
  /** its number in this recording, from 1 */
  readonly connection?: number | undefined;
  readonly listener?: number | undefined;
  readonly timer?: number | undefined;
  readonly bytes?: Uint8Array | undefined;
  /** absent: reliable */
  readonly mode?: $overworld_recording$mode | undefined;
  /** absent: 0 */
  readonly channel?: number | undefined;
  readonly code?: number | undefined;
  readonly text?: string | undefined;
  readonly transport?: $overworld_recording$transport | undefined;
  readonly id?: number | undefined;
  readonly number?: number | undefined;
  readonly call?: $overworld_recording$call$Properties | undefined;
  /** where redaction has taken the bytes away: how many there were */
  readonly length?: number | undefined;
  /** of a timer */
  readonly owner?: $overworld_recording$owner | undefined;
  /** by its id */
  readonly session?: number | undefined;
  /** by its name */
  readonly app?: string | undefined;
  /** by its name */
  readonly zone?: string | undefined;
  /** of the timers that the server's zones have set: the how manieth */
  readonly zone_timer?: number | undefined;
}
declare namespace $overworld_recording$record {
  export { $overworld_recording$record$Properties as $Properties };
}

/** A call from outside: server.stop(), session.disconnectTimeout = 1000, zone.tell({…}). */
interface $overworld_recording$call {
  readonly on: $overworld_recording$value;
  /** `set disconnectTimeout` for a property */
  readonly method: string;
  readonly args: readonly $overworld_recording$value[];
}
declare class $overworld_recording$call {
  private constructor();
  static encode(message: $overworld_recording$call$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $overworld_recording$call;
}
interface $overworld_recording$call$Properties {
  readonly on: $overworld_recording$value$Properties;
  /** `set disconnectTimeout` for a property */
  readonly method: string;
  readonly args?: readonly $overworld_recording$value$Properties[] | undefined;
}
declare namespace $overworld_recording$call {
  export { $overworld_recording$call$Properties as $Properties };
}

interface $overworld_recording$value {
  readonly number?: number | undefined;
  readonly text?: string | undefined;
  readonly flag?: boolean | undefined;
  readonly bytes?: Uint8Array | undefined;
  readonly list?: $overworld_recording$list | undefined;
  readonly object?: $overworld_recording$fields | undefined;
  readonly undefined?: boolean | undefined;
  readonly null?: boolean | undefined;
  /** by its id */
  readonly session?: number | undefined;
  readonly zone?: $overworld_recording$zone | undefined;
  /** by its prefix */
  readonly app?: number | undefined;
  /** by its number */
  readonly connection?: number | undefined;
  /** a zone definition: the how manieth that was started */
  readonly definition?: number | undefined;
  /** server, sessions, zones, program */
  readonly place?: string | undefined;
  readonly bigint?: string | undefined;
}
declare class $overworld_recording$value {
  private constructor();
  static encode(message: $overworld_recording$value$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $overworld_recording$value;
}
interface $overworld_recording$value$Properties {
  readonly number?: number | undefined;
  readonly text?: string | undefined;
  readonly flag?: boolean | undefined;
  readonly bytes?: Uint8Array | undefined;
  readonly list?: $overworld_recording$list$Properties | undefined;
  readonly object?: $overworld_recording$fields$Properties | undefined;
  readonly undefined?: boolean | undefined;
  readonly null?: boolean | undefined;
  /** by its id */
  readonly session?: number | undefined;
  readonly zone?: $overworld_recording$zone$Properties | undefined;
  /** by its prefix */
  readonly app?: number | undefined;
  /** by its number */
  readonly connection?: number | undefined;
  /** a zone definition: the how manieth that was started */
  readonly definition?: number | undefined;
  /** server, sessions, zones, program */
  readonly place?: string | undefined;
  readonly bigint?: string | undefined;
}
declare namespace $overworld_recording$value {
  export { $overworld_recording$value$Properties as $Properties };
}

interface $overworld_recording$list {
  readonly items: readonly $overworld_recording$value[];
}
declare class $overworld_recording$list {
  private constructor();
  static encode(message: $overworld_recording$list$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $overworld_recording$list;
}
interface $overworld_recording$list$Properties {
  readonly items?: readonly $overworld_recording$value$Properties[] | undefined;
}
declare namespace $overworld_recording$list {
  export { $overworld_recording$list$Properties as $Properties };
}

interface $overworld_recording$fields {
  readonly names: readonly string[];
  readonly values: readonly $overworld_recording$value[];
}
declare class $overworld_recording$fields {
  private constructor();
  static encode(message: $overworld_recording$fields$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $overworld_recording$fields;
}
interface $overworld_recording$fields$Properties {
  readonly names?: readonly string[] | undefined;
  readonly values?: readonly $overworld_recording$value$Properties[] | undefined;
}
declare namespace $overworld_recording$fields {
  export { $overworld_recording$fields$Properties as $Properties };
}

interface $overworld_recording$zone {
  readonly app: number;
  readonly name: string;
}
declare class $overworld_recording$zone {
  private constructor();
  static encode(message: $overworld_recording$zone$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $overworld_recording$zone;
}
interface $overworld_recording$zone$Properties {
  readonly app: number;
  readonly name: string;
}
declare namespace $overworld_recording$zone {
  export { $overworld_recording$zone$Properties as $Properties };
}

declare namespace $overworld_recording {
  export { $overworld_recording$block as block, $overworld_recording$header as header, $overworld_recording$app as app, $overworld_recording$kind as kind, $overworld_recording$owner as owner, $overworld_recording$mode as mode, $overworld_recording$transport as transport, $overworld_recording$record as record, $overworld_recording$call as call, $overworld_recording$value as value, $overworld_recording$list as list, $overworld_recording$fields as fields, $overworld_recording$zone as zone };
}

export { $overworld_recording as overworld_recording };
