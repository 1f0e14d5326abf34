/**
 * The messages and enums of a schema with the names that they have in generated code. No name of a schema becomes an
 * identifier there: any name that protobuf allows works, such as `await`, `constructor` or `__proto__`.
 */
import protobuf from 'protobufjs'

export interface MessagePart {
  readonly kind: 'message'
  readonly type: protobuf.Type
  /** Ends the names of its functions in the module: `$encode1`. */
  readonly number: number
  /** In the types: unique in the file. */
  readonly typeName: string
}

export interface EnumPart {
  readonly kind: 'enum'
  readonly type: protobuf.Enum
  readonly number: number
  readonly typeName: string
}

export type Part = MessagePart | EnumPart

/** A package, or what contains nothing but packages. */
export interface NamespacePart {
  readonly kind: 'namespace'
  readonly typeName: string
  readonly members: readonly Member[]
}

export interface Member {
  readonly name: string
  readonly part: Part | NamespacePart
}

export interface ModuleParts {
  readonly messages: readonly MessagePart[]
  readonly enums: readonly EnumPart[]
  /** What the module exports. */
  readonly exported: readonly Member[]
  messageOf(type: protobuf.ReflectionObject): MessagePart
  enumOf(type: protobuf.ReflectionObject): EnumPart
  /** The types declared within a message, by the names under which its class has them. */
  nestedIn(type: protobuf.Type): readonly Member[]
}

export function partsOf(root: protobuf.Root): ModuleParts {
  const parts = new Map<protobuf.ReflectionObject, Part>()
  collect(root, parts)
  const find = (type: protobuf.ReflectionObject): Part => {
    const part = parts.get(type)
    if (part === undefined) throw new Error(`${type.fullName} is not in the schema`)
    return part
  }
  const membersOf = (namespace: protobuf.NamespaceBase): readonly Member[] =>
    namespace.nestedArray.flatMap((nested): readonly Member[] => {
      const part = parts.get(nested)
      if (part !== undefined) return [{ name: nested.name, part }]
      if (!isPackage(nested)) return []
      const members = membersOf(nested)
      return members.length === 0
        ? []
        : [{ name: nested.name, part: { kind: 'namespace', typeName: typeNameOf(nested), members } }]
    })
  const all = [...parts.values()]
  return {
    messages: all.filter((part) => part.kind === 'message'),
    enums: all.filter((part) => part.kind === 'enum'),
    exported: membersOf(root),
    messageOf: (type) => find(type) as MessagePart,
    enumOf: (type) => find(type) as EnumPart,
    nestedIn: (type) => withoutClashes(membersOf(type)),
  }
}

function collect(namespace: protobuf.NamespaceBase, parts: Map<protobuf.ReflectionObject, Part>): void {
  for (const nested of namespace.nestedArray) {
    const names = { number: parts.size + 1, typeName: typeNameOf(nested) }
    if (nested instanceof protobuf.Enum) parts.set(nested, { kind: 'enum', type: nested, ...names })
    else if (nested instanceof protobuf.Type) parts.set(nested, { kind: 'message', type: nested, ...names })
    if (nested instanceof protobuf.Namespace) collect(nested, parts)
  }
}

/** Services have no code. */
function isPackage(nested: protobuf.ReflectionObject): nested is protobuf.Namespace {
  return nested instanceof protobuf.Namespace && !(nested instanceof protobuf.Service)
}

function typeNameOf({ fullName }: protobuf.ReflectionObject): string {
  return fullName.replaceAll('.', '$')
}

/** What the class of a message has itself: a nested type of such a name gets an underscore. */
const TAKEN = new Set(['encode', 'decode', 'prototype'])

function withoutClashes(members: readonly Member[]): readonly Member[] {
  const names = new Set(members.map(({ name }) => name))
  return members.map((member) => {
    let { name } = member
    while (TAKEN.has(name) || (name !== member.name && names.has(name))) name += '_'
    return { ...member, name }
  })
}
