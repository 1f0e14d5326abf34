/** Modules of the user's own (`--app`, `--program`, `overworld serve PROGRAM`). */
import { closeSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { usageError } from './exit-codes.ts'
import { openToRead, statNamed } from './kept-file.ts'
import { linesOf } from './terminal.ts'

/** What `file` exports by default; undefined: nothing. `given`: the file and the option that it was given with, for errors. */
export async function importDefault(file: string, given: string): Promise<unknown> {
  const resolved = path.resolve(file)
  statNamed(file)
  // What Node says of a file that it cannot read has a stack, which is no place in the user's module.
  closeSync(openToRead(file))
  try {
    const exported = (await import(pathToFileURL(resolved).href)) as { readonly default?: unknown }
    return exported.default
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_UNKNOWN_FILE_EXTENSION') {
      const bundled = path.basename(file).replace(/\.\w+$/, '.js')
      throw usageError(
        `${given} is not JavaScript. Node 22.18 or newer loads TypeScript as it is; for this one compile it first, ` +
          `for example: npx esbuild ${file} --bundle --packages=external --format=esm --outfile=${bundled}`,
      )
    }
    // It is the user's own module: the stack says where.
    const why = error instanceof Error ? error.stack : String(error)
    throw usageError(linesOf(`${given} could not be loaded: ${why}`))
  }
}
