// Generated from examples/browser-chat/page-chat.proto by `npm run generate`: edit that file, not this one.
import type { Reader as $Reader, Writer as $Writer } from "protobufjs/minimal.js";

interface $page_chat$chat {
  readonly join?: $page_chat$join | undefined;
  readonly part?: $page_chat$part | undefined;
  /** client to server */
  readonly say?: $page_chat$say | undefined;
  /** server to client */
  readonly said?: $page_chat$said | undefined;
  /** server to client */
  readonly here?: $page_chat$here | undefined;
}
declare class $page_chat$chat {
  private constructor();
  static encode(message: $page_chat$chat$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $page_chat$chat;
  static readonly $app: { readonly hash: string };
}
interface $page_chat$chat$Properties {
  readonly join?: $page_chat$join$Properties | undefined;
  readonly part?: $page_chat$part$Properties | undefined;
  /** client to server */
  readonly say?: $page_chat$say$Properties | undefined;
  /** server to client */
  readonly said?: $page_chat$said$Properties | undefined;
  /** server to client */
  readonly here?: $page_chat$here$Properties | undefined;
}
declare namespace $page_chat$chat {
  export { $page_chat$chat$Properties as $Properties };
}

interface $page_chat$join {
  readonly name: string;
}
declare class $page_chat$join {
  private constructor();
  static encode(message: $page_chat$join$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $page_chat$join;
}
interface $page_chat$join$Properties {
  readonly name: string;
}
declare namespace $page_chat$join {
  export { $page_chat$join$Properties as $Properties };
}

interface $page_chat$part {
}
declare class $page_chat$part {
  private constructor();
  static encode(message: $page_chat$part$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $page_chat$part;
}
interface $page_chat$part$Properties {
}
declare namespace $page_chat$part {
  export { $page_chat$part$Properties as $Properties };
}

interface $page_chat$say {
  readonly text: string;
}
declare class $page_chat$say {
  private constructor();
  static encode(message: $page_chat$say$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $page_chat$say;
}
interface $page_chat$say$Properties {
  readonly text: string;
}
declare namespace $page_chat$say {
  export { $page_chat$say$Properties as $Properties };
}

interface $page_chat$said {
  readonly name: string;
  readonly text: string;
}
declare class $page_chat$said {
  private constructor();
  static encode(message: $page_chat$said$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $page_chat$said;
}
interface $page_chat$said$Properties {
  readonly name: string;
  readonly text: string;
}
declare namespace $page_chat$said {
  export { $page_chat$said$Properties as $Properties };
}

interface $page_chat$here {
  readonly names: readonly string[];
}
declare class $page_chat$here {
  private constructor();
  static encode(message: $page_chat$here$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $page_chat$here;
}
interface $page_chat$here$Properties {
  readonly names?: readonly string[] | undefined;
}
declare namespace $page_chat$here {
  export { $page_chat$here$Properties as $Properties };
}

declare namespace $page_chat {
  export { $page_chat$chat as chat, $page_chat$join as join, $page_chat$part as part, $page_chat$say as say, $page_chat$said as said, $page_chat$here as here };
}

export { $page_chat as page_chat };
