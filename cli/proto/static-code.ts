/**
 * Static code and types from a `.proto` file: no `eval` at run time, numbers instead of `Long`, each field checked when it is
 * sent, and nothing shared between two schemas of one process. `npm run generate` makes this project's own schemas by the
 * same function.
 *
 * Leaves out whether the schema is that of an app: see `app-schema.ts`.
 */
import type protobuf from 'protobufjs'
import { dtsModuleOf } from './dts-module.ts'
import { jsModuleOf } from './js-module.ts'
import { partsOf } from './module-parts.ts'

export interface StaticCode {
  readonly js: string
  readonly dts: string
}

/** `header`: the first line of what is written, after `// `. */
export function generateStaticCode(schema: protobuf.Root, header: string): StaticCode {
  const parts = partsOf(schema)
  return { js: `// ${header}\n${jsModuleOf(parts)}`, dts: `// ${header}\n${dtsModuleOf(parts)}` }
}
