// Generated from scenarios/apps/chat.proto by `npm run generate`: edit that file, not this one.
import * as $protobuf from "protobufjs/minimal.js";

/** Namespace chat_app. */
export namespace chat_app {

    /**
     * Properties of a chat.
     * @deprecated Use chat_app.chat.$Properties instead.
     */
    interface Ichat extends chat_app.chat.$Properties {
    }

    /** Represents a chat. */
    class chat {

        /**
         * Constructs a new chat.
         * @param [properties] Properties to set
         */
        constructor(properties?: chat_app.chat.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** chat join. */
        join?: (chat_app.join.$Properties|null);

        /** chat part. */
        part?: (chat_app.part.$Properties|null);

        /** chat channel_msg. */
        channel_msg?: (chat_app.channel_msg.$Properties|null);

        /** chat sync. */
        sync?: (chat_app.sync.$Properties|null);

        /** chat msg. */
        msg?: ("join"|"part"|"channel_msg"|"sync");

        /**
         * Creates a new chat instance using the specified properties.
         * @param [properties] Properties to set
         * @returns chat instance
         */
        static create(properties: chat_app.chat.$Shape): chat_app.chat & chat_app.chat.$Shape;
        static create(properties?: chat_app.chat.$Properties): chat_app.chat;

        /**
         * Encodes the specified chat message.
         * @param message chat message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: chat_app.chat.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a chat message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {chat_app.chat & chat_app.chat.$Shape} chat
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): chat_app.chat & chat_app.chat.$Shape;
    }

    namespace chat {

        /** Properties of a chat. */
        interface $Properties {

            /** chat join */
            join?: (chat_app.join.$Properties|null);

            /** chat part */
            part?: (chat_app.part.$Properties|null);

            /** chat channel_msg */
            channel_msg?: (chat_app.channel_msg.$Properties|null);

            /** chat sync */
            sync?: (chat_app.sync.$Properties|null);

            /** chat msg */
            msg?: ("join"|"part"|"channel_msg"|"sync");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of a chat. */
        type $Shape = {
          join?: chat_app.join.$Shape|null;
          part?: chat_app.part.$Shape|null;
          channel_msg?: chat_app.channel_msg.$Shape|null;
          sync?: chat_app.sync.$Shape|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ msg?: undefined; join?: null; part?: null; channel_msg?: null; sync?: null }|{ msg?: "join"; join: chat_app.join.$Shape; part?: null; channel_msg?: null; sync?: null }|{ msg?: "part"; join?: null; part: chat_app.part.$Shape; channel_msg?: null; sync?: null }|{ msg?: "channel_msg"; join?: null; part?: null; channel_msg: chat_app.channel_msg.$Shape; sync?: null }|{ msg?: "sync"; join?: null; part?: null; channel_msg?: null; sync: chat_app.sync.$Shape })
        );
    }

    /**
     * Properties of a join.
     * @deprecated Use chat_app.join.$Properties instead.
     */
    interface Ijoin extends chat_app.join.$Properties {
    }

    /** Represents a join. */
    class join {

        /**
         * Constructs a new join.
         * @param [properties] Properties to set
         */
        constructor(properties?: chat_app.join.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** join handle. */
        handle: string;

        /**
         * Creates a new join instance using the specified properties.
         * @param [properties] Properties to set
         * @returns join instance
         */
        static create(properties: chat_app.join.$Shape): chat_app.join & chat_app.join.$Shape;
        static create(properties?: chat_app.join.$Properties): chat_app.join;

        /**
         * Encodes the specified join message.
         * @param message join message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: chat_app.join.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a join message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {chat_app.join & chat_app.join.$Shape} join
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): chat_app.join & chat_app.join.$Shape;
    }

    namespace join {

        /** Properties of a join. */
        interface $Properties {

            /** join handle */
            handle?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a join. */
        type $Shape = chat_app.join.$Properties;
    }

    /**
     * Properties of a part.
     * @deprecated Use chat_app.part.$Properties instead.
     */
    interface Ipart extends chat_app.part.$Properties {
    }

    /** Represents a part. */
    class part {

        /**
         * Constructs a new part.
         * @param [properties] Properties to set
         */
        constructor(properties?: chat_app.part.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /**
         * Creates a new part instance using the specified properties.
         * @param [properties] Properties to set
         * @returns part instance
         */
        static create(properties: chat_app.part.$Shape): chat_app.part & chat_app.part.$Shape;
        static create(properties?: chat_app.part.$Properties): chat_app.part;

        /**
         * Encodes the specified part message.
         * @param message part message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: chat_app.part.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a part message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {chat_app.part & chat_app.part.$Shape} part
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): chat_app.part & chat_app.part.$Shape;
    }

    namespace part {

        /** Properties of a part. */
        interface $Properties {

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a part. */
        type $Shape = chat_app.part.$Properties;
    }

    /**
     * Properties of a channel_msg.
     * @deprecated Use chat_app.channel_msg.$Properties instead.
     */
    interface Ichannel_msg extends chat_app.channel_msg.$Properties {
    }

    /** Represents a channel_msg. */
    class channel_msg {

        /**
         * Constructs a new channel_msg.
         * @param [properties] Properties to set
         */
        constructor(properties?: chat_app.channel_msg.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** channel_msg handle. */
        handle: string;

        /** channel_msg text. */
        text: string;

        /**
         * Creates a new channel_msg instance using the specified properties.
         * @param [properties] Properties to set
         * @returns channel_msg instance
         */
        static create(properties: chat_app.channel_msg.$Shape): chat_app.channel_msg & chat_app.channel_msg.$Shape;
        static create(properties?: chat_app.channel_msg.$Properties): chat_app.channel_msg;

        /**
         * Encodes the specified channel_msg message.
         * @param message channel_msg message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: chat_app.channel_msg.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a channel_msg message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {chat_app.channel_msg & chat_app.channel_msg.$Shape} channel_msg
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): chat_app.channel_msg & chat_app.channel_msg.$Shape;
    }

    namespace channel_msg {

        /** Properties of a channel_msg. */
        interface $Properties {

            /** channel_msg handle */
            handle?: (string|null);

            /** channel_msg text */
            text?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a channel_msg. */
        type $Shape = chat_app.channel_msg.$Properties;
    }

    /**
     * Properties of a sync.
     * @deprecated Use chat_app.sync.$Properties instead.
     */
    interface Isync extends chat_app.sync.$Properties {
    }

    /** Represents a sync. */
    class sync {

        /**
         * Constructs a new sync.
         * @param [properties] Properties to set
         */
        constructor(properties?: chat_app.sync.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** sync handles. */
        handles: string[];

        /**
         * Creates a new sync instance using the specified properties.
         * @param [properties] Properties to set
         * @returns sync instance
         */
        static create(properties: chat_app.sync.$Shape): chat_app.sync & chat_app.sync.$Shape;
        static create(properties?: chat_app.sync.$Properties): chat_app.sync;

        /**
         * Encodes the specified sync message.
         * @param message sync message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: chat_app.sync.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a sync message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {chat_app.sync & chat_app.sync.$Shape} sync
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): chat_app.sync & chat_app.sync.$Shape;
    }

    namespace sync {

        /** Properties of a sync. */
        interface $Properties {

            /** sync handles */
            handles?: (string[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a sync. */
        type $Shape = chat_app.sync.$Properties;
    }
}
