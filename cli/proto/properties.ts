/** How generated code reads and writes a property of any name. */

/** What any object inherits: only its own property counts. */
const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype))

export function stringOf(name: string): string {
  return JSON.stringify(name)
}

export function readProperty(object: string, name: string): string {
  return INHERITED.has(name) ? `$get(${object}, ${stringOf(name)})` : `${object}${accessOf(name)}`
}

export function writeProperty(object: string, name: string, value: string): string {
  // Assigned to, it would become the prototype.
  return name === '__proto__'
    ? `$set(${object}, ${stringOf(name)}, ${value});`
    : `${object}${accessOf(name)} = ${value};`
}

/** In an object literal. */
export function literalKey(name: string): string {
  return name === '__proto__' ? '["__proto__"]' : isIdentifier(name) ? name : stringOf(name)
}

export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name)
}

function accessOf(name: string): string {
  return isIdentifier(name) ? `.${name}` : `[${stringOf(name)}]`
}
