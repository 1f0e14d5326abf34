// Generated from examples/coin-race/coin-race.proto by `npm run generate`: edit that file, not this one.
import * as $protobuf from "protobufjs/minimal.js";

/** Namespace coin_race. */
export namespace coin_race {

    /**
     * Properties of a race.
     * @deprecated Use coin_race.race.$Properties instead.
     */
    interface Irace extends coin_race.race.$Properties {
    }

    /** Represents a race. */
    class race {

        /**
         * Constructs a new race.
         * @param [properties] Properties to set
         */
        constructor(properties?: coin_race.race.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** race join. */
        join?: (coin_race.join.$Properties|null);

        /** race part. */
        part?: (coin_race.part.$Properties|null);

        /** race step. */
        step?: (coin_race.step.$Properties|null);

        /** race board. */
        board?: (coin_race.board.$Properties|null);

        /** race winner. */
        winner?: (coin_race.winner.$Properties|null);

        /** race msg. */
        msg?: ("join"|"part"|"step"|"board"|"winner");

        /**
         * Creates a new race instance using the specified properties.
         * @param [properties] Properties to set
         * @returns race instance
         */
        static create(properties: coin_race.race.$Shape): coin_race.race & coin_race.race.$Shape;
        static create(properties?: coin_race.race.$Properties): coin_race.race;

        /**
         * Encodes the specified race message.
         * @param message race message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: coin_race.race.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a race message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {coin_race.race & coin_race.race.$Shape} race
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): coin_race.race & coin_race.race.$Shape;
    }

    namespace race {

        /** Properties of a race. */
        interface $Properties {

            /** race join */
            join?: (coin_race.join.$Properties|null);

            /** race part */
            part?: (coin_race.part.$Properties|null);

            /** race step */
            step?: (coin_race.step.$Properties|null);

            /** race board */
            board?: (coin_race.board.$Properties|null);

            /** race winner */
            winner?: (coin_race.winner.$Properties|null);

            /** race msg */
            msg?: ("join"|"part"|"step"|"board"|"winner");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of a race. */
        type $Shape = {
          join?: coin_race.join.$Shape|null;
          part?: coin_race.part.$Shape|null;
          step?: coin_race.step.$Shape|null;
          board?: coin_race.board.$Shape|null;
          winner?: coin_race.winner.$Shape|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ msg?: undefined; join?: null; part?: null; step?: null; board?: null; winner?: null }|{ msg?: "join"; join: coin_race.join.$Shape; part?: null; step?: null; board?: null; winner?: null }|{ msg?: "part"; join?: null; part: coin_race.part.$Shape; step?: null; board?: null; winner?: null }|{ msg?: "step"; join?: null; part?: null; step: coin_race.step.$Shape; board?: null; winner?: null }|{ msg?: "board"; join?: null; part?: null; step?: null; board: coin_race.board.$Shape; winner?: null }|{ msg?: "winner"; join?: null; part?: null; step?: null; board?: null; winner: coin_race.winner.$Shape })
        );
    }

    /**
     * Properties of a join.
     * @deprecated Use coin_race.join.$Properties instead.
     */
    interface Ijoin extends coin_race.join.$Properties {
    }

    /** Represents a join. */
    class join {

        /**
         * Constructs a new join.
         * @param [properties] Properties to set
         */
        constructor(properties?: coin_race.join.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** join name. */
        name: string;

        /**
         * Creates a new join instance using the specified properties.
         * @param [properties] Properties to set
         * @returns join instance
         */
        static create(properties: coin_race.join.$Shape): coin_race.join & coin_race.join.$Shape;
        static create(properties?: coin_race.join.$Properties): coin_race.join;

        /**
         * Encodes the specified join message.
         * @param message join message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: coin_race.join.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a join message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {coin_race.join & coin_race.join.$Shape} join
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): coin_race.join & coin_race.join.$Shape;
    }

    namespace join {

        /** Properties of a join. */
        interface $Properties {

            /** join name */
            name: string;

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a join. */
        type $Shape = coin_race.join.$Properties;
    }

    /**
     * Properties of a part.
     * @deprecated Use coin_race.part.$Properties instead.
     */
    interface Ipart extends coin_race.part.$Properties {
    }

    /** Represents a part. */
    class part {

        /**
         * Constructs a new part.
         * @param [properties] Properties to set
         */
        constructor(properties?: coin_race.part.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /**
         * Creates a new part instance using the specified properties.
         * @param [properties] Properties to set
         * @returns part instance
         */
        static create(properties: coin_race.part.$Shape): coin_race.part & coin_race.part.$Shape;
        static create(properties?: coin_race.part.$Properties): coin_race.part;

        /**
         * Encodes the specified part message.
         * @param message part message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: coin_race.part.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a part message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {coin_race.part & coin_race.part.$Shape} part
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): coin_race.part & coin_race.part.$Shape;
    }

    namespace part {

        /** Properties of a part. */
        interface $Properties {

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a part. */
        type $Shape = coin_race.part.$Properties;
    }

    /**
     * Properties of a step.
     * @deprecated Use coin_race.step.$Properties instead.
     */
    interface Istep extends coin_race.step.$Properties {
    }

    /** Represents a step. */
    class step {

        /**
         * Constructs a new step.
         * @param [properties] Properties to set
         */
        constructor(properties?: coin_race.step.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** step direction. */
        direction: coin_race.step.Direction;

        /**
         * Creates a new step instance using the specified properties.
         * @param [properties] Properties to set
         * @returns step instance
         */
        static create(properties: coin_race.step.$Shape): coin_race.step & coin_race.step.$Shape;
        static create(properties?: coin_race.step.$Properties): coin_race.step;

        /**
         * Encodes the specified step message.
         * @param message step message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: coin_race.step.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a step message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {coin_race.step & coin_race.step.$Shape} step
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): coin_race.step & coin_race.step.$Shape;
    }

    namespace step {

        /** Properties of a step. */
        interface $Properties {

            /** step direction */
            direction: coin_race.step.Direction;

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a step. */
        type $Shape = coin_race.step.$Properties;

        /** Direction enum. */
        enum Direction {

            /** north value */
            north = 1,

            /** east value */
            east = 2,

            /** south value */
            south = 3,

            /** west value */
            west = 4
        }
    }

    /**
     * Properties of a player.
     * @deprecated Use coin_race.player.$Properties instead.
     */
    interface Iplayer extends coin_race.player.$Properties {
    }

    /** Represents a player. */
    class player {

        /**
         * Constructs a new player.
         * @param [properties] Properties to set
         */
        constructor(properties?: coin_race.player.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** player name. */
        name: string;

        /** player x. */
        x: number;

        /** player y. */
        y: number;

        /** player coins. */
        coins: number;

        /**
         * Creates a new player instance using the specified properties.
         * @param [properties] Properties to set
         * @returns player instance
         */
        static create(properties: coin_race.player.$Shape): coin_race.player & coin_race.player.$Shape;
        static create(properties?: coin_race.player.$Properties): coin_race.player;

        /**
         * Encodes the specified player message.
         * @param message player message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: coin_race.player.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a player message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {coin_race.player & coin_race.player.$Shape} player
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): coin_race.player & coin_race.player.$Shape;
    }

    namespace player {

        /** Properties of a player. */
        interface $Properties {

            /** player name */
            name: string;

            /** player x */
            x: number;

            /** player y */
            y: number;

            /** player coins */
            coins: number;

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a player. */
        type $Shape = coin_race.player.$Properties;
    }

    /**
     * Properties of a board.
     * @deprecated Use coin_race.board.$Properties instead.
     */
    interface Iboard extends coin_race.board.$Properties {
    }

    /** Represents a board. */
    class board {

        /**
         * Constructs a new board.
         * @param [properties] Properties to set
         */
        constructor(properties?: coin_race.board.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** board coin_x. */
        coin_x: number;

        /** board coin_y. */
        coin_y: number;

        /** board players. */
        players: coin_race.player.$Properties[];

        /**
         * Creates a new board instance using the specified properties.
         * @param [properties] Properties to set
         * @returns board instance
         */
        static create(properties: coin_race.board.$Shape): coin_race.board & coin_race.board.$Shape;
        static create(properties?: coin_race.board.$Properties): coin_race.board;

        /**
         * Encodes the specified board message.
         * @param message board message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: coin_race.board.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a board message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {coin_race.board & coin_race.board.$Shape} board
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): coin_race.board & coin_race.board.$Shape;
    }

    namespace board {

        /** Properties of a board. */
        interface $Properties {

            /** board coin_x */
            coin_x: number;

            /** board coin_y */
            coin_y: number;

            /** board players */
            players?: (coin_race.player.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a board. */
        type $Shape = coin_race.board.$Properties;
    }

    /**
     * Properties of a winner.
     * @deprecated Use coin_race.winner.$Properties instead.
     */
    interface Iwinner extends coin_race.winner.$Properties {
    }

    /** Represents a winner. */
    class winner {

        /**
         * Constructs a new winner.
         * @param [properties] Properties to set
         */
        constructor(properties?: coin_race.winner.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** winner name. */
        name: string;

        /**
         * Creates a new winner instance using the specified properties.
         * @param [properties] Properties to set
         * @returns winner instance
         */
        static create(properties: coin_race.winner.$Shape): coin_race.winner & coin_race.winner.$Shape;
        static create(properties?: coin_race.winner.$Properties): coin_race.winner;

        /**
         * Encodes the specified winner message.
         * @param message winner message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: coin_race.winner.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a winner message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {coin_race.winner & coin_race.winner.$Shape} winner
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): coin_race.winner & coin_race.winner.$Shape;
    }

    namespace winner {

        /** Properties of a winner. */
        interface $Properties {

            /** winner name */
            name: string;

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a winner. */
        type $Shape = coin_race.winner.$Properties;
    }
}
