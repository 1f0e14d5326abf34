/** What a recording says about the code that made it. */
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export interface CodeVersion {
  readonly version: string
  /** Empty where this is no checkout; with a `+` where it has changes. */
  readonly commit: string
}

export async function findVersion(): Promise<CodeVersion> {
  const { version } = createRequire(import.meta.url)('overworld/package.json') as { readonly version: string }
  const cwd = fileURLToPath(new URL('.', import.meta.url))
  // A package that is installed lies in the checkout of somebody else's program.
  if (cwd.includes('node_modules')) return { version, commit: '' }
  try {
    const run = promisify(execFile)
    const { stdout: commit } = await run('git', ['rev-parse', '--short=12', 'HEAD'], { cwd })
    const { stdout: changes } = await run('git', ['status', '--porcelain', '--untracked-files=no'], { cwd })
    return { version, commit: `${commit.trim()}${changes.trim() === '' ? '' : '+'}` }
  } catch {
    return { version, commit: '' }
  }
}
