// Generated from scenarios/apps/arena.proto by `npm run generate`: edit that file, not this one.
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
function $int32(value, field) {
  if (typeof value === "number" && (value | 0) === value) return value;
  throw $bad(field, value, "an integer from -2147483648 to 2147483647");
}
function $uint32(value, field) {
  if (typeof value === "number" && value >>> 0 === value) return value;
  throw $bad(field, value, "an integer from 0 to 4294967295");
}
function $uint64(value, field) {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw $bad(field, value, "an integer from 0 to 2^53-1");
}
function $bool(value, field) {
  if (typeof value === "boolean") return value;
  throw $bad(field, value, "true or false");
}
function $string(value, field) {
  if (typeof value === "string") return value;
  throw $bad(field, value, "a string");
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

const $enum8 = $values([["spawned", 1], ["left", 2], ["hit", 3]]);
const $known8 = new Set([1, 2, 3]);

function $encode1(m, w, d) {
  $object(m, d);
  let v, n = 0;
  let o0;
  if ((v = m.join) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "join");
    try {
      $encode2(v, w.uint32(10).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "join");
    }
  }
  if ((v = m.part) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "part");
    try {
      $encode3(v, w.uint32(18).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "part");
    }
  }
  if ((v = m.input) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "input");
    try {
      $encode4(v, w.uint32(26).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "input");
    }
  }
  if ((v = m.snapshot) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "snapshot");
    try {
      $encode6(v, w.uint32(34).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "snapshot");
    }
  }
  if ((v = m.event) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "event");
    try {
      $encode7(v, w.uint32(42).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "event");
    }
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["join", "part", "input", "snapshot", "event"]);
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
      if (o0 !== undefined && o0 !== "join") delete m[o0];
      o0 = "join";
      m.join = $nested(r, $decode2, d, m.join);
      continue;
      case 18:
      if (o0 !== undefined && o0 !== "part") delete m[o0];
      o0 = "part";
      m.part = $nested(r, $decode3, d, m.part);
      continue;
      case 26:
      if (o0 !== undefined && o0 !== "input") delete m[o0];
      o0 = "input";
      m.input = $nested(r, $decode4, d, m.input);
      continue;
      case 34:
      if (o0 !== undefined && o0 !== "snapshot") delete m[o0];
      o0 = "snapshot";
      m.snapshot = $nested(r, $decode6, d, m.snapshot);
      continue;
      case 42:
      if (o0 !== undefined && o0 !== "event") delete m[o0];
      o0 = "event";
      m.event = $nested(r, $decode7, d, m.event);
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
  if ((v = m.handle) !== undefined && v !== null) {
    n++;
    w.uint32(10).string($string(v, "handle"));
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["handle"]);
  return w;
}

function $decode2(r, d, m, g) {
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
      case 10:
      m.handle = r.string();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  return m;
}

function $encode3(m, w, d) {
  $object(m, d);
  let n = 0;
  for (const _ in m) n--;
  if (n !== 0) $names(m, []);
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
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  return m;
}

function $encode4(m, w, d) {
  $object(m, d);
  let v, n = 1;
  w.uint32(8).uint32($uint32(m.seq, "seq"));
  if ((v = m.dx) !== undefined && v !== null) {
    n++;
    w.uint32(16).sint32($int32(v, "dx"));
  }
  if ((v = m.dy) !== undefined && v !== null) {
    n++;
    w.uint32(24).sint32($int32(v, "dy"));
  }
  if ((v = m.fire) !== undefined && v !== null) {
    n++;
    w.uint32(32).bool($bool(v, "fire"));
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["seq", "dx", "dy", "fire"]);
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
      m.seq = r.uint32();
      continue;
      case 16:
      m.dx = r.sint32();
      continue;
      case 24:
      m.dy = r.sint32();
      continue;
      case 32:
      m.fire = r.bool();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.seq === undefined) throw $required("seq");
  return m;
}

function $encode5(m, w, d) {
  $object(m, d);
  let v, n = 3;
  w.uint32(8).uint64($uint64(m.id, "id"));
  w.uint32(16).sint32($int32(m.x, "x"));
  w.uint32(24).sint32($int32(m.y, "y"));
  if ((v = m.last_seq) !== undefined && v !== null) {
    n++;
    w.uint32(32).uint32($uint32(v, "last_seq"));
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["id", "x", "y", "last_seq"]);
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
      case 16:
      m.x = r.sint32();
      continue;
      case 24:
      m.y = r.sint32();
      continue;
      case 32:
      m.last_seq = r.uint32();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.id === undefined) throw $required("id");
  if (m.x === undefined) throw $required("x");
  if (m.y === undefined) throw $required("y");
  return m;
}

function $encode6(m, w, d) {
  $object(m, d);
  let v, n = 1;
  w.uint32(8).uint32($uint32(m.frame, "frame"));
  if ((v = m.entities) !== undefined && v !== null) {
    n++;
    let i = 0;
    $list(v, "entities");
    try {
      for (; i < v.length; i++) $encode5(v[i], w.uint32(18).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "entities[" + i + "]");
    }
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["frame", "entities"]);
  return w;
}

function $decode6(r, d, m, g) {
  $deep(d);
  if (m === undefined) m = { entities: [] };
  let isOpen = g !== 0;
  while (r.pos < r.len) {
    const t = r.tag();
    if (isOpen && t === g) {
      isOpen = false;
      break;
    }
    switch (t) {
      case 8:
      m.frame = r.uint32();
      continue;
      case 18:
      m.entities.push($nested(r, $decode5, d, undefined));
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.frame === undefined) throw $required("frame");
  return m;
}

function $encode7(m, w, d) {
  $object(m, d);
  let v, n = 2;
  w.uint32(8).uint32($uint32(m.number, "number"));
  w.uint32(16).int32($enum(m.kind, "kind", $known8, $enum8));
  if ((v = m.subject) !== undefined && v !== null) {
    n++;
    w.uint32(24).uint64($uint64(v, "subject"));
  }
  if ((v = m.object) !== undefined && v !== null) {
    n++;
    w.uint32(32).uint64($uint64(v, "object"));
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["number", "kind", "subject", "object"]);
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
      m.number = r.uint32();
      continue;
      case 16:
      m.kind = r.int32();
      continue;
      case 24:
      m.subject = $safe(r.uint64());
      continue;
      case 32:
      m.object = $safe(r.uint64());
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.number === undefined) throw $required("number");
  if (m.kind === undefined) throw $required("kind");
  return m;
}

const $message1 = {
  encode: (message, writer = $protobuf.Writer.create()) => $encode1(message, writer, 0),
  decode: (reader) => $decode1($reader(reader), 0, undefined, 0),
  $app: {
    hash: "9ff2431cdaafb8ec",
    encoders: new Map([
      ["join", (m, w) => {
        try {
          $encode2(m, w.uint32(10).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "join");
        }
      }],
      ["part", (m, w) => {
        try {
          $encode3(m, w.uint32(18).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "part");
        }
      }],
      ["input", (m, w) => {
        try {
          $encode4(m, w.uint32(26).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "input");
        }
      }],
      ["snapshot", (m, w) => {
        try {
          $encode6(m, w.uint32(34).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "snapshot");
        }
      }],
      ["event", (m, w) => {
        try {
          $encode7(m, w.uint32(42).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "event");
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

$message7.Kind = $enum8;

const $exported0 = {
  arena: $message1,
  join: $message2,
  part: $message3,
  input: $message4,
  entity: $message5,
  snapshot: $message6,
  event: $message7,
};
export { $exported0 as arena_app };
