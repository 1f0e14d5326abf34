// Generated from examples/browser-chat/page-chat.proto by `npm run generate`: edit that file, not this one.
import * as $protobuf from "protobufjs/minimal.js";

/** Namespace page_chat. */
export namespace page_chat {

    /**
     * Properties of a chat.
     * @deprecated Use page_chat.chat.$Properties instead.
     */
    interface Ichat extends page_chat.chat.$Properties {
    }

    /** Represents a chat. */
    class chat {

        /**
         * Constructs a new chat.
         * @param [properties] Properties to set
         */
        constructor(properties?: page_chat.chat.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** chat join. */
        join?: (page_chat.join.$Properties|null);

        /** chat part. */
        part?: (page_chat.part.$Properties|null);

        /** chat say. */
        say?: (page_chat.say.$Properties|null);

        /** chat said. */
        said?: (page_chat.said.$Properties|null);

        /** chat here. */
        here?: (page_chat.here.$Properties|null);

        /** chat msg. */
        msg?: ("join"|"part"|"say"|"said"|"here");

        /**
         * Creates a new chat instance using the specified properties.
         * @param [properties] Properties to set
         * @returns chat instance
         */
        static create(properties: page_chat.chat.$Shape): page_chat.chat & page_chat.chat.$Shape;
        static create(properties?: page_chat.chat.$Properties): page_chat.chat;

        /**
         * Encodes the specified chat message.
         * @param message chat message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: page_chat.chat.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a chat message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {page_chat.chat & page_chat.chat.$Shape} chat
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): page_chat.chat & page_chat.chat.$Shape;
    }

    namespace chat {

        /** Properties of a chat. */
        interface $Properties {

            /** chat join */
            join?: (page_chat.join.$Properties|null);

            /** chat part */
            part?: (page_chat.part.$Properties|null);

            /** chat say */
            say?: (page_chat.say.$Properties|null);

            /** chat said */
            said?: (page_chat.said.$Properties|null);

            /** chat here */
            here?: (page_chat.here.$Properties|null);

            /** chat msg */
            msg?: ("join"|"part"|"say"|"said"|"here");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of a chat. */
        type $Shape = {
          join?: page_chat.join.$Shape|null;
          part?: page_chat.part.$Shape|null;
          say?: page_chat.say.$Shape|null;
          said?: page_chat.said.$Shape|null;
          here?: page_chat.here.$Shape|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ msg?: undefined; join?: null; part?: null; say?: null; said?: null; here?: null }|{ msg?: "join"; join: page_chat.join.$Shape; part?: null; say?: null; said?: null; here?: null }|{ msg?: "part"; join?: null; part: page_chat.part.$Shape; say?: null; said?: null; here?: null }|{ msg?: "say"; join?: null; part?: null; say: page_chat.say.$Shape; said?: null; here?: null }|{ msg?: "said"; join?: null; part?: null; say?: null; said: page_chat.said.$Shape; here?: null }|{ msg?: "here"; join?: null; part?: null; say?: null; said?: null; here: page_chat.here.$Shape })
        );
    }

    /**
     * Properties of a join.
     * @deprecated Use page_chat.join.$Properties instead.
     */
    interface Ijoin extends page_chat.join.$Properties {
    }

    /** Represents a join. */
    class join {

        /**
         * Constructs a new join.
         * @param [properties] Properties to set
         */
        constructor(properties?: page_chat.join.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** join name. */
        name: string;

        /**
         * Creates a new join instance using the specified properties.
         * @param [properties] Properties to set
         * @returns join instance
         */
        static create(properties: page_chat.join.$Shape): page_chat.join & page_chat.join.$Shape;
        static create(properties?: page_chat.join.$Properties): page_chat.join;

        /**
         * Encodes the specified join message.
         * @param message join message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: page_chat.join.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a join message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {page_chat.join & page_chat.join.$Shape} join
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): page_chat.join & page_chat.join.$Shape;
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
        type $Shape = page_chat.join.$Properties;
    }

    /**
     * Properties of a part.
     * @deprecated Use page_chat.part.$Properties instead.
     */
    interface Ipart extends page_chat.part.$Properties {
    }

    /** Represents a part. */
    class part {

        /**
         * Constructs a new part.
         * @param [properties] Properties to set
         */
        constructor(properties?: page_chat.part.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /**
         * Creates a new part instance using the specified properties.
         * @param [properties] Properties to set
         * @returns part instance
         */
        static create(properties: page_chat.part.$Shape): page_chat.part & page_chat.part.$Shape;
        static create(properties?: page_chat.part.$Properties): page_chat.part;

        /**
         * Encodes the specified part message.
         * @param message part message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: page_chat.part.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a part message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {page_chat.part & page_chat.part.$Shape} part
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): page_chat.part & page_chat.part.$Shape;
    }

    namespace part {

        /** Properties of a part. */
        interface $Properties {

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a part. */
        type $Shape = page_chat.part.$Properties;
    }

    /**
     * Properties of a say.
     * @deprecated Use page_chat.say.$Properties instead.
     */
    interface Isay extends page_chat.say.$Properties {
    }

    /** Represents a say. */
    class say {

        /**
         * Constructs a new say.
         * @param [properties] Properties to set
         */
        constructor(properties?: page_chat.say.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** say text. */
        text: string;

        /**
         * Creates a new say instance using the specified properties.
         * @param [properties] Properties to set
         * @returns say instance
         */
        static create(properties: page_chat.say.$Shape): page_chat.say & page_chat.say.$Shape;
        static create(properties?: page_chat.say.$Properties): page_chat.say;

        /**
         * Encodes the specified say message.
         * @param message say message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: page_chat.say.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a say message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {page_chat.say & page_chat.say.$Shape} say
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): page_chat.say & page_chat.say.$Shape;
    }

    namespace say {

        /** Properties of a say. */
        interface $Properties {

            /** say text */
            text: string;

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a say. */
        type $Shape = page_chat.say.$Properties;
    }

    /**
     * Properties of a said.
     * @deprecated Use page_chat.said.$Properties instead.
     */
    interface Isaid extends page_chat.said.$Properties {
    }

    /** Represents a said. */
    class said {

        /**
         * Constructs a new said.
         * @param [properties] Properties to set
         */
        constructor(properties?: page_chat.said.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** said name. */
        name: string;

        /** said text. */
        text: string;

        /**
         * Creates a new said instance using the specified properties.
         * @param [properties] Properties to set
         * @returns said instance
         */
        static create(properties: page_chat.said.$Shape): page_chat.said & page_chat.said.$Shape;
        static create(properties?: page_chat.said.$Properties): page_chat.said;

        /**
         * Encodes the specified said message.
         * @param message said message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: page_chat.said.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a said message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {page_chat.said & page_chat.said.$Shape} said
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): page_chat.said & page_chat.said.$Shape;
    }

    namespace said {

        /** Properties of a said. */
        interface $Properties {

            /** said name */
            name: string;

            /** said text */
            text: string;

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a said. */
        type $Shape = page_chat.said.$Properties;
    }

    /**
     * Properties of a here.
     * @deprecated Use page_chat.here.$Properties instead.
     */
    interface Ihere extends page_chat.here.$Properties {
    }

    /** Represents a here. */
    class here {

        /**
         * Constructs a new here.
         * @param [properties] Properties to set
         */
        constructor(properties?: page_chat.here.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** here names. */
        names: string[];

        /**
         * Creates a new here instance using the specified properties.
         * @param [properties] Properties to set
         * @returns here instance
         */
        static create(properties: page_chat.here.$Shape): page_chat.here & page_chat.here.$Shape;
        static create(properties?: page_chat.here.$Properties): page_chat.here;

        /**
         * Encodes the specified here message.
         * @param message here message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: page_chat.here.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a here message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {page_chat.here & page_chat.here.$Shape} here
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): page_chat.here & page_chat.here.$Shape;
    }

    namespace here {

        /** Properties of a here. */
        interface $Properties {

            /** here names */
            names?: (string[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a here. */
        type $Shape = page_chat.here.$Properties;
    }
}
