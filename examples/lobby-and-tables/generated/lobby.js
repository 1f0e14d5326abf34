// Generated from examples/lobby-and-tables/lobby.proto by `npm run generate`: edit that file, not this one.
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
function $string(value, field) {
  if (typeof value === "string") return value;
  throw $bad(field, value, "a string");
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
  if ((v = m.board) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "board");
    try {
      $encode4(v, w.uint32(26).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "board");
    }
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["join", "part", "board"]);
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
      if (o0 !== undefined && o0 !== "board") delete m[o0];
      o0 = "board";
      m.board = $nested(r, $decode4, d, m.board);
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  return m;
}

function $encode2(m, w, d) {
  $object(m, d);
  let n = 1;
  w.uint32(10).string($string(m.name, "name"));
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["name"]);
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
      m.name = r.string();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.name === undefined) throw $required("name");
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
  let v, n = 0;
  if ((v = m.people) !== undefined && v !== null) {
    n++;
    let i = 0;
    $list(v, "people");
    try {
      for (; i < v.length; i++) w.uint32(10).string($string(v[i], ""));
    } catch (e) {
      throw $at(e, "people[" + i + "]");
    }
  }
  if ((v = m.tables) !== undefined && v !== null) {
    n++;
    let i = 0;
    $list(v, "tables");
    try {
      for (; i < v.length; i++) $encode5(v[i], w.uint32(18).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "tables[" + i + "]");
    }
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["people", "tables"]);
  return w;
}

function $decode4(r, d, m, g) {
  $deep(d);
  if (m === undefined) m = { people: [], tables: [] };
  let isOpen = g !== 0;
  while (r.pos < r.len) {
    const t = r.tag();
    if (isOpen && t === g) {
      isOpen = false;
      break;
    }
    switch (t) {
      case 10:
      m.people.push(r.string());
      continue;
      case 18:
      m.tables.push($nested(r, $decode5, d, undefined));
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  return m;
}

function $encode5(m, w, d) {
  $object(m, d);
  let v, n = 2;
  w.uint32(10).string($string(m.name, "name"));
  w.uint32(16).uint32($uint32(m.free, "free"));
  if ((v = m.players) !== undefined && v !== null) {
    n++;
    let i = 0;
    $list(v, "players");
    try {
      for (; i < v.length; i++) w.uint32(26).string($string(v[i], ""));
    } catch (e) {
      throw $at(e, "players[" + i + "]");
    }
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["name", "free", "players"]);
  return w;
}

function $decode5(r, d, m, g) {
  $deep(d);
  if (m === undefined) m = { players: [] };
  let isOpen = g !== 0;
  while (r.pos < r.len) {
    const t = r.tag();
    if (isOpen && t === g) {
      isOpen = false;
      break;
    }
    switch (t) {
      case 10:
      m.name = r.string();
      continue;
      case 16:
      m.free = r.uint32();
      continue;
      case 26:
      m.players.push(r.string());
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.name === undefined) throw $required("name");
  if (m.free === undefined) throw $required("free");
  return m;
}

const $message1 = {
  encode: (message, writer = $protobuf.Writer.create()) => $encode1(message, writer, 0),
  decode: (reader) => $decode1($reader(reader), 0, undefined, 0),
  $app: {
    hash: "cd250de4373c6c84",
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
      ["board", (m, w) => {
        try {
          $encode4(m, w.uint32(26).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "board");
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

const $exported0 = {
  lobby: $message1,
  join: $message2,
  part: $message3,
  board: $message4,
  table: $message5,
};
export { $exported0 as lobby_app };
