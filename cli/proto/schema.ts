/**
 * Reads a `.proto` file, with the files that it imports, as protobufjs' reflection has it. Only for making code: what is
 * generated needs no reflection.
 */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import protobuf from 'protobufjs'

/** protobufjs brings the schemas below `google/` along. */
const BUNDLED = path.dirname(createRequire(import.meta.url).resolve('protobufjs/package.json'))

/** Throws what protobufjs has to say about the file. */
export function readSchema(file: string): protobuf.Root {
  const root = new protobuf.Root()
  root.resolvePath = (importer, imported) => resolveImport(importer, imported)
  root.loadSync(file, { keepCase: true })
  root.resolveAll()
  return root
}

/** Beside the importing file, then in the working folder, then protobufjs' own. */
function resolveImport(importer: string, imported: string): string {
  const places = importer === '' ? ['.'] : [path.dirname(importer), '.', BUNDLED]
  const found = places.map((place) => path.resolve(place, imported)).find((file) => existsSync(file))
  return found ?? path.resolve(imported)
}

/** The messages that an app can be defined with: those with a `oneof msg`. */
export function envelopesOf(namespace: protobuf.NamespaceBase): readonly protobuf.Type[] {
  return namespace.nestedArray.flatMap((nested) => {
    if (!(nested instanceof protobuf.Namespace)) return []
    const inner = envelopesOf(nested)
    return nested instanceof protobuf.Type && nested.oneofs?.['msg'] !== undefined ? [nested, ...inner] : inner
  })
}
