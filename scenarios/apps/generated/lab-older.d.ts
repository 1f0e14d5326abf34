// Generated from scenarios/apps/lab-older.proto by `npm run generate`: edit that file, not this one.
import type { Reader as $Reader, Writer as $Writer } from "protobufjs/minimal.js";

interface $lab_older_app$lab {
  readonly join?: $lab_older_app$join | undefined;
  readonly part?: $lab_older_app$part | undefined;
  /** client to server */
  readonly order?: $lab_older_app$order | undefined;
  /** server to client */
  readonly report?: $lab_older_app$report | undefined;
}
declare class $lab_older_app$lab {
  private constructor();
  static encode(message: $lab_older_app$lab$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lab_older_app$lab;
  static readonly $app: { readonly hash: string };
}
interface $lab_older_app$lab$Properties {
  readonly join?: $lab_older_app$join$Properties | undefined;
  readonly part?: $lab_older_app$part$Properties | undefined;
  /** client to server */
  readonly order?: $lab_older_app$order$Properties | undefined;
  /** server to client */
  readonly report?: $lab_older_app$report$Properties | undefined;
}
declare namespace $lab_older_app$lab {
  export { $lab_older_app$lab$Properties as $Properties };
}

interface $lab_older_app$join {
}
declare class $lab_older_app$join {
  private constructor();
  static encode(message: $lab_older_app$join$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lab_older_app$join;
}
interface $lab_older_app$join$Properties {
}
declare namespace $lab_older_app$join {
  export { $lab_older_app$join$Properties as $Properties };
}

interface $lab_older_app$part {
}
declare class $lab_older_app$part {
  private constructor();
  static encode(message: $lab_older_app$part$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lab_older_app$part;
}
interface $lab_older_app$part$Properties {
}
declare namespace $lab_older_app$part {
  export { $lab_older_app$part$Properties as $Properties };
}

interface $lab_older_app$order {
  readonly number: number;
  /** required and an enum by now: without it the server cannot read the order */
  readonly kind?: number | undefined;
}
declare class $lab_older_app$order {
  private constructor();
  static encode(message: $lab_older_app$order$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lab_older_app$order;
}
interface $lab_older_app$order$Properties {
  readonly number: number;
  /** required and an enum by now: without it the server cannot read the order */
  readonly kind?: number | undefined;
}
declare namespace $lab_older_app$order {
  export { $lab_older_app$order$Properties as $Properties };
}

interface $lab_older_app$report {
  /** no more; what came instead of it is an unknown field */
  readonly text?: string | undefined;
}
declare class $lab_older_app$report {
  private constructor();
  static encode(message: $lab_older_app$report$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lab_older_app$report;
}
interface $lab_older_app$report$Properties {
  /** no more; what came instead of it is an unknown field */
  readonly text?: string | undefined;
}
declare namespace $lab_older_app$report {
  export { $lab_older_app$report$Properties as $Properties };
}

declare namespace $lab_older_app {
  export { $lab_older_app$lab as lab, $lab_older_app$join as join, $lab_older_app$part as part, $lab_older_app$order as order, $lab_older_app$report as report };
}

export { $lab_older_app as lab_older_app };
