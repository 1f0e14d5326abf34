// Generated from core/recording/recording.proto by `npm run generate`: edit that file, not this one.
import * as $protobuf from "protobufjs/minimal.js";

/** Namespace overworld_recording. */
export namespace overworld_recording {

    /**
     * Properties of a block.
     * @deprecated Use overworld_recording.block.$Properties instead.
     */
    interface Iblock extends overworld_recording.block.$Properties {
    }

    /** Represents a block. */
    class block {

        /**
         * Constructs a new block.
         * @param [properties] Properties to set
         */
        constructor(properties?: overworld_recording.block.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** block number. */
        number: number;

        /** block header. */
        header?: (overworld_recording.header.$Properties|null);

        /** block records. */
        records: overworld_recording.record.$Properties[];

        /**
         * Creates a new block instance using the specified properties.
         * @param [properties] Properties to set
         * @returns block instance
         */
        static create(properties: overworld_recording.block.$Shape): overworld_recording.block & overworld_recording.block.$Shape;
        static create(properties?: overworld_recording.block.$Properties): overworld_recording.block;

        /**
         * Encodes the specified block message.
         * @param message block message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: overworld_recording.block.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a block message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {overworld_recording.block & overworld_recording.block.$Shape} block
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): overworld_recording.block & overworld_recording.block.$Shape;
    }

    namespace block {

        /** Properties of a block. */
        interface $Properties {

            /** block number */
            number?: (number|null);

            /** block header */
            header?: (overworld_recording.header.$Properties|null);

            /** block records */
            records?: (overworld_recording.record.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a block. */
        type $Shape = {
          number?: number|null;
          header?: overworld_recording.header.$Shape|null;
          records?: overworld_recording.record.$Shape[]|null;
          $unknowns?: Uint8Array[];
        };
    }

    /**
     * Properties of a header.
     * @deprecated Use overworld_recording.header.$Properties instead.
     */
    interface Iheader extends overworld_recording.header.$Properties {
    }

    /** Represents a header. */
    class header {

        /**
         * Constructs a new header.
         * @param [properties] Properties to set
         */
        constructor(properties?: overworld_recording.header.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** header recording. */
        recording: string;

        /** header part. */
        part: number;

        /** header version. */
        version: string;

        /** header commit. */
        commit: string;

        /** header started_at. */
        started_at: number;

        /** header configuration. */
        configuration: string;

        /** header apps. */
        apps: overworld_recording.app.$Properties[];

        /** header redacted. */
        redacted: boolean;

        /** header clock. */
        clock: number;

        /** header imported_from. */
        imported_from: string;

        /**
         * Creates a new header instance using the specified properties.
         * @param [properties] Properties to set
         * @returns header instance
         */
        static create(properties: overworld_recording.header.$Shape): overworld_recording.header & overworld_recording.header.$Shape;
        static create(properties?: overworld_recording.header.$Properties): overworld_recording.header;

        /**
         * Encodes the specified header message.
         * @param message header message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: overworld_recording.header.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a header message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {overworld_recording.header & overworld_recording.header.$Shape} header
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): overworld_recording.header & overworld_recording.header.$Shape;
    }

    namespace header {

        /** Properties of a header. */
        interface $Properties {

            /** header recording */
            recording?: (string|null);

            /** header part */
            part?: (number|null);

            /** header version */
            version?: (string|null);

            /** header commit */
            commit?: (string|null);

            /** header started_at */
            started_at?: (number|null);

            /** header configuration */
            configuration?: (string|null);

            /** header apps */
            apps?: (overworld_recording.app.$Properties[]|null);

            /** header redacted */
            redacted?: (boolean|null);

            /** header clock */
            clock?: (number|null);

            /** header imported_from */
            imported_from?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a header. */
        type $Shape = overworld_recording.header.$Properties;
    }

    /**
     * Properties of an app.
     * @deprecated Use overworld_recording.app.$Properties instead.
     */
    interface Iapp extends overworld_recording.app.$Properties {
    }

    /** Represents an app. */
    class app {

        /**
         * Constructs a new app.
         * @param [properties] Properties to set
         */
        constructor(properties?: overworld_recording.app.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** app name. */
        name: string;

        /** app prefix. */
        prefix: number;

        /** app schema_hash. */
        schema_hash: string;

        /** app schema. */
        schema: string;

        /**
         * Creates a new app instance using the specified properties.
         * @param [properties] Properties to set
         * @returns app instance
         */
        static create(properties: overworld_recording.app.$Shape): overworld_recording.app & overworld_recording.app.$Shape;
        static create(properties?: overworld_recording.app.$Properties): overworld_recording.app;

        /**
         * Encodes the specified app message.
         * @param message app message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: overworld_recording.app.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an app message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {overworld_recording.app & overworld_recording.app.$Shape} app
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): overworld_recording.app & overworld_recording.app.$Shape;
    }

    namespace app {

        /** Properties of an app. */
        interface $Properties {

            /** app name */
            name?: (string|null);

            /** app prefix */
            prefix?: (number|null);

            /** app schema_hash */
            schema_hash?: (string|null);

            /** app schema */
            schema?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an app. */
        type $Shape = overworld_recording.app.$Properties;
    }

    /** kind enum. */
    enum kind {

        /** boot value */
        boot = 1,

        /** accepted value */
        accepted = 2,

        /** opened value */
        opened = 3,

        /** message value */
        message = 4,

        /** closed value */
        closed = 5,

        /** drained value */
        drained = 6,

        /** ignored value */
        ignored = 7,

        /** fired value */
        fired = 8,

        /** listener_closed value */
        listener_closed = 9,

        /** called value */
        called = 10,

        /** elapsed value */
        elapsed = 11,

        /** missing value */
        missing = 12,

        /** random_bytes value */
        random_bytes = 20,

        /** random_number value */
        random_number = 21,

        /** buffered value */
        buffered = 22,

        /** sent value */
        sent = 30,

        /** sent_again value */
        sent_again = 31,

        /** close value */
        close = 32,

        /** set_timer value */
        set_timer = 33,

        /** cancelled value */
        cancelled = 34,

        /** listened value */
        listened = 35,

        /** close_listener value */
        close_listener = 36,

        /** unrecordable value */
        unrecordable = 50,

        /** ended value */
        ended = 51
    }

    /** mode enum. */
    enum mode {

        /** reliable value */
        reliable = 0,

        /** unreliable value */
        unreliable = 1,

        /** unsequenced value */
        unsequenced = 2
    }

    /** transport enum. */
    enum transport {

        /** websocket value */
        websocket = 0,

        /** enet value */
        enet = 1,

        /** in_process value */
        in_process = 2
    }

    /**
     * Properties of a record.
     * @deprecated Use overworld_recording.record.$Properties instead.
     */
    interface Irecord extends overworld_recording.record.$Properties {
    }

    /** Represents a record. */
    class record {

        /**
         * Constructs a new record.
         * @param [properties] Properties to set
         */
        constructor(properties?: overworld_recording.record.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** record kind. */
        kind: overworld_recording.kind;

        /** record time. */
        time: number;

        /** record connection. */
        connection: number;

        /** record listener. */
        listener: number;

        /** record timer. */
        timer: number;

        /** record bytes. */
        bytes: Uint8Array;

        /** record mode. */
        mode: overworld_recording.mode;

        /** record channel. */
        channel: number;

        /** record code. */
        code: number;

        /** record text. */
        text: string;

        /** record transport. */
        transport: overworld_recording.transport;

        /** record id. */
        id: number;

        /** record number. */
        number: number;

        /** record call. */
        call?: (overworld_recording.call.$Properties|null);

        /** record length. */
        length: number;

        /**
         * Creates a new record instance using the specified properties.
         * @param [properties] Properties to set
         * @returns record instance
         */
        static create(properties: overworld_recording.record.$Shape): overworld_recording.record & overworld_recording.record.$Shape;
        static create(properties?: overworld_recording.record.$Properties): overworld_recording.record;

        /**
         * Encodes the specified record message.
         * @param message record message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: overworld_recording.record.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a record message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {overworld_recording.record & overworld_recording.record.$Shape} record
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): overworld_recording.record & overworld_recording.record.$Shape;
    }

    namespace record {

        /** Properties of a record. */
        interface $Properties {

            /** record kind */
            kind: overworld_recording.kind;

            /** record time */
            time?: (number|null);

            /** record connection */
            connection?: (number|null);

            /** record listener */
            listener?: (number|null);

            /** record timer */
            timer?: (number|null);

            /** record bytes */
            bytes?: (Uint8Array|null);

            /** record mode */
            mode?: (overworld_recording.mode|null);

            /** record channel */
            channel?: (number|null);

            /** record code */
            code?: (number|null);

            /** record text */
            text?: (string|null);

            /** record transport */
            transport?: (overworld_recording.transport|null);

            /** record id */
            id?: (number|null);

            /** record number */
            number?: (number|null);

            /** record call */
            call?: (overworld_recording.call.$Properties|null);

            /** record length */
            length?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a record. */
        type $Shape = {
          kind: overworld_recording.kind;
          time?: number|null;
          connection?: number|null;
          listener?: number|null;
          timer?: number|null;
          bytes?: Uint8Array|null;
          mode?: overworld_recording.mode|null;
          channel?: number|null;
          code?: number|null;
          text?: string|null;
          transport?: overworld_recording.transport|null;
          id?: number|null;
          number?: number|null;
          call?: overworld_recording.call.$Shape|null;
          length?: number|null;
          $unknowns?: Uint8Array[];
        };
    }

    /**
     * Properties of a call.
     * @deprecated Use overworld_recording.call.$Properties instead.
     */
    interface Icall extends overworld_recording.call.$Properties {
    }

    /** Represents a call. */
    class call {

        /**
         * Constructs a new call.
         * @param [properties] Properties to set
         */
        constructor(properties?: overworld_recording.call.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** call on. */
        on: overworld_recording.value.$Properties;

        /** call method. */
        method: string;

        /** call args. */
        args: overworld_recording.value.$Properties[];

        /**
         * Creates a new call instance using the specified properties.
         * @param [properties] Properties to set
         * @returns call instance
         */
        static create(properties: overworld_recording.call.$Shape): overworld_recording.call & overworld_recording.call.$Shape;
        static create(properties?: overworld_recording.call.$Properties): overworld_recording.call;

        /**
         * Encodes the specified call message.
         * @param message call message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: overworld_recording.call.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a call message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {overworld_recording.call & overworld_recording.call.$Shape} call
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): overworld_recording.call & overworld_recording.call.$Shape;
    }

    namespace call {

        /** Properties of a call. */
        interface $Properties {

            /** call on */
            on: overworld_recording.value.$Properties;

            /** call method */
            method: string;

            /** call args */
            args?: (overworld_recording.value.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a call. */
        type $Shape = {
          on: overworld_recording.value.$Shape;
          method: string;
          args?: overworld_recording.value.$Shape[]|null;
          $unknowns?: Uint8Array[];
        };
    }

    /**
     * Properties of a value.
     * @deprecated Use overworld_recording.value.$Properties instead.
     */
    interface Ivalue extends overworld_recording.value.$Properties {
    }

    /** Represents a value. */
    class value {

        /**
         * Constructs a new value.
         * @param [properties] Properties to set
         */
        constructor(properties?: overworld_recording.value.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** value number. */
        number?: (number|null);

        /** value text. */
        text?: (string|null);

        /** value flag. */
        flag?: (boolean|null);

        /** value bytes. */
        bytes?: (Uint8Array|null);

        /** value list. */
        list?: (overworld_recording.list.$Properties|null);

        /** value object. */
        object?: (overworld_recording.fields.$Properties|null);

        /** value undefined. */
        undefined?: (boolean|null);

        /** value null. */
        null?: (boolean|null);

        /** value session. */
        session?: (number|null);

        /** value zone. */
        zone?: (overworld_recording.zone.$Properties|null);

        /** value app. */
        app?: (number|null);

        /** value connection. */
        connection?: (number|null);

        /** value definition. */
        definition?: (number|null);

        /** value place. */
        place?: (string|null);

        /** value bigint. */
        bigint?: (string|null);

        /** value value. */
        value?: ("number"|"text"|"flag"|"bytes"|"list"|"object"|"undefined"|"null"|"session"|"zone"|"app"|"connection"|"definition"|"place"|"bigint");

        /**
         * Creates a new value instance using the specified properties.
         * @param [properties] Properties to set
         * @returns value instance
         */
        static create(properties: overworld_recording.value.$Shape): overworld_recording.value & overworld_recording.value.$Shape;
        static create(properties?: overworld_recording.value.$Properties): overworld_recording.value;

        /**
         * Encodes the specified value message.
         * @param message value message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: overworld_recording.value.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a value message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {overworld_recording.value & overworld_recording.value.$Shape} value
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): overworld_recording.value & overworld_recording.value.$Shape;
    }

    namespace value {

        /** Properties of a value. */
        interface $Properties {

            /** value number */
            number?: (number|null);

            /** value text */
            text?: (string|null);

            /** value flag */
            flag?: (boolean|null);

            /** value bytes */
            bytes?: (Uint8Array|null);

            /** value list */
            list?: (overworld_recording.list.$Properties|null);

            /** value object */
            object?: (overworld_recording.fields.$Properties|null);

            /** value undefined */
            undefined?: (boolean|null);

            /** value null */
            "null"?: (boolean|null);

            /** value session */
            session?: (number|null);

            /** value zone */
            zone?: (overworld_recording.zone.$Properties|null);

            /** value app */
            app?: (number|null);

            /** value connection */
            connection?: (number|null);

            /** value definition */
            definition?: (number|null);

            /** value place */
            place?: (string|null);

            /** value bigint */
            bigint?: (string|null);

            /** value value */
            value?: ("number"|"text"|"flag"|"bytes"|"list"|"object"|"undefined"|"null"|"session"|"zone"|"app"|"connection"|"definition"|"place"|"bigint");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of a value. */
        type $Shape = {
          number?: number|null;
          text?: string|null;
          flag?: boolean|null;
          bytes?: Uint8Array|null;
          list?: overworld_recording.list.$Shape|null;
          object?: overworld_recording.fields.$Shape|null;
          undefined?: boolean|null;
          "null"?: boolean|null;
          session?: number|null;
          zone?: overworld_recording.zone.$Shape|null;
          app?: number|null;
          connection?: number|null;
          definition?: number|null;
          place?: string|null;
          bigint?: string|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ value?: undefined; number?: null; text?: null; flag?: null; bytes?: null; list?: null; object?: null; undefined?: null; "null"?: null; session?: null; zone?: null; app?: null; connection?: null; definition?: null; place?: null; bigint?: null }|{ value?: "number"; number: number; text?: null; flag?: null; bytes?: null; list?: null; object?: null; undefined?: null; "null"?: null; session?: null; zone?: null; app?: null; connection?: null; definition?: null; place?: null; bigint?: null }|{ value?: "text"; number?: null; text: string; flag?: null; bytes?: null; list?: null; object?: null; undefined?: null; "null"?: null; session?: null; zone?: null; app?: null; connection?: null; definition?: null; place?: null; bigint?: null }|{ value?: "flag"; number?: null; text?: null; flag: boolean; bytes?: null; list?: null; object?: null; undefined?: null; "null"?: null; session?: null; zone?: null; app?: null; connection?: null; definition?: null; place?: null; bigint?: null }|{ value?: "bytes"; number?: null; text?: null; flag?: null; bytes: Uint8Array; list?: null; object?: null; undefined?: null; "null"?: null; session?: null; zone?: null; app?: null; connection?: null; definition?: null; place?: null; bigint?: null }|{ value?: "list"; number?: null; text?: null; flag?: null; bytes?: null; list: overworld_recording.list.$Shape; object?: null; undefined?: null; "null"?: null; session?: null; zone?: null; app?: null; connection?: null; definition?: null; place?: null; bigint?: null }|{ value?: "object"; number?: null; text?: null; flag?: null; bytes?: null; list?: null; object: overworld_recording.fields.$Shape; undefined?: null; "null"?: null; session?: null; zone?: null; app?: null; connection?: null; definition?: null; place?: null; bigint?: null }|{ value?: "undefined"; number?: null; text?: null; flag?: null; bytes?: null; list?: null; object?: null; undefined: boolean; "null"?: null; session?: null; zone?: null; app?: null; connection?: null; definition?: null; place?: null; bigint?: null }|{ value?: "null"; number?: null; text?: null; flag?: null; bytes?: null; list?: null; object?: null; undefined?: null; "null": boolean; session?: null; zone?: null; app?: null; connection?: null; definition?: null; place?: null; bigint?: null }|{ value?: "session"; number?: null; text?: null; flag?: null; bytes?: null; list?: null; object?: null; undefined?: null; "null"?: null; session: number; zone?: null; app?: null; connection?: null; definition?: null; place?: null; bigint?: null }|{ value?: "zone"; number?: null; text?: null; flag?: null; bytes?: null; list?: null; object?: null; undefined?: null; "null"?: null; session?: null; zone: overworld_recording.zone.$Shape; app?: null; connection?: null; definition?: null; place?: null; bigint?: null }|{ value?: "app"; number?: null; text?: null; flag?: null; bytes?: null; list?: null; object?: null; undefined?: null; "null"?: null; session?: null; zone?: null; app: number; connection?: null; definition?: null; place?: null; bigint?: null }|{ value?: "connection"; number?: null; text?: null; flag?: null; bytes?: null; list?: null; object?: null; undefined?: null; "null"?: null; session?: null; zone?: null; app?: null; connection: number; definition?: null; place?: null; bigint?: null }|{ value?: "definition"; number?: null; text?: null; flag?: null; bytes?: null; list?: null; object?: null; undefined?: null; "null"?: null; session?: null; zone?: null; app?: null; connection?: null; definition: number; place?: null; bigint?: null }|{ value?: "place"; number?: null; text?: null; flag?: null; bytes?: null; list?: null; object?: null; undefined?: null; "null"?: null; session?: null; zone?: null; app?: null; connection?: null; definition?: null; place: string; bigint?: null }|{ value?: "bigint"; number?: null; text?: null; flag?: null; bytes?: null; list?: null; object?: null; undefined?: null; "null"?: null; session?: null; zone?: null; app?: null; connection?: null; definition?: null; place?: null; bigint: string })
        );
    }

    /**
     * Properties of a list.
     * @deprecated Use overworld_recording.list.$Properties instead.
     */
    interface Ilist extends overworld_recording.list.$Properties {
    }

    /** Represents a list. */
    class list {

        /**
         * Constructs a new list.
         * @param [properties] Properties to set
         */
        constructor(properties?: overworld_recording.list.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** list items. */
        items: overworld_recording.value.$Properties[];

        /**
         * Creates a new list instance using the specified properties.
         * @param [properties] Properties to set
         * @returns list instance
         */
        static create(properties: overworld_recording.list.$Shape): overworld_recording.list & overworld_recording.list.$Shape;
        static create(properties?: overworld_recording.list.$Properties): overworld_recording.list;

        /**
         * Encodes the specified list message.
         * @param message list message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: overworld_recording.list.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a list message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {overworld_recording.list & overworld_recording.list.$Shape} list
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): overworld_recording.list & overworld_recording.list.$Shape;
    }

    namespace list {

        /** Properties of a list. */
        interface $Properties {

            /** list items */
            items?: (overworld_recording.value.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a list. */
        type $Shape = {
          items?: overworld_recording.value.$Shape[]|null;
          $unknowns?: Uint8Array[];
        };
    }

    /**
     * Properties of a fields.
     * @deprecated Use overworld_recording.fields.$Properties instead.
     */
    interface Ifields extends overworld_recording.fields.$Properties {
    }

    /** Represents a fields. */
    class fields {

        /**
         * Constructs a new fields.
         * @param [properties] Properties to set
         */
        constructor(properties?: overworld_recording.fields.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** fields names. */
        names: string[];

        /** fields values. */
        values: overworld_recording.value.$Properties[];

        /**
         * Creates a new fields instance using the specified properties.
         * @param [properties] Properties to set
         * @returns fields instance
         */
        static create(properties: overworld_recording.fields.$Shape): overworld_recording.fields & overworld_recording.fields.$Shape;
        static create(properties?: overworld_recording.fields.$Properties): overworld_recording.fields;

        /**
         * Encodes the specified fields message.
         * @param message fields message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: overworld_recording.fields.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a fields message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {overworld_recording.fields & overworld_recording.fields.$Shape} fields
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): overworld_recording.fields & overworld_recording.fields.$Shape;
    }

    namespace fields {

        /** Properties of a fields. */
        interface $Properties {

            /** fields names */
            names?: (string[]|null);

            /** fields values */
            values?: (overworld_recording.value.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a fields. */
        type $Shape = {
          names?: string[]|null;
          values?: overworld_recording.value.$Shape[]|null;
          $unknowns?: Uint8Array[];
        };
    }

    /**
     * Properties of a zone.
     * @deprecated Use overworld_recording.zone.$Properties instead.
     */
    interface Izone extends overworld_recording.zone.$Properties {
    }

    /** Represents a zone. */
    class zone {

        /**
         * Constructs a new zone.
         * @param [properties] Properties to set
         */
        constructor(properties?: overworld_recording.zone.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** zone app. */
        app: number;

        /** zone name. */
        name: string;

        /**
         * Creates a new zone instance using the specified properties.
         * @param [properties] Properties to set
         * @returns zone instance
         */
        static create(properties: overworld_recording.zone.$Shape): overworld_recording.zone & overworld_recording.zone.$Shape;
        static create(properties?: overworld_recording.zone.$Properties): overworld_recording.zone;

        /**
         * Encodes the specified zone message.
         * @param message zone message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: overworld_recording.zone.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a zone message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {overworld_recording.zone & overworld_recording.zone.$Shape} zone
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): overworld_recording.zone & overworld_recording.zone.$Shape;
    }

    namespace zone {

        /** Properties of a zone. */
        interface $Properties {

            /** zone app */
            app: number;

            /** zone name */
            name: string;

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a zone. */
        type $Shape = overworld_recording.zone.$Properties;
    }
}
