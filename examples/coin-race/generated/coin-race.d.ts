// Generated from examples/coin-race/coin-race.proto by `npm run generate`: edit that file, not this one.
import type { Reader as $Reader, Writer as $Writer } from "protobufjs/minimal.js";

declare enum $coin_race$step$Direction {
  north = 1,
  east = 2,
  south = 3,
  west = 4,
}

interface $coin_race$race {
  readonly join?: $coin_race$join | undefined;
  readonly part?: $coin_race$part | undefined;
  /** client to server */
  readonly step?: $coin_race$step | undefined;
  /** server to client, each tick */
  readonly board?: $coin_race$board | undefined;
  /** server to client */
  readonly winner?: $coin_race$winner | undefined;
}
declare class $coin_race$race {
  private constructor();
  static encode(message: $coin_race$race$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $coin_race$race;
  static readonly $app: { readonly hash: string };
}
interface $coin_race$race$Properties {
  readonly join?: $coin_race$join$Properties | undefined;
  readonly part?: $coin_race$part$Properties | undefined;
  /** client to server */
  readonly step?: $coin_race$step$Properties | undefined;
  /** server to client, each tick */
  readonly board?: $coin_race$board$Properties | undefined;
  /** server to client */
  readonly winner?: $coin_race$winner$Properties | undefined;
}
declare namespace $coin_race$race {
  export { $coin_race$race$Properties as $Properties };
}

interface $coin_race$join {
  readonly name: string;
}
declare class $coin_race$join {
  private constructor();
  static encode(message: $coin_race$join$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $coin_race$join;
}
interface $coin_race$join$Properties {
  readonly name: string;
}
declare namespace $coin_race$join {
  export { $coin_race$join$Properties as $Properties };
}

interface $coin_race$part {
}
declare class $coin_race$part {
  private constructor();
  static encode(message: $coin_race$part$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $coin_race$part;
}
interface $coin_race$part$Properties {
}
declare namespace $coin_race$part {
  export { $coin_race$part$Properties as $Properties };
}

interface $coin_race$step {
  readonly direction: $coin_race$step$Direction;
}
declare class $coin_race$step {
  private constructor();
  static encode(message: $coin_race$step$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $coin_race$step;
}
interface $coin_race$step$Properties {
  readonly direction: $coin_race$step$Direction;
}
declare namespace $coin_race$step {
  export { $coin_race$step$Direction as Direction, $coin_race$step$Properties as $Properties };
}

interface $coin_race$player {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly coins: number;
}
declare class $coin_race$player {
  private constructor();
  static encode(message: $coin_race$player$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $coin_race$player;
}
interface $coin_race$player$Properties {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly coins: number;
}
declare namespace $coin_race$player {
  export { $coin_race$player$Properties as $Properties };
}

interface $coin_race$board {
  readonly coin_x: number;
  readonly coin_y: number;
  readonly players: readonly $coin_race$player[];
}
declare class $coin_race$board {
  private constructor();
  static encode(message: $coin_race$board$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $coin_race$board;
}
interface $coin_race$board$Properties {
  readonly coin_x: number;
  readonly coin_y: number;
  readonly players?: readonly $coin_race$player$Properties[] | undefined;
}
declare namespace $coin_race$board {
  export { $coin_race$board$Properties as $Properties };
}

interface $coin_race$winner {
  readonly name: string;
}
declare class $coin_race$winner {
  private constructor();
  static encode(message: $coin_race$winner$Properties, writer?: $Writer): $Writer;
  static decode(reader: $Reader | Uint8Array): $coin_race$winner;
}
interface $coin_race$winner$Properties {
  readonly name: string;
}
declare namespace $coin_race$winner {
  export { $coin_race$winner$Properties as $Properties };
}

declare namespace $coin_race {
  export { $coin_race$race as race, $coin_race$join as join, $coin_race$part as part, $coin_race$step as step, $coin_race$player as player, $coin_race$board as board, $coin_race$winner as winner };
}

export { $coin_race as coin_race };
