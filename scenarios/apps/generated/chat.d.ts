// Generated from scenarios/apps/chat.proto by `npm run generate`: edit that file, not this one.
import type { Reader as $Reader, Writer as $Writer } from "protobufjs/minimal.js";

interface $chat_app$chat {
  readonly join?: $chat_app$join | undefined;
  readonly part?: $chat_app$part | undefined;
  readonly channel_msg?: $chat_app$channel_msg | undefined;
  readonly sync?: $chat_app$sync | undefined;
}
declare class $chat_app$chat {
  private constructor();
  static encode(message: $chat_app$chat$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $chat_app$chat;
  static readonly $app: { readonly hash: string };
}
interface $chat_app$chat$Properties {
  readonly join?: $chat_app$join$Properties | undefined;
  readonly part?: $chat_app$part$Properties | undefined;
  readonly channel_msg?: $chat_app$channel_msg$Properties | undefined;
  readonly sync?: $chat_app$sync$Properties | undefined;
}
declare namespace $chat_app$chat {
  export { $chat_app$chat$Properties as $Properties };
}

interface $chat_app$join {
  readonly handle?: string | undefined;
}
declare class $chat_app$join {
  private constructor();
  static encode(message: $chat_app$join$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $chat_app$join;
}
interface $chat_app$join$Properties {
  readonly handle?: string | undefined;
}
declare namespace $chat_app$join {
  export { $chat_app$join$Properties as $Properties };
}

interface $chat_app$part {
}
declare class $chat_app$part {
  private constructor();
  static encode(message: $chat_app$part$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $chat_app$part;
}
interface $chat_app$part$Properties {
}
declare namespace $chat_app$part {
  export { $chat_app$part$Properties as $Properties };
}

interface $chat_app$channel_msg {
  /** ignored from a client: the server broadcasts the handle that it knows */
  readonly handle?: string | undefined;
  readonly text?: string | undefined;
}
declare class $chat_app$channel_msg {
  private constructor();
  static encode(message: $chat_app$channel_msg$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $chat_app$channel_msg;
}
interface $chat_app$channel_msg$Properties {
  /** ignored from a client: the server broadcasts the handle that it knows */
  readonly handle?: string | undefined;
  readonly text?: string | undefined;
}
declare namespace $chat_app$channel_msg {
  export { $chat_app$channel_msg$Properties as $Properties };
}

interface $chat_app$sync {
  readonly handles: readonly string[];
}
declare class $chat_app$sync {
  private constructor();
  static encode(message: $chat_app$sync$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $chat_app$sync;
}
interface $chat_app$sync$Properties {
  readonly handles?: readonly string[] | undefined;
}
declare namespace $chat_app$sync {
  export { $chat_app$sync$Properties as $Properties };
}

declare namespace $chat_app {
  export { $chat_app$chat as chat, $chat_app$join as join, $chat_app$part as part, $chat_app$channel_msg as channel_msg, $chat_app$sync as sync };
}

export { $chat_app as chat_app };
