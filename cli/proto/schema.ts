/**
 * Reads a `.proto` file, with the files that it imports, as protobufjs' reflection has it. Only for making code: what is
 * generated needs no reflection.
 */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import protobuf from 'protobufjs'
import { enumMistakes, mistakesIn } from './check-schema.ts'
import { describeSchemaError, lostNameIn } from './schema-errors.ts'
import type { ReadSchema } from './schema-types.ts'

/** protobufjs brings the schemas below `google/` along. */
const BUNDLED = path.dirname(createRequire(import.meta.url).resolve('protobufjs/package.json'))

/** Throws an error whose message has the file, and the line where it is known. */
export function readSchema(file: string): ReadSchema {
  const root = new protobuf.Root()
  const files = [file]
  root.resolvePath = (importer, imported) => {
    if (importer === '') return imported
    const found = resolveImport(importer, imported)
    if (!files.includes(found)) files.push(found)
    return found
  }
  try {
    root.loadSync(file, { keepCase: true, alternateCommentMode: true })
    root.resolveAll()
  } catch (error) {
    throw new SchemaError(describeSchemaError(error, files))
  }
  const lostName = lostNameIn(files)
  if (lostName !== undefined) throw new SchemaError(lostName)
  const [mistake] = [...mistakesIn({ root, files }), ...enumMistakes({ root, files })]
  if (mistake !== undefined) throw new SchemaError(mistake)
  return { root, files }
}

export class SchemaError extends Error {
  override readonly name = 'SchemaError'
}

/** Beside the importing file, then in the working folder, then protobufjs' own. */
function resolveImport(importer: string, imported: string): string {
  const places = [path.dirname(importer), '.', BUNDLED]
  return places.map((place) => path.join(place, imported)).find((file) => existsSync(file)) ?? imported
}
