/** Which code a recording, a report or a campaign is of. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { libraryVersion } from '../transports/index.ts'

export interface CodeVersion {
  readonly version: string
  /** Empty where there is no checkout; with a `+` where it has changes. */
  readonly commit: string
}

const HERE = fileURLToPath(new URL('.', import.meta.url))

/** Our version, and the commit of the checkout that `folder` lies in; by default that of our own. */
export async function findVersion(folder: string = HERE): Promise<CodeVersion> {
  const version = libraryVersion()
  // A package that is installed lies in the checkout of somebody else's program.
  if (folder.includes('node_modules')) return { version, commit: '' }
  try {
    const run = promisify(execFile)
    const { stdout: commit } = await run('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: folder })
    const changed = ['status', '--porcelain', '--untracked-files=no']
    const { stdout: changes } = await run('git', changed, { cwd: folder })
    return { version, commit: `${commit.trim()}${changes.trim() === '' ? '' : '+'}` }
  } catch {
    return { version, commit: '' }
  }
}
