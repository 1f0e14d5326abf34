// Generated from examples/coin-race/coin-race.proto by `npm run generate`: edit that file, not this one.
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

const $enum5 = $values([["north", 1], ["east", 2], ["south", 3], ["west", 4]]);
const $known5 = new Set([1, 2, 3, 4]);

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
  if ((v = m.step) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "step");
    try {
      $encode4(v, w.uint32(26).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "step");
    }
  }
  if ((v = m.board) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "board");
    try {
      $encode7(v, w.uint32(34).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "board");
    }
  }
  if ((v = m.winner) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "winner");
    try {
      $encode8(v, w.uint32(42).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "winner");
    }
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["join", "part", "step", "board", "winner"]);
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
      if (o0 !== undefined && o0 !== "step") delete m[o0];
      o0 = "step";
      m.step = $nested(r, $decode4, d, m.step);
      continue;
      case 34:
      if (o0 !== undefined && o0 !== "board") delete m[o0];
      o0 = "board";
      m.board = $nested(r, $decode7, d, m.board);
      continue;
      case 42:
      if (o0 !== undefined && o0 !== "winner") delete m[o0];
      o0 = "winner";
      m.winner = $nested(r, $decode8, d, m.winner);
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
  let n = 1;
  w.uint32(8).int32($enum(m.direction, "direction", $known5, $enum5));
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["direction"]);
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
      m.direction = r.int32();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.direction === undefined) throw $required("direction");
  return m;
}

function $encode6(m, w, d) {
  $object(m, d);
  let n = 4;
  w.uint32(10).string($string(m.name, "name"));
  w.uint32(16).uint32($uint32(m.x, "x"));
  w.uint32(24).uint32($uint32(m.y, "y"));
  w.uint32(32).uint32($uint32(m.coins, "coins"));
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["name", "x", "y", "coins"]);
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
      case 10:
      m.name = r.string();
      continue;
      case 16:
      m.x = r.uint32();
      continue;
      case 24:
      m.y = r.uint32();
      continue;
      case 32:
      m.coins = r.uint32();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.name === undefined) throw $required("name");
  if (m.x === undefined) throw $required("x");
  if (m.y === undefined) throw $required("y");
  if (m.coins === undefined) throw $required("coins");
  return m;
}

function $encode7(m, w, d) {
  $object(m, d);
  let v, n = 2;
  w.uint32(8).uint32($uint32(m.coin_x, "coin_x"));
  w.uint32(16).uint32($uint32(m.coin_y, "coin_y"));
  if ((v = m.players) !== undefined && v !== null) {
    n++;
    let i = 0;
    $list(v, "players");
    try {
      for (; i < v.length; i++) $encode6(v[i], w.uint32(26).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "players[" + i + "]");
    }
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["coin_x", "coin_y", "players"]);
  return w;
}

function $decode7(r, d, m, g) {
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
      case 8:
      m.coin_x = r.uint32();
      continue;
      case 16:
      m.coin_y = r.uint32();
      continue;
      case 26:
      m.players.push($nested(r, $decode6, d, undefined));
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.coin_x === undefined) throw $required("coin_x");
  if (m.coin_y === undefined) throw $required("coin_y");
  return m;
}

function $encode8(m, w, d) {
  $object(m, d);
  let n = 1;
  w.uint32(10).string($string(m.name, "name"));
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["name"]);
  return w;
}

function $decode8(r, d, m, g) {
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

const $message1 = {
  encode: (message, writer = $protobuf.Writer.create()) => $encode1(message, writer, 0),
  decode: (reader) => $decode1($reader(reader), 0, undefined, 0),
  $app: {
    hash: "d25149271dddd3b6",
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
      ["step", (m, w) => {
        try {
          $encode4(m, w.uint32(26).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "step");
        }
      }],
      ["board", (m, w) => {
        try {
          $encode7(m, w.uint32(34).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "board");
        }
      }],
      ["winner", (m, w) => {
        try {
          $encode8(m, w.uint32(42).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "winner");
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

$message4.Direction = $enum5;

const $exported0 = {
  race: $message1,
  join: $message2,
  part: $message3,
  step: $message4,
  player: $message6,
  board: $message7,
  winner: $message8,
};
export { $exported0 as coin_race };
