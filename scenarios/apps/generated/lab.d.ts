// Generated from scenarios/apps/lab.proto by `npm run generate`: edit that file, not this one.
import type { Reader as $Reader, Writer as $Writer } from "protobufjs/minimal.js";

/** How the joiner wants to be received. */
declare enum $lab_app$join$Wish {
  welcome = 1,
  refusal = 2,
  /** handleJoin throws */
  failure = 3,
  /** the route knows no zone for it */
  nowhere = 4,
  /** the route throws */
  wrong_turn = 5,
  /** the other zone than the route would pick */
  elsewhere = 6,
}

declare enum $lab_app$order$Kind {
  /** returned, to who ordered */
  echo = 1,
  /** by zone.send, to all but the last who joined */
  hand_round = 2,
  /** by zone.broadcast, to all but who ordered */
  announce = 3,
  /** by zone.setTimer, to all */
  remind = 4,
  /** cancels the last timer */
  forget = 5,
  /** by zone.tell, to all */
  note = 6,
  /** asks for everything, then throws */
  fail = 7,
  /** a timer does */
  fail_later = 8,
  /** removes who ordered */
  show_out = 9,
  /** handleInfo throws */
  note_badly = 10,
  /** by session.send, to who ordered */
  whisper = 11,
  /** announces it to all, and disconnects who joined first */
  dismiss = 13,
  /** gives who ordered a receiver that says nothing */
  replace = 14,
  /** removes who ordered, for another reason than zones give */
  see_off = 12,
  /** to who ordered, more often than clients hold messages back */
  burst = 15,
  /** cancels a timer that it has just set */
  think_better = 16,
  /** removes who left last, and may be in the other zone by now */
  show_out_leaver = 17,
}

interface $lab_app$lab {
  readonly join?: $lab_app$join | undefined;
  readonly part?: $lab_app$part | undefined;
  /** client to server */
  readonly order?: $lab_app$order | undefined;
  /** server to client */
  readonly report?: $lab_app$report | undefined;
  /** server to client */
  readonly flash?: $lab_app$flash | undefined;
}
declare class $lab_app$lab {
  private constructor();
  static encode(message: $lab_app$lab$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lab_app$lab;
  static readonly $app: { readonly hash: string };
}
interface $lab_app$lab$Properties {
  readonly join?: $lab_app$join$Properties | undefined;
  readonly part?: $lab_app$part$Properties | undefined;
  /** client to server */
  readonly order?: $lab_app$order$Properties | undefined;
  /** server to client */
  readonly report?: $lab_app$report$Properties | undefined;
  /** server to client */
  readonly flash?: $lab_app$flash$Properties | undefined;
}
declare namespace $lab_app$lab {
  export { $lab_app$lab$Properties as $Properties };
}

interface $lab_app$join {
  readonly wish?: $lab_app$join$Wish | undefined;
}
declare class $lab_app$join {
  private constructor();
  static encode(message: $lab_app$join$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lab_app$join;
}
interface $lab_app$join$Properties {
  readonly wish?: $lab_app$join$Wish | undefined;
}
declare namespace $lab_app$join {
  export { $lab_app$join$Wish as Wish, $lab_app$join$Properties as $Properties };
}

interface $lab_app$part {
}
declare class $lab_app$part {
  private constructor();
  static encode(message: $lab_app$part$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lab_app$part;
}
interface $lab_app$part$Properties {
}
declare namespace $lab_app$part {
  export { $lab_app$part$Properties as $Properties };
}

interface $lab_app$order {
  readonly number: number;
  readonly kind: $lab_app$order$Kind;
  readonly delay_ms?: number | undefined;
}
declare class $lab_app$order {
  private constructor();
  static encode(message: $lab_app$order$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lab_app$order;
}
interface $lab_app$order$Properties {
  readonly number: number;
  readonly kind: $lab_app$order$Kind;
  readonly delay_ms?: number | undefined;
}
declare namespace $lab_app$order {
  export { $lab_app$order$Kind as Kind, $lab_app$order$Properties as $Properties };
}

interface $lab_app$report {
  readonly number: number;
}
declare class $lab_app$report {
  private constructor();
  static encode(message: $lab_app$report$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lab_app$report;
}
interface $lab_app$report$Properties {
  readonly number: number;
}
declare namespace $lab_app$report {
  export { $lab_app$report$Properties as $Properties };
}

/** A report that nobody waits for. */
interface $lab_app$flash {
  readonly number: number;
}
declare class $lab_app$flash {
  private constructor();
  static encode(message: $lab_app$flash$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lab_app$flash;
}
interface $lab_app$flash$Properties {
  readonly number: number;
}
declare namespace $lab_app$flash {
  export { $lab_app$flash$Properties as $Properties };
}

declare namespace $lab_app {
  export { $lab_app$lab as lab, $lab_app$join as join, $lab_app$part as part, $lab_app$order as order, $lab_app$report as report, $lab_app$flash as flash };
}

export { $lab_app as lab_app };
