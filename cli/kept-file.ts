/** Files that the command reads and writes as a whole. */
import {
  closeSync,
  constants,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
  type Stats,
} from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { makeFolder } from '../transports/make-folder.ts'
import { openFile } from '../transports/open-file.ts'
import { CommandError, ExitCode } from './exit-codes.ts'
import { readError, writeError } from './system-errors.ts'

/**
 * Whoever reads the file, whenever the machine stops or the disk is full, finds the old text or the new one. Its folder
 * is made if need be. A link stays a link, and a device or a pipe (`/dev/stdout`) is written to as it is. `mode`: of a
 * file that is new. Throws a `CommandError` where it cannot be written; nothing is left behind then.
 */
export function writeWhole(file: string, text: string, mode = 0o666): void {
  try {
    makeFolder(path.dirname(file))
    const there = statSync(file, { throwIfNoEntry: false })
    if (there !== undefined && !there.isFile()) {
      writeDirectly(file, text)
      return
    }
    const target = there === undefined ? file : realpathSync(file)
    replace(target, text, there === undefined ? mode : there.mode & 0o777)
  } catch (error) {
    throw writeError(file, error)
  }
}

function replace(target: string, text: string, mode: number): void {
  const unfinished = `${target}.${process.pid}.tmp`
  try {
    const descriptor = openSync(unfinished, 'w', mode)
    try {
      writeAll(descriptor, Buffer.from(text))
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(unfinished, target)
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
}

/** A pipe that nobody reads must not hold the command: with O_NONBLOCK its opening fails instead. */
function writeDirectly(file: string, text: string): void {
  const descriptor = openSync(file, constants.O_WRONLY | constants.O_NONBLOCK)
  try {
    writeAll(descriptor, Buffer.from(text))
  } finally {
    closeSync(descriptor)
  }
}

const WAIT_MS = 10
const WAITS_MAX = 1_000

/** The system may write less than it is given, and a pipe may be full for a while. */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  let waits = 0
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(descriptor, bytes, at)
      waits = 0
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || ++waits > WAITS_MAX) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS)
    }
  }
}

/**
 * Throws a `CommandError` where there is none, and where it cannot be found out: behind a folder that is closed to this
 * user a file may well be. `what`: it may be.
 */
export function statNamed(file: string, what = 'file'): Stats {
  const stats = orReadError(file, () => statSync(file, { throwIfNoEntry: false }))
  if (stats === undefined) throw new CommandError(ExitCode.usage, `there is no ${what} ${file}`)
  return stats
}

/** What `read` throws, as a `CommandError` that names the file. */
export function orReadError<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw readError(file, error)
  }
}

/** As `openFile`. Throws a `CommandError`. */
export function openToRead(file: string): number {
  return orReadError(file, () => openFile(file))
}

/** The text of a file that must be there. Throws a `CommandError`. */
export function readText(file: string): string {
  const descriptor = openToRead(file)
  try {
    return orReadError(file, () => readFileSync(descriptor, 'utf8'))
  } finally {
    closeSync(descriptor)
  }
}

/** Undefined: there is none. */
export function readWhole(file: string): string | undefined {
  const stats = orReadError(file, () => statSync(file, { throwIfNoEntry: false }))
  return stats === undefined ? undefined : readText(file)
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
