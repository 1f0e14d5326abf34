// Generated from recording/recording.proto by `npm run generate`: edit that file, not this one.
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
function $double(value, field) {
  if (typeof value === "number" && value === value) return value;
  throw $bad(field, value, "a number");
}
function $bool(value, field) {
  if (typeof value === "boolean") return value;
  throw $bad(field, value, "true or false");
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

const $enum4 = $values([["boot", 1], ["accepted", 2], ["opened", 3], ["message", 4], ["closed", 5], ["drained", 6], ["ignored", 7], ["fired", 8], ["listener_closed", 9], ["called", 10], ["listening", 13], ["listen_failed", 14], ["elapsed", 11], ["missing", 12], ["random_bytes", 20], ["random_number", 21], ["buffered", 22], ["sent", 30], ["sent_again", 31], ["close", 32], ["set_timer", 33], ["cancelled", 34], ["listened", 35], ["close_listener", 36], ["unrecordable", 50], ["ended", 51]]);
const $known4 = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 11, 12, 20, 21, 22, 30, 31, 32, 33, 34, 35, 36, 50, 51]);

const $enum5 = $values([["request", 1], ["grace", 2], ["beacon", 3], ["liveness", 4], ["tick", 5], ["zone_timer", 6], ["drain", 7], ["program", 8]]);
const $known5 = new Set([1, 2, 3, 4, 5, 6, 7, 8]);

const $enum6 = $values([["reliable", 0], ["unreliable", 1], ["unsequenced", 2]]);
const $known6 = new Set([0, 1, 2]);

const $enum7 = $values([["websocket", 0], ["enet", 1], ["in_process", 2]]);
const $known7 = new Set([0, 1, 2]);

function $encode1(m, w, d) {
  $object(m, d);
  let v, n = 0;
  if ((v = m.number) !== undefined && v !== null) {
    n++;
    w.uint32(8).uint64($uint64(v, "number"));
  }
  if ((v = m.header) !== undefined && v !== null) {
    n++;
    try {
      $encode2(v, w.uint32(18).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "header");
    }
  }
  if ((v = m.records) !== undefined && v !== null) {
    n++;
    let i = 0;
    $list(v, "records");
    try {
      for (; i < v.length; i++) $encode8(v[i], w.uint32(26).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "records[" + i + "]");
    }
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["number", "header", "records"]);
  return w;
}

function $decode1(r, d, m, g) {
  $deep(d);
  if (m === undefined) m = { records: [] };
  let isOpen = g !== 0;
  while (r.pos < r.len) {
    const t = r.tag();
    if (isOpen && t === g) {
      isOpen = false;
      break;
    }
    switch (t) {
      case 8:
      m.number = $safe(r.uint64());
      continue;
      case 18:
      m.header = $nested(r, $decode2, d, m.header);
      continue;
      case 26:
      m.records.push($nested(r, $decode8, d, undefined));
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
  if ((v = m.recording) !== undefined && v !== null) {
    n++;
    w.uint32(10).string($string(v, "recording"));
  }
  if ((v = m.part) !== undefined && v !== null) {
    n++;
    w.uint32(16).uint32($uint32(v, "part"));
  }
  if ((v = m.version) !== undefined && v !== null) {
    n++;
    w.uint32(26).string($string(v, "version"));
  }
  if ((v = m.commit) !== undefined && v !== null) {
    n++;
    w.uint32(34).string($string(v, "commit"));
  }
  if ((v = m.started_at) !== undefined && v !== null) {
    n++;
    w.uint32(41).double($double(v, "started_at"));
  }
  if ((v = m.configuration) !== undefined && v !== null) {
    n++;
    w.uint32(50).string($string(v, "configuration"));
  }
  if ((v = m.apps) !== undefined && v !== null) {
    n++;
    let i = 0;
    $list(v, "apps");
    try {
      for (; i < v.length; i++) $encode3(v[i], w.uint32(58).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "apps[" + i + "]");
    }
  }
  if ((v = m.redacted) !== undefined && v !== null) {
    n++;
    w.uint32(64).bool($bool(v, "redacted"));
  }
  if ((v = m.clock) !== undefined && v !== null) {
    n++;
    w.uint32(73).double($double(v, "clock"));
  }
  if ((v = m.imported_from) !== undefined && v !== null) {
    n++;
    w.uint32(82).string($string(v, "imported_from"));
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["recording", "part", "version", "commit", "started_at", "configuration", "apps", "redacted", "clock", "imported_from"]);
  return w;
}

function $decode2(r, d, m, g) {
  $deep(d);
  if (m === undefined) m = { apps: [] };
  let isOpen = g !== 0;
  while (r.pos < r.len) {
    const t = r.tag();
    if (isOpen && t === g) {
      isOpen = false;
      break;
    }
    switch (t) {
      case 10:
      m.recording = r.string();
      continue;
      case 16:
      m.part = r.uint32();
      continue;
      case 26:
      m.version = r.string();
      continue;
      case 34:
      m.commit = r.string();
      continue;
      case 41:
      m.started_at = r.double();
      continue;
      case 50:
      m.configuration = r.string();
      continue;
      case 58:
      m.apps.push($nested(r, $decode3, d, undefined));
      continue;
      case 64:
      m.redacted = r.bool();
      continue;
      case 73:
      m.clock = r.double();
      continue;
      case 82:
      m.imported_from = r.string();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  return m;
}

function $encode3(m, w, d) {
  $object(m, d);
  let v, n = 0;
  if ((v = m.name) !== undefined && v !== null) {
    n++;
    w.uint32(10).string($string(v, "name"));
  }
  if ((v = m.prefix) !== undefined && v !== null) {
    n++;
    w.uint32(16).uint32($uint32(v, "prefix"));
  }
  if ((v = m.schema_hash) !== undefined && v !== null) {
    n++;
    w.uint32(26).string($string(v, "schema_hash"));
  }
  if ((v = m.schema) !== undefined && v !== null) {
    n++;
    w.uint32(34).string($string(v, "schema"));
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["name", "prefix", "schema_hash", "schema"]);
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
      case 10:
      m.name = r.string();
      continue;
      case 16:
      m.prefix = r.uint32();
      continue;
      case 26:
      m.schema_hash = r.string();
      continue;
      case 34:
      m.schema = r.string();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  return m;
}

function $encode8(m, w, d) {
  $object(m, d);
  let v, n = 1;
  w.uint32(8).int32($enum(m.kind, "kind", $known4, $enum4));
  if ((v = m.time) !== undefined && v !== null) {
    n++;
    w.uint32(17).double($double(v, "time"));
  }
  if ((v = m.connection) !== undefined && v !== null) {
    n++;
    w.uint32(24).uint32($uint32(v, "connection"));
  }
  if ((v = m.listener) !== undefined && v !== null) {
    n++;
    w.uint32(32).uint32($uint32(v, "listener"));
  }
  if ((v = m.timer) !== undefined && v !== null) {
    n++;
    w.uint32(40).uint32($uint32(v, "timer"));
  }
  if ((v = m.bytes) !== undefined && v !== null) {
    n++;
    w.uint32(50).bytes($bytes(v, "bytes"));
  }
  if ((v = m.mode) !== undefined && v !== null) {
    n++;
    w.uint32(56).int32($enum(v, "mode", $known6, $enum6));
  }
  if ((v = m.channel) !== undefined && v !== null) {
    n++;
    w.uint32(64).uint32($uint32(v, "channel"));
  }
  if ((v = m.code) !== undefined && v !== null) {
    n++;
    w.uint32(72).uint32($uint32(v, "code"));
  }
  if ((v = m.text) !== undefined && v !== null) {
    n++;
    w.uint32(82).string($string(v, "text"));
  }
  if ((v = m.transport) !== undefined && v !== null) {
    n++;
    w.uint32(88).int32($enum(v, "transport", $known7, $enum7));
  }
  if ((v = m.id) !== undefined && v !== null) {
    n++;
    w.uint32(96).uint64($uint64(v, "id"));
  }
  if ((v = m.number) !== undefined && v !== null) {
    n++;
    w.uint32(105).double($double(v, "number"));
  }
  if ((v = m.call) !== undefined && v !== null) {
    n++;
    try {
      $encode9(v, w.uint32(114).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "call");
    }
  }
  if ((v = m.length) !== undefined && v !== null) {
    n++;
    w.uint32(120).uint32($uint32(v, "length"));
  }
  if ((v = m.owner) !== undefined && v !== null) {
    n++;
    w.uint32(128).int32($enum(v, "owner", $known5, $enum5));
  }
  if ((v = m.session) !== undefined && v !== null) {
    n++;
    w.uint32(136).uint64($uint64(v, "session"));
  }
  if ((v = m.app) !== undefined && v !== null) {
    n++;
    w.uint32(146).string($string(v, "app"));
  }
  if ((v = m.zone) !== undefined && v !== null) {
    n++;
    w.uint32(154).string($string(v, "zone"));
  }
  if ((v = m.zone_timer) !== undefined && v !== null) {
    n++;
    w.uint32(160).uint32($uint32(v, "zone_timer"));
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["kind", "time", "connection", "listener", "timer", "bytes", "mode", "channel", "code", "text", "transport", "id", "number", "call", "length", "owner", "session", "app", "zone", "zone_timer"]);
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
      m.kind = r.int32();
      continue;
      case 17:
      m.time = r.double();
      continue;
      case 24:
      m.connection = r.uint32();
      continue;
      case 32:
      m.listener = r.uint32();
      continue;
      case 40:
      m.timer = r.uint32();
      continue;
      case 50:
      m.bytes = $plain(r.bytes());
      continue;
      case 56:
      m.mode = r.int32();
      continue;
      case 64:
      m.channel = r.uint32();
      continue;
      case 72:
      m.code = r.uint32();
      continue;
      case 82:
      m.text = r.string();
      continue;
      case 88:
      m.transport = r.int32();
      continue;
      case 96:
      m.id = $safe(r.uint64());
      continue;
      case 105:
      m.number = r.double();
      continue;
      case 114:
      m.call = $nested(r, $decode9, d, m.call);
      continue;
      case 120:
      m.length = r.uint32();
      continue;
      case 128:
      m.owner = r.int32();
      continue;
      case 136:
      m.session = $safe(r.uint64());
      continue;
      case 146:
      m.app = r.string();
      continue;
      case 154:
      m.zone = r.string();
      continue;
      case 160:
      m.zone_timer = r.uint32();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.kind === undefined) throw $required("kind");
  return m;
}

function $encode9(m, w, d) {
  $object(m, d);
  let v, n = 2;
  try {
    $encode10(m.on, w.uint32(10).fork(), d + 1).ldelim();
  } catch (e) {
    throw $at(e, "on");
  }
  w.uint32(18).string($string(m.method, "method"));
  if ((v = m.args) !== undefined && v !== null) {
    n++;
    let i = 0;
    $list(v, "args");
    try {
      for (; i < v.length; i++) $encode10(v[i], w.uint32(26).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "args[" + i + "]");
    }
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["on", "method", "args"]);
  return w;
}

function $decode9(r, d, m, g) {
  $deep(d);
  if (m === undefined) m = { args: [] };
  let isOpen = g !== 0;
  while (r.pos < r.len) {
    const t = r.tag();
    if (isOpen && t === g) {
      isOpen = false;
      break;
    }
    switch (t) {
      case 10:
      m.on = $nested(r, $decode10, d, m.on);
      continue;
      case 18:
      m.method = r.string();
      continue;
      case 26:
      m.args.push($nested(r, $decode10, d, undefined));
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.on === undefined) throw $required("on");
  if (m.method === undefined) throw $required("method");
  return m;
}

function $encode10(m, w, d) {
  $object(m, d);
  let v, n = 0;
  let o0;
  if ((v = m.number) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "number");
    w.uint32(9).double($double(v, "number"));
  }
  if ((v = m.text) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "text");
    w.uint32(18).string($string(v, "text"));
  }
  if ((v = m.flag) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "flag");
    w.uint32(24).bool($bool(v, "flag"));
  }
  if ((v = m.bytes) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "bytes");
    w.uint32(34).bytes($bytes(v, "bytes"));
  }
  if ((v = m.list) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "list");
    try {
      $encode11(v, w.uint32(42).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "list");
    }
  }
  if ((v = m.object) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "object");
    try {
      $encode12(v, w.uint32(50).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "object");
    }
  }
  if ((v = m.undefined) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "undefined");
    w.uint32(56).bool($bool(v, "undefined"));
  }
  if ((v = m.null) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "null");
    w.uint32(64).bool($bool(v, "null"));
  }
  if ((v = m.session) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "session");
    w.uint32(72).uint64($uint64(v, "session"));
  }
  if ((v = m.zone) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "zone");
    try {
      $encode13(v, w.uint32(82).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "zone");
    }
  }
  if ((v = m.app) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "app");
    w.uint32(88).uint32($uint32(v, "app"));
  }
  if ((v = m.connection) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "connection");
    w.uint32(96).uint32($uint32(v, "connection"));
  }
  if ((v = m.definition) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "definition");
    w.uint32(104).uint32($uint32(v, "definition"));
  }
  if ((v = m.place) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "place");
    w.uint32(114).string($string(v, "place"));
  }
  if ((v = m.bigint) !== undefined && v !== null) {
    n++;
    o0 = $one(o0, "bigint");
    w.uint32(122).string($string(v, "bigint"));
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["number", "text", "flag", "bytes", "list", "object", "undefined", "null", "session", "zone", "app", "connection", "definition", "place", "bigint"]);
  return w;
}

function $decode10(r, d, m, g) {
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
      case 9:
      if (o0 !== undefined && o0 !== "number") delete m[o0];
      o0 = "number";
      m.number = r.double();
      continue;
      case 18:
      if (o0 !== undefined && o0 !== "text") delete m[o0];
      o0 = "text";
      m.text = r.string();
      continue;
      case 24:
      if (o0 !== undefined && o0 !== "flag") delete m[o0];
      o0 = "flag";
      m.flag = r.bool();
      continue;
      case 34:
      if (o0 !== undefined && o0 !== "bytes") delete m[o0];
      o0 = "bytes";
      m.bytes = $plain(r.bytes());
      continue;
      case 42:
      if (o0 !== undefined && o0 !== "list") delete m[o0];
      o0 = "list";
      m.list = $nested(r, $decode11, d, m.list);
      continue;
      case 50:
      if (o0 !== undefined && o0 !== "object") delete m[o0];
      o0 = "object";
      m.object = $nested(r, $decode12, d, m.object);
      continue;
      case 56:
      if (o0 !== undefined && o0 !== "undefined") delete m[o0];
      o0 = "undefined";
      m.undefined = r.bool();
      continue;
      case 64:
      if (o0 !== undefined && o0 !== "null") delete m[o0];
      o0 = "null";
      m.null = r.bool();
      continue;
      case 72:
      if (o0 !== undefined && o0 !== "session") delete m[o0];
      o0 = "session";
      m.session = $safe(r.uint64());
      continue;
      case 82:
      if (o0 !== undefined && o0 !== "zone") delete m[o0];
      o0 = "zone";
      m.zone = $nested(r, $decode13, d, m.zone);
      continue;
      case 88:
      if (o0 !== undefined && o0 !== "app") delete m[o0];
      o0 = "app";
      m.app = r.uint32();
      continue;
      case 96:
      if (o0 !== undefined && o0 !== "connection") delete m[o0];
      o0 = "connection";
      m.connection = r.uint32();
      continue;
      case 104:
      if (o0 !== undefined && o0 !== "definition") delete m[o0];
      o0 = "definition";
      m.definition = r.uint32();
      continue;
      case 114:
      if (o0 !== undefined && o0 !== "place") delete m[o0];
      o0 = "place";
      m.place = r.string();
      continue;
      case 122:
      if (o0 !== undefined && o0 !== "bigint") delete m[o0];
      o0 = "bigint";
      m.bigint = r.string();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  return m;
}

function $encode11(m, w, d) {
  $object(m, d);
  let v, n = 0;
  if ((v = m.items) !== undefined && v !== null) {
    n++;
    let i = 0;
    $list(v, "items");
    try {
      for (; i < v.length; i++) $encode10(v[i], w.uint32(10).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "items[" + i + "]");
    }
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["items"]);
  return w;
}

function $decode11(r, d, m, g) {
  $deep(d);
  if (m === undefined) m = { items: [] };
  let isOpen = g !== 0;
  while (r.pos < r.len) {
    const t = r.tag();
    if (isOpen && t === g) {
      isOpen = false;
      break;
    }
    switch (t) {
      case 10:
      m.items.push($nested(r, $decode10, d, undefined));
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  return m;
}

function $encode12(m, w, d) {
  $object(m, d);
  let v, n = 0;
  if ((v = m.names) !== undefined && v !== null) {
    n++;
    let i = 0;
    $list(v, "names");
    try {
      for (; i < v.length; i++) w.uint32(10).string($string(v[i], ""));
    } catch (e) {
      throw $at(e, "names[" + i + "]");
    }
  }
  if ((v = m.values) !== undefined && v !== null) {
    n++;
    let i = 0;
    $list(v, "values");
    try {
      for (; i < v.length; i++) $encode10(v[i], w.uint32(18).fork(), d + 1).ldelim();
    } catch (e) {
      throw $at(e, "values[" + i + "]");
    }
  }
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["names", "values"]);
  return w;
}

function $decode12(r, d, m, g) {
  $deep(d);
  if (m === undefined) m = { names: [], values: [] };
  let isOpen = g !== 0;
  while (r.pos < r.len) {
    const t = r.tag();
    if (isOpen && t === g) {
      isOpen = false;
      break;
    }
    switch (t) {
      case 10:
      m.names.push(r.string());
      continue;
      case 18:
      m.values.push($nested(r, $decode10, d, undefined));
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  return m;
}

function $encode13(m, w, d) {
  $object(m, d);
  let n = 2;
  w.uint32(8).uint32($uint32(m.app, "app"));
  w.uint32(18).string($string(m.name, "name"));
  for (const _ in m) n--;
  if (n !== 0) $names(m, ["app", "name"]);
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
      m.app = r.uint32();
      continue;
      case 18:
      m.name = r.string();
      continue;
    }
    r.skipType(t & 7, d, t >>> 3);
  }
  if (isOpen) throw new RangeError("missing end group");
  if (m.app === undefined) throw $required("app");
  if (m.name === undefined) throw $required("name");
  return m;
}

const $message1 = {
  encode: (message, writer = $protobuf.Writer.create()) => $encode1(message, writer, 0),
  decode: (reader) => $decode1($reader(reader), 0, undefined, 0),
};

const $message2 = {
  encode: (message, writer = $protobuf.Writer.create()) => $encode2(message, writer, 0),
  decode: (reader) => $decode2($reader(reader), 0, undefined, 0),
};

const $message3 = {
  encode: (message, writer = $protobuf.Writer.create()) => $encode3(message, writer, 0),
  decode: (reader) => $decode3($reader(reader), 0, undefined, 0),
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

const $exported0 = {
  block: $message1,
  header: $message2,
  app: $message3,
  kind: $enum4,
  owner: $enum5,
  mode: $enum6,
  transport: $enum7,
  record: $message8,
  call: $message9,
  value: $message10,
  list: $message11,
  fields: $message12,
  zone: $message13,
};
export { $exported0 as overworld_recording };
