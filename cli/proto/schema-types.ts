/** The messages of a schema that was read. */
import protobuf from 'protobufjs'

export interface ReadSchema {
  readonly root: protobuf.Root
  /** Those that were read, the main one first. */
  readonly files: readonly string[]
}

/** Whether an app can be defined with it: it holds a `oneof msg` of messages. */
export function isEnvelope(type: protobuf.Type): boolean {
  const members = type.oneofs?.['msg']?.fieldsArray ?? []
  return members.length > 0 && members.every(({ resolvedType }) => resolvedType instanceof protobuf.Type)
}

export function typesIn(namespace: protobuf.NamespaceBase): readonly protobuf.Type[] {
  return namespace.nestedArray.flatMap((nested) => {
    if (!(nested instanceof protobuf.Namespace)) return []
    return nested instanceof protobuf.Type ? [nested, ...typesIn(nested)] : typesIn(nested)
  })
}
