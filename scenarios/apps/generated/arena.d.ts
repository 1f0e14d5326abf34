// Generated from scenarios/apps/arena.proto by `npm run generate`: edit that file, not this one.
import * as $protobuf from "protobufjs/minimal.js";

/** Namespace arena_app. */
export namespace arena_app {

    /**
     * Properties of an arena.
     * @deprecated Use arena_app.arena.$Properties instead.
     */
    interface Iarena extends arena_app.arena.$Properties {
    }

    /** Represents an arena. */
    class arena {

        /**
         * Constructs a new arena.
         * @param [properties] Properties to set
         */
        constructor(properties?: arena_app.arena.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** arena join. */
        join?: (arena_app.join.$Properties|null);

        /** arena part. */
        part?: (arena_app.part.$Properties|null);

        /** arena input. */
        input?: (arena_app.input.$Properties|null);

        /** arena snapshot. */
        snapshot?: (arena_app.snapshot.$Properties|null);

        /** arena event. */
        event?: (arena_app.event.$Properties|null);

        /** arena msg. */
        msg?: ("join"|"part"|"input"|"snapshot"|"event");

        /**
         * Creates a new arena instance using the specified properties.
         * @param [properties] Properties to set
         * @returns arena instance
         */
        static create(properties: arena_app.arena.$Shape): arena_app.arena & arena_app.arena.$Shape;
        static create(properties?: arena_app.arena.$Properties): arena_app.arena;

        /**
         * Encodes the specified arena message.
         * @param message arena message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: arena_app.arena.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an arena message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {arena_app.arena & arena_app.arena.$Shape} arena
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): arena_app.arena & arena_app.arena.$Shape;
    }

    namespace arena {

        /** Properties of an arena. */
        interface $Properties {

            /** arena join */
            join?: (arena_app.join.$Properties|null);

            /** arena part */
            part?: (arena_app.part.$Properties|null);

            /** arena input */
            input?: (arena_app.input.$Properties|null);

            /** arena snapshot */
            snapshot?: (arena_app.snapshot.$Properties|null);

            /** arena event */
            event?: (arena_app.event.$Properties|null);

            /** arena msg */
            msg?: ("join"|"part"|"input"|"snapshot"|"event");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of an arena. */
        type $Shape = {
          join?: arena_app.join.$Shape|null;
          part?: arena_app.part.$Shape|null;
          input?: arena_app.input.$Shape|null;
          snapshot?: arena_app.snapshot.$Shape|null;
          event?: arena_app.event.$Shape|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ msg?: undefined; join?: null; part?: null; input?: null; snapshot?: null; event?: null }|{ msg?: "join"; join: arena_app.join.$Shape; part?: null; input?: null; snapshot?: null; event?: null }|{ msg?: "part"; join?: null; part: arena_app.part.$Shape; input?: null; snapshot?: null; event?: null }|{ msg?: "input"; join?: null; part?: null; input: arena_app.input.$Shape; snapshot?: null; event?: null }|{ msg?: "snapshot"; join?: null; part?: null; input?: null; snapshot: arena_app.snapshot.$Shape; event?: null }|{ msg?: "event"; join?: null; part?: null; input?: null; snapshot?: null; event: arena_app.event.$Shape })
        );
    }

    /**
     * Properties of a join.
     * @deprecated Use arena_app.join.$Properties instead.
     */
    interface Ijoin extends arena_app.join.$Properties {
    }

    /** Represents a join. */
    class join {

        /**
         * Constructs a new join.
         * @param [properties] Properties to set
         */
        constructor(properties?: arena_app.join.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** join handle. */
        handle: string;

        /**
         * Creates a new join instance using the specified properties.
         * @param [properties] Properties to set
         * @returns join instance
         */
        static create(properties: arena_app.join.$Shape): arena_app.join & arena_app.join.$Shape;
        static create(properties?: arena_app.join.$Properties): arena_app.join;

        /**
         * Encodes the specified join message.
         * @param message join message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: arena_app.join.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a join message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {arena_app.join & arena_app.join.$Shape} join
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): arena_app.join & arena_app.join.$Shape;
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
        type $Shape = arena_app.join.$Properties;
    }

    /**
     * Properties of a part.
     * @deprecated Use arena_app.part.$Properties instead.
     */
    interface Ipart extends arena_app.part.$Properties {
    }

    /** Represents a part. */
    class part {

        /**
         * Constructs a new part.
         * @param [properties] Properties to set
         */
        constructor(properties?: arena_app.part.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /**
         * Creates a new part instance using the specified properties.
         * @param [properties] Properties to set
         * @returns part instance
         */
        static create(properties: arena_app.part.$Shape): arena_app.part & arena_app.part.$Shape;
        static create(properties?: arena_app.part.$Properties): arena_app.part;

        /**
         * Encodes the specified part message.
         * @param message part message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: arena_app.part.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a part message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {arena_app.part & arena_app.part.$Shape} part
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): arena_app.part & arena_app.part.$Shape;
    }

    namespace part {

        /** Properties of a part. */
        interface $Properties {

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a part. */
        type $Shape = arena_app.part.$Properties;
    }

    /**
     * Properties of an input.
     * @deprecated Use arena_app.input.$Properties instead.
     */
    interface Iinput extends arena_app.input.$Properties {
    }

    /** Represents an input. */
    class input {

        /**
         * Constructs a new input.
         * @param [properties] Properties to set
         */
        constructor(properties?: arena_app.input.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** input seq. */
        seq: number;

        /** input dx. */
        dx: number;

        /** input dy. */
        dy: number;

        /** input fire. */
        fire: boolean;

        /**
         * Creates a new input instance using the specified properties.
         * @param [properties] Properties to set
         * @returns input instance
         */
        static create(properties: arena_app.input.$Shape): arena_app.input & arena_app.input.$Shape;
        static create(properties?: arena_app.input.$Properties): arena_app.input;

        /**
         * Encodes the specified input message.
         * @param message input message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: arena_app.input.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an input message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {arena_app.input & arena_app.input.$Shape} input
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): arena_app.input & arena_app.input.$Shape;
    }

    namespace input {

        /** Properties of an input. */
        interface $Properties {

            /** input seq */
            seq: number;

            /** input dx */
            dx?: (number|null);

            /** input dy */
            dy?: (number|null);

            /** input fire */
            fire?: (boolean|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an input. */
        type $Shape = arena_app.input.$Properties;
    }

    /**
     * Properties of an entity.
     * @deprecated Use arena_app.entity.$Properties instead.
     */
    interface Ientity extends arena_app.entity.$Properties {
    }

    /** Represents an entity. */
    class entity {

        /**
         * Constructs a new entity.
         * @param [properties] Properties to set
         */
        constructor(properties?: arena_app.entity.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** entity id. */
        id: number;

        /** entity x. */
        x: number;

        /** entity y. */
        y: number;

        /** entity last_seq. */
        last_seq: number;

        /**
         * Creates a new entity instance using the specified properties.
         * @param [properties] Properties to set
         * @returns entity instance
         */
        static create(properties: arena_app.entity.$Shape): arena_app.entity & arena_app.entity.$Shape;
        static create(properties?: arena_app.entity.$Properties): arena_app.entity;

        /**
         * Encodes the specified entity message.
         * @param message entity message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: arena_app.entity.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an entity message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {arena_app.entity & arena_app.entity.$Shape} entity
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): arena_app.entity & arena_app.entity.$Shape;
    }

    namespace entity {

        /** Properties of an entity. */
        interface $Properties {

            /** entity id */
            id: number;

            /** entity x */
            x: number;

            /** entity y */
            y: number;

            /** entity last_seq */
            last_seq?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an entity. */
        type $Shape = arena_app.entity.$Properties;
    }

    /**
     * Properties of a snapshot.
     * @deprecated Use arena_app.snapshot.$Properties instead.
     */
    interface Isnapshot extends arena_app.snapshot.$Properties {
    }

    /** Represents a snapshot. */
    class snapshot {

        /**
         * Constructs a new snapshot.
         * @param [properties] Properties to set
         */
        constructor(properties?: arena_app.snapshot.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** snapshot frame. */
        frame: number;

        /** snapshot entities. */
        entities: arena_app.entity.$Properties[];

        /**
         * Creates a new snapshot instance using the specified properties.
         * @param [properties] Properties to set
         * @returns snapshot instance
         */
        static create(properties: arena_app.snapshot.$Shape): arena_app.snapshot & arena_app.snapshot.$Shape;
        static create(properties?: arena_app.snapshot.$Properties): arena_app.snapshot;

        /**
         * Encodes the specified snapshot message.
         * @param message snapshot message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: arena_app.snapshot.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a snapshot message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {arena_app.snapshot & arena_app.snapshot.$Shape} snapshot
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): arena_app.snapshot & arena_app.snapshot.$Shape;
    }

    namespace snapshot {

        /** Properties of a snapshot. */
        interface $Properties {

            /** snapshot frame */
            frame: number;

            /** snapshot entities */
            entities?: (arena_app.entity.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a snapshot. */
        type $Shape = arena_app.snapshot.$Properties;
    }

    /**
     * Properties of an event.
     * @deprecated Use arena_app.event.$Properties instead.
     */
    interface Ievent extends arena_app.event.$Properties {
    }

    /** Represents an event. */
    class event {

        /**
         * Constructs a new event.
         * @param [properties] Properties to set
         */
        constructor(properties?: arena_app.event.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** event number. */
        number: number;

        /** event kind. */
        kind: arena_app.event.Kind;

        /** event subject. */
        subject: number;

        /** event object. */
        object: number;

        /**
         * Creates a new event instance using the specified properties.
         * @param [properties] Properties to set
         * @returns event instance
         */
        static create(properties: arena_app.event.$Shape): arena_app.event & arena_app.event.$Shape;
        static create(properties?: arena_app.event.$Properties): arena_app.event;

        /**
         * Encodes the specified event message.
         * @param message event message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: arena_app.event.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an event message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {arena_app.event & arena_app.event.$Shape} event
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): arena_app.event & arena_app.event.$Shape;
    }

    namespace event {

        /** Properties of an event. */
        interface $Properties {

            /** event number */
            number: number;

            /** event kind */
            kind: arena_app.event.Kind;

            /** event subject */
            subject?: (number|null);

            /** event object */
            object?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an event. */
        type $Shape = arena_app.event.$Properties;

        /** Kind enum. */
        enum Kind {

            /** spawned value */
            spawned = 1,

            /** left value */
            left = 2,

            /** hit value */
            hit = 3
        }
    }
}
