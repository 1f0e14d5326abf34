// Generated from scenarios/apps/arena.proto by `npm run generate`: edit that file, not this one.
import type { Reader as $Reader, Writer as $Writer } from "protobufjs/minimal.js";

declare enum $arena_app$event$Kind {
  spawned = 1,
  left = 2,
  hit = 3,
}

interface $arena_app$arena {
  readonly join?: $arena_app$join | undefined;
  readonly part?: $arena_app$part | undefined;
  /** client to server */
  readonly input?: $arena_app$input | undefined;
  /** server to client */
  readonly snapshot?: $arena_app$snapshot | undefined;
  /** server to client */
  readonly event?: $arena_app$event | undefined;
}
declare class $arena_app$arena {
  private constructor();
  static encode(message: $arena_app$arena$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $arena_app$arena;
  static readonly $app: { readonly hash: string };
}
interface $arena_app$arena$Properties {
  readonly join?: $arena_app$join$Properties | undefined;
  readonly part?: $arena_app$part$Properties | undefined;
  /** client to server */
  readonly input?: $arena_app$input$Properties | undefined;
  /** server to client */
  readonly snapshot?: $arena_app$snapshot$Properties | undefined;
  /** server to client */
  readonly event?: $arena_app$event$Properties | undefined;
}
declare namespace $arena_app$arena {
  export { $arena_app$arena$Properties as $Properties };
}

interface $arena_app$join {
  readonly handle?: string | undefined;
}
declare class $arena_app$join {
  private constructor();
  static encode(message: $arena_app$join$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $arena_app$join;
}
interface $arena_app$join$Properties {
  readonly handle?: string | undefined;
}
declare namespace $arena_app$join {
  export { $arena_app$join$Properties as $Properties };
}

interface $arena_app$part {
}
declare class $arena_app$part {
  private constructor();
  static encode(message: $arena_app$part$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $arena_app$part;
}
interface $arena_app$part$Properties {
}
declare namespace $arena_app$part {
  export { $arena_app$part$Properties as $Properties };
}

interface $arena_app$input {
  /** the client's own counter: inputs may overtake each other */
  readonly seq: number;
  readonly dx?: number | undefined;
  readonly dy?: number | undefined;
  readonly fire?: boolean | undefined;
}
declare class $arena_app$input {
  private constructor();
  static encode(message: $arena_app$input$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $arena_app$input;
}
interface $arena_app$input$Properties {
  /** the client's own counter: inputs may overtake each other */
  readonly seq: number;
  readonly dx?: number | undefined;
  readonly dy?: number | undefined;
  readonly fire?: boolean | undefined;
}
declare namespace $arena_app$input {
  export { $arena_app$input$Properties as $Properties };
}

interface $arena_app$entity {
  /** of the session */
  readonly id: number;
  readonly x: number;
  readonly y: number;
  /** the highest input that this position contains */
  readonly last_seq?: number | undefined;
}
declare class $arena_app$entity {
  private constructor();
  static encode(message: $arena_app$entity$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $arena_app$entity;
}
interface $arena_app$entity$Properties {
  /** of the session */
  readonly id: number;
  readonly x: number;
  readonly y: number;
  /** the highest input that this position contains */
  readonly last_seq?: number | undefined;
}
declare namespace $arena_app$entity {
  export { $arena_app$entity$Properties as $Properties };
}

interface $arena_app$snapshot {
  readonly frame: number;
  readonly entities: readonly $arena_app$entity[];
}
declare class $arena_app$snapshot {
  private constructor();
  static encode(message: $arena_app$snapshot$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $arena_app$snapshot;
}
interface $arena_app$snapshot$Properties {
  readonly frame: number;
  readonly entities?: readonly $arena_app$entity$Properties[] | undefined;
}
declare namespace $arena_app$snapshot {
  export { $arena_app$snapshot$Properties as $Properties };
}

interface $arena_app$event {
  /** counts up without gaps over the zone's life: what a member misses shows */
  readonly number: number;
  readonly kind: $arena_app$event$Kind;
  /** the session that it happened to */
  readonly subject?: number | undefined;
  /** for `hit`: the session that was hit by the subject */
  readonly object?: number | undefined;
}
declare class $arena_app$event {
  private constructor();
  static encode(message: $arena_app$event$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $arena_app$event;
}
interface $arena_app$event$Properties {
  /** counts up without gaps over the zone's life: what a member misses shows */
  readonly number: number;
  readonly kind: $arena_app$event$Kind;
  /** the session that it happened to */
  readonly subject?: number | undefined;
  /** for `hit`: the session that was hit by the subject */
  readonly object?: number | undefined;
}
declare namespace $arena_app$event {
  export { $arena_app$event$Kind as Kind, $arena_app$event$Properties as $Properties };
}

declare namespace $arena_app {
  export { $arena_app$arena as arena, $arena_app$join as join, $arena_app$part as part, $arena_app$input as input, $arena_app$entity as entity, $arena_app$snapshot as snapshot, $arena_app$event as event };
}

export { $arena_app as arena_app };
