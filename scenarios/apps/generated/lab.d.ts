// Generated from scenarios/apps/lab.proto by `npm run generate`: edit that file, not this one.
import * as $protobuf from "protobufjs/minimal.js";

/** Namespace lab_app. */
export namespace lab_app {

    /**
     * Properties of a lab.
     * @deprecated Use lab_app.lab.$Properties instead.
     */
    interface Ilab extends lab_app.lab.$Properties {
    }

    /** Represents a lab. */
    class lab {

        /**
         * Constructs a new lab.
         * @param [properties] Properties to set
         */
        constructor(properties?: lab_app.lab.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** lab join. */
        join?: (lab_app.join.$Properties|null);

        /** lab part. */
        part?: (lab_app.part.$Properties|null);

        /** lab order. */
        order?: (lab_app.order.$Properties|null);

        /** lab report. */
        report?: (lab_app.report.$Properties|null);

        /** lab flash. */
        flash?: (lab_app.flash.$Properties|null);

        /** lab msg. */
        msg?: ("join"|"part"|"order"|"report"|"flash");

        /**
         * Creates a new lab instance using the specified properties.
         * @param [properties] Properties to set
         * @returns lab instance
         */
        static create(properties: lab_app.lab.$Shape): lab_app.lab & lab_app.lab.$Shape;
        static create(properties?: lab_app.lab.$Properties): lab_app.lab;

        /**
         * Encodes the specified lab message.
         * @param message lab message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: lab_app.lab.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a lab message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {lab_app.lab & lab_app.lab.$Shape} lab
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): lab_app.lab & lab_app.lab.$Shape;
    }

    namespace lab {

        /** Properties of a lab. */
        interface $Properties {

            /** lab join */
            join?: (lab_app.join.$Properties|null);

            /** lab part */
            part?: (lab_app.part.$Properties|null);

            /** lab order */
            order?: (lab_app.order.$Properties|null);

            /** lab report */
            report?: (lab_app.report.$Properties|null);

            /** lab flash */
            flash?: (lab_app.flash.$Properties|null);

            /** lab msg */
            msg?: ("join"|"part"|"order"|"report"|"flash");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of a lab. */
        type $Shape = {
          join?: lab_app.join.$Shape|null;
          part?: lab_app.part.$Shape|null;
          order?: lab_app.order.$Shape|null;
          report?: lab_app.report.$Shape|null;
          flash?: lab_app.flash.$Shape|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ msg?: undefined; join?: null; part?: null; order?: null; report?: null; flash?: null }|{ msg?: "join"; join: lab_app.join.$Shape; part?: null; order?: null; report?: null; flash?: null }|{ msg?: "part"; join?: null; part: lab_app.part.$Shape; order?: null; report?: null; flash?: null }|{ msg?: "order"; join?: null; part?: null; order: lab_app.order.$Shape; report?: null; flash?: null }|{ msg?: "report"; join?: null; part?: null; order?: null; report: lab_app.report.$Shape; flash?: null }|{ msg?: "flash"; join?: null; part?: null; order?: null; report?: null; flash: lab_app.flash.$Shape })
        );
    }

    /**
     * Properties of a join.
     * @deprecated Use lab_app.join.$Properties instead.
     */
    interface Ijoin extends lab_app.join.$Properties {
    }

    /** Represents a join. */
    class join {

        /**
         * Constructs a new join.
         * @param [properties] Properties to set
         */
        constructor(properties?: lab_app.join.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** join wish. */
        wish: lab_app.join.Wish;

        /**
         * Creates a new join instance using the specified properties.
         * @param [properties] Properties to set
         * @returns join instance
         */
        static create(properties: lab_app.join.$Shape): lab_app.join & lab_app.join.$Shape;
        static create(properties?: lab_app.join.$Properties): lab_app.join;

        /**
         * Encodes the specified join message.
         * @param message join message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: lab_app.join.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a join message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {lab_app.join & lab_app.join.$Shape} join
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): lab_app.join & lab_app.join.$Shape;
    }

    namespace join {

        /** Properties of a join. */
        interface $Properties {

            /** join wish */
            wish?: (lab_app.join.Wish|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a join. */
        type $Shape = lab_app.join.$Properties;

        /** Wish enum. */
        enum Wish {

            /** welcome value */
            welcome = 1,

            /** refusal value */
            refusal = 2,

            /** failure value */
            failure = 3,

            /** nowhere value */
            nowhere = 4,

            /** wrong_turn value */
            wrong_turn = 5,

            /** elsewhere value */
            elsewhere = 6
        }
    }

    /**
     * Properties of a part.
     * @deprecated Use lab_app.part.$Properties instead.
     */
    interface Ipart extends lab_app.part.$Properties {
    }

    /** Represents a part. */
    class part {

        /**
         * Constructs a new part.
         * @param [properties] Properties to set
         */
        constructor(properties?: lab_app.part.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /**
         * Creates a new part instance using the specified properties.
         * @param [properties] Properties to set
         * @returns part instance
         */
        static create(properties: lab_app.part.$Shape): lab_app.part & lab_app.part.$Shape;
        static create(properties?: lab_app.part.$Properties): lab_app.part;

        /**
         * Encodes the specified part message.
         * @param message part message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: lab_app.part.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a part message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {lab_app.part & lab_app.part.$Shape} part
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): lab_app.part & lab_app.part.$Shape;
    }

    namespace part {

        /** Properties of a part. */
        interface $Properties {

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a part. */
        type $Shape = lab_app.part.$Properties;
    }

    /**
     * Properties of an order.
     * @deprecated Use lab_app.order.$Properties instead.
     */
    interface Iorder extends lab_app.order.$Properties {
    }

    /** Represents an order. */
    class order {

        /**
         * Constructs a new order.
         * @param [properties] Properties to set
         */
        constructor(properties?: lab_app.order.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** order number. */
        number: number;

        /** order kind. */
        kind: lab_app.order.Kind;

        /** order delay_ms. */
        delay_ms: number;

        /**
         * Creates a new order instance using the specified properties.
         * @param [properties] Properties to set
         * @returns order instance
         */
        static create(properties: lab_app.order.$Shape): lab_app.order & lab_app.order.$Shape;
        static create(properties?: lab_app.order.$Properties): lab_app.order;

        /**
         * Encodes the specified order message.
         * @param message order message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: lab_app.order.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an order message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {lab_app.order & lab_app.order.$Shape} order
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): lab_app.order & lab_app.order.$Shape;
    }

    namespace order {

        /** Properties of an order. */
        interface $Properties {

            /** order number */
            number: number;

            /** order kind */
            kind: lab_app.order.Kind;

            /** order delay_ms */
            delay_ms?: (number|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an order. */
        type $Shape = lab_app.order.$Properties;

        /** Kind enum. */
        enum Kind {

            /** echo value */
            echo = 1,

            /** hand_round value */
            hand_round = 2,

            /** announce value */
            announce = 3,

            /** remind value */
            remind = 4,

            /** forget value */
            forget = 5,

            /** note value */
            note = 6,

            /** fail value */
            fail = 7,

            /** fail_later value */
            fail_later = 8,

            /** show_out value */
            show_out = 9,

            /** note_badly value */
            note_badly = 10,

            /** whisper value */
            whisper = 11,

            /** dismiss value */
            dismiss = 13,

            /** replace value */
            replace = 14,

            /** see_off value */
            see_off = 12,

            /** burst value */
            burst = 15,

            /** think_better value */
            think_better = 16,

            /** show_out_leaver value */
            show_out_leaver = 17
        }
    }

    /**
     * Properties of a report.
     * @deprecated Use lab_app.report.$Properties instead.
     */
    interface Ireport extends lab_app.report.$Properties {
    }

    /** Represents a report. */
    class report {

        /**
         * Constructs a new report.
         * @param [properties] Properties to set
         */
        constructor(properties?: lab_app.report.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** report number. */
        number: number;

        /**
         * Creates a new report instance using the specified properties.
         * @param [properties] Properties to set
         * @returns report instance
         */
        static create(properties: lab_app.report.$Shape): lab_app.report & lab_app.report.$Shape;
        static create(properties?: lab_app.report.$Properties): lab_app.report;

        /**
         * Encodes the specified report message.
         * @param message report message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: lab_app.report.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a report message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {lab_app.report & lab_app.report.$Shape} report
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): lab_app.report & lab_app.report.$Shape;
    }

    namespace report {

        /** Properties of a report. */
        interface $Properties {

            /** report number */
            number: number;

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a report. */
        type $Shape = lab_app.report.$Properties;
    }

    /**
     * Properties of a flash.
     * @deprecated Use lab_app.flash.$Properties instead.
     */
    interface Iflash extends lab_app.flash.$Properties {
    }

    /** Represents a flash. */
    class flash {

        /**
         * Constructs a new flash.
         * @param [properties] Properties to set
         */
        constructor(properties?: lab_app.flash.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** flash number. */
        number: number;

        /**
         * Creates a new flash instance using the specified properties.
         * @param [properties] Properties to set
         * @returns flash instance
         */
        static create(properties: lab_app.flash.$Shape): lab_app.flash & lab_app.flash.$Shape;
        static create(properties?: lab_app.flash.$Properties): lab_app.flash;

        /**
         * Encodes the specified flash message.
         * @param message flash message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: lab_app.flash.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a flash message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {lab_app.flash & lab_app.flash.$Shape} flash
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): lab_app.flash & lab_app.flash.$Shape;
    }

    namespace flash {

        /** Properties of a flash. */
        interface $Properties {

            /** flash number */
            number: number;

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a flash. */
        type $Shape = lab_app.flash.$Properties;
    }
}
