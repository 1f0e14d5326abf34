// Generated from core/generated/overworld.proto by `npm run generate`: edit that file, not this one.
import * as $protobuf from "protobufjs/minimal.js";

/** Namespace overworld_protocol. */
export namespace overworld_protocol {

    /**
     * Properties of an overworld.
     * @deprecated Use overworld_protocol.overworld.$Properties instead.
     */
    interface Ioverworld extends overworld_protocol.overworld.$Properties {
    }

    /** Represents an overworld. */
    class overworld {

        /**
         * Constructs a new overworld.
         * @param [properties] Properties to set
         */
        constructor(properties?: overworld_protocol.overworld.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** overworld session_request. */
        session_request?: (overworld_protocol.session_request.$Properties|null);

        /** overworld session_new. */
        session_new?: (overworld_protocol.session_new.$Properties|null);

        /** overworld session_beacon. */
        session_beacon?: (overworld_protocol.session_beacon.$Properties|null);

        /** overworld session_ping. */
        session_ping?: (overworld_protocol.session_ping.$Properties|null);

        /** overworld session_pong. */
        session_pong?: (overworld_protocol.session_pong.$Properties|null);

        /** overworld session_denied. */
        session_denied?: (overworld_protocol.session_denied.$Properties|null);

        /** overworld msg. */
        msg?: ("session_request"|"session_new"|"session_beacon"|"session_ping"|"session_pong"|"session_denied");

        /**
         * Creates a new overworld instance using the specified properties.
         * @param [properties] Properties to set
         * @returns overworld instance
         */
        static create(properties: overworld_protocol.overworld.$Shape): overworld_protocol.overworld & overworld_protocol.overworld.$Shape;
        static create(properties?: overworld_protocol.overworld.$Properties): overworld_protocol.overworld;

        /**
         * Encodes the specified overworld message.
         * @param message overworld message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: overworld_protocol.overworld.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an overworld message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {overworld_protocol.overworld & overworld_protocol.overworld.$Shape} overworld
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): overworld_protocol.overworld & overworld_protocol.overworld.$Shape;
    }

    namespace overworld {

        /** Properties of an overworld. */
        interface $Properties {

            /** overworld session_request */
            session_request?: (overworld_protocol.session_request.$Properties|null);

            /** overworld session_new */
            session_new?: (overworld_protocol.session_new.$Properties|null);

            /** overworld session_beacon */
            session_beacon?: (overworld_protocol.session_beacon.$Properties|null);

            /** overworld session_ping */
            session_ping?: (overworld_protocol.session_ping.$Properties|null);

            /** overworld session_pong */
            session_pong?: (overworld_protocol.session_pong.$Properties|null);

            /** overworld session_denied */
            session_denied?: (overworld_protocol.session_denied.$Properties|null);

            /** overworld msg */
            msg?: ("session_request"|"session_new"|"session_beacon"|"session_ping"|"session_pong"|"session_denied");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of an overworld. */
        type $Shape = {
          session_request?: overworld_protocol.session_request.$Shape|null;
          session_new?: overworld_protocol.session_new.$Shape|null;
          session_beacon?: overworld_protocol.session_beacon.$Shape|null;
          session_ping?: overworld_protocol.session_ping.$Shape|null;
          session_pong?: overworld_protocol.session_pong.$Shape|null;
          session_denied?: overworld_protocol.session_denied.$Shape|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ msg?: undefined; session_request?: null; session_new?: null; session_beacon?: null; session_ping?: null; session_pong?: null; session_denied?: null }|{ msg?: "session_request"; session_request: overworld_protocol.session_request.$Shape; session_new?: null; session_beacon?: null; session_ping?: null; session_pong?: null; session_denied?: null }|{ msg?: "session_new"; session_request?: null; session_new: overworld_protocol.session_new.$Shape; session_beacon?: null; session_ping?: null; session_pong?: null; session_denied?: null }|{ msg?: "session_beacon"; session_request?: null; session_new?: null; session_beacon: overworld_protocol.session_beacon.$Shape; session_ping?: null; session_pong?: null; session_denied?: null }|{ msg?: "session_ping"; session_request?: null; session_new?: null; session_beacon?: null; session_ping: overworld_protocol.session_ping.$Shape; session_pong?: null; session_denied?: null }|{ msg?: "session_pong"; session_request?: null; session_new?: null; session_beacon?: null; session_ping?: null; session_pong: overworld_protocol.session_pong.$Shape; session_denied?: null }|{ msg?: "session_denied"; session_request?: null; session_new?: null; session_beacon?: null; session_ping?: null; session_pong?: null; session_denied: overworld_protocol.session_denied.$Shape })
        );
    }

    /**
     * Properties of a session_request.
     * @deprecated Use overworld_protocol.session_request.$Properties instead.
     */
    interface Isession_request extends overworld_protocol.session_request.$Properties {
    }

    /** Represents a session_request. */
    class session_request {

        /**
         * Constructs a new session_request.
         * @param [properties] Properties to set
         */
        constructor(properties?: overworld_protocol.session_request.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** session_request reconnect_token. */
        reconnect_token: Uint8Array;

        /** session_request attempt. */
        attempt: number;

        /**
         * Creates a new session_request instance using the specified properties.
         * @param [properties] Properties to set
         * @returns session_request instance
         */
        static create(properties: overworld_protocol.session_request.$Shape): overworld_protocol.session_request & overworld_protocol.session_request.$Shape;
        static create(properties?: overworld_protocol.session_request.$Properties): overworld_protocol.session_request;

        /**
         * Encodes the specified session_request message.
         * @param message session_request message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: overworld_protocol.session_request.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a session_request message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {overworld_protocol.session_request & overworld_protocol.session_request.$Shape} session_request
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): overworld_protocol.session_request & overworld_protocol.session_request.$Shape;
    }

    namespace session_request {

        /** Properties of a session_request. */
        interface $Properties {

            /** session_request reconnect_token */
            reconnect_token?: (Uint8Array|null);

            /** session_request attempt */
            attempt?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a session_request. */
        type $Shape = overworld_protocol.session_request.$Properties;
    }

    /**
     * Properties of a session_new.
     * @deprecated Use overworld_protocol.session_new.$Properties instead.
     */
    interface Isession_new extends overworld_protocol.session_new.$Properties {
    }

    /** Represents a session_new. */
    class session_new {

        /**
         * Constructs a new session_new.
         * @param [properties] Properties to set
         */
        constructor(properties?: overworld_protocol.session_new.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** session_new id. */
        id: number;

        /** session_new reconnect_token. */
        reconnect_token: Uint8Array;

        /**
         * Creates a new session_new instance using the specified properties.
         * @param [properties] Properties to set
         * @returns session_new instance
         */
        static create(properties: overworld_protocol.session_new.$Shape): overworld_protocol.session_new & overworld_protocol.session_new.$Shape;
        static create(properties?: overworld_protocol.session_new.$Properties): overworld_protocol.session_new;

        /**
         * Encodes the specified session_new message.
         * @param message session_new message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: overworld_protocol.session_new.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a session_new message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {overworld_protocol.session_new & overworld_protocol.session_new.$Shape} session_new
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): overworld_protocol.session_new & overworld_protocol.session_new.$Shape;
    }

    namespace session_new {

        /** Properties of a session_new. */
        interface $Properties {

            /** session_new id */
            id: number;

            /** session_new reconnect_token */
            reconnect_token: Uint8Array;

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a session_new. */
        type $Shape = overworld_protocol.session_new.$Properties;
    }

    /**
     * Properties of a session_beacon.
     * @deprecated Use overworld_protocol.session_beacon.$Properties instead.
     */
    interface Isession_beacon extends overworld_protocol.session_beacon.$Properties {
    }

    /** Represents a session_beacon. */
    class session_beacon {

        /**
         * Constructs a new session_beacon.
         * @param [properties] Properties to set
         */
        constructor(properties?: overworld_protocol.session_beacon.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** session_beacon id. */
        id: number;

        /**
         * Creates a new session_beacon instance using the specified properties.
         * @param [properties] Properties to set
         * @returns session_beacon instance
         */
        static create(properties: overworld_protocol.session_beacon.$Shape): overworld_protocol.session_beacon & overworld_protocol.session_beacon.$Shape;
        static create(properties?: overworld_protocol.session_beacon.$Properties): overworld_protocol.session_beacon;

        /**
         * Encodes the specified session_beacon message.
         * @param message session_beacon message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: overworld_protocol.session_beacon.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a session_beacon message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {overworld_protocol.session_beacon & overworld_protocol.session_beacon.$Shape} session_beacon
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): overworld_protocol.session_beacon & overworld_protocol.session_beacon.$Shape;
    }

    namespace session_beacon {

        /** Properties of a session_beacon. */
        interface $Properties {

            /** session_beacon id */
            id: number;

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a session_beacon. */
        type $Shape = overworld_protocol.session_beacon.$Properties;
    }

    /**
     * Properties of a session_ping.
     * @deprecated Use overworld_protocol.session_ping.$Properties instead.
     */
    interface Isession_ping extends overworld_protocol.session_ping.$Properties {
    }

    /** Represents a session_ping. */
    class session_ping {

        /**
         * Constructs a new session_ping.
         * @param [properties] Properties to set
         */
        constructor(properties?: overworld_protocol.session_ping.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** session_ping id. */
        id: number;

        /**
         * Creates a new session_ping instance using the specified properties.
         * @param [properties] Properties to set
         * @returns session_ping instance
         */
        static create(properties: overworld_protocol.session_ping.$Shape): overworld_protocol.session_ping & overworld_protocol.session_ping.$Shape;
        static create(properties?: overworld_protocol.session_ping.$Properties): overworld_protocol.session_ping;

        /**
         * Encodes the specified session_ping message.
         * @param message session_ping message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: overworld_protocol.session_ping.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a session_ping message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {overworld_protocol.session_ping & overworld_protocol.session_ping.$Shape} session_ping
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): overworld_protocol.session_ping & overworld_protocol.session_ping.$Shape;
    }

    namespace session_ping {

        /** Properties of a session_ping. */
        interface $Properties {

            /** session_ping id */
            id: number;

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a session_ping. */
        type $Shape = overworld_protocol.session_ping.$Properties;
    }

    /**
     * Properties of a session_pong.
     * @deprecated Use overworld_protocol.session_pong.$Properties instead.
     */
    interface Isession_pong extends overworld_protocol.session_pong.$Properties {
    }

    /** Represents a session_pong. */
    class session_pong {

        /**
         * Constructs a new session_pong.
         * @param [properties] Properties to set
         */
        constructor(properties?: overworld_protocol.session_pong.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** session_pong latency. */
        latency: number;

        /**
         * Creates a new session_pong instance using the specified properties.
         * @param [properties] Properties to set
         * @returns session_pong instance
         */
        static create(properties: overworld_protocol.session_pong.$Shape): overworld_protocol.session_pong & overworld_protocol.session_pong.$Shape;
        static create(properties?: overworld_protocol.session_pong.$Properties): overworld_protocol.session_pong;

        /**
         * Encodes the specified session_pong message.
         * @param message session_pong message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: overworld_protocol.session_pong.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a session_pong message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {overworld_protocol.session_pong & overworld_protocol.session_pong.$Shape} session_pong
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): overworld_protocol.session_pong & overworld_protocol.session_pong.$Shape;
    }

    namespace session_pong {

        /** Properties of a session_pong. */
        interface $Properties {

            /** session_pong latency */
            latency: number;

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a session_pong. */
        type $Shape = overworld_protocol.session_pong.$Properties;
    }

    /**
     * Properties of a session_denied.
     * @deprecated Use overworld_protocol.session_denied.$Properties instead.
     */
    interface Isession_denied extends overworld_protocol.session_denied.$Properties {
    }

    /** Represents a session_denied. */
    class session_denied {

        /**
         * Constructs a new session_denied.
         * @param [properties] Properties to set
         */
        constructor(properties?: overworld_protocol.session_denied.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** session_denied reason. */
        reason: overworld_protocol.session_denied.Reason;

        /**
         * Creates a new session_denied instance using the specified properties.
         * @param [properties] Properties to set
         * @returns session_denied instance
         */
        static create(properties: overworld_protocol.session_denied.$Shape): overworld_protocol.session_denied & overworld_protocol.session_denied.$Shape;
        static create(properties?: overworld_protocol.session_denied.$Properties): overworld_protocol.session_denied;

        /**
         * Encodes the specified session_denied message.
         * @param message session_denied message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: overworld_protocol.session_denied.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a session_denied message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {overworld_protocol.session_denied & overworld_protocol.session_denied.$Shape} session_denied
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): overworld_protocol.session_denied & overworld_protocol.session_denied.$Shape;
    }

    namespace session_denied {

        /** Properties of a session_denied. */
        interface $Properties {

            /** session_denied reason */
            reason: overworld_protocol.session_denied.Reason;

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a session_denied. */
        type $Shape = overworld_protocol.session_denied.$Properties;

        /** Reason enum. */
        enum Reason {

            /** no_session value */
            no_session = 1,

            /** bad_token value */
            bad_token = 2,

            /** already_in_session value */
            already_in_session = 3,

            /** no_zone value */
            no_zone = 4,

            /** already_joined value */
            already_joined = 5,

            /** unknown_zone value */
            unknown_zone = 6
        }
    }
}
