// Generated from core/recording/recording.proto by `npm run generate`: edit that file, not this one.
/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

const $root = $protobuf.roots["overworld_recording"] || ($protobuf.roots["overworld_recording"] = {});

export const overworld_recording = $root.overworld_recording = (() => {

    const overworld_recording = {};

    overworld_recording.block = (function() {

        const block = function (properties) {
            this.records = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        block.prototype.number = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        block.prototype.header = null;
        block.prototype.records = $util.emptyArray;

        block.create = function(properties) {
            return new block(properties);
        };

        block.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.number != null && $Object.hasOwnProperty.call(message, "number"))
                writer.uint32(8).uint64(message.number);
            if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                $root.overworld_recording.header.encode(message.header, writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.records != null && message.records.length)
                for (let i = 0; i < message.records.length; ++i)
                    $root.overworld_recording.record.encode(message.records[i], writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        block.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.overworld_recording.block();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        message.number = reader.uint64();
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.header = $root.overworld_recording.header.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.records && message.records.length))
                            message.records = [];
                        message.records.push($root.overworld_recording.record.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return block;
    })();

    overworld_recording.header = (function() {

        const header = function (properties) {
            this.apps = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        header.prototype.recording = "";
        header.prototype.part = 0;
        header.prototype.version = "";
        header.prototype.commit = "";
        header.prototype.started_at = 0;
        header.prototype.configuration = "";
        header.prototype.apps = $util.emptyArray;
        header.prototype.redacted = false;
        header.prototype.clock = 0;
        header.prototype.imported_from = "";

        header.create = function(properties) {
            return new header(properties);
        };

        header.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.recording != null && $Object.hasOwnProperty.call(message, "recording"))
                writer.uint32(10).string(message.recording);
            if (message.part != null && $Object.hasOwnProperty.call(message, "part"))
                writer.uint32(16).uint32(message.part);
            if (message.version != null && $Object.hasOwnProperty.call(message, "version"))
                writer.uint32(26).string(message.version);
            if (message.commit != null && $Object.hasOwnProperty.call(message, "commit"))
                writer.uint32(34).string(message.commit);
            if (message.started_at != null && $Object.hasOwnProperty.call(message, "started_at"))
                writer.uint32(41).double(message.started_at);
            if (message.configuration != null && $Object.hasOwnProperty.call(message, "configuration"))
                writer.uint32(50).string(message.configuration);
            if (message.apps != null && message.apps.length)
                for (let i = 0; i < message.apps.length; ++i)
                    $root.overworld_recording.app.encode(message.apps[i], writer.uint32(58).fork(), _depth + 1).ldelim();
            if (message.redacted != null && $Object.hasOwnProperty.call(message, "redacted"))
                writer.uint32(64).bool(message.redacted);
            if (message.clock != null && $Object.hasOwnProperty.call(message, "clock"))
                writer.uint32(73).double(message.clock);
            if (message.imported_from != null && $Object.hasOwnProperty.call(message, "imported_from"))
                writer.uint32(82).string(message.imported_from);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        header.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.overworld_recording.header();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.recording = reader.string();
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        message.part = reader.uint32();
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.version = reader.string();
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        message.commit = reader.string();
                        continue;
                    }
                case 5: {
                        if (wireType !== 1)
                            break;
                        message.started_at = reader.double();
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        message.configuration = reader.string();
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if (!(message.apps && message.apps.length))
                            message.apps = [];
                        message.apps.push($root.overworld_recording.app.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        message.redacted = reader.bool();
                        continue;
                    }
                case 9: {
                        if (wireType !== 1)
                            break;
                        message.clock = reader.double();
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        message.imported_from = reader.string();
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return header;
    })();

    overworld_recording.app = (function() {

        const app = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        app.prototype.name = "";
        app.prototype.prefix = 0;
        app.prototype.schema_hash = "";
        app.prototype.schema = "";

        app.create = function(properties) {
            return new app(properties);
        };

        app.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                writer.uint32(10).string(message.name);
            if (message.prefix != null && $Object.hasOwnProperty.call(message, "prefix"))
                writer.uint32(16).uint32(message.prefix);
            if (message.schema_hash != null && $Object.hasOwnProperty.call(message, "schema_hash"))
                writer.uint32(26).string(message.schema_hash);
            if (message.schema != null && $Object.hasOwnProperty.call(message, "schema"))
                writer.uint32(34).string(message.schema);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        app.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.overworld_recording.app();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.name = reader.string();
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        message.prefix = reader.uint32();
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        message.schema_hash = reader.string();
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        message.schema = reader.string();
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return app;
    })();

    overworld_recording.kind = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[1] = "boot"] = 1;
        values[valuesById[2] = "accepted"] = 2;
        values[valuesById[3] = "opened"] = 3;
        values[valuesById[4] = "message"] = 4;
        values[valuesById[5] = "closed"] = 5;
        values[valuesById[6] = "drained"] = 6;
        values[valuesById[7] = "ignored"] = 7;
        values[valuesById[8] = "fired"] = 8;
        values[valuesById[9] = "listener_closed"] = 9;
        values[valuesById[10] = "called"] = 10;
        values[valuesById[11] = "elapsed"] = 11;
        values[valuesById[12] = "missing"] = 12;
        values[valuesById[20] = "random_bytes"] = 20;
        values[valuesById[21] = "random_number"] = 21;
        values[valuesById[22] = "buffered"] = 22;
        values[valuesById[30] = "sent"] = 30;
        values[valuesById[31] = "sent_again"] = 31;
        values[valuesById[32] = "close"] = 32;
        values[valuesById[33] = "set_timer"] = 33;
        values[valuesById[34] = "cancelled"] = 34;
        values[valuesById[35] = "listened"] = 35;
        values[valuesById[36] = "close_listener"] = 36;
        values[valuesById[50] = "unrecordable"] = 50;
        values[valuesById[51] = "ended"] = 51;
        return values;
    })();

    overworld_recording.mode = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "reliable"] = 0;
        values[valuesById[1] = "unreliable"] = 1;
        values[valuesById[2] = "unsequenced"] = 2;
        return values;
    })();

    overworld_recording.transport = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "websocket"] = 0;
        values[valuesById[1] = "enet"] = 1;
        values[valuesById[2] = "in_process"] = 2;
        return values;
    })();

    overworld_recording.record = (function() {

        const record = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        record.prototype.kind = 1;
        record.prototype.time = 0;
        record.prototype.connection = 0;
        record.prototype.listener = 0;
        record.prototype.timer = 0;
        record.prototype.bytes = $util.newBuffer([]);
        record.prototype.mode = 0;
        record.prototype.channel = 0;
        record.prototype.code = 0;
        record.prototype.text = "";
        record.prototype.transport = 0;
        record.prototype.id = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
        record.prototype.number = 0;
        record.prototype.call = null;
        record.prototype.length = 0;

        record.create = function(properties) {
            return new record(properties);
        };

        record.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            writer.uint32(8).int32(message.kind);
            if (message.time != null && $Object.hasOwnProperty.call(message, "time"))
                writer.uint32(17).double(message.time);
            if (message.connection != null && $Object.hasOwnProperty.call(message, "connection"))
                writer.uint32(24).uint32(message.connection);
            if (message.listener != null && $Object.hasOwnProperty.call(message, "listener"))
                writer.uint32(32).uint32(message.listener);
            if (message.timer != null && $Object.hasOwnProperty.call(message, "timer"))
                writer.uint32(40).uint32(message.timer);
            if (message.bytes != null && $Object.hasOwnProperty.call(message, "bytes"))
                writer.uint32(50).bytes(message.bytes);
            if (message.mode != null && $Object.hasOwnProperty.call(message, "mode"))
                writer.uint32(56).int32(message.mode);
            if (message.channel != null && $Object.hasOwnProperty.call(message, "channel"))
                writer.uint32(64).uint32(message.channel);
            if (message.code != null && $Object.hasOwnProperty.call(message, "code"))
                writer.uint32(72).uint32(message.code);
            if (message.text != null && $Object.hasOwnProperty.call(message, "text"))
                writer.uint32(82).string(message.text);
            if (message.transport != null && $Object.hasOwnProperty.call(message, "transport"))
                writer.uint32(88).int32(message.transport);
            if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                writer.uint32(96).uint64(message.id);
            if (message.number != null && $Object.hasOwnProperty.call(message, "number"))
                writer.uint32(105).double(message.number);
            if (message.call != null && $Object.hasOwnProperty.call(message, "call"))
                $root.overworld_recording.call.encode(message.call, writer.uint32(114).fork(), _depth + 1).ldelim();
            if (message.length != null && $Object.hasOwnProperty.call(message, "length"))
                writer.uint32(120).uint32(message.length);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        record.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.overworld_recording.record();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        value = reader.int32();
                        if ($root.overworld_recording.kind[value] !== $undefined)
                            message.kind = value;
                        else if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                        continue;
                    }
                case 2: {
                        if (wireType !== 1)
                            break;
                        message.time = reader.double();
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        message.connection = reader.uint32();
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        message.listener = reader.uint32();
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        message.timer = reader.uint32();
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        message.bytes = reader.bytes();
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        value = reader.int32();
                        if ($root.overworld_recording.mode[value] !== $undefined)
                            message.mode = value;
                        else if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        message.channel = reader.uint32();
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        message.code = reader.uint32();
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        message.text = reader.string();
                        continue;
                    }
                case 11: {
                        if (wireType !== 0)
                            break;
                        value = reader.int32();
                        if ($root.overworld_recording.transport[value] !== $undefined)
                            message.transport = value;
                        else if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                        continue;
                    }
                case 12: {
                        if (wireType !== 0)
                            break;
                        message.id = reader.uint64();
                        continue;
                    }
                case 13: {
                        if (wireType !== 1)
                            break;
                        message.number = reader.double();
                        continue;
                    }
                case 14: {
                        if (wireType !== 2)
                            break;
                        message.call = $root.overworld_recording.call.decode(reader, reader.size(), $undefined, _depth + 1, message.call);
                        continue;
                    }
                case 15: {
                        if (wireType !== 0)
                            break;
                        message.length = reader.uint32();
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            if (!$Object.hasOwnProperty.call(message, "kind"))
                throw $util.ProtocolError("missing required 'kind'", { instance: message });
            return message;
        };

        return record;
    })();

    overworld_recording.call = (function() {

        const call = function (properties) {
            this.args = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        call.prototype.on = null;
        call.prototype.method = "";
        call.prototype.args = $util.emptyArray;

        call.create = function(properties) {
            return new call(properties);
        };

        call.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            $root.overworld_recording.value.encode(message.on, writer.uint32(10).fork(), _depth + 1).ldelim();
            writer.uint32(18).string(message.method);
            if (message.args != null && message.args.length)
                for (let i = 0; i < message.args.length; ++i)
                    $root.overworld_recording.value.encode(message.args[i], writer.uint32(26).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        call.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.overworld_recording.call();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.on = $root.overworld_recording.value.decode(reader, reader.size(), $undefined, _depth + 1, message.on);
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.method = reader.string();
                        continue;
                    }
                case 3: {
                        if (wireType !== 2)
                            break;
                        if (!(message.args && message.args.length))
                            message.args = [];
                        message.args.push($root.overworld_recording.value.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            if (!$Object.hasOwnProperty.call(message, "on"))
                throw $util.ProtocolError("missing required 'on'", { instance: message });
            if (!$Object.hasOwnProperty.call(message, "method"))
                throw $util.ProtocolError("missing required 'method'", { instance: message });
            return message;
        };

        return call;
    })();

    overworld_recording.value = (function() {

        const value = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        value.prototype.number = null;
        value.prototype.text = null;
        value.prototype.flag = null;
        value.prototype.bytes = null;
        value.prototype.list = null;
        value.prototype.object = null;
        value.prototype.undefined = null;
        value.prototype["null"] = null;
        value.prototype.session = null;
        value.prototype.zone = null;
        value.prototype.app = null;
        value.prototype.connection = null;
        value.prototype.definition = null;
        value.prototype.place = null;
        value.prototype.bigint = null;

        let $oneOfFields;

        $Object.defineProperty(value.prototype, "value", {
            get: $util.oneOfGetter($oneOfFields = ["number", "text", "flag", "bytes", "list", "object", "undefined", "null", "session", "zone", "app", "connection", "definition", "place", "bigint"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        value.create = function(properties) {
            return new value(properties);
        };

        value.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.number != null && $Object.hasOwnProperty.call(message, "number"))
                writer.uint32(9).double(message.number);
            if (message.text != null && $Object.hasOwnProperty.call(message, "text"))
                writer.uint32(18).string(message.text);
            if (message.flag != null && $Object.hasOwnProperty.call(message, "flag"))
                writer.uint32(24).bool(message.flag);
            if (message.bytes != null && $Object.hasOwnProperty.call(message, "bytes"))
                writer.uint32(34).bytes(message.bytes);
            if (message.list != null && $Object.hasOwnProperty.call(message, "list"))
                $root.overworld_recording.list.encode(message.list, writer.uint32(42).fork(), _depth + 1).ldelim();
            if (message.object != null && $Object.hasOwnProperty.call(message, "object"))
                $root.overworld_recording.fields.encode(message.object, writer.uint32(50).fork(), _depth + 1).ldelim();
            if (message.undefined != null && $Object.hasOwnProperty.call(message, "undefined"))
                writer.uint32(56).bool(message.undefined);
            if (message["null"] != null && $Object.hasOwnProperty.call(message, "null"))
                writer.uint32(64).bool(message["null"]);
            if (message.session != null && $Object.hasOwnProperty.call(message, "session"))
                writer.uint32(72).uint64(message.session);
            if (message.zone != null && $Object.hasOwnProperty.call(message, "zone"))
                $root.overworld_recording.zone.encode(message.zone, writer.uint32(82).fork(), _depth + 1).ldelim();
            if (message.app != null && $Object.hasOwnProperty.call(message, "app"))
                writer.uint32(88).uint32(message.app);
            if (message.connection != null && $Object.hasOwnProperty.call(message, "connection"))
                writer.uint32(96).uint32(message.connection);
            if (message.definition != null && $Object.hasOwnProperty.call(message, "definition"))
                writer.uint32(104).uint32(message.definition);
            if (message.place != null && $Object.hasOwnProperty.call(message, "place"))
                writer.uint32(114).string(message.place);
            if (message.bigint != null && $Object.hasOwnProperty.call(message, "bigint"))
                writer.uint32(122).string(message.bigint);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        value.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.overworld_recording.value();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 1)
                            break;
                        message.number = reader.double();
                        message.value = "number";
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.text = reader.string();
                        message.value = "text";
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        message.flag = reader.bool();
                        message.value = "flag";
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        message.bytes = reader.bytes();
                        message.value = "bytes";
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.list = $root.overworld_recording.list.decode(reader, reader.size(), $undefined, _depth + 1, message.list);
                        message.value = "list";
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        message.object = $root.overworld_recording.fields.decode(reader, reader.size(), $undefined, _depth + 1, message.object);
                        message.value = "object";
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        message.undefined = reader.bool();
                        message.value = "undefined";
                        continue;
                    }
                case 8: {
                        if (wireType !== 0)
                            break;
                        message["null"] = reader.bool();
                        message.value = "null";
                        continue;
                    }
                case 9: {
                        if (wireType !== 0)
                            break;
                        message.session = reader.uint64();
                        message.value = "session";
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        message.zone = $root.overworld_recording.zone.decode(reader, reader.size(), $undefined, _depth + 1, message.zone);
                        message.value = "zone";
                        continue;
                    }
                case 11: {
                        if (wireType !== 0)
                            break;
                        message.app = reader.uint32();
                        message.value = "app";
                        continue;
                    }
                case 12: {
                        if (wireType !== 0)
                            break;
                        message.connection = reader.uint32();
                        message.value = "connection";
                        continue;
                    }
                case 13: {
                        if (wireType !== 0)
                            break;
                        message.definition = reader.uint32();
                        message.value = "definition";
                        continue;
                    }
                case 14: {
                        if (wireType !== 2)
                            break;
                        message.place = reader.string();
                        message.value = "place";
                        continue;
                    }
                case 15: {
                        if (wireType !== 2)
                            break;
                        message.bigint = reader.string();
                        message.value = "bigint";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return value;
    })();

    overworld_recording.list = (function() {

        const list = function (properties) {
            this.items = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        list.prototype.items = $util.emptyArray;

        list.create = function(properties) {
            return new list(properties);
        };

        list.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.items != null && message.items.length)
                for (let i = 0; i < message.items.length; ++i)
                    $root.overworld_recording.value.encode(message.items[i], writer.uint32(10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        list.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.overworld_recording.list();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.items && message.items.length))
                            message.items = [];
                        message.items.push($root.overworld_recording.value.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return list;
    })();

    overworld_recording.fields = (function() {

        const fields = function (properties) {
            this.names = [];
            this.values = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        fields.prototype.names = $util.emptyArray;
        fields.prototype.values = $util.emptyArray;

        fields.create = function(properties) {
            return new fields(properties);
        };

        fields.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.names != null && message.names.length)
                for (let i = 0; i < message.names.length; ++i)
                    writer.uint32(10).string(message.names[i]);
            if (message.values != null && message.values.length)
                for (let i = 0; i < message.values.length; ++i)
                    $root.overworld_recording.value.encode(message.values[i], writer.uint32(18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        fields.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.overworld_recording.fields();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.names && message.names.length))
                            message.names = [];
                        message.names.push(reader.string());
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.values && message.values.length))
                            message.values = [];
                        message.values.push($root.overworld_recording.value.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return fields;
    })();

    overworld_recording.zone = (function() {

        const zone = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        zone.prototype.app = 0;
        zone.prototype.name = "";

        zone.create = function(properties) {
            return new zone(properties);
        };

        zone.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            writer.uint32(8).uint32(message.app);
            writer.uint32(18).string(message.name);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        zone.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.overworld_recording.zone();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        message.app = reader.uint32();
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.name = reader.string();
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            if (!$Object.hasOwnProperty.call(message, "app"))
                throw $util.ProtocolError("missing required 'app'", { instance: message });
            if (!$Object.hasOwnProperty.call(message, "name"))
                throw $util.ProtocolError("missing required 'name'", { instance: message });
            return message;
        };

        return zone;
    })();

    return overworld_recording;
})();


export {
  $root as default
};
