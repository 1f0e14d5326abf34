/**
 * What generated code needs at run time beside protobufjs' reader and writer. Each file carries those that it uses, so that
 * it works with any version of this library.
 */

/** Each may use those before it. */
const HELPERS: ReadonlyMap<string, string> = new Map([
  [
    '$show',
    `function $show(value) {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? value.slice(0, 40) + "…" : value);
  if (typeof value === "bigint") return value + "n";
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  return Array.isArray(value) ? "an array" : "an object";
}`,
  ],
  [
    '$FieldError',
    `class $FieldError extends TypeError {
  constructor(why) {
    super(why);
    this.why = why;
    this.field = "";
  }
}`,
  ],
  [
    '$at',
    `function $at(error, step) {
  if (!(error instanceof $FieldError) || error.field.length > 300) return error;
  error.field = step + (error.field === "" || error.field[0] === "[" ? "" : ".") + error.field;
  error.message = error.field + ": " + error.why;
  return error;
}`,
  ],
  [
    '$bad',
    `function $bad(field, value, wanted) {
  const isMissing = value === undefined || value === null;
  return $at(new $FieldError(isMissing ? "is missing, and must be " + wanted : "must be " + wanted + ", not " + $show(value)), field);
}`,
  ],
  [
    '$object',
    `function $object(value, depth) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw $bad("", value, "an object");
  if (depth > 100) throw new $FieldError("is nested more than 100 deep: does it contain itself?");
}`,
  ],
  [
    '$names',
    `function $names(message, names) {
  for (const name of Object.keys(message)) {
    if (!names.includes(name) && message[name] !== undefined) throw $at(new $FieldError("is no field of this message; it has " + (names.join(", ") || "none")), name);
  }
}`,
  ],
  [
    '$list',
    `function $list(value, field) {
  if (!Array.isArray(value)) throw $bad(field, value, "an array");
  return value;
}`,
  ],
  [
    '$map',
    `function $map(value, field) {
  if (typeof value !== "object" || Symbol.iterator in value) throw $bad(field, value, "an object with a property for each key");
  return Object.keys(value);
}`,
  ],
  [
    '$key',
    `function $key(key) {
  return String(Number(key)) === key ? Number(key) : key;
}`,
  ],
  [
    '$boolKey',
    `function $boolKey(key) {
  return key === "true" ? true : key === "false" ? false : key;
}`,
  ],
  [
    '$one',
    `function $one(before, field) {
  if (before !== undefined) throw $at(new $FieldError("is set beside " + before + ": a message has at most one of them"), field);
  return field;
}`,
  ],
  [
    '$int32',
    `function $int32(value, field) {
  if (typeof value === "number" && (value | 0) === value) return value;
  throw $bad(field, value, "an integer from -2147483648 to 2147483647");
}`,
  ],
  [
    '$uint32',
    `function $uint32(value, field) {
  if (typeof value === "number" && value >>> 0 === value) return value;
  throw $bad(field, value, "an integer from 0 to 4294967295");
}`,
  ],
  [
    '$int64',
    `function $int64(value, field) {
  if (Number.isSafeInteger(value)) return value;
  throw $bad(field, value, "an integer from -(2^53-1) to 2^53-1");
}`,
  ],
  [
    '$uint64',
    `function $uint64(value, field) {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw $bad(field, value, "an integer from 0 to 2^53-1");
}`,
  ],
  [
    '$float',
    `function $float(value, field) {
  if (typeof value === "number" && value === value && (Math.abs(value) < 3.4028235677973366e38 || Math.abs(value) === Infinity)) return value;
  throw $bad(field, value, "a number that a float can hold");
}`,
  ],
  [
    '$double',
    `function $double(value, field) {
  if (typeof value === "number" && value === value) return value;
  throw $bad(field, value, "a number");
}`,
  ],
  [
    '$number',
    `function $number(value, field) {
  if (typeof value === "number") return value;
  throw $bad(field, value, "a number");
}`,
  ],
  [
    '$bool',
    `function $bool(value, field) {
  if (typeof value === "boolean") return value;
  throw $bad(field, value, "true or false");
}`,
  ],
  [
    '$string',
    `function $string(value, field) {
  if (typeof value === "string") return value;
  throw $bad(field, value, "a string");
}`,
  ],
  [
    '$bytes',
    `function $bytes(value, field) {
  if (value instanceof Uint8Array || Object.prototype.toString.call(value) === "[object Uint8Array]") return value;
  throw $bad(field, value, "a Uint8Array");
}`,
  ],
  [
    '$enum',
    `function $enum(value, field, known, values) {
  if (typeof value === "number" && known.has(value)) return value;
  throw $bad(field, value, "one of " + Object.keys(values).map((name) => name + " (" + values[name] + ")").join(", "));
}`,
  ],
  [
    '$get',
    `function $get(object, name) {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}`,
  ],
  [
    '$set',
    `function $set(object, name, value) {
  Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
}`,
  ],
  [
    '$values',
    `function $values(entries) {
  const names = Object.create(null);
  for (const [name, number] of entries) names[number] ??= name;
  const values = Object.create(names);
  for (const [name, value] of entries) $set(values, name, value);
  return values;
}`,
  ],
  [
    '$safe',
    `function $safe(value) {
  const number = typeof value === "number" ? value : (value.unsigned ? value.high >>> 0 : value.high) * 4294967296 + (value.low >>> 0);
  if (Number.isSafeInteger(number)) return number;
  throw new RangeError("an integer beyond 2^53-1");
}`,
  ],
  [
    '$plain',
    `function $plain(bytes) {
  return bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}`,
  ],
  [
    '$inside',
    `function $inside(reader) {
  const end = reader.uint32() + reader.pos;
  if (end > reader.len) throw new RangeError("index out of range");
  const outer = reader.len;
  reader.len = end;
  return outer;
}`,
  ],
  [
    '$outside',
    `function $outside(reader, outer) {
  if (reader.pos !== reader.len) throw new RangeError("index out of range");
  reader.len = outer;
}`,
  ],
  [
    '$nested',
    `function $nested(reader, decode, depth, target) {
  const outer = $inside(reader);
  const message = decode(reader, depth + 1, target, 0);
  $outside(reader, outer);
  return message;
}`,
  ],
  [
    '$deep',
    `function $deep(depth) {
  if (depth > 100) throw new RangeError("nested more than 100 deep");
}`,
  ],
  [
    '$required',
    `function $required(name) {
  return new TypeError("missing required '" + name + "'");
}`,
  ],
  [
    '$reader',
    `function $reader(bytes) {
  return typeof bytes.tag === "function" ? bytes : $protobuf.Reader.create(bytes);
}`,
  ],
])

/** The text of those that `code` uses, and of those that these use. */
export function helpersFor(code: string): string {
  const used: string[] = []
  let text = code
  for (const [name, helper] of [...HELPERS].toReversed()) {
    if (!new RegExp(`\\${name}\\b`).test(text)) continue
    used.unshift(helper)
    text += helper
  }
  return used.join('\n')
}
