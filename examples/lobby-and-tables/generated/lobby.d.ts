// Generated from examples/lobby-and-tables/lobby.proto by `npm run generate`: edit that file, not this one.
import type { Reader as $Reader, Writer as $Writer } from "protobufjs/minimal.js";

interface $lobby_app$lobby {
  readonly join?: $lobby_app$join | undefined;
  readonly part?: $lobby_app$part | undefined;
  /** server to client, whenever something on it changes */
  readonly board?: $lobby_app$board | undefined;
}
declare class $lobby_app$lobby {
  private constructor();
  static encode(message: $lobby_app$lobby$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lobby_app$lobby;
  static readonly $app: { readonly hash: string };
}
interface $lobby_app$lobby$Properties {
  readonly join?: $lobby_app$join$Properties | undefined;
  readonly part?: $lobby_app$part$Properties | undefined;
  /** server to client, whenever something on it changes */
  readonly board?: $lobby_app$board$Properties | undefined;
}
declare namespace $lobby_app$lobby {
  export { $lobby_app$lobby$Properties as $Properties };
}

interface $lobby_app$join {
  readonly name: string;
}
declare class $lobby_app$join {
  private constructor();
  static encode(message: $lobby_app$join$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lobby_app$join;
}
interface $lobby_app$join$Properties {
  readonly name: string;
}
declare namespace $lobby_app$join {
  export { $lobby_app$join$Properties as $Properties };
}

interface $lobby_app$part {
}
declare class $lobby_app$part {
  private constructor();
  static encode(message: $lobby_app$part$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lobby_app$part;
}
interface $lobby_app$part$Properties {
}
declare namespace $lobby_app$part {
  export { $lobby_app$part$Properties as $Properties };
}

interface $lobby_app$board {
  /** everyone in the lobby */
  readonly people: readonly string[];
  readonly tables: readonly $lobby_app$table[];
}
declare class $lobby_app$board {
  private constructor();
  static encode(message: $lobby_app$board$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lobby_app$board;
}
interface $lobby_app$board$Properties {
  /** everyone in the lobby */
  readonly people?: readonly string[] | undefined;
  readonly tables?: readonly $lobby_app$table$Properties[] | undefined;
}
declare namespace $lobby_app$board {
  export { $lobby_app$board$Properties as $Properties };
}

interface $lobby_app$table {
  readonly name: string;
  /** seats that anyone may take */
  readonly free: number;
  /** those whose seats are kept while they are away, too */
  readonly players: readonly string[];
}
declare class $lobby_app$table {
  private constructor();
  static encode(message: $lobby_app$table$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $lobby_app$table;
}
interface $lobby_app$table$Properties {
  readonly name: string;
  /** seats that anyone may take */
  readonly free: number;
  /** those whose seats are kept while they are away, too */
  readonly players?: readonly string[] | undefined;
}
declare namespace $lobby_app$table {
  export { $lobby_app$table$Properties as $Properties };
}

declare namespace $lobby_app {
  export { $lobby_app$lobby as lobby, $lobby_app$join as join, $lobby_app$part as part, $lobby_app$board as board, $lobby_app$table as table };
}

export { $lobby_app as lobby_app };
