/**
 * Makes a folder and those above it. `mkdirSync` with `recursive` does the same, except that Node 20 repeats it forever
 * where the system answers "no such file" although the parent is there, as in `/proc`.
 */
import { mkdirSync, statSync } from 'node:fs'
import path from 'node:path'

/** Nothing happens where `folder` is there already. Throws the system's error. */
export function makeFolder(folder: string, mode = 0o777): void {
  if (isFolder(folder)) return
  try {
    mkdirSync(folder, { mode })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const parent = path.dirname(folder)
    // Somebody else may have made it meanwhile.
    if (code === 'EEXIST' && isFolder(folder)) return
    if (code !== 'ENOENT' || parent === folder || isFolder(parent)) throw error
    makeFolder(parent, mode)
    mkdirSync(folder, { mode })
  }
}

function isFolder(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() === true
}
