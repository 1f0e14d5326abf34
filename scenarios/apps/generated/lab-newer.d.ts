// Generated from scenarios/apps/lab-newer.proto by `npm run generate`: edit that file, not this one.
import type { Reader as $Reader, Writer as $Writer } from "protobufjs/minimal.js";

declare enum $lab_newer_app$order$Kind {
  echo = 1,
  /** the server has no such kind: it gets the number */
  salute = 99,
}

interface $lab_newer_app$lab {
  readonly join?: $lab_newer_app$join | undefined;
  readonly part?: $lab_newer_app$part | undefined;
  /** client to server */
  readonly order?: $lab_newer_app$order | undefined;
  /** server to client */
  readonly report?: $lab_newer_app$report | undefined;
  /** server to client */
  readonly flash?: $lab_newer_app$flash | undefined;
  /** client to server */
  readonly hail?: $lab_newer_app$hail | undefined;
}
declare class $lab_newer_app$lab {
  private constructor();
  static encode(message: $lab_newer_app$lab$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lab_newer_app$lab;
  static readonly $app: { readonly hash: string };
}
interface $lab_newer_app$lab$Properties {
  readonly join?: $lab_newer_app$join$Properties | undefined;
  readonly part?: $lab_newer_app$part$Properties | undefined;
  /** client to server */
  readonly order?: $lab_newer_app$order$Properties | undefined;
  /** server to client */
  readonly report?: $lab_newer_app$report$Properties | undefined;
  /** server to client */
  readonly flash?: $lab_newer_app$flash$Properties | undefined;
  /** client to server */
  readonly hail?: $lab_newer_app$hail$Properties | undefined;
}
declare namespace $lab_newer_app$lab {
  export { $lab_newer_app$lab$Properties as $Properties };
}

interface $lab_newer_app$join {
}
declare class $lab_newer_app$join {
  private constructor();
  static encode(message: $lab_newer_app$join$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lab_newer_app$join;
}
interface $lab_newer_app$join$Properties {
}
declare namespace $lab_newer_app$join {
  export { $lab_newer_app$join$Properties as $Properties };
}

interface $lab_newer_app$part {
}
declare class $lab_newer_app$part {
  private constructor();
  static encode(message: $lab_newer_app$part$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lab_newer_app$part;
}
interface $lab_newer_app$part$Properties {
}
declare namespace $lab_newer_app$part {
  export { $lab_newer_app$part$Properties as $Properties };
}

interface $lab_newer_app$order {
  readonly number: number;
  readonly kind: $lab_newer_app$order$Kind;
}
declare class $lab_newer_app$order {
  private constructor();
  static encode(message: $lab_newer_app$order$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lab_newer_app$order;
}
interface $lab_newer_app$order$Properties {
  readonly number: number;
  readonly kind: $lab_newer_app$order$Kind;
}
declare namespace $lab_newer_app$order {
  export { $lab_newer_app$order$Kind as Kind, $lab_newer_app$order$Properties as $Properties };
}

interface $lab_newer_app$report {
  readonly number: number;
  readonly is_final?: boolean | undefined;
}
declare class $lab_newer_app$report {
  private constructor();
  static encode(message: $lab_newer_app$report$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lab_newer_app$report;
}
interface $lab_newer_app$report$Properties {
  readonly number: number;
  readonly is_final?: boolean | undefined;
}
declare namespace $lab_newer_app$report {
  export { $lab_newer_app$report$Properties as $Properties };
}

interface $lab_newer_app$flash {
  readonly number: number;
  /** the server sends none */
  readonly urgency: number;
}
declare class $lab_newer_app$flash {
  private constructor();
  static encode(message: $lab_newer_app$flash$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lab_newer_app$flash;
}
interface $lab_newer_app$flash$Properties {
  readonly number: number;
  /** the server sends none */
  readonly urgency: number;
}
declare namespace $lab_newer_app$flash {
  export { $lab_newer_app$flash$Properties as $Properties };
}

interface $lab_newer_app$hail {
}
declare class $lab_newer_app$hail {
  private constructor();
  static encode(message: $lab_newer_app$hail$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lab_newer_app$hail;
}
interface $lab_newer_app$hail$Properties {
}
declare namespace $lab_newer_app$hail {
  export { $lab_newer_app$hail$Properties as $Properties };
}

declare namespace $lab_newer_app {
  export { $lab_newer_app$lab as lab, $lab_newer_app$join as join, $lab_newer_app$part as part, $lab_newer_app$order as order, $lab_newer_app$report as report, $lab_newer_app$flash as flash, $lab_newer_app$hail as hail };
}

export { $lab_newer_app as lab_newer_app };
