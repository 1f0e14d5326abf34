// Generated from core/generated/overworld.proto by `npm run generate`: edit that file, not this one.
import $protobuf from "protobufjs/minimal.js";

function $show(value) {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? value.slice(0, 40) + "…" : value);
  if (typeof value === "bigint") return value + "n";
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  return Array.isArray(value) ? "an array" : "an object";
}
class $FieldError extends TypeError {
  constructor(why) {
    super(why);
    this.why = why;
    this.field = "";
  }
}
function $at(error, step) {
  if (!(error instanceof $FieldError) || error.field.length > 300) return error;
  error.field = step + (error.field === "" || error.field[0] === "[" ? "" : ".") + error.field;
  error.message = error.field + ": " + error.why;
  return error;
}
function $bad(field, value, wanted) {
  const isMissing = value === undefined || value === null;
  return $at(new $FieldError(isMissing ? "is missing, and must be " + wanted : "must be " + wanted + ", not " + $show(value)), field);
}
function $object(value, depth) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw $bad("", value, "an object");
  if (depth > 100) throw new $FieldError("is nested more than 100 deep: does it contain itself?");
}
function $names(message, names) {
  for (const name of Object.keys(message)) {
    if (!names.includes(name) && message[name] !== undefined) throw $at(new $FieldError("is no field of this message; it has " + (names.join(", ") || "none")), name);
  }
}
function $list(value, field) {
  if (!Array.isArray(value)) throw $bad(field, value, "an array");
  return value;
}
function $one(before, field) {
  if (before !== undefined) throw $at(new $FieldError("is set beside " + before + ": a message has at most one of them"), field);
  return field;
}
function $uint32(value, field) {
  if (typeof value === "number" && value >>> 0 === value) return value;
  throw $bad(field, value, "an integer from 0 to 4294967295");
}
function $uint64(value, field) {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw $bad(field, value, "an integer from 0 to 2^53-1");
}
function $string(value, field) {
  if (typeof value === "string") return value;
  throw $bad(field, value, "a string");
}
function $bytes(value, field) {
  if (value instanceof Uint8Array || Object.prototype.toString.call(value) === "[object Uint8Array]") return value;
  throw $bad(field, value, "a Uint8Array");
}
function $enum(value, field, known, values) {
  if (typeof value === "number" && known.has(value)) return value;
  throw $bad(field, value, "one of " + Object.keys(values).map((name) => name + " (" + values[name] + ")").join(", "));
}
function $set(object, name, value) {
  Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
}
function $values(entries) {
  const names = Object.create(null);
  for (const [name, number] of entries) names[number] ??= name;
  const values = Object.create(names);
  for (const [name, value] of entries) $set(values, name, value);
  return values;
}
function $safe(value) {
  const number = typeof value === "number" ? value : (value.unsigned ? value.high >>> 0 : value.high) * 4294967296 + (value.low >>> 0);
  if (Number.isSafeInteger(number)) return number;
  throw new RangeError("an integer beyond 2^53-1");
}
function $plain(bytes) {
  return bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
function $inside(reader) {
  const end = reader.uint32() + reader.pos;
  if (end > reader.len) throw new RangeError("index out of range");
  const outer = reader.len;
  reader.len = end;
  return outer;
}
function $outside(reader, outer) {
  if (reader.pos !== reader.len) throw new RangeError("index out of range");
  reader.len = outer;
}
function $nested(reader, decode, depth, target) {
  const outer = $inside(reader);
  const message = decode(reader, depth + 1, target, 0);
  $outside(reader, outer);
  return message;
}
function $deep(depth) {
  if (depth > 100) throw new RangeError("nested more than 100 deep");
}
function $required(name) {
  return new TypeError("missing required '" + name + "'");
}
function $reader(bytes) {
  return typeof bytes.tag === "function" ? bytes : $protobuf.Reader.create(bytes);
}

const $enum10 = $values([["no_session", 1], ["bad_token", 2], ["already_in_session", 3], ["no_zone", 4], ["already_joined", 5], ["unknown_zone", 6]]);
const $known10 = new Set([1, 2, 3, 4, 5, 6]);

function $encode1(m, w, d) {
  $object(m, d);
  let v, n = 0;
  let o0;
  if ((v = m.session_request) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "session_request");
    try {
      $encode2(v, w.uint32(10).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "session_request");
    }
  }
  if ((v = m.session_new) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "session_new");
    try {
      $encode4(v, w.uint32(18).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "session_new");
    }
  }
  if ((v = m.session_beacon) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "session_beacon");
    try {
      $encode5(v, w.uint32(26).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "session_beacon");
    }
  }
  if ((v = m.session_ping) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "session_ping");
    try {
      $encode6(v, w.uint32(34).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "session_ping");
    }
  }
  if ((v = m.session_pong) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "session_pong");
    try {
      $encode7(v, w.uint32(42).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "session_pong");
    }
  }
  if ((v = m.session_denied) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "session_denied");
    try {
      $encode9(v, w.uint32(50).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "session_denied");
    }
  }
  if ((v = m.session_state) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "session_state");
    try {
      $encode8(v, w.uint32(58).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "session_state");
    }
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["session_request", "session_new", "session_beacon", "session_ping", "session_pong", "session_denied", "session_state"]);
  return w;
}

function $decode1(r, d, m, g) {
  $deep(d);
  if (m === undefined) m = { };
  let o0;
  let isOpen = g !== 0;
  while (r.pos < r.len) {
    const t = r.tag();
    if (isOpen && t === g) {
      isOpen = false;
      break;
    }
    switch (t) {
      case 10:
      if (o0 !== undefined && o0 !== "session_request") delete m[o0];
      o0 = "session_request";
      m.session_request = $nested(r, $decode2, d, m.session_request);
      continue;
      case 18:
      if (o0 !== undefined && o0 !== "session_new") delete m[o0];
      o0 = "session_new";
      m.session_new = $nested(r, $decode4, d, m.session_new);
      continue;
      case 26:
      if (o0 !== undefined && o0 !== "session_beacon") delete m[o0];
      o0 = "session_beacon";
      m.session_beacon = $nested(r, $decode5, d, m.session_beacon);
      continue;
      case 34:
      if (o0 !== undefined && o0 !== "session_ping") delete m[o0];
      o0 = "session_ping";
      m.session_ping = $nested(r, $decode6, d, m.session_ping);
      continue;
      case 42:
      if (o0 !== undefined && o0 !== "session_pong") delete m[o0];
      o0 = "session_pong";
      m.session_pong = $nested(r, $decode7, d, m.session_pong);
      continue;
      case 50:
      if (o0 !== undefined && o0 !== "session_denied") delete m[o0];
      o0 = "session_denied";
      m.session_denied = $nested(r, $decode9, d, m.session_denied);
      continue;
      case 58:
      if (o0 !== undefined && o0 !== "session_state") delete m[o0];
      o0 = "session_state";
      m.session_state = $nested(r, $decode8, d, m.session_state);
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  return m;
}

function $encode2(m, w, d) {
  $object(m, d);
  let v, n = 0;
  if ((v = m.reconnect_token) !== undefined && v !== null) {
    n++;
    w.uint32(10).bytes($bytes(v, "reconnect_token"));
  }
  if ((v = m.attempt) !== undefined && v !== null) {
    n++;
    w.uint32(16).uint64($uint64(v, "attempt"));
  }
  if ((v = m.schemas) !== undefined && v !== null) {
    n++;
    let i = 0;
    $list(v, "schemas");
    try {
      for (; i < v.length; i++) w.uint32(34).bytes($bytes(v[i], ""));
    } catch (e) {
      throw $at(e, "schemas[" + i + "]");
    }
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["reconnect_token", "attempt", "schemas"]);
  return w;
}

function $decode2(r, d, m, g) {
  $deep(d);
  if (m === undefined) m = { schemas: [] };
  let isOpen = g !== 0;
  while (r.pos < r.len) {
    const t = r.tag();
    if (isOpen && t === g) {
      isOpen = false;
      break;
    }
    switch (t) {
      case 10:
      m.reconnect_token = $plain(r.bytes());
      continue;
      case 16:
      m.attempt = $safe(r.uint64());
      continue;
      case 34:
      m.schemas.push($plain(r.bytes()));
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  return m;
}

function $encode3(m, w, d) {
  $object(m, d);
  let n = 2;
  w.uint32(8).uint32($uint32(m.prefix, "prefix"));
  w.uint32(17).fixed64($uint64(m.hash, "hash"));
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["prefix", "hash"]);
  return w;
}

function $decode3(r, d, m, g) {
  $deep(d);
  if (m === undefined) m = { };
  let isOpen = g !== 0;
  while (r.pos < r.len) {
    const t = r.tag();
    if (isOpen && t === g) {
      isOpen = false;
      break;
    }
    switch (t) {
      case 8:
      m.prefix = r.uint32();
      continue;
      case 17:
      m.hash = $safe(r.fixed64());
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.prefix === undefined) throw $required("prefix");
  if (m.hash === undefined) throw $required("hash");
  return m;
}

function $encode4(m, w, d) {
  $object(m, d);
  let n = 2;
  w.uint32(8).uint64($uint64(m.id, "id"));
  w.uint32(18).bytes($bytes(m.reconnect_token, "reconnect_token"));
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["id", "reconnect_token"]);
  return w;
}

function $decode4(r, d, m, g) {
  $deep(d);
  if (m === undefined) m = { };
  let isOpen = g !== 0;
  while (r.pos < r.len) {
    const t = r.tag();
    if (isOpen && t === g) {
      isOpen = false;
      break;
    }
    switch (t) {
      case 8:
      m.id = $safe(r.uint64());
      continue;
      case 18:
      m.reconnect_token = $plain(r.bytes());
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.id === undefined) throw $required("id");
  if (m.reconnect_token === undefined) throw $required("reconnect_token");
  return m;
}

function $encode5(m, w, d) {
  $object(m, d);
  let n = 1;
  w.uint32(8).uint64($uint64(m.id, "id"));
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["id"]);
  return w;
}

function $decode5(r, d, m, g) {
  $deep(d);
  if (m === undefined) m = { };
  let isOpen = g !== 0;
  while (r.pos < r.len) {
    const t = r.tag();
    if (isOpen && t === g) {
      isOpen = false;
      break;
    }
    switch (t) {
      case 8:
      m.id = $safe(r.uint64());
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.id === undefined) throw $required("id");
  return m;
}

function $encode6(m, w, d) {
  $object(m, d);
  let n = 1;
  w.uint32(8).uint64($uint64(m.id, "id"));
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["id"]);
  return w;
}

function $decode6(r, d, m, g) {
  $deep(d);
  if (m === undefined) m = { };
  let isOpen = g !== 0;
  while (r.pos < r.len) {
    const t = r.tag();
    if (isOpen && t === g) {
      isOpen = false;
      break;
    }
    switch (t) {
      case 8:
      m.id = $safe(r.uint64());
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.id === undefined) throw $required("id");
  return m;
}

function $encode7(m, w, d) {
  $object(m, d);
  let n = 1;
  w.uint32(8).uint64($uint64(m.latency, "latency"));
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["latency"]);
  return w;
}

function $decode7(r, d, m, g) {
  $deep(d);
  if (m === undefined) m = { };
  let isOpen = g !== 0;
  while (r.pos < r.len) {
    const t = r.tag();
    if (isOpen && t === g) {
      isOpen = false;
      break;
    }
    switch (t) {
      case 8:
      m.latency = $safe(r.uint64());
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.latency === undefined) throw $required("latency");
  return m;
}

function $encode8(m, w, d) {
  $object(m, d);
  let v, n = 0;
  if ((v = m.zone_app) !== undefined && v !== null) {
    n++;
    w.uint32(8).uint32($uint32(v, "zone_app"));
  }
  if ((v = m.zone) !== undefined && v !== null) {
    n++;
    w.uint32(18).string($string(v, "zone"));
  }
  if ((v = m.skewed) !== undefined && v !== null) {
    n++;
    let i = 0;
    $list(v, "skewed");
    try {
      for (; i < v.length; i++) w.uint32(24).uint32($uint32(v[i], ""));
    } catch (e) {
      throw $at(e, "skewed[" + i + "]");
    }
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["zone_app", "zone", "skewed"]);
  return w;
}

function $decode8(r, d, m, g) {
  $deep(d);
  if (m === undefined) m = { skewed: [] };
  let isOpen = g !== 0;
  while (r.pos < r.len) {
    const t = r.tag();
    if (isOpen && t === g) {
      isOpen = false;
      break;
    }
    switch (t) {
      case 8:
      m.zone_app = r.uint32();
      continue;
      case 18:
      m.zone = r.string();
      continue;
      case 24:
      m.skewed.push(r.uint32());
      continue;
      case 26: {
        const l = $inside(r);
        while (r.pos < r.len) m.skewed.push(r.uint32());
        $outside(r, l);
        continue;
      }
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  return m;
}

function $encode9(m, w, d) {
  $object(m, d);
  let n = 1;
  w.uint32(8).int32($enum(m.reason, "reason", $known10, $enum10));
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["reason"]);
  return w;
}

function $decode9(r, d, m, g) {
  $deep(d);
  if (m === undefined) m = { };
  let isOpen = g !== 0;
  while (r.pos < r.len) {
    const t = r.tag();
    if (isOpen && t === g) {
      isOpen = false;
      break;
    }
    switch (t) {
      case 8:
      m.reason = r.int32();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.reason === undefined) throw $required("reason");
  return m;
}

const $message1 = {
  encode: (message, writer = $protobuf.Writer.create()) => $encode1(message, writer, 0),
  decode: (reader) => $decode1($reader(reader), 0, undefined, 0),
  $app: {
    hash: "d21af3f6cc2c61f0",
    encoders: new Map([
      ["session_request", (m, w) => {
        try {
          $encode2(m, w.uint32(10).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "session_request");
        }
      }],
      ["session_new", (m, w) => {
        try {
          $encode4(m, w.uint32(18).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "session_new");
        }
      }],
      ["session_beacon", (m, w) => {
        try {
          $encode5(m, w.uint32(26).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "session_beacon");
        }
      }],
      ["session_ping", (m, w) => {
        try {
          $encode6(m, w.uint32(34).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "session_ping");
        }
      }],
      ["session_pong", (m, w) => {
        try {
          $encode7(m, w.uint32(42).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "session_pong");
        }
      }],
      ["session_denied", (m, w) => {
        try {
          $encode9(m, w.uint32(50).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "session_denied");
        }
      }],
      ["session_state", (m, w) => {
        try {
          $encode8(m, w.uint32(58).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "session_state");
        }
      }],
    ]),
  },
};

const $message2 = {
  encode: (message, writer = $protobuf.Writer.create()) => $encode2(message, writer, 0),
  decode: (reader) => $decode2($reader(reader), 0, undefined, 0),
};

const $message3 = {
  encode: (message, writer = $protobuf.Writer.create()) => $encode3(message, writer, 0),
  decode: (reader) => $decode3($reader(reader), 0, undefined, 0),
};

const $message4 = {
  encode: (message, writer = $protobuf.Writer.create()) => $encode4(message, writer, 0),
  decode: (reader) => $decode4($reader(reader), 0, undefined, 0),
};

const $message5 = {
  encode: (message, writer = $protobuf.Writer.create()) => $encode5(message, writer, 0),
  decode: (reader) => $decode5($reader(reader), 0, undefined, 0),
};

const $message6 = {
  encode: (message, writer = $protobuf.Writer.create()) => $encode6(message, writer, 0),
  decode: (reader) => $decode6($reader(reader), 0, undefined, 0),
};

const $message7 = {
  encode: (message, writer = $protobuf.Writer.create()) => $encode7(message, writer, 0),
  decode: (reader) => $decode7($reader(reader), 0, undefined, 0),
};

const $message8 = {
  encode: (message, writer = $protobuf.Writer.create()) => $encode8(message, writer, 0),
  decode: (reader) => $decode8($reader(reader), 0, undefined, 0),
};

const $message9 = {
  encode: (message, writer = $protobuf.Writer.create()) => $encode9(message, writer, 0),
  decode: (reader) => $decode9($reader(reader), 0, undefined, 0),
};

$message9.Reason = $enum10;

const $exported0 = {
  overworld: $message1,
  session_request: $message2,
  Schema: $message3,
  session_new: $message4,
  session_beacon: $message5,
  session_ping: $message6,
  session_pong: $message7,
  session_state: $message8,
  session_denied: $message9,
};
export { $exported0 as overworld_protocol };
