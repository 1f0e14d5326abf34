// Generated from examples/lobby-and-tables/table.proto by `npm run generate`: edit that file, not this one.
import type { Reader as $Reader, Writer as $Writer } from "protobufjs/minimal.js";

interface $table_app$table {
  readonly join?: $table_app$join | undefined;
  readonly part?: $table_app$part | undefined;
  /** client to server */
  readonly play?: $table_app$play | undefined;
  /** client to server */
  readonly draw?: $table_app$draw | undefined;
  /** dealer to server */
  readonly deal?: $table_app$deal | undefined;
  /** server to client: no seat for this join */
  readonly refused?: $table_app$refused | undefined;
  /** server to client: all that this player may see */
  readonly sync?: $table_app$sync | undefined;
  /** server to client: somebody came, went, or lost the connection; or the pause after a round is over */
  readonly seats?: $table_app$seats | undefined;
  /** server to client */
  readonly turn?: $table_app$turn | undefined;
  /** server to client */
  readonly played?: $table_app$played | undefined;
  /** server to the client that drew */
  readonly drawn?: $table_app$drawn | undefined;
  /** server to client */
  readonly drew?: $table_app$drew | undefined;
  /** server to client: somebody has won the round */
  readonly over?: $table_app$over | undefined;
}
declare class $table_app$table {
  private constructor();
  static encode(message: $table_app$table$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $table_app$table;
  static readonly $app: { readonly hash: string };
}
interface $table_app$table$Properties {
  readonly join?: $table_app$join$Properties | undefined;
  readonly part?: $table_app$part$Properties | undefined;
  /** client to server */
  readonly play?: $table_app$play$Properties | undefined;
  /** client to server */
  readonly draw?: $table_app$draw$Properties | undefined;
  /** dealer to server */
  readonly deal?: $table_app$deal$Properties | undefined;
  /** server to client: no seat for this join */
  readonly refused?: $table_app$refused$Properties | undefined;
  /** server to client: all that this player may see */
  readonly sync?: $table_app$sync$Properties | undefined;
  /** server to client: somebody came, went, or lost the connection; or the pause after a round is over */
  readonly seats?: $table_app$seats$Properties | undefined;
  /** server to client */
  readonly turn?: $table_app$turn$Properties | undefined;
  /** server to client */
  readonly played?: $table_app$played$Properties | undefined;
  /** server to the client that drew */
  readonly drawn?: $table_app$drawn$Properties | undefined;
  /** server to client */
  readonly drew?: $table_app$drew$Properties | undefined;
  /** server to client: somebody has won the round */
  readonly over?: $table_app$over$Properties | undefined;
}
declare namespace $table_app$table {
  export { $table_app$table$Properties as $Properties };
}

interface $table_app$join {
  readonly name: string;
  readonly table: string;
}
declare class $table_app$join {
  private constructor();
  static encode(message: $table_app$join$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $table_app$join;
}
interface $table_app$join$Properties {
  readonly name: string;
  readonly table: string;
}
declare namespace $table_app$join {
  export { $table_app$join$Properties as $Properties };
}

interface $table_app$part {
}
declare class $table_app$part {
  private constructor();
  static encode(message: $table_app$part$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $table_app$part;
}
interface $table_app$part$Properties {
}
declare namespace $table_app$part {
  export { $table_app$part$Properties as $Properties };
}

interface $table_app$play {
  /** the number of the turn that the player sees */
  readonly turn: number;
  readonly card: number;
  /** with an eight: what is to be followed now */
  readonly suit?: number | undefined;
}
declare class $table_app$play {
  private constructor();
  static encode(message: $table_app$play$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $table_app$play;
}
interface $table_app$play$Properties {
  /** the number of the turn that the player sees */
  readonly turn: number;
  readonly card: number;
  /** with an eight: what is to be followed now */
  readonly suit?: number | undefined;
}
declare namespace $table_app$play {
  export { $table_app$play$Properties as $Properties };
}

interface $table_app$draw {
  readonly turn: number;
}
declare class $table_app$draw {
  private constructor();
  static encode(message: $table_app$draw$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $table_app$draw;
}
interface $table_app$draw$Properties {
  readonly turn: number;
}
declare namespace $table_app$draw {
  export { $table_app$draw$Properties as $Properties };
}

interface $table_app$deal {
}
declare class $table_app$deal {
  private constructor();
  static encode(message: $table_app$deal$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $table_app$deal;
}
interface $table_app$deal$Properties {
}
declare namespace $table_app$deal {
  export { $table_app$deal$Properties as $Properties };
}

interface $table_app$refused {
  readonly why: string;
}
declare class $table_app$refused {
  private constructor();
  static encode(message: $table_app$refused$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $table_app$refused;
}
interface $table_app$refused$Properties {
  readonly why: string;
}
declare namespace $table_app$refused {
  export { $table_app$refused$Properties as $Properties };
}

interface $table_app$seat {
  /** 0 to 2 */
  readonly at: number;
  readonly name: string;
  /** false: the connection is lost, or the session is over and the seat is kept */
  readonly is_here: boolean;
  readonly cards: number;
  readonly score: number;
}
declare class $table_app$seat {
  private constructor();
  static encode(message: $table_app$seat$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $table_app$seat;
}
interface $table_app$seat$Properties {
  /** 0 to 2 */
  readonly at: number;
  readonly name: string;
  /** false: the connection is lost, or the session is over and the seat is kept */
  readonly is_here: boolean;
  readonly cards: number;
  readonly score: number;
}
declare namespace $table_app$seat {
  export { $table_app$seat$Properties as $Properties };
}

interface $table_app$sync {
  readonly table: string;
  /** those that are taken */
  readonly seats: readonly $table_app$seat[];
  readonly hand: readonly number[];
  /** how many cards can be drawn */
  readonly stock: number;
  /** the card that was played last */
  readonly top?: number | undefined;
  /** what is to be followed */
  readonly suit?: number | undefined;
  /** absent: no round is being played */
  readonly turn?: $table_app$turn | undefined;
  /** only in the pause after a round */
  readonly winner?: string | undefined;
}
declare class $table_app$sync {
  private constructor();
  static encode(message: $table_app$sync$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $table_app$sync;
}
interface $table_app$sync$Properties {
  readonly table: string;
  /** those that are taken */
  readonly seats?: readonly $table_app$seat$Properties[] | undefined;
  readonly hand?: readonly number[] | undefined;
  /** how many cards can be drawn */
  readonly stock: number;
  /** the card that was played last */
  readonly top?: number | undefined;
  /** what is to be followed */
  readonly suit?: number | undefined;
  /** absent: no round is being played */
  readonly turn?: $table_app$turn$Properties | undefined;
  /** only in the pause after a round */
  readonly winner?: string | undefined;
}
declare namespace $table_app$sync {
  export { $table_app$sync$Properties as $Properties };
}

interface $table_app$seats {
  readonly seats: readonly $table_app$seat[];
  /** no round is being played, and the pause after the last one is over */
  readonly is_waiting: boolean;
}
declare class $table_app$seats {
  private constructor();
  static encode(message: $table_app$seats$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $table_app$seats;
}
interface $table_app$seats$Properties {
  readonly seats?: readonly $table_app$seat$Properties[] | undefined;
  /** no round is being played, and the pause after the last one is over */
  readonly is_waiting: boolean;
}
declare namespace $table_app$seats {
  export { $table_app$seats$Properties as $Properties };
}

interface $table_app$turn {
  readonly number: number;
  /** whose turn it is */
  readonly at: number;
  /** how long that player still has; then a card is drawn */
  readonly ms: number;
}
declare class $table_app$turn {
  private constructor();
  static encode(message: $table_app$turn$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $table_app$turn;
}
interface $table_app$turn$Properties {
  readonly number: number;
  /** whose turn it is */
  readonly at: number;
  /** how long that player still has; then a card is drawn */
  readonly ms: number;
}
declare namespace $table_app$turn {
  export { $table_app$turn$Properties as $Properties };
}

interface $table_app$played {
  readonly at: number;
  readonly card: number;
  readonly suit: number;
}
declare class $table_app$played {
  private constructor();
  static encode(message: $table_app$played$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $table_app$played;
}
interface $table_app$played$Properties {
  readonly at: number;
  readonly card: number;
  readonly suit: number;
}
declare namespace $table_app$played {
  export { $table_app$played$Properties as $Properties };
}

interface $table_app$drawn {
  readonly card: number;
}
declare class $table_app$drawn {
  private constructor();
  static encode(message: $table_app$drawn$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $table_app$drawn;
}
interface $table_app$drawn$Properties {
  readonly card: number;
}
declare namespace $table_app$drawn {
  export { $table_app$drawn$Properties as $Properties };
}

interface $table_app$drew {
  readonly at: number;
  /** how many this player has now */
  readonly cards: number;
  readonly stock: number;
}
declare class $table_app$drew {
  private constructor();
  static encode(message: $table_app$drew$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $table_app$drew;
}
interface $table_app$drew$Properties {
  readonly at: number;
  /** how many this player has now */
  readonly cards: number;
  readonly stock: number;
}
declare namespace $table_app$drew {
  export { $table_app$drew$Properties as $Properties };
}

interface $table_app$over {
  readonly winner: string;
  readonly at: number;
  readonly points: number;
}
declare class $table_app$over {
  private constructor();
  static encode(message: $table_app$over$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $table_app$over;
}
interface $table_app$over$Properties {
  readonly winner: string;
  readonly at: number;
  readonly points: number;
}
declare namespace $table_app$over {
  export { $table_app$over$Properties as $Properties };
}

declare namespace $table_app {
  export { $table_app$table as table, $table_app$join as join, $table_app$part as part, $table_app$play as play, $table_app$draw as draw, $table_app$deal as deal, $table_app$refused as refused, $table_app$seat as seat, $table_app$sync as sync, $table_app$seats as seats, $table_app$turn as turn, $table_app$played as played, $table_app$drawn as drawn, $table_app$drew as drew, $table_app$over as over };
}

export { $table_app as table_app };
