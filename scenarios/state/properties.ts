/** The properties of an object that count in a comparison, and their values. */

type Properties = { readonly [key: string | symbol]: unknown }

/** Own and enumerable. Of an error also what it says. */
export function propertiesOf(object: object): readonly (string | symbol)[] {
  const symbols = Object.getOwnPropertySymbols(object).filter((key) =>
    Object.prototype.propertyIsEnumerable.call(object, key),
  )
  const names = Object.keys(object)
  return [...(object instanceof Error ? ['name', 'message'] : []), ...names, ...symbols]
}

/**
 * Also what the object inherits from its classes, but no methods: defaults of older generated code are on prototypes, and a
 * class may have a getter where a plain object has a property.
 */
export function valueAt(object: object, key: string | symbol): unknown {
  if (Object.hasOwn(object, key)) return (object as Properties)[key]
  let prototype = Object.getPrototypeOf(object) as object | null
  for (
    ;
    prototype !== null && prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype) as object | null
  ) {
    if (!Object.hasOwn(prototype, key)) continue
    const value = (object as Properties)[key]
    return typeof value === 'function' ? undefined : value
  }
  return undefined
}
