/** Files that the command writes for itself, to read them again another time. */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { CommandError, ExitCode, usageError } from './exit-codes.ts'

/**
 * Whoever reads the file, whenever the machine stops, finds the old text or the new one. Its folder is made if need be.
 * Throws a usage error where it cannot be written.
 */
export function writeWhole(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}.tmp`
  try {
    mkdirSync(path.dirname(file), { recursive: true })
    const descriptor = openSync(unfinished, 'w')
    try {
      writeSync(descriptor, text)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(unfinished, file)
  } catch (error) {
    throw usageError(`${file} cannot be written: ${(error as Error).message}`)
  }
}

/** Undefined: there is none. */
export function readWhole(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw usageError(`${file} cannot be read: ${(error as Error).message}`)
  }
}

/** `text` of `file`; `where` in it, for the message: `line 3: `. Throws what ends the command with 4. */
export function parseJson(text: string, file: string, where = ''): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw damagedFile(file, `${where}it is not JSON: ${(error as Error).message}`)
  }
}

export function damagedFile(file: string, what: string): CommandError {
  return new CommandError(ExitCode.damagedFile, `${file} is damaged: ${what}`)
}
