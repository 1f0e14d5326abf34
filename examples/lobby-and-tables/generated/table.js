// Generated from examples/lobby-and-tables/table.proto by `npm run generate`: edit that file, not this one.
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
function $bool(value, field) {
  if (typeof value === "boolean") return value;
  throw $bad(field, value, "true or false");
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
  if ((v = m.play) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "play");
    try {
      $encode4(v, w.uint32(26).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "play");
    }
  }
  if ((v = m.draw) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "draw");
    try {
      $encode5(v, w.uint32(34).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "draw");
    }
  }
  if ((v = m.deal) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "deal");
    try {
      $encode6(v, w.uint32(42).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "deal");
    }
  }
  if ((v = m.refused) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "refused");
    try {
      $encode7(v, w.uint32(50).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "refused");
    }
  }
  if ((v = m.sync) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "sync");
    try {
      $encode9(v, w.uint32(58).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "sync");
    }
  }
  if ((v = m.seats) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "seats");
    try {
      $encode10(v, w.uint32(66).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "seats");
    }
  }
  if ((v = m.turn) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "turn");
    try {
      $encode11(v, w.uint32(74).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "turn");
    }
  }
  if ((v = m.played) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "played");
    try {
      $encode12(v, w.uint32(82).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "played");
    }
  }
  if ((v = m.drawn) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "drawn");
    try {
      $encode13(v, w.uint32(90).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "drawn");
    }
  }
  if ((v = m.drew) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "drew");
    try {
      $encode14(v, w.uint32(98).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "drew");
    }
  }
  if ((v = m.over) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "over");
    try {
      $encode15(v, w.uint32(106).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "over");
    }
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["join", "part", "play", "draw", "deal", "refused", "sync", "seats", "turn", "played", "drawn", "drew", "over"]);
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
      if (o0 !== undefined && o0 !== "play") delete m[o0];
      o0 = "play";
      m.play = $nested(r, $decode4, d, m.play);
      continue;
      case 34:
      if (o0 !== undefined && o0 !== "draw") delete m[o0];
      o0 = "draw";
      m.draw = $nested(r, $decode5, d, m.draw);
      continue;
      case 42:
      if (o0 !== undefined && o0 !== "deal") delete m[o0];
      o0 = "deal";
      m.deal = $nested(r, $decode6, d, m.deal);
      continue;
      case 50:
      if (o0 !== undefined && o0 !== "refused") delete m[o0];
      o0 = "refused";
      m.refused = $nested(r, $decode7, d, m.refused);
      continue;
      case 58:
      if (o0 !== undefined && o0 !== "sync") delete m[o0];
      o0 = "sync";
      m.sync = $nested(r, $decode9, d, m.sync);
      continue;
      case 66:
      if (o0 !== undefined && o0 !== "seats") delete m[o0];
      o0 = "seats";
      m.seats = $nested(r, $decode10, d, m.seats);
      continue;
      case 74:
      if (o0 !== undefined && o0 !== "turn") delete m[o0];
      o0 = "turn";
      m.turn = $nested(r, $decode11, d, m.turn);
      continue;
      case 82:
      if (o0 !== undefined && o0 !== "played") delete m[o0];
      o0 = "played";
      m.played = $nested(r, $decode12, d, m.played);
      continue;
      case 90:
      if (o0 !== undefined && o0 !== "drawn") delete m[o0];
      o0 = "drawn";
      m.drawn = $nested(r, $decode13, d, m.drawn);
      continue;
      case 98:
      if (o0 !== undefined && o0 !== "drew") delete m[o0];
      o0 = "drew";
      m.drew = $nested(r, $decode14, d, m.drew);
      continue;
      case 106:
      if (o0 !== undefined && o0 !== "over") delete m[o0];
      o0 = "over";
      m.over = $nested(r, $decode15, d, m.over);
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  return m;
}

function $encode2(m, w, d) {
  $object(m, d);
  let n = 2;
  w.uint32(10).string($string(m.name, "name"));
  w.uint32(18).string($string(m.table, "table"));
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["name", "table"]);
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
      case 18:
      m.table = r.string();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.name === undefined) throw $required("name");
  if (m.table === undefined) throw $required("table");
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
  let v, n = 2;
  w.uint32(8).uint32($uint32(m.turn, "turn"));
  w.uint32(16).uint32($uint32(m.card, "card"));
  if ((v = m.suit) !== undefined && v !== null) {
    n++;
    w.uint32(24).uint32($uint32(v, "suit"));
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["turn", "card", "suit"]);
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
      m.turn = r.uint32();
      continue;
      case 16:
      m.card = r.uint32();
      continue;
      case 24:
      m.suit = r.uint32();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.turn === undefined) throw $required("turn");
  if (m.card === undefined) throw $required("card");
  return m;
}

function $encode5(m, w, d) {
  $object(m, d);
  let n = 1;
  w.uint32(8).uint32($uint32(m.turn, "turn"));
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["turn"]);
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
      m.turn = r.uint32();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.turn === undefined) throw $required("turn");
  return m;
}

function $encode6(m, w, d) {
  $object(m, d);
  let n = 0;
  for (const _ in m) n--;
  if (n !== 0) $names(m, []);
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
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  return m;
}

function $encode7(m, w, d) {
  $object(m, d);
  let n = 1;
  w.uint32(10).string($string(m.why, "why"));
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["why"]);
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
      case 10:
      m.why = r.string();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.why === undefined) throw $required("why");
  return m;
}

function $encode8(m, w, d) {
  $object(m, d);
  let n = 5;
  w.uint32(8).uint32($uint32(m.at, "at"));
  w.uint32(18).string($string(m.name, "name"));
  w.uint32(24).bool($bool(m.is_here, "is_here"));
  w.uint32(32).uint32($uint32(m.cards, "cards"));
  w.uint32(40).uint32($uint32(m.score, "score"));
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["at", "name", "is_here", "cards", "score"]);
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
      case 8:
      m.at = r.uint32();
      continue;
      case 18:
      m.name = r.string();
      continue;
      case 24:
      m.is_here = r.bool();
      continue;
      case 32:
      m.cards = r.uint32();
      continue;
      case 40:
      m.score = r.uint32();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.at === undefined) throw $required("at");
  if (m.name === undefined) throw $required("name");
  if (m.is_here === undefined) throw $required("is_here");
  if (m.cards === undefined) throw $required("cards");
  if (m.score === undefined) throw $required("score");
  return m;
}

function $encode9(m, w, d) {
  $object(m, d);
  let v, n = 2;
  w.uint32(10).string($string(m.table, "table"));
  if ((v = m.seats) !== undefined && v !== null) {
    n++;
    let i = 0;
    $list(v, "seats");
    try {
      for (; i < v.length; i++) $encode8(v[i], w.uint32(18).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "seats[" + i + "]");
    }
  }
  if ((v = m.hand) !== undefined && v !== null) {
    n++;
    let i = 0;
    $list(v, "hand");
    try {
      for (; i < v.length; i++) w.uint32(24).uint32($uint32(v[i], ""));
    } catch (e) {
      throw $at(e, "hand[" + i + "]");
    }
  }
  w.uint32(32).uint32($uint32(m.stock, "stock"));
  if ((v = m.top) !== undefined && v !== null) {
    n++;
    w.uint32(40).uint32($uint32(v, "top"));
  }
  if ((v = m.suit) !== undefined && v !== null) {
    n++;
    w.uint32(48).uint32($uint32(v, "suit"));
  }
  if ((v = m.turn) !== undefined && v !== null) {
    n++;
    try {
      $encode11(v, w.uint32(58).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "turn");
    }
  }
  if ((v = m.winner) !== undefined && v !== null) {
    n++;
    w.uint32(66).string($string(v, "winner"));
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["table", "seats", "hand", "stock", "top", "suit", "turn", "winner"]);
  return w;
}

function $decode9(r, d, m, g) {
  $deep(d);
  if (m === undefined) m = { seats: [], hand: [] };
  let isOpen = g !== 0;
  while (r.pos < r.len) {
    const t = r.tag();
    if (isOpen && t === g) {
      isOpen = false;
      break;
    }
    switch (t) {
      case 10:
      m.table = r.string();
      continue;
      case 18:
      m.seats.push($nested(r, $decode8, d, undefined));
      continue;
      case 24:
      m.hand.push(r.uint32());
      continue;
      case 26: {
        const l = $inside(r);
        while (r.pos < r.len) m.hand.push(r.uint32());
        $outside(r, l);
        continue;
      }
      case 32:
      m.stock = r.uint32();
      continue;
      case 40:
      m.top = r.uint32();
      continue;
      case 48:
      m.suit = r.uint32();
      continue;
      case 58:
      m.turn = $nested(r, $decode11, d, m.turn);
      continue;
      case 66:
      m.winner = r.string();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.table === undefined) throw $required("table");
  if (m.stock === undefined) throw $required("stock");
  return m;
}

function $encode10(m, w, d) {
  $object(m, d);
  let v, n = 1;
  if ((v = m.seats) !== undefined && v !== null) {
    n++;
    let i = 0;
    $list(v, "seats");
    try {
      for (; i < v.length; i++) $encode8(v[i], w.uint32(10).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "seats[" + i + "]");
    }
  }
  w.uint32(16).bool($bool(m.is_waiting, "is_waiting"));
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["seats", "is_waiting"]);
  return w;
}

function $decode10(r, d, m, g) {
  $deep(d);
  if (m === undefined) m = { seats: [] };
  let isOpen = g !== 0;
  while (r.pos < r.len) {
    const t = r.tag();
    if (isOpen && t === g) {
      isOpen = false;
      break;
    }
    switch (t) {
      case 10:
      m.seats.push($nested(r, $decode8, d, undefined));
      continue;
      case 16:
      m.is_waiting = r.bool();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.is_waiting === undefined) throw $required("is_waiting");
  return m;
}

function $encode11(m, w, d) {
  $object(m, d);
  let n = 3;
  w.uint32(8).uint32($uint32(m.number, "number"));
  w.uint32(16).uint32($uint32(m.at, "at"));
  w.uint32(24).uint32($uint32(m.ms, "ms"));
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["number", "at", "ms"]);
  return w;
}

function $decode11(r, d, m, g) {
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
      m.at = r.uint32();
      continue;
      case 24:
      m.ms = r.uint32();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.number === undefined) throw $required("number");
  if (m.at === undefined) throw $required("at");
  if (m.ms === undefined) throw $required("ms");
  return m;
}

function $encode12(m, w, d) {
  $object(m, d);
  let n = 3;
  w.uint32(8).uint32($uint32(m.at, "at"));
  w.uint32(16).uint32($uint32(m.card, "card"));
  w.uint32(24).uint32($uint32(m.suit, "suit"));
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["at", "card", "suit"]);
  return w;
}

function $decode12(r, d, m, g) {
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
      m.at = r.uint32();
      continue;
      case 16:
      m.card = r.uint32();
      continue;
      case 24:
      m.suit = r.uint32();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.at === undefined) throw $required("at");
  if (m.card === undefined) throw $required("card");
  if (m.suit === undefined) throw $required("suit");
  return m;
}

function $encode13(m, w, d) {
  $object(m, d);
  let n = 1;
  w.uint32(8).uint32($uint32(m.card, "card"));
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["card"]);
  return w;
}

function $decode13(r, d, m, g) {
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
      m.card = r.uint32();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.card === undefined) throw $required("card");
  return m;
}

function $encode14(m, w, d) {
  $object(m, d);
  let n = 3;
  w.uint32(8).uint32($uint32(m.at, "at"));
  w.uint32(16).uint32($uint32(m.cards, "cards"));
  w.uint32(24).uint32($uint32(m.stock, "stock"));
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["at", "cards", "stock"]);
  return w;
}

function $decode14(r, d, m, g) {
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
      m.at = r.uint32();
      continue;
      case 16:
      m.cards = r.uint32();
      continue;
      case 24:
      m.stock = r.uint32();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.at === undefined) throw $required("at");
  if (m.cards === undefined) throw $required("cards");
  if (m.stock === undefined) throw $required("stock");
  return m;
}

function $encode15(m, w, d) {
  $object(m, d);
  let n = 3;
  w.uint32(10).string($string(m.winner, "winner"));
  w.uint32(16).uint32($uint32(m.at, "at"));
  w.uint32(24).uint32($uint32(m.points, "points"));
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["winner", "at", "points"]);
  return w;
}

function $decode15(r, d, m, g) {
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
      m.winner = r.string();
      continue;
      case 16:
      m.at = r.uint32();
      continue;
      case 24:
      m.points = r.uint32();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.winner === undefined) throw $required("winner");
  if (m.at === undefined) throw $required("at");
  if (m.points === undefined) throw $required("points");
  return m;
}

const $message1 = {
  encode: (message, writer = $protobuf.Writer.create()) => $encode1(message, writer, 0),
  decode: (reader) => $decode1($reader(reader), 0, undefined, 0),
  $app: {
    hash: "4fb4a44c8bf90472",
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
      ["play", (m, w) => {
        try {
          $encode4(m, w.uint32(26).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "play");
        }
      }],
      ["draw", (m, w) => {
        try {
          $encode5(m, w.uint32(34).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "draw");
        }
      }],
      ["deal", (m, w) => {
        try {
          $encode6(m, w.uint32(42).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "deal");
        }
      }],
      ["refused", (m, w) => {
        try {
          $encode7(m, w.uint32(50).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "refused");
        }
      }],
      ["sync", (m, w) => {
        try {
          $encode9(m, w.uint32(58).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "sync");
        }
      }],
      ["seats", (m, w) => {
        try {
          $encode10(m, w.uint32(66).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "seats");
        }
      }],
      ["turn", (m, w) => {
        try {
          $encode11(m, w.uint32(74).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "turn");
        }
      }],
      ["played", (m, w) => {
        try {
          $encode12(m, w.uint32(82).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "played");
        }
      }],
      ["drawn", (m, w) => {
        try {
          $encode13(m, w.uint32(90).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "drawn");
        }
      }],
      ["drew", (m, w) => {
        try {
          $encode14(m, w.uint32(98).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "drew");
        }
      }],
      ["over", (m, w) => {
        try {
          $encode15(m, w.uint32(106).fork(), 0).ldelim();
        } catch (e) {
          throw $at(e, "over");
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

const $message10 = {
  encode: (message, writer = $protobuf.Writer.create()) => $encode10(message, writer, 0),
  decode: (reader) => $decode10($reader(reader), 0, undefined, 0),
};

const $message11 = {
  encode: (message, writer = $protobuf.Writer.create()) => $encode11(message, writer, 0),
  decode: (reader) => $decode11($reader(reader), 0, undefined, 0),
};

const $message12 = {
  encode: (message, writer = $protobuf.Writer.create()) => $encode12(message, writer, 0),
  decode: (reader) => $decode12($reader(reader), 0, undefined, 0),
};

const $message13 = {
  encode: (message, writer = $protobuf.Writer.create()) => $encode13(message, writer, 0),
  decode: (reader) => $decode13($reader(reader), 0, undefined, 0),
};

const $message14 = {
  encode: (message, writer = $protobuf.Writer.create()) => $encode14(message, writer, 0),
  decode: (reader) => $decode14($reader(reader), 0, undefined, 0),
};

const $message15 = {
  encode: (message, writer = $protobuf.Writer.create()) => $encode15(message, writer, 0),
  decode: (reader) => $decode15($reader(reader), 0, undefined, 0),
};

const $exported0 = {
  table: $message1,
  join: $message2,
  part: $message3,
  play: $message4,
  draw: $message5,
  deal: $message6,
  refused: $message7,
  seat: $message8,
  sync: $message9,
  seats: $message10,
  turn: $message11,
  played: $message12,
  drawn: $message13,
  drew: $message14,
  over: $message15,
};
export { $exported0 as table_app };
